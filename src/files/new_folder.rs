//! A folder that belongs together: filled under a temporary name, swapped in as a whole.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

use super::folders::{folder_of, opened, sync_folder};
use super::leftovers::{TEMPORARY, hold, remove_leftovers};
use super::readers::Readers;
use super::writing::{set_file_mode, write_whole};

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
