//! Folders that were written whole with a manifest: snapshots and papers.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::association::{Associations, Tier};
use crate::domain::hex::hex;
use crate::domain::ids::AssociationId;
use crate::input;
use crate::service::keep::Workspace;
use crate::service::keep::snapshot_folders::sha256_of_file;
use crate::store::ChainEntry;
use crate::timeline::snapshot::read_snapshot;

const MANIFEST: &str = "manifest.json";
const DATA: &str = "memberships.parquet";

/// What is not as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is not there.
    Missing,
    /// It is not what was written.
    Changed,
    /// Something else that was written lies in its place.
    Swapped,
    /// Nobody wrote it down.
    Added,
    /// It cannot be read, as for want of permission; nothing is known of it.
    Unreadable,
}

/// One thing that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code of the message.
    pub code: &'static str,
    /// What became of it.
    pub state: State,
    /// The file or folder, or what is named in its place.
    pub place: String,
    /// What the message leaves open.
    #[serde(skip)]
    pub words: Vec<String>,
}

impl Finding {
    pub(in crate::service) fn new(code: &'static str, state: State, place: impl Into<String>) -> Self {
        let place = place.into();
        Self { code, state, words: vec![place.clone()], place }
    }
}

/// What came of looking at a folder.
#[derive(Debug, Clone)]
pub struct FolderCheck {
    /// The folder.
    pub folder: PathBuf,
    /// Files that were read.
    pub n_files: usize,
    /// What is not as it was.
    pub findings: Vec<Finding>,
}

/// The codes under which the states of a kind of folder are told.
struct Codes {
    missing: &'static str,
    changed: &'static str,
    damaged_manifest: &'static str,
    changed_manifest: &'static str,
    swapped: &'static str,
    added: &'static str,
    unreadable: &'static str,
}

const OF_SNAPSHOTS: Codes = Codes {
    missing: "SNP-005",
    changed: "SNP-004",
    damaged_manifest: "SNP-007",
    changed_manifest: "SNP-008",
    swapped: "SNP-009",
    added: "SNP-010",
    unreadable: "SNP-012",
};

const OF_PAPERS: Codes = Codes {
    missing: "SNP-014",
    changed: "SNP-015",
    damaged_manifest: "SNP-007",
    changed_manifest: "SNP-016",
    swapped: "SNP-017",
    added: "SNP-018",
    unreadable: "SNP-019",
};

/// What a manifest says of its files. That of a snapshot has one file and names it by its hash alone.
#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    files: Vec<ListedFile>,
    sha256: Option<String>,
    totals: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct ListedFile {
    name: String,
    sha256: String,
}

/// Looks at every snapshot that the chain tells of, and at what lies beside them.
///
/// # Errors
/// When the master cannot be read.
pub(in crate::service) async fn snapshots(workspace: &Workspace, entries: &[ChainEntry]) -> Result<Vec<FolderCheck>> {
    let bodies = workspace.store.associations().await?;
    let all = Kept::new(workspace, entries, &OF_SNAPSHOTS);
    let mut out: Vec<FolderCheck> = entries.iter().map(|entry| all.check(entry, Some(&bodies))).collect();
    let root = workspace.folder().join("snapshots");
    out.extend(all.added(&folders_in(&root)));
    Ok(out)
}

/// Looks at every paper that the chain tells of, wherever it lies, and at what else lies in the folder of the months.
///
/// # Errors
/// None so far.
pub(in crate::service) fn papers(workspace: &Workspace, entries: &[ChainEntry]) -> Result<Vec<FolderCheck>> {
    let all = Kept::new(workspace, entries, &OF_PAPERS);
    let mut out: Vec<FolderCheck> = entries.iter().map(|entry| all.check(entry, None)).collect();
    out.extend(all.added(&papers_of_months(workspace)));
    Ok(out)
}

/// Papers of months that are what their manifests say.
pub(in crate::service) fn sound_papers(workspace: &Workspace) -> Vec<PathBuf> {
    let all = Kept::new(workspace, &[], &OF_PAPERS);
    let is_sound = |at: &PathBuf| {
        let Ok(manifest) = sha256_of_file(&at.join(MANIFEST)) else { return false };
        let mut check = FolderCheck { folder: at.clone(), n_files: 0, findings: Vec::new() };
        all.look(&manifest, None, at, &mut check);
        check.n_files > 1 && check.findings.is_empty()
    };
    papers_of_months(workspace).into_iter().filter(is_sound).collect()
}

fn papers_of_months(workspace: &Workspace) -> Vec<PathBuf> {
    let root = workspace.folder().join(&workspace.config.jobs.papers);
    folders_in(&root).into_iter().flat_map(|month| folders_in(&month)).filter(|at| !is_draft(at)).collect()
}

/// Drafts are no papers.
fn is_draft(at: &Path) -> bool {
    at.file_name().is_some_and(|name| name.to_string_lossy().contains("_draft"))
}

struct Kept<'k> {
    codes: &'k Codes,
    /// Places by hash of their manifests.
    places: BTreeMap<&'k str, Vec<PathBuf>>,
    workspace: &'k Workspace,
}

impl<'k> Kept<'k> {
    fn new(workspace: &'k Workspace, entries: &'k [ChainEntry], codes: &'k Codes) -> Self {
        let mut places: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
        for entry in entries {
            places.entry(&entry.content).or_default().push(workspace.place_of_subject(&entry.subject));
        }
        Self { codes, places, workspace }
    }

