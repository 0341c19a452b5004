//! The mail server: whether it can be reached and lets us in. No mail is spoken of.

use std::time::Duration;

use super::given::Given;
use super::line::{Line, Subject, Told};
use crate::config::MailConfig;
use crate::domain::mail::MailSecurity;
use crate::mail::{MailServer, Post};
use crate::service::keep::mail_server::mail_server;

/// Somebody looks on; a server that needs longer for a greeting is not well either.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is said of mails. `None` where none is to leave.
pub(super) async fn line(given: &Given) -> Option<Line> {
    let config = given.config.mail.as_ref()?;
    let told = match mail_server(config) {
        Ok(server) => knocked(config, MailServer { timeout: PATIENCE.min(server.timeout), ..server }).await,
        Err(failure) => Told::failed(&failure),
    };
    Some(Line { subject: Subject::Mail, told: [Some(told), readers(config)].into_iter().flatten().collect() })
}

async fn knocked(config: &MailConfig, server: MailServer) -> Told {
    let security = match server.security {
        MailSecurity::Tls => ", TLS",
        MailSecurity::StartTls => ", STARTTLS",
        MailSecurity::None => "",
    };
    let place = format!("{}:{}{security}", server.host, server.port);
    match Post::open(&server).await {
        Ok(post) => {
            post.close().await;
            match &server.login {
                Some(login) => Told::well("DOC-110", &[&place, &login.user, &config.from]),
                None => Told::well("DOC-111", &[&place, &config.from]),
            }
        }
        Err(refusal) => Told::broken("DOC-112", &[&place, &refusal]),
    }
}

/// Whether others can read the file of the password.
#[cfg(unix)]
fn readers(config: &MailConfig) -> Option<Told> {
    use std::os::unix::fs::PermissionsExt;

    let file = config.password_file.as_ref()?;
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| Told::attention("DOC-113", &[&file.display()]))
}

#[cfg(not(unix))]
fn readers(_: &MailConfig) -> Option<Told> {
    None
}
