//! The association master as it stands; the statements are those of both stores.

use sqlx::FromRow;

use super::either::each_store;
use super::error::StoreError;
use super::facade::Store;
use super::stored::StoredDay;
use crate::domain::association::{AssociationSpan, Associations, MasterRow, Tier};
use crate::domain::ids::{AssociationId, ImportId};

/// Divides aliases, and successors, in one column; the ingest refuses it in cells.
pub(super) const DIVIDER: &str = "\u{1f}";

const MASTER: &str = "SELECT v.association_id, a.code, v.tier, v.kind, v.name, v.short_name, v.aliases, v.parent_code,
            v.prefecture, v.position, v.valid_from, v.valid_to, v.successors
     FROM association_version v JOIN association a ON a.id = v.association_id
     WHERE v.superseded_by IS NULL ORDER BY v.id";

/// Not a question for each body whether a row names it: that reads the whole table for every unused one.
const CODES_IN_USE: &str = "SELECT a.code FROM association a
     WHERE a.id IN (SELECT e.association_id FROM enrolment e
                    WHERE e.known_until IS NULL OR e.known_until > e.known_from) ORDER BY a.code";

const CODES_WITHOUT: &str =
    "SELECT DISTINCT a.code FROM association a JOIN association_version v ON v.association_id = a.id
     WHERE v.superseded_by = $1 AND v.import_id <> $1 ORDER BY a.code";

#[derive(FromRow)]
struct AssociationRow {
    association_id: i32,
    code: String,
    tier: i16,
    kind: String,
    name: String,
    short_name: String,
    aliases: String,
    parent_code: Option<String>,
    prefecture: String,
    position: i32,
    valid_from: Option<StoredDay>,
    valid_to: Option<StoredDay>,
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
                valid_from: row.valid_from.map(StoredDay::get).transpose()?,
                valid_to: row.valid_to.map(StoredDay::get).transpose()?,
            },
            successors: divided(&row.successors),
        })
    }
}

fn divided(column: &str) -> Vec<String> {
    column.split(DIVIDER).filter(|part| !part.is_empty()).map(Into::into).collect()
}

impl Store {
    /// The master that stands; empty before the first one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read or the stored master contradicts itself.
    pub async fn associations(&self) -> Result<Associations, StoreError> {
        let rows: Vec<AssociationRow> =
            each_store!(self, store => sqlx::query_as(MASTER).fetch_all(&store.pool).await?);
        let rows = rows.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
        Associations::new(rows).map_err(|_| StoreError::Corrupt("association master"))
    }

    /// Codes of bodies that carry facts.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn association_codes_in_use(&self) -> Result<Vec<String>, StoreError> {
        each_store!(self, store => Ok(sqlx::query_scalar(CODES_IN_USE).fetch_all(&store.pool).await?))
    }

    /// Codes of the master that stands once an import of a master is taken back; none before the first one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn association_codes_without(&self, import: ImportId) -> Result<Vec<String>, StoreError> {
        each_store!(self, store => Ok(sqlx::query_scalar(CODES_WITHOUT).bind(import.0).fetch_all(&store.pool).await?))
    }
}
