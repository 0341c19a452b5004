//! Which movement of one person is booked how (R16).
//!
//! A movement is a day on which the person's membership of a body changes: she enters, leaves, or is in another class
//! than on the day before. Stays of one person in one body that overlap or touch are one run (R1), so leaving and
//! entering again without a day between is none. Kinds, in this order:
//!
//! 1. 訂正, where the adjustments alone make the change;
//! 2. 組織変更, where the days of the body cut the stay, or `transfer` finds that the person went with her body;
//! 3. an exit is 死亡 or 転出 by its reason, 転出 where R20 pairs it, else 退会; an entry is 転入 where R20 pairs it, else
//!    入会. R20 pairs runs of the local tier with each other, and runs of the prefectural tier across prefectures.
//!
//! An exit and an entry in the *same* body (不要な退会・入会) are what its reason says, else 退会, and 入会. An exit above the
//! local tier without a reason of its own, as wide rows tell it, has the reason of a local exit on the same day; whoever died
//! before it has died.

use chrono::NaiveDate;

use super::{Booking, Flow};
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{KnownStay, WithdrawalReason};
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::pairing::transfers_of_person;
use crate::domain::transfer::{StayToPair, TransferKind};

/// Days of one number in one body and class: what counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassSpan {
    /// The number.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// The class.
    pub class: NationalClass,
    /// First day.
    pub starts_on: NaiveDate,
    /// First day that no longer counts; `None` when open.
    pub ended_on: Option<NaiveDate>,
}

/// What is known of one person, as far as booking needs it.
#[derive(Debug, Clone, Copy)]
pub struct Person<'a> {
    /// The days that count, no two of one body sharing one.
    pub spans: &'a [ClassSpan],
    /// All stays behind them.
    pub stays: &'a [KnownStay],
    /// The days that would count without adjustments, by number; `None` where no adjustment concerns the person.
    pub unadjusted: Option<&'a [ClassSpan]>,
}

/// What holds for all persons.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The master.
    pub associations: &'a Associations,
    /// Known at.
    pub known_at: KnownAt,
    /// 退会日の扱い.
    pub rule: WithdrawalDayRule,
}

/// Books all movements of a person, on whatever day, in no order.
pub fn bookings(person: &Person<'_>, around: &Surroundings<'_>) -> Vec<Booking> {
    let mut spans = person.spans.to_vec();
    let runs = runs(&mut spans);
    let unadjusted = person.unadjusted.map(|spans| changes(&mut spans.to_vec()));
    let ends: Vec<RunEnds> = runs.iter().map(|run| RunEnds::of(run, person.stays, around)).collect();
    let paired = Paired::of(&runs, &ends, around);
    changes(&mut spans)
        .into_iter()
        .map(|change| {
            let is_corrected =
                unadjusted.as_ref().is_some_and(|told| !told.iter().any(|other| other.is_the_same(&change)));
            let mut booking = booking(&change, &runs, &ends, &paired);
            if is_corrected {
                booking.flow = Flow::Corrected;
            }
            booking
        })
        .collect()
}

/// A day on which the membership of a body changes.
#[derive(Debug, Clone, Copy)]
struct ChangeOfDay {
    physician: PhysicianId,
    association: AssociationId,
    day: NaiveDate,
    before: Option<NationalClass>,
    after: Option<NationalClass>,
}

impl ChangeOfDay {
    /// Whether another telling has the same movement: an entry or an exit of the day in whatever class, a change to the
    /// same class from whatever other.
    fn is_the_same(&self, other: &Self) -> bool {
        let classes = match (self.before, self.after) {
            (None, Some(_)) => other.before.is_none() && other.after.is_some(),
            (Some(_), None) => other.before.is_some() && other.after.is_none(),
            _ => other.before.is_some() && other.after == self.after,
        };
        self.association == other.association && self.day == other.day && classes
    }
}

/// The changes between spans of the same number and body. Sorts the spans.
fn changes(spans: &mut [ClassSpan]) -> Vec<ChangeOfDay> {
    spans.sort_by_key(|span| (span.physician, span.association, span.starts_on));
    let mut out = Vec::with_capacity(spans.len() + 1);
    for of_body in spans.chunk_by(|a, b| (a.physician, a.association) == (b.physician, b.association)) {
        let change = |day, before, after| ChangeOfDay {
            physician: of_body[0].physician,
            association: of_body[0].association,
            day,
            before,
            after,
        };
        for (i, span) in of_body.iter().enumerate() {
            let last = i.checked_sub(1).map(|before| &of_body[before]);
            match last.filter(|last| last.ended_on == Some(span.starts_on)) {
                Some(last) if last.class == span.class => {}
                Some(last) => out.push(change(span.starts_on, Some(last.class), Some(span.class))),
                None => out.push(change(span.starts_on, None, Some(span.class))),
            }
            let goes_on = of_body.get(i + 1).is_some_and(|next| span.ended_on == Some(next.starts_on));
            if let Some(ended_on) = span.ended_on.filter(|_| !goes_on) {
                out.push(change(ended_on, Some(span.class), None));
            }
        }
    }
    out
}

