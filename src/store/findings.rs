//! Findings that were raised, and what stands of them; the statements are those of both stores.

use sqlx::FromRow;

use super::cells::{Cell, cells};
use super::either::{each_store, on_tx};
use super::error::StoreError;
use super::facade::Store;
use super::facts::StoredFinding;
use super::stored::StoredDay;
use super::tx::Tx;
use crate::domain::as_of::KnownAt;
use crate::domain::finding::{Finding, FindingCode, KnownFinding};
use crate::domain::ids::{AssociationId, ImportId, PhysicianId, SourceId};

/// The day is that of the import that raised it: a finding that stands again after a replaced file is a copy whose own
/// known_from is the day of that file. Findings about no body come first.
const KNOWN: &str =
    "SELECT f.id, f.code, f.physician_id, f.association_id, f.date_before, f.date_after, f.row, f.import_id,
            i.known_on AS known_from
     FROM finding f JOIN import i ON i.id = f.import_id
     WHERE f.known_from <= $1 AND (f.known_until IS NULL OR f.known_until > $1)
     ORDER BY f.code, f.association_id NULLS FIRST, f.physician_id, i.known_on, f.id";

const STORED: &str = "SELECT id, code, physician_id, association_id, date_before, date_after, row
     FROM finding WHERE source_id = $1 AND known_until IS NULL ORDER BY id";

#[derive(FromRow)]
struct FindingRow {
    id: i64,
    code: String,
    physician_id: i64,
    association_id: Option<i32>,
    date_before: Option<StoredDay>,
    date_after: Option<StoredDay>,
    row: Option<i64>,
}

impl TryFrom<FindingRow> for Finding {
    type Error = StoreError;

    fn try_from(row: FindingRow) -> Result<Self, StoreError> {
        Ok(Self {
            code: FindingCode::from_code(&row.code).ok_or(StoreError::Corrupt("finding"))?,
            physician: PhysicianId(row.physician_id),
            association: row.association_id.map(AssociationId),
            date_before: row.date_before.map(StoredDay::get).transpose()?,
            date_after: row.date_after.map(StoredDay::get).transpose()?,
            row: row.row.and_then(|row| u32::try_from(row).ok()),
        })
    }
}

#[derive(FromRow)]
struct KnownRow {
    #[sqlx(flatten)]
    finding: FindingRow,
    import_id: i64,
    known_from: StoredDay,
}

impl TryFrom<KnownRow> for KnownFinding {
    type Error = StoreError;

    fn try_from(row: KnownRow) -> Result<Self, StoreError> {
        let (known_from, import) = (row.known_from.get()?, ImportId(row.import_id));
        Ok(Self { finding: row.finding.try_into()?, known_from, import })
    }
}

impl Store {
    /// Findings as known at the end of a day, by code, body, physician. Events that happened by then are among
    /// them; states that were resolved by then are not.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn findings(&self, known_at: KnownAt) -> Result<Vec<KnownFinding>, StoreError> {
        let day = StoredDay::from(known_at.0);
        let rows: Vec<KnownRow> =
            each_store!(self, store => sqlx::query_as(KNOWN).bind(day).fetch_all(&store.pool).await?);
        rows.into_iter().map(TryInto::try_into).collect()
    }
}

/// The state findings of a source that stand.
pub(super) async fn stored(tx: &mut Tx, source: SourceId) -> Result<Vec<StoredFinding>, StoreError> {
    let rows: Vec<FindingRow> = on_tx!(tx, tx => sqlx::query_as(STORED).bind(source.0).fetch_all(&mut **tx).await?);
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let (row_id, finding) = (row.id, Finding::try_from(row)?);
        if finding.code.is_state() {
            out.push(StoredFinding { row_id, finding });
        }
    }
    Ok(out)
}

/// What a new row says, and the row of the file.
pub(super) fn row(source: SourceId, new: &Finding) -> (Vec<Cell>, Option<u32>) {
    let association = new.association.map(|id| id.0);
    let cells = cells![source.0, new.code.code(), new.physician.0, association, new.date_before, new.date_after];
    (cells, new.row)
}
