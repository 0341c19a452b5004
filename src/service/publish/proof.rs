//! The proof of what leaves (I1): each file is opened again, and nothing in it may be of another body than its recipient.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::manifest::{Addressed, AddressedFile, AddressedPaper};
use crate::domain::as_of::AsOf;
use crate::domain::association::{Association, AssociationSpan, Associations, Tier};
use crate::error::{Failure, FailureKind};
use crate::ingest::fold;
use crate::ingest::texts::texts_of;
use crate::render::pdf;

/// A word with this in it is looked for within other words too; short names and codes only as cells of their own, since they
/// may be parts of anything.
const TELLING: &str = "医師会";

/// The words that a paper for one body may not hold.
#[derive(Debug)]
pub(super) struct Scope {
    /// Words of the body itself and of those above and below it, longest first.
    own: Vec<String>,
    /// Words of all others, as a cell of their own.
    foreign: BTreeSet<String>,
    /// Names of all others, wherever they stand.
    telling: Vec<String>,
}

impl Scope {
    /// The scope of a body on a day. `None` when the master does not have it.
    pub(super) fn of(associations: &Associations, code: &str, as_of: AsOf) -> Option<Self> {
        let body = associations.by_code(code)?;
        let mut own_ids: BTreeSet<_> = associations.chain_on(body.id, as_of.0).iter().map(|one| one.id).collect();
        own_ids.extend(associations.reach(body).iter().map(|one| one.id));
        let below = associations.iter().filter(|one| associations.is_below_on(one.id, body.id, as_of.0));
        own_ids.extend(below.map(|one| one.id));
        // What became part of it is its own past.
        let before = associations.iter().filter(|one| associations.reach(one).iter().any(|later| later.id == body.id));
        own_ids.extend(before.map(|one| one.id));
        let (own, others): (Vec<&Association>, Vec<&Association>) =
            associations.iter().partition(|one| own_ids.contains(&one.id));
        let mut own: Vec<String> = own.into_iter().flat_map(words).collect();
        own.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let others = others.into_iter().filter(|one| one.tier == Tier::Local);
        let foreign: BTreeSet<String> = others.flat_map(words).filter(|word| !own.contains(word)).collect();
        let telling = foreign.iter().filter(|word| word.contains(TELLING)).cloned().collect();
        Some(Self { own, foreign, telling })
    }

    /// The first word of another body among texts.
    fn foreign_in(&self, texts: &[String]) -> Option<String> {
        let texts: Vec<String> = texts.iter().map(|text| key(text)).collect();
        if let Some(text) = texts.iter().find(|text| self.foreign.contains(*text)) {
            return Some(text.clone());
        }
        // Names are broken into lines; those of its own may hold a shorter one of another.
        let whole = self.own.iter().fold(texts.concat(), |whole, own| whole.replace(own.as_str(), "\u{0}"));
        self.telling.iter().find(|word| whole.contains(word.as_str())).cloned()
    }

    /// Opens the files of a recipient again and looks at everything that they say.
    ///
    /// # Errors
    /// [`Failure`] PUB-008 with the file and the word of another body; PUB-009 with a file that cannot be opened.
    pub(super) fn prove(&self, data: &Path, to: &Addressed) -> Result<()> {
        for paper in &to.papers {
            for file in &paper.files {
                let texts = texts(data, paper, file)?;
                if let Some(word) = self.foreign_in(&texts) {
                    let detail = format!("{} {}: {}: {word}", to.code, to.name, file.name);
                    return Err(Failure::new(FailureKind::Data, "PUB-008", detail).into());
                }
            }
        }
        Ok(())
    }
}

/// Codes and names of a body, in all its times.
fn words(body: &Association) -> Vec<String> {
    let names = body.spans.iter().flat_map(AssociationSpan::names);
    let words = names.chain([body.code.as_str(), body.name.as_str(), body.short_name.as_str()]);
    words.map(key).filter(|word| !word.is_empty()).collect()
}

/// A text without width and spaces.
fn key(text: &str) -> String {
    fold(text).chars().filter(|c| !c.is_whitespace()).collect()
}

/// What a file says.
fn texts(data: &Path, paper: &AddressedPaper, file: &AddressedFile) -> Result<Vec<String>> {
    let bytes = paper.bytes_of(data, file)?;
    let path = data.join(&paper.folder).join(&file.source);
    let unreadable = || Failure::new(FailureKind::Data, "PUB-009", path.display().to_string());
    let texts = match file.source.rsplit_once('.').map(|(_, end)| end) {
        Some("pdf") => pdf::texts(&bytes).map_err(|_| unreadable())?,
        _ => texts_of(&path).map_err(|_| unreadable())?,
    };
    // A file in which nothing can be read proves nothing.
    if texts.is_empty() { Err(unreadable().into()) } else { Ok(texts) }
}
