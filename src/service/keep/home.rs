//! In which data folder the papers of a store on a server are written.
//!
//! Several machines may write to one store, each with a data folder of its own. A month's papers and their editions belong
//! together, so the ledger keeps the one folder they are written in, and no other one makes any until a person moves them.
//! An embedded store lies in its data folder, and so do its papers.

use std::fs;

use anyhow::Result;

use crate::clock::tokyo_day;
use crate::domain::ledger::PaperHome;
use crate::error::{Failure, FailureKind};
use crate::service::keep::Workspace;
use crate::service::keep::drawn::id_in_file;
use crate::store::Store;

/// Holds what makes a data folder another than every other one. It is copied and moved with the folder.
const IDENTITY: &str = "kaiin.id";

/// Why papers are not written in this data folder; `None` where they are. The first folder that asks becomes their home,
/// unless the ledger has papers that it lacks. The caller holds the write lock.
///
/// # Errors
/// When the store or the data folder cannot be read or written.
pub async fn elsewhere(workspace: &Workspace) -> Result<Option<Failure>> {
    if matches!(workspace.store, Store::Sqlite(_)) {
        return Ok(None);
    }
    let here = here(workspace, "")?;
    match workspace.store.paper_home().await? {
        Some(home) if home.folder == here.folder => Ok(None),
        Some(home) => {
            let since = tokyo_day(home.since);
            let detail = if home.place == here.place { home.folder } else { home.place };
            Ok(Some(Failure::new(FailureKind::Usage, "JOB-020", format!("{detail}, {since}"))))
        }
        None if lacks_papers(workspace).await? => Ok(Some(Failure::new(FailureKind::Usage, "JOB-020", "?"))),
        None => {
            workspace.store.move_paper_home(&here).await?;
            Ok(None)
        }
    }
}

/// Lets papers be written in this data folder from now on; returns where they were written before, and how many of the
/// folders that the ledger names are not here.
///
/// # Errors
/// When the store or the data folder cannot be read or written.
pub async fn move_here(workspace: &Workspace, reason: &str) -> Result<(Option<PaperHome>, usize)> {
    let before = workspace.store.paper_home().await?;
    workspace.store.move_paper_home(&here(workspace, reason)?).await?;
    let folders = folders(workspace).await?;
    Ok((before, folders.iter().filter(|folder| !workspace.folder().join(folder).is_dir()).count()))
}

/// Whether none of the folders that the ledger has papers in is here.
async fn lacks_papers(workspace: &Workspace) -> Result<bool> {
    let folders = folders(workspace).await?;
    Ok(!folders.is_empty() && folders.iter().all(|folder| !workspace.folder().join(folder).is_dir()))
}

/// Folders of versions that have files.
async fn folders(workspace: &Workspace) -> Result<Vec<String>> {
    let versions = workspace.store.job_versions().await?;
    let mut out: Vec<String> =
        versions.into_iter().filter(|version| version.n_files > 0).map(|version| version.folder).collect();
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

fn here(workspace: &Workspace, reason: &str) -> Result<PaperHome> {
    let folder = workspace.folder();
    let place = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf()).display().to_string();
    let machine = fs::read_to_string("/etc/hostname").ok().or_else(|| std::env::var("COMPUTERNAME").ok());
    let machine = machine.map(|name| name.trim().to_string()).filter(|name| !name.is_empty());
    Ok(PaperHome {
        folder: id_in_file(&workspace.folder().join(IDENTITY), workspace.readers())?,
        place: machine.map_or_else(|| place.clone(), |machine| format!("{machine}: {place}")),
        reason: reason.to_string(),
        since: workspace.clock.now(),
    })
}
