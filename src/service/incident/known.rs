//! Files that were made, taken in and handed over, with their hashes as they were recorded then; those that somebody looks for
//! are kept: ten years of papers for 900 bodies are a hundred thousand manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use crate::domain::association::Associations;
use crate::domain::chain_kind::ChainKind;
use crate::domain::distribution::{Delivery, Distribution};
use crate::domain::text::compose_marks;
use crate::files::names::name_of;
use crate::files::sha256_hex;
use crate::input;
use crate::service::keep::Workspace;
use crate::service::keep::handed_out::HandedOut;
use crate::service::keep::snapshot_folders::{DATA, MANIFEST, SnapshotManifest};
use crate::service::papers::{self, Manifest};
use crate::service::publish::{DistributionManifest, LETTER};
use crate::store::{ChainEntry, ChainScope, ImportRecord};

/// Name of the file that says what goes to whom.
const DISTRIBUTION: &str = "distribution.json";

/// A paper of which the chain tells, as its manifest says.
#[derive(Debug)]
pub struct KnownPaper {
    /// Its folder, as the chain names it.
    pub subject: String,
    /// Where that is.
    pub folder: PathBuf,
    /// Its title, as its definition says now; else the id of the report.
    pub title: String,
    /// Name of the body that it is limited to; empty for none.
    pub area: String,
    /// What it was made from.
    pub manifest: Manifest,
}

/// What a file is.
#[derive(Debug, Clone)]
pub enum What {
    /// A file of a paper.
    Paper(Arc<KnownPaper>),
    /// A file of a paper of a month, of which only the ledger tells any more: its path from the data folder on.
    LedgerFile(String),
    /// The letter to a recipient (送付状).
    Letter,
    /// What goes to whom.
    Distribution(u32),
    /// Frozen memberships.
    Snapshot(Arc<SnapshotManifest>),
    /// A file that was taken in.
    Import(Arc<ImportRecord>),
    /// Something that a command wrote and nothing else keeps, as it was noted when it was handed out.
    HandedOut(Arc<HandedOut>),
    /// A copy of a file that lies in the data folder, such as a list of rejected rows or a file that was refused.
    Lying(PathBuf),
}

/// A file with its hash.
#[derive(Debug, Clone)]
pub(super) struct KnownFile {
    /// Its name; of a file of a paper from the folder of that on.
    pub(super) name: String,
    pub(super) sha256: String,
    pub(super) what: What,
}

/// A file that was made for a recipient.
#[derive(Debug, Clone)]
pub(super) struct Handed {
    pub(super) sha256: String,
    /// Name in the folder of the recipient.
    pub(super) name: String,
    /// Number of the distribution.
    pub(super) number: u32,
    /// Code and name of the recipient.
    pub(super) recipient: (String, String),
    /// Its report; `None` for a letter, which goes with all of them.
    pub(super) report: Option<String>,
    /// Where it is delivered.
    pub(super) place: PathBuf,
}

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) hashes: BTreeSet<String>,
    /// Names in the one form of [`compose_marks`].
    pub(super) names: BTreeSet<String>,
}

impl Wanted {
    fn has(&self, name: &str, sha256: &str) -> bool {
        self.hashes.contains(sha256) || self.names.contains(compose_marks(name).as_ref())
    }
}

/// What is known of what is looked for.
#[derive(Debug, Default)]
pub(super) struct Catalogue {
    pub(super) files: Vec<KnownFile>,
    pub(super) handed: Vec<Handed>,
    pub(super) distributions: Vec<Distribution>,
    pub(super) deliveries: Vec<Delivery>,
    /// What commands and pages have handed out.
    pub(super) taken: Vec<HandedOut>,
    /// All PDF files of papers.
    pub(super) pdfs: Vec<PathBuf>,
    /// What could not be looked at, or is not what was recorded.
    pub(super) gaps: Vec<String>,
    wanted: Wanted,
    /// Ids and titles of definitions.
    titles: Vec<(String, String)>,
    associations: Associations,
}

