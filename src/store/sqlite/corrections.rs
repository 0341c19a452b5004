//! Applications and adjustments: what is learnt beside the member files.

use futures_util::TryStreamExt;
use serde::Deserialize;
use sqlx::{QueryBuilder, Sqlite, SqliteExecutor};

use super::database::{ROWS_PER_INSERT, SqliteStore};
use super::days::{from_day, from_day_opt, to_day, to_day_opt};
use super::open_import::SqliteImport;
use super::packed::unpack;
use crate::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion, Filer};
use crate::domain::class::NationalClass;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, ImportId, PhysicianId, SourceId};
use crate::store::codes::indexed;
use crate::store::uncut::Uncut;
use crate::store::{StoreError, StoredAdjustment, StoredApplication};

/// Columns of `application` in the order in which statements pack them.
#[derive(Deserialize)]
struct ApplicationRow {
    id: i64,
    source_id: i32,
    number: Box<str>,
    kind: i64,
    physician_id: i64,
    association_id: i32,
    filer: i64,
    applied_on: Option<i64>,
    effective_on: Option<i64>,
    approved_on: Option<i64>,
    cancelled_on: Option<i64>,
    status: i64,
    class: Option<i64>,
    reason: i64,
    note: Box<str>,
    import_id: i64,
    row: u32,
    known_from: i64,
    known_until: Option<i64>,
}

impl TryFrom<ApplicationRow> for ApplicationVersion {
    type Error = StoreError;

    fn try_from(row: ApplicationRow) -> Result<Self, StoreError> {
        Ok(Self {
            application: Application {
                number: row.number,
                kind: indexed(row.kind, ApplicationKind::from_index, "application kind")?,
                physician: PhysicianId(row.physician_id),
                association: AssociationId(row.association_id),
                filer: indexed(row.filer, Filer::from_index, "filer")?,
                applied_on: from_day_opt(row.applied_on)?,
                effective_on: from_day_opt(row.effective_on)?,
                approved_on: from_day_opt(row.approved_on)?,
                cancelled_on: from_day_opt(row.cancelled_on)?,
                status: indexed(row.status, ApplicationStatus::from_index, "application status")?,
                class: class(row.class)?,
                reason: indexed(row.reason, WithdrawalReason::from_index, "reason")?,
                note: row.note,
            },
            source: SourceId(row.source_id),
            import: ImportId(row.import_id),
            row: row.row,
            known_from: from_day(row.known_from)?,
            known_until: from_day_opt(row.known_until)?,
        })
    }
}

/// Columns of `adjustment` in the order in which statements pack them.
#[derive(Deserialize)]
struct AdjustmentRow {
    id: i64,
    source_id: i32,
    number: Box<str>,
    kind: i64,
    physician_id: i64,
    association_id: Option<i32>,
    stay_joined_on: Option<i64>,
    day: Option<i64>,
    class: Option<i64>,
    reason: i64,
    other_physician_id: Option<i64>,
    finding: Option<String>,
    is_revoked: i64,
    why: Box<str>,
    approver: Box<str>,
    import_id: i64,
    row: u32,
    known_from: i64,
    known_until: Option<i64>,
}

impl TryFrom<AdjustmentRow> for AdjustmentVersion {
    type Error = StoreError;

    fn try_from(row: AdjustmentRow) -> Result<Self, StoreError> {
        let finding = row.finding.map(|code| FindingCode::from_code(&code).ok_or(StoreError::Corrupt("finding")));
        Ok(Self {
            adjustment: Adjustment {
                number: row.number,
                kind: indexed(row.kind, AdjustmentKind::from_index, "adjustment kind")?,
                physician: PhysicianId(row.physician_id),
                association: row.association_id.map(AssociationId),
                stay_joined_on: from_day_opt(row.stay_joined_on)?,
                day: from_day_opt(row.day)?,
                class: class(row.class)?,
                reason: indexed(row.reason, WithdrawalReason::from_index, "reason")?,
                other: row.other_physician_id.map(PhysicianId),
                finding: finding.transpose()?,
                is_revoked: row.is_revoked != 0,
                why: row.why,
                approver: row.approver,
            },
            source: SourceId(row.source_id),
            import: ImportId(row.import_id),
            row: row.row,
            known_from: from_day(row.known_from)?,
            known_until: from_day_opt(row.known_until)?,
        })
    }
}

