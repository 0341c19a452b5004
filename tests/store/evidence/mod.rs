//! Exports, applications and adjustments in small random worlds: what the timeline makes of them, against the slow
//! definition of `oracle::corrected`.
//!
//! The seed is fixed; `KAIIN_SEED=n` tries other worlds and `KAIIN_CASES=n` more of them.

mod causes;
mod change_points;
mod flows;
mod rejoins;
mod small_world;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kaiin::domain::as_of::WithdrawalDayRule::{FirstNonMemberDay, LastMemberDay};
use kaiin::domain::as_of::{AsOf, KnownAt, WithdrawalDayRule};
use kaiin::domain::class::NationalClass;
use kaiin::domain::export_days::ExportDays;
use kaiin::domain::ids::AssociationId;
use kaiin::domain::membership::Segment;
use kaiin::timeline::{Evidence, Timeline, TimelineFiles, TimelineWriter};
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use tempfile::TempDir;

use crate::oracle::corrected::{self, Membership, Memberships, memberships};
use crate::oracle::evidence::Reported;
use crate::oracle::members::members;
use crate::oracle::sources::as_one_source;
use small_world::{SmallWorld, small_worlds};

const SEED: u64 = 20_260_331;

fn number_from(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

fn for_small_worlds(cases: u32, check: impl Fn(&SmallWorld)) {
    let seed = number_from("KAIIN_SEED", SEED);
    let cases = u32::try_from(number_from("KAIIN_CASES", cases.into())).expect("not that many");
    let config = Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&small_worlds(), |world| {
        check(&world);
        Ok(())
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, world)) => panic!("KAIIN_SEED={seed}: {reason}\n{world:#?}"),
        Err(error) => panic!("KAIIN_SEED={seed}: {error}"),
    }
}

/// A timeline on disk, which goes with the folder.
struct Written {
    timeline: Timeline,
    _folder: TempDir,
}

fn written(world: &SmallWorld) -> Written {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let files = TimelineFiles::of_head(folder.path(), "small");
    // Small pieces, so that a world has several.
    let mut writer = TimelineWriter::create(&files).expect("the folder can be written").with_rows_of_piece(3);
    // The store hands over what was known for a day or more.
    let lasted = world.versions.iter().filter(|version| version.known_until != Some(version.known_from));
    lasted.for_each(|version| writer.push(version));
    world.applications.iter().for_each(|version| writer.push_application(version.clone()));
    world.adjustments.iter().for_each(|version| writer.push_adjustment(version.clone()));
    writer.finish().expect("the timeline is written");
    let exports = ExportDays::new(&world.exports);
    Written { timeline: Timeline::open(&files, exports).expect("the timeline is read"), _folder: folder }
}

/// The memberships of a day among segments, of which no two may share a day of one person in one body (R1).
fn on_day(segments: &[Segment], day: NaiveDate) -> Memberships {
    let mut out = Memberships::new();
    for segment in segments.iter().filter(|segment| segment.contains(day)) {
        let membership = Membership { class: segment.class, not_shown: segment.not_shown };
        let twice = out.insert((segment.physician, segment.association), membership);
        assert!(twice.is_none(), "two segments share {day}");
    }
    out
}

fn segments(timeline: &Timeline, known_at: NaiveDate, rule: WithdrawalDayRule) -> Vec<Segment> {
    let mut out = Vec::new();
    timeline.each_segment(KnownAt(known_at), rule, |segment| out.push(segment)).expect("the timeline is read");
    out
}

#[test]
fn three_voices_are_settled_as_the_rules_say() {
    for_small_worlds(24, |world| {
        let Written { timeline, _folder } = written(world);
        for known_at in world.known_at_days() {
            for rule in [LastMemberDay, FirstNonMemberDay] {
                let segments = segments(&timeline, known_at, rule);
                for day in SmallWorld::days() {
                    let expected = memberships(&world.told(), AsOf(day), KnownAt(known_at), rule);
                    assert_eq!(on_day(&segments, day), expected, "as of {day}, known at {known_at}, {rule:?}");
                }
            }
        }
    });
}

/// Members by body and class: the sum over the segments, with a sign.
fn add(sums: &mut BTreeMap<(AssociationId, NationalClass), i64>, memberships: &Memberships, sign: i64) {
    for ((_, body), membership) in memberships {
        *sums.entry((*body, membership.class)).or_default() += sign;
    }
}

#[test]
fn segments_of_adjusted_persons_tell_what_adjustments_change() {
    for_small_worlds(15, |world| {
        let Written { timeline, _folder } = written(world);
        let without = Reported { adjustments: &[], ..world.told() };
        for known_at in world.known_at_days() {
            let adjusted = |evidence| {
                let mut out = Vec::new();
                let told = |segment| out.push(segment);
                timeline.each_adjusted_segment(KnownAt(known_at), LastMemberDay, evidence, told).expect("it is read");
                out
            };
            let (with_them, without_them) = (adjusted(Evidence::All), adjusted(Evidence::WithoutAdjustments));
            for day in SmallWorld::days() {
                let reference = |told: &Reported<'_>| memberships(told, AsOf(day), KnownAt(known_at), LastMemberDay);
                let (mut expected, mut found) = (BTreeMap::new(), BTreeMap::new());
                add(&mut expected, &reference(&world.told()), 1);
                add(&mut expected, &reference(&without), -1);
                add(&mut found, &on_day(&with_them, day), 1);
                add(&mut found, &on_day(&without_them, day), -1);
                expected.retain(|_, n| *n != 0);
                found.retain(|_, n| *n != 0);
                assert_eq!(found, expected, "as of {day}, known at {known_at}");
            }
        }
    });
}

#[test]
fn what_is_learnt_later_changes_no_earlier_answer() {
    for_small_worlds(8, |world| {
        let Written { timeline, _folder } = written(world);
        for known_at in world.known_at_days() {
            let Written { timeline: then, _folder } = written(&world.until(known_at));
            assert_eq!(
                segments(&timeline, known_at, LastMemberDay),
                segments(&then, known_at, LastMemberDay),
                "known at {known_at}"
            );
        }
    });
}

/// The definition for exports alone and the one for all kinds of evidence are two texts of one meaning.
#[test]
fn without_corrections_both_definitions_agree() {
    for_small_worlds(10, |world| {
        let told = Reported { versions: &world.versions, exports: &world.exports, ..Reported::default() };
        for known_at in world.known_at_days() {
            let shown = as_one_source(&world.versions, &world.exports, KnownAt(known_at));
            for day in SmallWorld::days() {
                let (as_of, known_at) = (AsOf(day), KnownAt(known_at));
                let plain = members(&shown, as_of, known_at, LastMemberDay);
                assert_eq!(corrected::members(&told, as_of, known_at, LastMemberDay), plain, "{day} {known_at:?}");
            }
        }
    });
}
