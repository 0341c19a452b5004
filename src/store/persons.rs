//! Physicians and their descriptions.

use futures_util::StreamExt;

use super::cells::{Cell, Cells, cells};
use super::error::StoreError;
use super::facade::Store;
use super::facts::{NewPerson, StoredPerson};
use super::tables::{Column, Kind, PHYSICIAN_VERSION};
use super::tx::{Tx, lists};
use super::uncut::Uncut;
use crate::domain::as_of::KnownAt;
use crate::domain::ids::{PhysicianId, RegistrationNumber};
use crate::domain::person::{KnownPerson, Person, PersonAttributes, PersonTexts, Sex};

const ATTRIBUTES: &[Column] = &[
    ("physician_id", Kind::Big),
    ("import_id", Kind::Big),
    ("sex", Kind::Small),
    ("born_on", Kind::Day),
    ("duty", Kind::Text),
    ("known_from", Kind::Day),
    ("known_until", Kind::Day),
];

const KNOWN: &[Column] = &[
    ("p.id", Kind::Big),
    ("p.registration_number", Kind::Big),
    ("coalesce(v.name, '')", Kind::Text),
    ("coalesce(v.kana, '')", Kind::Text),
    ("coalesce(v.graduated, '')", Kind::Text),
    ("coalesce(v.facility, '')", Kind::Text),
    ("coalesce(v.duty, '')", Kind::Text),
    ("coalesce(v.sex, 0)", Kind::Int),
    ("v.born_on", Kind::Day),
];

const NAME: &[Column] = &[("p.id", Kind::Big), ("coalesce(v.name, '')", Kind::Text)];

const CALLED: &[Column] =
    &[("p.id", Kind::Big), ("p.registration_number", Kind::Big), ("coalesce(v.name, '')", Kind::Text)];

const STORED: &[Column] = &[
    ("p.registration_number", Kind::Big),
    ("p.id", Kind::Big),
    ("v.id", Kind::Big),
    ("coalesce(v.digest, 0)", Kind::Big),
    ("coalesce(v.kana_digest, 0)", Kind::Big),
    ("v.born_on", Kind::Day),
    ("v.known_from", Kind::Day),
];

impl Store {
    /// All descriptions that were ever known for a day or more, without anything that names a person, by
    /// physician and known_from.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_person(&self, each: impl FnMut(PersonAttributes)) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        each_person_where(&mut tx, "TRUE", each).await?;
        tx.rollback().await
    }

    /// The descriptions of [`Self::each_person`] of the given physicians, who are ascending.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_person_of(
        &self,
        physicians: &[PhysicianId],
        mut each: impl FnMut(PersonAttributes),
    ) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        for ids in lists(physicians.iter().map(|id| id.0)) {
            each_person_where(&mut tx, &format!("physician_id IN ({ids})"), &mut each).await?;
        }
        tx.rollback().await
    }

    /// Descriptions of the given physicians as known at the end of a day, by number. Whoever was not
    /// described then has empty texts.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn persons(&self, ids: &[PhysicianId], known_at: KnownAt) -> Result<Vec<KnownPerson>, StoreError> {
        let mut tx = self.look().await?;
        let mut out = Vec::with_capacity(ids.len());
        let described = described(&tx, known_at);
        for ids in lists(ids.iter().map(|id| id.0)) {
            tx.each_row("physician", KNOWN, &format!("{described} WHERE p.id IN ({ids})"), |row| {
                let (physician, number) = (PhysicianId(row.get()?), RegistrationNumber(row.get()?));
                let (name, kana) = (row.get()?, row.get()?);
                let (graduated, facility, duty) = (row.get()?, row.get()?, row.get()?);
                let texts = PersonTexts { name, kana, graduated, facility, duty };
                let person = Person::new(&texts, row.indexed(Sex::from_index)?, row.get()?);
                out.push(KnownPerson { physician, number, person });
                Ok(())
            })
            .await?;
        }
        tx.rollback().await?;
        out.sort_by_key(|person| person.number);
        Ok(out)
    }

    /// Calls `each` with the name of every physician as known at the end of a day, by physician. Whoever was not
    /// described then has an empty one.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_name(&self, known_at: KnownAt, each: impl FnMut(PhysicianId, &str)) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        each_name_where(&mut tx, "TRUE", known_at, each).await?;
        tx.rollback().await
    }

    /// As [`Self::each_name`], until `each` says that it has seen enough. Returns whether it was called with all of them.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_name_while(
        &self,
        known_at: KnownAt,
        mut each: impl FnMut(PhysicianId, &str) -> bool,
    ) -> Result<bool, StoreError> {
        let mut tx = self.look().await?;
        let from = format!("{} ORDER BY p.id", described(&tx, known_at));
        let mut rows = tx.rows("physician", NAME, &from).await?;
        let mut goes_on = true;
        while goes_on && let Some(row) = rows.next().await {
            let mut row = Cells::new(row?, "physician");
            let (physician, name) = (row.get()?, row.get::<String>()?);
            goes_on = each(PhysicianId(physician), &name);
        }
        Ok(goes_on)
    }

    /// Numbers and names of all physicians, by physician; the names as [`Self::each_name`] tells them.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_called(
        &self,
        known_at: KnownAt,
        mut each: impl FnMut(PhysicianId, RegistrationNumber, &str),
    ) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        let from = format!("{} ORDER BY p.id", described(&tx, known_at));
        tx.each_row("physician", CALLED, &from, |row| {
            let (physician, number) = (PhysicianId(row.get()?), RegistrationNumber(row.get()?));
            each(physician, number, &row.get::<String>()?);
            Ok(())
        })
        .await?;
        tx.rollback().await
    }

    /// The names of [`Self::each_name`] of the given physicians, who are ascending.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_name_of(
        &self,
        physicians: &[PhysicianId],
        known_at: KnownAt,
        mut each: impl FnMut(PhysicianId, &str),
    ) -> Result<(), StoreError> {
        let mut tx = self.look().await?;
        for ids in lists(physicians.iter().map(|id| id.0)) {
            each_name_where(&mut tx, &format!("p.id IN ({ids})"), known_at, &mut each).await?;
        }
        tx.rollback().await
    }
}

