//! What somebody decides about a file: it is taken in, byte for byte as it was looked at, or not at all.

use std::path::Path;

use anyhow::Result;

use super::check::{look, options, path_of, told_of_trouble};
use super::given::{Given, Place, sum_of};
use super::report::{FileReport, Verdict};
use super::told::{of_summary, take_failure, told};
use crate::error::{Failure, FailureKind};
use crate::files;
use crate::service::intake::import::{ImportOptions, Silent, import_files};
use crate::service::intake::inbox;
use crate::service::keep::given_files::GIVEN;
use crate::service::keep::{Workspace, WriteLock};

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// It is to be taken in; where it asks, for this reason.
    Yes(Option<String>),
    /// It is not to be taken in.
    No,
}

/// A decision about a file, with what the person had before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Number of the file.
    pub nth: usize,
    /// SHA-256 of the file that was looked at.
    pub sha256: String,
    /// Head of the store that the page showed.
    pub head: String,
    /// What they say.
    pub says: Says,
}

/// Carries a decision out. What became of it stands in what was given; the other files are looked at anew, for they may say
/// something else now.
///
/// # Errors
/// When what was given cannot be read or written.
pub async fn take(workspace: &Workspace, id: &str, login: &str, decision: &Decision) -> Result<()> {
    let mut given = Given::open(workspace.folder(), id, login)?;
    let nth = decision.nth;
    if given.files.get(nth).is_none_or(|file| file.verdict().is_some_and(Verdict::is_settled)) {
        // Somebody else, or another window, was faster: the page tells what became of it.
        return Ok(());
    }
    given.files[nth].note = None;
    let done = match workspace.lock_for_writing().await {
        Ok(lock) => match carried_out(workspace, &lock, &mut given, decision).await {
            // What was decided stands whatever comes of looking at the others.
            Ok(()) => {
                given.save()?;
                look(workspace, &lock, &mut given).await
            }
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    if let Err(error) = done {
        given.trouble = Some(told_of_trouble(&Failure::of(&error)));
    }
    given.save()
}

async fn carried_out(workspace: &Workspace, lock: &WriteLock, given: &mut Given, decision: &Decision) -> Result<()> {
    let nth = decision.nth;
    // Where it is gone, looking at it will tell what became of it.
    let Ok(path) = path_of(workspace, given, nth).await? else { return Ok(()) };
    let Says::Yes(reason) = &decision.says else {
        return decline(workspace, given, nth, &path);
    };
    let file = &given.files[nth];
    let (sha256, _) = sum_of(&path, &file.name)?;
    if sha256 != file.sha256 || sha256 != decision.sha256 {
        given.files[nth].note = Some(told("WEB-030", ""));
        return Ok(());
    }
    // The numbers that the person saw hold of that head alone.
    let is_as_seen = workspace.head().await? == decision.head;
    let seen = file.report.clone().filter(|report| is_as_seen && report.head == decision.head);
    let Some(seen) = seen.filter(|report| matches!(report.verdict, Verdict::Ready | Verdict::Asks)) else {
        given.files[nth].note = Some(told("WEB-029", ""));
        return Ok(());
    };
    let report = imported(workspace, lock, (given, nth, &path), &seen, reason.as_deref()).await?;
    let is_stored = report.verdict == Verdict::Stored;
    given.files[nth].report = Some(report);
    if is_stored {
        given.save()?;
        put_away(workspace, given, nth, &path).await?;
    }
    Ok(())
}

/// Takes the file in with the answers to what it asked, and with no other.
async fn imported(
    workspace: &Workspace,
    lock: &WriteLock,
    (given, nth, path): (&Given, usize, &Path),
    seen: &FileReport,
    reason: Option<&str>,
) -> Result<FileReport> {
    let file = &given.files[nth];
    let reason = reason.map(|reason| format!("{reason}（{}）", given.login));
    let options = ImportOptions {
        dry_run: false,
        known_at: file.known_at.or(if seen.asks_day { seen.day } else { None }),
        accept_drop: reason.clone().filter(|_| seen.asks_drop),
        accept_change: reason.filter(|_| seen.asks_change),
        holds: match seen.asks_change {
            true => Vec::new(),
            false => inbox::waiting(workspace, &[path.to_path_buf()]),
        },
        ..options(file)
    };
    let run = import_files(workspace, lock, &[path.to_path_buf()], &options, &Silent).await;
    if let Some(summary) = run.summaries.first() {
        let effect = seen.effect.clone();
        return Ok(FileReport { effect, ..of_summary(summary, &summary.head) });
    }
    let Some((_, error)) = run.failures.into_iter().next() else {
        return Ok(seen.clone());
    };
    let failure = Failure::of(&error);
    if failure.is_of_surroundings() || failure.kind == FailureKind::Bug {
        return Err(error);
    }
    let mut report = FileReport { head: seen.head.clone(), ..FileReport::default() };
    take_failure(&mut report, &failure);
    Ok(report)
}

/// Moves a file that was taken in to those of the inbox that were taken in. It stands all the same where it cannot be moved.
async fn put_away(workspace: &Workspace, given: &Given, nth: usize, path: &Path) -> Result<()> {
    match given.files[nth].place {
        Place::Inbox => {
            inbox::put_away_answered(workspace).await?;
        }
        Place::Here => {
            if let Err(failure) = inbox::keep_taken(workspace, path) {
                tracing::warn!(code = failure.code, "a file that was taken in cannot be moved");
            }
        }
    }
    Ok(())
}

/// The file is not to be taken in: one that was given here goes, one of the inbox goes to those that were refused.
fn decline(workspace: &Workspace, given: &mut Given, nth: usize, path: &Path) -> Result<()> {
    match given.files[nth].place {
        Place::Here => files::remove(path).map_err(|source| Failure::from_writing(&source, GIVEN))?,
        Place::Inbox => inbox::decline(workspace, path, &given.login)?,
    }
    let report = given.files[nth].report.take().unwrap_or_default();
    given.files[nth].report = Some(FileReport { verdict: Verdict::Declined, told: Vec::new(), ..report });
    Ok(())
}
