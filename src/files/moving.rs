//! Moving a file that somebody else put there: nothing is overwritten, and at every moment it is whole in one place.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::TempPath;

use super::writing::folder_of;
use super::{Readers, Unfinished, remove, sync_folder};

/// Moves a file to a name that nothing has, also to another file system.
///
/// # Errors
/// `AlreadyExists` when something has the name; when either folder cannot be written. The file is then where it was, and only
/// there.
pub fn move_file(from: &Path, to: &Path) -> io::Result<()> {
    match rename_new(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => copy_over(from, to),
        Err(error) => Err(error),
        Ok(()) => {
            sync_folder(folder_of(to))?;
            sync_folder(folder_of(from))
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
