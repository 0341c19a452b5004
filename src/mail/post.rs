//! A connection to a mail server, and a mail that is handed to it.
//!
//! The transports of lettre answer one question only: did the server say that it has the mail? Whoever must not send twice needs
//! two more: was the final dot sent, and did the server answer to it? Their error does not tell the first, a reply that never came
//! looks the same at every stage, and what they do after an error (a QUIT, a new connection, a second try in the pool) is theirs
//! to choose. So the connection is spoken to stage by stage (`AsyncSmtpConnection`, commands of `lettre::…::commands`):
//!
//! - Whatever goes wrong up to the answer to DATA leaves the server without a byte of the mail.
//! - `message_iter` asks for the next piece of the mail when it has written the one before, and writes the final dot when there
//!   is none. That it asked is noted, so a connection that is lost before is known to be lost before the dot, and RFC 5321,
//!   4.1.1.4, lets no server deliver what did not end.
//! - From then on only an answer tells: 2xx that the server has the mail, 4xx and 5xx that it has not. Everything else, a lost
//!   connection, silence, an answer that is none, leaves it uncertain.
//!
//! lettre waits without end for answers, so each stage has its time here. One connection carries one mail: one that breaks
//! between two mails would say nothing certain about the second.

use std::fmt::Display;
use std::future::Future;
use std::iter;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;

use super::server::MailServer;
use super::stage::{Refusal, Stage, Unsent, said};
use crate::domain::mail::{MailAddress, MailSecurity};

/// How much longer the server may take over the mail than over anything else: it may look into it first.
const TAKING_OVER: u32 = 10;

/// How long a server may take over a farewell that nobody needs.
const FAREWELL: Duration = Duration::from_secs(2);

/// A connection to a server that knows who we are.
pub struct Post {
    connection: AsyncSmtpConnection,
    timeout: Duration,
}

impl Post {
    /// Reaches a server, protects the way and logs in. No mail is spoken of.
    ///
    /// # Errors
    /// [`Refusal`] with the stage that failed; nothing can have been sent then.
    pub async fn open(server: &MailServer) -> Result<Self, Refusal> {
        let at_once = (server.security == MailSecurity::Tls).then(|| tls(server, Stage::Connect)).transpose()?;
        let place = (server.host.as_str(), server.port);
        let hello = ClientId::default();
        let connecting = AsyncSmtpConnection::connect_tokio1(place, Some(server.timeout), &hello, at_once, None);
        // Several addresses of one name may be tried, and then the greeting comes.
        let connection = within(server.timeout * 2, Stage::Connect, connecting).await?;
        let mut post = Self { connection, timeout: server.timeout };
        if server.security == MailSecurity::StartTls {
            let starting = post.connection.starttls(tls(server, Stage::StartTls)?, &hello);
            within(server.timeout * 2, Stage::StartTls, starting).await?;
        }
        if let Some(login) = &server.login {
            let credentials = Credentials::new(login.user.clone(), login.password.reveal().to_string());
            let logging_in = post.connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            within(server.timeout * 2, Stage::Auth, logging_in).await?;
        }
        Ok(post)
    }

    /// Hands over one mail to one recipient, and returns what the server said to it.
    ///
    /// # Errors
    /// [`Unsent::Refused`] when the server certainly does not have it, [`Unsent::Uncertain`] when it may.
    pub async fn hand_over(mut self, from: &MailAddress, to: &MailAddress, bytes: &[u8]) -> Result<String, Unsent> {
        self.announce(from, to).await.map_err(Unsent::Refused)?;
        let was_dotted = AtomicBool::new(false);
        let end = iter::from_fn(|| {
            was_dotted.store(true, Ordering::Relaxed);
            None
        });
        let handing = self.connection.message_iter(iter::once(bytes).chain(end));
        let answer = tokio::time::timeout(self.timeout * TAKING_OVER, handing).await;
        let was_dotted = was_dotted.load(Ordering::Relaxed);
        let stage = if was_dotted { Stage::Answer } else { Stage::Content };
        let refusal = match answer {
            Ok(Ok(response)) if is_done(&response) => {
                self.close().await;
                return Ok(said(&response));
            }
            Ok(Ok(response)) => Refusal::unfit(stage, &response),
            Ok(Err(error)) => Refusal::of(stage, &error),
            Err(_) => Refusal::silent(stage),
        };
        let is_certain = !was_dotted || refusal.reply.is_some();
        Err(if is_certain { Unsent::Refused(refusal) } else { Unsent::Uncertain(refusal) })
    }

    /// Says farewell; that it was heard is of no use to anybody.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(FAREWELL, self.connection.command(Quit)).await;
    }

    /// Everything before the mail itself.
    async fn announce(&mut self, from: &MailAddress, to: &MailAddress) -> Result<(), Refusal> {
        self.say(Stage::Mail, Mail::new(Some(envelope(from)), Vec::new()), is_done).await?;
        self.say(Stage::Rcpt, Rcpt::new(envelope(to), Vec::new()), is_done).await?;
        self.say(Stage::Data, Data, |response| response.has_code(354)).await
    }

    async fn say(
        &mut self,
        stage: Stage,
        command: impl Display,
        is_fit: impl Fn(&Response) -> bool,
    ) -> Result<(), Refusal> {
        let response = within(self.timeout, stage, self.connection.command(command)).await?;
        // An answer of another kind means that both sides speak of different things; nothing more is said then.
        if is_fit(&response) { Ok(()) } else { Err(Refusal::unfit(stage, &response)) }
    }
}

/// Whether an answer says that something was done.
fn is_done(response: &Response) -> bool {
    (200..300).contains(&u16::from(response.code()))
}

async fn within<T>(time: Duration, stage: Stage, doing: impl Future<Output = Result<T, Error>>) -> Result<T, Refusal> {
    match tokio::time::timeout(time, doing).await {
        Ok(done) => done.map_err(|error| Refusal::of(stage, &error)),
        Err(_) => Err(Refusal::silent(stage)),
    }
}

/// The roots of the system, and the name of the server in its certificate.
fn tls(server: &MailServer, stage: Stage) -> Result<TlsParameters, Refusal> {
    TlsParameters::new(server.host.clone()).map_err(|error| Refusal::of(stage, &error))
}

fn envelope(address: &MailAddress) -> Address {
    let (local, domain) = address.parts();
    // Ours are narrower than theirs.
    Address::new_dangerous(local, domain)
}
