//! Folders that may name persons for longer than the settings keep them, and that no purge touches: papers for the office, and
//! backups. The office deals with them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::NaiveDate;

use super::due::Due;
use super::report::{Reminder, ReminderKind};
use crate::service::keep::Workspace;
use crate::service::papers::published::given_out;
use crate::service::questions::backup::plan::BACKUP;

/// What is older than the shorter of the two settings, by kind and place.
///
/// # Errors
/// When the store or the folder of the papers cannot be read.
pub(super) async fn reminders(workspace: &Workspace, due: &Due) -> Result<Vec<Reminder>> {
    let days = [due.settings.raw_files_days, due.settings.persons_days].into_iter().flatten().min();
    let Some(first_kept) = due.first_kept(days) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for paper in given_out(workspace).await?.papers {
        let day = paper.issued_on.unwrap_or(paper.known_at);
        if paper.variant != "external" && day < first_kept {
            out.push(Reminder { kind: ReminderKind::Paper, place: paper.name, day });
        }
    }
    let data = std::path::absolute(workspace.folder())?;
    let beside: BTreeSet<PathBuf> =
        [Some(data.as_path()), data.parent()].into_iter().flatten().map(Path::to_path_buf).collect();
    for folder in beside {
        out.extend(backups(&folder).into_iter().filter(|backup| backup.day < first_kept));
    }
    out.sort_by(|one, other| (one.kind, &one.place).cmp(&(other.kind, &other.place)));
    Ok(out)
}

/// Backups in a folder, by the day in their names; those that cannot be listed are elsewhere anyway.
fn backups(folder: &Path) -> Vec<Reminder> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let backup = |path: PathBuf| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let day: NaiveDate = name.strip_prefix(BACKUP)?.get(..10)?.parse().ok()?;
        path.is_dir().then(|| Reminder { kind: ReminderKind::Backup, place: path.display().to_string(), day })
    };
    entries.filter_map(|entry| backup(entry.path())).collect()
}
