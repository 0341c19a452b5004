//! Several at one store: writers one after the other, readers whenever they like.

use std::time::Duration;

use kaiin::domain::layout::FileKind;
use kaiin::store::{Changes, NewImport, Store, StoreError, StoreLocation};
use rstest::rstest;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};
use tokio::time::timeout;

use super::contract::{desk, file, told};
use super::home::{Database, Home, skips_without_server};

/// Long enough to see that somebody waits.
const A_WHILE: Duration = Duration::from_millis(300);

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn second_import_waits_for_the_first(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let visitor = desk.visitor().await;
    let first = desk.workspace.store.start_import(&file(FileKind::Members, "2025-09-30", "first")).await;
    let first = first.expect("an import starts");
    let other = visitor.workspace.store.clone();
    let mut second =
        tokio::spawn(async move { other.start_import(&file(FileKind::Members, "2025-10-31", "second")).await });
    assert!(timeout(A_WHILE, &mut second).await.is_err(), "the second import does not wait");
    let id = first.id();
    first.commit(&Changes::default()).await.expect("an import is stored");
    let second = second.await.expect("the task ends").expect("the second import starts");
    assert_eq!(second.id().0, id.0 + 1);
    second.commit(&Changes::default()).await.expect("an import is stored");
    assert_eq!(visitor.workspace.store.imports().await.expect("readable").len(), 3);
}

/// As when the connection that holds the right to write is lost: another writer was quicker, and nothing of this one stays.
#[rstest]
#[tokio::test]
async fn import_that_was_overtaken_is_refused(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let store = &desk.workspace.store;
    let head = store.imports().await.expect("readable").last().expect("the master is there").head.clone();
    let of = |name: &str, day: &str, head: &str| NewImport {
        follows: Some(head.into()),
        ..file(FileKind::Members, day, name)
    };
    let quick = store.start_import(&of("quick", "2025-09-30", &head)).await.expect("it follows the master");
    quick.commit(&Changes::default()).await.expect("an import is stored");
    let late = store.start_import(&of("late", "2025-10-31", &head)).await;
    assert!(matches!(late.err(), Some(StoreError::Overtaken)));
    assert_eq!(store.imports().await.expect("readable").len(), 2);
    let next = store.start_import(&of("next", "2025-10-31", "head of quick")).await.expect("it follows the quick one");
    next.commit(&Changes::default()).await.expect("an import is stored");
}

/// As when a server let go of the lock, or a network drive has none: whoever came later has the newer number.
#[rstest]
#[tokio::test]
async fn writer_whose_number_is_outdated_writes_nothing(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let visitor = desk.visitor().await;
    let (ours, theirs) = (&desk.workspace.store, &visitor.workspace.store);
    let number = ours.draw_number().await.expect("writable");
    let at = "2026-01-05T00:00:00Z".parse().expect("an instant");
    assert!(ours.add_job_run("monthly-papers", "2025-11", at).await.expect("the number is the newest"));
    let newer = theirs.draw_number().await.expect("writable");
    let imports = ours.imports().await.expect("readable").len();
    let import = ours.start_import(&file(FileKind::Members, "2025-09-30", "late")).await;
    assert!(matches!(import.err(), Some(StoreError::LockLost)));
    let row = ours.add_job_run("monthly-papers", "2025-12", at).await;
    assert!(matches!(row.err(), Some(StoreError::LockLost)));
    let paper = ours.begin_paper(None).await;
    assert!(matches!(paper.err(), Some(StoreError::LockLost)));
    let master = ours.store_master(&file(FileKind::Associations, "2025-09-30", "late"), &[]).await;
    assert!(matches!(master.err(), Some(StoreError::LockLost)));
    assert_eq!(ours.imports().await.expect("readable").len(), imports);
    assert!(theirs.add_job_run("monthly-papers", "2025-12", at).await.expect("the number is the newest"));
    drop((number, newer));
    assert!(!ours.add_job_run("monthly-papers", "2025-12", at).await.expect("nobody holds a number"));
}

