//! Accounts of the pages (アカウント), and what is kept of what they opened (閲覧の記録).

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::access::Access;

/// An account. What its password is made of is asked for by itself, and shown nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name under which somebody logs in.
    pub login: String,
    /// Name as pages show it.
    pub name: String,
    /// What it may see and do.
    pub access: Access,
    /// Whether its password is one that somebody else chose, and must be changed first.
    pub must_change: bool,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it was disabled; `None` = it may be used.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When its second factor was set up (二要素認証); `None` = it has none.
    pub second_factor_at: Option<DateTime<Utc>>,
}

/// Who must have a second factor to log in (二要素認証), as the settings write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum FactorRule {
    /// Accounts of the roles that approve and that keep accounts.
    #[serde(rename = "required")]
    ByRole,
    /// Nobody; who has one is asked for it all the same.
    #[serde(rename = "none")]
    Nobody,
}

/// How far somebody who is logged in is from the pages: all before a stage must be done first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The password is one that somebody else chose.
    FirstPassword,
    /// The second factor that the role asks for is not set up.
    WithoutFactor,
    /// Nothing is left to do.
    Ready,
}

impl Account {
    /// How far the account is under a rule.
    pub fn stage(&self, rule: FactorRule) -> Stage {
        let needs_factor = rule == FactorRule::ByRole && self.access.role().needs_second_factor();
        match self.second_factor_at {
            _ if self.must_change => Stage::FirstPassword,
            None if needs_factor => Stage::WithoutFactor,
            _ => Stage::Ready,
        }
    }
}

/// That somebody opened a page. It names the page as it is declared, never what was asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Account; empty where nobody was logged in.
    pub login: String,
    /// Method and declared path, such as GET /question.
    pub route: String,
    /// Status of the answer.
    pub outcome: u16,
    /// How many rows or persons it showed; `None` where it shows none.
    pub n_shown: Option<i64>,
}
