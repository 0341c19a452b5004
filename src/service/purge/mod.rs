//! `kaiin purge`: what was kept for as long as the settings say goes, and every figure stays (docs/retention.md).
//!
//! Two things go: files with rows of members (`raw_files`), and what names those who have left (`persons`). What is to go is
//! recorded, and the persons are removed with it, in one transaction; then the files are removed and the database is written anew;
//! then it is recorded that this is done. Whoever is stopped in between is finished by the next purge. Start reading at [`run`].

mod due;
mod persons;
mod raw_files;
mod reminders;
pub mod report;
pub mod run;
