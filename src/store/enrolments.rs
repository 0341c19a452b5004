//! Versions of stays: what stands, the whole history, and where it comes from.

use chrono::NaiveDate;

use super::cells::{Cell, Cells, cells};
use super::error::StoreError;
use super::facade::Store;
use super::facts::{NewEnrolmentVersion, Origin, OriginRow, StoredRow};
use super::tables::{Column, ENROLMENT, Kind};
use super::tx::{Tx, lists};
use super::uncut::Uncut;
use crate::domain::as_of::KnownAt;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{EnrolmentVersion, SourceStatus, StayFacts, WithdrawalReason};
use crate::domain::ids::{AssociationId, EnrolmentId, ImportId, PhysicianId, SourceId};
use crate::domain::reconcile::StoredStay;

const ORIGIN: &[Column] = &[
    ("e.enrolment_id", Kind::Big),
    ("e.known_from", Kind::Day),
    ("e.import_id", Kind::Big),
    ("i.file_name", Kind::Text),
    ("e.row", Kind::Big),
];

/// What [`Store::each_origin`] reads.
const ORIGIN_ROW: &[Column] =
    &[("enrolment_id", Kind::Big), ("known_from", Kind::Day), ("import_id", Kind::Big), ("row", Kind::Big)];

/// What [`standing`] reads.
const STANDING: &[Column] = &[
    ("id", Kind::Big),
    ("enrolment_id", Kind::Big),
    ("physician_id", Kind::Big),
    ("association_id", Kind::Int),
    ("wished_on", Kind::Day),
    ("joined_on", Kind::Day),
    ("left_on", Kind::Day),
    ("class", Kind::Small),
    ("class_text", Kind::Text),
    ("class_from", Kind::Day),
    ("reason", Kind::Small),
    ("reason_text", Kind::Text),
    ("status", Kind::Small),
    ("rows_shown", Kind::Int),
];

impl Store {
    /// All versions of all stays that were ever known for a day or more, by physician, body, enrolment,
    /// known_from: the order that the timeline keeps.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_version(&self, each: impl FnMut(EnrolmentVersion)) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        each_version(&mut tx, each).await?;
        tx.rollback().await
    }

    /// The versions of [`Self::each_version`] of the given physicians, who are ascending.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_version_of(
        &self,
        physicians: &[PhysicianId],
        mut each: impl FnMut(EnrolmentVersion),
    ) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        for ids in lists(physicians.iter().map(|id| id.0)) {
            each_version_where(&mut tx, &format!("physician_id IN ({ids})"), &mut each).await?;
        }
        tx.rollback().await
    }

    /// Where the given stays come from: every version known by the end of a day that was known for a day or more, by
    /// enrolment and known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn origins(&self, ids: &[EnrolmentId], known_at: KnownAt) -> Result<Vec<Origin>, StoreError> {
        let mut tx = self.look().await?;
        let mut out = Vec::with_capacity(ids.len());
        for ids in lists(ids.iter().map(|id| id.0)) {
            let from = format!(
                "enrolment e JOIN import i ON i.id = e.import_id
                 WHERE (e.known_until IS NULL OR e.known_until > e.known_from) AND e.known_from <= {}
                     AND e.enrolment_id IN ({ids})",
                tx.day(known_at.0)
            );
            tx.each_row("enrolment", ORIGIN, &from, |row| {
                out.push(Origin {
                    enrolment: EnrolmentId(row.get()?),
                    known_from: row.get()?,
                    import: ImportId(row.get()?),
                    file_name: row.get()?,
                    row: row.get()?,
                });
                Ok(())
            })
            .await?;
        }
        tx.rollback().await?;
        out.sort_by_key(|origin| (origin.enrolment, origin.known_from));
        // Of copies that a replaced file left the original speaks.
        out.dedup_by_key(|origin| (origin.enrolment, origin.import));
        Ok(out)
    }

    /// Where all stays come from: the versions of [`Self::origins`], in any order, and with the copies that it leaves out.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_origin(&self, known_at: KnownAt, mut each: impl FnMut(OriginRow)) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        let from = format!(
            "enrolment WHERE (known_until IS NULL OR known_until > known_from) AND known_from <= {}",
            tx.day(known_at.0)
        );
        tx.each_row("enrolment", ORIGIN_ROW, &from, |row| {
            let (enrolment, known_from) = (EnrolmentId(row.get()?), row.get()?);
            each(OriginRow { enrolment, known_from, import: ImportId(row.get()?), row: row.get()? });
            Ok(())
        })
        .await?;
        tx.rollback().await
    }
}

