//! What a backup says of itself: `backup.json`, and the hash of it in a file beside.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::answers::Answers;
use crate::domain::hex::hex;
use crate::error::{Failure, FailureKind};
use crate::input;
use crate::store::Store;

/// The manifest.
pub const MANIFEST: &str = "backup.json";

/// Its hash, in the form that `sha256sum -c` reads.
pub(super) const SEAL: &str = "backup.json.sha256";

/// The form of manifest and folder that this program writes.
pub(super) const FORMAT: u32 = 1;

/// What lies in the data folder.
pub(super) const DATA: &str = "data";

/// What lies elsewhere and belongs to it: settings, definitions, meetings.
pub(super) const BESIDE: &str = "beside";

/// The file of the store, in a backup as in a data folder.
pub(super) const STORE: &str = "kaiin.sqlite";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BackupManifest {
    /// [`FORMAT`] of the program that made it.
    pub(super) format: u32,
    /// Version of that program.
    pub(super) program: String,
    /// Schema of the store.
    pub(super) schema: i64,
    /// When it was made.
    pub(super) made_at: DateTime<Utc>,
    /// The life of the data folder that it was made of.
    pub(super) generation: String,
    /// Where the store was, without a password.
    pub(super) store: String,
    /// Head of the imports.
    pub(super) head: String,
    /// Imports, those that were replaced included.
    pub(super) imports: usize,
    /// Hash of the newest entry of the chain.
    pub(super) chain_head: String,
    /// Entries of the chain.
    pub(super) chain_entries: usize,
    /// The file of settings, as it is named here; none where there was none.
    pub(super) settings: Option<String>,
    /// The folder of definitions, as it is named here; none where only those of the program were used.
    pub(super) definitions: Option<String>,
    /// Papers of the chain that lay elsewhere and are not in here.
    pub(super) papers_elsewhere: usize,
    /// What could not be copied because it is no file.
    pub(super) left_out: Vec<String>,
    /// Questions with the answers of that day.
    pub(super) answers: Answers,
    /// Every file but the manifest and its hash, by name.
    pub(super) files: Vec<BackedUp>,
}

/// A file in a backup.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct BackedUp {
    /// Its name from the folder of the backup on, divided by `/`.
    pub(super) name: String,
    /// Bytes.
    pub(super) size_bytes: u64,
    /// SHA-256, hexadecimal.
    pub(super) sha256: String,
}

/// What manifests of every form say.
#[derive(Deserialize)]
struct Form {
    format: u32,
    program: String,
}

impl BackupManifest {
    /// Bytes of all files together.
    pub(super) fn size_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size_bytes).sum()
    }

    /// The bytes of the manifest and of the file with its hash, and that hash.
    ///
    /// # Errors
    /// None so far: everything in it can be written as JSON.
    pub(super) fn sealed(&self) -> serde_json::Result<(Vec<u8>, Vec<u8>, String)> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        let sha256 = hex(&Sha256::digest(&bytes));
        let seal = seal_of(&sha256).into_bytes();
        Ok((bytes, seal, sha256))
    }
}

fn seal_of(sha256: &str) -> String {
    format!("{sha256}  {MANIFEST}\n")
}

/// Reads the manifest of a backup, with the hash of it.
///
/// # Errors
/// [`Failure`] BAK-005 for a folder that is no backup, BAK-006 for a manifest that is not what was written, BAK-007 for one of a newer
/// program.
pub(super) fn read(folder: &Path) -> Result<(BackupManifest, String), Failure> {
    let (path, seal) = (folder.join(MANIFEST), folder.join(SEAL));
    let bytes = input::read_whole(&path).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => foreign(folder),
        _ => Failure::from_io(&source, &path.display().to_string()),
    })?;
    let sha256 = hex(&Sha256::digest(&bytes));
    let told = input::read_whole(&seal).map_err(|_| damaged(&seal))?;
    if told != seal_of(&sha256).into_bytes() {
        // Of two that do not fit and are both well-formed nobody can tell which was changed.
        return Err(if is_seal(&told) { damaged_pair(&path, &seal) } else { damaged(&seal) });
    }
    let form: Form = serde_json::from_slice(&bytes).map_err(|_| damaged(&path))?;
    if form.format > FORMAT {
        return Err(newer(&form.program));
    }
    let manifest: BackupManifest = serde_json::from_slice(&bytes).map_err(|_| damaged(&path))?;
    if manifest.schema > Store::newest_schema() {
        return Err(newer(&manifest.program));
    }
    let names: BTreeSet<&str> = manifest.files.iter().map(|file| file.name.as_str()).collect();
    let all = names.iter().copied().chain(manifest.settings.as_deref()).chain(manifest.definitions.as_deref());
    if names.len() != manifest.files.len() || !all.into_iter().all(is_inside) {
        return Err(damaged(&path));
    }
    Ok((manifest, sha256))
}

/// Whether a name leads into one of our two folders and nowhere else, whoever wrote it.
fn is_inside(name: &str) -> bool {
    let path = Path::new(name);
    let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    is_plain && (path.starts_with(DATA) || path.starts_with(BESIDE)) && path.components().count() > 1
}

/// Whether bytes have the form of a seal, of whatever manifest.
fn is_seal(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let hash = text.get(..64).unwrap_or_default();
    text == seal_of(hash) && hash.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
}

fn foreign(folder: &Path) -> Failure {
    Failure::new(FailureKind::Input, "BAK-005", folder.display().to_string())
}

fn damaged(path: &Path) -> Failure {
    Failure::new(FailureKind::Data, "BAK-006", path.display().to_string())
}

fn damaged_pair(path: &Path, seal: &Path) -> Failure {
    Failure::new(FailureKind::Data, "BAK-006", format!("{}, {}", path.display(), seal.display()))
}

fn newer(program: &str) -> Failure {
    Failure::new(FailureKind::Input, "BAK-007", format!("{program} > {}", env!("CARGO_PKG_VERSION")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_no_names() {
        for (name, expected) in [
            ("data/kaiin.sqlite", true),
            ("beside/meetings/会議.xlsx", true),
            ("data", false),
            ("data/../../etc/passwd", false),
            ("/etc/passwd", false),
            ("other/file", false),
            ("", false),
        ] {
            assert_eq!(is_inside(name), expected, "{name}");
        }
    }

    #[test]
    fn seal_is_told_from_a_damaged_one() {
        let seal = seal_of(&"0f".repeat(32));
        assert!(is_seal(seal.as_bytes()));
        for (at, byte) in [(0, b'x'), (64, b'_'), (70, b'!')] {
            let mut bytes = seal.clone().into_bytes();
            bytes[at] = byte;
            assert!(!is_seal(&bytes), "{at}");
        }
    }
}
