//! Folders: made for their readers, and synced.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::Path;

use super::leftovers::TEMPORARY;
use super::readers::{Readers, mode_of};

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
pub(super) fn opened(path: &Path) -> Option<File> {
    if cfg!(unix) { File::open(path).ok() } else { None }
}

#[cfg(unix)]
fn set_folder_mode(builder: &mut DirBuilder, mode: u32) {
    use std::os::unix::fs::DirBuilderExt;
    builder.mode(mode);
}

#[cfg(not(unix))]
fn set_folder_mode(_: &mut DirBuilder, _: u32) {}

/// The folder of a file; the current one for a bare name.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Removes a folder as a whole: it is set aside first, so that one that is half gone looks like nothing that it was.
///
/// # Errors
/// When the folder above cannot be written; what was set aside is cleared away as what a killed process has left.
pub fn remove_folder(folder: &Path) -> io::Result<()> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let aside = folder.with_file_name(set_aside(&name));
    fs::rename(folder, &aside)?;
    fs::remove_dir_all(&aside)
}

/// The name, or the beginning of names, under which what begins so is set aside before it is removed.
pub fn set_aside(name: &str) -> String {
    format!("{TEMPORARY}{name}")
}
