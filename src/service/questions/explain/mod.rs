//! Explaining a figure (J3): where it began, what happened since, where it stands, and the file and row of each.
//!
//! The members behind the figure are listed, and the list is always as long as the figure (C4). Nothing is counted
//! anew here: the segments are those that `kaiin count` adds up, the events those that `kaiin movements` books.

mod behind;
mod sources;

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use chrono::NaiveDate;

use crate::domain::as_of::{AsOf, WithdrawalDayRule};
use crate::domain::association::BodySet;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::KnownStay;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::pairing::PAIRING_DAYS;
use crate::domain::roll_forward::{Booking, Flow, FlowRow, RollForward};
use crate::domain::transfer::gap_days;
use crate::service::keep::Workspace;
use crate::service::keep::removed_files::tell_removed;
use crate::service::known::coverage::{AreaCoverage, AskedBodies};
use crate::service::known::flows::roll_forwards_of;
use crate::service::known::vintage::Vintage;
use crate::stats::Memberships;
use behind::{Behind, memberships_of_body};
use sources::{Fact, Sources};

pub use behind::Member;
pub(in crate::service) use behind::{ListedFigure, ListedPart, listed, written};
pub use sources::Source;

/// A figure to explain: members of one body, of one class or of all, on a day.
#[derive(Debug, Clone, Copy)]
pub struct AskedFigure {
    /// The body.
    pub association: AssociationId,
    /// Only this class.
    pub class: Option<NationalClass>,
    /// The day of the opening figure; before `as_of`.
    pub opened_on: NaiveDate,
    /// 基準日.
    pub as_of: NaiveDate,
}

/// The other end of a transfer or of a 組織変更.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherEnd {
    /// The body left or entered there.
    pub association: AssociationId,
    /// 退会日 or 入会日 there; `None` where no membership of the body shows it.
    pub day: Option<NaiveDate>,
    /// Days between without membership (R20); negative days overlap.
    pub gap_days: Option<i64>,
}

/// One change between opening and closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// First day with the change.
    pub day: NaiveDate,
    /// What it is, as movements are booked (R16).
    pub kind: Flow,
    /// The person.
    pub physician: PhysicianId,
    /// Class before; `None` when it was no member.
    pub class_before: Option<NationalClass>,
    /// Class after; `None` when it is no member.
    pub class_after: Option<NationalClass>,
    /// 入会日 and 退会日 as they stand.
    pub stay: KnownStay,
    /// What the event adds to the figure.
    pub effect: i64,
    /// The other end of a transfer (R20) or of a 組織変更, where it is known.
    pub other: Option<OtherEnd>,
    /// Where it is written.
    pub source: Source,
}

/// An explained figure.
#[derive(Debug)]
pub struct Explanation {
    /// The line of the roll-forward that the events add up to, kind by kind (R16).
    pub flows: FlowRow,
    /// How the as-of day stands to what the exports tell of the body (R7).
    pub coverage: AreaCoverage,
    /// Members on the opening day.
    pub opening: i64,
    /// Changes by day, kind and person.
    pub events: Vec<Event>,
    /// Members on the as-of day: as many as `members`.
    pub closing: i64,
    /// The members by class and person.
    pub members: Vec<Member>,
}

/// Explains a figure.
///
/// # Errors
/// [`crate::error::Failure`] QRY-010 or QRY-011 when nothing is known of the body on the day; when the store or the timeline
/// cannot be read, or opening, events and closing do not add up: a defect.
pub async fn explain(workspace: &Workspace, vintage: &Vintage, figure: AskedFigure) -> Result<Explanation> {
    let (memberships, persons) = memberships_of_body(vintage, figure.association)?;
    let behind = Behind::of(workspace, vintage, &persons, figure.association).await?;
    let members = behind.members(figure.as_of, figure.class);
    let booked = Booked::of(vintage, &memberships, figure)?;
    let flows = booked.flows(vintage, figure);
    let mut events: Vec<Event> =
        booked.of_figure(figure).filter_map(|booking| booked.event(booking, figure, &behind)).collect();
    events.sort_by_key(|event| (event.day, event.kind, event.physician));
    let (opening, closing) = (flows.opening, flows.closing);
    let moved: i64 = events.iter().map(|event| event.effect).sum();
    ensure!(opening + moved == closing, "opening {opening} and events {moved} do not make closing {closing}");
    let n_members = i64::try_from(members.len())?;
    ensure!(n_members == closing, "{n_members} members stand behind the figure {closing}");
    let coverage = coverage(vintage, figure);
    let n_known = opening + closing + i64::try_from(events.len())?;
    let code = vintage.associations.get(figure.association).map_or("", |body| body.code.as_str());
    vintage.refuse_unknown(&coverage, figure.as_of, n_known, code)?;
    // Whoever reads file and row may look for the file.
    let named = events.iter().map(|event| &event.source).chain(members.iter().map(|member| &member.source));
    let named: BTreeSet<i64> = named.filter_map(|source| source.import).collect();
    tell_removed(workspace, vintage.imports.iter().filter(|import| named.contains(&import.id.0))).await?;
    Ok(Explanation { flows, coverage, opening, events, closing, members })
}

