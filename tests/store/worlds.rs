//! Random worlds, taken in export by export, against their truth.
//!
//! The seed is fixed, so that a run is like the run before; `KAIIN_SEED=n` tries other worlds. A world that fails is
//! shrunk and printed, and so is the seed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kaiin::domain::as_of::WithdrawalDayRule;
use kaiin::domain::as_of::WithdrawalDayRule::{FirstNonMemberDay, LastMemberDay};
use kaiin::error::Failure;
use kaiin::service::intake::import::ImportStatus;
use kaiin::service::questions::count::series;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngSeed, TestError, TestRunner};
use rstest::rstest;

use super::change_points;
use super::desk::{Desk, Ledger, by_association_and_class};
use super::home::Home;
use crate::cli::samples::Figures;
use crate::worlds::{Export, Truth, World, worlds, worlds_of_two_sources};

const SEED: u64 = 20_251_001;

/// Runs a check on random worlds; the runtime is made once, since each check opens stores. `KAIIN_TIMES=10` runs ten times as
/// many, `KAIIN_SEED` others.
pub(super) fn for_worlds(cases: u32, check: &impl AsyncFn(&World)) {
    for_all(cases, worlds(), check);
}

fn for_all(cases: u32, worlds: impl Strategy<Value = World>, check: &impl AsyncFn(&World)) {
    let seed = std::env::var("KAIIN_SEED").map_or(SEED, |seed| seed.parse().expect("KAIIN_SEED is a number"));
    let times = std::env::var("KAIIN_TIMES").map_or(1, |times| times.parse().expect("KAIIN_TIMES is a number"));
    let cases = cases * times;
    let config = Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    let result = TestRunner::new(config).run(&worlds, |world| {
        runtime.block_on(check(&world));
        Ok(())
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, world)) => panic!("KAIIN_SEED={seed}: {reason}\n{world:?}"),
        Err(error) => panic!("KAIIN_SEED={seed}: {error}"),
    }
}

/// A desk with the master of a world.
pub(super) async fn desk_of(world: &World, home: Home) -> Desk {
    let desk = Desk::on(home).await;
    let master = desk.save("associations.csv", &world.master_csv());
    desk.import(&[master]).await.expect("the master is taken in");
    desk
}

/// Saves bytes as the export of a day and takes them in.
pub(super) async fn import(desk: &Desk, day: NaiveDate, bytes: &[u8]) -> ImportStatus {
    let path = desk.save(&format!("members_{day}.csv"), bytes);
    // The day is said: files of other days stand for wrong ones, and would ask.
    desk.import_as_of(&[path], day).await.expect("an export of a world is taken in")[0].status
}

/// Saves an export and takes it in under its source.
async fn import_of_source(desk: &Desk, export: &Export) -> ImportStatus {
    let path = desk.save(&export.file_name, &export.bytes);
    desk.import_as(&export.source, &[path]).await.expect("an export of a world is taken in")[0].status
}

fn figures(truth: &Truth) -> Figures {
    let number = |n: &u64| i64::try_from(*n).expect("few persons");
    let rows = truth.rows.iter().map(|(key, n)| (key.clone(), number(n)));
    let heads = truth.heads.iter().filter(|(_, n)| **n > 0).map(|(tier, n)| (tier.clone(), number(n)));
    Figures { rows: rows.collect(), heads: heads.collect() }
}

