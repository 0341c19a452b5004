//! Accounts and what they were lent.

use chrono::{DateTime, NaiveDate, Utc};

use super::AccountStore;
use crate::domain::access::{Access, AccessArea, LentRight, Role, TierSet};
use crate::domain::account::Account;
use crate::domain::day::{date_of, day_number};
use crate::store::either::each_store;
use crate::store::error::StoreError;

/// Login, name, whether the password must be changed, role, kind and code of the area, tiers, persons, three instants.
type Row = (String, String, bool, String, String, String, String, bool, i64, Option<i64>, Option<i64>);

const ALL: &str =
    "SELECT a.login, name, must_change, role, area_kind, area_code, tiers, persons, made_at, disabled_at, set_up_at
     FROM account a LEFT JOIN second_factor f ON f.login = a.login
     ORDER BY a.login";

const ONE: &str =
    "SELECT a.login, name, must_change, role, area_kind, area_code, tiers, persons, made_at, disabled_at, set_up_at
     FROM account a LEFT JOIN second_factor f ON f.login = a.login
     WHERE a.login = $1";

const LENT: &str = "SELECT login, area_kind, area_code, until_day, persons FROM account_lent
     ORDER BY login, area_kind, area_code";

const LENT_TO: &str = "SELECT login, area_kind, area_code, until_day, persons FROM account_lent
     WHERE login = $1 ORDER BY area_kind, area_code";

const HASH: &str = "SELECT password_hash FROM account WHERE login = $1 AND disabled_at IS NULL";

const ADD: &str =
    "INSERT INTO account (login, name, password_hash, must_change, role, area_kind, area_code, tiers, persons,
         made_at, disabled_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL)
     ON CONFLICT DO NOTHING";

const CHANGE_PASSWORD: &str =
    "UPDATE account SET password_hash = $2, must_change = $3 WHERE login = $1 AND disabled_at IS NULL";

const RESET: &str = "UPDATE account SET password_hash = $2, must_change = $3, disabled_at = NULL WHERE login = $1";

const REMOVE_FACTOR: &str = "DELETE FROM second_factor WHERE login = $1";

const DISABLE: &str = "UPDATE account SET disabled_at = $2 WHERE login = $1 AND disabled_at IS NULL";

const END_SESSIONS: &str = "DELETE FROM web_session WHERE login = $1";

const END_HALVES: &str = "DELETE FROM half_login WHERE login = $1";

const LEND: &str = "INSERT INTO account_lent (login, area_kind, area_code, until_day, persons, lent_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (login, area_kind, area_code)
     DO UPDATE SET until_day = excluded.until_day, persons = excluded.persons, lent_at = excluded.lent_at";

