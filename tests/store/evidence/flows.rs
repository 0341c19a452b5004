//! Roll-forwards of small random worlds on maps of all sorts (R16): what the columns say against the slow definition of
//! `oracle::flows`, and what must hold whatever happened.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate};
use kaiin::domain::application::{ApplicationKind, ApplicationStatus};
use kaiin::domain::as_of::KnownAt;
use kaiin::domain::as_of::WithdrawalDayRule::{self, FirstNonMemberDay, LastMemberDay};
use kaiin::domain::association::{Association, AssociationSpan, Associations, MasterRow, Tier};
use kaiin::domain::class::NationalClass;
use kaiin::domain::day::day_number;
use kaiin::domain::ids::AssociationId;
use kaiin::domain::revision::Revision;
use kaiin::domain::roll_forward::{FlowRow, RollForward};
use kaiin::stats::Memberships;
use kaiin::stats::flows::FlowSource;
use kaiin::stats::revisions::Background;
use kaiin::stats::stream_count::StreamCount;
use kaiin::timeline::{Evidence, Timeline};
use rstest::rstest;

use super::small_world::SmallWorld;
use super::{Written, for_small_worlds, written};
use crate::oracle::flows::{Flows, World};
use crate::oracle::revisions::{Changes, TwoKnown};