/// The export days and the eve of each but the first: every day on which something else is known.
fn known_at_days(world: &World) -> Vec<NaiveDate> {
    let days: Vec<NaiveDate> = world.exports().iter().map(|export| export.day).collect();
    let eves = days[1..].iter().filter_map(NaiveDate::pred_opt);
    let mut all: Vec<NaiveDate> = eves.chain(days.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Everything an answer says about a day except the head: rows, totals, those no longer shown.
fn told(ledger: &Ledger, as_of: NaiveDate) -> String {
    let Some(answer) = ledger.told(as_of, &by_association_and_class()) else { return String::new() };
    format!("{:?} {:?} {}", answer.rows, answer.totals, answer.not_shown)
}

fn told_from(ledger: &mut Ledger, world: &World, known_at: NaiveDate) -> BTreeMap<NaiveDate, String> {
    ledger.look_from(known_at, LastMemberDay);
    world.interesting_days().into_iter().map(|as_of| (as_of, told(ledger, as_of))).collect()
}

/// Compares the three ways on every interesting day from one known-at, and polars, which is slow to start, on every
/// fortieth, beginning with another one each time.
fn compare(ledger: &mut Ledger, world: &World, known_at: NaiveDate, rule: WithdrawalDayRule, nth: usize) {
    ledger.look_from(known_at, rule);
    for (at, as_of) in world.interesting_days().into_iter().enumerate() {
        let pair = format!("as of {as_of}, known at {known_at}, {rule:?}");
        let counted = ledger.by_kernel(as_of);
        if rule == LastMemberDay {
            assert_eq!(counted, figures(&world.truth(as_of, known_at)), "kernel and truth, {pair}");
        }
        assert_eq!(ledger.by_reference(as_of), counted, "reference and kernel, {pair}");
        if (at + nth).is_multiple_of(40) {
            assert_eq!(ledger.by_polars(as_of), counted, "polars and kernel, {pair}");
        }
    }
}

/// The index of change points says what the scan says on every fifth interesting day from each known-at, beginning with
/// another one under each rule.
fn compare_index(ledger: &Ledger, world: &World) {
    let (timeline, associations) = (ledger.vintage.timeline().expect("opened"), &ledger.vintage.associations);
    let known_at = known_at_days(world);
    for (nth, rule) in [LastMemberDay, FirstNonMemberDay].into_iter().enumerate() {
        let days: Vec<NaiveDate> = world.interesting_days().into_iter().skip(nth).step_by(5).collect();
        change_points::compare(timeline, associations, (&known_at, &days), rule);
    }
}

/// A series says of each month end what a count says.
fn compare_series(ledger: &Ledger, world: &World) {
    let days = world.interesting_days();
    let (from, to) = (day(2023, 1), days[days.len() - 1]);
    let answer = series(&ledger.vintage, from, to, &by_association_and_class()).expect("the span is sound");
    assert!(answer.days.len() > 24, "two years of month ends");
    for told in &answer.days {
        let counted = ledger.answer(told.as_of);
        let rows: Vec<_> = answer.rows.iter().filter(|row| row.as_of == Some(told.as_of)).collect();
        assert_eq!(rows.len(), counted.rows.len(), "{}", told.as_of);
        for (row, counted) in rows.iter().zip(&counted.rows) {
            assert_eq!((row.tier, &row.keys, row.memberships), (counted.tier, &counted.keys, counted.memberships));
        }
        assert_eq!((told.totals, told.not_shown), (counted.totals, counted.not_shown), "{}", told.as_of);
        assert_eq!((told.complete, told.future), (counted.complete, counted.future), "{}", told.as_of);
    }
}

fn day(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).expect("a month")
}

#[rstest]
#[case::sqlite(Home::Sqlite, 30)]
#[case::postgres(Home::Postgres, 4)]
fn any_world_is_counted_as_it_is_true(#[case] home: Home, #[case] cases: u32) {
    if home.is_skipped() {
        return;
    }
    for_worlds(cases, &async |world: &World| {
        let desk = desk_of(world, home).await;
        for export in world.exports() {
            assert_eq!(import(&desk, export.day, &export.bytes).await, ImportStatus::Stored);
        }
        let mut ledger = desk.ledger().await;
        compare_index(&ledger, world);
        for (nth, known_at) in known_at_days(world).into_iter().enumerate() {
            compare(&mut ledger, world, known_at, LastMemberDay, nth);
        }
        for (nth, export) in world.exports().into_iter().enumerate() {
            compare(&mut ledger, world, export.day, FirstNonMemberDay, nth);
            compare_series(&ledger, world);
        }
    });
}

/// Two sources that tell of some people both, each at its own days: whichever showed a stay last speaks (R26).
#[rstest]
#[case::sqlite(Home::Sqlite, 12)]
#[case::postgres(Home::Postgres, 3)]
fn any_world_of_two_sources_is_counted_as_it_is_true(#[case] home: Home, #[case] cases: u32) {
    if home.is_skipped() {
        return;
    }
    for_all(cases, worlds_of_two_sources(), &async |world: &World| {
        let desk = desk_of(world, home).await;
        for export in world.exports() {
            assert_eq!(import_of_source(&desk, &export).await, ImportStatus::Stored);
        }
        let mut ledger = desk.ledger().await;
        compare_index(&ledger, world);
        for (nth, known_at) in known_at_days(world).into_iter().enumerate() {
            compare(&mut ledger, world, known_at, LastMemberDay, nth);
        }
        compare(&mut ledger, world, world.exports()[world.exports().len() - 1].day, FirstNonMemberDay, 0);
    });
}

/// 1,200 people told prefecture by prefecture, and by one source: the same rows give the same figures, which are true.
#[test]
fn rows_told_by_prefecture_count_as_those_of_one_source() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        let world = World::with_anchors(7, 1_200, 4);
        let (by_prefecture, together) = (desk_of(&world, Home::Sqlite).await, desk_of(&world, Home::Sqlite).await);
        for export in world.exports_by_prefecture() {
            assert_eq!(import_of_source(&by_prefecture, &export).await, ImportStatus::Stored);
        }
        for export in world.exports() {
            import_of_source(&together, &export).await;
        }
        let (mut split, mut whole) = (by_prefecture.ledger().await, together.ledger().await);
        let days = world.interesting_days();
        for export in world.exports() {
            split.look_from(export.day, LastMemberDay);
            whole.look_from(export.day, LastMemberDay);
            for as_of in days.iter().copied().step_by(days.len() / 12).chain([export.day]) {
                let pair = format!("as of {as_of}, known at {}", export.day);
                assert_eq!(split.by_kernel(as_of), figures(&world.truth(as_of, export.day)), "truth, {pair}");
                assert_eq!(split.by_kernel(as_of), whole.by_kernel(as_of), "one source, {pair}");
                assert_eq!(split.by_polars(as_of), whole.by_polars(as_of), "polars, {pair}");
                assert_eq!(split.told_not_shown(as_of), whole.told_not_shown(as_of), "not shown, {pair}");
            }
            assert_eq!(split.by_reference(export.day), split.by_kernel(export.day), "reference, {}", export.day);
        }
    });
}

