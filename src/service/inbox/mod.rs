//! The inbox: files that offices drop into a folder, taken in without anybody watching.
//!
//! A file that was taken in moves to `taken`, one that is refused to `refused` with its reason beside it, one that asks
//! to `確認待ち` until its question is answered on the command line (R34). What is still being written or cannot be read
//! now is left for the next time. Whatever is not taken in is told, at every ring as long as it lies there.

mod entries;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use self::entries::{Entries, entries};
use super::export::write_file;
use super::import::{ImportOptions, ImportSummary, Silent, hold_of, import_files, is_question};
use super::{Workspace, WriteLock};
use crate::domain::problem::Problem;
use crate::error::{Failure, FailureKind};
use crate::files::names::{file_name, file_name_with_end};
use crate::files::{Readers, make_folder, make_folder_like_above, move_file};
use crate::ingest::scan::scan;
use crate::ingest::{FileProblem, IngestError};
use crate::messages::{Lang, message, message_of};

/// Folder of files that were taken in.
const TAKEN: &str = "taken";

/// Folder of files that were refused.
const REFUSED: &str = "refused";

/// Folder of files that ask.
const ASKING: &str = "確認待ち";

/// What stands at the end of the name of the text beside a file that is refused or asks.
const REASON: &str = ".理由.txt";

/// What became of the inbox.
#[derive(Debug, Default)]
pub struct InboxRun {
    /// Files that were taken in.
    pub taken: Vec<ImportSummary>,
    /// Everything else that lies or lay there, by what became of it and name.
    pub notes: Vec<InboxNote>,
}

/// What became of something in the inbox that was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InboxState {
    /// Moved to `refused`.
    Refused,
    /// Waits for an answer in `確認待ち`.
    Asks,
    /// Stays until a person does something about it.
    Stays,
    /// Left for the next time.
    Left,
}

impl InboxState {
    /// Stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Asks => "asks",
            Self::Stays => "stays",
            Self::Left => "left",
        }
    }

    /// Whether nothing happens until a person does something.
    pub fn needs_a_person(self) -> bool {
        self != Self::Left
    }
}

/// Something in the inbox that was not taken in, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxNote {
    /// Name in the inbox.
    pub name: String,
    /// What became of it.
    pub state: InboxState,
    /// Stable code of the reason.
    pub code: &'static str,
    /// What its text leaves open.
    pub detail: String,
}

impl InboxNote {
    fn new(name: impl Into<String>, state: InboxState, code: &'static str, detail: impl Into<String>) -> Self {
        Self { name: name.into(), state, code, detail: detail.into() }
    }
}

/// Takes in everything that stands still in the inbox.
///
/// # Errors
/// When the folders cannot be read or written.
pub async fn take_in(workspace: &Workspace, lock: &WriteLock) -> Result<InboxRun> {
    let inbox = workspace.folder().join(&workspace.config.jobs.inbox);
    make_folder(&inbox, workspace.readers())
        .map_err(|source| Failure::from_writing(&source, &inbox.display().to_string()))?;
    let Entries { ready, others, notes, blocked } = entries(workspace, &inbox).await?;
    let mut out = InboxRun { notes, ..InboxRun::default() };
    for path in &others {
        refuse_other(&inbox, path, &mut out)?;
    }
    let asking = put_away_answered(workspace).await?;
    let holds = asking.iter().chain(&blocked).map(|path| hold_of(workspace, path)).collect();
    out.notes.extend(asking.iter().map(|path| asking_note(path)));
    let options = ImportOptions { keep_going: true, holds, ..ImportOptions::default() };
    let mut run = import_files(workspace, lock, &ready, &options, &Silent).await;
    for (path, by) in &run.held {
        out.notes.push(InboxNote::new(name_of(path), InboxState::Left, "JOB-010", by));
    }
    let stays: Vec<PathBuf> =
        run.failures.iter().map(|(path, _)| path).chain(run.held.iter().map(|(path, _)| path)).cloned().collect();
    for path in ready.iter().filter(|path| !stays.contains(path)) {
        move_into(path, &inbox.join(TAKEN))?;
    }
    for (path, error) in std::mem::take(&mut run.failures) {
        put_aside(&inbox, &path, &error, &mut out)?;
    }
    out.taken = run.summaries;
    out.notes.sort_by(|a, b| (a.state, &a.name).cmp(&(b.state, &b.name)));
    Ok(out)
}

/// Moves files whose question has been answered to `taken`: their content stands. Gives back those that still ask.
///
/// # Errors
/// When a folder cannot be read or written.
pub async fn put_away_answered(workspace: &Workspace) -> Result<Vec<PathBuf>> {
    let inbox = workspace.folder().join(&workspace.config.jobs.inbox);
    let folder = inbox.join(ASKING);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let imports = workspace.store.imports().await?;
    let mut asking = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if !path.is_file() || name_of(&path).ends_with(REASON) || name_of(&path).starts_with(['.', '~']) {
            continue;
        }
        let content = scan(&path).map(|scan| scan.sha256).ok();
        if imports.iter().any(|import| import.stands() && Some(&import.sha256) == content.as_ref()) {
            move_into(&path, &inbox.join(TAKEN))?;
            // A reason that is gone already needs no removing.
            let _ = fs::remove_file(reason_of(&path));
        } else {
            asking.push(path);
        }
    }
    asking.sort();
    Ok(asking)
}

