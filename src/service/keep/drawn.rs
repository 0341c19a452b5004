//! Ids that are drawn once and kept in a file of the data folder.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Failure, FailureKind};
use crate::files::names::name_of;
use crate::files::{Readers, write_new};
use crate::input;

/// Draws an id that no other one is equal to: 32 hexadecimal digits.
pub(in crate::service) fn drawn_id() -> String {
    // Drawn by the operating system, as the keys of hash tables are.
    let [one, other] = [(); 2].map(|()| RandomState::new().build_hasher().finish());
    format!("{one:016x}{other:016x}")
}

/// Reads the id in a file, drawing one where there is none.
///
/// # Errors
/// [`Failure`] ENV-006 for a file without anything in it; when it cannot be read or written.
pub(in crate::service) fn id_in_file(path: &Path, readers: Readers) -> Result<String, Failure> {
    let failed = |source: &std::io::Error| Failure::from_writing(source, &path.display().to_string());
    loop {
        match input::read_text(path) {
            Ok(text) if !text.trim().is_empty() => return Ok(text.trim().to_string()),
            Ok(_) => return Err(Failure::new(FailureKind::Environment, "ENV-006", name_of(path))),
            Err(source) if source.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(failed(&source)),
        }
        match write_new(path, format!("{}\n", drawn_id()).as_bytes(), readers) {
            Ok(()) => {}
            Err(source) if source.kind() == ErrorKind::AlreadyExists => {}
            Err(source) => return Err(failed(&source)),
        }
    }
}