/// Days of a person in a body without a break, whatever the class.
#[derive(Debug, Clone, Copy)]
struct Run {
    association: AssociationId,
    starts_on: NaiveDate,
    ended_on: Option<NaiveDate>,
}

fn runs(spans: &mut [ClassSpan]) -> Vec<Run> {
    spans.sort_by_key(|span| (span.physician, span.association, span.starts_on));
    let mut out: Vec<Run> = Vec::with_capacity(spans.len());
    for span in spans.iter() {
        match out.last_mut() {
            Some(run) if run.association == span.association && run.ended_on == Some(span.starts_on) => {
                run.ended_on = span.ended_on;
            }
            _ => {
                let ClassSpan { association, starts_on, ended_on, .. } = *span;
                out.push(Run { association, starts_on, ended_on });
            }
        }
    }
    out
}

/// What stays say about both ends of a run.
#[derive(Debug, Clone, Copy)]
struct RunEnds {
    /// No stay begins on the first day: the body, or the one it followed, cut it.
    is_cut_at_start: bool,
    /// No stay ends on the last day: the body cut it.
    is_cut_at_end: bool,
    /// 退会日 as reported, and the last day of the body where that comes first; `None` when open.
    left_on: Option<NaiveDate>,
    reason: WithdrawalReason,
}

impl RunEnds {
    fn of(run: &Run, stays: &[KnownStay], around: &Surroundings<'_>) -> Self {
        // Stays without a day begin and end nothing.
        let in_body = || {
            let of_body = stays.iter().filter(|stay| stay.association == run.association);
            of_body.filter(|stay| has_days(stay, around.rule))
        };
        let is_cut_at_start = !in_body().any(|stay| stay.joined_on == Some(run.starts_on));
        let Some(ended_on) = run.ended_on else {
            let reason = WithdrawalReason::None;
            return Self { is_cut_at_start, is_cut_at_end: false, left_on: None, reason };
        };
        let ends = |stay: &&KnownStay| stay.left_on.is_some_and(|left| around.rule.ended_on(left) == ended_on);
        // Of stays that end on one day the one that began last speaks (R1).
        let own = in_body().filter(ends).max_by_key(|stay| (stay.joined_on, stay.enrolment));
        let last_of_body = around.associations.get(run.association).and_then(|body| body.valid_to);
        let reported = own.and_then(|stay| stay.left_on);
        Self {
            is_cut_at_start,
            is_cut_at_end: own.is_none(),
            left_on: reported.into_iter().chain(last_of_body).min(),
            reason: own.map_or(WithdrawalReason::None, |stay| reason(stay, stays, around.associations)),
        }
    }
}

fn has_days(stay: &KnownStay, rule: WithdrawalDayRule) -> bool {
    stay.joined_on.is_some_and(|joined| stay.left_on.is_none_or(|left| joined < rule.ended_on(left)))
}

/// The reason of an exit. Wide rows give one for the row: exits above the local tier take it from the local one.
fn reason(exit: &KnownStay, stays: &[KnownStay], associations: &Associations) -> WithdrawalReason {
    let is_local = |id: AssociationId| associations.get(id).is_some_and(|body| body.tier == Tier::Local);
    if exit.reason != WithdrawalReason::None || is_local(exit.association) {
        return exit.reason;
    }
    let local = || stays.iter().filter(|stay| is_local(stay.association) && stay.joined_on.is_some());
    let same_day = local().filter(|stay| stay.left_on == exit.left_on && stay.reason != WithdrawalReason::None);
    let has_died = local()
        .any(|stay| stay.reason == WithdrawalReason::Death && stay.left_on.is_some() && stay.left_on <= exit.left_on);
    match same_day.map(|stay| stay.reason).min() {
        _ if has_died => WithdrawalReason::Death,
        Some(reason) => reason,
        None => WithdrawalReason::None,
    }
}

/// What R20 and the changes of bodies say about the ends of runs.
struct Paired {
    /// By run, for its end: whether it is 組織変更, else a transfer, and the body at the other end.
    exits: Vec<Option<(Flow, Option<AssociationId>)>>,
    /// The same for its beginning.
    entries: Vec<Option<(Flow, Option<AssociationId>)>>,
}

