//! Who may read a data folder that is there already.
//!
//! Older versions, a copy, or `mkdir` may have left it open. What the program made itself is narrowed, and that is said
//! once. A folder that holds other things too is not ours to close: then it is said each time. Nothing is ever opened:
//! a group that shall read gets what is there by hand, once (`chmod -R g+rX`).

use std::path::Path;

use crate::config::JobsConfig;
use crate::error::{Failure, FailureKind};
use crate::files::names::name_of;
use crate::files::{Readers, TEMPORARY, is_open_to, narrow, narrow_all};
use crate::service::keep::handed_out::{HANDED_OUT, HANDED_OUT_HEAD};
use crate::service::keep::notices::Notices;
use crate::store::ACCOUNTS_FILE;

/// Files and folders of the program in a data folder, besides those that the settings name. Names are told by how they begin:
/// SQLite keeps files beside its own.
const OURS: [&str; 15] = [
    "kaiin.sqlite",
    "kaiin.lock",
    "kaiin.toml",
    "kaiin.generation",
    "restored",
    "timeline",
    "snapshots",
    "rejects",
    "given",
    "definitions",
    "distribution",
    ACCOUNTS_FILE,
    HANDED_OUT,
    HANDED_OUT_HEAD,
    TEMPORARY,
];

/// Templates that `kaiin init` writes.
const TEMPLATES: &str = "_template.csv";

/// What holds rows of people and nothing that others put there.
const OF_PEOPLE: [&str; 9] = [
    "kaiin.sqlite",
    "kaiin.sqlite-wal",
    "kaiin.sqlite-shm",
    "kaiin.lock",
    "timeline",
    "snapshots",
    "rejects",
    "given",
    HANDED_OUT,
];

/// Narrows what others may read, and notes what was done and what could not be. The caller holds the write lock.
pub(super) fn close_to_others(folder: &Path, readers: Readers, jobs: &JobsConfig, notices: &Notices) {
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_path_buf());
    let notice = |code, place: &Path| {
        notices.add(Failure::new(FailureKind::Environment, code, place.display().to_string()));
    };
    let mut narrowed = 0;
    for name in OF_PEOPLE {
        let path = folder.join(name);
        match narrow_all(&path, readers) {
            Ok(n) => narrowed += n,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::debug!(path = %path.display(), %error, "not narrowed");
                notice("ENV-022", &path);
            }
        }
    }
    if is_open_to(&folder, readers) {
        // Staff may drop exports into an inbox below it: they pass through a folder that they cannot list.
        let inbox = folder.join(&jobs.inbox);
        let passing = inbox.starts_with(&folder) && is_open_to(&inbox, Readers::Owner);
        match is_ours(jobs, &folder).then(|| narrow(&folder, if passing { Readers::Passing } else { readers })) {
            Some(Ok(_)) => narrowed += 1,
            Some(Err(_)) | None => notice("ENV-022", &folder),
        }
    }
    if narrowed > 0 {
        notice("ENV-021", &folder);
    }
}

/// Whether a folder holds nothing but what the program put there, or the settings name.
fn is_ours(jobs: &JobsConfig, folder: &Path) -> bool {
    let Ok(mut entries) = std::fs::read_dir(folder) else { return false };
    let named = [Some(&jobs.inbox), Some(&jobs.papers), jobs.meetings.as_ref()];
    let named = named.map(|path| path.and_then(|path| path.iter().next()).unwrap_or_default().to_os_string());
    entries.all(|entry| {
        entry.is_ok_and(|entry| {
            let name = name_of(&entry.path());
            OURS.iter().any(|ours| name.starts_with(ours))
                || name.ends_with(TEMPLATES)
                || named.contains(&entry.file_name())
        })
    })
}
