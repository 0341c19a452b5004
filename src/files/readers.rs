//! Who may read what is written. Modes are given when a file is made, so that the umask can only take away.

use std::fs::Metadata;
use std::io;
use std::path::Path;

/// Who may read a file or a folder that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// The account that writes it: 0600, folders 0700.
    Owner,
    /// That account, and its group may read (`[files] group_readable`): 0640, folders 0750.
    Group,
    /// Everybody may pass through and only the owner look: 0711 for a folder that stands above one for others.
    Passing,
    /// Whoever the umask lets: 0666, folders 0777. For what is handed to others anyway.
    ByUmask,
}

impl Readers {
    /// Permission bits of a new file, before the umask.
    pub fn file_mode(self) -> u32 {
        match self {
            Self::Owner | Self::Passing => 0o600,
            Self::Group => 0o640,
            Self::ByUmask => 0o666,
        }
    }

    /// Permission bits of a new folder, before the umask.
    pub fn folder_mode(self) -> u32 {
        match self {
            Self::Owner => 0o700,
            Self::Group => 0o750,
            Self::Passing => 0o711,
            Self::ByUmask => 0o777,
        }
    }

    /// Permission bits of a file that takes the place of another one: an office that had closed it finds it closed.
    pub(super) fn mode_in_place_of(self, path: &Path) -> u32 {
        let there = std::fs::symlink_metadata(path).ok().filter(Metadata::is_file);
        self.file_mode() & there.and_then(|there| mode_of(&there)).unwrap_or(0o777)
    }
}

/// Takes away what others than `readers` may do with a file or folder, and never gives anything. Returns the mode before
/// where it changed. Links are left alone.
///
/// # Errors
/// When the mode may not be changed, as by an account that does not own the file.
pub fn narrow(path: &Path, readers: Readers) -> io::Result<Option<u32>> {
    let metadata = std::fs::symlink_metadata(path)?;
    let Some(mode) = mode_of(&metadata) else { return Ok(None) };
    let kept = match (metadata.is_file(), metadata.is_dir()) {
        // The owner keeps what the owner has: a file that he made executable is his business.
        (true, _) => mode & (readers.file_mode() | 0o7700),
        (_, true) => mode & (readers.folder_mode() | 0o7700),
        _ => mode,
    };
    if kept == mode {
        return Ok(None);
    }
    set_mode(path, kept)?;
    Ok(Some(mode))
}

/// Whether others than `readers` may list or change a folder. One that is not there is open to nobody.
pub fn is_open_to(folder: &Path, readers: Readers) -> bool {
    let mode = std::fs::metadata(folder).ok().and_then(|metadata| mode_of(&metadata)).unwrap_or_default();
    mode & !readers.folder_mode() & 0o066 != 0
}

/// The same for a folder and everything below it. Returns how many were narrowed; a folder that is not there has none.
///
/// # Errors
/// As [`narrow`]; when a folder cannot be read. What could be narrowed is narrowed all the same.
pub fn narrow_all(path: &Path, readers: Readers) -> io::Result<usize> {
    let metadata = match std::fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(error),
    };
    let (mut narrowed, mut failed) = (0, None);
    match narrow(path, readers) {
        Ok(before) => narrowed += usize::from(before.is_some()),
        Err(error) => failed = Some(error),
    }
    if metadata.is_dir() {
        for entry in std::fs::read_dir(path)? {
            match entry.and_then(|entry| narrow_all(&entry.path(), readers)) {
                Ok(n) => narrowed += n,
                Err(error) => failed = Some(error),
            }
        }
    }
    failed.map_or(Ok(narrowed), Err)
}

/// Permission bits; `None` where the system has none.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "other systems have no permission bits")]
pub(super) fn mode_of(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
pub(super) fn mode_of(_: &Metadata) -> Option<u32> {
    None
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}
