//! Reading facts out: the whole history for the timeline, and what stands behind a number.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::bulk::copy_out;
use super::database::{IDS_PER_STATEMENT, PostgresStore};
use super::versions::read_versions;
use crate::domain::as_of::KnownAt;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::finding::{Finding, FindingCode};
use crate::domain::ids::{AssociationId, EnrolmentId, ImportId, PhysicianId};
use crate::domain::person::PersonAttributes;
use crate::store::codes::sex;
use crate::store::uncut::Uncut;
use crate::store::{KnownFinding, Origin, StoreError};

#[derive(FromRow)]
struct FindingRow {
    code: String,
    physician_id: i64,
    association_id: Option<i32>,
    date_before: Option<NaiveDate>,
    date_after: Option<NaiveDate>,
    row: Option<i64>,
    import_id: i64,
    known_from: NaiveDate,
}

impl TryFrom<FindingRow> for KnownFinding {
    type Error = StoreError;

    fn try_from(row: FindingRow) -> Result<Self, StoreError> {
        Ok(Self {
            finding: Finding {
                code: FindingCode::from_code(&row.code).ok_or(StoreError::Corrupt("finding"))?,
                physician: PhysicianId(row.physician_id),
                association: row.association_id.map(AssociationId),
                date_before: row.date_before,
                date_after: row.date_after,
                row: row.row.and_then(|row| u32::try_from(row).ok()),
            },
            known_from: row.known_from,
            import: ImportId(row.import_id),
        })
    }
}

#[derive(FromRow)]
struct OriginRow {
    enrolment_id: i64,
    known_from: NaiveDate,
    import_id: i64,
    file_name: String,
    row: Option<i64>,
}

impl From<OriginRow> for Origin {
    fn from(row: OriginRow) -> Self {
        Self {
            enrolment: EnrolmentId(row.enrolment_id),
            known_from: row.known_from,
            import: ImportId(row.import_id),
            file_name: row.file_name,
            row: row.row.and_then(|row| u32::try_from(row).ok()),
        }
    }
}

impl PostgresStore {
    /// All versions of all stays that were ever known for a day or more, by physician, body, enrolment,
    /// known_from: the order that the timeline keeps.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_version(&self, each: impl FnMut(EnrolmentVersion)) -> Result<(), StoreError> {
        read_versions(&mut *self.pool.acquire().await?, each).await
    }

    /// All descriptions that were ever known for a day or more, without anything that names a person, by
    /// physician and known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_person(&self, each: impl FnMut(PersonAttributes)) -> Result<(), StoreError> {
        let statement = "COPY (SELECT physician_id, import_id, sex, born_on, duty, known_from, known_until
                               FROM physician_version
                               WHERE known_until IS NULL OR known_until > known_from
                               ORDER BY physician_id, known_from) TO STDOUT (FORMAT binary)";
        let mut uncut = Uncut::new(each);
        copy_out(&mut *self.pool.acquire().await?, statement, "physician_version", |row| {
            let (physician, import): (i64, i64) = (row.get()?, row.get()?);
            let attributes = PersonAttributes {
                physician: PhysicianId(physician),
                sex: sex(row.get::<i16>()?)?,
                born_on: row.opt()?,
                duty: row.get::<&str>()?.into(),
                known_from: row.get()?,
                known_until: row.opt()?,
            };
            uncut.push((physician, import), attributes);
            Ok(())
        })
        .await?;
        uncut.end();
        Ok(())
    }

    /// Where the given stays come from: every version known by the end of a day that was known for a day or more, by
    /// enrolment and known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn origins(&self, ids: &[EnrolmentId], known_at: KnownAt) -> Result<Vec<Origin>, StoreError> {
        let mut out = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(IDS_PER_STATEMENT) {
            let chunk: Vec<i64> = chunk.iter().map(|id| id.0).collect();
            let rows: Vec<OriginRow> = sqlx::query_as(
                "SELECT e.enrolment_id, e.known_from, e.import_id, i.file_name, e.row
                 FROM enrolment e JOIN import i ON i.id = e.import_id
                 WHERE (e.known_until IS NULL OR e.known_until > e.known_from) AND e.known_from <= $1
                     AND e.enrolment_id = ANY($2)",
            )
            .bind(known_at.0)
            .bind(chunk)
            .fetch_all(&self.pool)
            .await?;
            out.extend(rows.into_iter().map(Origin::from));
        }
        out.sort_by_key(|origin| (origin.enrolment, origin.known_from));
        // Of copies that a replaced file left the original speaks.
        out.dedup_by_key(|origin| (origin.enrolment, origin.import));
        Ok(out)
    }

    /// Findings as known at the end of a day, by code, body, physician. Events that happened by then are among
    /// them; states that were resolved by then are not.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn findings(&self, known_at: KnownAt) -> Result<Vec<KnownFinding>, StoreError> {
        let rows: Vec<FindingRow> = sqlx::query_as(
            // The day of the import that raised it: a finding that stands again after a replaced file is a copy whose
            // own known_from is the day of that file. Findings about no body come first, as in the embedded store.
            "SELECT f.code, f.physician_id, f.association_id, f.date_before, f.date_after, f.row, f.import_id,
                    i.known_on AS known_from
             FROM finding f JOIN import i ON i.id = f.import_id
             WHERE f.known_from <= $1 AND (f.known_until IS NULL OR f.known_until > $1)
             ORDER BY f.code, f.association_id NULLS FIRST, f.physician_id, i.known_on, f.id",
        )
        .bind(known_at.0)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}
