//! The binary form of COPY: rows into bytes, and bytes into rows.
//!
//! It begins with a signature, flags and an empty extension; each row is a count of its fields and, for each field,
//! its length and bytes (length -1 for NULL); a count of -1 ends it. Days are counted from 2000-01-01, instants in
//! microseconds from there. Nothing here talks to a server.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::day::{date_of, day_number};
use crate::store::StoreError;

/// What every copy begins with: signature, flags, length of the extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// 2000-01-01, from which the server counts, as a day number.
const EPOCH_DAY: i32 = 10_957;

/// The same in microseconds since 1970.
const EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;

/// A value that a field can hold.
pub(super) trait Field {
    /// Appends length and bytes.
    fn put(&self, out: &mut Vec<u8>);
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    // A field of two gigabytes cannot come about: cells are limited by the ingest. The server would refuse it.
    let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

impl Field for i64 {
    fn put(&self, out: &mut Vec<u8>) {
        put_bytes(out, &self.to_be_bytes());
    }
}

impl Field for i32 {
    fn put(&self, out: &mut Vec<u8>) {
        put_bytes(out, &self.to_be_bytes());
    }
}

impl Field for i16 {
    fn put(&self, out: &mut Vec<u8>) {
        put_bytes(out, &self.to_be_bytes());
    }
}

impl Field for bool {
    fn put(&self, out: &mut Vec<u8>) {
        put_bytes(out, &[u8::from(*self)]);
    }
}

impl Field for str {
    fn put(&self, out: &mut Vec<u8>) {
        put_bytes(out, self.as_bytes());
    }
}

impl Field for NaiveDate {
    fn put(&self, out: &mut Vec<u8>) {
        (day_number(*self) - EPOCH_DAY).put(out);
    }
}

impl Field for DateTime<Utc> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.timestamp_micros() - EPOCH_MICROSECONDS).put(out);
    }
}

impl<T: Field + ?Sized> Field for &T {
    fn put(&self, out: &mut Vec<u8>) {
        (**self).put(out);
    }
}

impl<T: Field> Field for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.put(out),
            None => out.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
    }
}

/// Rows on their way to the server, as bytes that can be taken off piece by piece.
pub(super) struct Encoder {
    bytes: Vec<u8>,
    columns: i16,
}

impl Encoder {
    /// Begins a copy of rows with so many fields.
    pub(super) fn new(columns: i16) -> Self {
        Self { bytes: HEADER.to_vec(), columns }
    }

    /// Begins a row; exactly as many [`Self::put`] must follow as there are columns.
    pub(super) fn row(&mut self) -> &mut Self {
        self.bytes.extend_from_slice(&self.columns.to_be_bytes());
        self
    }

    /// Appends a field to the row.
    pub(super) fn put(&mut self, value: impl Field) -> &mut Self {
        value.put(&mut self.bytes);
        self
    }

    /// Ends the copy.
    pub(super) fn end(&mut self) {
        self.bytes.extend_from_slice(&(-1_i16).to_be_bytes());
    }

    /// Bytes that wait to be taken.
    pub(super) fn waiting(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets the bytes that wait, once they are sent.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
    }
}

/// A value as it can stand in a field.
pub(super) trait Stored<'b>: Sized {
    /// Reads the value; `None` when the bytes are not one.
    fn take(bytes: &'b [u8]) -> Option<Self>;
}

impl Stored<'_> for i64 {
    fn take(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

impl Stored<'_> for i32 {
    fn take(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

impl Stored<'_> for i16 {
    fn take(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

impl Stored<'_> for bool {
    fn take(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == 1).then(|| bytes[0] != 0)
    }
}

impl<'b> Stored<'b> for &'b str {
    fn take(bytes: &'b [u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok()
    }
}

impl Stored<'_> for NaiveDate {
    fn take(bytes: &[u8]) -> Option<Self> {
        date_of(i32::take(bytes)?.checked_add(EPOCH_DAY)?)
    }
}

impl Stored<'_> for DateTime<Utc> {
    fn take(bytes: &[u8]) -> Option<Self> {
        Self::from_timestamp_micros(i64::take(bytes)?.checked_add(EPOCH_MICROSECONDS)?)
    }
}

/// The fields of one row, read from left to right.
pub(super) struct Fields<'b> {
    rest: &'b [u8],
    what: &'static str,
}

impl<'b> Fields<'b> {
    /// The next field; `None` for NULL.
    pub(super) fn opt<T: Stored<'b>>(&mut self) -> Result<Option<T>, StoreError> {
        let corrupt = StoreError::Corrupt(self.what);
        let Some((length, rest)) = self.rest.split_first_chunk::<4>() else { return Err(corrupt) };
        self.rest = rest;
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else { return Ok(None) };
        let Some((bytes, rest)) = self.rest.split_at_checked(length) else { return Err(corrupt) };
        self.rest = rest;
        T::take(bytes).map(Some).ok_or(corrupt)
    }
}

