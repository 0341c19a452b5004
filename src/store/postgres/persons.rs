//! Physicians and their descriptions.

use chrono::NaiveDate;
use futures_util::TryStreamExt;
use sqlx::FromRow;

use super::bulk::{copy_in, copy_out};
use super::database::{IDS_PER_STATEMENT, PostgresStore};
use super::open_import::{PostgresImport, supersede};
use crate::domain::as_of::KnownAt;
use crate::domain::ids::{PhysicianId, RegistrationNumber};
use crate::domain::person::KnownPerson;
use crate::domain::person::{Person, PersonTexts};
use crate::store::codes::{number, sex};
use crate::store::{NewPerson, StoreError, StoredPerson};

#[derive(FromRow)]
struct PersonRow {
    physician_id: i64,
    registration_number: i64,
    name: String,
    kana: String,
    sex: i16,
    born_on: Option<NaiveDate>,
    graduated: String,
    facility: String,
    duty: String,
}

impl TryFrom<PersonRow> for KnownPerson {
    type Error = StoreError;

    fn try_from(row: PersonRow) -> Result<Self, StoreError> {
        let texts = PersonTexts {
            name: row.name,
            kana: row.kana,
            graduated: row.graduated,
            facility: row.facility,
            duty: row.duty,
        };
        Ok(Self {
            physician: PhysicianId(row.physician_id),
            number: number(row.registration_number)?,
            person: Person::new(&texts, sex(row.sex)?, row.born_on),
        })
    }
}

impl PostgresStore {
    /// Descriptions of the given physicians as known at the end of a day, by number. Whoever was not
    /// described then has empty texts.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn persons(&self, ids: &[PhysicianId], known_at: KnownAt) -> Result<Vec<KnownPerson>, StoreError> {
        let mut out = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(IDS_PER_STATEMENT) {
            let chunk: Vec<i64> = chunk.iter().map(|id| id.0).collect();
            let rows: Vec<PersonRow> = sqlx::query_as(
                "SELECT p.id AS physician_id, p.registration_number, coalesce(v.name, '') AS name,
                        coalesce(v.kana, '') AS kana, coalesce(v.sex, 0::smallint) AS sex, v.born_on,
                        coalesce(v.graduated, '') AS graduated, coalesce(v.facility, '') AS facility,
                        coalesce(v.duty, '') AS duty
                 FROM physician p
                 LEFT JOIN physician_version v ON v.physician_id = p.id
                     AND v.known_from <= $1 AND (v.known_until IS NULL OR v.known_until > $1)
                 WHERE p.id = ANY($2)",
            )
            .bind(known_at.0)
            .bind(chunk)
            .fetch_all(&self.pool)
            .await?;
            for row in rows {
                out.push(KnownPerson::try_from(row)?);
            }
        }
        out.sort_by_key(|person| person.number);
        Ok(out)
    }

    /// Calls `each` with the name of every physician as known at the end of a day, by physician. Whoever was not
    /// described then has an empty one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_name(
        &self,
        known_at: KnownAt,
        mut each: impl FnMut(PhysicianId, &str),
    ) -> Result<(), StoreError> {
        let mut rows = sqlx::query_as::<_, (i64, String)>(
            "SELECT p.id, coalesce(v.name, '')
             FROM physician p
             LEFT JOIN physician_version v ON v.physician_id = p.id AND v.known_from <= $1
                 AND (v.known_until IS NULL OR v.known_until > $1)
             ORDER BY p.id",
        )
        .bind(known_at.0)
        .fetch(&self.pool);
        while let Some((physician, name)) = rows.try_next().await? {
            each(PhysicianId(physician), &name);
        }
        Ok(())
    }
}

impl PostgresImport {
    /// All physicians with their standing descriptions, by number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_persons(&mut self) -> Result<Vec<StoredPerson>, StoreError> {
        let statement = "COPY (SELECT p.id, p.registration_number, v.id, v.digest, v.kana_digest, v.born_on,
                                   v.known_from
                               FROM physician p
                               LEFT JOIN physician_version v ON v.physician_id = p.id AND v.known_until IS NULL
                               ORDER BY p.registration_number) TO STDOUT (FORMAT binary)";
        let mut out = Vec::new();
        copy_out(&mut self.tx, statement, "physician", |row| {
            out.push(StoredPerson {
                physician: PhysicianId(row.get()?),
                number: number(row.get()?)?,
                row_id: row.opt()?,
                digest: row.opt()?.unwrap_or_default(),
                kana_digest: row.opt()?.unwrap_or_default(),
                born_on: row.opt()?,
                known_from: row.opt()?,
            });
            Ok(())
        })
        .await?;
        Ok(out)
    }

    pub(super) async fn insert_physicians(
        &mut self,
        physicians: &[(PhysicianId, RegistrationNumber)],
    ) -> Result<(), StoreError> {
        let statement = "COPY physician (id, registration_number) FROM STDIN (FORMAT binary)";
        copy_in(&mut self.tx, statement, 2, physicians, |row, (id, number)| {
            row.put(id.0).put(i64::from(number.0));
        })
        .await
    }

    pub(super) async fn supersede_persons(&mut self, ids: &[i64]) -> Result<(), StoreError> {
        let statement = "UPDATE physician_version SET known_until = $1, closed_by = $2
                         WHERE known_until IS NULL AND id = ANY($3)";
        supersede(self, statement, ids).await
    }

    pub(super) async fn insert_persons(&mut self, persons: &[NewPerson]) -> Result<(), StoreError> {
        let (import, known_from) = (self.id.0, self.known_on);
        let mut id: i64 =
            sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM physician_version").fetch_one(&mut *self.tx).await?;
        let statement = "COPY physician_version (id, physician_id, name, kana, sex, born_on, graduated, facility,
                             duty, digest, kana_digest, import_id, row, known_from) FROM STDIN (FORMAT binary)";
        copy_in(&mut self.tx, statement, 14, persons, |row, new| {
            id += 1;
            let texts = new.person.texts();
            row.put(id)
                .put(new.physician.0)
                .put(texts.name.as_str())
                .put(texts.kana.as_str())
                .put(i16::from(new.person.sex.index()))
                .put(new.person.born_on)
                .put(texts.graduated.as_str())
                .put(texts.facility.as_str())
                .put(texts.duty.as_str())
                .put(new.digest)
                .put(new.kana_digest)
                .put(import)
                .put(i64::from(new.row))
                .put(known_from);
        })
        .await
    }
}
