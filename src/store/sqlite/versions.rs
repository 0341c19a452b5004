//! Versions of stays as statements pack them.

use futures_util::TryStreamExt;
use serde::Deserialize;
use sqlx::SqliteExecutor;

use super::days::{from_day, from_day_opt};
use super::packed::unpack;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{EnrolmentVersion, SourceStatus, StayFacts, WithdrawalReason};
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};
use crate::store::StoreError;
use crate::store::codes::{indexed, rows_shown};
use crate::store::uncut::Uncut;

/// Fact columns of `enrolment`, in the order in which statements pack them.
#[derive(Deserialize)]
pub(super) struct FactRow {
    pub(super) id: i64,
    pub(super) enrolment_id: i64,
    pub(super) physician_id: i64,
    pub(super) association_id: i32,
    wished_on: Option<i64>,
    joined_on: Option<i64>,
    left_on: Option<i64>,
    class: i64,
    class_text: Option<Box<str>>,
    pub(super) class_from: Option<i64>,
    reason: i64,
    reason_text: Option<Box<str>>,
    status: i64,
    pub(super) rows_shown: i64,
}

impl FactRow {
    pub(super) fn facts(&mut self) -> Result<StayFacts, StoreError> {
        Ok(StayFacts {
            wished_on: from_day_opt(self.wished_on)?,
            joined_on: from_day_opt(self.joined_on)?,
            left_on: from_day_opt(self.left_on)?,
            class: indexed(self.class, NationalClass::from_index, "class")?,
            class_text: self.class_text.take(),
            reason: indexed(self.reason, WithdrawalReason::from_index, "reason")?,
            reason_text: self.reason_text.take(),
            status: indexed(self.status, SourceStatus::from_index, "status")?,
        })
    }
}

/// A version in the order in which statements pack it; the fact is an array of its own.
#[derive(Deserialize)]
struct VersionRow {
    fact: FactRow,
    source_id: i32,
    import_id: i64,
    known_from: i64,
    known_until: Option<i64>,
}

impl TryFrom<VersionRow> for EnrolmentVersion {
    type Error = StoreError;

    fn try_from(mut row: VersionRow) -> Result<Self, StoreError> {
        Ok(Self {
            enrolment: EnrolmentId(row.fact.enrolment_id),
            source: SourceId(row.source_id),
            physician: PhysicianId(row.fact.physician_id),
            association: AssociationId(row.fact.association_id),
            facts: row.fact.facts()?,
            class_from: from_day_opt(row.fact.class_from)?,
            rows_shown: rows_shown(row.fact.rows_shown)?,
            known_from: from_day(row.known_from)?,
            known_until: from_day_opt(row.known_until)?,
        })
    }
}

/// The versions of `SqliteStore::each_version`, as a connection sees them.
pub(super) async fn read_versions<'e>(
    database: impl SqliteExecutor<'e>,
    each: impl FnMut(EnrolmentVersion),
) -> Result<(), StoreError> {
    let mut rows = sqlx::query_scalar::<_, String>(
        "SELECT json_array(json_array(id, enrolment_id, physician_id, association_id, wished_on, joined_on,
                    left_on, class, class_text, class_from, reason, reason_text, status, rows_shown),
                source_id, import_id, known_from, known_until)
         FROM enrolment WHERE known_until IS NULL OR known_until > known_from
         ORDER BY physician_id, association_id, enrolment_id, known_from",
    )
    .fetch(database);
    let mut uncut = Uncut::new(each);
    while let Some(packed) = rows.try_next().await? {
        let row: VersionRow = unpack(&packed, "enrolment")?;
        uncut.push((row.fact.enrolment_id, row.import_id), row.try_into()?);
    }
    uncut.end();
    Ok(())
}
