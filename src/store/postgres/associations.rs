//! Storing the association master.

use sqlx::{Postgres, Transaction};

use super::database::PostgresStore;
use super::imports::{insert_import, replace_same_day};
use crate::domain::association::MasterRow;
use crate::domain::ids::ImportId;
use crate::store::chain::{self, Tx};
use crate::store::master::DIVIDER;
use crate::store::{NewImport, StoreError};

impl PostgresStore {
    /// Stores a master in place of the one that stands. Ids of the given rows are ignored; codes keep theirs.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn store_master(&self, import: &NewImport, rows: &[MasterRow]) -> Result<ImportId, StoreError> {
        let mut tx = self.begin().await?;
        let (id, source) = insert_import(&mut tx, import).await?;
        replace_same_day(&mut tx, source, import.known_on, id).await?;
        sqlx::query("UPDATE association_version SET superseded_by = $1 WHERE superseded_by IS NULL")
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        for row in rows {
            insert_row(&mut tx, id, row).await?;
        }
        chain::record(&mut Tx::Postgres(&mut tx), id.0).await?;
        tx.commit().await?;
        Ok(id)
    }
}

async fn insert_row(
    tx: &mut Transaction<'static, Postgres>,
    import: ImportId,
    row: &MasterRow,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO association (id, code)
         SELECT coalesce((SELECT max(id) FROM association), 0) + 1, $1
         WHERE NOT EXISTS (SELECT 1 FROM association WHERE code = $1)",
    )
    .bind(&row.code)
    .execute(&mut **tx)
    .await?;
    let span = &row.span;
    let tier = i16::try_from(row.tier.index()).map_err(|_| StoreError::Corrupt("tier"))?;
    sqlx::query(
        "INSERT INTO association_version (id, association_id, tier, kind, name, short_name, aliases, parent_code,
             prefecture, position, valid_from, valid_to, successors, import_id)
         SELECT coalesce((SELECT max(id) FROM association_version), 0) + 1,
                a.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM association a WHERE a.code = $1",
    )
    .bind(&row.code)
    .bind(tier)
    .bind(&span.kind)
    .bind(&span.name)
    .bind(&span.short_name)
    .bind(span.aliases.join(DIVIDER))
    .bind(&span.parent)
    .bind(&row.prefecture)
    .bind(span.position)
    .bind(span.valid_from)
    .bind(span.valid_to)
    .bind(row.successors.join(DIVIDER))
    .bind(import.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
