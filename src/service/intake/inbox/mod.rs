//! The inbox: files that offices drop into a folder, taken in without anybody watching.
//!
//! A file that was taken in moves to `taken`, one that is refused to `refused` with its reason beside it, one that asks
//! to `確認待ち` until its question is answered on the command line (R34). What is still being written or cannot be read
//! now is left for the next time. Whatever is not taken in is told, at every ring as long as it lies there.
//!
//! Each file is for itself: one that cannot be read or moved costs the others nothing, and what the disk or the database
//! refuses leaves the rest of the inbox as it is. Start reading at [`take_in`].

mod entries;
mod leftovers;
mod lying;
mod moving;
mod note;
mod place;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use self::entries::{Entries, asking_files, entries, exports};
use self::leftovers::{Leftover, leftover_of};
use self::moving::{free_name, move_into, move_to, remove_reason, write_reason};
use self::note::{ASKING, DECLINED};
use crate::domain::problem::Problem;
use crate::error::{Failure, FailureKind};
use crate::files::make_folder;
use crate::ingest::scan::scan;
use crate::ingest::{FileProblem, IngestError};
use crate::input;
use crate::service::intake::import::{
    Hold, ImportOptions, ImportStatus, ImportSummary, Silent, hold_of, import_files, is_question, name_of,
};
use crate::service::keep::{Workspace, WriteLock};

pub use self::lying::{Lying, LyingFiles, Refused, RefusedFile, lying, lying_in};
pub(in crate::service) use self::moving::reason_of;
pub use self::note::{InboxNote, InboxState};
pub(in crate::service) use self::note::{REFUSED, TAKEN};
pub(in crate::service) use self::place::inbox_of;

/// What became of the inbox.
#[derive(Debug, Default)]
pub struct InboxRun {
    /// Files that were taken in.
    pub taken: Vec<ImportSummary>,
    /// Everything else that lies or lay there, by what became of it and name.
    pub notes: Vec<InboxNote>,
    /// What kept the inbox from being dealt with to its end: a disk, a database, a folder that cannot be read. What was not
    /// dealt with is as it was.
    pub trouble: Option<Failure>,
}

/// Takes in everything that stands still in the inbox. Whatever goes wrong is told in what comes back: months are looked at
/// all the same.
pub async fn take_in(workspace: &Workspace, lock: &WriteLock) -> InboxRun {
    let mut out = InboxRun::default();
    if let Err(error) = take_in_all(workspace, lock, &mut out).await {
        tracing::info!(error = format!("{error:#}"), "the inbox could not be dealt with");
        out.trouble = Some(Failure::of(&error));
    }
    out.notes.sort_by(|a, b| (a.state, &a.name).cmp(&(b.state, &b.name)));
    out
}

async fn take_in_all(workspace: &Workspace, lock: &WriteLock, out: &mut InboxRun) -> Result<()> {
    let inbox = inbox_of(workspace);
    make_folder(&inbox, workspace.readers())
        .map_err(|source| Failure::from_writing(&source, &inbox.display().to_string()))?;
    let seen = entries(workspace, &inbox).await;
    let Entries { ready, others, notes, blocked } = seen.map_err(|source| unreadable(&source, &inbox))?;
    out.notes.extend(notes);
    for path in &others {
        refuse_other(&inbox, path, out);
    }
    // Where it cannot be told which files ask, any file may be newer than one of them: none is taken in.
    let asking = put_away_answered(workspace).await?;
    out.notes.extend(asking.iter().map(|path| asking_note(path)));
    let ready = put_away_leftovers(workspace, &inbox, ready, out).await?;
    let holds = asking.iter().chain(&blocked).map(|path| hold_of(workspace, path)).collect();
    let options = ImportOptions { keep_going: true, holds, ..ImportOptions::default() };
    let run = import_files(workspace, lock, &ready, &options, &Silent).await;
    for (path, by) in &run.held {
        out.notes.push(InboxNote::of_held(name_of(path), by.clone()));
    }
    for path in &run.untouched {
        out.notes.push(InboxNote::new(name_of(path), InboxState::Left, "JOB-033", ""));
    }
    for (path, summary) in run.dealt_with.iter().zip(run.summaries) {
        let is_moved = put_away_taken(&inbox, path, out);
        // What only lies there still is nothing that was taken in now.
        if is_moved || summary.status != ImportStatus::Unchanged {
            out.taken.push(summary);
        }
    }
    for (path, error) in &run.failures {
        put_aside(&inbox, path, error, out);
    }
    Ok(())
}

