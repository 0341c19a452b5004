//! Why a file is refused for its rows: the commonest reasons first, then where the list of all of them is.

use super::summary::ImportSummary;
use crate::domain::problem::{Hint, Problem, RowProblem};
use crate::error::Detail;
use crate::ingest::RowTally;

/// Reasons that are told; the list has them all.
const MOST: usize = 3;

/// The reasons of a file, each with its first place and how many rows it has, and the path of the workbook or why it
/// could not be written.
pub(super) fn of(tally: &RowTally, summary: &ImportSummary) -> Box<[Detail]> {
    let mut reasons: Vec<Reason<'_>> = Vec::new();
    for reject in &tally.rejects {
        let same = |reason: &&mut Reason<'_>| (reason.problem, reason.column) == (reject.problem, &*reject.column);
        match reasons.iter_mut().find(same) {
            Some(reason) => reason.take(reject),
            None => reasons.push(Reason::new(reject)),
        }
    }
    // The sort keeps the order of rows among equals.
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.n_rows));
    let mut out: Vec<Detail> = reasons.iter().take(MOST).flat_map(Reason::details).collect();
    out.extend(summary.rejects_file.iter().map(|path| Detail::of_words("WHY-014", vec![path.clone()])));
    out.extend(summary.list_missed.iter().map(|words| Detail::of_words("ENV-026", words.to_vec())));
    out.into()
}

/// One problem of one column.
struct Reason<'t> {
    problem: Problem,
    column: &'t str,
    first: &'t RowProblem,
    last_row: u32,
    n_rows: u32,
    /// What is said beside it, without repetition.
    hints: Vec<&'t Hint>,
}

impl<'t> Reason<'t> {
    fn new(first: &'t RowProblem) -> Self {
        let hints = first.hint.iter().map(|hint| &**hint).collect();
        Self { problem: first.problem, column: &first.column, first, last_row: first.row, n_rows: 1, hints }
    }

    fn take(&mut self, reject: &'t RowProblem) {
        const MOST_HINTS: usize = 3;
        self.n_rows += u32::from(self.last_row != reject.row);
        self.last_row = reject.row;
        if let Some(hint) = reject.hint.as_deref()
            && self.hints.len() < MOST_HINTS
            && !self.hints.contains(&hint)
        {
            self.hints.push(hint);
        }
    }

    fn details(&self) -> Vec<Detail> {
        let heading =
            if self.first.heading.is_empty() { String::new() } else { format!("（{}）", self.first.heading) };
        let key = format!("{}{heading} ×{}", self.column, self.n_rows);
        let reason = Detail { line: Some(self.first.row), key, ..Detail::of_words(self.problem.code(), Vec::new()) };
        let hints = self.hints.iter().map(|hint| Detail::of_words(hint.code, hint.words.clone()));
        std::iter::once(reason).chain(hints).collect()
    }
}
