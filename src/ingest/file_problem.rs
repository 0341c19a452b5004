//! Why a file is not taken in.

use crate::domain::problem::{Hint, Problem};

/// Why a file is not taken in. It carries no cell values: screens and logs must not show persons.
#[derive(Debug, thiserror::Error)]
#[error("{} row {row:?} column {column:?}: {detail}", problem.code())]
pub struct FileProblem {
    /// What is wrong.
    pub problem: Problem,
    /// Row as Excel shows it.
    pub row: Option<u32>,
    /// Column letter as Excel shows it.
    pub column: Option<String>,
    /// Names of headings, counts and the like.
    pub detail: String,
    /// What is said beside it.
    pub hint: Option<Box<Hint>>,
}

impl FileProblem {
    /// A problem of the file as a whole.
    pub fn of_file(problem: Problem, detail: impl Into<String>) -> Self {
        Self { problem, row: None, column: None, detail: detail.into(), hint: None }
    }

    /// A problem in a row.
    pub fn in_row(problem: Problem, row: u32, detail: impl Into<String>) -> Self {
        Self { row: Some(row), ..Self::of_file(problem, detail) }
    }
}

/// Why reading stopped.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The file itself is the problem.
    #[error(transparent)]
    File(#[from] FileProblem),
    /// The file could not be read.
    #[error("cannot read the file: {0}")]
    Io(#[from] std::io::Error),
}

impl From<csv::Error> for IngestError {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(source) => Self::Io(source),
            other => Self::File(FileProblem::of_file(Problem::NotText, format!("{other:?}"))),
        }
    }
}
