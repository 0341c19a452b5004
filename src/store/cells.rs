//! Values on their way into a table and out of it; the same for both stores.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};

use super::error::StoreError;
use crate::domain::day::{date_of, day_number};

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// NULL.
    Null,
    /// A number, day, instant or flag.
    Number(i64),
    /// A text.
    Text(String),
}

/// A row of cells, each of which comes from a value.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::cells::Cell::from($value)),*] };
}
pub(super) use cells;

/// Values that can stand in a column.
pub(super) trait Value: Sized {
    /// The value of a cell; `None` when it is not one.
    fn of(cell: Cell) -> Option<Self>;
}

macro_rules! number {
    ($($number:ty),*) => {
        $(impl From<$number> for Cell {
            fn from(number: $number) -> Self {
                Self::Number(number.into())
            }
        }

        impl Value for $number {
            fn of(cell: Cell) -> Option<Self> {
                if let Cell::Number(number) = cell { number.try_into().ok() } else { None }
            }
        })*
    };
}

number!(u8, u16, u32, i32, i64);

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Number(flag.into())
    }
}

impl From<NaiveDate> for Cell {
    fn from(day: NaiveDate) -> Self {
        day_number(day).into()
    }
}

impl From<DateTime<Utc>> for Cell {
    fn from(instant: DateTime<Utc>) -> Self {
        instant.timestamp_micros().into()
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl Value for bool {
    fn of(cell: Cell) -> Option<Self> {
        i64::of(cell).map(|number| number != 0)
    }
}

impl Value for NaiveDate {
    fn of(cell: Cell) -> Option<Self> {
        date_of(i32::of(cell)?)
    }
}

impl Value for DateTime<Utc> {
    fn of(cell: Cell) -> Option<Self> {
        Self::from_timestamp_micros(i64::of(cell)?)
    }
}

impl Value for String {
    fn of(cell: Cell) -> Option<Self> {
        if let Cell::Text(text) = cell { Some(text) } else { None }
    }
}

impl Value for Box<str> {
    fn of(cell: Cell) -> Option<Self> {
        String::of(cell).map(Into::into)
    }
}

impl<T: Value> Value for Option<T> {
    fn of(cell: Cell) -> Option<Self> {
        if cell == Cell::Null { Some(None) } else { T::of(cell).map(Some) }
    }
}

/// The cells of one row, read from left to right.
pub(super) struct Cells {
    cells: std::vec::IntoIter<Cell>,
    what: &'static str,
}

impl Cells {
    /// Begins to read a row; `what` names it when a cell is not what it should be.
    pub(super) fn new(cells: Vec<Cell>, what: &'static str) -> Self {
        Self { cells: cells.into_iter(), what }
    }

    /// The next value; only an `Option` may be NULL.
    pub(super) fn get<T: Value>(&mut self) -> Result<T, StoreError> {
        self.cells.next().and_then(T::of).ok_or(StoreError::Corrupt(self.what))
    }

    /// What the next text is the code of.
    pub(super) fn coded<T>(&mut self, value: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        value(&self.get::<String>()?).ok_or(StoreError::Corrupt(self.what))
    }

    /// What the next number stands for.
    pub(super) fn indexed<T>(&mut self, value: impl Fn(u8) -> Option<T>) -> Result<T, StoreError> {
        value(self.get()?).ok_or(StoreError::Corrupt(self.what))
    }

    /// What the next number stands for; `None` for NULL.
    pub(super) fn indexed_opt<T>(&mut self, value: impl Fn(u8) -> Option<T>) -> Result<Option<T>, StoreError> {
        self.get::<Option<u8>>()?.map(|index| value(index).ok_or(StoreError::Corrupt(self.what))).transpose()
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellVisitor)
    }
}

/// A row of so many cells, made with room for them.
pub(super) struct RowOf(pub(super) usize);

impl<'de> DeserializeSeed<'de> for RowOf {
    type Value = Vec<Cell>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Cell>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowOf {
    type Value = Vec<Cell>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row of cells")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut cells: A) -> Result<Vec<Cell>, A::Error> {
        let mut out = Vec::with_capacity(self.0);
        while let Some(cell) = cells.next_element()? {
            out.push(cell);
        }
        Ok(out)
    }
}

struct CellVisitor;

impl Visitor<'_> for CellVisitor {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NULL, a whole number or a text")
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::Null)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Number(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Cell, E> {
        number.try_into().map(Cell::Number).map_err(E::custom)
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_from_the_text_of_a_row_and_refused_where_they_are_not_what_they_should_be() {
        let read: Vec<Cell> = serde_json::from_str(r#"[7, null, "医\n", -1, 99999999999]"#).expect("a row");
        assert_eq!(read, cells![7_i64, None::<i64>, "医\n", -1_i32, 99_999_999_999_i64]);
        assert!(serde_json::from_str::<Vec<Cell>>("[1.5]").is_err());
        let row = || Cells::new(read.clone(), "row");
        assert_eq!(row().get::<i64>().ok(), Some(7));
        assert!(row().get::<String>().is_err(), "a number is no text");
        let mut row = row();
        assert_eq!((row.get().ok(), row.get().ok()), (Some(7_u8), Some(None::<i64>)));
        assert!(row.get::<i64>().is_err() && row.get::<u32>().is_err(), "a text, and a number below zero");
        assert!(Cells::new(cells![None::<i64>], "row").get::<i64>().is_err(), "NULL where a value must be");
        assert!(Cells::new(Vec::new(), "row").get::<Option<i64>>().is_err(), "no cell at all");
    }
}
