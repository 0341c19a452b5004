//! The inbox: files that offices drop into a folder, taken in without anybody watching.
//!
//! A file that is still being written is left for the next time. A file that was taken in moves to `taken`, one
//! that is refused to `refused` with its reason beside it, so that no file is looked at for ever.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use super::export::write_file;
use super::import::{ImportOptions, ImportSummary, Silent, import_files};
use super::{Workspace, WriteLock};
use crate::clock::age_of_file;
use crate::error::{Failure, FailureKind};
use crate::messages::{Lang, message};

/// What became of the inbox.
#[derive(Debug, Default)]
pub struct InboxRun {
    /// Files that were taken in.
    pub taken: Vec<ImportSummary>,
    /// Names of files that were refused.
    pub refused: Vec<String>,
    /// Names of files that are still being written.
    pub left: Vec<String>,
}

/// Takes in everything that stands still in the inbox.
///
/// # Errors
/// When the folders cannot be read or written.
pub async fn take_in(workspace: &Workspace, lock: &WriteLock) -> Result<InboxRun> {
    let inbox = workspace.folder().join(&workspace.config.jobs.inbox);
    fs::create_dir_all(&inbox).with_context(|| format!("making {}", inbox.display()))?;
    let settle = Duration::from_secs(workspace.config.jobs.settle_seconds);
    let (ready, left) = settled_files(&inbox, settle).await?;
    let mut out = InboxRun { left, ..InboxRun::default() };
    let options = ImportOptions { keep_going: true, ..ImportOptions::default() };
    let run = import_files(workspace, lock, &ready, &options, &Silent).await;
    for (path, error) in &run.failures {
        let failure = Failure::of(error);
        match (failure.kind, failure.code) {
            (FailureKind::Input, _) => {}
            // A file that cannot be read now stays for the next time, and does not hold up the others.
            (_, "ENV-003" | "ENV-005" | "ENV-006") => {
                out.left.push(name_of(path));
                continue;
            }
            // A full disk or a damaged database is nobody's file.
            _ => return Err(failure.into()),
        }
        out.refused.push(name_of(path));
        let text = message(failure.code, Lang::Ja, &failure.detail);
        let place = failure.row.map(|row| format!("{row}行目 ")).unwrap_or_default();
        let reason = format!("{} {place}{}\r\n{}\r\n", failure.code, text.text, text.remedy);
        let refused = inbox.join("refused");
        write_file(&refused.join(format!("{}.理由.txt", name_of(path))), reason.as_bytes())?;
        move_into(path, &refused)?;
    }
    for path in ready.iter().filter(|path| !run.failures.iter().any(|(failed, _)| failed == *path)) {
        move_into(path, &inbox.join("taken"))?;
    }
    out.taken = run.summaries;
    Ok(out)
}

/// CSV files and workbooks whose size and time stand still, and the names of those that do not.
async fn settled_files(inbox: &Path, settle: Duration) -> Result<(Vec<PathBuf>, Vec<String>)> {
    let before = export_files(inbox)?;
    let is_young = |(_, _, modified): &(PathBuf, u64, SystemTime)| age_of_file(*modified) < settle;
    if before.iter().any(is_young) {
        tokio::time::sleep(settle).await;
    }
    let after = export_files(inbox)?;
    let (mut ready, mut left) = (Vec::new(), Vec::new());
    for file in after {
        if before.contains(&file) {
            ready.push(file.0);
        } else {
            left.push(name_of(&file.0));
        }
    }
    Ok((ready, left))
}

fn export_files(inbox: &Path) -> Result<Vec<(PathBuf, u64, SystemTime)>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(inbox).with_context(|| format!("reading {}", inbox.display()))? {
        let path = entry?.path();
        let is_export = path
            .extension()
            .is_some_and(|extension| ["csv", "xlsx"].iter().any(|known| extension.eq_ignore_ascii_case(known)));
        // Excel keeps ~$name beside an open workbook, other systems keep ._name: neither is an export.
        let is_beside = ["~$", "."].iter().any(|start| name_of(&path).starts_with(start));
        let is_open = path.with_file_name(format!("~${}", name_of(&path))).exists();
        if !is_export || is_beside || is_open || !path.is_file() {
            continue;
        }
        let metadata = fs::metadata(&path).with_context(|| format!("reading {}", path.display()))?;
        out.push((path, metadata.len(), metadata.modified()?));
    }
    out.sort();
    Ok(out)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn move_into(path: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    // A corrected file of the same name must not take the place of the one before it.
    let target = (1..)
        .map(|nth| if nth == 1 { name_of(path) } else { format!("{nth}_{}", name_of(path)) })
        .map(|name| folder.join(name))
        .find(|target| !target.exists())
        .context("finding a free name")?;
    fs::rename(path, &target).with_context(|| format!("moving to {}", target.display()))
}
