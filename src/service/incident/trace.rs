//! From a file to everything that is known of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use super::given::{Asked, asked, files_below, sha256_of};
use super::known::{Catalogue, Handed, KnownFile, Wanted, What};
use super::persons::{Persons, persons};
use super::resembling::{Resemblance, named, resembling};
use crate::domain::distribution::{DeliveryState, Distribution};
use crate::domain::text::compose_marks;
use crate::error::Failure;
use crate::files::names::name_of;
use crate::service::keep::Workspace;
use crate::service::keep::handed_out::{HANDED_OUT, HandedFile, HandedOut, handing};

/// Folders of files that nobody recorded the hash of, from the data folder on; the inbox is a setting.
const LYING: [&str; 2] = ["rejects", "given"];

/// Names that say nothing: each paper has them.
const OF_EVERY_PAPER: [&str; 3] = ["content.json", "datapackage.json", "manifest.json"];

/// What came of looking.
#[derive(Debug)]
pub struct Incident {
    /// Each file that was asked about.
    pub files: Vec<Traced>,
    /// The persons of all of them together, the same paper counted once; `None` where something is not known.
    pub most_persons: Option<usize>,
    /// What could not be looked at: folders of papers that are gone or are not what was recorded.
    pub gaps: Vec<String>,
}

/// How a file is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By its content, to the byte.
    Content,
    /// By the name that was given alone.
    Name,
    /// Not at all.
    Nothing,
}

/// One file.
#[derive(Debug)]
pub struct Traced {
    /// As it was asked about.
    pub asked: String,
    /// Its SHA-256; `None` for a name.
    pub sha256: Option<String>,
    /// How it is known.
    pub by: By,
    /// What it is, with the name under which it is known. By a name alone there may be several.
    pub known: Vec<(String, What, Persons)>,
    /// Who was to get it, in order.
    pub delivered: Vec<Delivered>,
    /// Who took it by a command or a page, in order.
    pub taken: Vec<HandedOut>,
    /// What it has in common with known files, where it is none.
    pub resembles: Vec<Resemblance>,
    /// Why it cannot be read.
    pub failure: Option<Failure>,
}

/// A recipient of a file.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// The distribution, with who made and approved it.
    pub distribution: Distribution,
    /// Code of the recipient.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What became of it; `None` where the ledger does not tell.
    pub state: Option<DeliveryState>,
    /// When that was.
    pub changed_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Where it is delivered.
    pub place: PathBuf,
}

/// Looks for files, or for all of a folder, or for names where no file is.
///
/// # Errors
/// [`Failure`] ENV-013 where there is no store; when it, or a folder that was named, cannot be read.
pub async fn trace(workspace: &Workspace, typed: &[PathBuf]) -> Result<Incident> {
    workspace.refuse_unmade()?;
    let hashed: Vec<(Asked, Option<Result<String, Failure>>)> = asked(typed)?.into_iter().map(hashed).collect();
    let mut wanted = Wanted::default();
    for (one, hash) in &hashed {
        if hash.is_none() || !OF_EVERY_PAPER.contains(&one.name().as_str()) {
            wanted.names.insert(compose_marks(&one.name()).into_owned());
        }
        wanted.hashes.extend(hash.iter().filter_map(|hash| hash.as_ref().ok()).cloned());
    }
    let mut catalogue = Catalogue::read(workspace, wanted).await?;
    match handing(workspace.folder()) {
        Ok(record) => {
            catalogue.gaps.extend((!record.broken.is_empty()).then(|| HANDED_OUT.into()));
            catalogue.taken = record.entries;
        }
        Err(_) => catalogue.gaps.push(HANDED_OUT.into()),
    }
    let mut files = Vec::new();
    for (one, hash) in hashed {
        files.push(match (one, hash) {
            (Asked::File(path), Some(hash)) => traced_file(workspace, &catalogue, (&path, hash)).await,
            (one, _) => traced_name(workspace, &catalogue, one.name()).await,
        });
    }
    Ok(Incident { most_persons: most_persons(&files), files, gaps: catalogue.gaps })
}

/// What was asked about, with the hash of a file.
fn hashed(one: Asked) -> (Asked, Option<Result<String, Failure>>) {
    let hash = match &one {
        Asked::File(path) => Some(sha256_of(path)),
        Asked::Name(_) => None,
    };
    (one, hash)
}

async fn traced_file(
    workspace: &Workspace,
    catalogue: &Catalogue,
    (path, hash): (&Path, Result<String, Failure>),
) -> Traced {
    let asked = path.display().to_string();
    let nothing = |sha256, failure| Traced {
        asked: asked.clone(),
        sha256,
        by: By::Nothing,
        known: Vec::new(),
        delivered: Vec::new(),
        taken: Vec::new(),
        resembles: Vec::new(),
        failure,
    };
    let sha256 = match hash {
        Ok(sha256) => sha256,
        Err(failure) => return nothing(None, Some(failure)),
    };
    let mut found: Vec<KnownFile> = catalogue.files.iter().filter(|file| file.sha256 == sha256).cloned().collect();
    if found.is_empty() {
        found = lying(workspace, path, &sha256);
    }
    let taken = taken(catalogue, |file| file.sha256 == sha256);
    if let Some(first) = taken.first().filter(|_| found.is_empty()) {
        let what = What::HandedOut(Arc::new(first.clone()));
        found.push(KnownFile { name: name_of(path), sha256: sha256.clone(), what });
    }
    if found.is_empty() {
        let resembles = resembling(catalogue, path, &name_of(path));
        return Traced { resembles, ..nothing(Some(sha256), None) };
    }
    let known = known(workspace, found.iter()).await;
    let delivered = delivered(catalogue, |handed| handed.sha256 == sha256);
    Traced { by: By::Content, known, delivered, taken, ..nothing(Some(sha256), None) }
}