/// The versions of [`Store::each_version`], as a transaction sees them.
pub(super) async fn each_version(tx: &mut Tx, each: impl FnMut(EnrolmentVersion)) -> Result<(), StoreError> {
    each_version_where(tx, "TRUE", each).await
}

async fn each_version_where(
    tx: &mut Tx,
    condition: &str,
    each: impl FnMut(EnrolmentVersion),
) -> Result<(), StoreError> {
    let from = format!(
        "enrolment WHERE {condition} AND (known_until IS NULL OR known_until > known_from)
         ORDER BY physician_id, association_id, enrolment_id, known_from"
    );
    let mut uncut = Uncut::new(each);
    tx.each_row(ENROLMENT.name, ENROLMENT.facts(), &from, |row| {
        let (_, import, version) = read(row)?;
        uncut.push((version.enrolment, import), version);
        Ok(())
    })
    .await?;
    uncut.end();
    Ok(())
}

/// The stays of a source that stand, by physician, body, enrolment.
pub(super) async fn standing(tx: &mut Tx, source: SourceId) -> Result<Vec<StoredRow>, StoreError> {
    let from = format!(
        "enrolment WHERE source_id = {source} AND known_until IS NULL
         ORDER BY physician_id, association_id, enrolment_id"
    );
    let mut out = Vec::new();
    tx.each_row(ENROLMENT.name, STANDING, &from, |row| {
        let (row_id, enrolment) = (row.get()?, EnrolmentId(row.get()?));
        let (physician, association) = (PhysicianId(row.get()?), AssociationId(row.get()?));
        let (facts, class_from) = read_facts(row)?;
        let stay = StoredStay { enrolment, facts, class_from, rows_shown: row.get()? };
        out.push(StoredRow { row_id, physician, association, stay });
        Ok(())
    })
    .await?;
    Ok(out)
}

/// A row of the store: its id, the import that brought it, and what it says.
fn read(row: &mut Cells) -> Result<(i64, i64, EnrolmentVersion), StoreError> {
    let (id, enrolment) = (row.get()?, EnrolmentId(row.get()?));
    let (source, physician, association) = (row.get()?, row.get()?, row.get()?);
    let (facts, class_from) = read_facts(row)?;
    let (rows_shown, import, _) = (row.get()?, row.get()?, row.get::<Option<u32>>()?);
    let version = EnrolmentVersion {
        enrolment,
        source: SourceId(source),
        physician: PhysicianId(physician),
        association: AssociationId(association),
        facts,
        class_from,
        rows_shown,
        known_from: row.get()?,
        known_until: row.get()?,
    };
    Ok((id, import, version))
}

/// What is said of a stay, from the day that it was wished on to its state, and the first day of its class.
fn read_facts(row: &mut Cells) -> Result<(StayFacts, Option<NaiveDate>), StoreError> {
    let (wished_on, joined_on, left_on) = (row.get()?, row.get()?, row.get()?);
    let class = row.indexed(NationalClass::from_index)?;
    let (class_text, class_from) = (row.get()?, row.get()?);
    let reason = row.indexed(WithdrawalReason::from_index)?;
    let reason_text = row.get()?;
    let status = row.indexed(SourceStatus::from_index)?;
    Ok((StayFacts { wished_on, joined_on, left_on, class, class_text, reason, reason_text, status }, class_from))
}

/// What a new row says, and the row of the file.
pub(super) fn row(source: SourceId, new: &NewEnrolmentVersion) -> (Vec<Cell>, Option<u32>) {
    let facts = &new.version.facts;
    let cells = cells![
        new.enrolment.0,
        source.0,
        new.physician.0,
        new.association.0,
        facts.wished_on,
        facts.joined_on,
        facts.left_on,
        facts.class.index(),
        facts.class_text.as_deref(),
        new.version.class_from,
        facts.reason.index(),
        facts.reason_text.as_deref(),
        facts.status.index(),
        new.version.rows_shown,
    ];
    (cells, new.version.row)
}
