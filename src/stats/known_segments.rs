//! Memberships as other engines count them by one plain filter: each with the days on which it counts and the days on which
//! that was known.
//!
//! On a day, as known at another, exactly those count that hold both. National memberships are cut where another prefecture
//! becomes theirs (R23). The scan of [`super::kernel`] says the same; this module does not count.

use std::ops::Range;

use super::homes::{homes_of_ranks, place_national};
use super::kernel::{Row, each_row, parts_of_pieces};
use super::known_rows::KnownRows;
use super::places::Places;
use super::threads::in_parallel;
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::day::day_number;
use crate::timeline::{Timeline, TimelineError};

/// 9999-12-31, which stands for an open end: no answer is asked of a day so far away.
pub const FOREVER: i32 = 2_932_896;

/// What was known when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownSpan {
    /// At one day, and until another, exclusive.
    One(KnownAt, i32),
    /// At every day up to one.
    UpTo(KnownAt),
}

/// A membership of one person in one body and class on some days, as known on some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownSegment {
    /// Surrogate number of the person.
    pub physician: i64,
    /// The body as its place in official order.
    pub rank: u32,
    /// The class as its stored number.
    pub class: u8,
    /// First day.
    pub starts: i32,
    /// First day that no longer counts; [`FOREVER`] when open.
    pub ends: i32,
    /// First day on which it was known so.
    pub known_from: i32,
    /// First day on which it no longer was; [`FOREVER`] when it still is.
    pub known_before: i32,
}

/// The segments of one tier that belong to one prefecture, by code of the body, then first day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentsOfPlace {
    /// The tier.
    pub tier: Tier,
    /// Code of the prefecture; empty for national members who belong to none.
    pub prefecture: String,
    /// Its segments.
    pub segments: Vec<KnownSegment>,
}

/// All segments of a timeline, by tier and prefecture; a place without segments is left out.
///
/// # Errors
/// [`TimelineError`] when the timeline cannot be read.
pub fn known_segments(
    timeline: &Timeline,
    associations: &Associations,
    span: KnownSpan,
    rule: WithdrawalDayRule,
) -> Result<Vec<SegmentsOfPlace>, TimelineError> {
    let homes = Homes::new(associations);
    let find = |pieces: &Range<usize>| {
        let mut found = Found::new(&homes);
        match span {
            KnownSpan::UpTo(newest) => {
                let known = KnownRows { timeline, associations, newest, rule };
                known.each_of_pieces(pieces.clone(), |physician, known, rows| found.take(physician.0, known, rows))?;
                found.forget_person(FOREVER);
            }
            KnownSpan::One(known_at, before) => {
                found.take_one(timeline, associations, pieces.clone(), (known_at, before, rule))?;
            }
        }
        Ok(found.segments)
    };
    let parts = in_parallel(&parts_of_pieces(timeline, timeline.n_pieces()), find);
    let mut all: Vec<Vec<KnownSegment>> = homes.places.iter().map(|_| Vec::new()).collect();
    for part in parts {
        all.iter_mut().zip(part?).for_each(|(all, mut segments)| all.append(&mut segments));
    }
    Ok(homes.places.iter().zip(all).filter_map(|(place, segments)| homes.sorted(place, segments)).collect())
}

/// Tiers and prefectures, and where the members of each body stand.
struct Homes {
    tiers: Vec<Tier>,
    /// By place in official order: the place of the prefectural body of the same prefecture.
    home: Vec<Option<u32>>,
    /// Tier and prefecture of each part, ascending.
    places: Vec<(Tier, String)>,
    /// By place in official order: part of the own members of a body.
    own: Vec<usize>,
    /// By place in official order of a prefectural body, or of the national one: part of the national members there.
    national: Vec<usize>,
    /// By place in official order: place by code.
    by_code: Vec<usize>,
}

impl Homes {
    fn new(associations: &Associations) -> Self {
        let mut places: Vec<(Tier, String)> = associations
            .iter()
            .flat_map(|body| [body.tier, Tier::National].map(|tier| (tier, body.prefecture.clone())))
            .collect();
        places.sort();
        places.dedup();
        let part = |tier: Tier, body: &Association| {
            let found = places.binary_search_by(|(other, code)| (*other, code.as_str()).cmp(&(tier, &body.prefecture)));
            found.unwrap_or_default()
        };
        let mut codes: Vec<(&str, usize)> =
            associations.iter().enumerate().map(|(rank, body)| (body.code.as_str(), rank)).collect();
        codes.sort_unstable();
        let mut by_code = vec![0; codes.len()];
        codes.iter().enumerate().for_each(|(place, (_, rank))| by_code[*rank] = place);
        Self {
            tiers: associations.iter().map(|body| body.tier).collect(),
            home: homes_of_ranks(associations),
            own: associations.iter().map(|body| part(body.tier, body)).collect(),
            national: associations.iter().map(|body| part(Tier::National, body)).collect(),
            by_code,
            places,
        }
    }