impl AccountStore {
    /// All accounts by login, disabled ones among them.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        let (rows, lent): (Vec<Row>, Vec<LentRow>) = each_store!(self, store => (
            sqlx::query_as(ALL).fetch_all(&store.pool).await?,
            sqlx::query_as(LENT).fetch_all(&store.pool).await?,
        ));
        rows.into_iter().map(|row| account(row, &lent)).collect()
    }

    /// One account; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn account(&self, login: &str) -> Result<Option<Account>, StoreError> {
        let (row, lent): (Option<Row>, Vec<LentRow>) = each_store!(self, store => (
            sqlx::query_as(ONE).bind(login).fetch_optional(&store.pool).await?,
            sqlx::query_as(LENT_TO).bind(login).fetch_all(&store.pool).await?,
        ));
        row.map(|row| account(row, &lent)).transpose()
    }

    /// What a password is compared with; `None` where there is no such account, or none that may be used.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn password_hash(&self, login: &str) -> Result<Option<String>, StoreError> {
        each_store!(self, store => Ok(sqlx::query_scalar(HASH).bind(login).fetch_optional(&store.pool).await?))
    }

    /// Adds an account, and says whether its login was free.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn add_account(&self, account: &Account, password_hash: &str) -> Result<bool, StoreError> {
        let access = &account.access;
        each_store!(self, store => {
            let add = sqlx::query(ADD).bind(&account.login).bind(&account.name).bind(password_hash);
            let add = add.bind(account.must_change).bind(access.role().code()).bind(access.area().kind());
            let add = add.bind(access.area().code()).bind(access.tiers().codes()).bind(access.persons());
            let added = add.bind(account.made_at.timestamp_micros()).execute(&store.pool).await?;
            Ok(added.rows_affected() == 1)
        })
    }

    /// Changes the password of an account that may be used, and ends every session of it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn change_password(&self, login: &str, hash: &str) -> Result<(), StoreError> {
        each_store!(self, store => {
            let mut tx = store.pool.begin().await?;
            sqlx::query(CHANGE_PASSWORD).bind(login).bind(hash).bind(false).execute(&mut *tx).await?;
            sqlx::query(END_SESSIONS).bind(login).execute(&mut *tx).await?;
            sqlx::query(END_HALVES).bind(login).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(())
        })
    }

    /// Sets a password that must be changed, removes the second factor, ends every session of the account, and lets a disabled one
    /// be used again; says whether there was a second factor.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn reset_account(&self, login: &str, hash: &str) -> Result<bool, StoreError> {
        each_store!(self, store => {
            let mut tx = store.pool.begin().await?;
            sqlx::query(RESET).bind(login).bind(hash).bind(true).execute(&mut *tx).await?;
            let removed = sqlx::query(REMOVE_FACTOR).bind(login).execute(&mut *tx).await?.rows_affected();
            sqlx::query(END_SESSIONS).bind(login).execute(&mut *tx).await?;
            sqlx::query(END_HALVES).bind(login).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(removed == 1)
        })
    }

    /// Disables an account and ends its sessions; says whether there was one that could be used.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn disable_account(&self, login: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        each_store!(self, store => {
            let mut tx = store.pool.begin().await?;
            let disable = sqlx::query(DISABLE).bind(login).bind(now.timestamp_micros());
            let disabled = disable.execute(&mut *tx).await?.rows_affected();
            sqlx::query(END_SESSIONS).bind(login).execute(&mut *tx).await?;
            sqlx::query(END_HALVES).bind(login).execute(&mut *tx).await?;
            tx.commit().await?;
            Ok(disabled == 1)
        })
    }

    /// Lends a right; one of the same area that was lent before gives way.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written, or has no such account.
    pub async fn lend(&self, login: &str, right: &LentRight, now: DateTime<Utc>) -> Result<(), StoreError> {
        each_store!(self, store => {
            let lend = sqlx::query(LEND).bind(login).bind(right.area.kind()).bind(right.area.code());
            let lend = lend.bind(i64::from(day_number(right.until))).bind(right.persons);
            lend.bind(now.timestamp_micros()).execute(&store.pool).await?;
            Ok(())
        })
    }
}

/// Login, kind and code of the area, last day, persons.
type LentRow = (String, String, String, i64, bool);

fn account(row: Row, lent: &[LentRow]) -> Result<Account, StoreError> {
    let (login, name, must_change, role, area_kind, area_code, tiers, persons, made_at, disabled_at, set_up_at) = row;
    let mine = lent.iter().filter(|(of, ..)| *of == login);
    let lent = mine.map(lent_right).collect::<Option<Vec<_>>>();
    let access = || {
        let area = AccessArea::from_parts(&area_kind, &area_code)?;
        Access::new(Role::from_code(&role)?, area, TierSet::from_codes(&tiers)?, persons, lent?).ok()
    };
    let access = access().ok_or(StoreError::Corrupt("account"))?;
    let instant = |micros| DateTime::from_timestamp_micros(micros).ok_or(StoreError::Corrupt("account"));
    let disabled_at = disabled_at.map(instant).transpose()?;
    let second_factor_at = set_up_at.map(instant).transpose()?;
    Ok(Account { login, name, access, must_change, made_at: instant(made_at)?, disabled_at, second_factor_at })
}

fn lent_right((_, kind, code, until, persons): &LentRow) -> Option<LentRight> {
    let until: NaiveDate = date_of(i32::try_from(*until).ok()?)?;
    Some(LentRight { area: AccessArea::from_parts(kind, code)?, until, persons: *persons })
}