fn unreadable(source: &std::io::Error, folder: &Path) -> Failure {
    Failure::from_io(source, &folder.display().to_string())
}

/// Files of the inbox that newer ones of their source wait for, also those given by hand: taken in after them they would be
/// refused as older. Those of `given` are none; a folder that cannot be read tells of none.
pub fn waiting(workspace: &Workspace, given: &[PathBuf]) -> Vec<Hold> {
    let inbox = inbox_of(workspace);
    let mut paths = exports(&inbox).unwrap_or_default();
    paths.extend(asking_files(&inbox.join(ASKING)).unwrap_or_default());
    let same = |path: &Path| fs::canonicalize(path).ok();
    let given: Vec<_> = given.iter().filter_map(|path| same(path)).collect();
    paths.retain(|path| same(path).is_none_or(|path| !given.contains(&path)));
    paths.iter().map(|path| hold_of(workspace, path)).collect()
}

/// Moves files whose question has been answered to `taken`: their content stands. Gives back those that still ask.
///
/// # Errors
/// When the folder or the store cannot be read.
pub async fn put_away_answered(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let inbox = inbox_of(workspace);
    let folder = inbox.join(ASKING);
    let files = asking_files(&folder).map_err(|source| unreadable(&source, &folder))?;
    if files.is_empty() {
        return Ok(files);
    }
    let imports = workspace.store.imports().await?;
    let mut asking = Vec::new();
    for path in files {
        let content = scan(&path).map(|scan| scan.sha256).ok();
        if !imports.iter().any(|import| import.stands() && Some(&import.sha256) == content.as_ref()) {
            asking.push(path);
        } else if let Err(failure) = move_into(&path, &inbox.join(TAKEN)) {
            // It is answered, and lies there until it can be moved.
            tracing::warn!(%failure, "a file whose question is answered cannot be moved");
        } else {
            remove_reason(&path);
        }
    }
    asking.sort();
    Ok(asking)
}

/// Moves a file that was taken in from elsewhere to those of the inbox that were taken in.
///
/// # Errors
/// [`Failure`] when it cannot be moved.
pub(in crate::service) fn keep_taken(workspace: &Workspace, path: &Path) -> Result<(), Failure> {
    let inbox = inbox_of(workspace);
    make_folder(&inbox, workspace.readers())
        .map_err(|source| Failure::from_writing(&source, &inbox.display().to_string()))?;
    move_into(path, &inbox.join(TAKEN))
}

/// Moves a file that asks to those that were refused: somebody said that it is not to be taken in. The text beside it says who.
///
/// # Errors
/// [`Failure`] when it cannot be moved.
pub(in crate::service) fn decline(workspace: &Workspace, path: &Path, login: &str) -> Result<(), Failure> {
    let target = free_name(path, &inbox_of(workspace).join(REFUSED))?;
    write_reason(&target, &Failure::usage(DECLINED, login))?;
    move_to(path, &target).inspect_err(|_| remove_reason(&target))?;
    remove_reason(path);
    Ok(())
}

/// Moves what was taken in before and could not be moved then; gives back the rest.
async fn put_away_leftovers(
    workspace: &Workspace,
    inbox: &Path,
    ready: Vec<PathBuf>,
    out: &mut InboxRun,
) -> Result<Vec<PathBuf>> {
    let imports = workspace.store.imports().await?;
    let mut rest = Vec::with_capacity(ready.len());
    for path in ready {
        match leftover_of(&imports, &path) {
            None => rest.push(path),
            Some(Leftover::Stands) => {
                put_away_taken(inbox, &path, out);
            }
            Some(Leftover::NoLonger(why)) => {
                out.notes.push(InboxNote::new(name_of(&path), InboxState::Stays, "JOB-031", why));
            }
        }
    }
    Ok(rest)
}

