//! The server: connections, the schema, the right to write, and writing transactions.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Postgres, Transaction};

use super::encryption;
use crate::domain::store_url::StoreUrl;
use crate::store::error::StoreError;
use crate::store::fence::{Fence, WriterNumber};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/postgres/migrations");

/// Schema of all tables.
const SCHEMA: &str = "kaiin";

/// Connections at most: one writes, the others read meanwhile.
const CONNECTIONS: u32 = 4;

/// How long to wait for a connection. A server that does not answer by then is not there.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often and how quickly the schema is tried again while another program makes it. That takes a moment.
const ATTEMPTS: u32 = 50;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(100);

/// What the server says when something is there already: duplicate key, schema, table, object, column.
const MADE_BY_ANOTHER: [&str; 5] = ["23505", "42P06", "42P07", "42710", "42701"];

/// What makes the server copy every table with personal columns, row by row as it stands. `VACUUM FULL` copies what was changed as
/// well as long as an older transaction is open, and that of the writer's lock is.
const WRITTEN_ANEW: [&str; 4] = [
    "ALTER TABLE physician ALTER COLUMN registration_number TYPE bigint USING registration_number + 0",
    "ALTER TABLE physician_version ALTER COLUMN name TYPE text USING name || ''",
    "ALTER TABLE application ALTER COLUMN note TYPE text USING note || ''",
    "ANALYZE physician, physician_version, application",
];

/// The store on a server.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pub(in crate::store) pool: PgPool,
    options: Box<PgConnectOptions>,
    wait: Duration,
    fence: Fence,
}

/// The right to write, held by a transaction of a connection of its own. It ends with the connection, so a writer
/// that crashes holds nobody up.
#[derive(Debug)]
pub struct PostgresLock {
    _connection: PgConnection,
}

impl PostgresStore {
    /// Opens the database, which must be there, and brings its schema up to date. `wait` is how long a writer waits
    /// for another one.
    pub(in crate::store) async fn open(url: &StoreUrl, wait: Duration) -> Result<Self, StoreError> {
        let unreachable = |source: sqlx::Error| encryption::unreachable(url, &source);
        encryption::check_roots(url)?;
        let options = connect_options(url).map_err(unreachable)?;
        // Without ages: see `sqlite`.
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
        let pool = pool.idle_timeout(None).max_lifetime(None);
        let mut first = PgConnection::connect_with(&options).await.map_err(unreachable)?;
        bring_up_to_date(&mut first).await?;
        first.close().await?;
        let pool = pool.connect_lazy_with(options.clone());
        Ok(Self { pool, options: Box::new(options), wait, fence: Fence::default() })
    }

    /// Opens the database without changing anything in it; `None` when no store was made in it yet. A server that does not answer
    /// within `patience` is not there.
    pub(in crate::store) async fn open_to_look(url: &StoreUrl, patience: Duration) -> Result<Option<Self>, StoreError> {
        let unreachable = |source: sqlx::Error| encryption::unreachable(url, &source);
        encryption::check_roots(url)?;
        let options = connect_options(url).map_err(unreachable)?;
        let connecting = tokio::time::timeout(patience, PgConnection::connect_with(&options)).await;
        let mut first = connecting.unwrap_or_else(|_| Err(no_answer())).map_err(unreachable)?;
        let applied = applied(&mut first).await?;
        first.close().await?;
        if applied.is_empty() {
            return Ok(None);
        }
        if !known().eq(applied.iter().cloned()) {
            let newest = known().map(|(version, _)| version).max();
            let is_newer = applied.last().map(|(version, _)| *version) > newest;
            return Err(StoreError::OtherVersion { is_newer });
        }
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(patience);
        let pool = pool.idle_timeout(None).max_lifetime(None).connect_lazy_with(options.clone());
        Ok(Some(Self { pool, options: Box::new(options), wait: patience, fence: Fence::default() }))
    }

    /// Closes all connections.
    pub(in crate::store) async fn let_go(self) {
        self.pool.close().await;
    }

    /// Writes the tables with personal columns anew, with their indexes and with what the server keeps of their values for its
    /// plans. Logs and copies of the server are its own. `false` where others read them for longer than a writer waits.
    pub(in crate::store) async fn overwrite_removed(&self) -> Result<bool, StoreError> {
        let mut connection = PgConnection::connect_with(&self.options).await?;
        let milliseconds = self.wait.as_millis().clamp(1, 1_000_000_000).to_string();
        let wait = sqlx::query("SELECT set_config('lock_timeout', $1, false)").bind(milliseconds);
        wait.execute(&mut connection).await?;
        let mut is_done = true;
        for statement in WRITTEN_ANEW {
            match sqlx::query(statement).execute(&mut connection).await {
                Ok(_) => {}
                Err(error) if is_lock_not_available(&error) => is_done = false,
                Err(error) => return Err(error.into()),
            }
        }
        connection.close().await?;
        Ok(is_done)
    }

