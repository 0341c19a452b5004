//! How far a mail came, and why not further.

use std::fmt;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Response;

/// Most letters of what a server says that are kept.
const KEPT_LETTERS: usize = 200;

/// A stage of the talk with a server, named by what is said to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Reaching it, TLS from the first byte, its greeting and EHLO.
    Connect,
    /// Asking it for TLS.
    StartTls,
    /// Logging in.
    Auth,
    /// The sender.
    Mail,
    /// The recipient.
    Rcpt,
    /// Asking whether the mail may come.
    Data,
    /// The mail itself, before the final dot.
    Content,
    /// The answer to the final dot.
    Answer,
}

impl Stage {
    /// As protocols of servers name it.
    fn name(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::StartTls => "STARTTLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL",
            Self::Rcpt => "RCPT",
            Self::Data => "DATA",
            Self::Content => "CONTENT",
            Self::Answer => "END OF DATA",
        }
    }
}

/// Why a mail came no further than some stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The stage.
    pub stage: Stage,
    /// The code that the server answered; `None` where it answered nothing that could be understood.
    pub reply: Option<u16>,
    /// What it said, or what the network did; cut, on one line.
    pub text: String,
}

impl Refusal {
    /// What the connection says.
    pub(super) fn of(stage: Stage, error: &Error) -> Self {
        let mut texts = vec![error.to_string()];
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            // Most errors repeat their cause.
            let text = cause.to_string();
            if !texts.iter().any(|said| said.contains(&text)) {
                texts.push(text);
            }
            source = cause.source();
        }
        Self { stage, reply: error.status().map(u16::from), text: kept(&texts.join(": ")) }
    }

    /// That the server was silent too long.
    pub(super) fn silent(stage: Stage) -> Self {
        Self { stage, reply: None, text: "timed out".into() }
    }

    /// An answer that does not belong to the stage.
    pub(super) fn unfit(stage: Stage, response: &Response) -> Self {
        Self { stage, reply: None, text: said(response) }
    }

    /// Whether the server said no for good, and not only for now.
    pub fn is_final(&self) -> bool {
        self.reply.is_some_and(|code| code >= 500)
    }

    /// Whether the way to the server failed, and nothing was said of the mail.
    pub fn is_of_connection(&self) -> bool {
        self.stage <= Stage::Auth || self.reply.is_none_or(|code| code == 421)
    }
}

/// Such as `RCPT: 550 5.1.1 no such user`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.stage.name(), self.text)
    }
}

/// What became of a mail that the server has not said to have taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// The server certainly does not have it.
    Refused(Refusal),
    /// The server may have it.
    Uncertain(Refusal),
}

/// An answer of a server, on one line.
pub(super) fn said(response: &Response) -> String {
    let lines: Vec<&str> = response.message().collect();
    kept(&format!("{} {}", response.code(), lines.join(" ")))
}

/// A text of somebody else: one line of what can be shown, cut.
fn kept(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ").chars().take(KEPT_LETTERS).collect()
}
