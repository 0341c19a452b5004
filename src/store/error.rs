//! Why the store could not do what was asked.

use std::path::Path;

use sqlx::migrate::MigrateError;

/// Why the store could not do what was asked. Nothing half-written stays behind.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database reports a problem (disk full, damaged file, no permission …).
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
    /// The server cannot be reached, or does not let us in. The text names it without its password.
    #[error("{place}")]
    Unreachable {
        /// The address, and what the driver says.
        place: String,
        /// Why.
        cause: Unreached,
    },
    /// The server was there and is not any more: it was stopped, or the way to it broke.
    #[error("connection to the database lost: {0}")]
    Disconnected(String),
    /// Another writer has held the right to write for as long as we may wait.
    #[error("another writer is at work")]
    Busy,
    /// The store has another head than the import was worked out against: somebody wrote in between, although the right to
    /// write was held. A server lets go of it when the connection that holds it breaks.
    #[error("another import was stored meanwhile")]
    Overtaken,
    /// The right to write was lost and somebody else has taken it: their number is the newer one.
    #[error("another writer has taken over")]
    LockLost,
    /// An import of an older version cannot be taken back: it took the place of another file of its day, and which rows
    /// stood before it was not noted then.
    #[error("the import took the place of another file before this could be undone")]
    NotNoted,
    /// The log beside the file is that of another file, or of another state of it.
    #[error("{0} belongs to another file")]
    OtherLog(String),
    /// There is a log, and the file that it belongs to is missing or empty.
    #[error("{0} lies beside no store")]
    LogWithoutFile(String),
    /// The facts are not those that the chain tells of.
    #[error("the facts are not those that were stored")]
    Damaged,
    /// The store may not be written.
    #[error("no right to write {0}")]
    ReadOnly(String),
    /// The store, which may only be read, has the schema of another version; `true` when that one is newer.
    #[error("the schema belongs to another version")]
    OtherVersion {
        /// Whether the store is newer than the program.
        is_newer: bool,
    },
    /// The schema could not be brought up to date.
    #[error("database schema: {0}")]
    Migration(#[from] MigrateError),
    /// A stored value is outside its range: the file was changed by something else.
    #[error("stored value out of range: {0}")]
    Corrupt(&'static str),
}

/// Why a server does not let us in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// Nobody answers, or the server refuses whoever asks.
    Other,
    /// It does not encrypt.
    NoTls,
    /// It lets nobody in who does not encrypt.
    OnlyTls,
    /// Nobody whom we trust has signed its certificate.
    UnknownIssuer,
    /// Its certificate is that of another name.
    OtherName,
    /// Its certificate is not valid yet, or not any more; or the clock of this machine is wrong.
    OutOfDate,
    /// The file with the certificates to be trusted cannot be read, or holds none.
    NoRoots,
    /// Encrypting failed for another reason.
    Tls,
}

/// The server gave up waiting for a lock.
const LOCK_NOT_AVAILABLE: &str = "55P03";

/// The server has no room.
const DISK_FULL: &str = "53100";

/// The server is being stopped, was stopped, or is not ready yet; or somebody ended the connection.
const GONE: [&str; 6] = ["57P01", "57P02", "57P03", "57P05", "08006", "08003"];

/// The server undid a transaction because of another one: could not serialise, deadlock.
const CONFLICTS: [&str; 2] = ["40001", "40P01"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        match code.as_deref() {
            Some(LOCK_NOT_AVAILABLE) => Self::Busy,
            Some(code) if GONE.contains(&code) => Self::Disconnected(error.to_string()),
            // The embedded store has no connection that could break: it reports a code of its own.
            None if matches!(error, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Tls(_)) => {
                Self::Disconnected(error.to_string())
            }
            _ => Self::Database(error),
        }
    }
}

impl StoreError {
    /// Whether the disk or the file system is the cause.
    pub fn is_disk_full(&self) -> bool {
        let text = self.to_string();
        self.code().is_some_and(|code| code == DISK_FULL)
            || text.contains("disk is full")
            || text.contains("(code: 13)")
            || text.contains("disk I/O error")
    }

    /// Whether the embedded database says of its file that it is damaged, or none of its files.
    pub fn is_damage(&self) -> bool {
        // SQLITE_CORRUPT with all its extended codes, and SQLITE_NOTADB. Those of a server have five characters.
        let number = self.code().filter(|code| code.len() < 5).and_then(|code| code.parse::<u32>().ok());
        number.is_some_and(|number| matches!(number & 0xff, 11 | 26))
    }

    /// Whether the embedded database stopped because it was told to.
    pub(super) fn is_interrupted(&self) -> bool {
        // SQLITE_INTERRUPT.
        self.code().is_some_and(|code| code == "9")
    }

    /// Whether the server undid the transaction in favour of another one: the same once more may succeed.
    pub fn is_conflict(&self) -> bool {
        self.code().is_some_and(|code| CONFLICTS.contains(&code.as_str()))
    }

    /// Whether the file system does not let us write, or open for writing.
    pub(super) fn is_no_permission(&self) -> bool {
        // SQLITE_READONLY and SQLITE_CANTOPEN with all their extended codes.
        let number = self.code().and_then(|code| code.parse::<u32>().ok());
        number.is_some_and(|number| matches!(number & 0xff, 8 | 14))
    }

    /// The same of a file, whose place is named where it may not be written or opened.
    pub(super) fn at(self, path: &Path) -> Self {
        if self.is_no_permission() { Self::ReadOnly(path.display().to_string()) } else { self }
    }

    /// Whether the store was written by a newer version of the program.
    pub fn is_of_newer_version(&self) -> bool {
        match self {
            Self::OtherVersion { is_newer } => *is_newer,
            // A newer version has migrations that this one has never heard of.
            Self::Migration(MigrateError::VersionMissing(_)) => true,
            _ => false,
        }
    }

    pub(super) fn code(&self) -> Option<String> {
        let error = match self {
            Self::Database(error) | Self::Migration(MigrateError::Execute(error)) => error,
            Self::Migration(MigrateError::ExecuteMigration(error, _)) => error,
            _ => return None,
        };
        error.as_database_error()?.code().map(Into::into)
    }
}
