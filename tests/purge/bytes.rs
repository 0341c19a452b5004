//! What was removed is in no byte of the data folder.

use std::fs;
use std::path::Path;

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::office::{BOTH, NUMBER, TEXTS, age, files, findings, office, purge};
use crate::cli::program::Office;
use crate::store::home::Home;

/// Files that hold a canary: one of the texts, or the number as text or as SQLite keeps it.
pub fn holders(folder: &Path) -> Vec<String> {
    let mut canaries: Vec<Vec<u8>> = TEXTS.iter().map(|text| text.as_bytes().to_vec()).collect();
    canaries.push(NUMBER.to_string().into_bytes());
    canaries.push(NUMBER.to_be_bytes().to_vec());
    let mut out = Vec::new();
    for path in files(folder) {
        let bytes = fs::read(&path).expect("the file can be read");
        if canaries.iter().any(|canary| bytes.windows(canary.len()).any(|part| part == canary)) {
            out.push(path.strip_prefix(folder).expect("it lies there").to_string_lossy().replace('\\', "/"));
        }
    }
    out
}

#[test]
fn nothing_of_a_person_is_left_in_any_byte() {
    let office = office(Home::Sqlite, BOTH);
    let refused = office.data().join("inbox/refused");
    fs::create_dir_all(&refused).expect("the temporary folder can be written");
    fs::write(refused.join("x.csv"), TEXTS[0]).expect("the temporary folder can be written");
    age(&refused.join("x.csv"), "2025-12-01");
    fs::create_dir_all(office.data().join("rejects")).expect("the temporary folder can be written");
    fs::write(office.data().join("rejects/members_取込結果.xlsx"), TEXTS[1]).expect("the folder can be written");
    age(&office.data().join("rejects/members_取込結果.xlsx"), "2025-12-01");
    let before = holders(&office.data());
    // The database, two exports of the archive, what was refused, and the list of an import.
    assert!(before.contains(&"kaiin.sqlite".into()) && before.len() == 5, "{before:?}");
    // The import of 2026-02-01 keeps what is in the archive.
    let run = super::office::run_at(&office, "2026-03-15T00:00:00Z", "purge --confirm --reason 保存年限");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_eq!(holders(&office.data()), [] as [String; 0]);
    assert_eq!(files(&office.data().join("inbox")).len() + files(&office.data().join("rejects")).len(), 0);
    assert!(!run.stdout.contains("鶯谷") && !run.stderr.contains("鶯谷"));
}

/// Another program that reads an older state keeps the log: the purge says so, and the next one finishes it.
#[tokio::test]
async fn bytes_that_are_still_read_are_told_and_removed_later() {
    let office = office(Home::Sqlite, BOTH);
    let options = SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite")).read_only(true);
    let mut reader = SqliteConnection::connect_with(&options).await.expect("the file opens");
    sqlx::query("BEGIN").execute(&mut reader).await.expect("it begins");
    let _: i64 = sqlx::query_scalar("SELECT count(*) FROM physician").fetch_one(&mut reader).await.expect("it reads");
    let run = office.run("purge --confirm --reason 保存年限");
    assert_eq!(run.exit, Some(4), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("PRG-005"), "{}", run.stderr);
    assert!(!holders(&office.data()).is_empty());
    let listed = office.json("purge --list");
    assert_eq!((&listed[0]["persons"], &listed[0]["ended_at"]), (&2.into(), &serde_json::Value::Null));
    assert!(office.run("purge").stderr.contains("PRG-003"));
    sqlx::query("COMMIT").execute(&mut reader).await.expect("it ends");
    reader.close().await.expect("it closes");
    let report = purge(&office);
    assert_eq!(report["unfinished"], serde_json::json!([1]));
    let of_store: Vec<String> = holders(&office.data()).into_iter().filter(|name| name.starts_with("kaiin.")).collect();
    assert_eq!(of_store, [] as [String; 0]);
    assert_eq!(findings(&office), [] as [serde_json::Value; 0]);
}

/// Changes one value of the store behind the back of the program.
async fn forge(office: &Office, statement: &'static str) {
    let options = SqliteConnectOptions::new().filename(office.data().join("kaiin.sqlite")).foreign_keys(false);
    let mut connection = SqliteConnection::connect_with(&options).await.expect("the file opens");
    let done = sqlx::query(statement).execute(&mut connection).await.expect("it can be changed");
    assert!(done.rows_affected() > 0, "{statement}");
    connection.close().await.expect("it closes");
}

