//! The association master; the statements are those of both stores.

use super::cells::Cells;
use super::chain::{self, Appended};
use super::either::{each_store, on_tx};
use super::error::StoreError;
use super::facade::Store;
use super::facts::NewImport;
use super::import_record::{insert_import, replace_same_day};
use super::stored::StoredDay;
use super::tables::{Column, Kind};
use super::tx::Tx;
use crate::domain::association::{AssociationSpan, Associations, MasterRow, Tier};
use crate::domain::ids::{AssociationId, ImportId};

/// Divides aliases, and successors, in one column; the ingest refuses it in cells.
const DIVIDER: &str = "\u{1f}";

const ROW: &[Column] = &[
    ("v.association_id", Kind::Int),
    ("a.code", Kind::Text),
    ("v.tier", Kind::Small),
    ("v.prefecture", Kind::Text),
    ("v.kind", Kind::Text),
    ("v.name", Kind::Text),
    ("v.short_name", Kind::Text),
    ("v.aliases", Kind::Text),
    ("v.parent_code", Kind::Text),
    ("v.position", Kind::Int),
    ("v.valid_from", Kind::Day),
    ("v.valid_to", Kind::Day),
    ("v.successors", Kind::Text),
];

/// Not a question for each body whether a row names it: that reads the whole table for every unused one.
const CODES_IN_USE: &str = "SELECT a.code FROM association a
     WHERE a.id IN (SELECT e.association_id FROM enrolment e
                    WHERE e.known_until IS NULL OR e.known_until > e.known_from) ORDER BY a.code";

const CODES_WITHOUT: &str =
    "SELECT DISTINCT a.code FROM association a JOIN association_version v ON v.association_id = a.id
     WHERE v.superseded_by = $1 AND v.import_id <> $1 ORDER BY a.code";

fn read(row: &mut Cells) -> Result<MasterRow, StoreError> {
    Ok(MasterRow {
        id: AssociationId(row.get()?),
        code: row.get()?,
        tier: row.indexed(|tier| Tier::ALL.get(usize::from(tier)).copied())?,
        prefecture: row.get()?,
        span: AssociationSpan {
            kind: row.get()?,
            name: row.get()?,
            short_name: row.get()?,
            aliases: divided(&row.get::<String>()?),
            parent: row.get()?,
            position: row.get()?,
            valid_from: row.get()?,
            valid_to: row.get()?,
        },
        successors: divided(&row.get::<String>()?),
    })
}

fn divided(column: &str) -> Vec<String> {
    column.split(DIVIDER).filter(|part| !part.is_empty()).map(Into::into).collect()
}

const SUPERSEDE: &str = "UPDATE association_version SET superseded_by = $1 WHERE superseded_by IS NULL";

const NEW_CODE: &str = "INSERT INTO association (id, code)
     SELECT coalesce((SELECT max(id) FROM association), 0) + 1, $1
     WHERE NOT EXISTS (SELECT 1 FROM association WHERE code = $1)";

const NEW_VERSION: &str =
    "INSERT INTO association_version (id, association_id, tier, kind, name, short_name, aliases, parent_code,
         prefecture, position, valid_from, valid_to, successors, import_id)
     SELECT coalesce((SELECT max(id) FROM association_version), 0) + 1,
            a.id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM association a WHERE a.code = $1";

impl Store {
    /// Stores a master in place of the one that stands. Ids of the given rows are ignored; codes keep theirs.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn store_master(&self, import: &NewImport, rows: &[MasterRow]) -> Result<ImportId, StoreError> {
        let mut tx = self.begin().await?;
        let mut appended = Appended::default();
        let (id, source) = insert_import(&mut tx, import, &mut appended).await?;
        replace_same_day(&mut tx, source, import.known_on, id).await?;
        on_tx!(&mut tx, tx => { sqlx::query(SUPERSEDE).bind(id.0).execute(&mut **tx).await?; });
        for row in rows {
            insert_row(&mut tx, id, row).await?;
        }
        chain::record(&mut tx, id.0, &appended).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The master that stands; empty before the first one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read or the stored master contradicts itself.
    pub async fn associations(&self) -> Result<Associations, StoreError> {
        let from = "association_version v JOIN association a ON a.id = v.association_id
                    WHERE v.superseded_by IS NULL ORDER BY v.id";
        let rows = self.read("association_version", ROW, from, read).await?;
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

async fn insert_row(tx: &mut Tx, import: ImportId, row: &MasterRow) -> Result<(), StoreError> {
    let span = &row.span;
    let tier = i16::try_from(row.tier.index()).map_err(|_| StoreError::Corrupt("tier"))?;
    let [valid_from, valid_to] = [span.valid_from, span.valid_to].map(|day| day.map(StoredDay::from));
    on_tx!(tx, tx => {
        sqlx::query(NEW_CODE).bind(&row.code).execute(&mut **tx).await?;
        let insert = sqlx::query(NEW_VERSION).bind(&row.code).bind(tier).bind(&span.kind).bind(&span.name);
        let insert = insert.bind(&span.short_name).bind(span.aliases.join(DIVIDER)).bind(&span.parent);
        let insert = insert.bind(&row.prefecture).bind(span.position).bind(valid_from).bind(valid_to);
        insert.bind(row.successors.join(DIVIDER)).bind(import.0).execute(&mut **tx).await?;
    });
    Ok(())
}