/// A body: code, first and last day, successors. The small worlds are about the bodies 1 to 3 in this order.
pub(super) type Body = (&'static str, &'static str, &'static str, &'static [&'static str]);

pub(super) const LOCAL: [Body; 3] = [("11-001", "", "", &[]), ("11-002", "", "", &[]), ("13-001", "", "", &[])];
pub(super) const TWO_PREFECTURES: [Body; 3] = [("11-001", "", "", &[]), ("P11", "", "", &[]), ("P13", "", "", &[])];
pub(super) const THREE_TIERS: [Body; 3] = [("11-001", "", "", &[]), ("P11", "", "", &[]), ("JMA", "", "", &[])];
pub(super) const TAKEN_IN: [Body; 3] =
    [("11-001", "", "2025-03-18", &["11-002"]), ("11-002", "", "", &[]), ("13-001", "", "", &[])];
pub(super) const MERGED: [Body; 3] = [
    ("11-001", "", "2025-03-18", &["11-003"]),
    ("11-002", "", "2025-03-18", &["11-003"]),
    ("11-003", "2025-03-19", "", &[]),
];
const DIVIDED: [Body; 3] = [
    ("11-001", "", "2025-03-18", &["11-002", "11-003"]),
    ("11-002", "2025-03-19", "", &[]),
    ("11-003", "2025-03-19", "", &[]),
];
pub(super) const TWICE: [Body; 3] = [
    ("11-001", "", "2025-03-15", &["11-002"]),
    ("11-002", "2025-03-16", "2025-03-27", &["11-003"]),
    ("11-003", "2025-03-28", "", &[]),
];
pub(super) const DISSOLVED: [Body; 3] =
    [("11-001", "2025-03-04", "2025-03-21", &[]), ("11-002", "", "", &[]), ("13-001", "", "", &[])];

/// The master of a map: bodies that no stay is about have ids from 11.
pub(super) fn master(map: &[Body; 3], step: i64) -> Associations {
    let mut bodies: Vec<(i32, Body)> = (1..).zip(map.iter().copied()).collect();
    for (id, code) in [(11, "JMA"), (12, "P11"), (13, "P13")] {
        if map.iter().all(|body| body.0 != code) {
            bodies.push((id, (code, "", "", &[])));
        }
    }
    Associations::new(bodies.into_iter().map(|(id, body)| row(id, body, step)).collect()).expect("a sound master")
}

fn row(id: i32, (code, from, to, successors): Body, step: i64) -> MasterRow {
    let first: NaiveDate = "2025-03-01".parse().expect("a day");
    // The first day of a body moves with the days of a stretched world, and so does the day after the last.
    let moved = |day: NaiveDate| first + Duration::days((day - first).num_days() / 3 * step);
    let date = |text: &str| text.parse::<NaiveDate>().ok();
    let (tier, prefecture, parent) = match code {
        "JMA" => (Tier::National, "", None),
        "P11" | "P13" => (Tier::Prefectural, &code[1..], Some("JMA".to_owned())),
        _ => (Tier::Local, &code[..2], Some(format!("P{}", &code[..2]))),
    };
    MasterRow {
        id: AssociationId(id),
        code: code.into(),
        tier,
        prefecture: prefecture.into(),
        span: AssociationSpan {
            kind: "地域".into(),
            name: format!("{code}医師会"),
            short_name: code.into(),
            aliases: Vec::new(),
            parent,
            position: id,
            valid_from: date(from).map(moved),
            valid_to: date(to).and_then(|last| moved(last.succ_opt()?).pred_opt()),
        },
        successors: successors.iter().map(|code| (*code).to_owned()).collect(),
    }
}

/// What the columns say of consecutive periods.
fn rolled(
    timeline: &Timeline,
    associations: &Associations,
    known_at: KnownAt,
    rule: WithdrawalDayRule,
    days: &[NaiveDate],
) -> Vec<RollForward> {
    let memberships =
        Memberships::project(timeline, associations, known_at, rule, |_| true).expect("the timeline is read");
    // Counted straight from the pieces it is the same.
    let numbers: Vec<i32> = days.iter().copied().map(day_number).collect();
    let passing = StreamCount { timeline, associations, known_at, rule, keep: |_| true };
    let counts = memberships.count_series(&numbers);
    assert_eq!(passing.count_series(&numbers).expect("the timeline is read"), counts);
    for (day, counts) in numbers.iter().zip(counts) {
        assert_eq!(passing.count_on(*day).expect("the timeline is read"), counts);
        assert_eq!(memberships.count_on(*day), counts);
    }
    let mut unadjusted = Memberships::of_tiers(associations);
    let told = unadjusted.take(
        associations,
        known_at,
        |_| true,
        |each| timeline.each_adjusted_segment(known_at, rule, Evidence::WithoutAdjustments, each),
    );
    told.expect("the timeline is read");
    let source = FlowSource { timeline, associations, known_at, rule };
    source.roll_forwards(&memberships, &unadjusted, days).expect("the timeline is read")
}

fn as_flows(roll_forward: &RollForward, associations: &Associations) -> Flows {
    let cells = associations.iter().zip(&roll_forward.cells);
    cells
        .flat_map(|(body, rows)| NationalClass::ALL.into_iter().zip(rows).map(|(class, row)| ((body.id, class), *row)))
        .filter(|(_, row)| !row.is_empty())
        .collect()
}

/// What holds of every roll-forward: each line balances, no class change changes a body, and each column is as long as
/// the list behind it.
fn check_laws(roll_forward: &RollForward, associations: &Associations) {
    assert_eq!(roll_forward.unbalanced(), []);
    for rank in 0..associations.len() {
        assert_eq!(roll_forward.of_body(rank).class_changed(), 0);
    }
    let sum: FlowRow = roll_forward.sum(associations, |_| true);
    let effects: i64 = roll_forward.bookings.iter().map(kaiin::domain::roll_forward::Booking::effect).sum();
    assert_eq!(sum.moved(), effects);
    for tier in Tier::ALL {
        let by_prefecture: FlowRow = ["", "11", "13"]
            .into_iter()
            .map(|code| roll_forward.sum(associations, |body| body.tier == tier && body.prefecture == code))
            .sum();
        assert_eq!(by_prefecture, roll_forward.sum(associations, |body| body.tier == tier));
    }
}

fn compare(world: &SmallWorld, associations: &Associations, known_at: NaiveDate, days: &[NaiveDate]) {
    let Written { timeline, _folder } = written(world);
    for rule in [LastMemberDay, FirstNonMemberDay] {
        let known = KnownAt(known_at);
        let (first, last) = (days[0], days[days.len() - 1]);
        let truth = World::new(&world.told(), associations, known, rule, (first, last));
        let (each_day, whole) = (days.windows(2).collect::<Vec<_>>(), [first, last]);
        let found = rolled(&timeline, associations, known, rule, days);
        for (found, period) in found.iter().zip(each_day) {
            let expected = truth.flows(period[0], period[1]);
            assert_eq!(as_flows(found, associations), expected, "{period:?}, known at {known_at}, {rule:?}");
            check_laws(found, associations);
        }
        let found = &rolled(&timeline, associations, known, rule, &whole)[0];
        assert_eq!(as_flows(found, associations), truth.flows(first, last), "known at {known_at}, {rule:?}");
        check_laws(found, associations);
    }
}

#[rstest]
#[case::local(&LOCAL)]
#[case::two_prefectures(&TWO_PREFECTURES)]
#[case::three_tiers(&THREE_TIERS)]
#[case::taken_in(&TAKEN_IN)]
#[case::merged(&MERGED)]
#[case::divided(&DIVIDED)]
#[case::twice(&TWICE)]
#[case::dissolved(&DISSOLVED)]
fn roll_forward_is_what_the_days_say(#[case] map: &[Body; 3]) {
    let associations = master(map, 3);
    for_small_worlds(3, |world| {
        let days: Vec<NaiveDate> = SmallWorld::days().collect();
        for known_at in world.known_at_days() {
            compare(world, &associations, known_at, &days);
        }
    });
}

/// Days so far apart that not every exit and entry are one transfer: seven steps of 13 days are the last gap that is.
#[rstest]
#[case::local(&LOCAL)]
#[case::two_prefectures(&TWO_PREFECTURES)]
#[case::taken_in(&TAKEN_IN)]
#[case::divided(&DIVIDED)]
fn roll_forward_of_distant_days_is_what_they_say(#[case] map: &[Body; 3]) {
    let associations = master(map, 13);
    for_small_worlds(3, |world| {
        let world = world.stretched(13);
        let eve = SmallWorld::days().next().expect("a day");
        let days: Vec<NaiveDate> = eve.iter_days().take(13 * 13 + 2).collect();
        let newest = world.known_at_days().pop().expect("a day");
        compare(&world, &associations, newest, &days);
    });
}

/// What the store would add to the timeline.
pub(super) fn background(world: &SmallWorld, known_at: NaiveDate) -> Background {
    let mut sources_began = BTreeMap::new();
    for version in &world.versions {
        let began = sources_began.entry(version.source).or_insert(version.known_from);
        *began = version.known_from.min(*began);
    }
    let is_cancelled = |version: &&kaiin::domain::application::ApplicationVersion| {
        let application = &version.application;
        version.known_on(known_at)
            && application.kind == ApplicationKind::Withdrawal
            && application.status == ApplicationStatus::Cancelled
    };
    let cancelled = world.applications.iter().filter(is_cancelled);
    let cancelled: BTreeSet<_> =
        cancelled.map(|version| (version.application.physician, version.application.association)).collect();
    Background { sources_began, cancelled }
}

/// A revision has everybody who counts otherwise, once and with one cause, and the causes add up.
fn check_revision(found: &Revision, truth: &TwoKnown<'_, '_>, associations: &Associations) {
    let day = found.as_of.0;
    assert!(found.balances(), "{found:?}");
    let expected = truth.changes(day);
    let people = found.people.iter().map(|member| {
        let change = member.change;
        ((change.physician, change.association), (change.before, change.after, member.cause))
    });
    assert_eq!(people.clone().collect::<Changes>(), expected, "as of {day}, {truth:?}");
    assert_eq!(people.count(), expected.len());
    for (rank, body) in associations.iter().enumerate() {
        let lines = NationalClass::ALL.into_iter().zip(&found.cells[rank]);
        for (class, row) in lines {
            assert_eq!(*row, truth.row(day, |one| one.id == body.id, Some(class)), "{} {class:?}", body.code);
        }
        assert_eq!(found.of_body(rank), truth.row(day, |one| one.id == body.id, None), "{}", body.code);
    }
    for tier in Tier::ALL {
        let of_tier = |body: &Association| body.tier == tier;
        assert_eq!(found.sum(associations, of_tier), truth.row(day, of_tier, None), "{tier:?}");
    }
}

#[rstest]
#[case::local(&LOCAL)]
#[case::three_tiers(&THREE_TIERS)]
#[case::taken_in(&TAKEN_IN)]
#[case::divided(&DIVIDED)]
fn revision_is_everybody_who_counts_otherwise(#[case] map: &[Body; 3]) {
    let associations = master(map, 3);
    for_small_worlds(6, |world| {
        let Written { timeline, _folder } = written(world);
        let all: Vec<NaiveDate> = SmallWorld::days().collect();
        let ends = (all[0], all[all.len() - 1]);
        let truth = |known_at| World::new(&world.told(), &associations, KnownAt(known_at), LastMemberDay, ends);
        let known: Vec<(NaiveDate, World<'_>)> =
            world.known_at_days().into_iter().map(|known_at| (known_at, truth(known_at))).collect();
        for pair in known.windows(2) {
            let [(known_before, before), (known_at, after)] = pair else { continue };
            let background = background(world, *known_at);
            let source = FlowSource {
                timeline: &timeline,
                associations: &associations,
                known_at: KnownAt(*known_at),
                rule: LastMemberDay,
            };
            let days: Vec<NaiveDate> = all.iter().copied().step_by(4).collect();
            let reported_now = Memberships::project(&timeline, &associations, source.known_at, LastMemberDay, |_| true)
                .expect("the timeline is read");
            let found =
                source.revisions(&reported_now, &days, KnownAt(*known_before), &background).expect("it is read");
            assert!(found.iter().map(|revision| revision.as_of.0).eq(days));
            let known = ((KnownAt(*known_before), before), (KnownAt(*known_at), after));
            let truth = TwoKnown::new(world.told(), LastMemberDay, known.0, known.1);
            found.iter().for_each(|revision| check_revision(revision, &truth, &associations));
        }
    });
}
