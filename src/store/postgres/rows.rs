//! Rows out of the server and into it, through COPY.

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use sqlx::{Postgres, Transaction};

use super::binary::{Decoder, Encoder, Fields};
use super::bulk::RowsIn;
use super::database::PostgresStore;
use crate::domain::day::date_of;
use crate::store::StoreError;
use crate::store::cells::Cell;
use crate::store::tables::{Column, Kind, Table, names};

impl PostgresStore {
    /// Starts a transaction that sees the store as it is now, whatever is written meanwhile.
    pub(in crate::store) async fn begin_reading(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        Ok(self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
    }
}

/// The rows of `SELECT columns FROM from`.
pub(in crate::store) async fn rows<'c>(
    tx: &'c mut Transaction<'static, Postgres>,
    what: &'static str,
    columns: &'static [Column],
    from: &str,
) -> Result<BoxStream<'c, Result<Vec<Cell>, StoreError>>, StoreError> {
    let statement = format!("COPY (SELECT {} FROM {from}) TO STDOUT (FORMAT binary)", names(columns));
    let mut decoder = Decoder::new(what);
    let pieces = tx.copy_out_raw(&statement).await?;
    let rows = pieces.flat_map(move |piece| stream::iter(rows_in(&mut decoder, piece, columns)));
    Ok(rows.boxed())
}

/// The rows that a piece completes; a failure is the last of them.
fn rows_in(
    decoder: &mut Decoder,
    piece: Result<impl AsRef<[u8]>, sqlx::Error>,
    columns: &[Column],
) -> Vec<Result<Vec<Cell>, StoreError>> {
    let mut out = Vec::new();
    let fed = match piece {
        Ok(bytes) => decoder.feed(bytes.as_ref(), |fields| {
            out.push(Ok(read_row(fields, columns)?));
            Ok(())
        }),
        Err(error) => Err(error.into()),
    };
    out.extend(fed.err().map(Err));
    out
}

fn read_row(fields: &mut Fields<'_>, columns: &[Column]) -> Result<Vec<Cell>, StoreError> {
    let mut row = Vec::with_capacity(columns.len());
    for (_, kind) in columns {
        row.push(match kind {
            Kind::Small => fields.opt::<i16>()?.map(i32::from).into(),
            Kind::Int => fields.opt::<i32>()?.into(),
            Kind::Big => fields.opt::<i64>()?.into(),
            Kind::Flag => fields.opt::<bool>()?.into(),
            Kind::Day => fields.opt::<NaiveDate>()?.into(),
            Kind::Instant => fields.opt::<DateTime<Utc>>()?.into(),
            Kind::Text => fields.opt::<&str>()?.into(),
        });
    }
    Ok(row)
}

/// Rows on their way into a table.
pub struct TableRows<'c> {
    rows: RowsIn<'c>,
    table: &'static Table,
}

impl<'c> TableRows<'c> {
    /// Begins to append rows to a table.
    pub(in crate::store) async fn begin(
        tx: &'c mut Transaction<'static, Postgres>,
        table: &'static Table,
    ) -> Result<Self, StoreError> {
        let columns = i16::try_from(table.columns.len()).map_err(|_| StoreError::Corrupt("columns"))?;
        let statement = format!("COPY {} ({}) FROM STDIN (FORMAT binary)", table.name, names(table.columns));
        Ok(Self { rows: RowsIn::begin(tx, &statement, columns).await?, table })
    }

    /// Appends rows.
    pub(in crate::store) async fn put(&mut self, rows: &[Vec<Cell>]) -> Result<(), StoreError> {
        for row in rows {
            // Checked before anything of the row is written: half a row would spoil the copy.
            for (cell, (_, kind)) in row.iter().zip(self.table.columns) {
                if !fits(cell, *kind) {
                    return Err(StoreError::Corrupt(self.table.name));
                }
            }
            let columns = self.table.columns;
            self.rows
                .push(|out| row.iter().zip(columns).for_each(|(cell, (_, kind))| put_cell(out, cell, *kind)))
                .await?;
        }
        Ok(())
    }

    /// Hears from the server whether it took all rows.
    pub(in crate::store) async fn end(self) -> Result<(), StoreError> {
        self.rows.end().await
    }
}

fn fits(cell: &Cell, kind: Kind) -> bool {
    match (cell, kind) {
        (Cell::Null, _) | (Cell::Text(_), Kind::Text) | (Cell::Number(_), Kind::Big) => true,
        (Cell::Number(number), Kind::Small) => i16::try_from(*number).is_ok(),
        (Cell::Number(number), Kind::Int) => i32::try_from(*number).is_ok(),
        (Cell::Number(number), Kind::Flag) => matches!(number, 0 | 1),
        (Cell::Number(number), Kind::Day) => day(*number).is_some(),
        (Cell::Number(number), Kind::Instant) => DateTime::from_timestamp_micros(*number).is_some(),
        (Cell::Text(_), _) | (Cell::Number(_), Kind::Text) => false,
    }
}

fn day(number: i64) -> Option<NaiveDate> {
    date_of(i32::try_from(number).ok()?)
}

/// Appends a cell that fits its column.
fn put_cell(out: &mut Encoder, cell: &Cell, kind: Kind) {
    match (cell, kind) {
        (Cell::Text(text), _) => out.put(text.as_str()),
        (Cell::Number(number), Kind::Small) => out.put(i16::try_from(*number).ok()),
        (Cell::Number(number), Kind::Int) => out.put(i32::try_from(*number).ok()),
        (Cell::Number(number), Kind::Flag) => out.put(*number != 0),
        (Cell::Number(number), Kind::Day) => out.put(day(*number)),
        (Cell::Number(number), Kind::Instant) => out.put(DateTime::from_timestamp_micros(*number)),
        (Cell::Number(number), Kind::Big | Kind::Text) => out.put(*number),
        (Cell::Null, _) => out.put(None::<i64>),
    };
}
