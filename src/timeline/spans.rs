//! From versions to days by the short way: whoever is told of by exports alone, with each stay in one class, is plain
//! numbers and needs neither lists of versions nor dates.
//!
//! Everybody else takes the long way through `domain::settled` and `domain::membership`. Both ways say the same; tests
//! compare them with the slow definition in `domain::count`. Start reading at [`Timeline::known`].

use std::ops::Range;

use super::Timeline;
use super::corrections::{Touched, Voices};
use super::read::{NONE, class, date, each_segment_of};
use crate::domain::application::Application;
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::class::NationalClass;
use crate::domain::day::{OPEN, date_of, day_number};
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId};
use crate::domain::membership::{Segment, segments};
use crate::domain::settled::{Corrections, settle};

/// A span of days of one physician in one body and class, in day numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// The class on these days.
    pub class: NationalClass,
    /// First day.
    pub starts: i32,
    /// First day that no longer counts; [`OPEN`] when open.
    pub ends: i32,
    /// Whether the newest export no longer shows the stay (R6).
    pub not_shown: bool,
    /// The enrolment behind it.
    pub enrolment: EnrolmentId,
}

impl Span {
    /// The same with dates; `None` for a day outside the calendar, which no timeline holds.
    pub fn segment(&self) -> Option<Segment> {
        Some(Segment {
            physician: self.physician,
            association: self.association,
            class: self.class,
            starts_on: date_of(self.starts)?,
            ended_on: if self.ends == OPEN { None } else { date_of(self.ends) },
            not_shown: self.not_shown,
            enrolment: self.enrolment,
        })
    }
}

/// What is known of one person, by body.
#[derive(Debug)]
pub enum OfPerson<'a> {
    /// At most one span in each body.
    Plain(&'a [Span]),
    /// Anything else. The list may be emptied.
    Settled(&'a mut Vec<Segment>),
}

/// Some persons of a timeline, one after the other: several threads can take one part each.
#[derive(Debug, Clone)]
pub struct Part {
    rows: Range<usize>,
    /// Places among the persons with corrections.
    touched: Range<usize>,
}

/// What was known on a day.
#[derive(Debug)]
pub struct Known<'t> {
    timeline: &'t Timeline,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
    /// Persons of whom applications or adjustments tell something that counts, by the physician that stays.
    touched: Vec<Touched>,
    /// Numbers given up for another, ascending.
    given_up: Vec<PhysicianId>,
    /// Days between 退会日 and the first day that no longer counts (R2).
    after_left: i32,
}

impl Timeline {
    /// Looks at the timeline as of the end of a day.
    pub fn known(&self, known_at: KnownAt, rule: WithdrawalDayRule) -> Known<'_> {
        let touched =
            self.corrections.touched_in_days(known_at, |application| self.is_open_without(application, known_at));
        let others = |person: &Touched| {
            let stays = person.physician;
            person.all.clone().into_iter().filter(move |id| *id != stays)
        };
        let mut given_up: Vec<PhysicianId> = touched.iter().flat_map(others).collect();
        given_up.sort_unstable();
        let after_left = day_number(rule.ended_on(known_at.0)) - day_number(known_at.0);
        Known { timeline: self, known_at, rule, touched, given_up, after_left }
    }

    /// Whether an approved withdrawal is about a stay that exports leave open, so that it may end it (R22). Where they
    /// tell any 退会日, they stand.
    fn is_open_without(&self, application: &Application, known_at: KnownAt) -> bool {
        let Some(day) = application.effective_on.map(day_number) else { return false };
        let (columns, known) = (&self.versions, day_number(known_at.0));
        let mut newest = (NONE, false);
        let mut rows = columns.rows_of(application.physician).peekable();
        while let Some(i) = rows.next() {
            let follows =
                |next: &usize| columns.enrolment[*next] == columns.enrolment[i] && columns.known_from[*next] <= known;
            let is_of_body = columns.association[i] == application.association.0;
            if !is_of_body || columns.known_from[i] > known || rows.peek().is_some_and(follows) {
                continue;
            }
            let (joined, is_open) = (columns.joined_on[i], date(columns.left_on[i]).is_none());
            if joined != NONE && joined <= day && joined >= newest.0 {
                newest = (joined, is_open || (joined == newest.0 && newest.1));
            }
        }
        newest.1
    }
}

