//! The record of a file that is taken in or taken back: sources, imports, and rows that were not taken in.

use chrono::NaiveDate;

use super::cells::cells;
use super::chain::{self, Appended};
use super::either::on_tx;
use super::error::StoreError;
use super::facade::Store;
use super::facts::{EMPTY_HEAD, NewImport};
use super::stored::{StoredDay, StoredInstant};
use super::tables::ROW_PROBLEM;
use super::taking_back::{HEAD, TakingBack, UNNOTED_COPIES, statements};
use super::tx::Tx;
use crate::domain::ids::{ImportId, SourceId};
use crate::domain::layout::FileKind;
use crate::domain::problem::RowProblem;

const NEW_SOURCE: &str = "INSERT INTO source (id, kind, name)
     SELECT coalesce((SELECT max(id) FROM source), 0) + 1, $1, $2
     WHERE NOT EXISTS (SELECT 1 FROM source WHERE kind = $1 AND name = $2)";

const SOURCE: &str = "SELECT id FROM source WHERE kind = $1 AND name = $2";

const IMPORT: &str = "INSERT INTO import (id, source_id, known_on, file_name, sha256, size_bytes, encoding, layout,
         definitions_sha256, ended_rows_kept_days, imported_at, n_rows, n_rejected, n_rejected_active,
         accepted_drop_reason, head)
     SELECT coalesce((SELECT max(id) FROM import), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
         $14, $15 RETURNING id";

const REPLACE: &str = "UPDATE import SET replaced_by = $1
     WHERE source_id = $2 AND known_on = $3 AND id <> $1 AND replaced_by IS NULL
         AND id NOT IN (SELECT t.import_id FROM import_taken_back t) RETURNING id";

const TAKE_BACK: &str = "INSERT INTO import_taken_back (id, import_id, follows, reason, taken_back_at, head)
     SELECT (SELECT coalesce(max(t.id), 0) + 1 FROM import_taken_back t), $1,
         (SELECT max(i.id) FROM import i), $2, $3, $4";

impl Store {
    /// Takes an import back (R25). Whether it may be is asked before.
    ///
    /// # Errors
    /// [`StoreError::NotNoted`] for an import of an older version that took the place of another file; [`StoreError`] when
    /// the database cannot be written. Nothing is changed then.
    pub async fn take_back(&self, taking: &TakingBack) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        check_head(&mut tx, &taking.follows).await?;
        let import = taking.import.0;
        let copies: i64 =
            on_tx!(&mut tx, tx => sqlx::query_scalar(UNNOTED_COPIES).bind(import).fetch_one(&mut **tx).await?);
        if copies > 0 {
            return Err(StoreError::NotNoted);
        }
        chain::before_taking_back(&mut tx).await?;
        for statement in statements(taking.import) {
            tx.execute(statement).await?;
        }
        let taken_back_at = StoredInstant::from(taking.taken_back_at);
        on_tx!(&mut tx, tx => {
            let insert = sqlx::query(TAKE_BACK).bind(import).bind(&taking.reason).bind(taken_back_at).bind(&taking.head);
            insert.execute(&mut **tx).await?;
        });
        chain::record_taking_back(&mut tx, import).await?;
        tx.commit().await
    }
}

/// Refuses to write to a store that has another head.
pub(super) async fn check_head(tx: &mut Tx, expected: &str) -> Result<(), StoreError> {
    let head: Option<String> = on_tx!(tx, tx => sqlx::query_scalar(HEAD).fetch_optional(&mut **tx).await?);
    if head.as_deref().unwrap_or(EMPTY_HEAD) == expected { Ok(()) } else { Err(StoreError::Overtaken) }
}

/// Stores the record of a file with its rejects and warnings, unless it was worked out against another head.
pub(super) async fn insert_import(
    tx: &mut Tx,
    import: &NewImport,
    appended: &mut Appended,
) -> Result<(ImportId, SourceId), StoreError> {
    if let Some(follows) = &import.follows {
        check_head(tx, follows).await?;
    }
    let source = source_id(tx, import.kind, &import.source_name).await?;
    let size = i64::try_from(import.size_bytes).map_err(|_| StoreError::Corrupt("size"))?;
    let (known_on, imported_at) = (StoredDay::from(import.known_on), StoredInstant::from(import.imported_at));
    let id = on_tx!(&mut *tx, tx => {
        let insert = sqlx::query_scalar(IMPORT).bind(source.0).bind(known_on).bind(&import.file_name);
        let insert = insert.bind(&import.sha256).bind(size).bind(&import.encoding).bind(&import.layout);
        let insert = insert.bind(&import.definitions_sha256).bind(i64::from(import.ended_rows_kept_days));
        let insert = insert.bind(imported_at).bind(i64::from(import.n_rows)).bind(i64::from(import.n_rejected));
        let insert = insert.bind(i64::from(import.n_rejected_active)).bind(&import.accepted_drop_reason);
        insert.bind(&import.head).fetch_one(&mut **tx).await?
    });
    insert_problems(tx, ImportId(id), &import.problems, appended).await?;
    Ok((ImportId(id), source))
}

/// Finds or makes a source.
async fn source_id(tx: &mut Tx, kind: FileKind, name: &str) -> Result<SourceId, StoreError> {
    let id = on_tx!(tx, tx => {
        sqlx::query(NEW_SOURCE).bind(kind.code()).bind(name).execute(&mut **tx).await?;
        sqlx::query_scalar(SOURCE).bind(kind.code()).bind(name).fetch_one(&mut **tx).await?
    });
    Ok(SourceId(id))
}

async fn insert_problems(
    tx: &mut Tx,
    import: ImportId,
    problems: &[RowProblem],
    appended: &mut Appended,
) -> Result<(), StoreError> {
    let mut id = tx.max_id(ROW_PROBLEM.name).await?;
    let row = |problem: &RowProblem| {
        id += 1;
        let RowProblem { row, column, heading, problem, active, .. } = problem;
        cells![id, import.0, *row, &**column, &**heading, problem.code(), *active]
    };
    tx.append_rows(&ROW_PROBLEM, problems, appended, row).await
}

/// Marks the imports of one source and day, other than `by`, as replaced, and returns them, ascending.
pub(super) async fn replace_same_day(
    tx: &mut Tx,
    source: SourceId,
    known_on: NaiveDate,
    by: ImportId,
) -> Result<Vec<ImportId>, StoreError> {
    let day = StoredDay::from(known_on);
    let mut ids: Vec<i64> = on_tx!(tx, tx => {
        sqlx::query_scalar(REPLACE).bind(by.0).bind(source.0).bind(day).fetch_all(&mut **tx).await?
    });
    ids.sort_unstable();
    Ok(ids.into_iter().map(ImportId).collect())
}
