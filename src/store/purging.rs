//! Removing what was kept long enough: the record of purges, and persons of whom nothing but facts stays. The statements are those
//! of both stores.

use chrono::{DateTime, NaiveDate, Utc};

use super::chain::{before_purge, record_purge};
use super::either::on_tx;
use super::error::StoreError;
use super::facade::Store;
use super::stored::{StoredDay, StoredInstant};
use super::tables::{Column, Kind, PURGE, PURGED_FILE};
use super::tx::{Tx, lists};
use crate::domain::ids::{ImportId, PhysicianId, RegistrationNumber};
use crate::domain::purge::{Purge, PurgedFile, REMOVED_NAME, RawKind};

const PURGES: &[Column] = &[
    ("p.id", Kind::Big),
    ("p.begun_at", Kind::Instant),
    ("p.counted_from", Kind::Day),
    ("p.raw_files_days", Kind::Big),
    ("p.persons_days", Kind::Big),
    ("(SELECT count(*) FROM purged_file f WHERE f.purge_id = p.id)", Kind::Big),
    ("p.n_persons", Kind::Big),
    ("p.reason", Kind::Text),
    ("e.ended_at", Kind::Instant),
];

const FILES: &[Column] = &[
    ("purge_id", Kind::Big),
    ("kind", Kind::Text),
    ("import_id", Kind::Big),
    ("day", Kind::Day),
    ("size_bytes", Kind::Big),
    ("sha256", Kind::Text),
];

const QUIET: &[Column] = &[("p.id", Kind::Big), ("q.day", Kind::Day), ("q.is_adjusted", Kind::Int)];

const ADD: &str = "INSERT INTO purge (id, begun_at, counted_from, raw_files_days, persons_days, n_persons, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const ADD_FILE: &str = "INSERT INTO purged_file (id, purge_id, kind, import_id, day, size_bytes, sha256)
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

const END: &str = "INSERT INTO purge_end (id, purge_id, ended_at) VALUES ($1, $2, $3)";

/// Of whom nothing stands that a purge must wait for, as far as rows tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietPerson {
    /// The person.
    pub physician: PhysicianId,
    /// The last day on which anything was learnt, also that an export no longer shows the person.
    pub known_last: NaiveDate,
    /// Whether an adjustment stands that is about the person.
    pub is_adjusted: bool,
}

/// A purge before it is begun.
#[derive(Debug, Clone)]
pub struct NewPurge {
    /// When.
    pub begun_at: DateTime<Utc>,
    /// The day that the days are counted from.
    pub counted_from: NaiveDate,
    /// Setting for raw files.
    pub raw_files_days: Option<u32>,
    /// Setting for persons.
    pub persons_days: Option<u32>,
    /// Why; never empty.
    pub reason: String,
    /// Files that are to go.
    pub files: Vec<NewPurgedFile>,
    /// Persons whose personal columns go, ascending.
    pub persons: Vec<PhysicianId>,
}

/// A file before it is removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPurgedFile {
    /// What it is.
    pub kind: RawKind,
    /// What it was taken in by.
    pub import: Option<ImportId>,
    /// The day that its days are counted from.
    pub day: NaiveDate,
    /// Size.
    pub size_bytes: u64,
    /// SHA-256.
    pub sha256: String,
}

