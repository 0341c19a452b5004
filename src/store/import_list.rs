//! The files that were taken in; the statement is that of both stores.

use sqlx::FromRow;

use super::codes::{count, kind_from};
use super::either::each_store;
use super::error::StoreError;
use super::facade::Store;
use super::facts::ImportRecord;
use super::stored::{StoredDay, StoredInstant};
use super::taking_back::TakenBack;
use crate::domain::ids::{ImportId, SourceId};

const IMPORTS: &str = "SELECT i.id, i.source_id, s.kind, s.name AS source_name, i.known_on, i.file_name, i.sha256,
            i.definitions_sha256, i.ended_rows_kept_days, i.n_rows, i.n_rejected, i.n_rejected_active,
            i.head, i.replaced_by, i.imported_at, t.id AS taken_back, t.follows, t.reason, t.taken_back_at,
            t.head AS head_without
     FROM import i JOIN source s ON s.id = i.source_id
     LEFT JOIN import_taken_back t ON t.import_id = i.id ORDER BY i.id";

#[derive(FromRow)]
struct ImportRow {
    id: i64,
    source_id: i32,
    kind: String,
    source_name: String,
    known_on: StoredDay,
    file_name: String,
    sha256: String,
    definitions_sha256: String,
    ended_rows_kept_days: i64,
    n_rows: i64,
    n_rejected: i64,
    n_rejected_active: i64,
    head: String,
    replaced_by: Option<i64>,
    imported_at: StoredInstant,
    taken_back: Option<i64>,
    follows: Option<i64>,
    reason: Option<String>,
    taken_back_at: Option<StoredInstant>,
    head_without: Option<String>,
}

impl TryFrom<ImportRow> for ImportRecord {
    type Error = StoreError;

    fn try_from(row: ImportRow) -> Result<Self, StoreError> {
        let taken_back = match (row.taken_back, row.follows, row.reason, row.taken_back_at, row.head_without) {
            (Some(nth), Some(follows), Some(reason), Some(at), Some(head)) => {
                Some(TakenBack { nth, follows: ImportId(follows), reason, taken_back_at: at.get()?, head })
            }
            _ => None,
        };
        Ok(Self {
            id: ImportId(row.id),
            source: SourceId(row.source_id),
            kind: kind_from(&row.kind)?,
            source_name: row.source_name,
            known_on: row.known_on.get()?,
            file_name: row.file_name,
            sha256: row.sha256,
            definitions_sha256: row.definitions_sha256,
            ended_rows_kept_days: count(row.ended_rows_kept_days)?,
            n_rows: count(row.n_rows)?,
            n_rejected: count(row.n_rejected)?,
            n_rejected_active: count(row.n_rejected_active)?,
            head: row.head,
            imported_at: row.imported_at.get()?,
            replaced: row.replaced_by.is_some(),
            taken_back,
        })
    }
}

impl Store {
    /// All imports in the order in which they were made, replaced ones included.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn imports(&self) -> Result<Vec<ImportRecord>, StoreError> {
        let rows: Vec<ImportRow> = each_store!(self, store => sqlx::query_as(IMPORTS).fetch_all(&store.pool).await?);
        rows.into_iter().map(TryInto::try_into).collect()
    }
}
