//! Papers are kept (R36): each edition of a paper has a folder of its own, which appears whole by one rename and is never
//! changed afterwards.
//!
//! A [`Series`] is what was made so far of one report, area, day and variant in one output folder; its folders are numbered
//! through, whatever their known-at. This module knows folders and manifests, not what stands in a paper.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::manifest::{MANIFEST, Manifest};
use super::run::Run;
use crate::domain::hex::hex;
use crate::domain::paper_content::PaperContent;
use crate::error::{Failure, FailureKind};
use crate::files::{NewFolder, Readers, make_folder, remove_folder, remove_leftovers};
use crate::input;
use crate::service::keep::export::{not_writable, write_file};

/// Name of the file that holds what the tables say, for comparing later editions.
pub(in crate::service) const CONTENT: &str = "content.json";

/// Everything made so far of one paper, whatever the known-at.
pub(super) struct Series {
    out: PathBuf,
    base: String,
    /// Those that can be read, by number.
    editions: Vec<Edition>,
    /// The numbers in use, by folders that are no papers of ours too.
    numbers: Vec<u32>,
}

/// One edition in its folder.
#[derive(Debug)]
pub(super) struct Edition {
    /// Its number, from 1.
    pub(super) number: u32,
    /// Its folder.
    pub(super) folder: PathBuf,
    /// What it was made from.
    pub(super) manifest: Manifest,
}

/// Removes what killed runs left half-written in an output folder, of whichever paper.
pub fn clear_away(out: &Path) {
    // Papers have a folder each, into which further formats are written, some of them in folders of their own.
    remove_leftovers(out, 2);
}

impl Series {
    /// Looks for the editions of a paper.
    ///
    /// # Errors
    /// [`Failure`] when the output folder cannot be read.
    pub(super) fn read(out: &Path, base: &str) -> Result<Self> {
        let mut series =
            Self { out: out.to_path_buf(), base: base.to_string(), editions: Vec::new(), numbers: Vec::new() };
        let refused = |source: &std::io::Error| not_writable(out, source);
        let entries = match fs::read_dir(out) {
            Ok(entries) => entries,
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(series),
            Err(source) => return Err(refused(&source).into()),
        };
        for entry in entries {
            let entry = entry.map_err(|source| refused(&source))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(number) = number_of(&name, base) else { continue };
            series.numbers.push(number);
            // What has no manifest of ours is somebody else's: its name is taken, and it is left alone.
            let Ok(text) = input::read_whole(&entry.path().join(MANIFEST)) else { continue };
            if let Ok(manifest) = serde_json::from_slice(&text) {
                series.editions.push(Edition { number, folder: entry.path(), manifest });
            }
        }
        series.editions.sort_by_key(|edition| edition.number);
        Ok(series)
    }

    /// The edition that says this already: the newest of the known-at. Of a run, it is the newest that the ledger has, else one
    /// after it that the run has put in place and could not record: it is recorded now.
    ///
    /// Another one that the ledger does not have stays as it is, and the paper is the next edition: the ledger may be one of
    /// before that was put back, and what it does not have was handed out.
    pub(super) fn saying(&self, content_sha256: &str, known_at: &str, run: Option<&Run>) -> Option<&Edition> {
        let newest_first = || self.editions.iter().rev().filter(|edition| edition.manifest.known_at == known_at);
        let says_it = |edition: &&Edition| edition.manifest.content_sha256 == content_sha256;
        let recorded = newest_first().find(|edition| !edition.is_lost(run)).filter(says_it);
        recorded.or_else(|| newest_first().take_while(|edition| edition.is_lost(run)).find(says_it))
    }

    /// The newest edition, whatever its known-at.
    pub(super) fn into_newest(mut self) -> Option<Edition> {
        self.editions.pop()
    }

    /// The edition that one with this number and known-at is compared with: the newest earlier one of the same known-at, else
    /// the newest earlier one.
    pub(super) fn before(&self, number: u32, known_at: &str) -> Option<&Edition> {
        let earlier = || self.editions.iter().rev().filter(|edition| edition.number < number);
        earlier().find(|edition| edition.manifest.known_at == known_at).or_else(|| earlier().next())
    }

    /// The number of the next edition.
    pub(super) fn next(&self) -> u32 {
        self.numbers.iter().max().map_or(1, |highest| highest.saturating_add(1))
    }

    /// Name of the folder of an edition, and of the files in it.
    pub(super) fn name(&self, number: u32) -> String {
        if number == 1 { self.base.clone() } else { format!("{}_v{number}", self.base) }
    }

    /// Sets no store by editions that a run has put in place and could not record, and that are not what was written: their
    /// numbers stay taken.
    pub(super) fn without_damaged(mut self, run: Option<&Run>) -> Self {
        self.editions.retain(|edition| !edition.is_lost(run) || edition.check_untouched().is_ok());
        self
    }

