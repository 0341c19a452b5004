//! Collects what is wrong with one row, at its cells.

use super::columns::Columns;
use crate::domain::association::NameMiss;
use crate::domain::layout::Field;
use crate::domain::problem::{Problem, RowProblem, Severity};

/// The problems of one row.
pub(super) struct RowProblems<'a> {
    pub(super) columns: &'a Columns,
    pub(super) row: u32,
    /// Whether 会員状態 of the row says 在籍.
    pub(super) active: bool,
    pub(super) found: Vec<RowProblem>,
}

impl<'a> RowProblems<'a> {
    pub(super) fn new(columns: &'a Columns, row: u32) -> Self {
        Self { columns, row, active: false, found: Vec::new() }
    }

    pub(super) fn note(&mut self, field: Field, problem: Problem) {
        let (heading, column) = self.columns.place(field);
        let detail = String::new();
        self.found.push(RowProblem { row: self.row, column, heading, problem, active: self.active, detail });
    }

    pub(super) fn note_miss(&mut self, field: Field, miss: NameMiss) {
        self.note(
            field,
            match miss {
                NameMiss::Unknown => Problem::BodyUnknown,
                NameMiss::Ambiguous => Problem::BodyAmbiguous,
            },
        );
    }

    pub(super) fn rejects(&self) -> bool {
        self.found.iter().any(|problem| problem.problem.severity() == Severity::Reject)
    }
}

/// What became of the rows of a file, besides the accepted ones.
#[derive(Debug, Default)]
pub struct RowTally {
    /// Why rows were rejected, by row; a row may have several reasons.
    pub rejects: Vec<RowProblem>,
    /// What is doubtful about accepted rows, by row.
    pub warnings: Vec<RowProblem>,
    /// Rows with anything in them, headings left out.
    pub n_rows: u32,
    /// Rejected rows.
    pub n_rejected: u32,
    /// Rejected rows whose 会員状態 says 在籍.
    pub n_rejected_active: u32,
}

impl RowTally {
    /// Files the problems of a row, and says whether the row is accepted.
    pub(super) fn take(&mut self, is_usable: bool, mut problems: RowProblems<'_>) -> bool {
        if is_usable && !problems.rejects() {
            self.warnings.append(&mut problems.found);
            return true;
        }
        self.n_rejected += 1;
        self.n_rejected_active += u32::from(problems.active);
        problems.found.retain(|problem| problem.problem.severity() == Severity::Reject);
        self.rejects.append(&mut problems.found);
        false
    }
}