/// Whoever has only a name hears of all files that are called so.
async fn traced_name(workspace: &Workspace, catalogue: &Catalogue, name: String) -> Traced {
    let mut found: Vec<KnownFile> = named(catalogue, &name).into_iter().cloned().collect();
    let known_as = |file: &HandedFile| is_called(&file.name, &name);
    for one in taken(catalogue, known_as) {
        for file in one.files.iter().filter(|file| known_as(file)) {
            // A paper that was taken is known better.
            if found.iter().all(|known| known.sha256 != file.sha256) {
                let (name, sha256) = (file.name.clone(), file.sha256.clone());
                found.push(KnownFile { name, sha256, what: What::HandedOut(Arc::new(one.clone())) });
            }
        }
    }
    let is_found = |sha256: &str| found.iter().any(|file| file.sha256 == sha256);
    Traced {
        sha256: None,
        by: if found.is_empty() { By::Nothing } else { By::Name },
        known: known(workspace, found.iter()).await,
        delivered: delivered(catalogue, |handed| is_found(&handed.sha256)),
        taken: taken(catalogue, |file| is_found(&file.sha256)),
        resembles: Vec::new(),
        failure: None,
        asked: name,
    }
}

async fn known(workspace: &Workspace, found: impl Iterator<Item = &KnownFile>) -> Vec<(String, What, Persons)> {
    let mut out = Vec::new();
    for file in found {
        out.push((file.name.clone(), file.what.clone(), persons(workspace, &file.what, &file.name).await));
    }
    out
}

/// Copies of a file that lie in the data folder although nobody recorded their hashes.
fn lying(workspace: &Workspace, path: &Path, sha256: &str) -> Vec<KnownFile> {
    let Ok(size) = fs::metadata(path).map(|file| file.len()) else { return Vec::new() };
    let folders = LYING.iter().map(PathBuf::from).chain([workspace.config.jobs.inbox.clone()]);
    // A folder that is not there holds nothing.
    let files = folders.flat_map(|folder| files_below(&workspace.folder().join(folder)).unwrap_or_default());
    let itself = fs::canonicalize(path).ok();
    let is_same = |other: &PathBuf| {
        fs::metadata(other).is_ok_and(|file| file.len() == size)
            && fs::canonicalize(other).ok() != itself
            && sha256_of(other).is_ok_and(|found| found == sha256)
    };
    let what =
        |other: PathBuf| KnownFile { name: name_of(&other), sha256: sha256.to_string(), what: What::Lying(other) };
    files.filter(is_same).map(what).collect()
}

/// Who was to get files, by distribution and in official order.
fn delivered(catalogue: &Catalogue, is_wanted: impl Fn(&Handed) -> bool) -> Vec<Delivered> {
    let of_one = |handed: &Handed| {
        let distribution = catalogue.distributions.iter().find(|one| one.number == handed.number)?;
        // A letter goes with the papers of its recipient.
        let row = catalogue.deliveries.iter().find(|row| {
            (row.distribution, &row.recipient) == (handed.number, &handed.recipient.0)
                && handed.report.as_ref().is_none_or(|report| *report == row.report)
        });
        Some(Delivered {
            distribution: distribution.clone(),
            code: handed.recipient.0.clone(),
            name: handed.recipient.1.clone(),
            state: row.map(|row| row.state),
            changed_at: row.map(|row| row.changed_at),
            place: handed.place.clone(),
        })
    };
    catalogue.handed.iter().filter(|handed| is_wanted(handed)).filter_map(of_one).collect()
}

/// Who took files by a command or a page, in order.
fn taken(catalogue: &Catalogue, is_wanted: impl Fn(&HandedFile) -> bool) -> Vec<HandedOut> {
    catalogue.taken.iter().filter(|one| one.files.iter().any(&is_wanted)).cloned().collect()
}

fn is_called(name: &str, wanted: &str) -> bool {
    compose_marks(name) == compose_marks(wanted)
}

/// The persons of all files together. Files of one paper show the same ones.
fn most_persons(files: &[Traced]) -> Option<usize> {
    let mut of_each: BTreeMap<String, usize> = BTreeMap::new();
    for file in files {
        if file.by != By::Content {
            return None;
        }
        // Whatever it is known as, it is one file.
        let (name, what, _) = file.known.first()?;
        let most = file.known.iter().filter_map(|(_, _, persons)| persons.most).min()?;
        let key = match what {
            What::Paper(paper) => paper.subject.clone(),
            _ => file.sha256.clone().unwrap_or_else(|| name.clone()),
        };
        let kept = of_each.entry(key).or_default();
        *kept = (*kept).max(most);
    }
    Some(of_each.values().sum())
}
