//! How far the exports reach (R7), kept beside the timeline: worked out once for each head and export day, for it takes a look at every
//! stay.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::KnownAt;
use crate::domain::association::Associations;
use crate::domain::coverage::{Coverage, ExportDay};
use crate::error::{Failure, FailureKind};
use crate::files::write_whole;
use crate::input;
use crate::service::keep::{KeptTimeline, Workspace};
use crate::stats::reported;
use crate::timeline::{Timeline, sealed, unsealed};

/// First line of a file: what it is, and how it is written.
const KIND: &str = "kaiin coverage 2";

/// The coverage as known at a day, of a store head with its timeline. `exports` are all exports of members. From one export day to
/// the next nothing is learnt of it: what people apply for and adjust tells of single stays.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn coverage(
    workspace: &Workspace,
    head: &str,
    timeline: &KeptTimeline,
    associations: &Associations,
    (known_at, exports): (KnownAt, &[ExportDay]),
) -> Result<Coverage> {
    let days = exports.iter().map(|export| export.day);
    let Some(day) = days.filter(|day| *day <= known_at.0).max() else {
        return coverage_of_exports(timeline.get()?, associations, known_at, exports);
    };
    let path = workspace.coverage_file(head, day);
    let found = read(&path, (head, day), associations);
    if let Some(Some(coverage)) = found {
        return Ok(coverage);
    }
    let coverage = coverage_of_exports(timeline.get()?, associations, KnownAt(day), exports)?;
    // Who may not write works it out each time.
    let text = sealed(first_lines(head, day) + &serde_json::to_string(&coverage)? + "\n");
    let is_written = write_whole(&path, text.as_bytes(), workspace.readers()).is_ok();
    if is_written && found.is_some() {
        workspace.notice(Failure::new(FailureKind::Environment, "ENV-030", path.display().to_string()));
    }
    Ok(coverage)
}

/// What a file begins with.
fn first_lines(head: &str, day: NaiveDate) -> String {
    format!("{KIND}\n{head}\n{day}\n")
}

/// Which day the exports up to known-at reach in each body.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn coverage_of_exports(
    timeline: &Timeline,
    associations: &Associations,
    known_at: KnownAt,
    exports: &[ExportDay],
) -> Result<Coverage> {
    let exports: Vec<ExportDay> = exports.iter().filter(|one| one.day <= known_at.0).copied().collect();
    reported::coverage(timeline, associations, known_at, &exports).context("reading the timeline")
}

/// A file of a kept coverage of a head that is not what the timeline gives now; `None` also where there is none.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn differing_coverage(
    workspace: &Workspace,
    head: &str,
    timeline: &Timeline,
    associations: &Associations,
    exports: &[ExportDay],
) -> Result<Option<PathBuf>> {
    let days: BTreeSet<NaiveDate> = exports.iter().map(|export| export.day).collect();
    for day in days {
        let path = workspace.coverage_file(head, day);
        let Some(kept) = read(&path, (head, day), associations) else { continue };
        let anew = coverage_of_exports(timeline, associations, KnownAt(day), exports)?;
        if kept != Some(anew) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Reads what was kept: `None` where nothing was, `Some(None)` where it is not what was written for this head and day.
fn read(path: &Path, (head, day): (&str, NaiveDate), associations: &Associations) -> Option<Option<Coverage>> {
    let text = match input::read_text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(_) => return Some(None),
    };
    let told = || {
        let json = unsealed(&text)?.strip_prefix(&first_lines(head, day))?;
        let coverage: Coverage = serde_json::from_str(json).ok()?;
        (coverage.n_bodies() == associations.len()).then_some(coverage)
    };
    Some(told())
}
