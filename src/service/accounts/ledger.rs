//! Looking into the ledger of opened pages (閲覧の記録).

use anyhow::Result;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};

use super::opened::Accounts;
use crate::clock::tokyo;
use crate::domain::account::AccessEntry;
use crate::store::WantedEntries;

/// Rows of a page of the ledger.
pub const LEDGER_ROWS: i64 = 100;

/// A page of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerPage {
    /// Newest first.
    pub entries: Vec<AccessEntry>,
    /// How many there are in all.
    pub total: i64,
}

impl Accounts {
    /// A page of the ledger, from 1: of an account (empty: of all) on a day in Japan (`None`: on all).
    ///
    /// # Errors
    /// When the accounts cannot be read.
    pub async fn ledger(&self, login: &str, day: Option<NaiveDate>, page: i64) -> Result<LedgerPage> {
        let since = day.and_then(begin).unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
        let before = day.and_then(|day| begin(day.succ_opt()?)).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let wanted = WantedEntries { login: login.to_string(), since, before };
        let from = page.saturating_sub(1).saturating_mul(LEDGER_ROWS);
        let (entries, total) = self.store.entries(&wanted, from, LEDGER_ROWS).await?;
        Ok(LedgerPage { entries, total })
    }
}

/// The first instant of a day in Japan.
fn begin(day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = tokyo().from_local_datetime(&day.and_time(NaiveTime::MIN)).single();
    midnight.map(|midnight| midnight.to_utc())
}
