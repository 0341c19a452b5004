//! Papers that were made, as their manifests tell, and the months of the ledger that they belong to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::ledger::JobState;
use crate::service::keep::{Workspace, ledger};

/// What a manifest tells of a paper; more may stand in it.
#[derive(Debug, Clone, Deserialize)]
struct PaperManifest {
    #[serde(default)]
    report: String,
    #[serde(default)]
    variant: String,
    area: Option<String>,
    issued_on: Option<NaiveDate>,
    #[serde(default)]
    edition: u32,
    as_of: NaiveDate,
    known_at: NaiveDate,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    inputs: Vec<PaperInput>,
}

#[derive(Debug, Clone, Deserialize)]
struct PaperInput {
    sha256: String,
}

/// A paper that was made.
#[derive(Debug, Clone)]
pub(in crate::service) struct PublishedPaper {
    /// Folder relative to the data folder, with forward slashes.
    pub(in crate::service) name: String,
    /// The month of the ledger that it belongs to.
    pub(in crate::service) period: String,
    /// Whether it was made before its cut-off (速報), and another one followed.
    pub(in crate::service) is_early: bool,
    /// Id of its definition, with the area where it has one.
    pub(in crate::service) report: String,
    /// internal or external.
    pub(in crate::service) variant: String,
    /// Code of the body that it is limited to.
    pub(in crate::service) area: Option<String>,
    /// 発行日.
    pub(in crate::service) issued_on: Option<NaiveDate>,
    /// Number of the edition, from 1.
    edition: u32,
    /// 基準日.
    pub(in crate::service) as_of: NaiveDate,
    /// 知識時点.
    pub(in crate::service) known_at: NaiveDate,
    inputs: Vec<String>,
}

impl PublishedPaper {
    /// Whether a file was among the exports that spoke.
    pub(in crate::service) fn is_made_from(&self, sha256: &str) -> bool {
        self.inputs.iter().any(|input| input == sha256)
    }
}

/// All papers of the monthly job, by name; drafts are none.
pub(in crate::service) fn papers(workspace: &Workspace) -> Result<Vec<PublishedPaper>> {
    let root = workspace.folder().join(&workspace.config.jobs.papers);
    let mut out = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            // What is being written under a temporary name is no paper yet.
            let is_temporary = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() && !is_temporary {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == "manifest.json") {
                out.extend(paper(workspace, &root, &path));
            }
        }
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

/// Of papers of done months the edition that stands: the newest of each, and none of before a cut-off.
pub(in crate::service) async fn published_papers(workspace: &Workspace) -> Result<Vec<PublishedPaper>> {
    let done = done_periods(workspace).await?;
    let mut out: BTreeMap<(String, String, String, NaiveDate), PublishedPaper> = BTreeMap::new();
    for paper in papers(workspace)?.into_iter().filter(|paper| !paper.is_early && done.contains(&paper.period)) {
        let key = (paper.period.clone(), paper.report.clone(), paper.variant.clone(), paper.as_of);
        match out.get(&key) {
            Some(other) if other.edition >= paper.edition => {}
            _ => drop(out.insert(key, paper)),
        }
    }
    Ok(out.into_values().collect())
}

/// Months of the ledger of which papers were given out: done as a whole or in part.
pub(in crate::service) async fn done_periods(workspace: &Workspace) -> Result<BTreeSet<String>> {
    let runs = ledger::runs(workspace).await?;
    Ok(runs
        .into_iter()
        .filter(|run| matches!(run.state, JobState::Done | JobState::Partial))
        .map(|run| run.period)
        .collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let read = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    read.map(|entry| Ok(entry?.path())).collect()
}

/// A manifest that cannot be understood tells of no paper of ours.
fn paper(workspace: &Workspace, root: &Path, manifest: &Path) -> Option<PublishedPaper> {
    let told: PaperManifest = serde_json::from_slice(&fs::read(manifest).ok()?).ok()?;
    let folder = manifest.parent()?;
    let version = folder.strip_prefix(root).ok()?.components().next()?.as_os_str().to_string_lossy().into_owned();
    // Later versions of a month, and early ones, have folders of their own: 2025-12_速報.
    let period = version.split('_').next().unwrap_or_default().to_string();
    let name = folder.strip_prefix(workspace.folder()).unwrap_or(folder).to_string_lossy().replace('\\', "/");
    (!told.draft).then(|| PublishedPaper {
        name,
        is_early: version != period,
        period,
        report: told.report,
        variant: told.variant,
        area: told.area,
        issued_on: told.issued_on,
        edition: told.edition,
        as_of: told.as_of,
        known_at: told.known_at,
        inputs: told.inputs.into_iter().map(|input| input.sha256).collect(),
    })
}
