//! Findings that were raised, and what stands of them; the statements are those of both stores.

use super::cells::{Cell, Cells, cells};
use super::error::StoreError;
use super::facade::Store;
use super::facts::StoredFinding;
use super::tables::{Column, Kind};
use super::tx::{Tx, lists};
use crate::domain::as_of::KnownAt;
use crate::domain::finding::{Finding, FindingCode, KnownFinding};
use crate::domain::ids::{AssociationId, ImportId, PhysicianId, SourceId};

/// A finding as `read` takes it.
const FINDING: &[Column] = &[
    ("f.id", Kind::Big),
    ("f.code", Kind::Text),
    ("f.physician_id", Kind::Big),
    ("f.association_id", Kind::Int),
    ("f.date_before", Kind::Day),
    ("f.date_after", Kind::Day),
    ("f.row", Kind::Big),
    ("f.import_id", Kind::Big),
    ("i.known_on", Kind::Day),
];

/// A row of the store: its id, and what was found when.
fn read(row: &mut Cells) -> Result<(i64, KnownFinding), StoreError> {
    let id = row.get()?;
    let finding = Finding {
        code: row.coded(FindingCode::from_code)?,
        physician: PhysicianId(row.get()?),
        association: row.get::<Option<i32>>()?.map(AssociationId),
        date_before: row.get()?,
        date_after: row.get()?,
        row: row.get()?,
    };
    Ok((id, KnownFinding { finding, import: ImportId(row.get()?), known_from: row.get()? }))
}

impl Store {
    /// Findings as known at the end of a day, by code, body, physician. Events that happened by then are among
    /// them; states that were resolved by then are not.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn findings(&self, known_at: KnownAt) -> Result<Vec<KnownFinding>, StoreError> {
        let mut tx = self.look().await?;
        let mut out = Vec::new();
        each_where(&mut tx, "TRUE", known_at, |finding| out.push(finding)).await?;
        tx.rollback().await?;
        Ok(out)
    }

    /// The findings of [`Self::findings`] that are about one of some bodies, in the same order; the bodies ascend.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn findings_in(
        &self,
        bodies: &[AssociationId],
        known_at: KnownAt,
    ) -> Result<Vec<KnownFinding>, StoreError> {
        let mut tx = self.look().await?;
        let mut out = Vec::new();
        for ids in lists(bodies.iter().map(|id| id.0.into())) {
            let condition = format!("f.association_id IN ({ids})");
            each_where(&mut tx, &condition, known_at, |finding| out.push(finding)).await?;
        }
        tx.rollback().await?;
        // Several lists of bodies are in order each.
        out.sort_by_key(|known: &KnownFinding| known.finding.code.code());
        Ok(out)
    }
}

async fn each_where(
    tx: &mut Tx,
    condition: &str,
    known_at: KnownAt,
    mut each: impl FnMut(KnownFinding),
) -> Result<(), StoreError> {
    let day = tx.day(known_at.0);
    // The day is that of the import that raised it: a finding that stands again after a replaced file is a copy whose own
    // known_from is the day of that file. Findings about no body come first.
    let from = format!(
        "finding f JOIN import i ON i.id = f.import_id
         WHERE {condition} AND f.known_from <= {day} AND (f.known_until IS NULL OR f.known_until > {day})
         ORDER BY f.code, f.association_id NULLS FIRST, f.physician_id, i.known_on, f.id"
    );
    tx.each_row("finding", FINDING, &from, |row| {
        each(read(row)?.1);
        Ok(())
    })
    .await
}

/// The state findings of a source that stand.
pub(super) async fn stored(tx: &mut Tx, source: SourceId) -> Result<Vec<StoredFinding>, StoreError> {
    let from = format!(
        "finding f JOIN import i ON i.id = f.import_id WHERE f.source_id = {source} AND f.known_until IS NULL
         ORDER BY f.id"
    );
    let mut out = Vec::new();
    tx.each_row("finding", FINDING, &from, |row| {
        let (row_id, KnownFinding { finding, .. }) = read(row)?;
        if finding.code.is_state() {
            out.push(StoredFinding { row_id, finding });
        }
        Ok(())
    })
    .await?;
    Ok(out)
}

/// What a new row says, and the row of the file.
pub(super) fn row(source: SourceId, new: &Finding) -> (Vec<Cell>, Option<u32>) {
    let association = new.association.map(|id| id.0);
    let cells = cells![source.0, new.code.code(), new.physician.0, association, new.date_before, new.date_after];
    (cells, new.row)
}
