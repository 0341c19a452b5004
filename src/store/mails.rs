//! The ledger of mails to recipients: the statements are those of both stores. They are recorded and approved with their
//! distribution (`store/distributions.rs`).

use chrono::{DateTime, Utc};

use super::cells::Cells;
use super::either::each_store;
use super::error::StoreError;
use super::facade::Store;
use super::stored::StoredInstant;
use super::tables::MAIL;
use crate::domain::distribution::DeliveryState;
use crate::domain::mail::Mail;

pub(super) const ADD_MAIL: &str =
    "INSERT INTO mail (distribution, recipient, address, message_id, state, attempts, changed_at,
         next_at, detail)
     VALUES ($1, $2, $3, $4, 'prepared', 0, $5, NULL, '')";

pub(super) const APPROVE_MAILS: &str = "UPDATE mail SET state = 'approved', changed_at = $2
     WHERE distribution = $1 AND state = 'prepared'";

/// Only of a distribution that is approved and stands, only after the papers of the recipient are there, and only what may leave
/// without anybody saying so.
const BEGIN: &str =
    "UPDATE mail SET state = 'sending', attempts = attempts + 1, changed_at = $4, next_at = NULL, detail = ''
     WHERE distribution = $1 AND recipient = $2 AND address = $3
         AND (state = 'approved' OR state = 'failed' AND next_at IS NOT NULL)
         AND EXISTS (SELECT 1 FROM distribution d
             WHERE d.number = $1 AND d.approved_at IS NOT NULL AND d.voided_at IS NULL)
         AND NOT EXISTS (SELECT 1 FROM delivery p
             WHERE p.distribution = $1 AND p.recipient = $2 AND p.state <> 'sent')";

const SETTLE: &str = "UPDATE mail SET state = $4, changed_at = $5, next_at = $6, detail = $7
     WHERE distribution = $1 AND recipient = $2 AND address = $3 AND state <> 'prepared'";

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailOutcome {
    /// Its state.
    pub state: DeliveryState,
    /// Of one that failed, when it may be tried again; `None` where a person must say so first.
    pub next_at: Option<DateTime<Utc>>,
    /// What the server said, or who says so.
    pub detail: String,
}

impl Store {
    /// All mails by distribution, recipient and address.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn mails(&self) -> Result<Vec<Mail>, StoreError> {
        let read = |row: &mut Cells| {
            Ok(Mail {
                distribution: row.get()?,
                recipient: row.get()?,
                address: row.get()?,
                message_id: row.get()?,
                state: row.coded(DeliveryState::from_code)?,
                attempts: row.get()?,
                changed_at: row.get()?,
                next_at: row.get()?,
                detail: row.get()?,
            })
        };
        self.read(MAIL.name, MAIL.columns, "mail ORDER BY distribution, recipient, address", read).await
    }

    /// Records that a mail is about to leave, and says whether it may. Nothing may leave before this was committed.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing may leave then.
    pub async fn begin_mail(&self, mail: &Mail, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let (number, now) = (i64::from(mail.distribution), StoredInstant::from(now));
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            let begin = sqlx::query(BEGIN).bind(number).bind(&mail.recipient).bind(&mail.address).bind(now);
            let begun = begin.execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(begun.rows_affected() == 1)
        })
    }

    /// Records what became of a mail of an approved distribution.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn settle_mail(
        &self,
        mail: &Mail,
        outcome: &MailOutcome,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (number, now) = (i64::from(mail.distribution), StoredInstant::from(now));
        let next_at = outcome.next_at.map(StoredInstant::from);
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            let settle = sqlx::query(SETTLE).bind(number).bind(&mail.recipient).bind(&mail.address);
            let settle = settle.bind(outcome.state.code()).bind(now).bind(next_at).bind(&outcome.detail);
            let settled = settle.execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(settled.rows_affected() == 1)
        })
    }
}
