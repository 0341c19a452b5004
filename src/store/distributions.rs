//! The ledger of what goes to whom: the statements are those of both stores.

use chrono::{DateTime, Utc};

use super::cells::Cells;
use super::chain;
use super::either::{each_store, on_tx};
use super::error::StoreError;
use super::facade::Store;
use super::mails::{ADD_MAIL, APPROVE_MAILS};
use super::stored::{StoredDay, StoredInstant};
use super::tables::{DELIVERY, DISTRIBUTION};
use crate::domain::distribution::{Delivery, DeliveryState, Distribution};
use crate::domain::mail::Mail;

const ADD: &str = "INSERT INTO distribution (number, as_of, known_at, reports, folder, manifest_sha256, maker, made_at,
         approver, approved_at, voided_at, void_reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', NULL, NULL, '')";

const ADD_DELIVERY: &str = "INSERT INTO delivery (distribution, recipient, report, edition, paper_sha256, place, state,
         attempts, changed_at, detail)
     VALUES ($1, $2, $3, $4, $5, $6, 'prepared', 0, $7, '')";

/// Nothing is approved twice, nor after it was withdrawn.
const APPROVE: &str = "UPDATE distribution SET approver = $2, approved_at = $3
     WHERE number = $1 AND approved_at IS NULL AND voided_at IS NULL";

const APPROVE_DELIVERIES: &str = "UPDATE delivery SET state = 'approved', changed_at = $2
     WHERE distribution = $1 AND state = 'prepared'";

const VOID: &str = "UPDATE distribution SET voided_at = $2, void_reason = $3 WHERE number = $1 AND voided_at IS NULL";

/// Only of a distribution that is approved and stands, and only what may leave without anybody saying so.
const BEGIN: &str = "UPDATE delivery SET state = 'sending', attempts = attempts + 1, changed_at = $3, detail = ''
     WHERE distribution = $1 AND recipient = $2 AND state IN ('approved', 'failed')
         AND EXISTS (SELECT 1 FROM distribution d
             WHERE d.number = $1 AND d.approved_at IS NOT NULL AND d.voided_at IS NULL)";

const SETTLE: &str = "UPDATE delivery SET state = $3, changed_at = $4, detail = $5
     WHERE distribution = $1 AND recipient = $2 AND state IN ('approved', 'failed', 'sending', 'uncertain')";

const N_BEGUN: &str = "SELECT CAST(coalesce(sum(attempts), 0) AS bigint)
     FROM (SELECT attempts FROM delivery UNION ALL SELECT attempts FROM mail) both_kinds";

