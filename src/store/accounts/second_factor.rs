//! Second factors, what is offered to become one, and logins of which the code is still asked for.

use chrono::{DateTime, Utc};

use super::AccountStore;
use crate::domain::mail::Secret;
use crate::store::either::each_store;
use crate::store::error::StoreError;

const SECRET: &str = "SELECT secret FROM second_factor WHERE login = $1";

const USE_STEP: &str = "UPDATE second_factor SET used_step = $2 WHERE login = $1 AND used_step < $2";

const SET: &str = "INSERT INTO second_factor (login, secret, set_up_at, used_step) VALUES ($1, $2, $3, $4)
     ON CONFLICT (login) DO UPDATE SET secret = excluded.secret, set_up_at = excluded.set_up_at,
         used_step = excluded.used_step";

const END_SESSIONS: &str = "DELETE FROM web_session WHERE login = $1";

const END_HALVES: &str = "DELETE FROM half_login WHERE login = $1";

const OFFER: &str = "INSERT INTO second_factor_offer (token_sha256, secret, offered_at) VALUES ($1, $2, $3)
     ON CONFLICT (token_sha256) DO UPDATE SET secret = excluded.secret, offered_at = excluded.offered_at";

const OFFERED: &str = "SELECT secret FROM second_factor_offer WHERE token_sha256 = $1 AND offered_at > $2";

const ADD_HALF: &str = "INSERT INTO half_login (token_sha256, login, made_at) VALUES ($1, $2, $3)";

const HALF: &str = "SELECT login FROM half_login WHERE token_sha256 = $1 AND made_at > $2";

const END_HALF: &str = "DELETE FROM half_login WHERE token_sha256 = $1";

const CLEAR_HALVES: &str = "DELETE FROM half_login WHERE made_at <= $1";

impl AccountStore {
    /// The secret of an account, base32; `None` where it has no second factor.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn second_factor(&self, login: &str) -> Result<Option<Secret>, StoreError> {
        let secret: Option<String> =
            each_store!(self, store => sqlx::query_scalar(SECRET).bind(login).fetch_optional(&store.pool).await?);
        Ok(secret.map(Secret::new))
    }

    /// Uses up a step of an account, and says whether it and all after it were still unused. Of two who ask at once one is told so.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn use_step(&self, login: &str, step: i64) -> Result<bool, StoreError> {
        each_store!(self, store => {
            let used = sqlx::query(USE_STEP).bind(login).bind(step).execute(&store.pool).await?;
            Ok(used.rows_affected() == 1)
        })
    }

    /// Sets the second factor of an account, of which the code of a step is used up, and ends all of its sessions, which began
    /// without it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written, or has no such account.
    pub async fn set_second_factor(
        &self,
        login: &str,
        secret: &Secret,
        now: DateTime<Utc>,
        used_step: i64,
    ) -> Result<(), StoreError> {
        each_store!(self, store => {
            let mut tx = store.pool.begin().await?;
            let set = sqlx::query(SET).bind(login).bind(secret.reveal()).bind(now.timestamp_micros()).bind(used_step);
            set.execute(&mut *tx).await?;
            sqlx::query(END_SESSIONS).bind(login).execute(&mut *tx).await?;
            sqlx::query(END_HALVES).bind(login).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// Offers a secret to a session that is there, in place of one that was offered to it before.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn offer(&self, token_sha256: &str, secret: &Secret, now: DateTime<Utc>) -> Result<(), StoreError> {
        each_store!(self, store => {
            let offer = sqlx::query(OFFER).bind(token_sha256).bind(secret.reveal()).bind(now.timestamp_micros());
            offer.execute(&store.pool).await?;
            Ok(())
        })
    }

    /// What was offered to a session after an instant.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn offered(&self, token_sha256: &str, after: DateTime<Utc>) -> Result<Option<Secret>, StoreError> {
        let secret: Option<String> = each_store!(self, store => {
            let offered = sqlx::query_scalar(OFFERED).bind(token_sha256).bind(after.timestamp_micros());
            offered.fetch_optional(&store.pool).await?
        });
        Ok(secret.map(Secret::new))
    }

    /// Notes that the password of an account was right, and forgets those logins that nobody ended by an instant.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn add_half(
        &self,
        token_sha256: &str,
        login: &str,
        now: DateTime<Utc>,
        ended_by: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        each_store!(self, store => {
            sqlx::query(CLEAR_HALVES).bind(ended_by.timestamp_micros()).execute(&store.pool).await?;
            let add = sqlx::query(ADD_HALF).bind(token_sha256).bind(login).bind(now.timestamp_micros());
            add.execute(&store.pool).await?;
            Ok(())
        })
    }

    /// Whose login goes on from a token that was made after an instant.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn half(&self, token_sha256: &str, after: DateTime<Utc>) -> Result<Option<String>, StoreError> {
        each_store!(self, store => {
            let half = sqlx::query_scalar(HALF).bind(token_sha256).bind(after.timestamp_micros());
            Ok(half.fetch_optional(&store.pool).await?)
        })
    }

    /// Ends a login of which the code was asked for.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn end_half(&self, token_sha256: &str) -> Result<(), StoreError> {
        each_store!(self, store => {
            sqlx::query(END_HALF).bind(token_sha256).execute(&store.pool).await?;
            Ok(())
        })
    }
}