/// After every export, all that could be asked until then is asked again (R3).
#[rstest]
#[case::sqlite(Home::Sqlite, 9)]
#[case::postgres(Home::Postgres, 3)]
fn later_exports_never_change_an_earlier_answer(#[case] home: Home, #[case] cases: u32) {
    if home.is_skipped() {
        return;
    }
    for_worlds(cases, &async |world: &World| {
        let desk = desk_of(world, home).await;
        let mut told: BTreeMap<NaiveDate, BTreeMap<NaiveDate, String>> = BTreeMap::new();
        for export in world.exports() {
            import(&desk, export.day, &export.bytes).await;
            let mut ledger = desk.ledger().await;
            for (known_at, before) in &told {
                assert_eq!(told_from(&mut ledger, world, *known_at), *before, "{} after {}", known_at, export.day);
            }
            told.insert(export.day, told_from(&mut ledger, world, export.day));
        }
    });
}

#[rstest]
#[case::sqlite(Home::Sqlite, 9)]
#[case::postgres(Home::Postgres, 3)]
fn same_or_older_file_changes_nothing(#[case] home: Home, #[case] cases: u32) {
    if home.is_skipped() {
        return;
    }
    for_worlds(cases, &async |world: &World| {
        let desk = desk_of(world, home).await;
        let exports = world.exports();
        for export in &exports {
            import(&desk, export.day, &export.bytes).await;
            let before = desk.tables().await;
            assert_eq!(import(&desk, export.day, &export.bytes).await, ImportStatus::Unchanged);
            assert_eq!(desk.tables().await, before);
        }
        let newest = &exports[exports.len() - 1];
        let before = (desk.tables().await, told_from(&mut desk.ledger().await, world, newest.day));
        for export in &exports {
            // The bytes of another day: the very same file would be recognised before its day is looked at.
            let older =
                desk.save(&format!("members_{}.csv", export.day.pred_opt().expect("a day before")), &newest.bytes);
            let error = desk.import(&[older]).await.expect_err("an older export is refused");
            assert_eq!(Failure::of(&error).code, "IMP-213");
        }
        assert_eq!((desk.tables().await, told_from(&mut desk.ledger().await, world, newest.day)), before);
    });
}

/// Where a day has several files, the last one taken in speaks, as if the others had never been there (R3).
#[rstest]
#[case::sqlite(Home::Sqlite, 12)]
#[case::postgres(Home::Postgres, 4)]
fn last_file_of_a_day_speaks_alone(#[case] home: Home, #[case] cases: u32) {
    if home.is_skipped() {
        return;
    }
    for_worlds(cases, &async |world: &World| {
        let exports = world.exports();
        let (often, once) = (desk_of(world, home).await, desk_of(world, home).await);
        for (nth, export) in exports.iter().enumerate() {
            // Files of other days stand for wrong files of this day: one on the first day, two on the next, then none.
            for wrong in 0..(nth + 1) % 3 {
                import(&often, export.day, &exports[(nth + wrong + 1) % exports.len()].bytes).await;
            }
            import(&often, export.day, &export.bytes).await;
            import(&once, export.day, &export.bytes).await;
        }
        for (nth, export) in exports.iter().enumerate() {
            let (mut ledger, mut expected) = (often.ledger().await, once.ledger().await);
            assert_eq!(told_from(&mut ledger, world, export.day), told_from(&mut expected, world, export.day));
            assert_eq!(ledger.by_person(export.day), expected.by_person(export.day), "{}", export.day);
            assert_eq!(often.findings(export.day).await, once.findings(export.day).await, "{}", export.day);
            compare(&mut ledger, world, export.day, LastMemberDay, nth);
        }
    });
}
