//! Papers that were made, as their manifests tell: those of months of the ledger, and those of `kaiin report`, which lie
//! wherever they were wanted and of which the chain tells.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde::Deserialize;

use super::manifest::MANIFEST;
use super::request::MeetingNote;
use crate::domain::chain_kind::ChainKind;
use crate::domain::ledger::JobState;
use crate::input;
use crate::service::keep::{Workspace, ledger};
use crate::store::ChainScope;

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
    meeting: Option<MeetingNote>,
}

#[derive(Debug, Clone, Deserialize)]
struct PaperInput {
    sha256: String,
}

/// A paper that was made.
#[derive(Debug, Clone)]
pub(in crate::service) struct PublishedPaper {
    /// Folder relative to the data folder where it lies in it, else in full; with forward slashes.
    pub(in crate::service) name: String,
    /// The month of the ledger that it belongs to; none for a paper of `kaiin report`.
    pub(in crate::service) period: Option<String>,
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
    /// The meeting that it was made for; its reports are what figures can change in.
    pub(in crate::service) meeting: Option<MeetingNote>,
}

impl PublishedPaper {
    /// Whether a file was among the exports that spoke.
    pub(in crate::service) fn is_made_from(&self, sha256: &str) -> bool {
        self.inputs.iter().any(|input| input == sha256)
    }
}

/// Papers that were given out.
#[derive(Debug, Default)]
pub(in crate::service) struct GivenOut {
    /// Those of which their folder tells, by name; drafts are none.
    pub(in crate::service) papers: Vec<PublishedPaper>,
    /// Those that the chain has and that no folder tells of any more, by name.
    pub(in crate::service) unreported: Vec<String>,
}

/// All papers of the monthly job and of `kaiin report`.
pub(in crate::service) async fn given_out(workspace: &Workspace) -> Result<GivenOut> {
    let root = workspace.folder().join(&workspace.config.jobs.papers);
    let mut out = GivenOut { papers: papers_of_months(workspace, &root)?, unreported: Vec::new() };
    let entries = workspace.store.check_chain(ChainScope::Links).await?.entries;
    let is_paper = |kind: &str| kind == ChainKind::Paper.code();
    let subjects: BTreeSet<String> =
        entries.into_iter().filter(|entry| is_paper(&entry.kind)).map(|entry| entry.subject).collect();
    for subject in subjects {
        let folder = workspace.place_of_subject(&subject);
        match manifest_at(&folder.join(MANIFEST)) {
            // The walk over the folder of the months has found it.
            Some(_) if folder.starts_with(&root) => {}
            Some(manifest) => out.papers.extend(published(manifest, subject, None)),
            None => out.unreported.push(subject),
        }
    }
    out.papers.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

/// Papers of the folder of the months.
fn papers_of_months(workspace: &Workspace, root: &Path) -> Result<Vec<PublishedPaper>> {
    let mut out = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            // What is being written under a temporary name is no paper yet.
            let is_temporary = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_dir() && !is_temporary {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == MANIFEST) {
                out.extend(paper_of_month(workspace, root, &path));
            }
        }
    }
    Ok(out)
}

/// Of papers of done months and of `kaiin report` the edition that stands: the newest of each, and none of before a cut-off.
pub(in crate::service) async fn published_papers(workspace: &Workspace) -> Result<GivenOut> {
    let done = done_periods(workspace).await?;
    let given_out = given_out(workspace).await?;
    let stands =
        |paper: &PublishedPaper| !paper.is_early && paper.period.as_ref().is_none_or(|period| done.contains(period));
    let mut out: BTreeMap<_, PublishedPaper> = BTreeMap::new();
    for paper in given_out.papers.into_iter().filter(stands) {
        // Editions of a month lie in folders of its versions, those of `kaiin report` beside each other.
        let place = paper.period.clone().map_or_else(|| Err(folder_above(&paper.name)), Ok);
        let key = (place, paper.report.clone(), paper.variant.clone(), paper.as_of);
        match out.get(&key) {
            Some(other) if other.edition >= paper.edition => {}
            _ => drop(out.insert(key, paper)),
        }
    }
    Ok(GivenOut { papers: out.into_values().collect(), unreported: given_out.unreported })
}

fn folder_above(name: &str) -> String {
    name.rsplit_once('/').map_or("", |(above, _)| above).to_string()
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

/// A manifest that cannot be read or understood tells of no paper of ours.
fn manifest_at(path: &Path) -> Option<PaperManifest> {
    serde_json::from_slice(&input::read_whole(path).ok()?).ok()
}

fn paper_of_month(workspace: &Workspace, root: &Path, manifest: &Path) -> Option<PublishedPaper> {
    let folder = manifest.parent()?;
    let version = folder.strip_prefix(root).ok()?.components().next()?.as_os_str().to_string_lossy().into_owned();
    let name = folder.strip_prefix(workspace.folder()).unwrap_or(folder).to_string_lossy().replace('\\', "/");
    published(manifest_at(manifest)?, name, Some(&version))
}

/// A paper with its folder, and of the ledger with the folder of its version; `None` for a draft.
fn published(manifest: PaperManifest, name: String, version: Option<&str>) -> Option<PublishedPaper> {
    // Later versions of a month, and early ones, have folders of their own: 2025-12_速報.
    let period = version.map(|version| version.split('_').next().unwrap_or_default().to_string());
    (!manifest.draft).then(|| PublishedPaper {
        name,
        is_early: version != period.as_deref(),
        period,
        report: manifest.report,
        variant: manifest.variant,
        area: manifest.area,
        issued_on: manifest.issued_on,
        edition: manifest.edition,
        as_of: manifest.as_of,
        known_at: manifest.known_at,
        inputs: manifest.inputs.into_iter().map(|input| input.sha256).collect(),
        meeting: manifest.meeting,
    })
}
