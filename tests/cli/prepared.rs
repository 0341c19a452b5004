//! Samples that are taken in once in a run of the tests and copied for each test: an import takes seconds, a copy none.
//!
//! The folders lie below the target folder. Nothing drops them when the run ends, so the next run clears them away: each
//! has a file beside it that its run keeps locked.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, OnceLock};

use serde_json::Value;

use super::program::Office;
use super::samples::Sample;

/// A folder with a data folder below it that holds a sample, and what its import reported.
pub struct Prepared {
    pub folder: PathBuf,
    pub report: Value,
}

/// A sample, taken in by whoever asks first.
pub fn prepared(sample: &Sample) -> &'static Prepared {
    static ALL: Mutex<BTreeMap<&str, &OnceLock<Prepared>>> = Mutex::new(BTreeMap::new());
    // Held for a moment only: whoever needs another sample does not wait for this one.
    let cell = *ALL
        .lock()
        .expect("nobody panics while it is held")
        .entry(sample.name)
        .or_insert_with(|| Box::leak(Box::default()));
    cell.get_or_init(|| {
        let office = Office::new();
        let report = office.import(&sample.paths());
        let folder = of_this_run().join(sample.name);
        copy_folder(office.folder(), &folder);
        Prepared { folder, report }
    })
}

/// Where this run keeps what it has prepared.
pub fn of_this_run() -> &'static Path {
    static FOLDER: LazyLock<(PathBuf, File)> = LazyLock::new(|| {
        let parent = Path::new(env!("CARGO_TARGET_TMPDIR")).join("prepared");
        std::fs::create_dir_all(&parent).expect("the target folder can be written");
        clear_away(&parent);
        let folder = parent.join(std::process::id().to_string());
        let lock = File::create(folder.with_extension("lock")).expect("the target folder can be written");
        lock.lock().expect("nobody else has this number");
        std::fs::create_dir(&folder).expect("what had this number was cleared away");
        (folder, lock)
    });
    &FOLDER.0
}

/// Removes what runs have prepared that are over.
fn clear_away(parent: &Path) {
    for entry in std::fs::read_dir(parent).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.extension().is_none_or(|ending| ending != "lock") {
            continue;
        }
        // Another run may clear away at the same time; what is gone is gone.
        let Ok(lock) = File::open(&path) else { continue };
        if lock.try_lock().is_ok() {
            let _ = std::fs::remove_dir_all(path.with_extension(""));
            let _ = std::fs::remove_file(&path);
        }
    }
}

/// Copies what lies in a folder into another, which is made where it is missing, with whom it lets in.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
            // The program shuts a data folder that is open to all, and says so.
            let permissions = entry.metadata().expect("the folder can be read").permissions();
            std::fs::set_permissions(&target, permissions).expect("a folder can be shut");
        } else {
            std::fs::copy(entry.path(), &target).expect("a file can be copied");
        }
    }
}

#[test]
fn sample_is_taken_in_once_and_copied() {
    let (one, report) = Sample::cases().taken_in();
    let (other, same) = Sample::cases().taken_in();
    assert_eq!(report, same);
    assert_ne!(one.folder(), other.folder());
    assert_eq!(one.run("import --take-back 4 --reason 試験").exit, Some(0));
    assert_ne!(one.state(), other.state());
    assert_eq!(Sample::cases().taken_in().0.state(), other.state());
}

#[test]
fn what_a_run_left_behind_is_cleared_away() {
    let parent = tempfile::tempdir().expect("a temporary folder can be made");
    for run in ["1", "2"] {
        std::fs::create_dir(parent.path().join(run)).expect("a folder can be made");
        std::fs::write(parent.path().join(run).with_extension("lock"), "").expect("a file can be written");
    }
    let lock = File::open(parent.path().join("2.lock")).expect("it was made");
    lock.lock().expect("nobody else has it");
    clear_away(parent.path());
    let mut left: Vec<_> =
        std::fs::read_dir(parent.path()).expect("readable").map(|one| one.expect("readable").file_name()).collect();
    left.sort();
    assert_eq!(left, ["2", "2.lock"]);
}
