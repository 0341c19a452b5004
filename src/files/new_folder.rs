//! A folder that belongs together: filled under a temporary name, swapped in as a whole.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

use super::copied::{Copied, CopyFault, copy_unseen};
use super::folders::{folder_of, make_folder, opened, sync_folder};
use super::leftovers::{TEMPORARY, hold, remove_leftovers};
use super::readers::Readers;
use super::writing::{open_with_mode, set_file_mode, write_unseen};

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
        write_unseen(&self.path().join(name), bytes, self.readers)
    }

    /// Begins a file in it that is written piece by piece, with the folders between.
    ///
    /// # Errors
    /// When the disk refuses; `AlreadyExists` when it is there.
    pub fn create(&self, name: &Path) -> io::Result<File> {
        let path = self.path().join(name);
        make_folder(folder_of(&path), self.readers)?;
        let mut options = File::options();
        options.write(true).create_new(true);
        open_with_mode(&mut options, self.readers.file_mode());
        options.open(path)
    }

    /// Copies a file into it, with the folders between and the time of the file, and tells what was written.
    ///
    /// # Errors
    /// [`CopyFault`] with the side that refuses.
    pub fn copy(&self, name: &Path, from: &mut File) -> Result<Copied, CopyFault> {
        copy_unseen(from, &self.path().join(name), self.readers)
    }

    /// Brings a file in it to the disk that another program or library has written.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn sync(&self, name: &Path) -> io::Result<()> {
        File::options().write(true).open(self.path().join(name))?.sync_all()
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

    /// As [`Self::finish`], in place of a folder that has the name and is removed with everything in it: in one step where the
    /// system has one.
    ///
    /// # Errors
    /// When the disk refuses; what had the name has it then, unless only the folder above could not be synced.
    pub fn finish_in_place_of(self, path: &Path) -> io::Result<()> {
        sync_all_folders(self.path())?;
        // What had the name is under the temporary one now, and is dropped with it.
        exchange(self.path(), path)?;
        sync_folder(folder_of(path))
    }
}

/// Lets two folders change names, at no moment one of them without.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        // Some file systems know no exchange.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP) => {
            exchange_in_steps(one, other)
        }
        other => Ok(other?),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    exchange_in_steps(one, other)
}

/// The same where a system has no step for it. A process that is killed in between leaves `other` without its name.
fn exchange_in_steps(one: &Path, other: &Path) -> io::Result<()> {
    let aside = NewFolder::within(folder_of(other), Readers::Owner)?;
    let kept = aside.path().join("kept");
    std::fs::rename(other, &kept)?;
    match std::fs::rename(one, other) {
        Ok(()) => std::fs::rename(&kept, one),
        Err(error) => {
            std::fs::rename(&kept, other)?;
            Err(error)
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What a folder holds in a file `text`, and all names beside it.
    fn found(above: &Path) -> (String, Vec<String>) {
        let entries = std::fs::read_dir(above).expect("it can be listed").map(|one| one.expect("an entry").file_name());
        let names = entries.map(|name| name.to_string_lossy().into_owned()).collect();
        (std::fs::read_to_string(above.join("out/text")).expect("it is there"), names)
    }

    #[test]
    fn folder_takes_the_place_of_another_and_nothing_is_left() {
        let above = tempfile::tempdir().expect("a temporary folder can be made");
        let path = above.path().join("out");
        for text in ["old", "new"] {
            let folder = NewFolder::within(above.path(), Readers::Owner).expect("it can be made");
            folder.write(Path::new("text"), text.as_bytes()).expect("it can be written");
            match text {
                "old" => folder.finish(&path),
                _ => folder.finish_in_place_of(&path),
            }
            .expect("it can be renamed");
            assert_eq!(found(above.path()), (text.to_string(), vec!["out".to_string()]));
        }
    }

    #[test]
    fn folders_change_names_in_steps_where_they_must() {
        let above = tempfile::tempdir().expect("a temporary folder can be made");
        let (one, other) = (above.path().join("in"), above.path().join("out"));
        for (folder, text) in [(&one, "new"), (&other, "old")] {
            std::fs::create_dir(folder).expect("it can be made");
            std::fs::write(folder.join("text"), text).expect("it can be written");
        }
        exchange_in_steps(&one, &other).expect("they change names");
        assert_eq!(found(above.path()).0, "new");
        assert_eq!(std::fs::read_to_string(one.join("text")).expect("it is there"), "old");
        std::fs::remove_dir_all(&one).expect("it can be removed");
        assert!(exchange_in_steps(&one, &other).is_err(), "there is nothing to put in its place");
        assert_eq!(found(above.path()), ("new".to_string(), vec!["out".to_string()]));
    }
}
