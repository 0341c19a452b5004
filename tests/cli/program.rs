//! The real program in a temporary folder of its own, at a time that stands still.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tempfile::TempDir;

use super::prepared::copy_folder;
use crate::store::home::{Database, Home};

/// After every export of the samples.
pub const NOW: &str = "2026-02-01T00:00:00Z";

/// A folder with files to take in and, below it, the data folder.
pub struct Office {
    folder: TempDir,
    /// Where the facts are, unless in the data folder.
    database: Option<Database>,
}

/// What one run of the program left behind.
#[derive(Debug)]
pub struct Run {
    /// Exit code; `None` after a signal.
    pub exit: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// All that an import may change: the number of rows of every table, and the figures.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    pub tables: BTreeMap<String, i64>,
    /// The answer of `kaiin count` without a day; `None` before the first export.
    pub count: Option<Value>,
}

impl Office {
    pub fn new() -> Self {
        Self::on(Home::Sqlite)
    }

    /// An office that keeps its facts in either home.
    pub fn on(home: Home) -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder can be made"), database: home.database() }
    }

    /// Another office that holds the same files and data.
    pub fn copy(&self) -> Self {
        Self { database: self.database.as_ref().map(Database::copy), ..Self::copy_of(self.folder()) }
    }

    /// An office that holds what lies in a folder, on the embedded store.
    pub fn copy_of(held: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        copy_folder(held, folder.path());
        Self { folder, database: None }
    }

    /// The database on the server, for an office that has one.
    pub fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder, which the first run makes.
    pub fn data(&self) -> PathBuf {
        self.folder().join("kaiin-data")
    }

    pub fn save(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.folder().join(name), bytes).expect("the temporary folder can be written");
    }

    /// The program, to be started in the folder.
    pub fn program(&self) -> Command {
        self.through(OsStr::new(env!("CARGO_BIN_EXE_kaiin")))
    }

    /// Another program that starts ours, in the folder and with the same surroundings.
    pub fn through(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder()).env_remove("KAIIN_LOG").env("KAIIN_NOW", NOW);
        match &self.database {
            Some(database) => command.env("KAIIN_STORE_URL", database.url().reveal()),
            None => command.env_remove("KAIIN_STORE_URL"),
        };
        command
    }

    /// Runs the program with arguments that stand between blanks.
    pub fn run(&self, arguments: &str) -> Run {
        Run::of(self.program().args(arguments.split_whitespace()))
    }

    /// Runs the program, which must succeed, and returns its data.
    #[track_caller]
    pub fn json(&self, arguments: &str) -> Value {
        let run = self.run(&format!("--json {arguments}"));
        assert_eq!(run.exit, Some(0), "kaiin {arguments}: {}", run.stderr);
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("kaiin {arguments}: {error}"))
    }

    /// Takes in files, which must succeed.
    #[track_caller]
    pub fn import(&self, arguments: &str) -> Value {
        self.json(&format!("import {arguments}"))
    }

    pub fn state(&self) -> State {
        let count = self.run("--json count --as-of 2025-10-01 --by tier,association,class");
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
        let tables = runtime.block_on(async {
            match &self.database {
                Some(database) => tables_of_server(database).await,
                None => tables(&self.data().join("kaiin.sqlite")).await,
            }
        });
        State { tables, count: serde_json::from_str(&count.stdout).ok() }
    }
}

impl Run {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Self {
        Self::from(command.output().expect("the program can be started"))
    }

    /// The one line of JSON on standard error.
    #[track_caller]
    pub fn error(&self) -> Value {
        let lines: Vec<&str> = self.stderr.lines().collect();
        assert_eq!(lines.len(), 1, "not one line: {}", self.stderr);
        serde_json::from_str(lines[0]).unwrap_or_else(|error| panic!("{error}: {}", self.stderr))
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self { exit: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// The number of rows of every table of a database on the server; none before the first run.
async fn tables_of_server(database: &Database) -> BTreeMap<String, i64> {
    let mut connection = PgConnection::connect_with(&database.options()).await.expect("the test server answers");
    let names = "SELECT table_name::text FROM information_schema.tables
                 WHERE table_schema = 'kaiin' AND table_type = 'BASE TABLE'";
    let names: Vec<String> =
        sqlx::query_scalar(names).fetch_all(&mut connection).await.expect("the schema can be read");
    let mut out = BTreeMap::new();
    for name in names {
        let statement = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {name}"));
        let rows = sqlx::query_scalar(statement).fetch_one(&mut connection).await.expect("the table can be read");
        out.insert(name, rows);
    }
    connection.close().await.expect("the connection closes");
    out
}

/// The number of rows of every table of a file.
pub async fn tables(path: &Path) -> BTreeMap<String, i64> {
    if !path.exists() {
        return BTreeMap::new();
    }
    let options = SqliteConnectOptions::new().filename(path);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("the store opens");
    let names: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
        .fetch_all(&pool)
        .await
        .expect("the schema can be read");
    let mut out = BTreeMap::new();
    for name in names {
        let statement = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM \"{name}\""));
        let rows = sqlx::query_scalar(statement).fetch_one(&pool).await.expect("the table can be read");
        out.insert(name, rows);
    }
    pool.close().await;
    out
}
