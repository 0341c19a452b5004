//! Applications and adjustments: what is learnt beside the member files.

use sqlx::PgConnection;

use super::binary::Fields;
use super::bulk::{copy_in, copy_out};
use super::database::PostgresStore;
use super::open_import::{PostgresImport, supersede};
use crate::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion, Filer};
use crate::domain::class::NationalClass;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, ImportId, PhysicianId, SourceId};
use crate::store::codes::{count, indexed};
use crate::store::uncut::Uncut;
use crate::store::{StoreError, StoredAdjustment, StoredApplication};

/// Reads number, kind, physician_id, association_id, filer, applied_on, effective_on, approved_on, cancelled_on,
/// status, class, reason, note.
fn read_application(row: &mut Fields<'_>) -> Result<Application, StoreError> {
    Ok(Application {
        number: row.get::<&str>()?.into(),
        kind: indexed(row.get::<i16>()?, ApplicationKind::from_index, "application kind")?,
        physician: PhysicianId(row.get()?),
        association: AssociationId(row.get()?),
        filer: indexed(row.get::<i16>()?, Filer::from_index, "filer")?,
        applied_on: row.opt()?,
        effective_on: row.opt()?,
        approved_on: row.opt()?,
        cancelled_on: row.opt()?,
        status: indexed(row.get::<i16>()?, ApplicationStatus::from_index, "application status")?,
        class: read_class(row)?,
        reason: indexed(row.get::<i16>()?, WithdrawalReason::from_index, "reason")?,
        note: row.get::<&str>()?.into(),
    })
}

/// Reads number, kind, physician_id, association_id, stay_joined_on, day, class, reason, other_physician_id,
/// finding, is_revoked, why, approver.
fn read_adjustment(row: &mut Fields<'_>) -> Result<Adjustment, StoreError> {
    Ok(Adjustment {
        number: row.get::<&str>()?.into(),
        kind: indexed(row.get::<i16>()?, AdjustmentKind::from_index, "adjustment kind")?,
        physician: PhysicianId(row.get()?),
        association: row.opt()?.map(AssociationId),
        stay_joined_on: row.opt()?,
        day: row.opt()?,
        class: read_class(row)?,
        reason: indexed(row.get::<i16>()?, WithdrawalReason::from_index, "reason")?,
        other: row.opt()?.map(PhysicianId),
        finding: match row.opt::<&str>()? {
            Some(code) => Some(FindingCode::from_code(code).ok_or(StoreError::Corrupt("finding"))?),
            None => None,
        },
        is_revoked: row.get()?,
        why: row.get::<&str>()?.into(),
        approver: row.get::<&str>()?.into(),
    })
}

fn read_class(row: &mut Fields<'_>) -> Result<Option<NationalClass>, StoreError> {
    row.opt::<i16>()?.map(|class| indexed(class, NationalClass::from_index, "class")).transpose()
}

impl PostgresStore {
    /// All versions of all applications that were ever known for a day or more, by physician, number, body, kind,
    /// known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_application(&self, each: impl FnMut(ApplicationVersion)) -> Result<(), StoreError> {
        read_applications(&mut *self.pool.acquire().await?, each).await
    }

    /// All versions of all adjustments that were ever known for a day or more, by physician, number, body (none
    /// first), kind, known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_adjustment(&self, each: impl FnMut(AdjustmentVersion)) -> Result<(), StoreError> {
        read_adjustments(&mut *self.pool.acquire().await?, each).await
    }
}

