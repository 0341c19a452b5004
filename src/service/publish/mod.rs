//! From papers to those who get them (作成 → 承認 → 配布, I1–I6).
//!
//! [`prepare()`] makes the papers of all recipients and a manifest of everything that would leave; another person approves that
//! manifest ([`approve()`]), and [`send()`] delivers what was approved and nothing else. A delivery is begun in the ledger before
//! anything leaves, and leaves by one rename: whoever goes on after a crash can tell what happened, and where nobody can, it is
//! *uncertain* and waits for a person. When the papers of a recipient are there, mails tell of them (`mailing`).

mod approve;
mod had;
mod lacking;
mod letter;
mod mail_text;
mod mailing;
mod manifest;
mod mark;
mod overview;
mod prepare;
mod proof;
mod received;
mod recipients;
mod seen;
mod send;
mod settle;
mod words;

pub use approve::{approve, withdraw};
pub use lacking::{LackingPaper, lacking_paper, write_lacking};
pub use letter::LETTER;
pub use mail_text::RecipientMail;
pub use mailing::{Mailed, UnsentMail, why_not_mailed};
pub use manifest::{Addressed, AddressedFile, AddressedPaper, DistributionManifest, MailWords, Missing};
pub use mark::{confirm, stopped};
pub use overview::{Difference, Fetched, Overview, Sample, numbered, overview, overviews};
pub use prepare::{Made, Wanted, prepare};
pub use received::{AskedPart, ReceivedPaper, paper_key, prepared_file, received, received_file};
pub use seen::{refuse_partial, seen_numbered, seen_overview, seen_overviews};
pub use send::{Sent, Unsent, send};
pub use settle::{Found, Settled, settle};
