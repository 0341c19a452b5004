//! What describes physicians (氏名、施設など) through time, and who has a number.

use chrono::NaiveDate;

use super::cells::Cells;
use super::either::each_store;
use super::error::StoreError;
use super::facade::Store;
use super::tables::{Column, Kind};
use super::tx::lists;
use crate::domain::as_of::KnownAt;
use crate::domain::ids::{AssociationId, ImportId, PhysicianId, RegistrationNumber, SourceId};
use crate::domain::person::{Person, PersonTexts, Sex};

const NUMBERED: &str = "SELECT id FROM physician WHERE registration_number = $1";

const DESCRIBED: &[Column] = &[
    ("v.physician_id", Kind::Big),
    ("v.name", Kind::Text),
    ("v.kana", Kind::Text),
    ("v.graduated", Kind::Text),
    ("v.facility", Kind::Text),
    ("v.duty", Kind::Text),
    ("v.sex", Kind::Small),
    ("v.born_on", Kind::Day),
    ("v.import_id", Kind::Big),
    ("i.source_id", Kind::Int),
    ("v.row", Kind::Big),
    ("v.known_from", Kind::Day),
    ("v.known_until", Kind::Day),
];

const NAMED: &[Column] = &[("p.id", Kind::Big), ("v.name", Kind::Text), ("v.kana", Kind::Text)];

const SOURCE: &[Column] = &[("source_id", Kind::Int)];

/// What described a physician from one export day until the next change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The person.
    pub physician: PhysicianId,
    /// The description.
    pub person: Person,
    /// The import that brought it.
    pub import: ImportId,
    /// Its source.
    pub source: SourceId,
    /// Row of the file as Excel shows it.
    pub row: Option<u32>,
    /// Export day that brought it, inclusive.
    pub known_from: NaiveDate,
    /// Export day that superseded it, exclusive; `None` for the one that stands.
    pub known_until: Option<NaiveDate>,
}

impl Store {
    /// Who has a number; `None` where nobody has.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn physician_of(&self, number: RegistrationNumber) -> Result<Option<PhysicianId>, StoreError> {
        // Bound, so that no log of statements names anybody.
        let number = i64::from(number.0);
        let found: Option<i64> = each_store!(self, store => {
            sqlx::query_scalar(NUMBERED).bind(number).fetch_optional(&store.pool).await?
        });
        Ok(found.map(PhysicianId))
    }

    /// All descriptions of the given physicians that were known by the end of a day, for a day or more, by known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn descriptions(&self, ids: &[PhysicianId], known_at: KnownAt) -> Result<Vec<Description>, StoreError> {
        let mut tx = self.look().await?;
        let mut out = Vec::new();
        for ids in lists(ids.iter().map(|id| id.0)) {
            let from = format!(
                "physician_version v JOIN import i ON i.id = v.import_id
                 WHERE v.physician_id IN ({ids}) AND v.known_from <= {}
                     AND (v.known_until IS NULL OR v.known_until > v.known_from)
                 ORDER BY v.known_from, v.physician_id, v.id",
                tx.day(known_at.0)
            );
            tx.each_row("physician_version", DESCRIBED, &from, |row| {
                out.push(read(row)?);
                Ok(())
            })
            .await?;
        }
        tx.rollback().await?;
        Ok(out)
    }

    /// Calls `each` with name and kana of every physician who was described at the end of a day, or of the given ones.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_named(
        &self,
        ids: Option<&[PhysicianId]>,
        known_at: KnownAt,
        mut each: impl FnMut(PhysicianId, &str, &str),
    ) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        let conditions = match ids {
            None => vec!["TRUE".to_string()],
            Some(ids) => lists(ids.iter().map(|id| id.0)).iter().map(|ids| format!("p.id IN ({ids})")).collect(),
        };
        for condition in conditions {
            let day = tx.day(known_at.0);
            let from = format!(
                "physician p JOIN physician_version v ON v.physician_id = p.id
                     AND v.known_from <= {day} AND (v.known_until IS NULL OR v.known_until > {day})
                 WHERE {condition}"
            );
            tx.each_row("physician", NAMED, &from, |row| {
                let (id, name, kana): (i64, String, String) = (row.get()?, row.get()?, row.get()?);
                each(PhysicianId(id), &name, &kana);
                Ok(())
            })
            .await?;
        }
        tx.rollback().await
    }

    /// Sources whose exports have ever told of one of some bodies.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn sources_telling_of(&self, bodies: &[AssociationId]) -> Result<Vec<SourceId>, StoreError> {
        let mut out = Vec::new();
        for ids in lists(bodies.iter().map(|id| id.0.into())) {
            let from = format!("(SELECT DISTINCT source_id FROM enrolment WHERE association_id IN ({ids})) AS told");
            out.extend(self.read("enrolment", SOURCE, &from, |row| Ok(SourceId(row.get()?))).await?);
        }
        Ok(out)
    }
}

fn read(row: &mut Cells) -> Result<Description, StoreError> {
    let physician = PhysicianId(row.get()?);
    let (name, kana) = (row.get()?, row.get()?);
    let (graduated, facility, duty) = (row.get()?, row.get()?, row.get()?);
    let texts = PersonTexts { name, kana, graduated, facility, duty };
    Ok(Description {
        physician,
        person: Person::new(&texts, row.indexed(Sex::from_index)?, row.get()?),
        import: ImportId(row.get()?),
        source: SourceId(row.get()?),
        row: row.get()?,
        known_from: row.get()?,
        known_until: row.get()?,
    })
}
