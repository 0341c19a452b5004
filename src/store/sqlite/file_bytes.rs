//! The one file of a store as bytes, beside what SQLite does with it.
//!
//! On most systems closing a file gives back all locks that the process has on it, those of SQLite too, whichever of its stores took
//! them (<https://www.sqlite.org/howtocorrupt.html>, 2.2). So a file is opened as bytes once in a process, and stays open as long
//! as any store on it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use crate::input;

/// What names a file, by whichever path it is reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum FileIdentity {
    #[cfg(unix)]
    Node { device: u64, node: u64 },
    #[cfg(not(unix))]
    Path(PathBuf),
}

/// A file, once somebody asked for its bytes.
type Opened = OnceLock<Option<Mutex<File>>>;

/// The files on which stores stand.
static FILES: Mutex<BTreeMap<FileIdentity, Weak<Opened>>> = Mutex::new(BTreeMap::new());

/// The file of a store as bytes, shared by all stores on it.
#[derive(Debug)]
pub(super) struct FileBytes {
    path: PathBuf,
    /// Nothing for a store in memory.
    opened: Option<Arc<Opened>>,
}

impl FileBytes {
    /// The bytes of a file, which are not opened yet. Taken before SQLite opens the file, and held until it has closed it.
    pub(super) fn of(path: &Path) -> Self {
        let opened = identity(path).map(|identity| {
            let mut files = files();
            let shared = files.get(&identity).and_then(Weak::upgrade);
            shared.unwrap_or_else(|| {
                let opened = Arc::default();
                files.insert(identity, Arc::downgrade(&opened));
                opened
            })
        });
        Self { path: path.to_path_buf(), opened }
    }

    /// Whether there was a file.
    pub(super) fn is_there(&self) -> bool {
        self.opened.is_some()
    }

    /// The file. Whoever reads it seeks its beginning.
    pub(super) fn file(&self) -> Option<&Mutex<File>> {
        self.opened.as_ref()?.get_or_init(|| input::open(&self.path).ok().map(Mutex::new)).as_ref()
    }
}

impl Drop for FileBytes {
    fn drop(&mut self) {
        // Whoever opens the file meanwhile waits until it is closed: their locks come later.
        let mut files = files();
        drop(self.opened.take());
        files.retain(|_, opened| opened.strong_count() > 0);
    }
}

fn files() -> MutexGuard<'static, BTreeMap<FileIdentity, Weak<Opened>>> {
    // A thread that fell over while it held the lock left a whole map behind: entries are put in at once.
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `None` where there is no file.
#[cfg(unix)]
fn identity(path: &Path) -> Option<FileIdentity> {
    use std::os::unix::fs::MetadataExt;
    let found = std::fs::metadata(path).ok()?;
    Some(FileIdentity::Node { device: found.dev(), node: found.ino() })
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<FileIdentity> {
    std::fs::canonicalize(path).ok().map(FileIdentity::Path)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn text(bytes: &FileBytes) -> String {
        let mut text = String::new();
        let file = bytes.file().expect("there is a file");
        file.lock().expect("nobody panics").read_to_string(&mut text).expect("it can be read");
        text
    }

    #[test]
    fn file_is_opened_once_and_closed_with_the_last_store() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("kaiin.sqlite");
        std::fs::write(&path, "bytes").expect("it can be written");
        let (one, other) = (FileBytes::of(&path), FileBytes::of(&folder.path().join(".").join("kaiin.sqlite")));
        assert!(Arc::ptr_eq(one.opened.as_ref().expect("is there"), other.opened.as_ref().expect("is there")));
        assert_eq!(text(&one), "bytes");
        let identity = identity(&path).expect("is there");
        let opened = || files().get(&identity).map(Weak::strong_count);
        assert_eq!(opened(), Some(2));
        drop(one);
        assert_eq!(opened(), Some(1));
        assert_eq!(text(&other), "", "it was read to its end by the first");
        drop(other);
        assert_eq!(opened(), None);
        assert_eq!(text(&FileBytes::of(&path)), "bytes");
    }

    #[test]
    fn file_that_took_the_place_of_another_is_another() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("kaiin.sqlite");
        std::fs::write(&path, "old").expect("it can be written");
        let old = FileBytes::of(&path);
        assert_eq!(text(&old), "old");
        std::fs::write(folder.path().join("new"), "new").expect("it can be written");
        std::fs::rename(folder.path().join("new"), &path).expect("it can be renamed");
        assert_eq!(text(&FileBytes::of(&path)), "new");
    }

    #[test]
    fn store_in_memory_has_no_bytes() {
        assert!(FileBytes::of(Path::new("")).file().is_none());
    }
}