#[tokio::test]
async fn what_is_changed_after_a_purge_is_found() {
    let purged = office(Home::Sqlite, BOTH);
    purge(&purged);
    for (statement, code) in [
        ("UPDATE physician_version SET name = '架空 別人' WHERE kana = ''", "STO-012"),
        ("UPDATE physician SET registration_number = 5 WHERE registration_number > 4000000000", "STO-012"),
        ("UPDATE physician_version SET born_on = born_on + 1 WHERE id = 1", "STO-012"),
        ("UPDATE purge SET reason = '別の理由'", "STO-012"),
        ("UPDATE purge SET n_persons = 1", "STO-012"),
        ("DELETE FROM purge_end", "STO-012"),
        (
            "UPDATE chain_sum SET sha256 = '0' WHERE part = 'persons' AND nth = (SELECT max(nth) FROM chain_sum WHERE part = 'persons')",
            "STO-013",
        ),
        ("DELETE FROM chain WHERE kind = 'purged'", "STO-013"),
    ] {
        let office = purged.copy();
        // One row of several that have the number would not be unique.
        let statement = if statement.contains("= 5") {
            "UPDATE physician SET registration_number = 5 WHERE id = (SELECT min(id) FROM physician WHERE registration_number > 4000000000)"
        } else {
            statement
        };
        forge(&office, statement).await;
        let found = findings(&office);
        assert!(found.iter().any(|finding| finding["code"] == code), "{statement}: {found:?}");
    }
    assert_eq!(findings(&purged), [] as [serde_json::Value; 0]);
}

/// What was changed before a purge is not hidden by its new sums.
#[tokio::test]
async fn purge_of_a_store_that_was_changed_is_refused() {
    for statement in [
        "UPDATE physician_version SET name = '架空 別人' WHERE id = 1",
        "UPDATE physician_version SET sex = 1 - sex WHERE id = 7",
        "UPDATE enrolment SET left_on = 20000 WHERE id = 3",
    ] {
        let office = office(Home::Sqlite, BOTH);
        forge(&office, statement).await;
        let before = fs::read(office.data().join("inbox/taken/members_2025-09-30.csv")).expect("it is there");
        let run = office.run("purge --confirm --reason 保存年限");
        assert_eq!(run.exit, Some(4), "{statement}: {}", run.stderr);
        assert!(run.stderr.contains("STO-012"), "{statement}: {}", run.stderr);
        assert_eq!(office.json("purge --list"), serde_json::json!([]));
        let after = fs::read(office.data().join("inbox/taken/members_2025-09-30.csv")).expect("it is there still");
        assert_eq!(before, after);
    }
}

/// The same of the files of a server that hold the tables.
#[tokio::test]
async fn nothing_of_a_person_is_left_in_the_tables_of_a_server() {
    if Home::Postgres.is_skipped() {
        return;
    }
    let office = office(Home::Postgres, BOTH);
    let database = office.database().expect("it is on a server");
    assert_eq!(n_holding(database).await, 2, "the name and the number are there before");
    purge(&office);
    assert_eq!(n_holding(database).await, 0);
}

/// How many of the two tables hold the name or the number of the person in their files.
async fn n_holding(database: &crate::store::home::Database) -> i64 {
    let options = database.options();
    let mut connection = sqlx::postgres::PgConnection::connect_with(&options).await.expect("the test server answers");
    sqlx::query("CHECKPOINT").execute(&mut connection).await.expect("the tests may do that");
    let mut n = 0;
    let number = NUMBER.to_le_bytes().to_vec();
    for (table, canary) in [("physician_version", TEXTS[0].as_bytes().to_vec()), ("physician", number)] {
        let holds = "SELECT (position($2 IN pg_read_binary_file(pg_relation_filepath($1::regclass))) > 0)::int::bigint";
        let holds = sqlx::query_scalar(holds).bind(format!("kaiin.{table}")).bind(canary);
        let holds: i64 = holds.fetch_one(&mut connection).await.expect("the tests may read files of the server");
        n += holds;
    }
    connection.close().await.expect("it closes");
    n
}