/// Moves a file that was taken in, and says whether it could. It stands all the same where it could not, and is not taken in
/// again.
fn put_away_taken(inbox: &Path, path: &Path, out: &mut InboxRun) -> bool {
    let moved = move_into(path, &inbox.join(TAKEN));
    if let Err(failure) = &moved {
        out.notes.push(InboxNote::new(name_of(path), InboxState::Stays, "JOB-030", moving::why(failure)));
    }
    moved.is_ok()
}

/// A file whose name says that it is no export. What its content says goes first: that is what `kaiin import` says of it.
fn refuse_other(inbox: &Path, path: &Path, out: &mut InboxRun) {
    let name = name_of(path);
    let failure = match scan(path) {
        Ok(_) => {
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            Failure::from_ingest(FileProblem::of_file(Problem::WrongExtension, format!(".{extension}")).into(), &name)
        }
        Err(IngestError::Io(source)) => {
            out.notes.push(InboxNote::of_failure(&name, InboxState::Stays, &Failure::from_io(&source, &name)));
            return;
        }
        Err(problem) => Failure::from_ingest(problem, &name),
    };
    refuse(inbox, path, &failure, out);
}

/// What becomes of a file that was not taken in.
fn put_aside(inbox: &Path, path: &Path, error: &anyhow::Error, out: &mut InboxRun) {
    let failure = Failure::of(error);
    match failure.kind {
        _ if failure.is_of_surroundings() => {
            out.notes.push(InboxNote::new(name_of(path), InboxState::Left, "JOB-033", ""));
            out.trouble = Some(failure);
        }
        FailureKind::Input if is_question(&failure) => ask(inbox, path, &failure, out),
        FailureKind::Input if failure.code != "ENV-007" => refuse(inbox, path, &failure, out),
        // A file that cannot be read now stays, and does not hold up those of other sources.
        _ => out.notes.push(InboxNote::of_failure(name_of(path), InboxState::Stays, &failure)),
    }
}

/// Sets a file that asks aside with its question; where it cannot be moved it asks where it lies.
fn ask(inbox: &Path, path: &Path, failure: &Failure, out: &mut InboxRun) {
    let moved = free_name(path, &inbox.join(ASKING)).and_then(|target| {
        write_reason(&target, &renamed(failure, path, &target))?;
        move_to(path, &target).inspect_err(|_| remove_reason(&target))?;
        Ok(target)
    });
    match moved {
        Ok(target) => out.notes.push(asking_note(&target)),
        Err(unmoved) => {
            let question = moving::reason_lines(failure).swap_remove(0);
            out.notes.push(InboxNote::new(name_of(path), InboxState::Asks, "IMP-287", question));
            out.notes.push(InboxNote::new(name_of(path), InboxState::Stays, "JOB-034", moving::why(&unmoved)));
        }
    }
}

fn refuse(inbox: &Path, path: &Path, failure: &Failure, out: &mut InboxRun) {
    let moved = free_name(path, &inbox.join(REFUSED)).and_then(|target| {
        write_reason(&target, failure)?;
        move_to(path, &target).inspect_err(|_| remove_reason(&target))
    });
    match moved {
        Ok(()) => out.notes.push(InboxNote::of_failure(name_of(path), InboxState::Refused, failure)),
        Err(unmoved) => {
            out.notes.push(InboxNote::of_failure(name_of(path), InboxState::Stays, failure));
            out.notes.push(InboxNote::new(name_of(path), InboxState::Stays, "JOB-034", moving::why(&unmoved)));
        }
    }
}

/// The failure with the new place of the file in the command that answers.
fn renamed(failure: &Failure, from: &Path, to: &Path) -> Failure {
    let (from, to) = (from.display().to_string(), to.display().to_string());
    let mut details = failure.details.clone();
    for word in details.iter_mut().flat_map(|detail| &mut detail.words) {
        *word = word.replace(&from, &to);
    }
    Failure { details, ..failure.clone() }
}

/// The question of a file that asks, as the text beside it begins.
fn asking_note(path: &Path) -> InboxNote {
    let text = input::read_text(&reason_of(path)).unwrap_or_default();
    let first = text.lines().next().unwrap_or_default().to_string();
    InboxNote::new(format!("{ASKING}/{}", name_of(path)), InboxState::Asks, "IMP-287", first)
}
