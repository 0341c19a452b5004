//! What to take in first, where nothing was.

use chrono::NaiveDate;

use super::task::{Subject, Task};
use crate::domain::as_of::{AsOf, Period};
use crate::domain::layout::FileKind;
use crate::service::keep::current_exports::export_days;
use crate::store::ImportRecord;

/// The first commands of somebody who has an empty data folder, with the month that has ended last.
pub(super) fn first_steps(today: NaiveDate) -> Vec<Task> {
    let day = Period::of_paper(AsOf(today)).to;
    let step = |code| Task::new(Subject::FirstSteps, code, 1, &[&day]);
    vec![step("TDY-080"), step("TDY-081"), step("TDY-082")]
}

/// What to take in where no export of members stands.
pub(super) fn lacking(imports: &[ImportRecord], today: NaiveDate) -> Vec<Task> {
    if !export_days(imports).is_empty() {
        return Vec::new();
    }
    let has_master = imports.iter().any(|import| import.kind == FileKind::Associations && import.stands());
    if !has_master {
        return first_steps(today);
    }
    vec![Task::new(Subject::Export, "TDY-011", 1, &[&Period::of_paper(AsOf(today)).to])]
}
