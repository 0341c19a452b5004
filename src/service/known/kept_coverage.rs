//! How far the exports reach (R7), kept beside the timeline: worked out once for each head, for it takes a look at every stay.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

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
const KIND: &str = "kaiin coverage 1";

/// The coverage as known at a day, of a store head with its timeline. `exports` are all exports of members; that of the newest
/// is kept.
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
    if exports.iter().any(|export| export.day > known_at.0) {
        return coverage_of_exports(timeline.get()?, associations, known_at, exports);
    }
    let path = workspace.coverage_file(head);
    let found = read(&path, head, associations);
    if let Some(Some(coverage)) = found {
        return Ok(coverage);
    }
    let coverage = coverage_of_exports(timeline.get()?, associations, known_at, exports)?;
    // Who may not write works it out each time.
    let text = sealed(format!("{KIND}\n{head}\n{}\n", serde_json::to_string(&coverage)?));
    let is_written = write_whole(&path, text.as_bytes(), workspace.readers()).is_ok();
    if is_written && found.is_some() {
        workspace.notice(Failure::new(FailureKind::Environment, "ENV-030", path.display().to_string()));
    }
    Ok(coverage)
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

/// The file of the kept coverage of a head where it is not what the timeline gives now; `None` also where there is none.
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
    let path = workspace.coverage_file(head);
    let Some(kept) = read(&path, head, associations) else { return Ok(None) };
    let Some(newest) = exports.iter().map(|export| export.day).max() else { return Ok(Some(path)) };
    let anew = coverage_of_exports(timeline, associations, KnownAt(newest), exports)?;
    Ok((kept != Some(anew)).then_some(path))
}

/// Reads what was kept: `None` where nothing was, `Some(None)` where it is not what was written for this head.
fn read(path: &Path, head: &str, associations: &Associations) -> Option<Option<Coverage>> {
    let text = match input::read_text(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(_) => return Some(None),
    };
    let told = || {
        let json = unsealed(&text)?.strip_prefix(&format!("{KIND}\n{head}\n"))?;
        let coverage: Coverage = serde_json::from_str(json).ok()?;
        (coverage.n_bodies() == associations.len()).then_some(coverage)
    };
    Some(told())
}
