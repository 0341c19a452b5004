//! Where the papers of a store on a server are written.

use chrono::{DateTime, Utc};

use super::database::PostgresStore;
use crate::domain::ledger::PaperHome;
use crate::store::StoreError;

impl PostgresStore {
    /// The data folder in which the papers of this store are written; `None` before the first ones.
    pub(in crate::store) async fn paper_home(&self) -> Result<Option<PaperHome>, StoreError> {
        let row: Option<(String, String, String, DateTime<Utc>)> =
            sqlx::query_as("SELECT folder, place, reason, since FROM paper_home ORDER BY nth DESC LIMIT 1")
                .fetch_optional(&self.pool)
                .await?;
        row.map(|(folder, place, reason, since)| Ok(PaperHome { folder, place, reason, since })).transpose()
    }

    /// Lets papers be written in a data folder from now on.
    pub(in crate::store) async fn move_paper_home(&self, home: &PaperHome) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "INSERT INTO paper_home (nth, folder, place, reason, since)
             SELECT coalesce((SELECT max(nth) FROM paper_home), 0) + 1, $1, $2, $3, $4",
        )
        .bind(&home.folder)
        .bind(&home.place)
        .bind(&home.reason)
        .bind(home.since)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}
