//! The server that takes mails, as the settings name it.

use std::time::Duration;

use crate::domain::mail::{MailSecurity, Secret};

/// A mail server.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// Its name or address, which its certificate must name too.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way to it is protected.
    pub security: MailSecurity,
    /// As whom to log in; `None` for a server that asks nobody.
    pub login: Option<Login>,
    /// How long one answer is waited for.
    pub timeout: Duration,
}

/// As whom to log in.
#[derive(Debug, Clone)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password.
    pub password: Secret,
}
