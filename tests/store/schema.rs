//! The list of tables by which stores are copied, against the schemas themselves.

use std::collections::BTreeMap;
use std::time::Duration;

use kaiin::store::tables::{Kind, TABLES};
use kaiin::store::{Store, StoreLocation};
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::home::Database;

/// Tables that are not copied: who this store is, who writes, and what the driver keeps.
const OWN: [&str; 5] = ["store_identity", "writer", "_sqlx_migrations", "sqlite_sequence", "sqlite_stat1"];

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
    let database = Database::new();
    let location = StoreLocation::Server { url: database.url(), wait: Duration::from_secs(60) };
    Store::open(&location).await.expect("the store opens").close().await;
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
    Store::open(&StoreLocation::File(path.clone())).await.expect("the store opens").close().await;
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
