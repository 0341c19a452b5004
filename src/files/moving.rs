//! Moving a file that somebody else put there: nothing is overwritten, and at every moment it is whole in one place.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::TempPath;

use super::folders::{folder_of, sync_folder};
use super::readers::Readers;
use super::writing::{Unfinished, remove};

/// Moves a file to a name that nothing has, also to another file system.
///
/// # Errors
/// `AlreadyExists` when something has the name; when either folder cannot be written. The file is then where it was, and only
/// there. That a folder could not be synced afterwards is logged: the file has been moved.
pub fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    match rename_new(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy_over(from, to),
        Err(error) => Err(error),
        Ok(()) => {
            for folder in [folder_of(to), folder_of(from)] {
                if let Err(error) = sync_folder(folder) {
                    tracing::warn!(folder = %folder.display(), %error, "a folder could not be synced after a move");
                }
            }
            Ok(())
        }
    }
}

/// Renames where nothing has the new name; on systems that cannot promise that, as well as they can.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    // Taken for a temporary file, which it is not: it stays whatever happens.
    let mut source = TempPath::try_from_path(from)?;
    source.disable_cleanup(true);
    let Err(refused) = source.persist_noclobber(to) else { return Ok(()) };
    let knows_no_links = matches!(refused.error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied);
    if knows_no_links && std::fs::symlink_metadata(to).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return std::fs::rename(from, to);
    }
    Err(refused.error)
}

fn copy_over(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let metadata = source.metadata()?;
    let mut copy = Unfinished::beside(to, Readers::Owner)?;
    // As a rename would leave it.
    copy.file().set_permissions(metadata.permissions())?;
    io::copy(&mut source, copy.file())?;
    copy.file().set_modified(metadata.modified()?)?;
    copy.finish_new(to)?;
    drop(source);
    remove(from).inspect_err(|_| {
        // Else it would be taken for a second file; the reason why it could not be moved is what must be told.
        let _ = remove(to);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with a file `from`.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::write(folder.path().join("from"), "text").expect("it can be written");
        folder
    }

    fn read(path: &Path) -> Option<String> {
        std::fs::read_to_string(path).ok()
    }

    type Moving = fn(&Path, &Path) -> io::Result<()>;

    const BOTH: [Moving; 2] = [move_file, copy_over];

    #[test]
    fn file_goes_to_a_free_name_with_its_time() {
        for moving in BOTH {
            let folder = folder();
            let (from, to) = (folder.path().join("from"), folder.path().join("to"));
            let time = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
            File::options().write(true).open(&from).expect("it opens").set_modified(time).expect("the time can be set");
            moving(&from, &to).expect("it moves");
            assert_eq!((read(&from), read(&to).as_deref()), (None, Some("text")));
            assert_eq!(std::fs::metadata(&to).and_then(|found| found.modified()).expect("a time"), time);
            assert_eq!(std::fs::read_dir(folder.path()).expect("it can be listed").count(), 1, "nothing else is left");
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        for moving in BOTH {
            let folder = folder();
            let (from, to) = (folder.path().join("from"), folder.path().join("to"));
            std::fs::write(&to, "other").expect("it can be written");
            let refused = moving(&from, &to).expect_err("the name is taken");
            assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
            assert_eq!((read(&from).as_deref(), read(&to).as_deref()), (Some("text"), Some("other")));
        }
    }

    #[test]
    fn file_that_is_not_there_leaves_nothing() {
        for moving in BOTH {
            let folder = folder();
            let (from, to) = (folder.path().join("none"), folder.path().join("to"));
            assert_eq!(moving(&from, &to).expect_err("no such file").kind(), io::ErrorKind::NotFound);
            assert_eq!(std::fs::read_dir(folder.path()).expect("it can be listed").count(), 1);
        }
    }
}
