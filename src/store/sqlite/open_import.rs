//! An import under way: its transaction, and what each of its rows carries.

use chrono::NaiveDate;
use sqlx::{QueryBuilder, Sqlite, Transaction};

use super::database::ROWS_PER_INSERT;
use crate::domain::ids::{ImportId, SourceId};
use crate::store::StoreError;

/// An import under way. Dropping it undoes everything.
#[derive(Debug)]
pub struct SqliteImport {
    pub(super) tx: Transaction<'static, Sqlite>,
    pub(super) id: ImportId,
    pub(super) source: SourceId,
    pub(super) known_on: NaiveDate,
    /// Files of the same source and day that it takes the place of.
    pub(super) replaced: Vec<ImportId>,
}

impl SqliteImport {
    /// Id of this import.
    pub fn id(&self) -> ImportId {
        self.id
    }

    /// The source of the file.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// Whether it takes the place of another file of the same source and day.
    pub fn replaces(&self) -> bool {
        !self.replaced.is_empty()
    }
}

/// Sets known_until and closed_by of the given rows of a fact table.
pub(super) async fn supersede(
    tx: &mut Transaction<'static, Sqlite>,
    statement_head: &'static str,
    ids: &[i64],
    known_until: i64,
    import: i64,
) -> Result<(), StoreError> {
    for chunk in ids.chunks(ROWS_PER_INSERT) {
        let mut update: QueryBuilder<Sqlite> = QueryBuilder::new(statement_head);
        update.push(" SET known_until = ").push_bind(known_until);
        update.push(", closed_by = ").push_bind(import).push(" WHERE known_until IS NULL AND id IN (");
        let mut list = update.separated(", ");
        for id in chunk {
            list.push_bind(*id);
        }
        update.push(")");
        update.build().execute(&mut **tx).await?;
    }
    Ok(())
}