async fn each_name_where(
    tx: &mut Tx,
    condition: &str,
    known_at: KnownAt,
    mut each: impl FnMut(PhysicianId, &str),
) -> Result<(), StoreError> {
    let from = format!("{} WHERE {condition} ORDER BY p.id", described(tx, known_at));
    tx.each_row("physician", NAME, &from, |row| {
        let (physician, name) = (row.get()?, row.get::<String>()?);
        each(PhysicianId(physician), &name);
        Ok(())
    })
    .await
}

async fn each_person_where(tx: &mut Tx, condition: &str, each: impl FnMut(PersonAttributes)) -> Result<(), StoreError> {
    let from = format!(
        "physician_version WHERE {condition} AND (known_until IS NULL OR known_until > known_from)
         ORDER BY physician_id, known_from"
    );
    let mut uncut = Uncut::new(each);
    tx.each_row(PHYSICIAN_VERSION.name, ATTRIBUTES, &from, |row| {
        let (physician, import): (i64, i64) = (row.get()?, row.get()?);
        let attributes = PersonAttributes {
            physician: PhysicianId(physician),
            sex: row.indexed(Sex::from_index)?,
            born_on: row.get()?,
            duty: row.get()?,
            known_from: row.get()?,
            known_until: row.get()?,
        };
        uncut.push((physician, import), attributes);
        Ok(())
    })
    .await?;
    uncut.end();
    Ok(())
}

/// All physicians `p` with what described them at the end of a day, `v`.
fn described(tx: &Tx, known_at: KnownAt) -> String {
    let day = tx.day(known_at.0);
    format!(
        "physician p LEFT JOIN physician_version v ON v.physician_id = p.id
             AND v.known_from <= {day} AND (v.known_until IS NULL OR v.known_until > {day})"
    )
}

/// All physicians with their standing descriptions, by number.
pub(super) async fn stored(tx: &mut Tx) -> Result<Vec<StoredPerson>, StoreError> {
    let from = "physician p LEFT JOIN physician_version v ON v.physician_id = p.id AND v.known_until IS NULL
                ORDER BY p.registration_number";
    let mut out = Vec::new();
    tx.each_row("physician", STORED, from, |row| {
        out.push(StoredPerson {
            number: RegistrationNumber(row.get()?),
            physician: PhysicianId(row.get()?),
            row_id: row.get()?,
            digest: row.get()?,
            kana_digest: row.get()?,
            born_on: row.get()?,
            known_from: row.get()?,
        });
        Ok(())
    })
    .await?;
    Ok(out)
}

/// A new physician as a row.
pub(super) fn number_row((id, number): &(PhysicianId, RegistrationNumber)) -> Vec<Cell> {
    cells![id.0, number.0]
}

/// What a new row says, and the row of the file.
pub(super) fn row(new: &NewPerson) -> (Vec<Cell>, Option<u32>) {
    let texts = new.person.texts();
    let cells = cells![
        new.physician.0,
        texts.name,
        texts.kana,
        new.person.sex.index(),
        new.person.born_on,
        texts.graduated,
        texts.facility,
        texts.duty,
        new.digest,
        new.kana_digest,
    ];
    (cells, Some(new.row))
}
