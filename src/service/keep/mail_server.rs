//! The mail server as the settings name it, with its password, which is read when it is needed and not before.

use std::path::Path;
use std::time::Duration;

use crate::config::MailConfig;
use crate::domain::mail::Secret;
use crate::error::{Failure, FailureKind};
use crate::input;
use crate::mail::{Login, MailServer};

/// The server with the password of its user.
///
/// # Errors
/// [`Failure`] PUB-027 without a password for a user, PUB-028 for a file of the password that cannot be read or holds none.
pub fn mail_server(config: &MailConfig) -> Result<MailServer, Failure> {
    let login = config.user.as_ref().map(|user| {
        let password = match (&config.password, &config.password_file) {
            (Some(password), _) => password.clone(),
            (None, Some(file)) => password_in(file)?,
            (None, None) => return Err(Failure::usage("PUB-027", user)),
        };
        Ok(Login { user: user.clone(), password })
    });
    Ok(MailServer {
        host: config.server.clone(),
        port: config.port(),
        security: config.security,
        login: login.transpose()?,
        timeout: Duration::from_secs(config.timeout_seconds),
    })
}

/// The first line of a file; what else stands in it is shown nowhere.
fn password_in(file: &Path) -> Result<Secret, Failure> {
    let place = file.display();
    let refused = |why: String| Failure::new(FailureKind::Usage, "PUB-028", format!("{place}{why}"));
    let text = input::read_text(file).map_err(|source| refused(format!(": {source}")))?;
    let line = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    if line.is_empty() { Err(refused(String::new())) } else { Ok(Secret::new(line.to_string())) }
}
