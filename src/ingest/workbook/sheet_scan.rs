//! What the first reading keeps of a sheet.

use std::collections::BTreeMap;

use csv::StringRecord;

use crate::domain::problem::{Problem, column_letters};
use crate::ingest::file_problem::FileProblem;
use crate::ingest::heading::{Head, MOST_HEAD_ROWS};
use crate::ingest::limits::MAX_CELL_BYTES;
use crate::ingest::total::is_total;

/// What the first reading found on one visible sheet.
#[derive(Debug, Clone)]
pub(in crate::ingest) struct SheetScan {
    /// Name on the tab.
    pub(in crate::ingest) name: String,
    /// The first rows that hold anything; their cells without empty ones at the right end.
    pub(in crate::ingest) head: Head,
    /// Row of the headings as Excel shows it: the first that holds anything, until [`Self::begin_at`] says otherwise.
    pub(in crate::ingest) heading_row: u32,
    /// Headings by column, without empty ones at the right end.
    pub(in crate::ingest) headings: StringRecord,
    /// Number of the last row that holds anything.
    pub(in crate::ingest) n_rows: u32,
    /// Rows above the headings that hold anything.
    pub(in crate::ingest) title_rows: Vec<u32>,
    /// Row of the first cell of each column that holds anything below the head.
    first_in_column: BTreeMap<usize, u32>,
    /// What makes the sheet unusable.
    problem: Option<(Problem, u32, usize)>,
    /// First error cell of each column: row and error.
    errors: BTreeMap<usize, (u32, &'static str)>,
}

impl SheetScan {
    /// A sheet whose first cell stands in a row.
    pub(in crate::ingest) fn new(name: &str, row: u32) -> Self {
        Self {
            name: name.to_string(),
            head: Vec::new(),
            heading_row: row,
            headings: StringRecord::new(),
            n_rows: row,
            title_rows: Vec::new(),
            first_in_column: BTreeMap::new(),
            problem: None,
            errors: BTreeMap::new(),
        }
    }

    /// Takes a cell that holds anything, or its error.
    pub(in crate::ingest) fn take_cell(&mut self, row: u32, column: usize, text: Result<&str, &'static str>) {
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                self.errors.entry(column).or_insert((row, error));
                error
            }
        };
        let is_too_large = text.len() > MAX_CELL_BYTES;
        let shown = if is_too_large { "" } else { text };
        let is_new = self.head.last().is_none_or(|(last, _)| *last != row);
        if is_new && self.head.len() < MOST_HEAD_ROWS && self.first_in_column.is_empty() {
            self.head.push((row, StringRecord::new()));
        }
        match self.head.last_mut().filter(|(last, _)| *last == row) {
            Some((_, cells)) => {
                (cells.len()..column).for_each(|_| cells.push_field(""));
                cells.push_field(shown);
            }
            None => {
                self.first_in_column.entry(column).or_insert(row);
            }
        }
        let problem = if is_too_large {
            Some(Problem::CellTooLarge)
        } else if is_refused(text) {
            Some(Problem::ControlCharacter)
        } else {
            None
        };
        if let (None, Some(problem)) = (self.problem, problem) {
            self.problem = Some((problem, row, column));
        }
    }

    /// Takes a formula without a result.
    pub(in crate::ingest) fn take_unanswered(&mut self, row: u32, column: usize) {
        let first = self.errors.entry(column).or_insert((row, "="));
        if row < first.0 {
            *first = (row, "=");
        }
    }

    /// Takes a row of the head for the headings, those above it for titles.
    pub(in crate::ingest) fn begin_at(&mut self, at: usize) {
        if let Some((row, cells)) = self.head.get(at) {
            self.heading_row = *row;
            self.headings = cells.clone();
            self.title_rows = self.head[..at].iter().map(|(row, _)| *row).collect();
        }
    }

    /// The first cell below the headings that stands right of them.
    fn ragged(&self) -> Option<(u32, usize)> {
        let width = self.headings.len();
        let in_head = self.head.iter().filter(|(row, cells)| *row > self.heading_row && !is_total(cells.iter()));
        let in_head = in_head.filter_map(|(row, cells)| {
            let column = (width..cells.len()).find(|at| cells.get(*at).is_some_and(|cell| !cell.trim().is_empty()))?;
            Some((*row, column))
        });
        in_head.chain(self.first_in_column.range(width..).map(|(column, row)| (*row, *column))).min()
    }

    /// Whether there is a row below the headings.
    pub(in crate::ingest) fn has_rows(&self) -> bool {
        self.n_rows > self.heading_row
    }

    /// What keeps the sheet from being read. Error cells matter only in columns that somebody reads.
    pub(in crate::ingest) fn problem(&self, is_read: impl Fn(usize) -> bool) -> Option<FileProblem> {
        let ragged = self.ragged();
        if let Some((problem, row, column)) =
            self.problem.filter(|(_, row, column)| ragged.is_none_or(|at| (*row, *column) < at))
        {
            return Some(at_cell(problem, row, column, ""));
        }
        if let Some((row, column)) = ragged {
            return Some(at_cell(Problem::Ragged, row, column, &format!("{} / {}", column + 1, self.headings.len())));
        }
        let errors = self.errors.iter().filter(|(column, _)| is_read(**column));
        let (column, (row, error)) = errors.min_by_key(|(column, (row, _))| (*row, **column))?;
        Some(at_cell(Problem::ErrorCell, *row, *column, error))
    }
}

/// A problem at a cell; `column` counts from 0.
fn at_cell(problem: Problem, row: u32, column: usize, detail: &str) -> FileProblem {
    FileProblem { column: Some(column_letters(column)), ..FileProblem::in_row(problem, row, detail) }
}

/// Whether a cell is as good as empty. A text that is too large to be one is not looked through: many cells may share it.
pub(super) fn is_nothing(text: &str) -> bool {
    text.len() <= MAX_CELL_BYTES && text.trim().is_empty() && !is_refused(text)
}

/// The divider of packed texts and NUL, as in text files.
fn is_refused(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.contains(&0) || bytes.contains(&0x1F)
}
