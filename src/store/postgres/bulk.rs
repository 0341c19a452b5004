//! Many rows at once, in both directions, through COPY. Memory stays bounded: rows are sent as they are made, and
//! handed out as they arrive.

use futures_util::TryStreamExt;
use sqlx::PgConnection;

use super::binary::{Decoder, Encoder, Fields};
use crate::store::StoreError;

/// Bytes sent at once. A message costs a system call; more than this gains nothing and is memory.
const BYTES_AT_ONCE: usize = 256 * 1024;

/// Rows on their way into a table.
pub(super) struct RowsIn<'c> {
    sink: sqlx::postgres::PgCopyIn<&'c mut PgConnection>,
    rows: Encoder,
}

impl<'c> RowsIn<'c> {
    /// Begins a `COPY … FROM STDIN (FORMAT binary)` of rows with so many columns.
    pub(super) async fn begin(
        connection: &'c mut PgConnection,
        statement: &str,
        columns: i16,
    ) -> Result<Self, StoreError> {
        Ok(Self { sink: connection.copy_in_raw(statement).await?, rows: Encoder::new(columns) })
    }

    /// Makes one row.
    pub(super) async fn push(&mut self, make: impl FnOnce(&mut Encoder)) -> Result<(), StoreError> {
        make(self.rows.row());
        if self.rows.waiting().len() >= BYTES_AT_ONCE {
            self.sink.send(self.rows.waiting()).await?;
            self.rows.clear();
        }
        Ok(())
    }

    /// Sends what waits and hears from the server whether it took all rows.
    pub(super) async fn end(mut self) -> Result<(), StoreError> {
        self.rows.end();
        self.sink.send(self.rows.waiting()).await?;
        self.sink.finish().await?;
        Ok(())
    }
}

/// Writes rows through a `COPY … FROM STDIN (FORMAT binary)`; none, none is begun.
pub(super) async fn copy_in<T>(
    connection: &mut PgConnection,
    statement: &str,
    columns: i16,
    items: &[T],
    mut make: impl FnMut(&mut Encoder, &T),
) -> Result<(), StoreError> {
    if items.is_empty() {
        return Ok(());
    }
    let mut rows = RowsIn::begin(connection, statement, columns).await?;
    for item in items {
        rows.push(|row| make(row, item)).await?;
    }
    rows.end().await
}

/// Reads the rows of a `COPY … TO STDOUT (FORMAT binary)`; `what` names them in errors.
pub(super) async fn copy_out(
    connection: &mut PgConnection,
    statement: &str,
    what: &'static str,
    mut each: impl FnMut(&mut Fields<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut decoder = Decoder::new(what);
    let mut pieces = connection.copy_out_raw(statement).await?;
    while let Some(piece) = pieces.try_next().await? {
        decoder.feed(&piece, &mut each)?;
    }
    Ok(())
}
