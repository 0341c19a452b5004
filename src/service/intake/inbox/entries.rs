//! What lies in the inbox: exports that stand still, files of a wrong kind, and what stays where it is.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

use super::moving::is_reason;
use super::note::{ASKING, InboxNote, InboxState, REFUSED, TAKEN};
use crate::clock::{age_of_file, tokyo};
use crate::error::Failure;
use crate::input::NotRead;
use crate::service::intake::import::name_of;
use crate::service::keep::Workspace;

/// Ends of the names of exports.
const EXPORTS: [&str; 2] = ["csv", "xlsx"];

/// Ends of the names under which browsers and programs write before they are done.
const UNFINISHED: [&str; 6] = ["crdownload", "part", "partial", "download", "opdownload", "tmp"];

/// What systems put into folders that people look into.
const OF_SYSTEMS: [&str; 2] = ["desktop.ini", "thumbs.db"];

/// Excel removes its lock file when it closes the workbook. One that is older was left behind by a crash, or by
/// somebody who never goes home.
const OLD_LOCK: Duration = Duration::from_secs(24 * 60 * 60);

/// What lies in the inbox.
#[derive(Debug, Default)]
pub(super) struct Entries {
    /// Exports that stand still.
    pub(super) ready: Vec<PathBuf>,
    /// Files of another kind that stand still.
    pub(super) others: Vec<PathBuf>,
    /// What is left or stays, with the reason.
    pub(super) notes: Vec<InboxNote>,
    /// Exports among those that are left: newer files of their source wait for them.
    pub(super) blocked: Vec<PathBuf>,
}

/// A file with its size and time.
type Seen = (PathBuf, u64, SystemTime);

/// A file of which nothing but its name can be seen, with the reason.
type Hidden = (PathBuf, Failure);

/// Looks at everything in the inbox; waits a moment where a file is young.
///
/// # Errors
/// When the inbox itself cannot be read.
pub(super) async fn entries(workspace: &Workspace, inbox: &Path) -> std::io::Result<Entries> {
    let settle = Duration::from_secs(workspace.config.jobs.settle_seconds);
    let (before, _) = files(inbox)?;
    if before.iter().any(|(_, _, modified)| age_of_file(*modified) < settle) {
        tokio::time::sleep(settle).await;
    }
    let (after, hidden) = files(inbox)?;
    let names: BTreeSet<String> = after.iter().map(|(path, _, _)| name_of(path)).collect();
    let mut out = Entries { notes: [folders(inbox)?, strangers(inbox)?].concat(), ..Entries::default() };
    for (path, failure) in hidden {
        out.notes.push(InboxNote::of_failure(name_of(&path), InboxState::Stays, &failure));
        out.blocked.extend(has_end(&path, &EXPORTS).then_some(path));
    }
    for file in &after {
        let (path, _, modified) = file;
        if let Some(of) = name_of(path).strip_prefix("~$") {
            // A lock is told with its workbook; one without a workbook is in nobody's way, but stays for ever.
            if !names.contains(of) {
                out.notes.push(old_lock(path, *modified, &name_of(path)));
            }
            continue;
        }
        let lock = path.with_file_name(lock_name(path));
        let lock_since = after.iter().find(|(other, _, _)| *other == lock).map(|(_, _, modified)| *modified);
        let note = match lock_since {
            Some(since) if age_of_file(since) > OLD_LOCK => Some(old_lock(&lock, since, &name_of(path))),
            Some(since) => Some(InboxNote::new(name_of(path), InboxState::Left, "JOB-012", instant(since))),
            None if !before.contains(file) || is_unfinished(path, *modified) => {
                Some(InboxNote::new(name_of(path), InboxState::Left, "JOB-014", ""))
            }
            None => None,
        };
        let is_export = has_end(path, &EXPORTS);
        match note {
            Some(note) => {
                out.notes.push(note);
                out.blocked.extend(is_export.then(|| path.clone()));
            }
            None if is_export => out.ready.push(path.clone()),
            None => out.others.push(path.clone()),
        }
    }
    Ok(out)
}

/// The name of Excel's lock of a workbook, whatever letters its own name has.
fn lock_name(path: &Path) -> OsString {
    let mut name = OsString::from("~$");
    name.push(path.file_name().unwrap_or_default());
    name
}

