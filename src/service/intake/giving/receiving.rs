//! Files as they come in over the network: piece by piece into a folder without a name, which gets one when all of them are there.
//! Whatever breaks off in between leaves nothing.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::given::{Given, GivenFile, Place, final_folder, new_given};
use crate::domain::hex::hex;
use crate::error::Failure;
use crate::files::names::file_name;
use crate::files::{NewFolder, Readers, make_folder};
use crate::service::intake::import::name_of;
use crate::service::keep::given_files::{GIVEN, clear_away_given};

/// Files that are being received; dropping it removes them.
#[derive(Debug)]
pub struct Receiving {
    data: PathBuf,
    login: String,
    folder: NewFolder,
    files: Vec<GivenFile>,
    open: Option<(File, Sha256, u64)>,
}

impl Receiving {
    /// Begins to receive what an account gives.
    ///
    /// # Errors
    /// [`Failure`] when the data folder cannot be written.
    pub fn begin(data: &Path, login: &str) -> Result<Self> {
        let above = data.join(GIVEN);
        make_folder(&above, Readers::Owner).map_err(|source| refused(&source))?;
        clear_away_given(data);
        let folder = NewFolder::within(&above, Readers::Owner).map_err(|source| refused(&source))?;
        Ok(Self { data: data.to_path_buf(), login: login.to_string(), folder, files: Vec::new(), open: None })
    }

    /// Files that are complete.
    pub fn n_files(&self) -> usize {
        self.files.len()
    }

    /// Begins a file under the name that it has where it comes from.
    ///
    /// # Errors
    /// [`Failure`] when the disk refuses.
    pub fn begin_file(&mut self, name: &str) -> Result<()> {
        let name = sound_name(name);
        let file = self.folder.create(&Given::place_of(self.files.len(), &name)).map_err(|source| refused(&source))?;
        let place = Place::Here;
        self.files.push(GivenFile {
            name,
            sha256: String::new(),
            size: 0,
            place,
            known_at: None,
            source: None,
            layout: None,
            report: None,
            note: None,
            read_as: Vec::new(),
        });
        self.open = Some((file, Sha256::new(), 0));
        Ok(())
    }

    /// Takes a piece of the file.
    ///
    /// # Errors
    /// [`Failure`] when the disk refuses, as where it is full.
    pub fn write(&mut self, piece: &[u8]) -> Result<()> {
        let Some((file, hash, size)) = &mut self.open else { return Ok(()) };
        file.write_all(piece).map_err(|source| refused(&source))?;
        hash.update(piece);
        *size += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// The file is complete.
    ///
    /// # Errors
    /// [`Failure`] when the disk refuses.
    pub fn end_file(&mut self) -> Result<()> {
        let (Some((file, hash, size)), Some(given)) = (self.open.take(), self.files.last_mut()) else { return Ok(()) };
        file.sync_all().map_err(|source| refused(&source))?;
        (given.sha256, given.size) = (hex(&hash.finalize()), size);
        Ok(())
    }

    /// The files that are complete, with their names, for whoever takes them before they are gone with this.
    pub fn files(&self) -> Vec<(String, PathBuf)> {
        let place = |(nth, file): (usize, &GivenFile)| {
            (file.name.clone(), self.folder.path().join(Given::place_of(nth, &file.name)))
        };
        self.files.iter().enumerate().map(place).collect()
    }

    /// All files are there: from now on they are known by an id, which comes back.
    ///
    /// # Errors
    /// [`Failure`] when the disk refuses.
    pub fn finish(self, at: DateTime<Utc>) -> Result<String> {
        let given = new_given(&self.data, &self.login, at, self.files)?;
        self.folder.write(Given::text_name(), &given.text()?).map_err(|source| refused(&source))?;
        self.folder.finish(final_folder(&given)).map_err(|source| refused(&source))?;
        Ok(given.id)
    }
}

fn refused(source: &std::io::Error) -> Failure {
    Failure::from_writing(source, GIVEN)
}

/// A name without the folders that stand before it on other systems, and without letters that no name has.
fn sound_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    file_name(&name_of(Path::new(last)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::as_it_is("会員一覧_2025-12-31.csv", "会員一覧_2025-12-31.csv")]
    #[case::folder("C:\\Users\\hanako\\members_2025-12-31.csv", "members_2025-12-31.csv")]
    #[case::way_up("../../kaiin.sqlite", "kaiin.sqlite")]
    #[case::only_a_way_up("..", "_")]
    #[case::nothing("", "_")]
    #[case::controls("a\r\nb\u{1b}[2J.csv", "a__b_[2J.csv")]
    #[case::turned_letters("a\u{202e}vsc.csv", "a_vsc.csv")]
    #[case::hidden(".kaiin-1.csv", "_.kaiin-1.csv")]
    fn names_lead_nowhere(#[case] name: &str, #[case] expected: &str) {
        assert_eq!(sound_name(name), expected);
    }

    #[test]
    fn what_breaks_off_leaves_nothing_and_what_is_whole_is_found_by_its_giver_alone() {
        let data = tempfile::tempdir().expect("a temporary folder can be made");
        let names = || std::fs::read_dir(data.path().join(GIVEN)).expect("it is there").count();
        let begin = || {
            let mut receiving = Receiving::begin(data.path(), "hanako").expect("it can be written");
            receiving.begin_file("a.csv").expect("it can be written");
            receiving.write(b"one").expect("it can be written");
            receiving
        };
        drop(begin());
        assert_eq!(names(), 0);
        let mut receiving = begin();
        receiving.end_file().expect("it can be written");
        let id = receiving.finish(DateTime::UNIX_EPOCH).expect("it can be written");
        assert_eq!((names(), id.len()), (1, 32));
        let given = Given::open(data.path(), &id, "hanako").expect("it is there");
        assert_eq!((given.files[0].size, &*given.files[0].name), (3, "a.csv"));
        assert_eq!(
            super::super::given::sum_of(&given.own_path(0), "").expect("it can be read").0,
            given.files[0].sha256
        );
        for (id, login) in [(id.as_str(), "taro"), ("../given", "hanako"), ("", "hanako"), (&"0".repeat(32), "hanako")]
        {
            let refused = Failure::of(&Given::open(data.path(), id, login).expect_err("it is nobody else's"));
            assert_eq!(refused.code, "WEB-026", "{id} {login}");
        }
    }
}
