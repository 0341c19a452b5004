//! Damaged workbooks: what parsers say of them, or die of, as what the office can do about it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::XlsxError;

use crate::domain::problem::Problem;
use crate::ingest::file_problem::{FileProblem, IngestError};

/// A parser that stumbles over a damaged workbook must not take the program with it.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, IngestError>) -> Result<T, IngestError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged("XML").into()))
}

pub(super) fn damaged(part: &str) -> FileProblem {
    FileProblem::of_file(Problem::WorkbookDamaged, part)
}

/// What the parser says, as what the office can do about it.
pub(super) fn from_parser(error: XlsxError, part: &str) -> IngestError {
    match error {
        XlsxError::Password => FileProblem::of_file(Problem::WorkbookEncrypted, "").into(),
        XlsxError::Io(source) => from_io(source, part),
        XlsxError::WorksheetNotFound(name) => FileProblem::of_file(Problem::SheetMissing, name).into(),
        other => system_error(&other).map_or_else(|| damaged(part).into(), IngestError::from),
    }
}

/// What the system said first, below what parsers made of it.
fn system_error(error: &(dyn std::error::Error + 'static)) -> Option<std::io::Error> {
    let shared = error.downcast_ref::<std::sync::Arc<std::io::Error>>().map(AsRef::as_ref);
    let number = error.downcast_ref::<std::io::Error>().or(shared).and_then(std::io::Error::raw_os_error);
    match number {
        Some(number) => Some(std::io::Error::from_raw_os_error(number)),
        None => error.source().and_then(system_error),
    }
}

/// A disk or a network that refuses is no damaged workbook; a stream that cannot be inflated is one. What the system says has a
/// number, what a parser says has none.
pub(super) fn from_io(source: std::io::Error, part: &str) -> IngestError {
    if source.raw_os_error().is_some() { source.into() } else { damaged(part).into() }
}