/// Bytes on their way from the server, cut into rows.
pub(super) struct Decoder {
    bytes: Vec<u8>,
    /// How far the bytes are read.
    at: usize,
    has_header: bool,
    /// Names the rows when one cannot be read.
    what: &'static str,
}

impl Decoder {
    /// Begins to read; `what` names the rows in errors.
    pub(super) fn new(what: &'static str) -> Self {
        Self { bytes: Vec::new(), at: 0, has_header: false, what }
    }

    /// Takes more bytes and hands out every row that is now complete.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(&mut Fields<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend_from_slice(bytes);
        if !self.has_header {
            if self.bytes.len() < HEADER.len() {
                return Ok(());
            }
            if !self.bytes.starts_with(HEADER) {
                return Err(StoreError::Corrupt("header of a copy"));
            }
            self.has_header = true;
            self.at = HEADER.len();
        }
        while let Some(length) = whole_row(&self.bytes[self.at..]) {
            // The count of the fields stands before them.
            let row = &self.bytes[self.at + 2..self.at + length];
            each(&mut Fields { rest: row, what: self.what })?;
            self.at += length;
        }
        Ok(())
    }
}

/// Length of the row at the beginning of the bytes; `None` while it is not complete, and at the end of the copy.
fn whole_row(bytes: &[u8]) -> Option<usize> {
    let (count, _) = bytes.split_first_chunk::<2>()?;
    let count = u16::try_from(i16::from_be_bytes(*count)).ok()?;
    let mut at = 2;
    for _ in 0..count {
        let (length, _) = bytes.get(at..)?.split_first_chunk::<4>()?;
        at += 4 + usize::try_from(i32::from_be_bytes(*length)).unwrap_or(0);
    }
    (at <= bytes.len()).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;

    #[test]
    fn rows_are_written_as_the_server_reads_them() {
        let mut rows = Encoder::new(3);
        rows.row().put(1_i64).put("医").put(day("2000-01-02"));
        rows.row().put(-1_i16).put(None::<&str>).put(true);
        rows.end();
        let mut expected = b"PGCOPY\n\xff\r\n\0".to_vec();
        expected.extend([0; 8]);
        expected.extend(b"\0\x03\0\0\0\x08\0\0\0\0\0\0\0\x01\0\0\0\x03\xe5\x8c\xbb\0\0\0\x04\0\0\0\x01");
        expected.extend(b"\0\x03\0\0\0\x02\xff\xff\xff\xff\xff\xff\0\0\0\x01\x01");
        expected.extend(b"\xff\xff");
        assert_eq!(rows.waiting(), expected);
    }

    #[test]
    fn days_and_instants_count_from_the_year_2000() {
        for (date, bytes) in
            [("1999-12-31", -1_i32), ("2000-01-01", 0), ("1868-01-25", -48_188), ("2200-12-31", 73_413)]
        {
            let mut out = Vec::new();
            day(date).put(&mut out);
            assert_eq!(out[4..], bytes.to_be_bytes(), "{date}");
            assert_eq!(NaiveDate::take(&out[4..]), Some(day(date)));
        }
        let instant: DateTime<Utc> = "2026-02-01T00:00:00.000001Z".parse().expect("an instant");
        let mut out = Vec::new();
        instant.put(&mut out);
        assert_eq!(DateTime::<Utc>::take(&out[4..]), Some(instant));
        assert_eq!(out[4..], 823_219_200_000_001_i64.to_be_bytes());
    }

    /// The server may cut its messages anywhere.
    #[test]
    fn rows_come_back_however_the_bytes_are_cut() {
        let mut rows = Encoder::new(3);
        for nth in 0..5_i64 {
            rows.row().put(nth).put((nth % 2 == 0).then_some("架空　例")).put(day("2025-03-31"));
        }
        rows.end();
        for size in [1, 2, 7, 19, 64, 10_000] {
            let mut decoder = Decoder::new("row");
            let mut found = Vec::new();
            for piece in rows.waiting().chunks(size) {
                let read = decoder.feed(piece, |fields| {
                    let (nth, text) = (fields.opt::<i64>()?, fields.opt::<&str>()?.map(str::to_string));
                    found.push((nth, text, fields.opt::<NaiveDate>()?));
                    Ok(())
                });
                read.expect("rows of the right form");
            }
            assert_eq!(found.len(), 5, "cut at {size}");
            assert_eq!(found[3], (Some(3), None, Some(day("2025-03-31"))));
            assert_eq!(found[4].1.as_deref(), Some("架空　例"));
        }
    }

    #[test]
    fn foreign_bytes_are_refused() {
        let refused = |bytes: &[u8]| Decoder::new("row").feed(bytes, |fields| fields.opt::<i64>().map(drop)).is_err();
        assert!(refused(b"PGCOPY\n\xff\r\r\0\0\0\0\0\0\0\0\0"));
        let mut short = HEADER.to_vec();
        short.extend(b"\0\x01\0\0\0\x03abc");
        assert!(refused(&short), "three bytes are no number");
    }
}
