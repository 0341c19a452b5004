//! Collects what is wrong with one row, at its cells.

use std::collections::HashSet;
use std::sync::Arc;

use super::columns::Columns;
use crate::domain::association::NameMiss;
use crate::domain::japanese_date::{DateFault, ReadDay, read_day};
use crate::domain::layout::Field;
use crate::domain::problem::{Hint, Problem, RowProblem, Severity, column_letters};

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
        self.note_with(field, problem, None);
    }

    fn note_with(&mut self, field: Field, problem: Problem, hint: Option<Hint>) {
        let (heading, column) = self.columns.place(field);
        self.note_at(heading, column, problem, hint);
    }

    fn note_at(&mut self, heading: Arc<str>, column: Arc<str>, problem: Problem, hint: Option<Hint>) {
        let hint = hint.map(Box::new);
        self.found.push(RowProblem {
            row: self.row,
            column,
            heading,
            problem,
            active: self.active,
            hint,
            detail: String::new(),
        });
    }

    /// That the row has fewer cells than the headings, at the first cell that is not there.
    pub(super) fn note_short(&mut self, n_cells: usize) {
        let (heading, column) = self.columns.place_of_column(n_cells);
        self.note_at(heading, column, Problem::RowShort, None);
    }

    /// A body that was not found, with those that may be meant.
    pub(super) fn note_miss(&mut self, field: Field, miss: NameMiss, candidates: &[String]) {
        let problem = match miss {
            NameMiss::Unknown => Problem::BodyUnknown,
            NameMiss::Ambiguous => Problem::BodyAmbiguous,
        };
        let hint = (!candidates.is_empty()).then(|| Hint { code: "WHY-013", words: vec![candidates.join("、")] });
        self.note_with(field, problem, hint);
    }

    /// The date of a cell that holds something; one that is none is noted with its reason. A weekday that is not that of the date is
    /// doubtful: the date is what people type.
    pub(super) fn day(&mut self, field: Field, cell: &str, problem: Problem) -> Option<chrono::NaiveDate> {
        match read_day(cell) {
            Ok(ReadDay { day, other_weekday }) => {
                if let Some(weekday) = other_weekday {
                    self.note_with(field, Problem::WeekdayDiffers, hint_of(DateFault::WrongWeekday(weekday)));
                }
                Some(day)
            }
            Err(fault) => {
                self.note_with(field, problem, hint_of(fault));
                None
            }
        }
    }

    /// As [`Self::day`], in files where every cell must be clear: another weekday is no date.
    pub(super) fn clear_day(&mut self, field: Field, cell: &str, problem: Problem) -> Option<chrono::NaiveDate> {
        let fault = match read_day(cell) {
            Ok(ReadDay { day, other_weekday: None }) => return Some(day),
            Ok(ReadDay { other_weekday: Some(weekday), .. }) => DateFault::WrongWeekday(weekday),
            Err(fault) => fault,
        };
        self.note_with(field, problem, hint_of(fault));
        None
    }

    pub(super) fn rejects(&self) -> bool {
        self.found.iter().any(|problem| problem.problem.severity() == Severity::Reject)
    }
}

/// What is said of a fault; nothing where nothing can be added.
pub(super) fn hint_of(fault: DateFault) -> Option<Hint> {
    fault.code().map(|code| Hint { code, words: fault.words() })
}

/// Rejected rows that are told about. A file with more of them is refused, whatever the settings allow.
const MOST_REJECTED: u32 = 100_000;

/// What became of the rows of a file, besides the accepted ones.
#[derive(Debug, Default)]
pub struct RowTally {
    /// Why rows were rejected, by row; a row may have several reasons.
    pub rejects: Vec<RowProblem>,
    /// What is doubtful about accepted rows, and which lines are no rows, by row.
    pub warnings: Vec<RowProblem>,
    /// Rows with anything in them, headings left out.
    pub n_rows: u32,
    /// Rejected rows.
    pub n_rejected: u32,
    /// Rejected rows whose 会員状態 says 在籍.
    pub n_rejected_active: u32,
}

impl RowTally {
    /// Whether so many rows are rejected that the file is refused whatever follows.
    pub fn is_hopeless(&self) -> bool {
        self.n_rejected > MOST_REJECTED
    }

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

    /// Rejects a row that was accepted when it was read.
    pub(super) fn reject(&mut self, problem: RowProblem) {
        self.n_rejected += 1;
        self.n_rejected_active += u32::from(problem.active);
        self.rejects.push(problem);
    }

    /// Brings the problems to the order of rows, and forgets doubts about rows that are rejected after all.
    pub(super) fn drop_warnings_of_rejected(&mut self) {
        self.rejects.sort_by_key(|reject| reject.row);
        let rejected: HashSet<u32> = self.rejects.iter().map(|reject| reject.row).collect();
        self.warnings.retain(|warning| !rejected.contains(&warning.row));
    }

    /// Notes the lines that were passed over: they are no rows, and nobody is rejected with them.
    pub(super) fn note_skipped(&mut self, skipped: &[(u32, Problem)]) {
        let (heading, column): (Arc<str>, Arc<str>) = ("".into(), column_letters(0).into());
        self.warnings.extend(skipped.iter().map(|(row, problem)| RowProblem {
            row: *row,
            column: Arc::clone(&column),
            heading: Arc::clone(&heading),
            problem: *problem,
            active: false,
            hint: None,
            detail: String::new(),
        }));
        self.warnings.sort_by_key(|warning| warning.row);
    }
}