impl Paired {
    fn of(runs: &[Run], ends: &[RunEnds], around: &Surroundings<'_>) -> Self {
        let mut out = Self { exits: vec![None; runs.len()], entries: vec![None; runs.len()] };
        for tier in Tier::ALL {
            out.pair_tier(tier, runs, ends, around);
        }
        out
    }

    fn pair_tier(&mut self, tier: Tier, runs: &[Run], ends: &[RunEnds], around: &Surroundings<'_>) {
        let mut of_tier: Vec<(usize, &Association)> = Vec::new();
        for (i, run) in runs.iter().enumerate() {
            of_tier.extend(
                around.associations.get(run.association).filter(|body| body.tier == tier).map(|body| (i, body)),
            );
        }
        // One run has no other end to be paired with.
        if of_tier.len() < 2 {
            return;
        }
        let stays: Vec<StayToPair> = of_tier
            .iter()
            .map(|(i, body)| StayToPair {
                association: body.id,
                prefecture: body.prefecture.clone(),
                joined_on: runs[*i].starts_on,
                left_on: ends[*i].left_on,
                reason: ends[*i].reason,
            })
            .collect();
        for movement in transfers_of_person(&stays, around.associations, around.known_at, around.rule) {
            let Some(flows) = flows_of(movement.kind, tier) else { continue };
            let exit = movement.exit.and_then(|(body, day)| {
                of_tier.iter().find(|(i, _)| runs[*i].association == body && ends[*i].left_on == Some(day))
            });
            let entry = movement.entry.and_then(|(body, day)| {
                of_tier.iter().find(|(i, _)| runs[*i].association == body && runs[*i].starts_on == day)
            });
            if let Some((i, _)) = exit {
                self.exits[*i] = Some((flows.0, movement.entry.map(|(body, _)| body)));
            }
            if let Some((i, _)) = entry {
                self.entries[*i] = Some((flows.1, movement.exit.map(|(body, _)| body)));
            }
        }
    }
}

/// How the exit and the entry of a movement are booked in a tier; `None` for those that are no transfer there.
fn flows_of(kind: TransferKind, tier: Tier) -> Option<(Flow, Flow)> {
    match (kind, tier) {
        (TransferKind::Reorganised, _) => Some((Flow::Reorganised, Flow::Reorganised)),
        (TransferKind::AcrossPrefectures, Tier::Local | Tier::Prefectural)
        | (TransferKind::WithinPrefecture, Tier::Local) => Some((Flow::MovedOut, Flow::MovedIn)),
        _ => None,
    }
}

fn booking(change: &ChangeOfDay, runs: &[Run], ends: &[RunEnds], paired: &Paired) -> Booking {
    let mut out = Booking {
        physician: change.physician,
        association: change.association,
        day: change.day,
        flow: Flow::ClassChanged,
        before: change.before,
        after: change.after,
        listed_on: change.day,
        reason: WithdrawalReason::None,
        other: None,
    };
    let of_body = |run: &Run| run.association == change.association;
    match (change.before, change.after) {
        (None, _) => {
            let Some(i) = runs.iter().position(|run| of_body(run) && run.starts_on == change.day) else { return out };
            out.flow = entry_flow(&ends[i], paired.entries[i]);
            out.other = paired.entries[i].and_then(|(_, other)| other);
        }
        (_, None) => {
            let ends_here = |run: &Run| of_body(run) && run.ended_on == Some(change.day);
            let Some(i) = runs.iter().position(ends_here) else { return out };
            out.flow = exit_flow(&ends[i], paired.exits[i]);
            out.other = paired.exits[i].and_then(|(_, other)| other);
            out.listed_on = ends[i].left_on.unwrap_or(change.day);
            out.reason = ends[i].reason;
        }
        _ => {}
    }
    out
}

fn entry_flow(ends: &RunEnds, paired: Option<(Flow, Option<AssociationId>)>) -> Flow {
    match paired {
        _ if ends.is_cut_at_start => Flow::Reorganised,
        Some((flow, _)) => flow,
        None => Flow::Joined,
    }
}

