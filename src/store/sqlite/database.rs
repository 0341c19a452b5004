//! The file: opened, looked over, settled, closed, and its writing transactions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Sqlite, Transaction};

use super::file_bytes::FileBytes;
use super::{log, log_damage};
use crate::store::error::StoreError;
use crate::store::facts::ImportRecord;
use crate::store::fence::{Fence, WriterNumber};

/// Rows fetched ahead of the reader; each hand-over between threads costs more than the rows in it.
const ROWS_AHEAD: usize = 16_384;

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long whoever brings the log into the file waits for readers.
const A_MOMENT: Duration = Duration::from_secs(1);

/// How many steps SQLite makes before it is asked whether to go on: far less than a moment.
const OPERATIONS_BETWEEN_LOOKS: i32 = 1_000;

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/sqlite/migrations");

/// The embedded store.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pub(in crate::store) pool: SqlitePool,
    /// Where the file is; nowhere for a store in memory.
    path: PathBuf,
    /// The file, where it may only be read.
    only_read: Option<OnlyRead>,
    /// Whether the log beside the file was damaged when it was opened.
    has_damaged_log: bool,
    fence: Fence,
    /// The file as bytes.
    bytes: Arc<FileBytes>,
    /// All imports as they were read last from a file that may only be read.
    pub(in crate::store) kept_imports: Arc<KeptImports>,
}

/// Imports, and the state of the file in which they stood.
type KeptImports = Mutex<Option<(FileState, Arc<Vec<ImportRecord>>)>>;

/// What is another one as soon as somebody else has stored something: a number of the connection, and file and log with it, so that it
/// is no other connection's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct FileState {
    version: i64,
    file: Option<(u64, SystemTime)>,
    log: Option<(u64, SystemTime)>,
}

/// A file that may only be read, as it was when it was opened.
#[derive(Debug, Clone)]
struct OnlyRead {
    path: PathBuf,
    seen: Option<(u64, SystemTime)>,
    /// Whether it was opened as one that nobody writes, so that a log beside it is not read.
    without_log: bool,
}

impl SqliteStore {
    /// Opens the file, making it when it is not there, and brings its schema up to date.
    pub(in crate::store) async fn open(path: &Path) -> Result<Self, StoreError> {
        match Self::open_to_write(path).await {
            Err(error) if error.is_no_permission() && path.exists() => Self::open_to_read(path).await,
            other => other,
        }
        .map_err(|error| error.at(path))
    }

    async fn open_to_write(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Normal is durable against a crash of the program; FULL also against a crash of the machine.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            .row_buffer_size(ROWS_AHEAD);
        log::check(path).await?;
        let bytes = FileBytes::of(path);
        let has_damaged_log = log_damage::is_damaged(path, &bytes).await;
        let had_log = log::has_content(path);
        let pool = one_connection().connect_with(options).await?;
        MIGRATIONS.run(&pool).await?;
        // One that was not there before has bytes by now.
        let bytes = if bytes.is_there() { bytes } else { FileBytes::of(path) };
        let store = Self { has_damaged_log, ..Self::over(pool, path, bytes) };
        if !had_log && log::has_content(path) {
            // Migrations set no marks.
            store.settle().await?;
        }
        Ok(store)
    }

