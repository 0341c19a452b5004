//! One file: written beside its name, synced, renamed.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

use super::folders::{folder_of, make_folder, sync_folder};
use super::leftovers::{TEMPORARY, hold};
use super::readers::Readers;

/// A file under its temporary name; dropping it removes it.
#[derive(Debug)]
pub struct Unfinished {
    temporary: NamedTempFile,
}

impl Unfinished {
    /// Begins a file in the folder of `path`, which must be there.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn beside(path: &Path, readers: Readers) -> io::Result<Self> {
        let folder = folder_of(path);
        loop {
            let mut builder = Builder::new();
            builder.prefix(TEMPORARY);
            set_file_mode(&mut builder, readers.mode_in_place_of(path));
            let temporary = builder.tempfile_in(folder)?;
            // Between its making and its lock it looks like a left-over, and somebody may have cleared it away.
            if hold(temporary.as_file()) && temporary.path().exists() {
                return Ok(Self { temporary });
            }
        }
    }

    /// The file to write to.
    pub fn file(&mut self) -> &mut File {
        self.temporary.as_file_mut()
    }

    /// Syncs it, gives it its name in place of what has it, and syncs the folder.
    ///
    /// # Errors
    /// When the disk refuses; what had the name before still has it, unless only the folder could not be synced.
    pub fn finish(self, path: &Path) -> io::Result<()> {
        self.temporary.as_file().sync_all()?;
        self.temporary.persist(path).map_err(|error| error.error)?;
        sync_folder(folder_of(path))
    }

    /// As [`Self::finish`], where nothing has the name.
    ///
    /// # Errors
    /// As [`Self::finish`]; `AlreadyExists` when something has it.
    pub fn finish_new(self, path: &Path) -> io::Result<()> {
        self.temporary.as_file().sync_all()?;
        self.temporary.persist_noclobber(path).map_err(|error| error.error)?;
        sync_folder(folder_of(path))
    }
}

/// Writes a file as a whole or not at all, with the folders above it that are not there.
///
/// # Errors
/// When the disk refuses; what had the name before still has it then.
pub fn write_whole(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    written(path, bytes, readers)?.finish(path)
}

/// As [`write_whole`], where nothing has the name.
///
/// # Errors
/// As [`write_whole`]; `AlreadyExists` when something has it by then.
pub fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    written(path, bytes, readers)?.finish_new(path)
}

/// Writes a file into a folder that has no name of its own yet: nobody finds it half written there, so it gets its name at once.
/// Its contents are on the disk afterwards, its name is when the folder was synced.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write_unseen(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    make_folder(folder_of(path), readers)?;
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    open_with_mode(&mut options, readers.file_mode());
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes an empty file unless one is there, which stays as it is: whoever opens it later finds its mode.
///
/// # Errors
/// When the folder cannot be written.
pub fn make_file(path: &Path, readers: Readers) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    open_with_mode(&mut options, readers.file_mode());
    match options.open(path) {
        Ok(_) => sync_folder(folder_of(path)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Removes a file for good; one that is not there is removed already.
///
/// # Errors
/// When the folder cannot be written.
pub fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Ok(()) => sync_folder(folder_of(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn written(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<Unfinished> {
    make_folder(folder_of(path), readers)?;
    let mut unfinished = Unfinished::beside(path, readers)?;
    unfinished.file().write_all(bytes)?;
    Ok(unfinished)
}

#[cfg(unix)]
pub(super) fn set_file_mode(builder: &mut Builder<'_, '_>, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    builder.permissions(std::fs::Permissions::from_mode(mode));
}

#[cfg(not(unix))]
pub(super) fn set_file_mode(_: &mut Builder<'_, '_>, _: u32) {}

#[cfg(unix)]
pub(super) fn open_with_mode(options: &mut std::fs::OpenOptions, mode: u32) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(mode);
}

#[cfg(not(unix))]
pub(super) fn open_with_mode(_: &mut std::fs::OpenOptions, _: u32) {}
