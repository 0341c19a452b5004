//! Looking for a person by number, or by the beginning of name or kana, within sight.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::found::found;
use super::sight::Sight;
use super::told::Told;
use crate::domain::ids::{AssociationId, PhysicianId, RegistrationNumber};
use crate::domain::person::KnownPerson;
use crate::ingest::{fold, registration_number};
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;

/// Persons that are listed; of more the total is told.
pub const MOST_HITS: usize = 50;

/// A longer text is no name.
const LONGEST: usize = 60;

/// One person who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// As addresses name her.
    pub physician: PhysicianId,
    /// 医籍登録番号.
    pub number: RegistrationNumber,
    /// 氏名.
    pub name: String,
    /// 氏名カナ.
    pub kana: String,
    /// Bodies in sight of which something was told, in official order.
    pub bodies: Vec<String>,
}

/// Who was found, by kana and number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    /// The first [`MOST_HITS`].
    pub listed: Vec<Hit>,
    /// How many there are.
    pub total: usize,
}

/// What became of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// Code of what is wrong with the text.
    Wrong(&'static str),
    /// Who was found, perhaps nobody.
    Found(Hits),
}

/// Looks for a number, else for the beginning of a name or kana; hiragana, width and blanks do not matter.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub async fn search(workspace: &Workspace, vintage: &Vintage, sight: &Sight, text: &str) -> Result<Search> {
    if text.chars().count() > LONGEST {
        return Ok(Search::Wrong("WEB-062"));
    }
    let key = key_of(text);
    if key.is_empty() {
        return Ok(Search::Wrong("WEB-060"));
    }
    if let Some(number) = registration_number(text.trim()) {
        let id = workspace.store.physician_of(number).await?;
        let found = found(workspace, vintage, sight, id).await?;
        let ids: Vec<PhysicianId> = found.into_iter().map(|found| found.physician).collect();
        return Ok(Search::Found(hits_of(workspace, vintage, sight, &ids).await?));
    }
    let matching = matching(workspace, vintage, sight, &key).await?;
    Ok(Search::Found(hits_of(workspace, vintage, sight, &matching).await?))
}

/// A text as it is compared.
fn key_of(text: &str) -> String {
    let katakana = |letter: char| match letter {
        'ぁ'..='ゖ' => char::from_u32(u32::from(letter) + 0x60).unwrap_or(letter),
        other => other,
    };
    fold(text).chars().map(katakana).collect()
}

/// Numbers that stay, of persons whose name or kana begins so; some of them may not be in sight.
async fn matching(workspace: &Workspace, vintage: &Vintage, sight: &Sight, key: &str) -> Result<Vec<PhysicianId>> {
    let stays_as = vintage.stays_as()?;
    let mut out: BTreeSet<PhysicianId> = BTreeSet::new();
    let take = |id: PhysicianId, name: &str, kana: &str| {
        if key_of(name).starts_with(key) || key_of(kana).starts_with(key) {
            out.insert(id);
        }
    };
    if sight.is_whole() {
        workspace.store.each_named(None, vintage.known_at, take).await?;
    } else {
        let timeline = vintage.timeline()?;
        let mut ids = timeline.persons_in(0..timeline.n_pieces(), vintage.known_at, |body| sight.has(body))?;
        ids.sort_unstable();
        ids.dedup();
        workspace.store.each_named(Some(&ids), vintage.known_at, take).await?;
    }
    // One who was described under a number that was given up is found by it where it alone is in sight.
    Ok(out.into_iter().filter(|id| !stays_as.contains_key(id)).collect())
}

/// The number that stays.
fn stays(stays_as: &BTreeMap<PhysicianId, PhysicianId>, id: PhysicianId) -> PhysicianId {
    stays_as.get(&id).copied().unwrap_or(id)
}

/// Those of some persons who are in sight.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub async fn hits_of(workspace: &Workspace, vintage: &Vintage, sight: &Sight, ids: &[PhysicianId]) -> Result<Hits> {
    let stays_as = vintage.stays_as()?;
    let wanted: BTreeSet<PhysicianId> = ids.iter().copied().collect();
    let given_up = stays_as.iter().filter(|(_, kept)| wanted.contains(kept)).map(|(given_up, _)| *given_up);
    let all: BTreeSet<PhysicianId> = wanted.iter().copied().chain(given_up).collect();
    let all: Vec<PhysicianId> = all.into_iter().collect();
    let told = Told::read(workspace, vintage, &all, sight).await?;
    let seen: BTreeSet<PhysicianId> = told.physicians().into_iter().map(|id| stays(&stays_as, id)).collect();
    let seen: Vec<PhysicianId> = seen.into_iter().filter(|id| wanted.contains(id)).collect();
    let mut bodies: BTreeMap<PhysicianId, BTreeSet<(Option<usize>, AssociationId)>> = BTreeMap::new();
    let places = told.stays.iter().map(|version| (version.physician, version.association));
    let filed =
        told.applications.iter().map(|version| (version.application.physician, version.application.association));
    for (id, body) in places.chain(filed) {
        bodies.entry(stays(&stays_as, id)).or_default().insert((vintage.associations.rank(body), body));
    }
    let mut known = workspace.store.persons(&seen, vintage.known_at).await?;
    known.sort_by_cached_key(|one| (key_of(&one.person.texts().kana), one.number));
    let name = |(_, body): &(Option<usize>, AssociationId)| {
        vintage.associations.short_name_on(*body, vintage.known_at.0).to_string()
    };
    let hit = |one: &KnownPerson| {
        let texts = one.person.texts();
        let bodies = bodies.get(&one.physician).map_or(Vec::new(), |all| all.iter().map(name).collect());
        Hit { physician: one.physician, number: one.number, name: texts.name, kana: texts.kana, bodies }
    };
    workspace.check_head(&vintage.store_head).await?;
    Ok(Hits { total: known.len(), listed: known.iter().take(MOST_HITS).map(hit).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_width_blanks_and_hiragana() {
        assert_eq!(key_of("やまだ　ﾊﾅｺ"), key_of("ヤマダ ハナコ"));
        assert_ne!(key_of("山田"), key_of("ヤマダ"));
    }
}
