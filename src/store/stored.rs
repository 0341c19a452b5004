//! Instants and days as each store keeps them: as text and as day numbers in the embedded one, as types of their own on a
//! server. With them one statement and one row serve both.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Postgres, Sqlite, Type};

use super::error::StoreError;
use crate::domain::day::{date_of, day_number};

/// An instant; `None` where what is stored is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredInstant(Option<DateTime<Utc>>);

impl StoredInstant {
    /// The instant that was stored.
    pub(super) fn get(self) -> Result<DateTime<Utc>, StoreError> {
        self.0.ok_or(StoreError::Corrupt("instant"))
    }
}

impl From<DateTime<Utc>> for StoredInstant {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(Some(instant))
    }
}

impl Type<Sqlite> for StoredInstant {
    fn type_info() -> <Sqlite as Database>::TypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for StoredInstant {
    fn encode_by_ref(&self, out: &mut <Sqlite as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.0.map(|instant| instant.to_rfc3339()), out)
    }
}

impl<'r> Decode<'r, Sqlite> for StoredInstant {
    fn decode(value: <Sqlite as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(<&str as Decode<Sqlite>>::decode(value)?.parse().ok()))
    }
}

impl Type<Postgres> for StoredInstant {
    fn type_info() -> <Postgres as Database>::TypeInfo {
        <DateTime<Utc> as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for StoredInstant {
    fn encode_by_ref(&self, out: &mut <Postgres as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode(self.0, out)
    }
}

impl<'r> Decode<'r, Postgres> for StoredInstant {
    fn decode(value: <Postgres as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(Some(Decode::<Postgres>::decode(value)?)))
    }
}

/// A day; `None` where what is stored is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredDay(Option<NaiveDate>);

impl StoredDay {
    /// The day that was stored.
    pub(super) fn get(self) -> Result<NaiveDate, StoreError> {
        self.0.ok_or(StoreError::Corrupt("day"))
    }
}

impl From<NaiveDate> for StoredDay {
    fn from(day: NaiveDate) -> Self {
        Self(Some(day))
    }
}

impl Type<Sqlite> for StoredDay {
    fn type_info() -> <Sqlite as Database>::TypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }

    fn compatible(stored: &<Sqlite as Database>::TypeInfo) -> bool {
        <i64 as Type<Sqlite>>::compatible(stored)
    }
}

impl Encode<'_, Sqlite> for StoredDay {
    fn encode_by_ref(&self, out: &mut <Sqlite as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.0.map(|day| i64::from(day_number(day))), out)
    }
}

impl<'r> Decode<'r, Sqlite> for StoredDay {
    fn decode(value: <Sqlite as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let number = <i64 as Decode<Sqlite>>::decode(value)?;
        Ok(Self(i32::try_from(number).ok().and_then(date_of)))
    }
}

impl Type<Postgres> for StoredDay {
    fn type_info() -> <Postgres as Database>::TypeInfo {
        <NaiveDate as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for StoredDay {
    fn encode_by_ref(&self, out: &mut <Postgres as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Postgres>::encode(self.0, out)
    }
}

impl<'r> Decode<'r, Postgres> for StoredDay {
    fn decode(value: <Postgres as Database>::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(Self(Some(Decode::<Postgres>::decode(value)?)))
    }
}
