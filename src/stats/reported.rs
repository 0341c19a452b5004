//! How many members each body had on each export day, and of how many each source had told by then (R7).
//!
//! One pass over the timeline fills the tally from which `domain::coverage` reads the first complete day of each body.
//! Only exports are asked: an application or adjustment tells of single persons, never of a body.

use std::ops::Range;

use super::kernel::parts_of_pieces;
use super::places::{ById, DayPlaces};
use super::threads::in_parallel;
use crate::domain::as_of::KnownAt;
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::body_days::{each_of_person_within_bodies, is_limited};
use crate::domain::class::NationalClass;
use crate::domain::coverage::{Coverage, ExportDay, Spans, Tally};
use crate::domain::day::{OPEN, date_of, day_number};
use crate::domain::ids::{EnrolmentId, SourceId};
use crate::domain::membership::Segment;
use crate::timeline::{ReportedStay, Timeline, TimelineError};

/// The reach of the exports up to known-at, for each body. `exports` are those.
///
/// # Errors
/// [`TimelineError`] when the timeline cannot be read.
pub fn coverage(
    timeline: &Timeline,
    associations: &Associations,
    known_at: KnownAt,
    exports: &[ExportDay],
) -> Result<Coverage, TimelineError> {
    let places = places(associations);
    let tally = |pieces: &Range<usize>| tally(timeline, associations, known_at, exports, &places, pieces.clone());
    let parts = parts_of_pieces(timeline, timeline.n_pieces());
    let sum = |sum: Result<Tally, TimelineError>, other: Result<Tally, TimelineError>| Ok(sum?.plus(&other?));
    let tally = in_parallel(&parts, tally).into_iter().reduce(sum);
    Ok(Coverage::of(&tally.unwrap_or_else(|| Ok(Tally::new(exports, associations)))?, exports, associations))
}

/// What some pieces tell. No person is in two of them.
fn tally(
    timeline: &Timeline,
    associations: &Associations,
    known_at: KnownAt,
    exports: &[ExportDay],
    places: &ById<Place>,
    pieces: Range<usize>,
) -> Result<Tally, TimelineError> {
    let mut tally = Tally::new(exports, associations);
    let days: Vec<i32> = tally.days().iter().copied().map(day_number).collect();
    let days = DayPlaces::new(&days);
    let mut of_person: Vec<ReportedStay> = Vec::new();
    let mut add = |of_person: &mut Vec<ReportedStay>| {
        if of_person.iter().any(|stay| places.get(stay.association).is_some_and(|place| place.is_limited)) {
            *of_person = within_bodies(of_person, associations);
        }
        add_person(of_person, places, &days, &mut tally);
        of_person.clear();
    };
    for nth in pieces {
        timeline.each_reported(nth, known_at, |stay| {
            if of_person.first().is_some_and(|first| first.physician != stay.physician) {
                add(&mut of_person);
            }
            of_person.push(stay);
        })?;
    }
    add(&mut of_person);
    Ok(tally)
}

/// What is asked about the body of each stay.
#[derive(Clone, Copy)]
struct Place {
    rank: usize,
    tier: Tier,
    /// Place of the prefectural body of the prefecture.
    home: Option<usize>,
    /// Whether it does not exist on every day.
    is_limited: bool,
}

fn places(associations: &Associations) -> ById<Place> {
    ById::new(associations, |rank, body| {
        let is_home = |other: &Association| other.tier == Tier::Prefectural && other.prefecture == body.prefecture;
        Some(Place {
            rank,
            tier: body.tier,
            home: associations.iter().position(is_home),
            // The heir of a body that has ended may exist on every day.
            is_limited: is_limited(body),
        })
    })
}

/// The stays of one person with the days of their bodies only: one that passed to the heir of a body counts there from the
/// day of the change, although exports show it with the old 入会日.
fn within_bodies(stays: &[ReportedStay], associations: &Associations) -> Vec<ReportedStay> {
    let number = |nth: usize| EnrolmentId(i64::try_from(nth).unwrap_or(i64::MAX));
    let mut segments: Vec<Segment> = stays
        .iter()
        .enumerate()
        .filter_map(|(nth, stay)| {
            Some(Segment {
                physician: stay.physician,
                association: stay.association,
                class: NationalClass::Unknown,
                starts_on: date_of(stay.joined)?,
                ended_on: if stay.left == OPEN { None } else { date_of(stay.left.checked_add(1)?) },
                not_shown: false,
                enrolment: number(nth),
            })
        })
        .filter(|segment| segment.ended_on.is_none_or(|end| segment.starts_on < end))
        .collect();
    let mut out = Vec::with_capacity(stays.len());
    each_of_person_within_bodies(&mut segments, associations, |segment| {
        let stay = usize::try_from(segment.enrolment.0).ok().and_then(|nth| stays.get(nth));
        out.extend(stay.map(|stay| ReportedStay {
            joined: day_number(segment.starts_on),
            left: segment.ended_on.map_or(OPEN, |end| day_number(end) - 1),
            ..*stay
        }));
    });
    out
}

/// Adds the stays of one person, body by body.
fn add_person(stays: &[ReportedStay], places: &ById<Place>, days: &DayPlaces, tally: &mut Tally) {
    assert!(stays.windows(2).all(|pair| pair[0].physician == pair[1].physician));
    let mut spans = Spans::new();
    let mut told: Vec<(SourceId, usize)> = Vec::new();
    let home = home_of(stays, places);
    for of_body in stays.chunk_by(|a, b| a.association == b.association) {
        let Some(place) = places.get(of_body[0].association) else { continue };
        spans.clear();
        told.clear();
        for stay in of_body {
            spans.push((days.of(stay.joined), days.of(stay.left.saturating_add(1))));
            let first_reported = days.of(stay.first_reported);
            match told.iter_mut().find(|(source, _)| *source == stay.source) {
                Some((_, day)) => *day = first_reported.min(*day),
                None => told.push((stay.source, first_reported)),
            }
        }
        merge(&mut spans);
        match place.tier {
            Tier::National => tally.add_national(home.unwrap_or(place.rank), &spans, &told),
            Tier::Local | Tier::Prefectural => tally.add_member(place.rank, &spans, &told),
        }
    }
}

/// The prefectural body above the prefectural stay that began last, else the local one: near enough to R23 to tell
/// whose export speaks of a national member.
fn home_of(stays: &[ReportedStay], places: &ById<Place>) -> Option<usize> {
    let homes = stays.iter().filter_map(|stay| {
        let place = places.get(stay.association).filter(|place| place.tier != Tier::National)?;
        Some(((place.tier, stay.joined), place.home?))
    });
    homes.max_by_key(|(key, _)| *key).map(|(_, home)| home)
}

/// Brings spans that share a day together: two sources may tell of one stay.
fn merge(spans: &mut Spans) {
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let touches = next.0 <= last.1;
        if touches {
            last.1 = last.1.max(next.1);
        }
        touches
    });
}