    /// Takes the right to write, waiting for another writer on any machine.
    pub(in crate::store) async fn lock(&self) -> Result<PostgresLock, StoreError> {
        let mut connection = PgConnection::connect_with(&self.options).await?;
        sqlx::query("BEGIN").execute(&mut connection).await?;
        take_turn(&mut connection, "office", self.wait).await?;
        Ok(PostgresLock { _connection: connection })
    }

    /// Draws the next number of a writer, under which this store writes from now on.
    pub(in crate::store) async fn draw_number(&self) -> Result<WriterNumber, StoreError> {
        let mut tx = self.pool.begin().await?;
        let number = take_turn(&mut tx, "transaction", self.wait).await? + 1;
        sqlx::query("UPDATE writer SET fence = $1 WHERE scope = 'transaction'").bind(number).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(self.fence.hold(number))
    }

    /// Starts a writing transaction; dropping it undoes everything. No other one writes, or draws a number, until it ends.
    pub(in crate::store) async fn begin(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut tx = self.pool.begin().await?;
        self.fence.check(take_turn(&mut tx, "transaction", self.wait).await?)?;
        Ok(tx)
    }
}

/// Waits for a row of `writer`, holds it until the transaction ends, and returns its number.
async fn take_turn(connection: &mut PgConnection, scope: &str, wait: Duration) -> Result<i64, StoreError> {
    // The server waits for ever on zero.
    let milliseconds = wait.as_millis().clamp(1, 1_000_000_000).to_string();
    sqlx::query("SELECT set_config('lock_timeout', $1, true)").bind(milliseconds).execute(&mut *connection).await?;
    let row = sqlx::query_scalar("SELECT fence FROM writer WHERE scope = $1 FOR UPDATE").bind(scope);
    Ok(row.fetch_one(connection).await?)
}

/// Settings of every connection, so that neither the server's defaults nor those of a user change an answer.
fn connect_options(url: &StoreUrl) -> Result<PgConnectOptions, sqlx::Error> {
    let settings = [
        ("search_path", SCHEMA),
        ("timezone", "UTC"),
        ("statement_timeout", "0"),
        ("lock_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("default_transaction_isolation", "read committed"),
        ("default_transaction_read_only", "off"),
        // Statements are few and simple; compiling them costs more than they do.
        ("jit", "off"),
        // A machine that vanished lets go of its locks within a minute and a half.
        ("tcp_keepalives_idle", "30"),
        ("tcp_keepalives_interval", "10"),
        ("tcp_keepalives_count", "6"),
    ];
    // Statements of the driver are not logged: their texts are long, and slow ones are known.
    Ok(encryption::secured(PgConnectOptions::from_str(url.reveal())?)
        .application_name("kaiin")
        .options(settings)
        .disable_statement_logging())
}

/// Makes the schema and runs the migrations that are missing. Whoever may only read can open a store that is up to
/// date.
async fn bring_up_to_date(connection: &mut PgConnection) -> Result<(), StoreError> {
    for _ in 1..ATTEMPTS {
        if is_up_to_date(connection).await? {
            return Ok(());
        }
        match make_schema(connection).await {
            // Another program is making it in the same moment.
            Err(error) if error.code().is_some_and(|code| MADE_BY_ANOTHER.contains(&code.as_str())) => {
                tokio::time::sleep(BETWEEN_ATTEMPTS).await;
            }
            other => return other,
        }
    }
    make_schema(connection).await
}

/// Whether a lock was not to be had in time (lock_not_available).
fn is_lock_not_available(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == "55P03")
}

/// What the driver would say of a server that does not answer, if it gave up.
fn no_answer() -> sqlx::Error {
    sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())
}

async fn is_up_to_date(connection: &mut PgConnection) -> Result<bool, StoreError> {
    Ok(known().eq(applied(connection).await?))
}

/// The migrations of this program, each with its checksum.
fn known() -> impl Iterator<Item = (i64, Vec<u8>)> {
    MIGRATIONS.iter().map(|migration| (migration.version, migration.checksum.to_vec()))
}

/// The migrations that a database has had, each with its checksum; none where no store was made.
async fn applied(connection: &mut PgConnection) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('kaiin._sqlx_migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        return Ok(Vec::new());
    }
    let applied = sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version");
    Ok(applied.fetch_all(connection).await?)
}

async fn make_schema(connection: &mut PgConnection) -> Result<(), StoreError> {
    // Asked for first: making a schema needs a right that using one does not.
    let there: bool =
        sqlx::query_scalar("SELECT to_regnamespace('kaiin') IS NOT NULL").fetch_one(&mut *connection).await?;
    if !there {
        sqlx::query("CREATE SCHEMA IF NOT EXISTS kaiin").execute(&mut *connection).await?;
    }
    let mut migrations = Migrator { ..Migrator::DEFAULT };
    migrations.migrations = MIGRATIONS.migrations.clone();
    // Its lock would be an advisory one, which not every kin of PostgreSQL has.
    migrations.set_locking(false);
    migrations.run(connection).await?;
    Ok(())
}
