//! Folders: made for their readers, synced, and swapped in as a whole.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

use super::leftovers::hold;
use super::readers::mode_of;
use super::writing::{folder_of, set_file_mode};
use super::{Readers, TEMPORARY, remove_leftovers, write_whole};

/// Makes a folder and those above it that are not there, durably. One that is there stays as it is.
///
/// # Errors
/// When it cannot be made, or something else has the name.
pub fn make_folder(path: &Path, readers: Readers) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = folder_of(path);
    if above != path {
        make_folder(above, readers)?;
    }
    make(path, readers.folder_mode())
}

/// Makes a folder that is open to whom the folder above is, which must be there. One that is there stays as it is.
///
/// # Errors
/// As [`make_folder`].
pub fn make_folder_like_above(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = std::fs::metadata(folder_of(path))?;
    make(path, mode_of(&above).unwrap_or(0o777) & 0o777)
}

fn make(path: &Path, mode: u32) -> io::Result<()> {
    let above = folder_of(path);
    let mut builder = DirBuilder::new();
    set_folder_mode(&mut builder, mode);
    match builder.create(path) {
        Ok(()) => sync_folder(above),
        // Another process may have made it meanwhile.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Brings the names in a folder to the disk, where the system can.
///
/// # Errors
/// When the disk refuses.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    let Some(folder) = opened(path) else { return Ok(()) };
    match folder.sync_all() {
        // Some file systems know no syncing of folders.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        other => other,
    }
}

/// A folder that is opened for syncing or locking; `None` where the system does not open folders, or where one may write into
/// it and not read it.
fn opened(path: &Path) -> Option<File> {
    if cfg!(unix) { File::open(path).ok() } else { None }
}

/// A folder under a temporary name; dropping it removes it with everything in it.
#[derive(Debug)]
pub struct NewFolder {
    folder: TempDir,
    readers: Readers,
    /// Tells those who clear away left-overs that somebody is at work.
    _held: Option<File>,
}

impl NewFolder {
    /// Begins a folder within another one, which must be there.
    ///
    /// # Errors
    /// When that one cannot be written.
    pub fn within(above: &Path, readers: Readers) -> io::Result<Self> {
        loop {
            let mut builder = Builder::new();
            builder.prefix(TEMPORARY);
            set_file_mode(&mut builder, readers.folder_mode());
            let folder = builder.tempdir_in(above)?;
            let held = opened(folder.path());
            // Between its making and its lock it looks like a left-over, and somebody may have cleared it away.
            if held.as_ref().is_none_or(hold) && folder.path().exists() {
                return Ok(Self { folder, readers, _held: held });
            }
        }
    }

    /// Begins a folder in the place of the system for such, where those of killed processes are cleared away first.
    ///
    /// # Errors
    /// As [`Self::within`].
    pub fn elsewhere() -> io::Result<Self> {
        let above = std::env::temp_dir();
        remove_leftovers(&above, 0);
        Self::within(&above, Readers::Owner)
    }

    /// Where it is meanwhile.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into it, with the folders between.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, name: &Path, bytes: &[u8]) -> io::Result<()> {
        write_whole(&self.path().join(name), bytes, self.readers)
    }

    /// Syncs it with all folders in it, gives it its name by one rename, and syncs the folder above.
    ///
    /// # Errors
    /// When the disk refuses or something has the name; it is removed then, and what had the name is left alone.
    pub fn finish(self, path: &Path) -> io::Result<()> {
        sync_all_folders(self.path())?;
        let temporary: PathBuf = self.folder.keep();
        if let Err(error) = std::fs::rename(&temporary, path) {
            // The reason why it failed is what must be told.
            let _ = std::fs::remove_dir_all(&temporary);
            return Err(error);
        }
        sync_folder(folder_of(path))
    }
}

fn sync_all_folders(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_all_folders(&entry.path())?;
        }
    }
    sync_folder(folder)
}

#[cfg(unix)]
fn set_folder_mode(builder: &mut DirBuilder, mode: u32) {
    use std::os::unix::fs::DirBuilderExt;
    builder.mode(mode);
}

#[cfg(not(unix))]
fn set_folder_mode(_: &mut DirBuilder, _: u32) {}
