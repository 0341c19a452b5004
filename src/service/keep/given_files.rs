//! Files that were given on the pages: where they lie until somebody says what becomes of them, and for how long.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::clock::age_of_file;
use crate::files::{remove_folder, remove_leftovers};

/// Folder of the files in the data folder.
pub(in crate::service) const GIVEN: &str = "given";

/// Days for which they lie there after the last that was done about them: over a holiday, and not longer, for they name members.
pub const KEPT_DAYS: u64 = 7;

/// Removes what a killed server left half-received, and what nobody has come back to. What cannot be removed is logged: it must
/// not stop whoever only wants to write.
pub(in crate::service) fn clear_away_given(folder: &Path) {
    let given = folder.join(GIVEN);
    remove_leftovers(&given, 0);
    let Ok(entries) = fs::read_dir(&given) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let modified = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_dir);
        let age = modified.and_then(|folder| folder.modified().ok()).map(age_of_file);
        if age.is_none_or(|age| age <= Duration::from_secs(KEPT_DAYS * 24 * 60 * 60)) {
            continue;
        }
        if let Err(error) = remove_folder(&path) {
            tracing::warn!(%error, "files that were given and forgotten could not be removed");
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::File;

    use super::*;

    #[test]
    fn what_nobody_has_come_back_to_goes_after_a_week() {
        let data = tempfile::tempdir().expect("a temporary folder can be made");
        let given = data.path().join(GIVEN);
        for (name, days) in [("new", 0), ("week", 6), ("old", 8)] {
            let folder = given.join(name);
            fs::create_dir_all(folder.join("0")).expect("a folder can be made");
            let now = fs::metadata(&folder).and_then(|folder| folder.modified()).expect("it has a time");
            let then = now - Duration::from_secs(days * 24 * 60 * 60);
            File::open(&folder).and_then(|folder| folder.set_modified(then)).expect("it can be set");
        }
        clear_away_given(data.path());
        let left: Vec<bool> = ["new", "week", "old"].iter().map(|name| given.join(name).exists()).collect();
        assert_eq!(left, [true, true, false]);
    }
}