/// A paper of a head that is no more the store's is not published.
#[rstest]
#[tokio::test]
async fn paper_of_another_head_is_refused(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let store = &desk.workspace.store;
    let head = store.imports().await.expect("readable").last().expect("the master is there").head.clone();
    drop(store.begin_paper(Some(&head)).await.expect("it is the head"));
    let import = store.start_import(&file(FileKind::Members, "2025-09-30", "newer")).await.expect("an import starts");
    import.commit(&Changes::default()).await.expect("an import is stored");
    assert!(matches!(store.begin_paper(Some(&head)).await.err(), Some(StoreError::Overtaken)));
}

#[rstest]
#[tokio::test]
async fn readers_see_the_old_state_until_an_import_is_stored(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let visitor = desk.visitor().await;
    let before = told(&visitor.workspace.store).await;
    let import = desk.workspace.store.start_import(&file(FileKind::Members, "2025-09-30", "open")).await;
    let import = import.expect("an import starts");
    let seen = timeout(Duration::from_secs(20), told(&visitor.workspace.store)).await;
    assert_eq!(seen.expect("readers wait for nobody"), before);
    import.commit(&Changes::default()).await.expect("an import is stored");
    assert_ne!(told(&visitor.workspace.store).await, before);
}

async fn opened(database: &Database, wait: Duration) -> Store {
    Store::open(&StoreLocation::Server { url: database.url(), wait }).await.expect("the store opens")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn right_to_write_is_waited_for_and_given_up_in_time() {
    if skips_without_server() {
        return;
    }
    let database = Database::new();
    let patient = opened(&database, Duration::from_secs(60)).await;
    let hasty = opened(&database, Duration::from_millis(100)).await;
    let lock = patient.lock().await.expect("nobody writes");
    let refused = hasty.lock().await.expect_err("another writer has the right");
    assert!(matches!(refused, StoreError::Busy), "{refused}");
    let other = patient.clone();
    let mut waiting = tokio::spawn(async move { other.lock().await });
    assert!(timeout(A_WHILE, &mut waiting).await.is_err(), "the second writer does not wait");
    // As when the first writer dies: its connection goes, and with it its right.
    drop(lock);
    waiting.await.expect("the task ends").expect("the right is free again");
}

/// What a server says when it has no room, and when it undid a transaction for the sake of another.
#[rstest]
#[case::disk_full("53100", true, false)]
#[case::not_serialisable("40001", false, true)]
#[case::deadlock("40P01", false, true)]
#[case::anything_else("22012", false, false)]
#[tokio::test]
async fn failures_of_a_server_are_told_apart(#[case] code: &str, #[case] disk_full: bool, #[case] conflict: bool) {
    if skips_without_server() {
        return;
    }
    let database = Database::new();
    let mut connection = PgConnection::connect_with(&database.options()).await.expect("the test server answers");
    let statement = AssertSqlSafe(format!("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$"));
    let error = sqlx::query(statement).execute(&mut connection).await.expect_err("it is raised");
    connection.close().await.expect("the connection closes");
    let error = StoreError::from(error);
    assert_eq!((error.is_disk_full(), error.is_conflict()), (disk_full, conflict), "{error}");
}

/// Two programs may meet at an empty database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_store_may_be_opened_by_several_at_once() {
    if skips_without_server() {
        return;
    }
    let database = Database::new();
    let wait = Duration::from_secs(60);
    let stores = futures_util::future::join_all((0..4).map(|_| opened(&database, wait))).await;
    let mut identities = Vec::new();
    for store in stores {
        identities.push(store.identity().await.expect("readable"));
    }
    identities.dedup();
    assert_eq!(identities.len(), 1, "all see one store");
    assert_eq!(identities[0].len(), 32);
}
