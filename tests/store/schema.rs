//! The list of tables by which stores are copied, against the schemas themselves.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::NaiveDate;
use kaiin::domain::ledger::JobState;
use kaiin::store::tables::{Kind, TABLES};
use kaiin::store::{Store, StoreLocation};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::home::{Database, skips_without_server};

/// Tables that are not copied: who this store is, who writes, where its papers are, what the driver keeps, and who may open pages.
const OWN: [&str; 14] = [
    "store_identity",
    "store_mark",
    "writer",
    "_sqlx_migrations",
    "sqlite_sequence",
    "sqlite_stat1",
    "paper_home",
    "account",
    "account_lent",
    "web_session",
    "access_entry",
    "second_factor",
    "second_factor_offer",
    "half_login",
];

type Schema = BTreeMap<String, BTreeMap<String, String>>;

fn schema(columns: Vec<(String, String, String)>) -> Schema {
    let mut out = Schema::new();
    for (table, column, kind) in columns {
        if !OWN.contains(&table.as_str()) {
            out.entry(table).or_default().insert(column, kind);
        }
    }
    out
}

fn listed(name: impl Fn(Kind) -> &'static str) -> Schema {
    let columns = TABLES.iter().flat_map(|table| {
        let name = &name;
        table
            .columns
            .iter()
            .map(move |(column, kind)| (table.name.to_owned(), (*column).to_owned(), name(*kind).to_owned()))
    });
    schema(columns.collect())
}

#[tokio::test]
async fn every_column_of_the_server_is_listed_with_its_type() {
    if skips_without_server() {
        return;
    }
    let database = Database::new();
    let location = StoreLocation::Server { url: database.url(), wait: Duration::from_secs(60) };
    Store::open(&location).await.expect("the store opens").close().await.expect("it closes");
    let mut connection = PgConnection::connect_with(&database.options()).await.expect("the test server answers");
    let columns = sqlx::query_as(
        "SELECT c.table_name::text, c.column_name::text, c.data_type::text
         FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE c.table_schema = 'kaiin' AND t.table_type = 'BASE TABLE'",
    );
    let columns = columns.fetch_all(&mut connection).await.expect("the schema can be read");
    connection.close().await.expect("the connection closes");
    let name = |kind| match kind {
        Kind::Small => "smallint",
        Kind::Int => "integer",
        Kind::Big => "bigint",
        Kind::Flag => "boolean",
        Kind::Day => "date",
        Kind::Instant => "timestamp with time zone",
        Kind::Text => "text",
    };
    assert_eq!(schema(columns), listed(name));
}

#[tokio::test]
async fn every_column_of_the_file_is_listed() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("kaiin.sqlite");
    Store::open(&StoreLocation::File(path.clone())).await.expect("the store opens").close().await.expect("it closes");
    let options = SqliteConnectOptions::new().filename(path);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the file opens");
    let columns = sqlx::query_as(
        "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
    );
    let columns = columns.fetch_all(&mut connection).await.expect("the schema can be read");
    let name = |kind| match kind {
        Kind::Text | Kind::Instant => "TEXT",
        _ => "INTEGER",
    };
    assert_eq!(schema(columns), listed(name));
}

/// What an older program has left: a month that is done, one that waits, and the files of the first.
const OLDER: [&str; 4] = [
    "INSERT INTO job_run VALUES ('monthly-papers', '2025-12', '2026-01-04T21:00:00+00:00', 'done', 1,
         '2026-01-05T00:00:00+00:00', '2026-01-05T00:01:00+00:00', '')",
    "INSERT INTO job_run VALUES ('monthly-papers', '2026-01', '2026-02-04T21:00:00+00:00', 'waiting', 0, NULL, NULL, '')",
    "INSERT INTO job_file VALUES ('monthly-papers', '2025-12', 'announced/papers/2025-12/counts_2025-12-31/01.csv', 'a')",
    "INSERT INTO job_file VALUES ('monthly-papers', '2025-12',
         'snapshots/snapshot=2025-12-31_2026-01-03_0123_last_member_day/manifest.json', 'b')",
];

/// What was done becomes version 1 with its known-at and its folder.
async fn assert_brought_up_to_date(location: &StoreLocation) {
    let store = Store::open(location).await.expect("the store is brought up to date");
    let runs = store.job_runs().await.expect("readable");
    let states: Vec<_> = runs.into_iter().map(|run| (run.period, run.state)).collect();
    assert_eq!(states, [("2025-12".to_owned(), JobState::Done), ("2026-01".to_owned(), JobState::Waiting)]);
    let versions = store.job_versions().await.expect("readable");
    let told: Vec<_> =
        versions.iter().map(|one| (one.version, one.known_at, one.folder.as_str(), one.n_files)).collect();
    let known_at = NaiveDate::from_ymd_opt(2026, 1, 3);
    assert_eq!(told, [(1, known_at, "announced/papers/2025-12", 2)]);
    assert_eq!(versions[0].finished_at, Some("2026-01-05T00:01:00Z".parse().expect("an instant")));
    store.close().await.expect("it closes");
}

#[tokio::test]
async fn months_of_an_older_program_become_versions_in_the_file() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("kaiin.sqlite");
    let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the file opens");
    let mut older = sqlx::migrate!("src/store/sqlite/migrations");
    older.migrations.to_mut().retain(|migration| migration.version <= 4);
    older.run(&mut connection).await.expect("the older schema can be made");
    for statement in OLDER {
        sqlx::query(statement).execute(&mut connection).await.expect("the older schema takes it");
    }
    connection.close().await.expect("the connection closes");
    assert_brought_up_to_date(&StoreLocation::File(path)).await;
}

#[tokio::test]
async fn months_of_an_older_program_become_versions_on_the_server() {
    if skips_without_server() {
        return;
    }
    let database = Database::new();
    let mut connection = PgConnection::connect_with(&database.options()).await.expect("the test server answers");
    sqlx::query("CREATE SCHEMA kaiin").execute(&mut connection).await.expect("the schema can be made");
    let mut older = sqlx::migrate!("src/store/postgres/migrations");
    older.migrations.to_mut().retain(|migration| migration.version <= 1);
    older.run(&mut connection).await.expect("the older schema can be made");
    for statement in OLDER {
        sqlx::query(statement).execute(&mut connection).await.expect("the older schema takes it");
    }
    connection.close().await.expect("the connection closes");
    assert_brought_up_to_date(&StoreLocation::Server { url: database.url(), wait: Duration::from_secs(60) }).await;
}
