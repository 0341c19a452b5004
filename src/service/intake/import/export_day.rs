//! The day of an export: what the caller says, else what stands in the file name (R24).

use std::path::Path;

use anyhow::Result;
use chrono::{Datelike, NaiveDate};

use crate::clock::tokyo_day;
use crate::domain::day::next_day;
use crate::domain::layout::FileKind;
use crate::domain::problem::Problem;
use crate::error::Failure;
use crate::ingest::{FIRST_YEAR, NamedDay, export_day_of};
use crate::service::keep::Workspace;

/// The day of a file. The master has dates of its own (R3): without one it is recorded under today.
///
/// # Errors
/// [`Failure`] when the name tells no day or several, or the day is before 1990 or more than a day ahead of the clock.
pub(super) fn of(
    workspace: &Workspace,
    path: &Path,
    kind: FileKind,
    given: Option<NaiveDate>,
) -> Result<NaiveDate, Failure> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let file_name = path.file_name().unwrap_or_default().to_string_lossy();
    let refused = |problem, detail: String| Err(Failure::input(problem, &file_name, detail));
    let today = tokyo_day(workspace.clock.now());
    let named = given.map_or_else(|| export_day_of(&stem), NamedDay::One);
    let day = match (named, kind) {
        (NamedDay::One(day), FileKind::Associations) => return Ok(day),
        (_, FileKind::Associations) => return Ok(today),
        (NamedDay::One(day), _) => day,
        (NamedDay::None, kind) => return refused(Problem::ExportDayUnknown, example(path, kind)),
        (NamedDay::TooOld(day), _) => return refused(Problem::ExportDayTooOld, day.to_string()),
        (NamedDay::Several(days), _) => {
            let days: Vec<String> = days.iter().map(ToString::to_string).collect();
            return refused(Problem::ExportDaysDiffer, days.join("、"));
        }
    };
    if day.year() < FIRST_YEAR {
        return refused(Problem::ExportDayTooOld, day.to_string());
    }
    // The clock of an office may be behind that of the source, never by more than a day.
    if day > next_day(today) {
        return refused(Problem::ExportDayInFuture, day.to_string());
    }
    Ok(day)
}

/// A name that such a file may have.
fn example(path: &Path, kind: FileKind) -> String {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    format!("{}_2025-09-30.{}", kind.code(), if ending.is_empty() { "csv" } else { &ending })
}
