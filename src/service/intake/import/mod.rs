//! Taking in files: the master first, then exports by day; one transaction for each file. Start reading at
//! [`import_files`].

mod class_words;
pub(in crate::service) mod corrections;
mod earlier;
mod effects;
mod export_day;
mod first_export;
mod guard;
mod headline;
mod holds;
mod inspected;
mod lifetimes;
mod lists;
mod master;
mod members;
mod options;
pub(in crate::service) mod plan;
mod questions;
mod reasons;
mod removed;
mod reused_numbers;
mod run;
mod summary;
mod taking_back;
mod tally;
mod timeline;
mod to_mend;
mod trial_of_taking_back;

pub use headline::HeadlineEffect;
pub use holds::hold_of;
pub use inspected::{explain_columns, explain_layout, name_of};
pub(in crate::service) use lists::FOLDER as LISTS;
pub use options::{Hold, ImportOptions, ImportProgress, Silent};
pub use questions::{Answer, answers_to, is_question};
pub use run::{ImportRun, import_files};
pub use summary::{CorrectionChanges, ImportNote, ImportStatus, ImportSummary, RejectedCell};
pub use taking_back::{ListedImport, TakenBackReport, list, take_back};
pub use to_mend::{WhatItIs, rows_to_mend, what_it_is, workbook_to_mend};
pub use trial_of_taking_back::{TriedTakingBack, try_taking_back};