impl Known<'_> {
    /// Everybody.
    pub fn whole(&self) -> Part {
        Part { rows: 0..self.timeline.len(), touched: 0..self.touched.len() }
    }

    /// Everybody in so many parts of about the same size, in order.
    pub fn parts(&self, n: usize) -> Vec<Part> {
        let physicians = &self.timeline.versions.physician;
        let mut out = Vec::with_capacity(n);
        let (mut row, mut touched) = (0, 0);
        for nth in 1..=n {
            let Some(border) = physicians.get(physicians.len() * nth / n).filter(|_| nth < n) else {
                out.push(Part { rows: row..physicians.len(), touched: touched..self.touched.len() });
                break;
            };
            let next_row = physicians.partition_point(|id| id < border);
            let next_touched = self.touched.partition_point(|person| person.physician.0 < *border);
            out.push(Part { rows: row..next_row, touched: touched..next_touched });
            (row, touched) = (next_row, next_touched);
        }
        out
    }

    /// Calls `each` once for every person of a part, by physician.
    pub fn each_person(&self, part: &Part, mut each: impl FnMut(OfPerson<'_>)) {
        let columns = &self.timeline.versions;
        let mut touched = self.touched[part.touched.clone()].iter().peekable();
        let (mut spans, mut segments) = (Vec::new(), Vec::new());
        let mut start = part.rows.start;
        while start < part.rows.end {
            let physician = columns.physician[start];
            let end = start + columns.physician[start..part.rows.end].iter().take_while(|id| **id == physician).count();
            // Some have no rows of their own: an adjustment may tell a stay that no export shows.
            while let Some(person) = touched.next_if(|person| person.physician.0 < physician) {
                self.settle(person, &mut segments);
                each(OfPerson::Settled(&mut segments));
            }
            if let Some(person) = touched.next_if(|person| person.physician.0 == physician) {
                self.settle(person, &mut segments);
                each(OfPerson::Settled(&mut segments));
            } else if self.given_up.is_empty() || self.given_up.binary_search(&PhysicianId(physician)).is_err() {
                if self.take_plain(start..end, &mut spans) {
                    each(OfPerson::Plain(&spans));
                } else {
                    self.settle_exports(start..end, &mut segments);
                    each(OfPerson::Settled(&mut segments));
                }
            }
            start = end;
        }
        for person in touched {
            self.settle(person, &mut segments);
            each(OfPerson::Settled(&mut segments));
        }
    }

    fn settle(&self, person: &Touched, out: &mut Vec<Segment>) {
        out.clear();
        let settled = self.timeline.settled(person, self.known_at, Voices::All, None);
        each_segment_of(&settled, self.known_at, self.rule, &mut |segment| out.push(segment));
    }

    fn settle_exports(&self, rows: Range<usize>, out: &mut Vec<Segment>) {
        out.clear();
        let columns = &self.timeline.versions;
        let mut start = rows.start;
        while start < rows.end {
            let end = columns.end_of_group(start);
            let physician = PhysicianId(columns.physician[start]);
            let versions: Vec<EnrolmentVersion> = (start..end).map(|i| columns.version(i, None)).collect();
            let settled = settle(physician, &versions, &Corrections::default(), self.known_at);
            out.extend(segments(&settled.stays, self.known_at, self.rule));
            start = end;
        }
    }

    /// The spans of a person; false when somebody has two stays in one body or one in two classes.
    fn take_plain(&self, rows: Range<usize>, out: &mut Vec<Span>) -> bool {
        out.clear();
        let columns = &self.timeline.versions;
        let known = day_number(self.known_at.0);
        let mut last: Option<usize> = None;
        for i in rows.filter(|i| columns.known_from[*i] <= known) {
            match last {
                Some(before) if columns.association[before] != columns.association[i] => out.extend(self.span(before)),
                Some(before)
                    if columns.enrolment[before] != columns.enrolment[i]
                        || columns.class[before] != columns.class[i] =>
                {
                    return false;
                }
                _ => {}
            }
            last = Some(i);
        }
        out.extend(last.and_then(|i| self.span(i)));
        true
    }

    /// The days of the version at a row; `None` when it has none.
    fn span(&self, i: usize) -> Option<Span> {
        let columns = &self.timeline.versions;
        let (starts, left) = (columns.joined_on[i], columns.left_on[i]);
        let is_open = left == NONE || left == OPEN;
        let ends = if is_open { OPEN } else { left + self.after_left };
        if starts == NONE || ends <= starts {
            return None;
        }
        Some(Span {
            physician: PhysicianId(columns.physician[i]),
            association: AssociationId(columns.association[i]),
            class: class(columns.class[i]),
            starts,
            ends,
            not_shown: columns.rows_shown[i] == 0 && (is_open || left >= day_number(self.known_at.0)),
            enrolment: EnrolmentId(columns.enrolment[i]),
        })
    }
}