fn class(stored: Option<i64>) -> Result<Option<NationalClass>, StoreError> {
    stored.map(|class| indexed(class, NationalClass::from_index, "class")).transpose()
}

impl SqliteStore {
    /// All versions of all applications that were ever known for a day or more, by physician, number, body, kind,
    /// known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_application(&self, each: impl FnMut(ApplicationVersion)) -> Result<(), StoreError> {
        read_applications(&self.pool, each).await
    }

    /// All versions of all adjustments that were ever known for a day or more, by physician, number, body (none
    /// first), kind, known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_adjustment(&self, each: impl FnMut(AdjustmentVersion)) -> Result<(), StoreError> {
        read_adjustments(&self.pool, each).await
    }
}

/// The versions of [`SqliteStore::each_application`], as a connection sees them.
async fn read_applications<'e>(
    database: impl SqliteExecutor<'e>,
    each: impl FnMut(ApplicationVersion),
) -> Result<(), StoreError> {
    let mut rows = sqlx::query_scalar::<_, String>(
        "SELECT json_array(id, source_id, number, kind, physician_id, association_id, filer, applied_on,
                effective_on, approved_on, cancelled_on, status, class, reason, note, import_id, row,
                known_from, known_until)
         FROM application WHERE known_until IS NULL OR known_until > known_from
         ORDER BY physician_id, number, association_id, kind, known_from, id",
    )
    .fetch(database);
    let mut uncut = Uncut::new(each);
    while let Some(packed) = rows.try_next().await? {
        let version: ApplicationVersion = unpack::<ApplicationRow>(&packed, "application")?.try_into()?;
        uncut.push((version.import, version.row), version);
    }
    uncut.end();
    Ok(())
}

/// The versions of [`SqliteStore::each_adjustment`], as a connection sees them.
async fn read_adjustments<'e>(
    database: impl SqliteExecutor<'e>,
    each: impl FnMut(AdjustmentVersion),
) -> Result<(), StoreError> {
    let mut rows = sqlx::query_scalar::<_, String>(
        "SELECT json_array(id, source_id, number, kind, physician_id, association_id, stay_joined_on, day,
                class, reason, other_physician_id, finding, is_revoked, why, approver, import_id, row,
                known_from, known_until)
         FROM adjustment WHERE known_until IS NULL OR known_until > known_from
         ORDER BY physician_id, number, association_id, kind, known_from, id",
    )
    .fetch(database);
    let mut uncut = Uncut::new(each);
    while let Some(packed) = rows.try_next().await? {
        let version: AdjustmentVersion = unpack::<AdjustmentRow>(&packed, "adjustment")?.try_into()?;
        uncut.push((version.import, version.row), version);
    }
    uncut.end();
    Ok(())
}

