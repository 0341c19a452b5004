//! Sessions: who is logged in. Of the token that a browser holds only the hash is kept.

use chrono::{DateTime, Utc};

use super::AccountStore;
use crate::store::either::each_store;
use crate::store::error::StoreError;

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Account.
    pub login: String,
    /// When it began.
    pub made_at: DateTime<Utc>,
    /// When it was last used, to within what [`AccountStore::touch_session`] is called for.
    pub seen_at: DateTime<Utc>,
}

const ADD: &str = "INSERT INTO web_session (token_sha256, login, made_at, seen_at) VALUES ($1, $2, $3, $3)";

const ONE: &str = "SELECT login, made_at, seen_at FROM web_session WHERE token_sha256 = $1";

const TOUCH: &str = "UPDATE web_session SET seen_at = $2 WHERE token_sha256 = $1 AND seen_at < $2";

const END: &str = "DELETE FROM web_session WHERE token_sha256 = $1";

const OF_ACCOUNT: &str = "SELECT token_sha256, made_at, seen_at FROM web_session WHERE login = $1
     ORDER BY seen_at DESC, made_at DESC, token_sha256";

const END_OTHERS: &str = "DELETE FROM web_session WHERE login = $1 AND token_sha256 <> $2";

const CLEAR: &str = "DELETE FROM web_session WHERE made_at < $1 OR seen_at < $2";

impl AccountStore {
    /// Begins a session of an account that is there.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn add_session(&self, token_sha256: &str, login: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        each_store!(self, store => {
            let add = sqlx::query(ADD).bind(token_sha256).bind(login).bind(now.timestamp_micros());
            add.execute(&store.pool).await?;
            Ok(())
        })
    }

    /// The session of a token; `None` where there is none. Whether it has ended by its age is not asked here.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn session(&self, token_sha256: &str) -> Result<Option<StoredSession>, StoreError> {
        let row: Option<(String, i64, i64)> =
            each_store!(self, store => sqlx::query_as(ONE).bind(token_sha256).fetch_optional(&store.pool).await?);
        let instant = |micros| DateTime::from_timestamp_micros(micros).ok_or(StoreError::Corrupt("session"));
        let Some((login, made_at, seen_at)) = row else { return Ok(None) };
        Ok(Some(StoredSession { login, made_at: instant(made_at)?, seen_at: instant(seen_at)? }))
    }

    /// Notes that a session is used.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn touch_session(&self, token_sha256: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        each_store!(self, store => {
            sqlx::query(TOUCH).bind(token_sha256).bind(now.timestamp_micros()).execute(&store.pool).await?;
            Ok(())
        })
    }

    /// Ends a session; one that has ended already is none.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn end_session(&self, token_sha256: &str) -> Result<(), StoreError> {
        each_store!(self, store => {
            sqlx::query(END).bind(token_sha256).execute(&store.pool).await?;
            Ok(())
        })
    }

    /// The sessions of an account, the one last used first, each with whether it is that of a token. Whether they have ended by their
    /// age is not asked here.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn sessions_of(&self, login: &str, own: &str) -> Result<Vec<(bool, StoredSession)>, StoreError> {
        let rows: Vec<(String, i64, i64)> =
            each_store!(self, store => sqlx::query_as(OF_ACCOUNT).bind(login).fetch_all(&store.pool).await?);
        let instant = |micros| DateTime::from_timestamp_micros(micros).ok_or(StoreError::Corrupt("session"));
        let session = |(token, made_at, seen_at): (String, i64, i64)| {
            let (made_at, seen_at) = (instant(made_at)?, instant(seen_at)?);
            Ok((token == own, StoredSession { login: login.to_string(), made_at, seen_at }))
        };
        rows.into_iter().map(session).collect()
    }

    /// Ends all sessions of an account but that of a token.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn end_other_sessions(&self, login: &str, own: &str) -> Result<(), StoreError> {
        each_store!(self, store => {
            sqlx::query(END_OTHERS).bind(login).bind(own).execute(&store.pool).await?;
            Ok(())
        })
    }

    /// Removes sessions that began before one instant, or were last used before another.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn clear_sessions(
        &self,
        made_before: DateTime<Utc>,
        seen_before: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        each_store!(self, store => {
            let clear = sqlx::query(CLEAR).bind(made_before.timestamp_micros()).bind(seen_before.timestamp_micros());
            clear.execute(&store.pool).await?;
            Ok(())
        })
    }
}