    /// Folders of which the chain does not tell.
    fn added(&self, found: &[PathBuf]) -> Vec<FolderCheck> {
        let known: BTreeSet<&PathBuf> = self.places.values().flatten().collect();
        let unknown = found.iter().filter(|at| !known.contains(at));
        let finding = |at: &Path| Finding::new(self.codes.added, State::Added, at.display().to_string());
        unknown.map(|at| FolderCheck { folder: at.clone(), n_files: 0, findings: vec![finding(at)] }).collect()
    }

    fn check(&self, entry: &ChainEntry, bodies: Option<&Associations>) -> FolderCheck {
        let folder = self.workspace.place_of_subject(&entry.subject);
        let mut check = FolderCheck { folder: folder.clone(), n_files: 0, findings: Vec::new() };
        self.look(&entry.content, bodies, &folder, &mut check);
        check
    }

    /// Compares a folder with the hash of its manifest.
    fn look(&self, content: &str, bodies: Option<&Associations>, folder: &Path, check: &mut FolderCheck) {
        let path = folder.join(MANIFEST);
        let bytes = match input::read_whole(&path) {
            Ok(bytes) => bytes,
            Err(error) if is_missing(&error) => {
                // A manifest alone that is gone leaves the rest unproved; a folder that is gone may have been moved.
                let place = if folder.is_dir() { path.as_path() } else { folder };
                return push(check, folder, self.codes.missing, State::Missing, place);
            }
            Err(_) => return push(check, folder, self.codes.unreadable, State::Unreadable, &path),
        };
        check.n_files += 1;
        let sha256 = sha256_of(&bytes);
        let told: Option<Listed> = serde_json::from_slice(&bytes).ok();
        if sha256 != content {
            let others = self.places.get(sha256.as_str());
            let (code, state) = match (others, &told) {
                (Some(_), _) => (self.codes.swapped, State::Swapped),
                (None, None) => (self.codes.damaged_manifest, State::Changed),
                (None, Some(_)) => (self.codes.changed_manifest, State::Changed),
            };
            push(check, folder, code, state, &path);
        }
        let Some(told) = told else { return };
        let mut named: BTreeSet<PathBuf> = BTreeSet::from([path]);
        let of_snapshot = told.sha256.iter().map(|sha256| (DATA, sha256.as_str()));
        let of_paper = told.files.iter().map(|file| (file.name.as_str(), file.sha256.as_str()));
        for (name, sha256) in of_snapshot.chain(of_paper) {
            let place = folder.join(name);
            match input::read_whole(&place) {
                Ok(bytes) => {
                    check.n_files += 1;
                    if sha256_of(&bytes) != sha256 {
                        push(check, folder, self.codes.changed, State::Changed, &place);
                    }
                }
                Err(error) if is_missing(&error) => push(check, folder, self.codes.missing, State::Missing, &place),
                Err(_) => push(check, folder, self.codes.unreadable, State::Unreadable, &place),
            }
            named.insert(place);
        }
        if let (Some(bodies), Some(totals), true) = (bodies, &told.totals, check.findings.is_empty())
            && !fit(&folder.join(DATA), totals, bodies)
        {
            push(check, folder, "SNP-011", State::Changed, &folder.join(MANIFEST));
        }
        for place in files_in(folder).into_iter().filter(|place| !named.contains(place)) {
            push(check, folder, "SNP-013", State::Added, &place);
        }
    }
}

fn push(check: &mut FolderCheck, folder: &Path, code: &'static str, state: State, place: &Path) {
    let mut finding = Finding::new(code, state, place.display().to_string());
    if code == OF_SNAPSHOTS.changed {
        finding.words = words(folder);
    }
    check.findings.push(finding);
}

/// Id, folder and days of a snapshot, as its messages name them.
fn words(folder: &Path) -> Vec<String> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let id = name.trim_start_matches("snapshot=").to_string();
    let mut days = id.split('_').map(str::to_string);
    let (as_of, known_at) = (days.next().unwrap_or_default(), days.next().unwrap_or_default());
    vec![id, folder.display().to_string(), as_of, known_at]
}

/// Whether the totals of a manifest are those of the file, counted again.
fn fit(data: &Path, totals: &serde_json::Value, bodies: &Associations) -> bool {
    let Ok(rows) = read_snapshot(data) else { return false };
    [("local", Tier::Local), ("prefectural", Tier::Prefectural), ("national", Tier::National)].into_iter().all(
        |(key, tier)| {
            let of_tier =
                rows.iter().filter(|(_, body)| bodies.get(AssociationId(*body)).is_some_and(|one| one.tier == tier));
            let persons: Vec<i64> = of_tier.map(|(physician, _)| *physician).collect();
            let heads = persons.iter().collect::<BTreeSet<_>>().len();
            let is =
                |name: &str, n: usize| totals[key][name].as_u64().is_none_or(|told| usize::try_from(told) == Ok(n));
            is("memberships", persons.len()) && is("heads", heads)
        },
    )
}

fn is_missing(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn sha256_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Folders in a folder, by name, those of the program for a while apart.
fn folders_in(folder: &Path) -> Vec<PathBuf> {
    entries_in(folder).into_iter().filter(|path| path.is_dir()).collect()
}

/// All files in a folder and below it.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let (folders, mut files): (Vec<PathBuf>, Vec<PathBuf>) =
        entries_in(folder).into_iter().partition(|path| path.is_dir());
    files.extend(folders.iter().flat_map(|folder| files_in(folder)));
    files
}

fn entries_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mut out: Vec<PathBuf> =
        entries.filter(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))).collect();
    out.sort();
    out
}
