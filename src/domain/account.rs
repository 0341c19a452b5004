//! Accounts of the pages (アカウント), and what is kept of what they opened (閲覧の記録).

use chrono::{DateTime, Utc};

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
