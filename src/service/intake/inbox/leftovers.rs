//! Files that lie in the inbox although they were taken in: they could not be moved then. They must not be taken in twice, and
//! not after a person has taken them back.

use std::path::Path;

use crate::domain::layout::FileKind;
use crate::ingest::scan::scan;
use crate::service::intake::import::name_of;
use crate::store::ImportRecord;

/// What became of a file that was taken in before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Leftover {
    /// It stands, and newer ones of its source stand after it.
    Stands,
    /// It was taken back, or another file took its place: when it was taken in, and why it was taken back.
    NoLonger(String),
}

/// Looks whether a file was taken in before under its name. The newest one that stands is none of these: importing it again
/// changes nothing, unless it is read otherwise by now.
pub(super) fn leftover_of(imports: &[ImportRecord], path: &Path) -> Option<Leftover> {
    let name = name_of(path);
    // Only a file of a known name is read for this.
    imports.iter().find(|import| import.file_name == name)?;
    let content = scan(path).ok()?.sha256;
    let import = imports.iter().rev().find(|import| import.file_name == name && import.sha256 == content)?;
    let is_of_source = |other: &&ImportRecord| match import.kind {
        // There is one master, whatever its source is called.
        FileKind::Associations => other.kind == FileKind::Associations,
        _ => other.source == import.source,
    };
    let mut newer = imports.iter().filter(|other| other.id > import.id && other.stands()).filter(is_of_source);
    let is_newest = newer.next().is_none();
    match (&import.taken_back, import.kind) {
        (Some(taken), _) => Some(Leftover::NoLonger(format!("{}: {}", import.known_on, taken.reason))),
        (None, _) if import.replaced => Some(Leftover::NoLonger(import.known_on.to_string())),
        (None, FileKind::Associations) if !is_newest => Some(Leftover::NoLonger(import.known_on.to_string())),
        _ => (!is_newest).then_some(Leftover::Stands),
    }
}
