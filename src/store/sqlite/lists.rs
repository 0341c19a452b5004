//! Reading facts out: the whole history for the timeline, and the people behind a number.

use futures_util::TryStreamExt;
use serde::Deserialize;
use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::database::{ROWS_PER_INSERT, SqliteStore};
use super::days::{from_day, from_day_opt, to_day};
use super::packed::unpack;
use super::versions::read_versions;
use crate::domain::as_of::KnownAt;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::finding::{Finding, FindingCode};
use crate::domain::ids::{AssociationId, EnrolmentId, ImportId, PhysicianId};
use crate::domain::person::PersonAttributes;
use crate::store::codes::sex;
use crate::store::uncut::Uncut;
use crate::store::{KnownFinding, Origin, StoreError};

/// Attributes of a person in the order in which the statement packs them.
#[derive(Deserialize)]
struct AttributesRow {
    physician_id: i64,
    sex: i64,
    born_on: Option<i64>,
    duty: String,
    import_id: i64,
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

#[derive(FromRow)]
struct OriginRow {
    enrolment_id: i64,
    known_from: i64,
    import_id: i64,
    file_name: String,
    row: Option<i64>,
}

impl TryFrom<OriginRow> for Origin {
    type Error = StoreError;

    fn try_from(row: OriginRow) -> Result<Self, StoreError> {
        Ok(Self {
            enrolment: EnrolmentId(row.enrolment_id),
            known_from: from_day(row.known_from)?,
            import: ImportId(row.import_id),
            file_name: row.file_name,
            row: row.row.and_then(|row| u32::try_from(row).ok()),
        })
    }
}

impl SqliteStore {
    /// All versions of all stays that were ever known for a day or more, by physician, body, enrolment,
    /// known_from: the order that the timeline keeps.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read, or what `each` returns.
    pub async fn each_version(&self, each: impl FnMut(EnrolmentVersion)) -> Result<(), StoreError> {
        read_versions(&self.pool, each).await
    }

    /// All descriptions that were ever known for a day or more, without anything that names a person, by
    /// physician and known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_person(&self, each: impl FnMut(PersonAttributes)) -> Result<(), StoreError> {
        let mut rows = sqlx::query_scalar::<_, String>(
            "SELECT json_array(physician_id, sex, born_on, duty, import_id, known_from, known_until)
             FROM physician_version
             WHERE known_until IS NULL OR known_until > known_from ORDER BY physician_id, known_from",
        )
        .fetch(&self.pool);
        let mut uncut = Uncut::new(each);
        while let Some(packed) = rows.try_next().await? {
            let row: AttributesRow = unpack(&packed, "physician_version")?;
            let attributes = PersonAttributes {
                physician: PhysicianId(row.physician_id),
                sex: sex(row.sex)?,
                born_on: from_day_opt(row.born_on)?,
                duty: row.duty,
                known_from: from_day(row.known_from)?,
                known_until: from_day_opt(row.known_until)?,
            };
            uncut.push((row.physician_id, row.import_id), attributes);
        }
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
        for chunk in ids.chunks(ROWS_PER_INSERT) {
            let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(
                "SELECT e.enrolment_id, e.known_from, e.import_id, i.file_name, e.row
                 FROM enrolment e JOIN import i ON i.id = e.import_id
                 WHERE (e.known_until IS NULL OR e.known_until > e.known_from) AND e.known_from <= ",
            );
            query.push_bind(to_day(known_at.0)).push(" AND e.enrolment_id IN (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id.0);
            }
            query.push(")");
            let rows: Vec<OriginRow> = query.build_query_as().fetch_all(&self.pool).await?;
            for row in rows {
                out.push(Origin::try_from(row)?);
            }
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