fn old_lock(lock: &Path, since: SystemTime, name: &str) -> InboxNote {
    let detail = format!("{}（{}）", name_of(lock), instant(since));
    InboxNote::new(name, InboxState::Stays, "JOB-013", detail)
}

fn instant(time: SystemTime) -> String {
    DateTime::<Utc>::from(time).with_timezone(&tokyo()).format("%Y-%m-%d %H:%M").to_string()
}

/// A download that was given up long ago is a file like any other.
fn is_unfinished(path: &Path, modified: SystemTime) -> bool {
    has_end(path, &UNFINISHED) && age_of_file(modified) < OLD_LOCK
}

fn has_end(path: &Path, ends: &[&str]) -> bool {
    path.extension().is_some_and(|extension| ends.iter().any(|end| extension.eq_ignore_ascii_case(end)))
}

/// Exports that lie in the inbox as it is now, whether they stand still or not.
///
/// # Errors
/// When the inbox cannot be read.
pub(super) fn exports(inbox: &Path) -> std::io::Result<Vec<PathBuf>> {
    let (seen, hidden) = files(inbox)?;
    let paths = seen.into_iter().map(|(path, _, _)| path).chain(hidden.into_iter().map(|(path, _)| path));
    Ok(paths.filter(|path| has_end(path, &EXPORTS) && !name_of(path).starts_with("~$")).collect())
}

/// Files in the folder of those that ask, or that were refused, by name; without the texts beside them.
pub(super) fn asking_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // A file of that name is dealt with as any other.
        Err(source) if matches!(source.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(source) => return Err(source),
    };
    let mut out = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = name_of(&path);
        if path.is_file() && !is_reason(&name) && !name.starts_with(['.', '~']) {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

/// Files of the inbox itself with size and time, and those of which the system tells neither. What systems keep there for
/// themselves, such as ._name, is none.
pub(super) fn files(inbox: &Path) -> std::io::Result<(Vec<Seen>, Vec<Hidden>)> {
    let (mut out, mut hidden) = (Vec::new(), Vec::new());
    for path in listed(inbox)? {
        let name = name_of(&path);
        let is_of_system = name.starts_with('.') || OF_SYSTEMS.iter().any(|known| name.eq_ignore_ascii_case(known));
        if is_of_system || path.is_dir() {
            continue;
        }
        match fs::metadata(&path) {
            // Told as a stranger.
            Ok(metadata) if !metadata.is_file() => {}
            Ok(metadata) => out.push((path, metadata.len(), metadata.modified()?)),
            // A file that went away meanwhile, or a link to nowhere, is no file.
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => hidden.push((path, Failure::from_io(&source, &name))),
        }
    }
    out.sort();
    Ok((out, hidden))
}

/// Pipes, sockets and devices: nobody waits for them, and they are told as long as they lie there.
fn strangers(inbox: &Path) -> std::io::Result<Vec<InboxNote>> {
    let paths = listed(inbox)?.into_iter().filter(|path| !path.is_dir());
    let why = |path: &PathBuf| NotRead::of_type(fs::metadata(path).ok()?.file_type());
    Ok(paths
        .filter_map(|path| Some(InboxNote::new(name_of(&path), InboxState::Stays, why(&path)?.code(), "")))
        .collect())
}

/// Folders that people put there, with how many files are in them.
fn folders(inbox: &Path) -> std::io::Result<Vec<InboxNote>> {
    let mut out = Vec::new();
    for path in listed(inbox)? {
        let name = name_of(&path);
        let is_own = [TAKEN, REFUSED, ASKING].contains(&name.as_str());
        if !path.is_dir() || is_own || name.starts_with('.') {
            continue;
        }
        match n_files(&path) {
            Ok(0) => {}
            Ok(n) => out.push(InboxNote::new(name, InboxState::Stays, "JOB-011", n.to_string())),
            // What is in it is not taken in anyway.
            Err(source) => {
                let failure = Failure::from_io(&source, &name);
                out.push(InboxNote::of_failure(name, InboxState::Stays, &failure));
            }
        }
    }
    Ok(out)
}

fn n_files(folder: &Path) -> std::io::Result<usize> {
    let mut n = 0;
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for path in listed(&folder)? {
            // A link may lead back up.
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            } else if !name_of(&path).starts_with('.') {
                n += 1;
            }
        }
    }
    Ok(n)
}

fn listed(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}
