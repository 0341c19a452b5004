//! What was given together, and what is known of it: a text in its folder, written anew as a whole.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::report::{FileReport, Told, Verdict};
use crate::domain::hex::hex;
use crate::error::{Failure, FailureKind};
use crate::files::{self, Readers};
use crate::input;
use crate::service::keep::given_files::GIVEN;

/// The text.
const STATE: &str = "state.json";

/// Letters of an id: 128 random bits.
const ID_LETTERS: usize = 32;

/// Where the bytes of a file lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the folder of what was given.
    Here,
    /// In the inbox, among the files that ask.
    Inbox,
}

/// A file that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenFile {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Bytes.
    pub size: u64,
    /// Where it lies.
    pub place: Place,
    /// Export day that somebody has told.
    pub known_at: Option<NaiveDate>,
    /// Whose export somebody says that it is (源); else its kind.
    #[serde(default)]
    pub source: Option<String>,
    /// Layout by which somebody says that it is read; else the one that fits.
    #[serde(default)]
    pub layout: Option<String>,
    /// What was found in it; `None` where nobody has looked yet.
    pub report: Option<FileReport>,
    /// What became of the last decision about it, where it was not carried out.
    pub note: Option<Told>,
    /// What somebody has said of its headings, a sentence each.
    #[serde(default)]
    pub read_as: Vec<String>,
}

impl GivenFile {
    /// What becomes of it; `None` where nobody has looked yet.
    pub fn verdict(&self) -> Option<Verdict> {
        self.report.as_ref().map(|report| report.verdict)
    }
}

/// What was given together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Its id, which nobody can guess.
    #[serde(skip)]
    pub id: String,
    /// Account that gave it.
    pub login: String,
    /// When.
    pub given_at: DateTime<Utc>,
    /// The files, in the order in which they came.
    pub files: Vec<GivenFile>,
    /// Why the last work on it came to nothing.
    pub trouble: Option<Told>,
    #[serde(skip)]
    folder: PathBuf,
}

impl Given {
    /// What somebody gave, by its id.
    ///
    /// # Errors
    /// [`Failure`] WEB-026 where this account has given nothing of this id; when its text cannot be read.
    pub fn open(data: &Path, id: &str, login: &str) -> Result<Self> {
        let is_id = id.len() == ID_LETTERS && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let found = if is_id { read(&data.join(GIVEN).join(id)) } else { None };
        found.filter(|given| given.login == login).ok_or_else(|| Failure::usage("WEB-026", "").into())
    }

    /// All that an account has given and that is still there, the newest first.
    pub fn all(data: &Path, login: &str) -> Vec<Self> {
        let entries = fs::read_dir(data.join(GIVEN)).into_iter().flatten().flatten();
        let mut out: Vec<Self> =
            entries.filter_map(|entry| read(&entry.path())).filter(|given| given.login == login).collect();
        out.sort_by(|a, b| (b.given_at, &b.id).cmp(&(a.given_at, &a.id)));
        out
    }

    /// Whether somebody has still to say what becomes of a file.
    pub fn is_open(&self) -> bool {
        self.files.iter().any(|file| file.verdict().is_none_or(Verdict::is_open))
    }

    /// Writes what is known of it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub(super) fn save(&self) -> Result<()> {
        let path = self.folder.join(STATE);
        let refused = |source: std::io::Error| Failure::from_writing(&source, GIVEN);
        Ok(files::write_whole(&path, &self.text()?, Readers::Owner).map_err(refused)?)
    }

    /// What stands in its text.
    pub(super) fn text(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).context("telling what was given")
    }

    /// The name of the text.
    pub(super) fn text_name() -> &'static Path {
        Path::new(STATE)
    }

    /// Where a file of its own lies, relative to its folder.
    pub(super) fn place_of(nth: usize, name: &str) -> PathBuf {
        Path::new(&nth.to_string()).join(name)
    }

    /// Where a file of its own lies.
    pub(super) fn own_path(&self, nth: usize) -> PathBuf {
        self.folder.join(Self::place_of(nth, &self.files[nth].name))
    }

    /// A file by its number, as forms tell it.
    ///
    /// # Errors
    /// [`Failure`] WEB-026 where there is none.
    pub fn nth(&self, nth: &str) -> Result<usize> {
        let nth = nth.parse().ok().filter(|nth| *nth < self.files.len());
        nth.ok_or_else(|| Failure::usage("WEB-026", "").into())
    }
}

/// What lies in a folder; what is being received has no name there yet.
fn read(folder: &Path) -> Option<Given> {
    let id = folder.file_name()?.to_str()?.to_string();
    let bytes = input::read_whole(&folder.join(STATE)).ok()?;
    let given: Given = serde_json::from_slice(&bytes).ok()?;
    Some(Given { id, folder: folder.to_path_buf(), ..given })
}

/// A new one, with the folder that it will have.
pub(super) fn new_given(data: &Path, login: &str, at: DateTime<Utc>, files: Vec<GivenFile>) -> Result<Given> {
    let mut bytes = [0; ID_LETTERS / 2];
    getrandom::fill(&mut bytes).context("random numbers of the system")?;
    let id = hex(&bytes);
    let folder = data.join(GIVEN).join(&id);
    Ok(Given { id, login: login.to_string(), given_at: at, files, trouble: None, folder })
}

/// The folder of what is given.
pub(super) fn final_folder(given: &Given) -> &Path {
    &given.folder
}

/// SHA-256 and size of a file as it lies there.
///
/// # Errors
/// [`Failure`] when it cannot be read.
pub(super) fn sum_of(path: &Path, name: &str) -> Result<(String, u64)> {
    let refused = |source: std::io::Error| Failure::from_io(&source, name);
    let mut file = input::open(path).map_err(refused)?;
    let (mut hash, mut size, mut piece) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let n = file.read(&mut piece).map_err(refused)?;
        if n == 0 {
            return Ok((hex(&hash.finalize()), size));
        }
        hash.update(&piece[..n]);
        size += u64::try_from(n).map_err(|_| Failure::new(FailureKind::Bug, "BUG-001", "size"))?;
    }
}