    fn sorted(&self, (tier, prefecture): &(Tier, String), mut segments: Vec<KnownSegment>) -> Option<SegmentsOfPlace> {
        segments.sort_unstable_by_key(|one| {
            let days = (one.starts, one.ends, one.known_from);
            (self.by_code[one.rank as usize], days, one.physician, one.class)
        });
        let found = SegmentsOfPlace { tier: *tier, prefecture: prefecture.clone(), segments };
        (!found.segments.is_empty()).then_some(found)
    }
}

/// What a segment is, whenever it was known: part, body, class, first day, first day that no longer counts.
type Key = (usize, u32, u8, i32, i32);

/// The segments of some persons by part, and those of the last person that are still known.
struct Found<'h> {
    homes: &'h Homes,
    segments: Vec<Vec<KnownSegment>>,
    person: i64,
    /// Ascending.
    now: Vec<(Key, i32)>,
    before: Vec<(Key, i32)>,
}

impl<'h> Found<'h> {
    fn new(homes: &'h Homes) -> Self {
        let segments = homes.places.iter().map(|_| Vec::new()).collect();
        Self { homes, segments, person: i64::MIN, now: Vec::new(), before: Vec::new() }
    }

    /// Takes all rows of a person that are known from a day on. Days of one person come one after the other.
    fn take(&mut self, person: i64, known: i32, rows: &[Row]) {
        if self.person != person {
            self.forget_person(FOREVER);
            self.person = person;
        }
        self.find_keys(known, rows);
        let (mut now, before) = (std::mem::take(&mut self.now), std::mem::take(&mut self.before));
        for (key, since) in &before {
            match now.binary_search_by(|(other, _)| other.cmp(key)) {
                Ok(at) => now[at].1 = *since,
                Err(_) => self.push(*key, *since, known),
            }
        }
        (self.before, self.now) = (now, before);
    }

    /// Ends what is known of a person at a day, which counts no more.
    fn forget_person(&mut self, known_before: i32) {
        for (key, since) in std::mem::take(&mut self.before) {
            self.push(key, since, known_before);
        }
    }

    /// Takes the persons of some pieces as known at one day and until another.
    fn take_one(
        &mut self,
        timeline: &Timeline,
        associations: &Associations,
        pieces: Range<usize>,
        (known_at, before, rule): (KnownAt, i32, WithdrawalDayRule),
    ) -> Result<(), TimelineError> {
        let places = Places::new(associations, known_at, |_| true);
        let (known, since) = (timeline.known(known_at, rule)?, day_number(known_at.0));
        let mut rows = Vec::new();
        for nth in pieces {
            known.each_person(nth, |told| {
                rows.clear();
                each_row(told, associations, &places, |row| rows.push(row));
                self.person = rows.first().map_or(i64::MIN, |row| row.physician);
                self.find_keys(since, &rows);
                self.before = std::mem::take(&mut self.now);
                self.forget_person(before);
            })?;
        }
        Ok(())
    }

    /// The keys of the rows of a person, ascending.
    fn find_keys(&mut self, known: i32, rows: &[Row]) {
        let (homes, now) = (self.homes, &mut self.now);
        now.clear();
        let tier = |rank: u32| homes.tiers[rank as usize];
        let own = rows.iter().filter(|row| tier(row.rank) != Tier::National);
        now.extend(own.map(|row| (key(homes.own[row.rank as usize], row.rank, row), known)));
        if let Some(national) = rows.iter().find(|row| tier(row.rank) == Tier::National) {
            place_national(rows, tier, &homes.home, |placed| {
                // There is one national body; a placed row stands at that of its prefecture.
                now.push((key(homes.national[placed.rank as usize], national.rank, &placed), known));
            });
        }
        now.retain(|((.., starts, ends), _)| starts < ends);
        now.sort_unstable();
    }

    fn push(&mut self, (part, rank, class, starts, ends): Key, known_from: i32, known_before: i32) {
        let physician = self.person;
        self.segments[part].push(KnownSegment { physician, rank, class, starts, ends, known_from, known_before });
    }
}

fn key(part: usize, rank: u32, row: &Row) -> Key {
    (part, rank, row.class, row.starts, row.ends.min(FOREVER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;

    #[test]
    fn open_end_is_the_last_day_that_engines_write() {
        assert_eq!(FOREVER, day_number(day("9999-12-31")));
    }
}
