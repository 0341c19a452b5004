//! Imports that are taken back (R25): afterwards every answer is that of a world where they were never taken in.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use kaiin::domain::as_of::WithdrawalDayRule::LastMemberDay;
use kaiin::error::Failure;
use kaiin::service::intake::import::{ImportStatus, list};
use rstest::rstest;

use super::desk::{Desk, Ledger, by_association_and_class};
use super::home::Home;
use super::worlds::{desk_of, for_worlds, import};
use crate::worlds::World;

/// What is known at a day: figures by body, class and attributes, and findings.
async fn told(desk: &Desk, ledger: &mut Ledger, world: &World, known_at: NaiveDate) -> String {
    ledger.look_from(known_at, LastMemberDay);
    let counted: BTreeMap<_, _> = world
        .interesting_days()
        .into_iter()
        .filter_map(|as_of| {
            let answer = ledger.told(as_of, &by_association_and_class())?;
            Some((as_of, format!("{:?} {:?} {}", answer.rows, answer.totals, answer.not_shown)))
        })
        .collect();
    format!("{counted:?} {:?} {:?}", ledger.by_person(known_at), desk.findings(known_at).await)
}

/// After each export a wrong file comes and is taken back: one of another day under this very day, which takes the place
/// of the export; one misdated far ahead, which would block its source for ever; now and then both.
#[rstest]
#[case::sqlite(Home::Sqlite, 12)]
#[case::postgres(Home::Postgres, 3)]
fn import_that_was_taken_back_leaves_nothing_behind(#[case] home: Home, #[case] cases: u32) {
    if home.is_skipped() {
        return;
    }
    for_worlds(cases, &async |world: &World| {
        let exports = world.exports();
        let (wrong, right) = (desk_of(world, home).await, desk_of(world, home).await);
        for (nth, export) in exports.iter().enumerate() {
            assert_eq!(import(&wrong, export.day, &export.bytes).await, ImportStatus::Stored);
            import(&right, export.day, &export.bytes).await;
            let bytes = &exports[(nth + 1) % exports.len()].bytes;
            let ahead = export.day.checked_add_days(Days::new(200)).expect("a day");
            for (turn, day) in [(1, export.day), (2, ahead)] {
                let is_other = *bytes != export.bytes || day != export.day;
                if (nth % 3 + 1) & turn != 0 && is_other {
                    import(&wrong, day, bytes).await;
                    let report = wrong.take_back(&format!("members_{day}.csv")).await.expect("it is the newest");
                    assert_eq!(report.import.state, "taken_back");
                    let again = wrong.take_back(&report.import.id.to_string()).await;
                    assert_eq!(Failure::of(&again.expect_err("it is taken back already")).code, "IMP-281");
                }
            }
            let (mut ledger, mut expected) = (wrong.ledger().await, right.ledger().await);
            for known in &exports[..=nth] {
                assert_eq!(
                    told(&wrong, &mut ledger, world, known.day).await,
                    told(&right, &mut expected, world, known.day).await,
                    "known at {} after {}",
                    known.day,
                    export.day
                );
            }
            assert_eq!(ledger.vintage.head, expected.vintage.head, "{}", export.day);
        }
        // All exports, the newest first: back to the master alone.
        for export in exports.iter().rev() {
            wrong.take_back(&format!("members_{}.csv", export.day)).await.expect("it is the newest");
        }
        let tables = wrong.tables().await;
        assert!(
            wrong.workspace.store.imports().await.expect("the store can be read")[1..].iter().all(|one| !one.stands())
        );
        assert!(tables["import_taken_back"] >= i64::try_from(exports.len()).expect("few exports"));
        let mut versions = 0;
        wrong.workspace.store.each_version(|_| versions += 1).await.expect("the store can be read");
        assert_eq!(versions, 0, "nothing speaks any more");
    });
}

#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
fn older_import_names_the_newer_ones_that_go_first(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    for_worlds(1, &async |world: &World| {
        let desk = desk_of(world, home).await;
        let exports = world.exports();
        for export in &exports {
            import(&desk, export.day, &export.bytes).await;
        }
        let before = desk.tables().await;
        let first = list(&desk.workspace).await.expect("the store can be read")[1].clone();
        let refused = Failure::of(&desk.take_back(&first.file).await.expect_err("newer ones stand"));
        let newer: Vec<&str> = refused.detail.split('、').collect();
        assert_eq!((refused.code, newer.len()), ("IMP-282", exports.len() - 1));
        // In the order in which they can be taken back.
        for named in newer {
            let (id, _) = named.split_once(' ').expect("id and file");
            desk.take_back(id).await.expect("the newest is named first");
        }
        desk.take_back(&first.file).await.expect("it is the newest now");
        for (which, code) in [("unknown.csv", "IMP-280"), ("99999", "IMP-280"), ("1", "")] {
            let taken = desk.take_back(which).await;
            assert_eq!(taken.err().map(|error| Failure::of(&error).code).unwrap_or_default(), code, "{which}");
        }
        assert_eq!(desk.tables().await["enrolment"], before["enrolment"], "rows stay for the record");
    });
}
