//! Reading facts out: the whole history for the timeline, and the people behind a number.

use futures_util::TryStreamExt;
use serde::Deserialize;
use sqlx::FromRow;

use super::SqliteStore;
use super::days::{from_day, from_day_opt, to_day};
use super::enrolments::{FactRow, rows_shown};
use super::packed::unpack;
use super::persons::sex;
use crate::domain::as_of::KnownAt;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::finding::{Finding, FindingCode};
use crate::domain::ids::{AssociationId, EnrolmentId, ImportId, PhysicianId, SourceId};
use crate::domain::person::PersonAttributes;
use crate::store::{KnownFinding, StoreError};

/// A version in the order in which statements pack it; the fact is an array of its own.
#[derive(Deserialize)]
struct VersionRow {
    fact: FactRow,
    source_id: i32,
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

/// Attributes of a person in the order in which the statement packs them.
#[derive(Deserialize)]
struct AttributesRow {
    physician_id: i64,
    sex: i64,
    born_on: Option<i64>,
    duty: String,
    known_from: i64,
    known_until: Option<i64>,
}

#[derive(FromRow)]
struct FindingRow {
    code: String,
    physician_id: i64,
    association_id: Option<i32>,
    date_before: Option<i64>,
    date_after: Option<i64>,
    row: Option<i64>,
    import_id: i64,
    known_from: i64,
}

impl SqliteStore {
    /// All versions of all stays that were ever known for a day or more, by physician, body, enrolment,
    /// known_from: the order that the timeline keeps.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or what `each` returns.
    pub async fn each_version(&self, mut each: impl FnMut(EnrolmentVersion)) -> Result<(), StoreError> {
        let mut rows = sqlx::query_scalar::<_, String>(
            "SELECT json_array(json_array(id, enrolment_id, physician_id, association_id, wished_on, joined_on,
                        left_on, class, class_text, class_from, reason, reason_text, status, rows_shown),
                    source_id, known_from, known_until)
             FROM enrolment WHERE known_until IS NULL OR known_until > known_from
             ORDER BY physician_id, association_id, enrolment_id, known_from",
        )
        .fetch(&self.pool);
        while let Some(packed) = rows.try_next().await? {
            each(unpack::<VersionRow>(&packed, "enrolment")?.try_into()?);
        }
        Ok(())
    }

    /// All descriptions that were ever known for a day or more, without anything that names a person, by
    /// physician and known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_person(&self, mut each: impl FnMut(PersonAttributes)) -> Result<(), StoreError> {
        let mut rows = sqlx::query_scalar::<_, String>(
            "SELECT json_array(physician_id, sex, born_on, duty, known_from, known_until) FROM physician_version
             WHERE known_until IS NULL OR known_until > known_from ORDER BY physician_id, known_from",
        )
        .fetch(&self.pool);
        while let Some(packed) = rows.try_next().await? {
            let row: AttributesRow = unpack(&packed, "physician_version")?;
            each(PersonAttributes {
                physician: PhysicianId(row.physician_id),
                sex: sex(row.sex)?,
                born_on: from_day_opt(row.born_on)?,
                duty: row.duty,
                known_from: from_day(row.known_from)?,
                known_until: from_day_opt(row.known_until)?,
            });
        }
        Ok(())
    }

    /// Findings as known at the end of a day, by code, body, physician. Events that happened by then are among
    /// them; states that were settled by then are not.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn findings(&self, known_at: KnownAt) -> Result<Vec<KnownFinding>, StoreError> {
        let rows: Vec<FindingRow> = sqlx::query_as(
            // The day of the import that raised it: a finding that stands again after a replaced file is a copy whose
            // own known_from is the day of that file.
            "SELECT f.code, f.physician_id, f.association_id, f.date_before, f.date_after, f.row, f.import_id,
                    i.known_on AS known_from
             FROM finding f JOIN import i ON i.id = f.import_id
             WHERE f.known_from <= $1 AND (f.known_until IS NULL OR f.known_until > $1)
             ORDER BY f.code, f.association_id, f.physician_id, i.known_on, f.id",
        )
        .bind(to_day(known_at.0))
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(KnownFinding {
                    finding: Finding {
                        code: FindingCode::from_code(&row.code).ok_or(StoreError::Corrupt("finding"))?,
                        physician: PhysicianId(row.physician_id),
                        association: row.association_id.map(AssociationId),
                        date_before: from_day_opt(row.date_before)?,
                        date_after: from_day_opt(row.date_after)?,
                        row: row.row.and_then(|row| u32::try_from(row).ok()),
                    },
                    known_from: from_day(row.known_from)?,
                    import: ImportId(row.import_id),
                })
            })
            .collect()
    }
}
