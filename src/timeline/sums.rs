//! The hashes of the files of a timeline, in a file of their own: `sums-<head>.txt`.
//!
//! It names the head (and with it the store) that they belong to and carries a hash of itself, so that neither a flipped bit
//! in it, nor files of another head under this one's names, pass for the timeline. It is written last: without it there is no
//! timeline. Who rewrites files and sums together is not kept out here; `kaiin verify` compares with the store.

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::TimelineError;
use super::files::TimelineFiles;
use crate::domain::hex::hex;
use crate::files::{Readers, write_whole};
use crate::input;

/// Bytes hashed at once: enough that reading costs less than hashing.
const BUFFER: usize = 1 << 20;

/// Why files are not taken for the timeline of a head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SumFault {
    /// Nothing is there, or what an older program has left, which wrote no sums.
    Absent,
    /// A file is missing, is not what was written, or cannot be read.
    Damaged(PathBuf),
}

impl TimelineFiles {
    /// Compares all files with their sums.
    ///
    /// # Errors
    /// [`SumFault`] with the first file that is not what was written.
    pub fn check(&self) -> Result<(), SumFault> {
        self.as_sums().check()
    }

    /// Writes the sums of the files as they are.
    pub(super) fn write_sums(&self) -> Result<(), TimelineError> {
        self.as_sums().write(self.readers)
    }

    fn as_sums(&self) -> Sums<'_> {
        let names = ["enrolments", "persons", "corrections"];
        let tables = names.into_iter().zip(self.tables()).collect();
        Sums { path: &self.sums, kind: "kaiin timeline 1", made_for: &self.head, tables }
    }
}

/// Files that belong together, and the one that holds their hashes.
pub(super) struct Sums<'f> {
    /// Where the hashes are.
    pub(super) path: &'f Path,
    /// What the files are, and how they are written.
    pub(super) kind: &'static str,
    /// What they were made for.
    pub(super) made_for: &'f str,
    /// The files with the names under which their hashes stand.
    pub(super) tables: Vec<(&'static str, &'f Path)>,
}

impl Sums<'_> {
    /// Compares all files with their hashes.
    ///
    /// # Errors
    /// [`SumFault`] with the first file that is not what was written.
    pub(super) fn check(&self) -> Result<(), SumFault> {
        let text = match input::read_text(self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(SumFault::Absent),
            Err(_) => return Err(SumFault::Damaged(self.path.to_path_buf())),
        };
        let told = self.told(&text).ok_or_else(|| SumFault::Damaged(self.path.to_path_buf()))?;
        for ((_, path), sum) in self.tables.iter().zip(told) {
            if !sum_of(path).is_ok_and(|found| found == sum) {
                return Err(SumFault::Damaged(path.to_path_buf()));
            }
        }
        Ok(())
    }

    /// Writes the hashes of the files as they are.
    pub(super) fn write(&self, readers: Readers) -> Result<(), TimelineError> {
        let mut text = self.begin();
        for (name, path) in &self.tables {
            let sum = sum_of(path).map_err(TimelineError::io(path))?;
            // A text takes more text.
            let _ = writeln!(text, "{name} {sum}");
        }
        write_whole(self.path, sealed(text).as_bytes(), readers).map_err(TimelineError::io(self.path))
    }

    fn begin(&self) -> String {
        format!("{}\n{}\n", self.kind, self.made_for)
    }

    /// What the file says of each table; `None` when it is not what was written for these.
    fn told(&self, text: &str) -> Option<Vec<String>> {
        let lines = unsealed(text)?.strip_prefix(&self.begin())?.lines();
        let told: Vec<String> = lines
            .zip(&self.tables)
            .filter_map(|(line, (name, _))| line.strip_prefix(&format!("{name} ")).map(Into::into))
            .collect();
        (told.len() == self.tables.len()).then_some(told)
    }
}

/// A text of whole lines with its own hash as one more line.
pub fn sealed(text: String) -> String {
    let own = hex(&Sha256::digest(&text));
    text + &own + "\n"
}

/// The text that was sealed; `None` when it is not what was written.
pub fn unsealed(text: &str) -> Option<&str> {
    let end = text.strip_suffix('\n')?.rfind('\n')? + 1;
    let (said, own) = text.split_at(end);
    (own == hex(&Sha256::digest(said)) + "\n").then_some(said)
}

/// Size and SHA-256 of a file.
fn sum_of(path: &Path) -> std::io::Result<String> {
    sum_of_bytes(&mut input::open(path)?)
}

/// Size and SHA-256 of all bytes from here on.
///
/// # Errors
/// What the system says.
pub fn sum_of_bytes(file: &mut impl Read) -> std::io::Result<String> {
    let (mut hash, mut size, mut buffer) = (Sha256::new(), 0_u64, vec![0; BUFFER]);
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(format!("{size} {}", hex(&hash.finalize())));
        }
        hash.update(&buffer[..n]);
        size += n as u64;
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn written(folder: &Path, head: &str) -> TimelineFiles {
        let files = TimelineFiles::of_head(folder, head);
        for (nth, path) in files.tables().into_iter().enumerate() {
            fs::write(path, format!("table {nth} of {head}")).expect("a file can be written");
        }
        files.write_sums().expect("the folder can be written");
        files
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let files = written(folder.path(), "head");
        assert_eq!(files.check(), Ok(()));
        for path in files.all() {
            let bytes = fs::read(path).expect("it was written");
            for nth in 0..bytes.len() * 8 {
                let mut flipped = bytes.clone();
                flipped[nth / 8] ^= 1 << (nth % 8);
                fs::write(path, flipped).expect("a file can be written");
                assert_eq!(
                    files.check(),
                    Err(SumFault::Damaged(path.to_path_buf())),
                    "bit {nth} of {}",
                    path.display()
                );
            }
            for length in 0..bytes.len() {
                fs::write(path, &bytes[..length]).expect("a file can be written");
                assert_eq!(files.check(), Err(SumFault::Damaged(path.to_path_buf())), "{length} of {}", path.display());
            }
            fs::write(path, &bytes).expect("a file can be written");
        }
        assert_eq!(files.check(), Ok(()));
    }

    #[test]
    fn files_of_another_head_are_not_those_of_this_one() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let (one, other) = (written(folder.path(), "one"), written(folder.path(), "other"));
        for (from, to) in other.tables().into_iter().zip(one.tables()) {
            fs::copy(from, to).expect("a file can be copied");
        }
        assert!(one.check().is_err());
        fs::copy(&other.sums, &one.sums).expect("a file can be copied");
        assert_eq!(one.check(), Err(SumFault::Damaged(one.sums.clone())), "sums and files together");
        fs::remove_file(&one.sums).expect("it was written");
        assert_eq!(one.check(), Err(SumFault::Absent));
    }
}
