//! What became of the rows of a file, and when too many are rejected (R13).

use std::sync::Arc;

use anyhow::Result;

use super::inspected::Inspected;
use super::options::ImportOptions;
use super::reasons;
use super::summary::{ImportStatus, ImportSummary};
use crate::domain::problem::{Problem, RowProblem};
use crate::error::Failure;
use crate::ingest::RowTally;
use crate::service::keep::Workspace;
use crate::store::NewImport;

/// Records what became of the rows of a file, and begins its report.
pub(super) fn summarise(
    file: &Inspected<'_>,
    new: &mut NewImport,
    tally: &RowTally,
    options: &ImportOptions,
) -> ImportSummary {
    new.accepted_drop_reason = options.accept_drop.clone().or_else(|| options.accept_change.clone());
    new.n_rows = tally.n_rows;
    new.n_rejected = tally.n_rejected;
    new.n_rejected_active = tally.n_rejected_active;
    // What helps to mend them is told and not stored.
    let stored = |problem: &RowProblem| RowProblem {
        column: Arc::clone(&problem.column),
        heading: Arc::clone(&problem.heading),
        hint: None,
        detail: String::new(),
        ..*problem
    };
    new.problems = tally.rejects.iter().chain(&tally.warnings).map(stored).collect();
    let mut summary = ImportSummary::new(file, new, ImportStatus::Stored);
    summary.take_problems(tally);
    summary
}

/// R13: more than the set share rejected, or all, or any with `--atomic`: nothing is stored. The refusal says why most rows are
/// rejected, and where their list is.
pub(super) fn refuse_rejects(
    workspace: &Workspace,
    tally: &RowTally,
    summary: &ImportSummary,
    is_atomic: bool,
) -> Result<()> {
    let detail = format!("{} / {}", tally.n_rejected, tally.n_rows);
    let limit = u64::from(workspace.config.import.max_rejected_percent);
    let too_many = u64::from(tally.n_rejected) * 100 > limit * u64::from(tally.n_rows);
    let problem = match tally.n_rejected {
        0 => return Ok(()),
        _ if is_atomic => Problem::RejectsNotAllowed,
        n if too_many || n == tally.n_rows || tally.is_hopeless() => Problem::TooManyRejects,
        _ => return Ok(()),
    };
    let first = tally.rejects.first();
    Err(Failure {
        row: first.map(|reject| reject.row),
        column: first.map(|reject| reject.column.to_string()),
        details: reasons::of(tally, summary),
        ..Failure::input(problem, &summary.file, detail)
    }
    .into())
}
