//! Versions of stays as statements copy them out.

use chrono::NaiveDate;
use sqlx::PgConnection;

use super::binary::Fields;
use super::bulk::copy_out;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{EnrolmentVersion, SourceStatus, StayFacts, WithdrawalReason};
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};
use crate::store::StoreError;
use crate::store::codes::{indexed, rows_shown};
use crate::store::uncut::Uncut;

/// Reads the fact columns of `enrolment`: wished_on, joined_on, left_on, class, class_text, class_from, reason,
/// reason_text, status, rows_shown. Returns the facts, the first day of the class, and the rows that show the stay.
pub(super) fn read_facts(row: &mut Fields<'_>) -> Result<(StayFacts, Option<NaiveDate>, u16), StoreError> {
    let (wished_on, joined_on, left_on) = (row.opt()?, row.opt()?, row.opt()?);
    let class = indexed(row.get::<i16>()?, NationalClass::from_index, "class")?;
    let class_text = row.opt::<&str>()?.map(Into::into);
    let class_from = row.opt()?;
    let reason = indexed(row.get::<i16>()?, WithdrawalReason::from_index, "reason")?;
    let reason_text = row.opt::<&str>()?.map(Into::into);
    let status = indexed(row.get::<i16>()?, SourceStatus::from_index, "status")?;
    let rows_shown = rows_shown(row.get::<i32>()?)?;
    let facts = StayFacts { wished_on, joined_on, left_on, class, class_text, reason, reason_text, status };
    Ok((facts, class_from, rows_shown))
}

/// The versions of `PostgresStore::each_version`, as a connection sees them.
pub(super) async fn read_versions(
    connection: &mut PgConnection,
    each: impl FnMut(EnrolmentVersion),
) -> Result<(), StoreError> {
    let statement = "COPY (SELECT enrolment_id, physician_id, association_id, wished_on, joined_on, left_on, class,
                               class_text, class_from, reason, reason_text, status, rows_shown, source_id,
                               import_id, known_from, known_until
                           FROM enrolment WHERE known_until IS NULL OR known_until > known_from
                           ORDER BY physician_id, association_id, enrolment_id, known_from)
                     TO STDOUT (FORMAT binary)";
    let mut uncut = Uncut::new(each);
    copy_out(connection, statement, "enrolment", |row| {
        let enrolment = EnrolmentId(row.get()?);
        let (physician, association) = (PhysicianId(row.get()?), AssociationId(row.get()?));
        let (facts, class_from, rows_shown) = read_facts(row)?;
        let (source, import): (i32, i64) = (row.get()?, row.get()?);
        let version = EnrolmentVersion {
            enrolment,
            source: SourceId(source),
            physician,
            association,
            facts,
            class_from,
            rows_shown,
            known_from: row.get()?,
            known_until: row.opt()?,
        };
        uncut.push((enrolment, import), version);
        Ok(())
    })
    .await?;
    uncut.end();
    Ok(())
}
