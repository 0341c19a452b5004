//! How recipients are told of their papers by mail (`[mail]`). Without it no mail leaves.

use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

use crate::domain::fault::Fault;
use crate::domain::mail::{MailAddress, MailSecurity, Secret};

/// Mails to recipients. No password stands here: it comes from the surroundings or from a file of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// Name or address of the server that takes the mails.
    pub server: String,
    /// How the way to it is protected.
    #[serde(default = "security")]
    pub security: MailSecurity,
    /// Its port; without it the one that the protection has by custom.
    pub port: Option<u16>,
    /// As whom the program logs in; without it it does not.
    pub user: Option<String>,
    /// File with the password in its first line; relative to the file of settings.
    pub password_file: Option<PathBuf>,
    /// The password that the surroundings name, which goes before the file.
    #[serde(skip)]
    pub password: Option<Secret>,
    /// Who writes.
    pub from: MailAddress,
    /// To whom answers go, where that is somebody else.
    pub reply_to: Option<MailAddress>,
    /// Subject; the as-of day is added.
    #[serde(default = "subject")]
    pub subject: String,
    /// Paragraphs; what lies where is added.
    #[serde(default = "text")]
    pub text: Vec<String>,
    /// What recipients call the place of their folders, such as a shared folder.
    #[serde(default)]
    pub place: String,
    /// Whether the papers themselves are attached.
    #[serde(default)]
    pub attach: bool,
    /// How long one answer of the server is waited for, in seconds; ten times as long for the one that takes the mail over.
    #[serde(default = "timeout_seconds")]
    pub timeout_seconds: u64,
    /// How long to wait between two mails, in milliseconds.
    #[serde(default = "pause_milliseconds")]
    pub pause_milliseconds: u64,
}

fn security() -> MailSecurity {
    MailSecurity::Tls
}

fn subject() -> String {
    "会員統計の資料をお届けしました".into()
}

fn text() -> Vec<String> {
    vec![
        "平素より本会の事業に御協力を賜り、厚く御礼申し上げます。".into(),
        "下記の資料をお届けしましたので、御査収ください。".into(),
    ]
}

fn timeout_seconds() -> u64 {
    // Ten times as much is what RFC 5321, 4.5.3.2.6, asks for after the final dot: whoever gives up earlier makes doubtful mails.
    60
}

fn pause_milliseconds() -> u64 {
    // Most servers of providers take some hundred mails in ten minutes.
    1000
}

impl MailConfig {
    /// The port that is asked for, or the one of custom.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            MailSecurity::Tls => 465,
            MailSecurity::StartTls => 587,
            MailSecurity::None => 25,
        })
    }

    /// What no type can tell, by key.
    pub(super) fn faults(&self) -> Vec<(&'static str, Fault)> {
        let mut out = Vec::new();
        let texts = [("mail.server", Some(&self.server)), ("mail.user", self.user.as_ref())];
        let texts = texts.into_iter().chain([("mail.subject", Some(&self.subject))]);
        out.extend(texts.filter_map(|(key, text)| Some((key, line_fault(text?)?))));
        if self.place.contains(char::is_control) {
            out.push(("mail.place", Fault::SeveralLines));
        }
        if self.text.iter().all(|paragraph| paragraph.trim().is_empty()) {
            out.push(("mail.text", Fault::Empty));
        }
        if self.port == Some(0) {
            out.push(("mail.port", Fault::Outside(0, 1, u16::MAX.into())));
        }
        if self.security == MailSecurity::None && !is_this_machine(&self.server) {
            out.push(("mail.security", Fault::InTheClear(self.server.clone())));
        }
        let limits = [
            ("mail.timeout_seconds", self.timeout_seconds, 1, 600),
            ("mail.pause_milliseconds", self.pause_milliseconds, 0, 60_000),
        ];
        for (key, value, least, most) in limits {
            let value = i64::try_from(value).unwrap_or(i64::MAX);
            if !(least..=most).contains(&value) {
                out.push((key, Fault::Outside(value, least, most)));
            }
        }
        out
    }
}

/// What is wrong in a text that must say something on one line.
fn line_fault(text: &str) -> Option<Fault> {
    match text {
        _ if text.trim().is_empty() => Some(Fault::Empty),
        _ if text.contains(char::is_control) => Some(Fault::SeveralLines),
        _ => None,
    }
}

/// Whether nothing that is sent to a host leaves the machine. Only names that can mean nothing else count.
fn is_this_machine(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}