fn exit_flow(ends: &RunEnds, paired: Option<(Flow, Option<AssociationId>)>) -> Flow {
    match (paired, ends.reason) {
        _ if ends.is_cut_at_end => Flow::Reorganised,
        (Some((Flow::Reorganised, _)), _) => Flow::Reorganised,
        (_, WithdrawalReason::Death) => Flow::Died,
        (Some((flow, _)), _) => flow,
        (None, WithdrawalReason::MovedAway) => Flow::MovedOut,
        (None, _) => Flow::Left,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::association::tests::through_time;
    use crate::domain::enrolment::{ReportedBy, ReportedFacts, SourceStatus};
    use crate::domain::ids::{EnrolmentId, SourceId};
    use crate::domain::resolved::ResolvedStay;
    use crate::written::day;

    use WithdrawalReason::{Death, MovedAway, None as NoReason, OwnWish};

    /// Body as in the master of `through_time` (1 to 7; 0 = 埼玉県, 日本 = -1), 入会日, 退会日, reason.
    type Stay = (i32, &'static str, &'static str, WithdrawalReason);

    /// Ids of bodies are made from their codes.
    fn body(body: i32, all: &Associations) -> AssociationId {
        let code = match body {
            -1 => "JMA".to_string(),
            0 => "P11".to_string(),
            n => format!("11-{n:03}"),
        };
        all.by_code(&code).expect("a body of the master").id
    }

    fn known(stays: &[Stay], all: &Associations) -> Vec<KnownStay> {
        let date = |text: &str| (!text.is_empty()).then(|| day(text));
        let stay = |(nth, (at, joined, left, reason)): (i64, &Stay)| KnownStay {
            enrolment: EnrolmentId(nth),
            source: SourceId(1),
            physician: PhysicianId(1),
            association: body(*at, all),
            joined_on: date(joined),
            left_on: date(left),
            class: NationalClass::B,
            reason: *reason,
            status: SourceStatus::Unknown,
            rows_shown: 1,
            joined_known_from: day("2025-01-31"),
            left_known_from: None,
            left_shown_from: None,
            first_known_from: day("2025-01-31"),
            told: ReportedFacts::all(ReportedBy::Export),
        };
        (1..).zip(stays).map(stay).collect()
    }

    fn spans(stays: &[KnownStay], around: &Surroundings<'_>) -> Vec<ClassSpan> {
        let mut sorted: Vec<&KnownStay> = stays.iter().collect();
        sorted.sort_by_key(|stay| stay.association);
        let resolved =
            |stay: &&KnownStay| ResolvedStay { stay: **stay, classes: vec![(stay.class, None)], is_confirmed: false };
        let mut out = Vec::new();
        let each_segment = |each: &mut dyn FnMut(crate::domain::membership::Segment)| {
            for of_body in sorted.chunk_by(|a, b| a.association == b.association) {
                let of_body: Vec<ResolvedStay> = of_body.iter().map(resolved).collect();
                let segments = crate::domain::membership::segments(&of_body, around.known_at, around.rule);
                segments.into_iter().for_each(&mut *each);
            }
        };
        crate::domain::body_days::each_within_bodies(around.associations, each_segment, |segment| {
            out.push(ClassSpan {
                physician: segment.physician,
                association: segment.association,
                class: segment.class,
                starts_on: segment.starts_on,
                ended_on: segment.ended_on,
            });
        });
        out
    }

    /// What is booked after 2025-01-01: body, day, kind.
    fn booked(stays: &[Stay], rule: WithdrawalDayRule) -> Vec<String> {
        let all = through_time();
        let around = Surroundings { associations: &all, known_at: KnownAt(day("2025-12-31")), rule };
        let stays = known(stays, &all);
        let spans = spans(&stays, &around);
        let mut found = bookings(&Person { spans: &spans, stays: &stays, unadjusted: None }, &around);
        found.retain(|booking| booking.day > day("2025-01-01"));
        found.sort_by_key(|booking| (booking.day, booking.association));
        let code = |id: AssociationId| all.get(id).map_or("", |body| body.code.as_str());
        found.iter().map(|b| format!("{} {} {}", code(b.association), b.day, b.flow.label())).collect()
    }

    #[rstest]
    #[case::own_wish(&[(7, "1999-04-01", "2025-03-31", OwnWish)], &["11-007 2025-04-01 退会"])]
    #[case::death(&[(7, "1999-04-01", "2025-02-28", Death)], &["11-007 2025-03-01 死亡"])]
    #[case::moved_away(&[(7, "1999-04-01", "2025-03-31", MovedAway)], &["11-007 2025-04-01 転出"])]
    #[case::one_day(&[(7, "2025-02-28", "2025-02-28", NoReason)], &["11-007 2025-02-28 入会", "11-007 2025-03-01 退会"])]
    #[case::transfer(
        &[(7, "1999-04-01", "2025-05-31", OwnWish), (5, "2025-06-10", "", NoReason)],
        &["11-007 2025-06-01 転出", "11-005 2025-06-10 転入"]
    )]
    #[case::too_far_apart(
        &[(7, "1999-04-01", "2025-05-31", OwnWish), (5, "2025-08-31", "", NoReason)],
        &["11-007 2025-06-01 退会", "11-005 2025-08-31 入会"]
    )]
    #[case::dead_although_paired(
        &[(7, "1999-04-01", "2025-05-31", Death), (5, "2025-06-01", "", NoReason)],
        &["11-005 2025-06-01 転入", "11-007 2025-06-01 死亡"]
    )]
    #[case::needless(
        &[(7, "1999-04-01", "2025-05-31", MovedAway), (7, "2025-06-02", "", NoReason)],
        &["11-007 2025-06-01 転出", "11-007 2025-06-02 入会"]
    )]
    #[case::left_and_entered_without_a_day_between(
        &[(7, "1999-04-01", "2025-05-31", OwnWish), (7, "2025-06-01", "", NoReason)], &[]
    )]
    #[case::merged(
        &[(1, "1999-04-01", "", NoReason), (3, "2025-04-01", "", NoReason)],
        &["11-001 2025-04-01 組織変更", "11-003 2025-04-01 組織変更"]
    )]
    #[case::nobody_shows_her_after_the_end(&[(1, "1999-04-01", "", NoReason)], &["11-001 2025-04-01 組織変更"])]
    #[case::died_on_the_last_day(&[(1, "1999-04-01", "2025-03-31", Death)], &["11-001 2025-04-01 死亡"])]
    #[case::whole_chain_by_death(
        &[(7, "1999-04-01", "2025-05-31", Death), (0, "1999-04-01", "2025-05-31", NoReason), (-1, "1999-04-01", "2025-06-30", NoReason)],
        &["11-007 2025-06-01 死亡", "P11 2025-06-01 死亡", "JMA 2025-07-01 死亡"]
    )]
    #[case::upper_tier_has_the_reason_of_its_row(
        &[(7, "1999-04-01", "2025-05-31", MovedAway), (0, "1999-04-01", "2025-05-31", NoReason), (-1, "1999-04-01", "2025-06-30", NoReason)],
        &["11-007 2025-06-01 転出", "P11 2025-06-01 転出", "JMA 2025-07-01 退会"]
    )]
    fn movements_are_booked_as_r16_says(#[case] stays: &[Stay], #[case] expected: &[&str]) {
        let mut found = booked(stays, WithdrawalDayRule::LastMemberDay);
        let mut expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
    }

    /// The 退会日 itself is the first day that does not count.
    #[test]
    fn exit_is_booked_on_its_day_under_the_other_rule() {
        let found = booked(&[(7, "1999-04-01", "2025-03-31", OwnWish)], WithdrawalDayRule::FirstNonMemberDay);
        assert_eq!(found, ["11-007 2025-03-31 退会"]);
    }

    /// 訂正 is what adjustments alone make; what exports tell as well stays what it is.
    #[test]
    fn movement_that_only_adjustments_make_is_a_correction() {
        let all = through_time();
        let around = Surroundings {
            associations: &all,
            known_at: KnownAt(day("2025-12-31")),
            rule: WithdrawalDayRule::default(),
        };
        let stays = known(&[(7, "2025-02-01", "2025-03-31", Death)], &all);
        let counted = spans(&stays, &around);
        let open = [ClassSpan { ended_on: None, ..counted[0] }];
        let found = bookings(&Person { spans: &counted, stays: &stays, unadjusted: Some(&open) }, &around);
        let flows: Vec<Flow> = found.iter().map(|booking| booking.flow).collect();
        assert_eq!(flows, [Flow::Joined, Flow::Corrected]);
    }

    #[test]
    fn change_of_class_moves_nobody() {
        let all = through_time();
        let around = Surroundings {
            associations: &all,
            known_at: KnownAt(day("2025-12-31")),
            rule: WithdrawalDayRule::default(),
        };
        let stays = known(&[(7, "2025-02-01", "", NoReason)], &all);
        let first = spans(&stays, &around)[0];
        let changed_on = Some(day("2025-04-01"));
        let classes = [
            ClassSpan { ended_on: changed_on, ..first },
            ClassSpan { class: NationalClass::A1, starts_on: day("2025-04-01"), ..first },
        ];
        let found = bookings(&Person { spans: &classes, stays: &stays, unadjusted: None }, &around);
        let last = found.last().expect("two bookings");
        assert_eq!((found.len(), last.flow, last.effect()), (2, Flow::ClassChanged, 0));
        assert_eq!((last.before, last.after), (Some(NationalClass::B), Some(NationalClass::A1)));
    }
}
