//! The compiled-in fonts, and the characters of names that none of them has. Names are looked through and never told.

use std::collections::{BTreeSet, HashSet};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::definitions::Read;
use super::given::Opened;
use super::line::{Line, Subject, Told};
use crate::domain::as_of::KnownAt;
use crate::domain::association::Tier;
use crate::domain::gaiji::{Gaiji, characters};
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::printed_number::thousands;
use crate::render::pdf;
use crate::render::printable::is_printable;
use crate::service::keep::Workspace;
use crate::service::keep::current_exports::telling_days;

/// How long names may be looked through.
const LOOK: Duration = Duration::from_secs(3);

/// People whose bodies are looked up. Where more have such characters something else is wrong, and a number is enough.
const MOST_PEOPLE: usize = 10_000;

/// What is said of the fonts.
pub(super) async fn line(read: &Read, opened: &Opened) -> Line {
    let (n, n_sound) = pdf::fonts();
    let told = match opened {
        _ if n_sound < n => Told::broken("DOC-096", &[&n, &n_sound]),
        Opened::NotMade => Told::well("DOC-091", &[&n]),
        Opened::Unreadable(_) => Told::attention("DOC-093", &[&n]),
        Opened::Store(workspace) => {
            // A wrong table is told elsewhere; then nothing stands for anything.
            let gaiji = read.gaiji.clone().unwrap_or_default();
            let looked = names(workspace, &gaiji).await;
            looked.map_or_else(|_| Told::attention("DOC-093", &[&n]), |names| names.told(n))
        }
    };
    Line::of(Subject::Fonts, told)
}

/// What was seen of names.
#[derive(Debug, Default)]
struct Names {
    n_people: usize,
    is_whole: bool,
    printable: HashSet<String>,
    lacking: BTreeSet<String>,
    /// Who has characters that are lacking, ascending.
    people: Vec<PhysicianId>,
    n_bodies: usize,
}

impl Names {
    fn look_at(&mut self, physician: PhysicianId, name: &str, gaiji: &Gaiji) {
        self.n_people += 1;
        let mut is_lacking = false;
        for character in characters(name) {
            if self.printable.contains(character) {
                continue;
            }
            if gaiji.get(character).is_some() || is_printable(character) {
                self.printable.insert(character.to_string());
            } else {
                is_lacking = true;
                self.lacking.insert(character.to_string());
            }
        }
        if is_lacking && self.people.len() < MOST_PEOPLE {
            self.people.push(physician);
        }
    }

    fn told(&self, n_fonts: usize) -> Told {
        let n_people = thousands(i64::try_from(self.n_people).unwrap_or(i64::MAX));
        match (self.lacking.len(), self.is_whole && self.people.len() < MOST_PEOPLE) {
            (0, true) => Told::well("DOC-090", &[&n_fonts, &n_people]),
            (0, false) => Told::well("DOC-094", &[&n_fonts, &n_people]),
            (n, true) => Told::attention("DOC-092", &[&n, &self.n_bodies]),
            (n, false) => Told::attention("DOC-095", &[&n, &self.n_bodies]),
        }
    }
}

/// Looks through the names as they are known now.
async fn names(workspace: &Workspace, gaiji: &Gaiji) -> Result<Names> {
    let end = Instant::now() + LOOK;
    let mut names = Names { is_whole: true, ..Names::default() };
    let Some(newest) = telling_days(&workspace.store.imports().await?).last().copied() else { return Ok(names) };
    let each = |physician, name: &str| {
        names.look_at(physician, name, gaiji);
        Instant::now() < end
    };
    names.is_whole = workspace.store.each_name_while(KnownAt(newest), each).await?;
    let associations = workspace.store.associations().await?;
    let mut bodies: BTreeSet<AssociationId> = BTreeSet::new();
    let is_local = |id| associations.get(id).is_some_and(|body| body.tier == Tier::Local);
    let versions = workspace.store.each_version_of(&names.people, |version| {
        // Everybody is in a body above as well.
        if version.known_until.is_none() && is_local(version.association) {
            bodies.insert(version.association);
        }
    });
    versions.await?;
    names.n_bodies = bodies.len();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked_at(gaiji: &Gaiji) -> Names {
        let mut names = Names { is_whole: true, ..Names::default() };
        for (id, name) in [(1, "架空　太郎"), (2, "架\u{E000}　太郎"), (3, "\u{E000}\u{E001}　花子")] {
            names.look_at(PhysicianId(id), name, gaiji);
        }
        names
    }

    #[test]
    fn characters_without_a_font_are_counted_once_each() {
        let names = looked_at(&Gaiji::default());
        assert_eq!((names.lacking.len(), names.people.len(), names.n_people), (2, 2, 3));
        assert_eq!(names.told(3), Told::attention("DOC-092", &[&2, &0]));
    }

    #[test]
    fn characters_of_the_table_are_not_lacking() {
        let names = looked_at(&Gaiji::of([("\u{E000}".to_string(), "髙".to_string())]));
        assert_eq!((names.lacking.len(), names.people), (1, vec![PhysicianId(3)]));
    }

    #[test]
    fn names_that_were_not_all_seen_are_told_as_that() {
        let names = Names { is_whole: false, n_people: 1_005, ..Names::default() };
        assert_eq!(names.told(3), Told::well("DOC-094", &[&3, &"1,005"]));
    }
}
