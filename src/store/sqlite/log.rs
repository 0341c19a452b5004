//! The log beside the file (`-wal`), and whether it belongs to the file.
//!
//! SQLite checks the frames of a log among themselves and never against the file: when a file is put back from a backup and
//! the log of the other one is left beside it, the pages of the log are read into it, which gives figures of neither file or
//! a damaged one; and the log beside a file that is missing or empty may be all that is left of a store. So every writing
//! transaction sets a mark in a table of its own that names the mark before it. A log is ours when the file carries the mark
//! that its first transaction found, or, where some of the log was brought into the file already, one that the log itself has
//! set. A log that a killed program has left passes this, and SQLite recovers it.

use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::input;
use crate::store::StoreError;

/// What a mark begins with; see the migration.
const MARK: &[u8] = b"kaiin-mark ";

/// Digits of a mark, and of the one before it.
const DIGITS: usize = 32;

/// What stands for the mark before the first one.
const NONE: [u8; DIGITS] = [b'0'; DIGITS];

/// Sizes in a log: its head, and the head of a frame (<https://www.sqlite.org/fileformat2.html#walformat>).
pub(super) const HEAD: usize = 32;
pub(super) const FRAME_HEAD: usize = 24;

/// How often a log is looked at again: another program may be bringing it into the file this moment.
pub(super) const ATTEMPTS: u32 = 20;
pub(super) const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(25);

/// Sets the next mark.
pub(super) const NEXT_MARK: &str = "UPDATE store_mark
     SET mark = 'kaiin-mark ' || lower(hex(randomblob(16))) || ' ' || substr(mark, 12, 32)";

/// A mark and the one before it.
type Marks = ([u8; DIGITS], [u8; DIGITS]);

/// Path of the log beside a file.
pub(super) fn path_of(file: &Path) -> PathBuf {
    let mut beside = file.as_os_str().to_os_string();
    beside.push("-wal");
    PathBuf::from(beside)
}

/// Whether there is a log with anything in it.
pub(super) fn has_content(file: &Path) -> bool {
    std::fs::metadata(path_of(file)).is_ok_and(|log| log.len() > HEAD as u64)
}

/// Refuses a file beside which lies the log of another one. Nothing is changed.
///
/// # Errors
/// [`StoreError::LogWithoutFile`] when the file is missing or empty; [`StoreError::OtherLog`] when it is another one.
pub(in crate::store) async fn check(file: &Path) -> Result<(), StoreError> {
    for _ in 1..ATTEMPTS {
        if !has_content(file) || belongs(file).await? {
            return Ok(());
        }
        tokio::time::sleep(BETWEEN_ATTEMPTS).await;
    }
    let place = path_of(file).display().to_string();
    if std::fs::metadata(file).map_or(0, |file| file.len()) == 0 {
        return Err(StoreError::LogWithoutFile(place));
    }
    Err(StoreError::OtherLog(place))
}

/// A file or log that cannot be read, or is none, is left to SQLite, which says so.
async fn belongs(file: &Path) -> Result<bool, StoreError> {
    if std::fs::metadata(file).map_or(0, |file| file.len()) == 0 {
        return Ok(false);
    }
    let Ok(of_file) = mark_of_file(file).await else { return Ok(true) };
    let Ok(log) = input::open(&path_of(file)) else { return Ok(true) };
    Ok(is_of(BufReader::new(log), of_file).unwrap_or(true))
}

/// The mark in the file alone, and the page that it stands on; `None` in a file of an older program.
async fn mark_of_file(file: &Path) -> Result<Option<(u32, [u8; DIGITS])>, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let page: Option<u32> = sqlx::query_scalar("SELECT rootpage FROM sqlite_schema WHERE name = 'store_mark'")
        .fetch_optional(&mut connection)
        .await?;
    let found = match page {
        Some(page) => {
            let mark: String =
                sqlx::query_scalar("SELECT substr(mark, 12, 32) FROM store_mark").fetch_one(&mut connection).await?;
            mark.as_bytes().try_into().ok().map(|mark| (page, mark))
        }
        None => None,
    };
    connection.close().await?;
    Ok(found)
}

/// Whether a log belongs to a file with this mark. One without any mark is of an older program, which set none.
fn is_of(mut log: impl Read + Seek, of_file: Option<(u32, [u8; DIGITS])>) -> std::io::Result<bool> {
    let mut head = [0; HEAD];
    log.read_exact(&mut head)?;
    let page_size = match u32::from_be_bytes([head[8], head[9], head[10], head[11]]) {
        1 => 65_536,
        size => i64::from(size),
    };
    let mut page = vec![0; usize::try_from(page_size).unwrap_or_default()];
    let mut is_first = true;
    loop {
        let mut frame = [0; FRAME_HEAD];
        // The end, or what was cut off there.
        if log.read_exact(&mut frame).is_err() || frame[8..16] != head[16..24] {
            return Ok(is_first);
        }
        let number = u32::from_be_bytes([frame[0], frame[1], frame[2], frame[3]]);
        if of_file.is_some_and(|(page, _)| page != number) {
            log.seek(SeekFrom::Current(page_size))?;
            continue;
        }
        if log.read_exact(&mut page).is_err() {
            return Ok(is_first);
        }
        let Some((mark, before)) = marks_in(&page) else { continue };
        let is_ours = match of_file {
            Some((_, of_file)) => mark == of_file || (is_first && before == of_file),
            // The log brings the table of marks along.
            None => before == NONE,
        };
        if is_ours {
            return Ok(true);
        }
        is_first = false;
    }
}

/// The marks in a page that is a leaf of a table, in its first cell: what lies before it in the page is no longer in use.
fn marks_in(page: &[u8]) -> Option<Marks> {
    const LEAF: u8 = 0x0d;
    if *page.first()? != LEAF {
        return None;
    }
    let cell = usize::from(u16::from_be_bytes([*page.get(8)?, *page.get(9)?]));
    let cell = page.get(cell..)?;
    // A cell of a mark begins with a few bytes about itself.
    let at = cell.windows(MARK.len()).take(16).position(|bytes| bytes == MARK)? + MARK.len();
    let mark = cell.get(at..at + DIGITS)?.try_into().ok()?;
    let before = cell.get(at + DIGITS + 1..at + 2 * DIGITS + 1)?.try_into().ok()?;
    Some((mark, before))
}
