//! Applications and adjustments: what is learnt beside the member files.

use super::cells::{Cell, Cells, cells};
use super::error::StoreError;
use super::facade::Store;
use super::facts::{StoredAdjustment, StoredApplication};
use super::tables::{ADJUSTMENT, APPLICATION};
use super::tx::{Tx, lists};
use super::uncut::Uncut;
use crate::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion, Filer};
use crate::domain::class::NationalClass;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, ImportId, PhysicianId, SourceId};

impl Store {
    /// All versions of all applications that were ever known for a day or more, by physician, number, body, kind,
    /// known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_application(&self, each: impl FnMut(ApplicationVersion)) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        each_application(&mut tx, each).await?;
        tx.rollback().await
    }

    /// The versions of [`Self::each_application`] that are about one of some bodies.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_application_in(
        &self,
        bodies: &[AssociationId],
        mut each: impl FnMut(ApplicationVersion),
    ) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        for ids in lists(bodies.iter().map(|id| id.0.into())) {
            each_application_where(&mut tx, &format!("association_id IN ({ids})"), &mut each).await?;
        }
        tx.rollback().await
    }

    /// The versions of [`Self::each_application`] of the given physicians, who are ascending.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_application_of(
        &self,
        physicians: &[PhysicianId],
        mut each: impl FnMut(ApplicationVersion),
    ) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        for ids in lists(physicians.iter().map(|id| id.0)) {
            each_application_where(&mut tx, &format!("physician_id IN ({ids})"), &mut each).await?;
        }
        tx.rollback().await
    }

    /// All versions of all adjustments that were ever known for a day or more, by physician, number, body (none
    /// first), kind, known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_adjustment(&self, each: impl FnMut(AdjustmentVersion)) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        each_adjustment(&mut tx, each).await?;
        tx.rollback().await
    }
}

/// The versions of [`Store::each_application`], as a transaction sees them.
pub(super) async fn each_application(tx: &mut Tx, each: impl FnMut(ApplicationVersion)) -> Result<(), StoreError> {
    each_application_where(tx, "TRUE", each).await
}

async fn each_application_where(
    tx: &mut Tx,
    condition: &str,
    each: impl FnMut(ApplicationVersion),
) -> Result<(), StoreError> {
    let from = format!(
        "application WHERE {condition} AND (known_until IS NULL OR known_until > known_from)
         ORDER BY physician_id, number, association_id, kind, known_from, id"
    );
    let mut uncut = Uncut::new(each);
    tx.each_row(APPLICATION.name, APPLICATION.facts(), &from, |row| {
        let (_, version) = read_application(row)?;
        uncut.push((version.import, version.row), version);
        Ok(())
    })
    .await?;
    uncut.end();
    Ok(())
}

/// The versions of [`Store::each_adjustment`], as a transaction sees them.
pub(super) async fn each_adjustment(tx: &mut Tx, each: impl FnMut(AdjustmentVersion)) -> Result<(), StoreError> {
    let from = "adjustment WHERE known_until IS NULL OR known_until > known_from
                ORDER BY physician_id, number, association_id NULLS FIRST, kind, known_from, id";
    let mut uncut = Uncut::new(each);
    tx.each_row(ADJUSTMENT.name, ADJUSTMENT.facts(), from, |row| {
        let (_, version) = read_adjustment(row)?;
        uncut.push((version.import, version.row), version);
        Ok(())
    })
    .await?;
    uncut.end();
    Ok(())
}

/// The applications of a source that stand, in the order in which they were stored.
pub(super) async fn stored_applications(tx: &mut Tx, source: SourceId) -> Result<Vec<StoredApplication>, StoreError> {
    let from = format!("application WHERE source_id = {source} AND known_until IS NULL ORDER BY id");
    let mut out = Vec::new();
    tx.each_row(APPLICATION.name, APPLICATION.facts(), &from, |row| {
        let (row_id, version) = read_application(row)?;
        out.push(StoredApplication { row_id, application: version.application });
        Ok(())
    })
    .await?;
    Ok(out)
}

