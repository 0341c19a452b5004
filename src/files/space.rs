//! How much room a disk has.

use std::io;
use std::path::Path;

/// Bytes that may still be written to the disk of a folder or file that is there, by whoever runs the program.
///
/// # Errors
/// When the system does not tell.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    fs4::available_space(path)
}
