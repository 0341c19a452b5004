//! The two homes of facts, and databases of their own for tests on a server.

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use kaiin::domain::store_url::StoreUrl;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection};

use crate::skipping::is_skipped_without;

/// Names the server. scripts/test starts one and sets it.
pub const SERVER: &str = "KAIIN_TEST_POSTGRES";

/// Where a test keeps its facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    Sqlite,
    Postgres,
}

impl Home {
    /// Whether a test on this home has to be passed over, which is then told. Asked first by every such test.
    #[must_use]
    #[track_caller]
    pub fn is_skipped(self) -> bool {
        self == Self::Postgres && skips_without_server()
    }

    /// A new database for a home on the server.
    pub fn database(self) -> Option<Database> {
        (self == Self::Postgres).then(Database::new)
    }
}

/// A database of one test, dropped with it.
pub struct Database {
    name: String,
}

impl Database {
    pub fn new() -> Self {
        let database = Self { name: new_name() };
        execute(format!("CREATE DATABASE {}", database.name));
        database
    }

    /// Another database with the same rows. Nobody may be connected to this one.
    pub fn copy(&self) -> Self {
        let database = Self { name: new_name() };
        execute(format!("CREATE DATABASE {} TEMPLATE {}", database.name, self.name));
        database
    }

    pub fn url(&self) -> StoreUrl {
        let server = server();
        let (address, parameters) = server.split_once('?').unwrap_or((&server, ""));
        let (address, _) = address.rsplit_once('/').expect("the address of the server names a database");
        StoreUrl::try_from(format!("{address}/{}?{parameters}", self.name)).expect("the address of a server")
    }

    /// Sets a default for everybody who connects from now on.
    pub fn set(&self, setting: &str) {
        execute(format!("ALTER DATABASE {} SET {setting}", self.name));
    }

    pub fn options(&self) -> PgConnectOptions {
        let options = PgConnectOptions::from_str(self.url().reveal()).expect("the address of a server");
        options.options([("search_path", "kaiin")])
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        execute(format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// Whether a test that needs a server has to be passed over, which is then told. Asked first by every such test.
#[must_use]
#[track_caller]
pub fn skips_without_server() -> bool {
    is_skipped_without(SERVER)
}

/// The address of the test server.
fn server() -> String {
    std::env::var(SERVER).unwrap_or_else(|_| {
        panic!(
            "{SERVER} is not set, and the test did not ask whether it is skipped; scripts/test starts a PostgreSQL \
             server of its own and sets it"
        )
    })
}

fn new_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("kaiin_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Runs a statement on the server, in a thread of its own: tests are in a runtime already, and a drop cannot wait.
fn execute(statement: String) {
    let options = PgConnectOptions::from_str(&server()).expect("the address of a server");
    let run = async move {
        let mut connection = PgConnection::connect_with(&options).await.expect("the test server answers");
        let done = sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await;
        connection.close().await.expect("the connection closes");
        done.expect("the test server makes and drops databases");
    };
    let thread = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime can be built").block_on(run);
    });
    // A test that fails already says why; a second panic would only hide it.
    if thread.join().is_err() && !std::thread::panicking() {
        panic!("a database of a test could not be made or dropped");
    }
}
