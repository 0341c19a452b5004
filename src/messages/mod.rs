//! What people read on screen, by stable code: Japanese for the office, English with `--lang en`.
//!
//! A message says what is wrong; a remedy says what to do. `{}` stands for the detail. This room does not know
//! where a message is shown.

mod accounts;
mod asked;
mod backups;
mod catalogue;
mod doctor;
mod entry;
mod giving;
mod incidents;
mod jobs;
mod lang;
mod meetings;
mod message;
mod persons;
mod publish;
mod purge;
mod sentences;
mod serving;
mod today;

pub use lang::Lang;
pub use message::{Message, codes, message, message_of};
pub use sentences::in_japanese;