/// A file whose name says that it is no export. What its content says goes first: that is what `kaiin import` says of it.
fn refuse_other(inbox: &Path, path: &Path, out: &mut InboxRun) -> Result<()> {
    let name = name_of(path);
    let failure = match scan(path) {
        Ok(_) => {
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            Failure::from_ingest(FileProblem::of_file(Problem::WrongExtension, format!(".{extension}")).into(), &name)
        }
        Err(IngestError::Io(source)) => {
            let failure = Failure::from_io(&source, &name);
            out.notes.push(InboxNote::new(name, InboxState::Left, failure.code, failure.detail));
            return Ok(());
        }
        Err(problem) => Failure::from_ingest(problem, &name),
    };
    refuse(inbox, path, &failure, out)
}

/// What becomes of a file that was not taken in.
fn put_aside(inbox: &Path, path: &Path, error: &anyhow::Error, out: &mut InboxRun) -> Result<()> {
    let failure = Failure::of(error);
    match (failure.kind, failure.code) {
        (FailureKind::Input, _) if is_question(&failure) => {
            let target = free_name(path, &inbox.join(ASKING))?;
            let failure = renamed(failure, path, &target);
            write_reason(&target, &failure)?;
            rename(path, &target)?;
            out.notes.push(asking_note(&target));
        }
        (FailureKind::Input, _) => refuse(inbox, path, &failure, out)?,
        // A file that cannot be read now stays for the next time, and does not hold up those of other sources.
        (_, "ENV-003" | "ENV-005" | "ENV-006") => {
            out.notes.push(InboxNote::new(name_of(path), InboxState::Left, failure.code, failure.detail));
        }
        // A full disk or a damaged database is nobody's file.
        _ => return Err(failure.into()),
    }
    Ok(())
}

fn refuse(inbox: &Path, path: &Path, failure: &Failure, out: &mut InboxRun) -> Result<()> {
    let target = free_name(path, &inbox.join(REFUSED))?;
    write_reason(&target, failure)?;
    rename(path, &target)?;
    out.notes.push(InboxNote::new(name_of(path), InboxState::Refused, failure.code, failure.detail.as_str()));
    Ok(())
}

/// The failure with the new place of the file in the command that answers.
fn renamed(failure: Failure, from: &Path, to: &Path) -> Failure {
    let (from, to) = (from.display().to_string(), to.display().to_string());
    let mut details = failure.details.clone();
    for word in details.iter_mut().flat_map(|detail| &mut detail.words) {
        *word = word.replace(&from, &to);
    }
    Failure { details, ..failure }
}

/// The question of a file that asks, as the text beside it begins.
fn asking_note(path: &Path) -> InboxNote {
    let reason = reason_of(path);
    let text = fs::read_to_string(&reason).unwrap_or_default();
    let first = text.lines().next().unwrap_or_default().to_string();
    InboxNote::new(format!("{ASKING}/{}", name_of(path)), InboxState::Asks, "IMP-287", first)
}

fn reason_of(path: &Path) -> PathBuf {
    path.with_file_name(file_name_with_end(&name_of(path), REASON))
}

fn write_reason(target: &Path, failure: &Failure) -> Result<()> {
    let text = message(failure.code, Lang::Ja, &failure.detail);
    let place = failure.row.map(|row| format!("{row}行目 ")).unwrap_or_default();
    let column = failure.column.as_ref().map(|column| format!("{column}列 ")).unwrap_or_default();
    let mut lines = vec![format!("{} {place}{column}{}", failure.code, text.text), text.remedy];
    for detail in &failure.details {
        let text = message_of(detail.code, Lang::Ja, &detail.words);
        lines.extend([format!("{} {}", detail.code, text.text), text.remedy]);
    }
    if is_question(failure) {
        lines.push("このファイルがいらなければ、消してください。".into());
    }
    // It tells of no person, and whoever dropped the file must be able to read it.
    write_file(&reason_of(target), format!("{}\r\n", lines.join("\r\n")).as_bytes(), Readers::ByUmask)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn move_into(path: &Path, folder: &Path) -> Result<()> {
    rename(path, &free_name(path, folder)?)
}

/// A name in a folder that nothing has: a corrected file of the same name must not take the place of the one before it.
fn free_name(path: &Path, folder: &Path) -> Result<PathBuf> {
    make_folder_like_above(folder).map_err(|source| Failure::from_writing(&source, &folder.display().to_string()))?;
    (1..)
        .map(|nth| file_name(&if nth == 1 { name_of(path) } else { format!("{nth}_{}", name_of(path)) }))
        .map(|name| folder.join(name))
        .find(|target| !target.exists())
        .context("finding a free name")
}

fn rename(path: &Path, target: &Path) -> Result<()> {
    move_file(path, target).with_context(|| format!("moving to {}", target.display()))
}