impl SqliteImport {
    /// What [`SqliteStore::each_application`] gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_application(&mut self, each: impl FnMut(ApplicationVersion)) -> Result<(), StoreError> {
        read_applications(&mut *self.tx, each).await
    }

    /// What [`SqliteStore::each_adjustment`] gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_adjustment(&mut self, each: impl FnMut(AdjustmentVersion)) -> Result<(), StoreError> {
        read_adjustments(&mut *self.tx, each).await
    }

    /// The applications of the source that stand, in the order in which they were stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_applications(&mut self) -> Result<Vec<StoredApplication>, StoreError> {
        let mut rows = sqlx::query_scalar::<_, String>(
            "SELECT json_array(id, source_id, number, kind, physician_id, association_id, filer, applied_on,
                    effective_on, approved_on, cancelled_on, status, class, reason, note, import_id, row,
                    known_from, known_until)
             FROM application WHERE source_id = $1 AND known_until IS NULL ORDER BY id",
        )
        .bind(self.source.0)
        .fetch(&mut *self.tx);
        let mut out = Vec::new();
        while let Some(packed) = rows.try_next().await? {
            let row: ApplicationRow = unpack(&packed, "application")?;
            let row_id = row.id;
            out.push(StoredApplication { row_id, application: ApplicationVersion::try_from(row)?.application });
        }
        Ok(out)
    }

    /// The adjustments of the source that stand, in the order in which they were stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_adjustments(&mut self) -> Result<Vec<StoredAdjustment>, StoreError> {
        let mut rows = sqlx::query_scalar::<_, String>(
            "SELECT json_array(id, source_id, number, kind, physician_id, association_id, stay_joined_on, day,
                    class, reason, other_physician_id, finding, is_revoked, why, approver, import_id, row,
                    known_from, known_until)
             FROM adjustment WHERE source_id = $1 AND known_until IS NULL ORDER BY id",
        )
        .bind(self.source.0)
        .fetch(&mut *self.tx);
        let mut out = Vec::new();
        while let Some(packed) = rows.try_next().await? {
            let row: AdjustmentRow = unpack(&packed, "adjustment")?;
            let row_id = row.id;
            out.push(StoredAdjustment { row_id, adjustment: AdjustmentVersion::try_from(row)?.adjustment });
        }
        Ok(out)
    }

    pub(super) async fn insert_applications(&mut self, applications: &[(Application, u32)]) -> Result<(), StoreError> {
        let (import, source, known_from) = (self.id.0, self.source.0, to_day(self.known_on));
        for chunk in applications.chunks(ROWS_PER_INSERT) {
            let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new(
                "INSERT INTO application (source_id, number, kind, physician_id, association_id, filer, applied_on,
                     effective_on, approved_on, cancelled_on, status, class, reason, note, import_id, row,
                     known_from) ",
            );
            insert.push_values(chunk, |mut values, (new, row)| {
                values
                    .push_bind(source)
                    .push_bind(&*new.number)
                    .push_bind(i64::from(new.kind.index()))
                    .push_bind(new.physician.0)
                    .push_bind(new.association.0)
                    .push_bind(i64::from(new.filer.index()))
                    .push_bind(to_day_opt(new.applied_on))
                    .push_bind(to_day_opt(new.effective_on))
                    .push_bind(to_day_opt(new.approved_on))
                    .push_bind(to_day_opt(new.cancelled_on))
                    .push_bind(i64::from(new.status.index()))
                    .push_bind(new.class.map(|class| i64::from(class.index())))
                    .push_bind(i64::from(new.reason.index()))
                    .push_bind(&*new.note)
                    .push_bind(import)
                    .push_bind(row)
                    .push_bind(known_from);
            });
            insert.build().execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    pub(super) async fn insert_adjustments(&mut self, adjustments: &[(Adjustment, u32)]) -> Result<(), StoreError> {
        let (import, source, known_from) = (self.id.0, self.source.0, to_day(self.known_on));
        for chunk in adjustments.chunks(ROWS_PER_INSERT) {
            let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new(
                "INSERT INTO adjustment (source_id, number, kind, physician_id, association_id, stay_joined_on, day,
                     class, reason, other_physician_id, finding, is_revoked, why, approver, import_id, row,
                     known_from) ",
            );
            insert.push_values(chunk, |mut values, (new, row)| {
                values
                    .push_bind(source)
                    .push_bind(&*new.number)
                    .push_bind(i64::from(new.kind.index()))
                    .push_bind(new.physician.0)
                    .push_bind(new.association.map(|id| id.0))
                    .push_bind(to_day_opt(new.stay_joined_on))
                    .push_bind(to_day_opt(new.day))
                    .push_bind(new.class.map(|class| i64::from(class.index())))
                    .push_bind(i64::from(new.reason.index()))
                    .push_bind(new.other.map(|id| id.0))
                    .push_bind(new.finding.map(FindingCode::code))
                    .push_bind(new.is_revoked)
                    .push_bind(&*new.why)
                    .push_bind(&*new.approver)
                    .push_bind(import)
                    .push_bind(row)
                    .push_bind(known_from);
            });
            insert.build().execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}
