//! Files that somebody gives on the pages (画面で渡すファイル): received whole, looked at as `kaiin import --dry-run` does, and taken in,
//! byte for byte, when somebody says so.
//!
//! What is given together lies in a folder of its own in the data folder, with a text that tells what was found. A file of the
//! inbox that asks is answered in the same way and stays where it lies until then. Nothing here knows what a page looks like.
//! Start reading at [`receiving`](Receiving), then [`check`](fn@check) and [`take`](fn@take).

mod check;
mod given;
mod headings;
mod question;
mod receiving;
mod report;
mod take;
mod told;
mod workbook;

pub use check::{ToldOfFile, check, tell_trouble};
pub use given::{Given, GivenFile, Place};
pub use headings::{SaidOfColumns, add_known_headings, check_headings};
pub use question::{AskingFile, adopt, asking_files};
pub use receiving::Receiving;
pub use report::{
    Effect, FileReport, FreeField, Notice, OtherWays, RejectLine, TierEffect, Told, UnknownHeadings, Verdict,
};
pub use take::{Decision, Says, take};
pub(in crate::service::intake) use told::reject_line;
pub use told::{effect_of, told, told_of_failure, without_commands};
pub use workbook::workbook;
