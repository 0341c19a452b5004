//! The record of purges and the removal of persons, on both stores.

use chrono::{DateTime, Utc};
use kaiin::domain::as_of::KnownAt;
use kaiin::domain::ids::{ImportId, PhysicianId, RegistrationNumber};
use kaiin::domain::purge::{REMOVED_NAME, RawKind};
use kaiin::store::{ChainScope, NewPurge, NewPurgedFile};
use rstest::rstest;

use super::office::{DAYS, NUMBER, export, name_of};
use crate::cli::people::{master, text};
use crate::cli::program::NOW;
use crate::store::desk::Desk;
use crate::store::home::Home;

fn now() -> DateTime<Utc> {
    NOW.parse().expect("an instant")
}

async fn desk(home: Home) -> Desk {
    let desk = Desk::on(home).await;
    let mut paths = vec![desk.save("associations.csv", master().as_bytes())];
    paths.extend((0..DAYS.len()).map(|nth| desk.save(&name_of(nth), text(&export(nth)).as_bytes())));
    desk.import(&paths).await.expect("the files are sound");
    desk
}

/// A purge of some persons and of two files.
fn new_purge(import: ImportId, persons: &[PhysicianId]) -> NewPurge {
    let file = NewPurgedFile {
        kind: RawKind::Taken,
        import: Some(import),
        day: day("2025-12-01"),
        size_bytes: 12,
        sha256: "abc".into(),
    };
    NewPurge {
        begun_at: now(),
        counted_from: day("2026-02-01"),
        raw_files_days: Some(30),
        persons_days: None,
        reason: "年限".into(),
        files: vec![file.clone(), NewPurgedFile { kind: RawKind::List, import: None, ..file }],
        persons: persons.to_vec(),
    }
}

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a day")
}

#[rstest]
#[tokio::test]
async fn persons_are_removed_once_and_everything_else_stays(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let store = &desk.workspace.store;
    let of = async |at: &str| -> Vec<i64> {
        store.quiet_persons(day(at)).await.expect("readable").iter().map(|person| person.physician.0).collect()
    };
    assert_eq!(of("2025-11-30").await, [] as [i64; 0], "what was learnt on the day is not before it");
    assert_eq!(of("2025-12-01").await.len(), 1);
    let quiet = store.quiet_persons(day("2026-01-01")).await.expect("readable");
    assert_eq!(quiet.len(), 3);
    let persons: Vec<PhysicianId> = quiet.iter().map(|person| person.physician).collect();
    let (tables, facts) = (desk.tables().await, desk.findings(day("2025-12-31")).await);
    let new = new_purge(store.imports().await.expect("readable")[1].id, &persons);
    let lock = desk.workspace.lock_for_writing().await.expect("nobody else writes here");
    assert_eq!(store.begin_purge(&new).await.expect("writable"), 1);
    let found = &store.purges().await.expect("readable")[0];
    assert_eq!((found.number, found.n_files, found.n_persons, found.ended_at), (1, 2, 3, None));
    assert_eq!((found.raw_files_days, found.persons_days, found.counted_from), (Some(30), None, new.counted_from));
    assert!(store.overwrite_removed().await.expect("writable"));
    store.end_purge(1, now()).await.expect("writable");
    assert!(store.end_purge(1, now()).await.is_err(), "a purge ends once");
    drop(lock);
    let files = store.purged_files().await.expect("readable");
    assert_eq!((files.len(), files[0].kind, files[1].import), (2, RawKind::Taken, None));
    let check = store.check_chain(ChainScope::All).await.expect("readable");
    assert_eq!(
        (check.faults.as_slice(), check.entries.last().map(|entry| entry.kind.as_str())),
        (&[][..], Some("purged"))
    );
    let all = store.persons(&persons, KnownAt(day("2025-12-31"))).await.expect("readable");
    for person in &all {
        let texts = person.person.texts();
        assert_eq!((texts.name.as_str(), texts.kana.as_str(), texts.facility.as_str()), (REMOVED_NAME, "", ""));
        assert!(person.person.born_on.is_some(), "figures of age bands need it");
        assert_eq!((person.number.known(), person.number.to_string().as_str()), (None, "消去"));
    }
    assert_eq!(desk.physician(RegistrationNumber(NUMBER), day("2025-12-31")).await, None);
    assert_eq!(of("2026-01-01").await, [] as [i64; 0], "nobody is removed twice");
    let mut after = desk.tables().await;
    for (table, rows) in [("purge", 1), ("purged_file", 2), ("purge_end", 1)] {
        assert_eq!(after.insert(table.into(), 0), Some(rows));
    }
    let without_chain = |mut tables: std::collections::BTreeMap<String, i64>| {
        tables.retain(|table, _| !table.starts_with("chain"));
        tables
    };
    assert_eq!(without_chain(after), without_chain(tables));
    assert_eq!(desk.findings(day("2025-12-31")).await.len(), facts.len());
}

/// A purge of which something cannot be stored is not there at all.
#[rstest]
#[tokio::test]
async fn purge_is_recorded_as_a_whole_or_not_at_all(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let store = &desk.workspace.store;
    let persons = vec![store.quiet_persons(day("2026-01-01")).await.expect("readable")[0].physician];
    let (begun_at, counted_from) = (now(), day("2026-02-01"));
    let reason = String::new();
    let new = NewPurge {
        begun_at,
        counted_from,
        raw_files_days: None,
        persons_days: Some(1),
        reason,
        files: vec![],
        persons,
    };
    let before = store.check_chain(ChainScope::All).await.expect("readable");
    assert!(store.begin_purge(&new).await.is_err(), "a purge has a reason");
    assert_eq!(store.purges().await.expect("readable"), []);
    assert_eq!(store.check_chain(ChainScope::All).await.expect("readable"), before);
    assert_eq!(store.quiet_persons(day("2026-01-01")).await.expect("readable").len(), 3);
}