impl Store {
    /// All purges by number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn purges(&self) -> Result<Vec<Purge>, StoreError> {
        let from = "purge p LEFT JOIN purge_end e ON e.purge_id = p.id ORDER BY p.id";
        self.read(PURGE.name, PURGES, from, |row| {
            Ok(Purge {
                number: row.get()?,
                begun_at: row.get()?,
                counted_from: row.get()?,
                raw_files_days: row.get()?,
                persons_days: row.get()?,
                n_files: row.get::<i64>()?.try_into().map_err(|_| StoreError::Corrupt(PURGE.name))?,
                n_persons: row.get::<i64>()?.try_into().map_err(|_| StoreError::Corrupt(PURGE.name))?,
                reason: row.get()?,
                ended_at: row.get()?,
            })
        })
        .await
    }

    /// All files of all purges, in the order in which they were recorded.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn purged_files(&self) -> Result<Vec<PurgedFile>, StoreError> {
        self.read(PURGED_FILE.name, FILES, "purged_file ORDER BY id", |row| {
            Ok(PurgedFile {
                purge: row.get()?,
                kind: row.coded(RawKind::from_code)?,
                import: row.get::<Option<i64>>()?.map(ImportId),
                day: row.get()?,
                size_bytes: row.get::<i64>()?.try_into().map_err(|_| StoreError::Corrupt(PURGED_FILE.name))?,
                sha256: row.get()?,
            })
        })
        .await
    }

    /// Persons of whom nothing was learnt on a day or after it, whom no newest export shows and no stay of whom is without 退会日, by
    /// physician. Those of whom personal columns were removed already are none.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn quiet_persons(&self, day: NaiveDate) -> Result<Vec<QuietPerson>, StoreError> {
        let mut tx = self.look().await?;
        let day = tx.day(day);
        let from = quiet(&day);
        let mut out = Vec::new();
        tx.each_row("physician", QUIET, &from, |row| {
            let physician = PhysicianId(row.get()?);
            let known_last = row.get()?;
            out.push(QuietPerson { physician, known_last, is_adjusted: row.get::<i64>()? != 0 });
            Ok(())
        })
        .await?;
        tx.rollback().await?;
        Ok(out)
    }

    /// Records a purge with the files that are to go, and removes what names the persons, in one transaction with the entry in the
    /// chain. Returns its number.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when what is stored is not what the chain tells; [`StoreError`] when the database cannot be written.
    /// Nothing has changed then.
    pub async fn begin_purge(&self, new: &NewPurge) -> Result<i64, StoreError> {
        let mut tx = self.begin().await?;
        before_purge(&mut tx).await?;
        let number = tx.max_id("purge").await? + 1;
        add(&mut tx, number, new).await?;
        for ids in lists(new.persons.iter().map(|id| id.0)) {
            for statement in removals(&ids) {
                tx.execute(statement).await?;
            }
        }
        record_purge(&mut tx, number, !new.persons.is_empty()).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Records that nothing of a purge is left.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn end_purge(&self, number: i64, ended_at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let id = tx.max_id("purge_end").await? + 1;
        let ended_at = StoredInstant::from(ended_at);
        on_tx!(&mut tx, tx => {
            sqlx::query(END).bind(id).bind(number).bind(ended_at).execute(&mut **tx).await?;
        });
        record_purge(&mut tx, number, false).await?;
        tx.commit().await
    }

    /// Writes the database anew, so that nothing is left in its files of rows that were changed. `false` where that could not be
    /// done now, because somebody else reads an older state.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn overwrite_removed(&self) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.overwrite_removed().await,
            Self::Postgres(store) => store.overwrite_removed().await,
        }
    }
}

async fn add(tx: &mut Tx, number: i64, new: &NewPurge) -> Result<(), StoreError> {
    let (begun_at, counted_from) = (StoredInstant::from(new.begun_at), StoredDay::from(new.counted_from));
    let (raw_files, persons) = (new.raw_files_days.map(i64::from), new.persons_days.map(i64::from));
    let n_persons = i64::try_from(new.persons.len()).map_err(|_| StoreError::Corrupt(PURGE.name))?;
    let mut id = tx.max_id("purged_file").await?;
    on_tx!(tx, tx => {
        let add = sqlx::query(ADD).bind(number).bind(begun_at).bind(counted_from).bind(raw_files).bind(persons);
        add.bind(n_persons).bind(&new.reason).execute(&mut **tx).await?;
        for file in &new.files {
            id += 1;
            let size = i64::try_from(file.size_bytes).map_err(|_| StoreError::Corrupt(PURGED_FILE.name))?;
            let add = sqlx::query(ADD_FILE).bind(id).bind(number).bind(file.kind.code());
            let add = add.bind(file.import.map(|import| import.0)).bind(StoredDay::from(file.day));
            add.bind(size).bind(&file.sha256).execute(&mut **tx).await?;
        }
    });
    Ok(())
}

/// What takes everything away that names some persons. 生年月日, sex and duties stay: figures of age bands need them on every day.
fn removals(ids: &str) -> [String; 3] {
    [
        format!("UPDATE physician SET registration_number = {} + id WHERE id IN ({ids})", RegistrationNumber::REMOVED),
        format!(
            "UPDATE physician_version SET name = '{REMOVED_NAME}', kana = '', graduated = '', facility = '', digest = 0,
                 kana_digest = 0 WHERE physician_id IN ({ids})"
        ),
        format!("UPDATE application SET note = '' WHERE physician_id IN ({ids})"),
    ]
}

/// Persons `p` with what is known of them together, `q`.
fn quiet(day: &str) -> String {
    let told = ["enrolment", "application", "physician_version"].map(|table| {
        format!("SELECT physician_id, coalesce(known_until, known_from) AS day, 0 AS is_adjusted FROM {table}")
    });
    let adjusted = ["physician_id", "other_physician_id"].map(|column| {
        format!("SELECT {column}, coalesce(known_until, known_from), CASE WHEN known_until IS NULL THEN 1 ELSE 0 END FROM adjustment")
    });
    format!(
        "physician p JOIN (
             SELECT physician_id, max(day) AS day, max(is_adjusted) AS is_adjusted FROM ({}) told GROUP BY physician_id
         ) q ON q.physician_id = p.id
         WHERE p.registration_number <= {} AND q.day < {day}
             AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.physician_id = p.id AND e.known_until IS NULL
                 AND (e.rows_shown > 0 OR e.left_on IS NULL))
             AND NOT EXISTS (SELECT 1 FROM application a WHERE a.physician_id = p.id AND a.known_until IS NULL
                 AND a.effective_on >= {day})
         ORDER BY p.id",
        [&told[..], &adjusted[..]].concat().join(" UNION ALL "),
        RegistrationNumber::REMOVED,
    )
}