impl PostgresImport {
    /// The applications of the source that stand, in the order in which they were stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_applications(&mut self) -> Result<Vec<StoredApplication>, StoreError> {
        // COPY takes no parameters; the source is a number.
        let statement = format!(
            "COPY (SELECT id, number, kind, physician_id, association_id, filer, applied_on, effective_on,
                       approved_on, cancelled_on, status, class, reason, note
                   FROM application WHERE source_id = {} AND known_until IS NULL ORDER BY id)
             TO STDOUT (FORMAT binary)",
            self.source.0
        );
        let mut out = Vec::new();
        copy_out(&mut self.tx, &statement, "application", |row| {
            out.push(StoredApplication { row_id: row.get()?, application: read_application(row)? });
            Ok(())
        })
        .await?;
        Ok(out)
    }

    /// The adjustments of the source that stand, in the order in which they were stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_adjustments(&mut self) -> Result<Vec<StoredAdjustment>, StoreError> {
        let statement = format!(
            "COPY (SELECT id, number, kind, physician_id, association_id, stay_joined_on, day, class, reason,
                       other_physician_id, finding, is_revoked, why, approver
                   FROM adjustment WHERE source_id = {} AND known_until IS NULL ORDER BY id)
             TO STDOUT (FORMAT binary)",
            self.source.0
        );
        let mut out = Vec::new();
        copy_out(&mut self.tx, &statement, "adjustment", |row| {
            out.push(StoredAdjustment { row_id: row.get()?, adjustment: read_adjustment(row)? });
            Ok(())
        })
        .await?;
        Ok(out)
    }

    /// What [`PostgresStore::each_application`] gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_application(&mut self, each: impl FnMut(ApplicationVersion)) -> Result<(), StoreError> {
        read_applications(&mut self.tx, each).await
    }

    /// What [`PostgresStore::each_adjustment`] gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_adjustment(&mut self, each: impl FnMut(AdjustmentVersion)) -> Result<(), StoreError> {
        read_adjustments(&mut self.tx, each).await
    }

    pub(super) async fn supersede_applications(&mut self, ids: &[i64]) -> Result<(), StoreError> {
        let statement = "UPDATE application SET known_until = $1, closed_by = $2
                         WHERE known_until IS NULL AND id = ANY($3)";
        supersede(self, statement, ids).await
    }

    pub(super) async fn supersede_adjustments(&mut self, ids: &[i64]) -> Result<(), StoreError> {
        let statement = "UPDATE adjustment SET known_until = $1, closed_by = $2
                         WHERE known_until IS NULL AND id = ANY($3)";
        supersede(self, statement, ids).await
    }

    pub(super) async fn insert_applications(&mut self, applications: &[(Application, u32)]) -> Result<(), StoreError> {
        let (import, source, known_from) = (self.id.0, self.source.0, self.known_on);
        let mut id: i64 =
            sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM application").fetch_one(&mut *self.tx).await?;
        let statement = "COPY application (id, source_id, number, kind, physician_id, association_id, filer,
                             applied_on, effective_on, approved_on, cancelled_on, status, class, reason, note,
                             import_id, row, known_from) FROM STDIN (FORMAT binary)";
        copy_in(&mut self.tx, statement, 18, applications, |values, (new, row)| {
            id += 1;
            values
                .put(id)
                .put(source)
                .put(&*new.number)
                .put(i16::from(new.kind.index()))
                .put(new.physician.0)
                .put(new.association.0)
                .put(i16::from(new.filer.index()))
                .put(new.applied_on)
                .put(new.effective_on)
                .put(new.approved_on)
                .put(new.cancelled_on)
                .put(i16::from(new.status.index()))
                .put(new.class.map(|class| i16::from(class.index())))
                .put(i16::from(new.reason.index()))
                .put(&*new.note)
                .put(import)
                .put(i64::from(*row))
                .put(known_from);
        })
        .await
    }

    pub(super) async fn insert_adjustments(&mut self, adjustments: &[(Adjustment, u32)]) -> Result<(), StoreError> {
        let (import, source, known_from) = (self.id.0, self.source.0, self.known_on);
        let mut id: i64 =
            sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM adjustment").fetch_one(&mut *self.tx).await?;
        let statement = "COPY adjustment (id, source_id, number, kind, physician_id, association_id, stay_joined_on,
                             day, class, reason, other_physician_id, finding, is_revoked, why, approver, import_id,
                             row, known_from) FROM STDIN (FORMAT binary)";
        copy_in(&mut self.tx, statement, 18, adjustments, |values, (new, row)| {
            id += 1;
            values
                .put(id)
                .put(source)
                .put(&*new.number)
                .put(i16::from(new.kind.index()))
                .put(new.physician.0)
                .put(new.association.map(|id| id.0))
                .put(new.stay_joined_on)
                .put(new.day)
                .put(new.class.map(|class| i16::from(class.index())))
                .put(i16::from(new.reason.index()))
                .put(new.other.map(|id| id.0))
                .put(new.finding.map(FindingCode::code))
                .put(new.is_revoked)
                .put(&*new.why)
                .put(&*new.approver)
                .put(import)
                .put(i64::from(*row))
                .put(known_from);
        })
        .await
    }
}

/// The versions of [`PostgresStore::each_application`], as a connection sees them.
async fn read_applications(
    connection: &mut PgConnection,
    each: impl FnMut(ApplicationVersion),
) -> Result<(), StoreError> {
    let statement = "COPY (SELECT number, kind, physician_id, association_id, filer, applied_on, effective_on,
                               approved_on, cancelled_on, status, class, reason, note, source_id, import_id, row,
                               known_from, known_until
                           FROM application WHERE known_until IS NULL OR known_until > known_from
                           ORDER BY physician_id, number, association_id, kind, known_from, id)
                     TO STDOUT (FORMAT binary)";
    let mut uncut = Uncut::new(each);
    copy_out(connection, statement, "application", |row| {
        let version = ApplicationVersion {
            application: read_application(row)?,
            source: SourceId(row.get()?),
            import: ImportId(row.get()?),
            row: count(row.get()?)?,
            known_from: row.get()?,
            known_until: row.opt()?,
        };
        uncut.push((version.import, version.row), version);
        Ok(())
    })
    .await?;
    uncut.end();
    Ok(())
}

/// The versions of [`PostgresStore::each_adjustment`], as a connection sees them.
async fn read_adjustments(
    connection: &mut PgConnection,
    each: impl FnMut(AdjustmentVersion),
) -> Result<(), StoreError> {
    let statement = "COPY (SELECT number, kind, physician_id, association_id, stay_joined_on, day, class, reason,
                               other_physician_id, finding, is_revoked, why, approver, source_id, import_id, row,
                               known_from, known_until
                           FROM adjustment WHERE known_until IS NULL OR known_until > known_from
                           ORDER BY physician_id, number, association_id NULLS FIRST, kind, known_from, id)
                     TO STDOUT (FORMAT binary)";
    let mut uncut = Uncut::new(each);
    copy_out(connection, statement, "adjustment", |row| {
        let version = AdjustmentVersion {
            adjustment: read_adjustment(row)?,
            source: SourceId(row.get()?),
            import: ImportId(row.get()?),
            row: count(row.get()?)?,
            known_from: row.get()?,
            known_until: row.opt()?,
        };
        uncut.push((version.import, version.row), version);
        Ok(())
    })
    .await?;
    uncut.end();
    Ok(())
}
