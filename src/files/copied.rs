//! Copies of files, hashed while they are written: what is told of a copy is what was written, whatever the file becomes.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::folders::{folder_of, make_folder};
use super::readers::Readers;
use super::writing::open_with_mode;
use crate::domain::hex::hex;

/// Bytes that are read at once.
const BUFFER: usize = 1 << 18;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Bytes.
    pub size_bytes: u64,
    /// SHA-256 over them, hexadecimal.
    pub sha256: String,
}

/// Which side of a copy refuses.
#[derive(Debug, thiserror::Error)]
pub enum CopyFault {
    /// The file cannot be read.
    #[error("reading: {0}")]
    Read(#[source] io::Error),
    /// The copy cannot be written.
    #[error("writing: {0}")]
    Write(#[source] io::Error),
}

/// Copies a file, from where it stands on, into a folder that has no name of its own yet. Its contents are on the disk
/// afterwards.
///
/// # Errors
/// [`CopyFault`].
pub(super) fn copy_unseen(from: &mut File, to: &Path, readers: Readers) -> Result<Copied, CopyFault> {
    make_folder(folder_of(to), readers).map_err(CopyFault::Write)?;
    let mut options = File::options();
    options.write(true).create_new(true);
    open_with_mode(&mut options, readers.file_mode());
    let mut target = options.open(to).map_err(CopyFault::Write)?;
    let copied = tee(from, &mut target)?;
    // A file of the inbox is looked at by its age. Where a time cannot be set nothing is lost.
    if let Ok(modified) = from.metadata().and_then(|metadata| metadata.modified()) {
        let _ = target.set_modified(modified);
    }
    target.sync_all().map_err(CopyFault::Write)?;
    Ok(copied)
}

fn tee(from: &mut impl Read, to: &mut impl Write) -> Result<Copied, CopyFault> {
    let (mut hash, mut size_bytes, mut buffer) = (Sha256::new(), 0_u64, vec![0; BUFFER]);
    loop {
        let n = match from.read(&mut buffer) {
            Ok(0) => return Ok(Copied { size_bytes, sha256: hex(&hash.finalize()) }),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(CopyFault::Read(error)),
        };
        hash.update(&buffer[..n]);
        to.write_all(&buffer[..n]).map_err(CopyFault::Write)?;
        size_bytes += n as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let n = bytes.len().min(self.0);
            self.0 -= n;
            if n == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(n) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn copy_is_hashed_and_a_full_disk_is_told_from_a_file_that_cannot_be_read() {
        let bytes = vec![7_u8; 3 * BUFFER + 1];
        let mut written = Vec::new();
        let copied = tee(&mut bytes.as_slice(), &mut written).expect("a vector takes all");
        assert_eq!(copied, Copied { size_bytes: bytes.len() as u64, sha256: hex(&Sha256::digest(&bytes)) });
        assert_eq!(written, bytes);
        let refused = tee(&mut bytes.as_slice(), &mut Full(BUFFER + 1)).expect_err("it is full");
        assert!(matches!(&refused, CopyFault::Write(why) if why.kind() == io::ErrorKind::StorageFull), "{refused}");
    }
}