impl Catalogue {
    /// Goes through everything. What cannot be read is a gap.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn read(workspace: &Workspace, wanted: Wanted) -> Result<Self> {
        let mut out = Self {
            distributions: workspace.store.distributions().await?,
            deliveries: workspace.store.deliveries().await?,
            wanted,
            titles: papers::sound_list(workspace).0.iter().map(|one| (one.id().into(), one.title().into())).collect(),
            associations: workspace.store.associations().await?,
            ..Self::default()
        };
        // Papers are handed over under names of their own; then they are looked for by their content.
        out.add_distributions(workspace);
        let chain = workspace.store.check_chain(ChainScope::Links).await?;
        if !chain.faults.is_empty() {
            out.gaps.push("chain".into());
        }
        for entry in newest(&chain.entries) {
            out.add_entry(workspace, entry);
        }
        for file in workspace.store.job_files().await? {
            // Where its folder tells of it that is more.
            if out.files.iter().all(|known| known.sha256 != file.sha256) {
                let name = name_of(Path::new(&file.name));
                out.add(KnownFile { name, sha256: file.sha256, what: What::LedgerFile(file.name) });
            }
        }
        for import in workspace.store.imports().await? {
            let (name, sha256) = (import.file_name.clone(), import.sha256.clone());
            out.add(KnownFile { name, sha256, what: What::Import(Arc::new(import)) });
        }
        Ok(out)
    }

    /// Keeps a file that is looked for.
    fn add(&mut self, file: KnownFile) {
        if self.wanted.has(&name_of(Path::new(&file.name)), &file.sha256) {
            self.files.push(file);
        }
    }

    /// A folder that the chain tells of, if its manifest is the one that was recorded.
    fn add_entry(&mut self, workspace: &Workspace, entry: &ChainEntry) {
        let folder = workspace.place_of_subject(&entry.subject);
        let bytes = input::read_whole(&folder.join(MANIFEST)).ok().filter(|bytes| sha256_hex(bytes) == entry.content);
        let added = bytes.and_then(|bytes| match entry.kind == ChainKind::Paper.code() {
            true => self.add_paper(entry, folder, serde_json::from_slice(&bytes).ok()?),
            false => self.add_snapshot(entry, serde_json::from_slice(&bytes).ok()?),
        });
        if added.is_none() {
            self.gaps.push(entry.subject.clone());
        }
    }

    fn add_paper(&mut self, entry: &ChainEntry, folder: PathBuf, manifest: Manifest) -> Option<()> {
        let (title, area) = (self.title_of(&manifest.report), self.area_of(&manifest));
        let paper = Arc::new(KnownPaper { subject: entry.subject.clone(), folder, title, area, manifest });
        let own = (MANIFEST.to_string(), entry.content.clone());
        let files = paper.manifest.files.iter().map(|file| (file.name.clone(), file.sha256.clone()));
        for (name, sha256) in files.chain([own]) {
            if name.ends_with(".pdf") {
                self.pdfs.push(paper.folder.join(&name));
            }
            self.add(KnownFile { name, sha256, what: What::Paper(Arc::clone(&paper)) });
        }
        Some(())
    }

    /// The title of a report, else its id.
    fn title_of(&self, report: &str) -> String {
        papers::title_of(&self.titles, report).unwrap_or(report).to_string()
    }

    fn area_of(&self, manifest: &Manifest) -> String {
        let Some(code) = &manifest.area else { return String::new() };
        let name = self.associations.by_code(code).map(|body| format!("{code} {}", body.name));
        name.unwrap_or_else(|| code.clone())
    }

    fn add_snapshot(&mut self, entry: &ChainEntry, manifest: SnapshotManifest) -> Option<()> {
        let snapshot = Arc::new(manifest);
        for (name, sha256) in [(DATA, &snapshot.sha256), (MANIFEST, &entry.content)] {
            let what = What::Snapshot(Arc::clone(&snapshot));
            self.add(KnownFile { name: name.to_string(), sha256: sha256.clone(), what });
        }
        Some(())
    }

    fn add_distributions(&mut self, workspace: &Workspace) {
        for one in self.distributions.clone() {
            let (sha256, what) = (one.manifest_sha256.clone(), What::Distribution(one.number));
            self.add(KnownFile { name: DISTRIBUTION.into(), sha256, what });
            let Ok(manifest) = DistributionManifest::read(workspace, &one) else {
                self.gaps.push(one.folder);
                continue;
            };
            self.add_handed(workspace, &manifest);
        }
    }

    fn add_handed(&mut self, workspace: &Workspace, manifest: &DistributionManifest) {
        for to in &manifest.recipients {
            let place = workspace.folder().join(&manifest.folder).join(&to.place);
            let handed = |name: &str, sha256: &str, report: Option<&String>| Handed {
                sha256: sha256.to_string(),
                name: name.to_string(),
                number: manifest.number,
                recipient: (to.code.clone(), to.name.clone()),
                report: report.cloned(),
                place: place.join(name),
            };
            let files = to.papers.iter().flat_map(|paper| paper.files.iter().map(move |file| (paper, file)));
            let papers = files.map(|(paper, file)| handed(&file.name, &file.sha256, Some(&paper.report)));
            for one in papers.chain([handed(LETTER, &to.letter_sha256, None)]) {
                if !self.wanted.has(&one.name, &one.sha256) {
                    continue;
                }
                if one.report.is_none() {
                    self.add(KnownFile { name: one.name.clone(), sha256: one.sha256.clone(), what: What::Letter });
                }
                self.wanted.hashes.insert(one.sha256.clone());
                self.handed.push(one);
            }
        }
    }
}

/// The newest entry about each snapshot and paper, by folder.
fn newest(entries: &[ChainEntry]) -> Vec<&ChainEntry> {
    let mut out: BTreeMap<(&str, &str), &ChainEntry> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| ChainKind::is_of_manifest(&entry.kind)) {
        out.insert((&entry.kind, &entry.subject), entry);
    }
    out.into_values().collect()
}
