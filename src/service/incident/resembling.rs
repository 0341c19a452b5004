//! What a file that nobody knows has in common with one that is known: its name, or the identity that a PDF carries through most
//! changes. Neither makes it the same file.

use std::path::{Path, PathBuf};

use super::known::{Catalogue, KnownFile, What};
use crate::domain::text::compose_marks;
use crate::files::names::name_of;
use crate::input;
use crate::render::pdf;

/// Files that are named; of more their number tells nothing.
const MOST: usize = 5;

/// What a file has in common with a known one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resemblance {
    /// Code of the sentence that says what.
    pub code: &'static str,
    /// The known file.
    pub place: String,
}

/// Known files of a name, which may be in the form of another system.
pub(super) fn named<'c>(catalogue: &'c Catalogue, name: &str) -> Vec<&'c KnownFile> {
    let wanted = compose_marks(name);
    let handed: Vec<&str> = catalogue
        .handed
        .iter()
        .filter(|one| compose_marks(&one.name) == wanted)
        .map(|one| one.sha256.as_str())
        .collect();
    let is_called = |file: &&KnownFile| {
        compose_marks(&name_of(Path::new(&file.name))) == wanted || handed.contains(&file.sha256.as_str())
    };
    catalogue.files.iter().filter(is_called).collect()
}

/// What a file has in common with known ones.
pub(super) fn resembling(catalogue: &Catalogue, path: &Path, name: &str) -> Vec<Resemblance> {
    let mut out: Vec<Resemblance> = same_identity(catalogue, path)
        .into_iter()
        .map(|place| Resemblance { code: "INC-005", place: place.display().to_string() })
        .collect();
    let others = named(catalogue, name).into_iter().map(|file| Resemblance { code: "INC-006", place: place_of(file) });
    out.extend(others);
    out.dedup();
    out.truncate(MOST);
    out
}

/// PDF files of papers that have the identity of another one.
fn same_identity<'c>(catalogue: &'c Catalogue, path: &Path) -> Vec<&'c Path> {
    let identity = |path: &Path| input::read_whole(path).ok().and_then(|bytes| pdf::identity(&bytes));
    let Some(wanted) = identity(path) else { return Vec::new() };
    let same = catalogue.pdfs.iter().filter(|path| identity(path).is_some_and(|known| known == wanted));
    same.map(PathBuf::as_path).collect()
}

/// Where a known file lies or lay.
fn place_of(file: &KnownFile) -> String {
    match &file.what {
        What::Paper(paper) => paper.folder.join(&file.name).display().to_string(),
        What::LedgerFile(place) => place.clone(),
        What::Import(import) => format!("{} ({})", import.file_name, import.known_on),
        What::Snapshot(snapshot) => format!("snapshots/{}/{}", snapshot.id, file.name),
        What::Distribution(number) => format!("{} ({number})", file.name),
        What::Lying(path) => path.display().to_string(),
        What::Letter | What::HandedOut(_) => file.name.clone(),
    }
}
