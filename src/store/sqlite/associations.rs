//! The association master.

use sqlx::{FromRow, Sqlite, Transaction};

use super::database::SqliteStore;
use super::days::{from_day_opt, to_day_opt};
use super::imports::{insert_import, replace_same_day};
use crate::domain::association::{AssociationSpan, Associations, MasterRow, Tier};
use crate::domain::ids::{AssociationId, ImportId};
use crate::store::chain::{self, Tx};
use crate::store::{NewImport, StoreError};

/// Divides aliases, and successors, in one column; the ingest refuses it in cells.
const DIVIDER: &str = "\u{1f}";

#[derive(FromRow)]
struct AssociationRow {
    association_id: i32,
    code: String,
    tier: i64,
    kind: String,
    name: String,
    short_name: String,
    aliases: String,
    parent_code: Option<String>,
    prefecture: String,
    position: i32,
    valid_from: Option<i64>,
    valid_to: Option<i64>,
    successors: String,
}

impl TryFrom<AssociationRow> for MasterRow {
    type Error = StoreError;

    fn try_from(row: AssociationRow) -> Result<Self, StoreError> {
        let tier = usize::try_from(row.tier).ok().and_then(|tier| Tier::ALL.get(tier));
        Ok(Self {
            id: AssociationId(row.association_id),
            code: row.code,
            tier: *tier.ok_or(StoreError::Corrupt("tier"))?,
            prefecture: row.prefecture,
            span: AssociationSpan {
                kind: row.kind,
                name: row.name,
                short_name: row.short_name,
                aliases: divided(&row.aliases),
                parent: row.parent_code,
                position: row.position,
                valid_from: from_day_opt(row.valid_from)?,
                valid_to: from_day_opt(row.valid_to)?,
            },
            successors: divided(&row.successors),
        })
    }
}

fn divided(column: &str) -> Vec<String> {
    column.split(DIVIDER).filter(|part| !part.is_empty()).map(Into::into).collect()
}

impl SqliteStore {
    /// The master that stands; empty before the first one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read or the stored master contradicts itself.
    pub async fn associations(&self) -> Result<Associations, StoreError> {
        let rows: Vec<AssociationRow> = sqlx::query_as(
            "SELECT v.association_id, a.code, v.tier, v.kind, v.name, v.short_name, v.aliases, v.parent_code,
                    v.prefecture, v.position, v.valid_from, v.valid_to, v.successors
             FROM association_version v JOIN association a ON a.id = v.association_id
             WHERE v.superseded_by IS NULL",
        )
        .fetch_all(&self.pool)
        .await?;
        let rows = rows.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
        Associations::new(rows).map_err(|_| StoreError::Corrupt("association master"))
    }

    /// Codes of bodies that carry facts.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn association_codes_in_use(&self) -> Result<Vec<String>, StoreError> {
        // Not a question for each body whether a row names it: that reads the whole table for every unused one.
        Ok(sqlx::query_scalar(
            "SELECT a.code FROM association a
             WHERE a.id IN (SELECT e.association_id FROM enrolment e
                            WHERE e.known_until IS NULL OR e.known_until > e.known_from) ORDER BY a.code",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Codes of the master that stands once an import of a master is taken back; none before the first one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn association_codes_without(&self, import: ImportId) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT DISTINCT a.code FROM association a JOIN association_version v ON v.association_id = a.id
             WHERE v.superseded_by = $1 AND v.import_id <> $1 ORDER BY a.code",
        )
        .bind(import.0)
        .fetch_all(&self.pool)
        .await?)
    }

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
        chain::record(&mut Tx::Sqlite(&mut tx), id.0).await?;
        tx.commit().await?;
        Ok(id)
    }
}

async fn insert_row(
    tx: &mut Transaction<'static, Sqlite>,
    import: ImportId,
    row: &MasterRow,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO association (code) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind(&row.code)
        .execute(&mut **tx)
        .await?;
    let tier = i64::try_from(row.tier.index()).map_err(|_| StoreError::Corrupt("tier"))?;
    let span = &row.span;
    sqlx::query(
        "INSERT INTO association_version (association_id, tier, kind, name, short_name, aliases, parent_code,
             prefecture, position, valid_from, valid_to, successors, import_id)
         SELECT id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM association WHERE code = $1",
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
    .bind(to_day_opt(span.valid_from))
    .bind(to_day_opt(span.valid_to))
    .bind(row.successors.join(DIVIDER))
    .bind(import.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
