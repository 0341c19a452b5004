//! Many rows at once through COPY. Memory stays bounded: rows are sent as they are made.

use sqlx::PgConnection;

use super::binary::Encoder;
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
