//! Logging in, being logged in, logging out.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::LoginName;
use super::opened::Accounts;
use super::password::check_password;
use super::token::{csrf, token, token_sha256};
use crate::domain::account::{Account, Stage};
use crate::domain::mail::Secret;
use crate::error::Failure;
use crate::store::StoredSession;

/// How exactly it is noted when a session was last used: not every page writes.
const NOTED_EVERY: TimeDelta = TimeDelta::seconds(30);

/// What came of a login.
#[derive(Debug)]
pub enum LogIn {
    /// A session began; this is its token.
    Begun(Secret),
    /// The password is right, and the code of the second factor is asked for; this is the token of the half login.
    Half(Secret),
    /// Login or password is wrong, or the account is disabled: nobody is told which.
    Refused,
    /// There were too many tries; how long to wait.
    TooOften(Duration),
}

/// What came of changing a password.
#[derive(Debug)]
pub enum PasswordChange {
    /// It is changed, and all sessions of the account have ended; this is the token of a new one.
    Done(Secret),
    /// It may not be so: ACC-004, ACC-005, ACC-010 to ACC-013, ACC-016 to ACC-018.
    Unfit(Failure),
    /// There were too many tries; how long to wait.
    TooOften(Duration),
}

/// Somebody who is logged in.
#[derive(Debug, Clone)]
pub struct Entered {
    /// Account as it is now.
    pub account: Account,
    /// What it must do before it may open pages.
    pub stage: Stage,
    pub(super) token: Secret,
}

/// A session of one's own account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnSession {
    /// When it began.
    pub begun_at: DateTime<Utc>,
    /// When it was last used, to within half a minute.
    pub used_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

impl Entered {
    /// What the forms of this session carry.
    pub fn csrf(&self) -> String {
        csrf(&self.token)
    }
}

impl Accounts {
    /// Tries to log in.
    ///
    /// # Errors
    /// When the accounts cannot be read or written.
    pub async fn log_in(&self, from: IpAddr, login: &str, password: &Secret) -> Result<LogIn> {
        let login = LoginName::read(login);
        if let Err(wait) = self.limits.count(from, login.as_ref()) {
            return Ok(LogIn::TooOften(wait));
        }
        let is_right = self.is_password(login.as_ref().map(LoginName::as_str), password).await?;
        let Some(login) = login.filter(|_| is_right) else { return Ok(LogIn::Refused) };
        let login = login.as_str();
        if self.has_second_factor(login).await? {
            return Ok(LogIn::Half(self.begin_half(login).await?));
        }
        Ok(LogIn::Begun(self.begin(login).await?))
    }

    /// Who has the session of a token; `None` when it has ended. To be asked anew by each page.
    ///
    /// # Errors
    /// When the accounts cannot be read or written.
    pub async fn enter(&self, token: Secret) -> Result<Option<Entered>> {
        let (kept, now) = (token_sha256(&token), self.clock.now());
        let Some(session) = self.store.session(&kept).await? else { return Ok(None) };
        if self.has_ended(&session, now) {
            self.store.end_session(&kept).await?;
            return Ok(None);
        }
        let account = self.store.account(&session.login).await?.filter(|account| account.disabled_at.is_none());
        let Some(account) = account else { return Ok(None) };
        if now - session.seen_at >= NOTED_EVERY {
            self.store.touch_session(&kept, now).await?;
        }
        let stage = account.stage(self.config.second_factor);
        Ok(Some(Entered { account, stage, token }))
    }

    /// Logs out.
    ///
    /// # Errors
    /// When the accounts cannot be written.
    pub async fn log_out(&self, entered: &Entered) -> Result<()> {
        Ok(self.store.end_session(&token_sha256(&entered.token)).await?)
    }

    /// Changes the password of somebody who is logged in and knows the present one.
    ///
    /// # Errors
    /// When the accounts cannot be read or written.
    pub async fn change_password(
        &self,
        entered: &Entered,
        from: IpAddr,
        present: &Secret,
        [new, again]: [&Secret; 2],
    ) -> Result<PasswordChange> {
        let Account { login, name, .. } = &entered.account;
        let unfit = |code| Ok(PasswordChange::Unfit(Failure::usage(code, "")));
        if let Err(wait) = self.limits.count(from, LoginName::read(login).as_ref()) {
            return Ok(PasswordChange::TooOften(wait));
        }
        if !self.is_password(Some(login), present).await? {
            return unfit("ACC-013");
        }
        if new != again {
            return unfit("ACC-012");
        }
        if let Err(failure) = check_password(new, login, name) {
            return Ok(PasswordChange::Unfit(failure));
        }
        if self.is_password(Some(login), new).await? {
            return unfit("ACC-011");
        }
        let hash = self.hash(new).await?;
        self.store.change_password(login, &hash).await?;
        Ok(PasswordChange::Done(self.begin(login).await?))
    }

    /// The sessions of whoever is logged in that go on, the one last used first.
    ///
    /// # Errors
    /// When the accounts cannot be read.
    pub async fn sessions(&self, entered: &Entered) -> Result<Vec<OwnSession>> {
        let now = self.clock.now();
        let all = self.store.sessions_of(&entered.account.login, &token_sha256(&entered.token)).await?;
        let going_on = all.into_iter().filter(|(_, session)| !self.has_ended(session, now));
        let own = |(is_this, session): (bool, StoredSession)| OwnSession {
            begun_at: session.made_at,
            used_at: session.seen_at,
            is_this,
        };
        Ok(going_on.map(own).collect())
    }

    /// Ends all sessions of whoever is logged in but the one that asks.
    ///
    /// # Errors
    /// When the accounts cannot be written.
    pub async fn end_others(&self, entered: &Entered) -> Result<()> {
        Ok(self.store.end_other_sessions(&entered.account.login, &token_sha256(&entered.token)).await?)
    }

    pub(super) async fn begin(&self, login: &str) -> Result<Secret> {
        let now = self.clock.now();
        self.store.clear_sessions(now - self.longest(), now - self.idle()).await?;
        self.store.clear_entries(now - TimeDelta::days(self.config.ledger_days.into())).await?;
        let token = token()?;
        self.store.add_session(&token_sha256(&token), login, now).await?;
        Ok(token)
    }

    /// Whether a session is too old, or was not used for too long.
    fn has_ended(&self, session: &StoredSession, now: DateTime<Utc>) -> bool {
        now - session.made_at >= self.longest() || now - session.seen_at >= self.idle()
    }

    fn longest(&self) -> TimeDelta {
        TimeDelta::hours(self.config.session_hours.into())
    }

    fn idle(&self) -> TimeDelta {
        TimeDelta::minutes(self.config.idle_minutes.into())
    }
}