    /// Opens a file that is not to be written, or may not be. Nothing but questions can be asked of it.
    pub(in crate::store) async fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        log::check(path).await?;
        let bytes = FileBytes::of(path);
        let has_damaged_log = log_damage::is_damaged(path, &bytes).await;
        let without_log = !log::path_of(path).exists();
        let options = SqliteConnectOptions::new()
            .filename(path)
            .read_only(true)
            // Who looks asks again and again: the default of 2 MB would be read from the file each time.
            .pragma("cache_size", "-16384")
            // Without a log beside it nobody is writing; then SQLite need not make files in a folder that it may not
            // write. That nobody has begun meanwhile is asked by `is_as_opened`.
            .immutable(without_log)
            .busy_timeout(PATIENCE)
            .row_buffer_size(ROWS_AHEAD);
        let only_read = OnlyRead { path: path.to_path_buf(), seen: seen(path), without_log };
        let pool = one_connection().connect_with(options).await?;
        let of_store: Option<i64> =
            sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success").fetch_one(&pool).await?;
        let of_program = Self::newest_schema();
        if of_store != Some(of_program) {
            return Err(StoreError::OtherVersion { is_newer: of_store > Some(of_program) });
        }
        Ok(Self { only_read: Some(only_read), has_damaged_log, ..Self::over(pool, path, bytes) })
    }

    fn over(pool: SqlitePool, path: &Path, bytes: FileBytes) -> Self {
        let (fence, bytes) = (Fence::default(), Arc::new(bytes));
        let kept_imports = Arc::default();
        Self { pool, path: path.to_path_buf(), only_read: None, has_damaged_log: false, fence, bytes, kept_imports }
    }

    /// An empty store in memory.
    pub(in crate::store) async fn nowhere() -> Result<Self, StoreError> {
        let pool = one_connection().connect_with(SqliteConnectOptions::new().in_memory(true)).await?;
        MIGRATIONS.run(&pool).await?;
        let nowhere = Path::new("");
        Ok(Self::over(pool, nowhere, FileBytes::of(nowhere)))
    }

    /// Refuses a store that may only be read. Asked under the lock of the writer: SQLite opens a file that may only be read
    /// like any other, and says so at the first statement that writes, whether or not it finds a row.
    pub(in crate::store) async fn check_writable(&self) -> Result<(), StoreError> {
        if self.only_read.is_some() {
            return Err(StoreError::ReadOnly(self.path.display().to_string()));
        }
        let tried = sqlx::query("UPDATE store_identity SET identity = identity WHERE 0").execute(&self.pool).await;
        tried.map(|_| ()).map_err(|error| StoreError::from(error).at(&self.path))
    }

    /// The log beside the file, where it was damaged when the file was opened: what was stored last may be lost.
    pub(in crate::store) fn damaged_log(&self) -> Option<PathBuf> {
        self.has_damaged_log.then(|| log::path_of(&self.path))
    }

    /// Whether a file that is only read is still the one that was opened.
    pub(in crate::store) fn is_as_opened(&self) -> bool {
        self.only_read.as_ref().is_none_or(|file| seen(&file.path) == file.seen)
    }

    /// Whether one that is opened now would find nothing else. One that may write always sees what was stored last.
    pub(in crate::store) fn is_current(&self) -> bool {
        let reads_all = |file: &OnlyRead| !(file.without_log && log::path_of(&file.path).exists());
        self.is_as_opened() && self.only_read.as_ref().is_none_or(reads_all)
    }

    /// The file, where all that is stored stands in it: none while something stands in the log, and for a store in memory.
    pub(in crate::store) fn bytes(&self) -> Option<&Mutex<File>> {
        if self.path.as_os_str().is_empty() || log::has_content(&self.path) {
            return None;
        }
        self.bytes.file()
    }

    /// A number that is another one as soon as somebody else has stored something.
    pub(in crate::store) async fn version_of_others(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("PRAGMA data_version").fetch_one(&self.pool).await?)
    }

    /// The state of a file that may only be read; `None` for one that this program may write.
    pub(in crate::store) async fn state(&self) -> Result<Option<FileState>, StoreError> {
        let Some(only_read) = &self.only_read else { return Ok(None) };
        let log = seen(&log::path_of(&only_read.path));
        Ok(Some(FileState { version: self.version_of_others().await?, file: seen(&only_read.path), log }))
    }

    /// Brings the log beside the file into the file, as far as nobody reads an older state.
    pub(in crate::store) async fn settle(&self) -> Result<(), StoreError> {
        if self.only_read.is_some() {
            return Ok(());
        }
        let mut connection = self.pool.acquire().await?;
        // Whoever reads an older state may do so for long, and the next one who closes settles as well.
        let [short, long] = [A_MOMENT, PATIENCE].map(|time| format!("PRAGMA busy_timeout = {}", time.as_millis()));
        sqlx::query(AssertSqlSafe(short)).execute(&mut *connection).await?;
        let settled = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await;
        sqlx::query(AssertSqlSafe(long)).execute(&mut *connection).await?;
        // A file that may only be read has no log of ours.
        settled
            .map(drop)
            .map_err(StoreError::from)
            .or_else(|error| if error.is_no_permission() { Ok(()) } else { Err(error) })
    }

    /// Writes the whole file anew and empties the log, so that no page holds a row as it was before it was changed. `false` where
    /// somebody reads an older state, which the log must keep meanwhile.
    pub(in crate::store) async fn overwrite_removed(&self) -> Result<bool, StoreError> {
        // What was stored goes into the file under its mark first; VACUUM sets none.
        self.settle().await?;
        if log::has_content(&self.path) {
            return Ok(false);
        }
        sqlx::query("VACUUM").execute(&self.pool).await?;
        self.settle().await?;
        Ok(!log::has_content(&self.path))
    }

    /// Writes all that is stored into a file that is empty or not there, as it stands after the last transaction.
    pub(in crate::store) async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let place = path.to_str().ok_or(StoreError::Corrupt("name of a file"))?;
        sqlx::query("VACUUM INTO ?").bind(place).execute(&self.pool).await?;
        Ok(())
    }

    /// Number of the newest schema that this program knows.
    pub(in crate::store) fn newest_schema() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
    }

    /// What SQLite finds wrong in the file, and what of its schema is not as this program makes it.
    pub(in crate::store) async fn integrity(&self) -> Result<Vec<String>, StoreError> {
        let found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(20)").fetch_all(&self.pool).await?;
        let keys: Vec<(String, Option<i64>, String, i64)> =
            sqlx::query_as("PRAGMA foreign_key_check").fetch_all(&self.pool).await?;
        let keys = keys.into_iter().take(20).map(|(table, row, above, _)| {
            format!("row {} of {table} names no row of {above}", row.unwrap_or_default())
        });
        let found: Vec<String> = found.into_iter().filter(|line| line != "ok").chain(keys).collect();
        // Statements in a damaged file may be read as others; what the database says of it goes first.
        if found.is_empty() { self.schema_faults().await } else { Ok(found) }
    }

    /// What SQLite finds wrong in the file without comparing indexes with their tables; `None` when the time was over before
    /// it came to an end.
    pub(in crate::store) async fn quick_check(&self, limit: Duration) -> Result<Option<Vec<String>>, StoreError> {
        let end = Instant::now() + limit;
        let mut connection = self.pool.acquire().await?;
        connection.lock_handle().await?.set_progress_handler(OPERATIONS_BETWEEN_LOOKS, move || Instant::now() < end);
        let found = sqlx::query_scalar("PRAGMA quick_check(20)").fetch_all(&mut *connection).await;
        connection.lock_handle().await?.remove_progress_handler();
        match found.map_err(StoreError::from) {
            Ok(lines) => Ok(Some(lines.into_iter().filter(|line| line != "ok").collect())),
            Err(error) if error.is_interrupted() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Tables and indexes that are not as this program makes them, by name.
    async fn schema_faults(&self) -> Result<Vec<String>, StoreError> {
        let made = Self::nowhere().await?;
        let (here, made) = (self.schema().await?, made.schema().await?);
        let names: BTreeSet<&String> = here.keys().chain(made.keys()).collect();
        let differing = names.into_iter().filter(|name| here.get(*name) != made.get(*name));
        Ok(differing.map(|name| format!("schema of {name}")).collect())
    }

    /// The statements that made tables and indexes, by name, without those of SQLite and of the driver.
    async fn schema(&self) -> Result<BTreeMap<String, String>, StoreError> {
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT name, type || ' ' || tbl_name || ' ' || sql FROM sqlite_schema
             WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_' AND substr(name, 1, 5) <> '_sqlx'",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.into_iter().collect())
    }

    /// Closes the file as it is.
    pub(in crate::store) async fn let_go(self) {
        self.pool.close().await;
    }

    /// Draws the next number of a writer, under which this store writes from now on.
    pub(in crate::store) async fn draw_number(&self) -> Result<WriterNumber, StoreError> {
        let mut tx = self.begin_marked().await?;
        let number =
            sqlx::query_scalar("UPDATE writer SET fence = fence + 1 RETURNING fence").fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(self.fence.hold(number))
    }

    /// Starts a writing transaction; dropping it undoes everything.
    pub(in crate::store) async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let mut tx = self.begin_marked().await?;
        if self.fence.is_held() {
            self.fence.check(sqlx::query_scalar("SELECT fence FROM writer").fetch_one(&mut *tx).await?)?;
        }
        Ok(tx)
    }

    /// Starts a writing transaction whoever writes. All writing begins here: the mark that it sets is what tells our log from
    /// another one.
    async fn begin_marked(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let mut tx = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(log::NEXT_MARK).execute(&mut *tx).await?;
        Ok(tx)
    }
}

/// Without ages the pool starts no task that looks after them: in sqlx 0.9.0 that task runs for ever when it reads the
/// number of idle connections while one is given back (`num_idle` falls below zero).
fn one_connection() -> SqlitePoolOptions {
    SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None)
}

/// Size and time of a file.
fn seen(path: &Path) -> Option<(u64, SystemTime)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}
