//! Opens what people hand over: regular files only, and texts only as large as people write.
//!
//! A pipe or a terminal makes whoever opens or reads it wait until somebody else writes, perhaps for ever; a device never
//! ends. This module does not know what the files mean.

use std::fs::{File, FileType, Metadata, OpenOptions};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// The largest text that somebody wrote by hand, in bytes. The largest shipped definition has some 20 KB.
const MOST_TEXT: u64 = 4 << 20;

/// Why a file is not read. It is the source of the [`Error`] that the functions of this module return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    /// It is a folder.
    #[error("is a folder")]
    Folder,
    /// It is a named pipe or a socket.
    #[error("is a pipe or a socket")]
    Pipe,
    /// It is a device, such as a terminal.
    #[error("is a device")]
    Device,
    /// It is larger than anybody writes by hand.
    #[error("is larger than {} MB", MOST_TEXT >> 20)]
    TooLarge,
}

impl NotRead {
    /// Why an error was returned, where it was for one of these reasons.
    pub fn of(error: &Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// Stable code; the texts are in `messages`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Folder => "ENV-010",
            Self::Pipe => "ENV-055",
            Self::Device => "ENV-056",
            Self::TooLarge => "ENV-057",
        }
    }

    /// Why something of this kind would not be read; `None` for a regular file.
    pub fn of_type(file_type: FileType) -> Option<Self> {
        if file_type.is_file() {
            return None;
        }
        if file_type.is_dir() {
            return Some(Self::Folder);
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::FileTypeExt;
            if file_type.is_fifo() || file_type.is_socket() {
                return Some(Self::Pipe);
            }
        }
        Some(Self::Device)
    }

    fn refuse(metadata: &Metadata) -> Result<()> {
        Self::of_type(metadata.file_type()).map_or(Ok(()), |why| Err(why.into()))
    }
}

impl From<NotRead> for Error {
    fn from(why: NotRead) -> Self {
        Self::new(ErrorKind::InvalidInput, why)
    }
}

/// Opens a regular file, or a link to one, for reading. Never waits for another program.
///
/// # Errors
/// [`NotRead`] for anything that is no regular file; else what the system says.
pub fn open(path: &Path) -> Result<File> {
    // Before it is opened: opening a device may already do something to it.
    NotRead::refuse(&std::fs::metadata(path)?)?;
    let file = without_waiting(&mut OpenOptions::new()).read(true).open(path)?;
    // Something else may have taken its place meanwhile.
    NotRead::refuse(&file.metadata()?)?;
    Ok(file)
}

/// Reads a text that somebody wrote by hand, such as settings or a definition.
///
/// # Errors
/// As [`open`]; [`NotRead::TooLarge`] beyond 4 MB; [`ErrorKind::InvalidData`] for what is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).map_err(|error| Error::new(ErrorKind::InvalidData, error))
}

/// Reads the bytes of what should be such a text.
///
/// # Errors
/// As [`open`]; [`NotRead::TooLarge`] beyond 4 MB.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut file = open(path)?.take(MOST_TEXT + 1);
    file.read_to_end(&mut bytes)?;
    if file.limit() == 0 { Err(NotRead::TooLarge.into()) } else { Ok(bytes) }
}

/// Reads the bytes of a file that the program wrote itself, however large.
///
/// # Errors
/// As [`open`].
pub fn read_whole(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Bids the system not to wait while it opens a pipe that took the place of a file.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    /// `O_NONBLOCK`, which has no effect on regular files.
    const NON_BLOCKING: i32 = if cfg!(target_os = "linux") { 0o4000 } else { 0x4 };
    options.custom_flags(NON_BLOCKING)
}

/// Other systems open no pipe by the path of a file.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_up_to_the_limit() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("text.toml");
        let most = usize::try_from(MOST_TEXT).expect("the limit is small");
        std::fs::write(&path, "x".repeat(most)).expect("a file");
        assert_eq!(read_text(&path).map(|text| text.len()).ok(), Some(most));
        // The first byte too many is half a character.
        std::fs::write(&path, format!("{}あ", "x".repeat(most))).expect("a file");
        assert_eq!(read_text(&path).err().and_then(|error| NotRead::of(&error)), Some(NotRead::TooLarge));
        std::fs::write(&path, b"\xFF").expect("a file");
        assert_eq!(read_text(&path).err().map(|error| error.kind()), Some(ErrorKind::InvalidData));
    }

    #[cfg(unix)]
    #[test]
    fn only_regular_files_are_opened() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = |name: &str| folder.path().join(name);
        std::fs::write(place("file"), "x").expect("a file");
        std::os::unix::fs::symlink(place("file"), place("link")).expect("a link");
        std::os::unix::fs::symlink("/dev/zero", place("zero")).expect("a link");
        let _socket = std::os::unix::net::UnixListener::bind(place("socket")).expect("a socket");
        let why = |path: &Path| open(path).map_err(|error| NotRead::of(&error)).err();
        assert_eq!(why(&place("file")), None);
        assert_eq!(why(&place("link")), None);
        assert_eq!(why(folder.path()), Some(Some(NotRead::Folder)));
        assert_eq!(why(&place("socket")), Some(Some(NotRead::Pipe)));
        assert_eq!(why(&place("zero")), Some(Some(NotRead::Device)));
        assert_eq!(why(&place("nothing")), Some(None));
    }
}