    /// Writes an edition under a temporary name.
    ///
    /// # Errors
    /// [`Failure`] when the folder cannot be written.
    pub(super) fn write(&self, number: u32, files: &[(PathBuf, Vec<u8>)], readers: Readers) -> Result<NewEdition> {
        let folder = self.out.join(self.name(number));
        let write = || {
            // Papers of both variants lie in it; each has a folder of its own for its readers.
            make_folder(&self.out, Readers::ByUmask)?;
            let new = NewFolder::within(&self.out, readers)?;
            files.iter().try_for_each(|(name, bytes)| new.write(name, bytes))?;
            Ok(NewEdition { new, folder })
        };
        write().map_err(|source| not_writable(&self.out, &source).into())
    }
}

/// An edition under its temporary name. Dropping it leaves nothing behind.
#[derive(Debug)]
pub(super) struct NewEdition {
    new: NewFolder,
    folder: PathBuf,
}

impl NewEdition {
    /// Gives it its name by one rename.
    ///
    /// # Errors
    /// [`Failure`] when the folder cannot be written.
    pub(super) fn put(self, run: Option<&Run>) -> Result<()> {
        let out = self.folder.parent().unwrap_or(&self.folder);
        // Put there since this one was prepared, by one who has lost the right to.
        if let Some(run) = run.filter(|_| self.folder.exists())
            && let Ok(text) = input::read_whole(&self.folder.join(MANIFEST))
            && serde_json::from_slice(&text).is_ok_and(|manifest| run.has_lost(&self.folder, &manifest))
        {
            tracing::warn!(folder = %self.folder.display(), "a paper of a run that has lost the right to publish is removed");
            remove_folder(&self.folder).map_err(|source| not_writable(out, &source))?;
        }
        self.new.finish(&self.folder).map_err(|source| not_writable(out, &source).into())
    }
}

/// The number in the name of a folder: 1 for the name itself, 3 for `…_v3`.
fn number_of(name: &str, base: &str) -> Option<u32> {
    match name.strip_prefix(base)? {
        "" => Some(1),
        rest => rest.strip_prefix("_v")?.parse().ok().filter(|number| *number > 1),
    }
}

impl Edition {
    /// Whether a run has put it in place and could not record it.
    fn is_lost(&self, run: Option<&Run>) -> bool {
        run.is_some_and(|run| run.has_lost(&self.folder, &self.manifest))
    }

    /// What its tables say.
    ///
    /// # Errors
    /// [`Failure`] RPT-025 when the file is not what was written.
    pub(super) fn content(&self) -> Result<PaperContent> {
        let text = input::read_whole(&self.folder.join(CONTENT)).unwrap_or_default();
        serde_json::from_slice(&text).map_err(|_| self.touched(CONTENT).into())
    }

    /// Looks whether every file is as it was written.
    ///
    /// # Errors
    /// [`Failure`] RPT-025 with the first one that is not.
    pub(super) fn check_untouched(&self) -> Result<()> {
        let is_kept = |name: &str, sha256: &str| {
            input::read_whole(&self.folder.join(name)).is_ok_and(|bytes| hex(&Sha256::digest(bytes)) == sha256)
        };
        let changed = self.manifest.files.iter().find(|file| !is_kept(&file.name, &file.sha256));
        changed.map_or(Ok(()), |file| Err(self.touched(&file.name).into()))
    }

    fn touched(&self, name: &str) -> Failure {
        Failure::new(FailureKind::Data, "RPT-025", self.folder.join(name).display().to_string())
    }
}

/// Adds files of other formats to an edition; the manifest that names them comes last.
///
/// # Errors
/// [`Failure`] when the folder cannot be written.
pub(super) fn add(folder: &Path, files: &[(PathBuf, Vec<u8>)], manifest: &Manifest, readers: Readers) -> Result<()> {
    for (name, bytes) in files {
        write_file(&folder.join(name), bytes, readers)?;
    }
    write_file(&folder.join(MANIFEST), &manifest.to_bytes()?, readers)
}

/// Whether two editions of a paper say the same, but for what makes them editions: the tables, to the letter. What cannot be read says
/// nothing.
pub fn say_the_same(one: &Path, other: &Path) -> bool {
    let said = |folder: &Path| -> Option<PaperContent> {
        let content: PaperContent = serde_json::from_slice(&input::read_whole(&folder.join(CONTENT)).ok()?).ok()?;
        Some(content.without_errata())
    };
    said(one).is_some_and(|content| Some(content) == said(other))
}

/// The bytes of the file for comparing later editions.
pub(super) fn content_bytes(content: &PaperContent) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(content).context("writing what the tables say")?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn only_folders_of_the_paper_have_a_number() {
        let base = "member-counts_2025-12-31";
        for (name, expected) in [
            ("member-counts_2025-12-31", Some(1)),
            ("member-counts_2025-12-31_v2", Some(2)),
            ("member-counts_2025-12-31_v12", Some(12)),
            ("member-counts_2025-12-31_v1", None),
            ("member-counts_2025-12-31_vx", None),
            ("member-counts_2025-12-31_external", None),
            ("member-counts_2025-12-31_external_v2", None),
            ("member-counts_11-001_2025-12-31", None),
        ] {
            assert_eq!(number_of(name, base), expected, "{name}");
        }
    }
}