impl Store {
    /// All distributions by number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn distributions(&self) -> Result<Vec<Distribution>, StoreError> {
        let read = |row: &mut Cells| {
            Ok(Distribution {
                number: row.get()?,
                as_of: row.get()?,
                known_at: row.get()?,
                reports: row.get::<String>()?.lines().map(str::to_string).collect(),
                folder: row.get()?,
                manifest_sha256: row.get()?,
                maker: row.get()?,
                made_at: row.get()?,
                approver: row.get()?,
                approved_at: row.get()?,
                voided_at: row.get()?,
                void_reason: row.get()?,
            })
        };
        self.read(DISTRIBUTION.name, DISTRIBUTION.columns, "distribution ORDER BY number", read).await
    }

    /// All deliveries by distribution, recipient and report.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn deliveries(&self) -> Result<Vec<Delivery>, StoreError> {
        let read = |row: &mut Cells| {
            Ok(Delivery {
                distribution: row.get()?,
                recipient: row.get()?,
                report: row.get()?,
                edition: row.get()?,
                paper_sha256: row.get()?,
                place: row.get()?,
                state: row.coded(DeliveryState::from_code)?,
                attempts: row.get()?,
                changed_at: row.get()?,
                detail: row.get()?,
            })
        };
        self.read(DELIVERY.name, DELIVERY.columns, "delivery ORDER BY distribution, recipient, report", read).await
    }

    /// How often a delivery or a mail was begun, of all that were ever made: a number that only grows.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn n_deliveries_begun(&self) -> Result<i64, StoreError> {
        each_store!(self, store => Ok(sqlx::query_scalar(N_BEGUN).fetch_one(&store.pool).await?))
    }

    /// Records a distribution that was made, with its deliveries and mails, which are [`DeliveryState::Prepared`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written, or has the number; nothing is recorded then.
    pub async fn add_distribution(
        &self,
        made: &Distribution,
        deliveries: &[Delivery],
        mails: &[Mail],
    ) -> Result<(), StoreError> {
        let number = i64::from(made.number);
        let (as_of, known_at) = (StoredDay::from(made.as_of), StoredDay::from(made.known_at));
        let mut tx = self.begin().await?;
        on_tx!(&mut tx, tx => {
            let add = sqlx::query(ADD).bind(number).bind(as_of).bind(known_at).bind(made.reports.join("\n"));
            let add = add.bind(&made.folder).bind(&made.manifest_sha256).bind(&made.maker);
            add.bind(StoredInstant::from(made.made_at)).execute(&mut **tx).await?;
            for one in deliveries {
                let add = sqlx::query(ADD_DELIVERY).bind(number).bind(&one.recipient).bind(&one.report);
                let add = add.bind(i64::from(one.edition)).bind(&one.paper_sha256).bind(&one.place);
                add.bind(StoredInstant::from(made.made_at)).execute(&mut **tx).await?;
            }
            for one in mails {
                let add = sqlx::query(ADD_MAIL).bind(number).bind(&one.recipient).bind(&one.address).bind(&one.message_id);
                add.bind(StoredInstant::from(made.made_at)).execute(&mut **tx).await?;
            }
        });
        chain::record_made(&mut tx, made, deliveries).await?;
        tx.commit().await
    }

    /// Approves a distribution with all its deliveries and mails, and says whether it stood to be approved.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn approve_distribution(
        &self,
        number: u32,
        approver: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (n, at) = (i64::from(number), StoredInstant::from(now));
        let mut tx = self.begin().await?;
        let n_approved = on_tx!(&mut tx, tx => {
            let approve = sqlx::query(APPROVE).bind(n).bind(approver).bind(at);
            let approved = approve.execute(&mut **tx).await?.rows_affected();
            sqlx::query(APPROVE_DELIVERIES).bind(n).bind(at).execute(&mut **tx).await?;
            sqlx::query(APPROVE_MAILS).bind(n).bind(at).execute(&mut **tx).await?;
            approved
        });
        if n_approved != 1 {
            tx.rollback().await?;
            return Ok(false);
        }
        chain::record_approval(&mut tx, number, approver, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Withdraws a distribution, and says whether it stood.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn void_distribution(&self, number: u32, reason: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let (n, at) = (i64::from(number), StoredInstant::from(now));
        let mut tx = self.begin().await?;
        let n_voided = on_tx!(&mut tx, tx => {
            sqlx::query(VOID).bind(n).bind(at).bind(reason).execute(&mut **tx).await?.rows_affected()
        });
        if n_voided != 1 {
            tx.rollback().await?;
            return Ok(false);
        }
        chain::record_withdrawal(&mut tx, number, reason, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Whether a distribution stands as it was made and approved, as far as the chain tells.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn is_as_chained(&self, of: &Distribution) -> Result<bool, StoreError> {
        let deliveries = self.deliveries().await?;
        let mut tx = self.look().await?;
        let stands = chain::stands_as_told(&mut tx, of, &deliveries).await?;
        tx.rollback().await?;
        Ok(stands)
    }

    /// Records that the papers of a recipient are about to leave, and says how many may. Nothing may leave before this was
    /// committed.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing may leave then.
    pub async fn begin_delivery(&self, number: u32, recipient: &str, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let (number, now) = (i64::from(number), StoredInstant::from(now));
        each_store!(self, store => {
            let mut tx = store.begin().await?;
            let begun = sqlx::query(BEGIN).bind(number).bind(recipient).bind(now).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(begun.rows_affected())
        })
    }

    /// Records what became of the papers of a recipient that were not sent yet.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn settle_delivery(
        &self,
        number: u32,
        recipient: &str,
        (state, detail): (DeliveryState, &str),
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let (n, at) = (i64::from(number), StoredInstant::from(now));
        let mut tx = self.begin().await?;
        let n_settled = on_tx!(&mut tx, tx => {
            let settle = sqlx::query(SETTLE).bind(n).bind(recipient).bind(state.code()).bind(at).bind(detail);
            settle.execute(&mut **tx).await?.rows_affected()
        });
        if n_settled > 0 {
            chain::record_delivery(&mut tx, (number, recipient), (state, detail), now).await?;
        }
        tx.commit().await?;
        Ok(n_settled)
    }
}
