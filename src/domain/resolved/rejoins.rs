//! Which changes of 入会日 in the exports are corrections (R4), and which are a new stay in the place of one that had
//! ended (R28).
//!
//! An export that shows another 入会日 in the place of a stay corrects it where the two overlap. Whether they do depends
//! on what applications and adjustments say of the end of the old one, and they may say it before or after the export.
//! So exports are stored as they came, and this is asked each time, with what is known on the day.

use chrono::NaiveDate;

use super::draft::{Draft, Table};
use crate::domain::as_of::KnownAt;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};

/// A place at which exports show another 入会日 for what they told as one stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Border {
    /// The export that did.
    shown_on: NaiveDate,
    enrolment: EnrolmentId,
    /// Its place among the changes of this stay, from 1.
    nth: u32,
    /// Its place among the versions.
    at: usize,
}

/// All such places among what is known, in the order in which exports came to them.
pub(super) fn borders(versions: &[EnrolmentVersion], known_at: KnownAt) -> Vec<Border> {
    let mut out = Vec::new();
    let mut nth = 0;
    for (before, pair) in versions.windows(2).enumerate() {
        let (old, new) = (&pair[0], &pair[1]);
        if (old.physician, old.enrolment) != (new.physician, new.enrolment) {
            nth = 0;
        } else if old.facts.joined_on.is_some()
            && new.facts.joined_on.is_some()
            && old.facts.joined_on != new.facts.joined_on
        {
            nth += 1;
            if new.known_from <= known_at.0 {
                out.push(Border { shown_on: new.known_from, enrolment: new.enrolment, nth, at: before + 1 });
            }
        }
    }
    out.sort_unstable();
    out
}

/// What exports say of one stay, once the borders are drawn.
struct Part {
    of: (SourceId, PhysicianId, AssociationId),
    versions: Vec<EnrolmentVersion>,
    /// Whether another stay was shown in its place.
    was_replaced: bool,
}

/// The versions with each border between two stays, and for each border the stay before it and the 入会日 after it.
pub(super) struct Parted {
    /// By stay; of each in the order in which they were learnt.
    pub(super) versions: Vec<EnrolmentVersion>,
    ends: Vec<(PhysicianId, EnrolmentId, Option<NaiveDate>)>,
}

impl Parted {
    pub(super) fn new(versions: &[EnrolmentVersion], known_at: KnownAt, borders: &[Border]) -> Self {
        let mut ends = vec![(PhysicianId(0), EnrolmentId(0), None); borders.len()];
        let mut parts: Vec<Part> = Vec::new();
        let mut start = 0;
        for chain in versions.chunk_by(|a, b| (a.physician, a.enrolment) == (b.physician, b.enrolment)) {
            let known = chain.partition_point(|version| version.known_from <= known_at.0);
            let first = parts.len();
            let mut now = first;
            for (i, version) in chain[..known].iter().enumerate() {
                let border = borders.iter().position(|border| border.at == start + i);
                let nth = border.map_or(0, |at| borders[at].nth);
                if border.is_some() || i == 0 {
                    let before = now;
                    now = part_for(&mut parts, first, version);
                    if let Some(at) = border {
                        parts[before].is_replaced_on(version.known_from);
                        ends[at] = (version.physician, parts[before].id(), version.facts.joined_on);
                    }
                }
                parts[now].push(version, nth);
            }
            start += chain.len();
        }
        shown_again(&mut parts);
        Self { versions: parts.into_iter().flat_map(|part| part.versions).collect(), ends }
    }

    /// The first border before which the stay had not ended when the other one began: there it is a correction (R4).
    pub(super) fn first_correction(&self, table: &Table<'_>) -> Option<usize> {
        self.ends.iter().position(|(physician, enrolment, joined_on)| {
            let is_before = |stay: &&Draft<'_>| (stay.stay.physician, stay.stay.enrolment) == (*physician, *enrolment);
            let before = table.drafts.iter().find(is_before);
            // Stays that touch do not overlap (R1). One that never was cannot be corrected.
            before.is_some_and(|draft| !draft.is_void && draft.stay.left_on.is_none_or(|left| Some(left) > *joined_on))
        })
    }
}

/// The part that a version goes on with: one of its chain with the same 入会日, which exports show again, else a new one.
fn part_for(parts: &mut Vec<Part>, first: usize, version: &EnrolmentVersion) -> usize {
    let again = parts[first..].iter().position(|part| part.joined_on() == version.facts.joined_on);
    again.map_or_else(
        || {
            let of = (version.source, version.physician, version.association);
            parts.push(Part { of, versions: Vec::new(), was_replaced: false });
            parts.len() - 1
        },
        |at| first + at,
    )
}

impl Part {
    fn joined_on(&self) -> Option<NaiveDate> {
        self.versions.last().and_then(|version| version.facts.joined_on)
    }

    fn id(&self) -> EnrolmentId {
        self.versions.first().map_or(EnrolmentId(0), |version| version.enrolment)
    }

    /// Adds what an export says; the first gives the stay its id.
    fn push(&mut self, version: &EnrolmentVersion, nth: u32) {
        let enrolment = if self.versions.is_empty() { version.enrolment.rejoined(nth) } else { self.id() };
        self.versions.push(EnrolmentVersion { enrolment, ..version.clone() });
    }

    /// The export of a day shows another stay in the place of this one, and this one no longer.
    fn is_replaced_on(&mut self, day: NaiveDate) {
        self.was_replaced = true;
        if let Some(last) = self.versions.last().filter(|last| last.rows_shown > 0).cloned() {
            self.versions.push(EnrolmentVersion { rows_shown: 0, known_from: day, ..last });
        }
    }
}

/// A stay that was replaced and that exports come to show beside the new one: the store took it for one never seen.
fn shown_again(parts: &mut Vec<Part>) {
    let mut at = 0;
    while at < parts.len() {
        let (of, joined_on) = (parts[at].of, parts[at].versions.first().and_then(|version| version.facts.joined_on));
        let first_reported = parts[at].versions.first().map(|version| version.known_from);
        let is_same = |(other, part): &(usize, &Part)| {
            *other != at
                && part.was_replaced
                && part.of == of
                && part.joined_on() == joined_on
                && part.versions.last().map(|version| version.known_from) < first_reported
        };
        let same = parts.iter().enumerate().filter(is_same).min_by_key(|(_, part)| part.id()).map(|(other, _)| other);
        match same.filter(|_| !parts[at].was_replaced) {
            Some(same) => {
                let part = parts.remove(at);
                let same = if same > at { same - 1 } else { same };
                part.versions.iter().for_each(|version| parts[same].push(version, 0));
                at = 0;
            }
            None => at += 1,
        }
    }
}
