//! Keeping accounts: added, disabled, reset, lent to, listed. Whoever may run the program on the server may do this.

use anyhow::Result;
use chrono::NaiveDate;

use super::LoginName;
use super::opened::Accounts;
use super::password::check_password;
use super::token::first_password;
use crate::clock::tokyo_day;
use crate::domain::access::{Access, AccessArea, AccessFault, LentRight, Role, TierSet};
use crate::domain::account::Account;
use crate::domain::association::{Associations, Tier};
use crate::domain::mail::Secret;
use crate::error::{Failure, FailureKind};
use crate::service::keep::Workspace;
use crate::service::known::names;

/// An area as somebody names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AreaWish {
    /// All bodies.
    Everywhere,
    /// A prefecture, by code or name.
    Prefecture(String),
    /// One body with those below it, by code or name.
    Association(String),
}

/// An account that is to be.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Login.
    pub login: LoginName,
    /// Name as pages show it.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Area.
    pub area: AreaWish,
    /// Tiers; `None` = all that the area may see.
    pub tiers: Option<TierSet>,
    /// Persons too, not numbers only.
    pub persons: bool,
}

/// What becomes of a disabled account whose password is set anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enabling {
    /// It is refused.
    Refuse,
    /// It may be used again.
    Enable,
}

/// What came of setting an account anew.
#[derive(Debug, Clone)]
pub struct Reset {
    /// The password, where it was drawn.
    pub drawn: Option<Secret>,
    /// Whether it had a second factor, which is gone.
    pub removed_factor: bool,
}

impl Accounts {
    /// Adds an account. Its password must be changed at the first login; without one it is drawn, and given back.
    ///
    /// # Errors
    /// [`Failure`] ACC-001 when there is such a login, ACC-006 when its tiers do not fit its area, QRY-004 when the master does not
    /// have the area; as [`check_password`]; when the accounts cannot be written.
    pub async fn add(
        &self,
        workspace: &Workspace,
        new: NewAccount,
        password: Option<Secret>,
    ) -> Result<Option<Secret>> {
        let area = self.area(&workspace.store.associations().await?, &new.area)?;
        let tiers = new.tiers.unwrap_or_else(|| widest(&area));
        let access = Access::new(new.role, area, tiers, new.persons, Vec::new()).map_err(refused)?;
        let name = if new.name.trim().is_empty() { new.login.as_str() } else { new.name.trim() };
        let account = Account {
            login: new.login.as_str().into(),
            name: name.into(),
            access,
            must_change: true,
            made_at: self.clock.now(),
            disabled_at: None,
            second_factor_at: None,
        };
        let (password, drawn) = chosen(password, &account)?;
        let hash = self.hash(&password).await?;
        if !self.store.add_account(&account, &hash).await? {
            return Err(Failure::usage("ACC-001", account.login).into());
        }
        Ok(drawn)
    }

    /// Sets a new password, which must be changed at the next login, removes the second factor, and ends all sessions. Without a
    /// password it is drawn.
    ///
    /// # Errors
    /// [`Failure`] ACC-002 when there is no such account, ACC-007 when it is disabled and stays so; as [`check_password`]; when the
    /// accounts cannot be written.
    pub async fn reset(&self, login: &LoginName, password: Option<Secret>, enabling: Enabling) -> Result<Reset> {
        let account = self.known(login).await?;
        if account.disabled_at.is_some() && enabling == Enabling::Refuse {
            return Err(Failure::usage("ACC-007", account.login).into());
        }
        let (password, drawn) = chosen(password, &account)?;
        let hash = self.hash(&password).await?;
        let removed_factor = self.store.reset_account(login.as_str(), &hash).await?;
        Ok(Reset { drawn, removed_factor })
    }

    /// Disables an account and ends its sessions at once; one that is disabled already stays so.
    ///
    /// # Errors
    /// [`Failure`] ACC-002 when there is no such account; when the accounts cannot be written.
    pub async fn disable(&self, login: &LoginName) -> Result<()> {
        self.known(login).await?;
        self.store.disable_account(login.as_str(), self.clock.now()).await?;
        Ok(())
    }

    /// Lends an account what is of another prefecture or association (取決め), through a last day.
    ///
    /// # Errors
    /// [`Failure`] ACC-002 when there is no such account, ACC-008 when the day is over, QRY-004 when the master does not have the
    /// area; when the accounts cannot be written.
    pub async fn lend(
        &self,
        workspace: &Workspace,
        login: &LoginName,
        wish: &AreaWish,
        (until, persons): (NaiveDate, bool),
    ) -> Result<LentRight> {
        let account = self.known(login).await?;
        if until < tokyo_day(self.clock.now()) {
            return Err(Failure::usage("ACC-008", until.to_string()).into());
        }
        let area = self.area(&workspace.store.associations().await?, wish)?;
        let right = LentRight { area, until, persons };
        let own = account.access;
        Access::new(own.role(), own.area().clone(), own.tiers(), own.persons(), vec![right.clone()])
            .map_err(refused)?;
        self.store.lend(login.as_str(), &right, self.clock.now()).await?;
        Ok(right)
    }

    /// All accounts by login.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn list(&self) -> Result<Vec<Account>> {
        Ok(self.store.accounts().await?)
    }

    async fn known(&self, login: &LoginName) -> Result<Account> {
        let found = self.store.account(login.as_str()).await?;
        Ok(found.ok_or_else(|| Failure::usage("ACC-002", login.as_str()))?)
    }

    /// The area of a wish, by the names of today.
    fn area(&self, associations: &Associations, wish: &AreaWish) -> Result<AccessArea> {
        let today = tokyo_day(self.clock.now());
        let area = match wish {
            AreaWish::Everywhere => AccessArea::Everywhere,
            AreaWish::Prefecture(word) => {
                AccessArea::Prefecture(names::prefecture(associations, word, today)?.to_string())
            }
            AreaWish::Association(word) => {
                AccessArea::Association(names::association(associations, word, today)?.code.clone())
            }
        };
        // The national body is found by its name, and is no area.
        if area.is_known(associations) { Ok(area) } else { Err(Failure::usage("ACC-006", area.code()).into()) }
    }
}

/// All tiers that an area may see.
fn widest(area: &AccessArea) -> TierSet {
    match area {
        AccessArea::Everywhere => TierSet::of(&Tier::ALL),
        AccessArea::Prefecture(_) | AccessArea::Association(_) => TierSet::of(&[Tier::Local, Tier::Prefectural]),
    }
}

fn refused(fault: AccessFault) -> Failure {
    match fault {
        AccessFault::NationalTier => Failure::usage("ACC-006", ""),
        // The command line asks for a tier, and for an area to lend.
        AccessFault::NoTier | AccessFault::LendsEverything => {
            Failure::new(FailureKind::Bug, "BUG-001", fault.to_string())
        }
    }
}

/// The password, and the same once more where it was drawn.
fn chosen(password: Option<Secret>, account: &Account) -> Result<(Secret, Option<Secret>)> {
    match password {
        Some(password) => {
            check_password(&password, &account.login, &account.name)?;
            Ok((password, None))
        }
        None => {
            let drawn = first_password()?;
            Ok((drawn.clone(), Some(drawn)))
        }
    }
}
