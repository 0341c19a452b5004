//! Sources, imports and the rows that were not taken in.

use chrono::NaiveDate;
use sqlx::{Postgres, Transaction};

use super::bulk::copy_in;
use super::database::PostgresStore;
use crate::domain::ids::{ImportId, SourceId};
use crate::domain::layout::FileKind;
use crate::domain::problem::RowProblem;
use crate::store::chain::{self, Tx};
use crate::store::taking_back::{HEAD, STATEMENTS, TakingBack, UNNOTED_COPIES};
use crate::store::{EMPTY_HEAD, NewImport, StoreError};

impl PostgresStore {
    /// Takes an import back. Whether it may be is asked before.
    ///
    /// # Errors
    /// [`StoreError::NotNoted`] for an import of an older version that took the place of another file; [`StoreError`] when
    /// the database cannot be written. Nothing is changed then.
    pub async fn take_back(&self, taking: &TakingBack) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        check_head_is(&mut tx, &taking.follows).await?;
        let import = taking.import.0;
        let copies: i64 = sqlx::query_scalar(UNNOTED_COPIES).bind(import).fetch_one(&mut *tx).await?;
        if copies > 0 {
            return Err(StoreError::NotNoted);
        }
        chain::before_taking_back(&mut Tx::Postgres(&mut tx)).await?;
        for statement in STATEMENTS {
            sqlx::query(statement).bind(import).execute(&mut *tx).await?;
        }
        sqlx::query(
            "INSERT INTO import_taken_back (id, import_id, follows, reason, taken_back_at, head)
             SELECT (SELECT coalesce(max(t.id), 0) + 1 FROM import_taken_back t), $1,
                 (SELECT max(i.id) FROM import i), $2, $3, $4",
        )
        .bind(import)
        .bind(&taking.reason)
        .bind(taking.taken_back_at)
        .bind(&taking.head)
        .execute(&mut *tx)
        .await?;
        chain::record_taking_back(&mut Tx::Postgres(&mut tx), import).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Finds or makes a source.
async fn source_id(
    tx: &mut Transaction<'static, Postgres>,
    kind: FileKind,
    name: &str,
) -> Result<SourceId, StoreError> {
    sqlx::query(
        "INSERT INTO source (id, kind, name)
         SELECT coalesce((SELECT max(id) FROM source), 0) + 1, $1, $2
         WHERE NOT EXISTS (SELECT 1 FROM source WHERE kind = $1 AND name = $2)",
    )
    .bind(kind.code())
    .bind(name)
    .execute(&mut **tx)
    .await?;
    let id: i32 = sqlx::query_scalar("SELECT id FROM source WHERE kind = $1 AND name = $2")
        .bind(kind.code())
        .bind(name)
        .fetch_one(&mut **tx)
        .await?;
    Ok(SourceId(id))
}

/// Refuses an import that was worked out against another head.
async fn check_head(tx: &mut Transaction<'static, Postgres>, import: &NewImport) -> Result<(), StoreError> {
    let Some(follows) = &import.follows else { return Ok(()) };
    check_head_is(tx, follows).await
}

/// Refuses to write to a store that has another head.
pub(in crate::store) async fn check_head_is(
    tx: &mut Transaction<'static, Postgres>,
    expected: &str,
) -> Result<(), StoreError> {
    let head: Option<String> = sqlx::query_scalar(HEAD).fetch_optional(&mut **tx).await?;
    if head.as_deref().unwrap_or(EMPTY_HEAD) == expected { Ok(()) } else { Err(StoreError::Overtaken) }
}

/// Stores the record of a file with its rejects and warnings.
pub(super) async fn insert_import(
    tx: &mut Transaction<'static, Postgres>,
    import: &NewImport,
) -> Result<(ImportId, SourceId), StoreError> {
    check_head(tx, import).await?;
    let source = source_id(tx, import.kind, &import.source_name).await?;
    let size = i64::try_from(import.size_bytes).map_err(|_| StoreError::Corrupt("size"))?;
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO import (id, source_id, known_on, file_name, sha256, size_bytes, encoding, layout,
             definitions_sha256, ended_rows_kept_days, imported_at, n_rows, n_rejected, n_rejected_active,
             accepted_drop_reason, head)
         SELECT coalesce((SELECT max(id) FROM import), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
             $14, $15 RETURNING id",
    )
    .bind(source.0)
    .bind(import.known_on)
    .bind(&import.file_name)
    .bind(&import.sha256)
    .bind(size)
    .bind(&import.encoding)
    .bind(&import.layout)
    .bind(&import.definitions_sha256)
    .bind(i64::from(import.ended_rows_kept_days))
    .bind(import.imported_at)
    .bind(i64::from(import.n_rows))
    .bind(i64::from(import.n_rejected))
    .bind(i64::from(import.n_rejected_active))
    .bind(&import.accepted_drop_reason)
    .bind(&import.head)
    .fetch_one(&mut **tx)
    .await?;
    insert_problems(tx, ImportId(id), &import.problems).await?;
    Ok((ImportId(id), source))
}

async fn insert_problems(
    tx: &mut Transaction<'static, Postgres>,
    import: ImportId,
    problems: &[RowProblem],
) -> Result<(), StoreError> {
    let mut id: i64 = sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM row_problem").fetch_one(&mut **tx).await?;
    let statement = "COPY row_problem (id, import_id, row, column_letters, heading, code, active)
                     FROM STDIN (FORMAT binary)";
    copy_in(tx, statement, 7, problems, |row, problem| {
        id += 1;
        row.put(id)
            .put(import.0)
            .put(i64::from(problem.row))
            .put(&*problem.column)
            .put(&*problem.heading)
            .put(problem.problem.code())
            .put(problem.active);
    })
    .await
}

/// Marks the imports of one source and day, other than `by`, as replaced, and returns them.
pub(super) async fn replace_same_day(
    tx: &mut Transaction<'static, Postgres>,
    source: SourceId,
    known_on: NaiveDate,
    by: ImportId,
) -> Result<Vec<ImportId>, StoreError> {
    let mut ids: Vec<i64> = sqlx::query_scalar(
        "UPDATE import SET replaced_by = $1
         WHERE source_id = $2 AND known_on = $3 AND id <> $1 AND replaced_by IS NULL
             AND id NOT IN (SELECT t.import_id FROM import_taken_back t) RETURNING id",
    )
    .bind(by.0)
    .bind(source.0)
    .bind(known_on)
    .fetch_all(&mut **tx)
    .await?;
    ids.sort_unstable();
    Ok(ids.into_iter().map(ImportId).collect())
}
