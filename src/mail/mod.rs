//! Mails over SMTP: how one is written down, and how it is handed to a server, stage by stage.
//!
//! This room knows neither recipients nor ledgers. What it must get right is one question: whether a server that did not say so
//! may have taken a mail. Start reading at [`Post::hand_over`].

mod post;
mod server;
mod stage;
mod written;

pub use post::Post;
pub use server::{Login, MailServer};
pub use stage::{Refusal, Stage, Unsent};
pub use written::{MailText, NotWritten, written};
