//! The data folder, and the room on its disk.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::given::Given;
use super::line::{Line, Subject, Told};
use crate::files::{Readers, Unfinished, free_bytes, is_open_to};
use crate::service::keep::handed_out::{HANDED_OUT, HANDED_OUT_HEAD};
use crate::service::keep::workspace::readers_of;

/// Below this a server is told to be short of room: one import of a country and the papers of a month need less.
const ENOUGH_BYTES: u64 = 1_000_000_000;

/// A store is copied as a whole when an import is tried, and its timeline is written anew.
const COPIES_OF_STORE: u64 = 3;

/// Below this the next import may fail.
const TOO_FEW_BYTES: u64 = 100_000_000;

/// What is said of the data folder.
pub(super) fn data_folder(given: &Given) -> Line {
    let place = given.folder.display();
    let readers = readers_of(&given.config);
    let told = match std::fs::metadata(&given.folder) {
        Ok(metadata) if !metadata.is_dir() => Told::broken("DOC-025", &[&place]),
        Ok(_) => match try_to_write(&given.folder, readers) {
            Err(why) => Told::broken("DOC-026", &[&place, &without_path(&why)]),
            Ok(()) if let Some((file, why)) = unwritable_record(&given.folder) => {
                Told::broken("DOC-026", &[&file.display(), &without_path(&why)])
            }
            Ok(()) if is_open_to(&given.folder, readers) => Told::attention("DOC-023", &[&place]),
            Ok(()) if !cfg!(unix) => Told::well("DOC-020", &[&place]),
            Ok(()) if readers == Readers::Group => Told::well("DOC-022", &[&place]),
            Ok(()) => Told::well("DOC-021", &[&place]),
        },
        Err(_) if file_above(&given.folder).is_some() => Told::broken("DOC-025", &[&place]),
        Err(error) if error.kind() == ErrorKind::NotFound => Told::attention("DOC-024", &[&place]),
        Err(why) => Told::broken("DOC-027", &[&place, &why]),
    };
    Line::of(Subject::DataFolder, told)
}

/// Writes a file that is gone again at once.
fn try_to_write(folder: &Path, readers: Readers) -> std::io::Result<()> {
    let mut tried = Unfinished::beside(&folder.join("doctor"), readers)?;
    tried.file().write_all(b"kaiin doctor\n")?;
    tried.file().sync_all()
}

/// A file of the record of what is handed out that cannot be added to, and why: no page could hand out anything.
fn unwritable_record(folder: &Path) -> Option<(PathBuf, std::io::Error)> {
    [HANDED_OUT, HANDED_OUT_HEAD].into_iter().find_map(|name| {
        let file = folder.join(name);
        match File::options().write(true).open(&file) {
            Err(why) if why.kind() != ErrorKind::NotFound => Some((file, why)),
            _ => None,
        }
    })
}

/// What the system says, without the name of the file that was tried.
fn without_path(why: &std::io::Error) -> String {
    let why = why.to_string();
    why.split(" at path ").next().unwrap_or(&why).to_string()
}

fn file_above(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|place| place.is_file())
}

/// What is said of the room on the disks of the data folder and of the papers.
pub(super) fn disk(given: &Given) -> Line {
    let needed = needed_bytes(store_bytes(given));
    let mut told: Vec<Told> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for place in [given.folder.clone(), given.folder.join(&given.config.jobs.papers)].map(|place| there(&place)) {
        match free_bytes(&place) {
            // Nearly always both lie on one disk.
            Ok(free) if seen.contains(&gigabytes(free)) => {}
            Ok(free) => {
                seen.push(gigabytes(free));
                told.push(judged(&place, free, needed));
            }
            Err(why) => told.push(Told::attention("DOC-033", &[&place.display(), &why])),
        }
    }
    Line { subject: Subject::Disk, told }
}

/// A place, or the nearest folder above it that is there.
fn there(place: &Path) -> PathBuf {
    let place = std::path::absolute(place).unwrap_or_else(|_| place.to_path_buf());
    let found = place.ancestors().find(|above| above.exists()).map(Path::to_path_buf);
    found.unwrap_or(place)
}

fn judged(place: &Path, free: u64, needed: u64) -> Told {
    let (place, shown, goal) = (place.display(), gigabytes(free), gigabytes(needed));
    match free {
        free if free < TOO_FEW_BYTES => Told::broken("DOC-032", &[&place, &shown, &goal]),
        free if free < needed => Told::attention("DOC-031", &[&place, &shown, &goal]),
        _ => Told::well("DOC-030", &[&place, &shown, &goal]),
    }
}

/// Size of the embedded store with its log; 0 on a server.
fn store_bytes(given: &Given) -> u64 {
    let is_on_server = given.config.store.url.is_some();
    let files = ["kaiin.sqlite", "kaiin.sqlite-wal"].map(|name| given.folder.join(name));
    let sizes = files.iter().filter(|_| !is_on_server).filter_map(|file| Some(std::fs::metadata(file).ok()?.len()));
    sizes.sum()
}

fn needed_bytes(of_store: u64) -> u64 {
    of_store.saturating_mul(COPIES_OF_STORE).max(ENOUGH_BYTES)
}

/// A size as people read it, cut and never rounded up.
fn gigabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000_000;
    format!("{}.{} GB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::service::doctor::line::State;

    #[rstest]
    #[case::enough(1_000_000_000, 0, State::Well)]
    #[case::one_byte_less(999_999_999, 0, State::Attention)]
    #[case::large_store(2_999_999_999, 1_000_000_000, State::Attention)]
    #[case::three_copies_fit(3_000_000_000, 1_000_000_000, State::Well)]
    #[case::nearly_full(99_999_999, 0, State::Broken)]
    fn room_is_judged_by_the_size_of_the_store(#[case] free: u64, #[case] of_store: u64, #[case] expected: State) {
        assert_eq!(judged(Path::new("data"), free, needed_bytes(of_store)).state, expected);
    }

    #[rstest]
    #[case(0, "0.0 GB")]
    #[case(99_999_999, "0.0 GB")]
    #[case(1_999_999_999, "1.9 GB")]
    #[case(83_750_000_000, "83.7 GB")]
    fn sizes_are_not_rounded_up(#[case] bytes: u64, #[case] shown: &str) {
        assert_eq!(gigabytes(bytes), shown);
    }
}
