//! An import under way: its transaction, and what each of its rows carries.

use chrono::NaiveDate;
use sqlx::{Postgres, Transaction};

use super::database::IDS_PER_STATEMENT;
use crate::domain::ids::{ImportId, SourceId};
use crate::store::StoreError;

/// An import under way. Dropping it undoes everything.
#[derive(Debug)]
pub struct PostgresImport {
    pub(super) tx: Transaction<'static, Postgres>,
    pub(super) id: ImportId,
    pub(super) source: SourceId,
    pub(super) known_on: NaiveDate,
    /// Files of the same source and day that it takes the place of.
    pub(super) replaced: Vec<ImportId>,
}

impl PostgresImport {
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

/// Sets known_until ($1) and closed_by ($2) of the given rows ($3) of a fact table.
pub(super) async fn supersede(
    import: &mut PostgresImport,
    statement: &'static str,
    ids: &[i64],
) -> Result<(), StoreError> {
    for chunk in ids.chunks(IDS_PER_STATEMENT) {
        sqlx::query(statement).bind(import.known_on).bind(import.id.0).bind(chunk).execute(&mut *import.tx).await?;
    }
    Ok(())
}