fn coverage(vintage: &Vintage, figure: AskedFigure) -> AreaCoverage {
    let body = BodySet::one(&vintage.associations, vintage.associations.rank(figure.association));
    vintage.coverage_of(&AskedBodies::new(vintage, &body), AsOf(figure.as_of))
}

/// The movements that `kaiin movements` books of some persons, with those around the period in which other halves of pairs may
/// lie (R20).
struct Booked {
    periods: Vec<RollForward>,
    rule: WithdrawalDayRule,
}

impl Booked {
    fn of(vintage: &Vintage, memberships: &Memberships, figure: AskedFigure) -> Result<Self> {
        // An exit is booked on the day after 退会日.
        let around = chrono::TimeDelta::days(PAIRING_DAYS + 2);
        let before = figure.opened_on.checked_sub_signed(around).unwrap_or(NaiveDate::MIN);
        let after = figure.as_of.checked_add_signed(around).unwrap_or(NaiveDate::MAX);
        let periods = roll_forwards_of(vintage, memberships, &[before, figure.opened_on, figure.as_of, after])?;
        ensure!(periods.len() == 3, "four days have three periods between them");
        Ok(Self { periods, rule: vintage.rule })
    }

    /// The line of the roll-forward behind the figure.
    fn flows(&self, vintage: &Vintage, figure: AskedFigure) -> FlowRow {
        let rank = vintage.associations.rank(figure.association);
        let cells = rank.and_then(|rank| self.periods[1].cells.get(rank));
        match figure.class {
            Some(class) => cells.map(|cells| cells[usize::from(class.index())]).unwrap_or_default(),
            None => cells.into_iter().flatten().copied().sum(),
        }
    }

    /// The movements that are about the figure.
    fn of_figure(&self, figure: AskedFigure) -> impl Iterator<Item = &Booking> {
        let counts = move |class: Option<NationalClass>| figure.class.is_none() || class == figure.class;
        let of_body = self.periods[1].bookings.iter().filter(move |booking| booking.association == figure.association);
        // With one class asked for, what happens among the others is no event of this figure.
        of_body.filter(move |booking| counts(booking.before) || counts(booking.after))
    }

    fn event(&self, booking: &Booking, figure: AskedFigure, behind: &Behind) -> Option<Event> {
        let Behind { of_person, stays, sources } = behind;
        let segments = of_person.get(&booking.physician)?;
        let on = |day: NaiveDate| segments.iter().find(|segment| segment.contains(day));
        let (before, after) = (booking.day.pred_opt().and_then(on), on(booking.day));
        let segment = after.or(before)?;
        let stay = stays.get(&(segment.physician, segment.enrolment))?;
        let in_figure = |class: Option<NationalClass>| {
            i64::from(class.is_some_and(|class| figure.class.is_none_or(|wanted| wanted == class)))
        };
        let is_same_stay = before.is_none_or(|before| before.enrolment == segment.enrolment);
        Some(Event {
            day: booking.day,
            kind: booking.flow,
            physician: booking.physician,
            class_before: booking.before,
            class_after: booking.after,
            stay: *stay,
            effect: in_figure(booking.after) - in_figure(booking.before),
            other: booking.other.map(|other| self.other_end(booking, other)),
            source: source_of(booking, stay, is_same_stay, sources),
        })
    }

    /// The other half of a pair: the nearest movement of the person in the other body that names this one.
    fn other_end(&self, booking: &Booking, association: AssociationId) -> OtherEnd {
        let is_exit = booking.after.is_none();
        let all = self.periods.iter().flat_map(|period| &period.bookings);
        let halves = all.filter(|half| {
            (half.physician, half.association) == (booking.physician, association)
                && half.other == Some(booking.association)
                && half.after.is_none() != is_exit
        });
        let half = halves.min_by_key(|half| (half.day - booking.day).num_days().abs());
        let gap = |half: &Booking| {
            let (exit, entry) = if is_exit { (booking, half) } else { (half, booking) };
            gap_days(exit.listed_on, entry.day, self.rule)
        };
        OtherEnd { association, day: half.map(|half| half.listed_on), gap_days: half.map(gap) }
    }
}

/// The file that says a movement.
fn source_of(booking: &Booking, stay: &KnownStay, is_same_stay: bool, sources: &Sources) -> Source {
    match (booking.flow, booking.before, booking.after) {
        (Flow::Reorganised, ..) => sources.newest(stay),
        (_, Some(_), Some(_)) if is_same_stay => sources.not_before(stay, Fact::Class, booking.day),
        (_, _, Some(_)) => sources.on(stay, Fact::Joined, Some(stay.joined_known_from)),
        (_, _, None) => sources.on(stay, Fact::Left, stay.left_shown_from),
    }
}