/// The adjustments of a source that stand, in the order in which they were stored.
pub(super) async fn stored_adjustments(tx: &mut Tx, source: SourceId) -> Result<Vec<StoredAdjustment>, StoreError> {
    let from = format!("adjustment WHERE source_id = {source} AND known_until IS NULL ORDER BY id");
    let mut out = Vec::new();
    tx.each_row(ADJUSTMENT.name, ADJUSTMENT.facts(), &from, |row| {
        let (row_id, version) = read_adjustment(row)?;
        out.push(StoredAdjustment { row_id, adjustment: version.adjustment });
        Ok(())
    })
    .await?;
    Ok(out)
}

/// A row of the store: its id, and what it says.
fn read_application(row: &mut Cells) -> Result<(i64, ApplicationVersion), StoreError> {
    let (id, source) = (row.get()?, SourceId(row.get()?));
    let application = Application {
        number: row.get()?,
        kind: row.indexed(ApplicationKind::from_index)?,
        physician: PhysicianId(row.get()?),
        association: AssociationId(row.get()?),
        filer: row.indexed(Filer::from_index)?,
        applied_on: row.get()?,
        effective_on: row.get()?,
        approved_on: row.get()?,
        cancelled_on: row.get()?,
        status: row.indexed(ApplicationStatus::from_index)?,
        class: row.indexed_opt(NationalClass::from_index)?,
        reason: row.indexed(WithdrawalReason::from_index)?,
        note: row.get()?,
    };
    let version = ApplicationVersion {
        application,
        source,
        import: ImportId(row.get()?),
        row: row.get()?,
        known_from: row.get()?,
        known_until: row.get()?,
    };
    Ok((id, version))
}

/// A row of the store: its id, and what it says.
fn read_adjustment(row: &mut Cells) -> Result<(i64, AdjustmentVersion), StoreError> {
    let (id, source) = (row.get()?, SourceId(row.get()?));
    let adjustment = Adjustment {
        number: row.get()?,
        kind: row.indexed(AdjustmentKind::from_index)?,
        physician: PhysicianId(row.get()?),
        association: row.get::<Option<i32>>()?.map(AssociationId),
        stay_joined_on: row.get()?,
        day: row.get()?,
        class: row.indexed_opt(NationalClass::from_index)?,
        reason: row.indexed(WithdrawalReason::from_index)?,
        other: row.get::<Option<i64>>()?.map(PhysicianId),
        finding: match row.get::<Option<String>>()? {
            Some(code) => Some(FindingCode::from_code(&code).ok_or(StoreError::Corrupt("finding"))?),
            None => None,
        },
        is_revoked: row.get()?,
        why: row.get()?,
        approver: row.get()?,
    };
    let version = AdjustmentVersion {
        adjustment,
        source,
        import: ImportId(row.get()?),
        row: row.get()?,
        known_from: row.get()?,
        known_until: row.get()?,
    };
    Ok((id, version))
}

/// What a new application says, and its row of the file.
pub(super) fn application_row(source: SourceId, new: &Application, row: u32) -> (Vec<Cell>, Option<u32>) {
    let cells = cells![
        source.0,
        &*new.number,
        new.kind.index(),
        new.physician.0,
        new.association.0,
        new.filer.index(),
        new.applied_on,
        new.effective_on,
        new.approved_on,
        new.cancelled_on,
        new.status.index(),
        new.class.map(NationalClass::index),
        new.reason.index(),
        &*new.note,
    ];
    (cells, Some(row))
}

/// What a new adjustment says, and its row of the file.
pub(super) fn adjustment_row(source: SourceId, new: &Adjustment, row: u32) -> (Vec<Cell>, Option<u32>) {
    let cells = cells![
        source.0,
        &*new.number,
        new.kind.index(),
        new.physician.0,
        new.association.map(|id| id.0),
        new.stay_joined_on,
        new.day,
        new.class.map(NationalClass::index),
        new.reason.index(),
        new.other.map(|id| id.0),
        new.finding.map(FindingCode::code),
        new.is_revoked,
        &*new.why,
        &*new.approver,
    ];
    (cells, Some(row))
}
