//! Physicians and their descriptions.

use std::borrow::Cow;

use futures_util::TryStreamExt;
use serde::Deserialize;
use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::database::{ROWS_PER_INSERT, SqliteStore};
use super::days::{from_day_opt, to_day, to_day_opt};
use super::open_import::SqliteImport;
use super::packed::unpack;
use crate::domain::as_of::KnownAt;
use crate::domain::ids::{PhysicianId, RegistrationNumber};
use crate::domain::person::KnownPerson;
use crate::domain::person::{Person, PersonTexts};
use crate::store::codes::{number, sex};
use crate::store::{NewPerson, StoreError, StoredPerson};

/// What is known of a physician, in the order in which the statement packs it.
#[derive(Deserialize)]
struct StoredPersonRow {
    physician_id: i64,
    registration_number: i64,
    row_id: Option<i64>,
    digest: Option<i64>,
    kana_digest: Option<i64>,
    born_on: Option<i64>,
    known_from: Option<i64>,
}

#[derive(FromRow)]
struct PersonRow {
    physician_id: i64,
    registration_number: i64,
    name: String,
    kana: String,
    sex: i64,
    born_on: Option<i64>,
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
            person: Person::new(&texts, sex(row.sex)?, from_day_opt(row.born_on)?),
        })
    }
}

impl SqliteStore {
    /// Descriptions of the given physicians as known at the end of a day, by number. Whoever was not
    /// described then has empty texts.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn persons(&self, ids: &[PhysicianId], known_at: KnownAt) -> Result<Vec<KnownPerson>, StoreError> {
        let mut out = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(ROWS_PER_INSERT) {
            let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(
                "SELECT p.id AS physician_id, p.registration_number, coalesce(v.name, '') AS name,
                        coalesce(v.kana, '') AS kana, coalesce(v.sex, 0) AS sex, v.born_on,
                        coalesce(v.graduated, '') AS graduated, coalesce(v.facility, '') AS facility,
                        coalesce(v.duty, '') AS duty
                 FROM physician p
                 LEFT JOIN physician_version v ON v.physician_id = p.id AND v.known_from <= ",
            );
            query.push_bind(to_day(known_at.0)).push(" AND (v.known_until IS NULL OR v.known_until > ");
            query.push_bind(to_day(known_at.0)).push(") WHERE p.id IN (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id.0);
            }
            query.push(")");
            let rows: Vec<PersonRow> = query.build_query_as().fetch_all(&self.pool).await?;
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
        let mut rows = sqlx::query_scalar::<_, String>(
            "SELECT json_array(p.id, coalesce(v.name, ''))
             FROM physician p
             LEFT JOIN physician_version v ON v.physician_id = p.id AND v.known_from <= $1
                 AND (v.known_until IS NULL OR v.known_until > $1)
             ORDER BY p.id",
        )
        .bind(to_day(known_at.0))
        .fetch(&self.pool);
        while let Some(packed) = rows.try_next().await? {
            let (physician, name): (i64, Cow<'_, str>) = unpack(&packed, "physician")?;
            each(PhysicianId(physician), &name);
        }
        Ok(())
    }
}

impl SqliteImport {
    /// All physicians with their standing descriptions, by number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_persons(&mut self) -> Result<Vec<StoredPerson>, StoreError> {
        let mut rows = sqlx::query_scalar::<_, String>(
            "SELECT json_array(p.id, p.registration_number, v.id, v.digest, v.kana_digest, v.born_on, v.known_from)
             FROM physician p
             LEFT JOIN physician_version v ON v.physician_id = p.id AND v.known_until IS NULL
             ORDER BY p.registration_number",
        )
        .fetch(&mut *self.tx);
        let mut out = Vec::new();
        while let Some(packed) = rows.try_next().await? {
            let row: StoredPersonRow = unpack(&packed, "physician")?;
            out.push(StoredPerson {
                number: number(row.registration_number)?,
                physician: PhysicianId(row.physician_id),
                row_id: row.row_id,
                digest: row.digest.unwrap_or_default(),
                kana_digest: row.kana_digest.unwrap_or_default(),
                born_on: from_day_opt(row.born_on)?,
                known_from: from_day_opt(row.known_from)?,
            });
        }
        Ok(out)
    }

    pub(super) async fn insert_physicians(
        &mut self,
        physicians: &[(PhysicianId, RegistrationNumber)],
    ) -> Result<(), StoreError> {
        for chunk in physicians.chunks(ROWS_PER_INSERT) {
            let mut insert: QueryBuilder<Sqlite> =
                QueryBuilder::new("INSERT INTO physician (id, registration_number) ");
            insert.push_values(chunk, |mut row, (id, number)| {
                row.push_bind(id.0).push_bind(number.0);
            });
            insert.build().execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    pub(super) async fn insert_persons(&mut self, persons: &[NewPerson]) -> Result<(), StoreError> {
        let (import, known_from) = (self.id.0, to_day(self.known_on));
        for chunk in persons.chunks(ROWS_PER_INSERT) {
            let texts: Vec<PersonTexts> = chunk.iter().map(|new| new.person.texts()).collect();
            let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new(
                "INSERT INTO physician_version (physician_id, name, kana, sex, born_on, graduated, facility,
                     duty, digest, kana_digest, import_id, row, known_from) ",
            );
            insert.push_values(chunk.iter().zip(texts), |mut row, (new, texts)| {
                row.push_bind(new.physician.0)
                    .push_bind(texts.name)
                    .push_bind(texts.kana)
                    .push_bind(i64::from(new.person.sex.index()))
                    .push_bind(to_day_opt(new.person.born_on))
                    .push_bind(texts.graduated)
                    .push_bind(texts.facility)
                    .push_bind(texts.duty)
                    .push_bind(new.digest)
                    .push_bind(new.kana_digest)
                    .push_bind(import)
                    .push_bind(new.row)
                    .push_bind(known_from);
            });
            insert.build().execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}
