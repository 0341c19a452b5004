//! The second factor (二要素認証): an app on a phone that holds a secret and shows codes of it.
//!
//! Logging in with one has two steps. After the password there is only a half login, which opens no page and is over after five
//! minutes; the session begins with the code. What is offered to somebody who sets one up changes nothing until a code of it was
//! written.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;

use super::LoginName;
use super::opened::Accounts;
use super::sessions::Entered;
use super::token::{csrf, token, token_sha256};
use super::totp::{new_secret, step_of};
use crate::domain::mail::Secret;
use crate::error::Failure;

/// How long after the password the code may be written.
const HALF: TimeDelta = TimeDelta::minutes(5);

/// How long a secret is offered: to find the app, perhaps to install it.
const OFFERED: TimeDelta = TimeDelta::minutes(15);

/// By what apps name the account beside its login.
const ISSUER: &str = "kaiin";

/// Letters of a group of a secret that is copied by hand.
const GROUP: usize = 4;

/// Whose password was right, and whose code is still asked for.
#[derive(Debug, Clone)]
pub struct Half {
    login: String,
    token: Secret,
}

impl Half {
    /// What the form of the code carries.
    pub fn csrf(&self) -> String {
        csrf(&self.token)
    }
}

/// What came of writing the code.
#[derive(Debug)]
pub enum SecondStep {
    /// A session began; this is its token, which has nothing to do with that of the half login.
    Begun(Secret),
    /// The code is wrong, or was used already.
    Refused,
    /// There were too many tries; how long to wait.
    TooOften(Duration),
}

/// What came of asking for a secret, or of writing its first code.
#[derive(Debug)]
pub enum SettingUp<T> {
    /// It is done.
    Done(T),
    /// It may not be so: ACC-013 to ACC-015.
    Unfit(Failure),
    /// There were too many tries; how long to wait.
    TooOften(Duration),
}

/// A secret that is offered to a session.
#[derive(Debug, Clone)]
pub struct Offer {
    login: String,
    secret: Secret,
}

impl Offer {
    /// The secret in groups of four letters, to be copied by hand.
    pub fn groups(&self) -> Vec<&str> {
        let secret = self.secret.reveal();
        (0..secret.len()).step_by(GROUP).filter_map(|from| secret.get(from..from + GROUP)).collect()
    }

    /// The address that apps read (Key Uri Format). A login needs no encoding.
    pub fn address(&self) -> String {
        let (login, secret) = (&self.login, self.secret.reveal());
        format!("otpauth://totp/{ISSUER}:{login}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits=6&period=30")
    }
}

impl Accounts {
    /// Whether the code of an account is asked for after its password.
    pub(super) async fn has_second_factor(&self, login: &str) -> Result<bool> {
        Ok(self.store.second_factor(login).await?.is_some())
    }

    /// Notes that the password was right.
    pub(super) async fn begin_half(&self, login: &str) -> Result<Secret> {
        let (token, now) = (token()?, self.clock.now());
        self.store.add_half(&token_sha256(&token), login, now, now - HALF).await?;
        Ok(token)
    }

    /// Whose code is still asked for by a token; `None` when it is too late.
    ///
    /// # Errors
    /// When the accounts cannot be read.
    pub async fn half(&self, token: Secret) -> Result<Option<Half>> {
        let login = self.store.half(&token_sha256(&token), self.clock.now() - HALF).await?;
        Ok(login.map(|login| Half { login, token }))
    }

    /// Ends the login with its code.
    ///
    /// # Errors
    /// When the accounts cannot be read or written.
    pub async fn second_step(&self, half: &Half, from: IpAddr, code: &str) -> Result<SecondStep> {
        let Half { login, token } = half;
        if let Err(wait) = self.limits.count(from, LoginName::read(login).as_ref()) {
            return Ok(SecondStep::TooOften(wait));
        }
        if !self.is_code(login, code).await? {
            return Ok(SecondStep::Refused);
        }
        self.store.end_half(&token_sha256(token)).await?;
        Ok(SecondStep::Begun(self.begin(login).await?))
    }

    /// Offers a new secret to somebody who is logged in and knows the password, and has the present second factor if there is one.
    ///
    /// # Errors
    /// When the accounts cannot be read or written.
    pub async fn offer(&self, entered: &Entered, from: IpAddr, password: &Secret, code: &str) -> Result<SettingUp<()>> {
        let login = &entered.account.login;
        if let Err(wait) = self.limits.count(from, LoginName::read(login).as_ref()) {
            return Ok(SettingUp::TooOften(wait));
        }
        if !self.is_password(Some(login), password).await? {
            return Ok(unfit("ACC-013"));
        }
        if self.has_second_factor(login).await? && !self.is_code(login, code).await? {
            return Ok(unfit("ACC-014"));
        }
        self.store.offer(&token_sha256(&entered.token), &new_secret()?, self.clock.now()).await?;
        Ok(SettingUp::Done(()))
    }

    /// What is offered to the session; `None` where nothing is, or not any more.
    ///
    /// # Errors
    /// When the accounts cannot be read.
    pub async fn offered(&self, entered: &Entered) -> Result<Option<Offer>> {
        let secret = self.store.offered(&token_sha256(&entered.token), self.clock.now() - OFFERED).await?;
        Ok(secret.map(|secret| Offer { login: entered.account.login.clone(), secret }))
    }

    /// Sets the second factor that is offered to the session, of which somebody has written a code. All sessions of the account end;
    /// the token of a new one is given back.
    ///
    /// # Errors
    /// When the accounts cannot be read or written.
    pub async fn set_up(&self, entered: &Entered, from: IpAddr, code: &str) -> Result<SettingUp<Secret>> {
        let login = &entered.account.login;
        let Some(offer) = self.offered(entered).await? else { return Ok(unfit("ACC-015")) };
        if let Err(wait) = self.limits.count(from, LoginName::read(login).as_ref()) {
            return Ok(SettingUp::TooOften(wait));
        }
        let now = self.clock.now();
        let Some(step) = step_of(&offer.secret, code, now)? else { return Ok(unfit("ACC-014")) };
        self.store.set_second_factor(login, &offer.secret, now, step).await?;
        Ok(SettingUp::Done(self.begin(login).await?))
    }

    /// Whether a code is one of the second factor of an account, and was not used before: now it is.
    async fn is_code(&self, login: &str, code: &str) -> Result<bool> {
        let Some(secret) = self.store.second_factor(login).await? else { return Ok(false) };
        match step_of(&secret, code, self.clock.now())? {
            Some(step) => Ok(self.store.use_step(login, step).await?),
            None => Ok(false),
        }
    }
}

fn unfit<T>(code: &'static str) -> SettingUp<T> {
    SettingUp::Unfit(Failure::usage(code, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_shown_on_purpose_only() {
        let secret = Secret::new("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into());
        let offer = Offer { login: "h.sato".into(), secret };
        assert_eq!(offer.groups(), ["GEZD", "GNBV", "GY3T", "QOJQ", "GEZD", "GNBV", "GY3T", "QOJQ"]);
        let expected = "otpauth://totp/kaiin:h.sato?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=kaiin&algorithm=SHA1\
                        &digits=6&period=30";
        assert_eq!(offer.address(), expected);
        assert!(!format!("{offer:?}").contains("GEZD"));
    }
}
