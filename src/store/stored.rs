//! Instants and days as each store keeps them: as text and as day numbers in the embedded one, as types of their own on a
//! server. With them one statement serves both.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Encode, Postgres, Sqlite, Type};

use crate::domain::day::day_number;

/// An instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredInstant(DateTime<Utc>);

impl From<DateTime<Utc>> for StoredInstant {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant)
    }
}

impl Type<Sqlite> for StoredInstant {
    fn type_info() -> <Sqlite as Database>::TypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for StoredInstant {
    fn encode_by_ref(&self, out: &mut <Sqlite as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(self.0.to_rfc3339(), out)
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

/// A day.
#[derive(Debug, Clone, Copy)]
pub(super) struct StoredDay(NaiveDate);

impl From<NaiveDate> for StoredDay {
    fn from(day: NaiveDate) -> Self {
        Self(day)
    }
}

impl Type<Sqlite> for StoredDay {
    fn type_info() -> <Sqlite as Database>::TypeInfo {
        <i64 as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for StoredDay {
    fn encode_by_ref(&self, out: &mut <Sqlite as Database>::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Encode::<Sqlite>::encode(i64::from(day_number(self.0)), out)
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
