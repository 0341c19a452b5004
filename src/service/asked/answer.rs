//! An answer: everything that is shown of it, finished.

use chrono::NaiveDate;

use super::faults::FieldFault;
use super::pages::PersonPages;
use crate::domain::association::Tier;
use crate::domain::cell::LabelledText;
use crate::domain::document::Table;
use crate::domain::ids::PhysicianId;

/// Addresses of an answer, as queries without the question mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// The same question with its known-at and head: it gives the same answer whatever is taken in later.
    pub pinned: String,
    /// The same question of what is known by then.
    pub newest: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// 基準日.
    pub on: NaiveDate,
    /// 知識時点: of several the newest.
    pub known_at: NaiveDate,
    /// Tier, memberships and heads; `None` where they are not known.
    pub figures: Vec<(Tier, Option<i64>, Option<i64>)>,
    /// The number of each tier in one sentence with both dates.
    pub sentences: Vec<String>,
    /// 予定, 不完全, 速報, 確報 or 改定.
    pub firmness: &'static str,
    /// Dates, rules and definitions.
    pub facts: Vec<LabelledText>,
    /// What is to be said first: a pinned address whose store has changed, an answer number that was compared.
    pub notices: Vec<FieldFault>,
    /// What was left out, and why.
    pub remarks: Vec<String>,
    /// Several known-ats beside each other.
    pub compared: Option<Table>,
    /// Change since last month and last year.
    pub changes: Table,
    /// By what it was asked for.
    pub breakdown: Option<Table>,
    /// What MAMIS shows, or why that is not told.
    pub mamis_sentence: String,
    /// Why it differs.
    pub mamis: Option<Table>,
    /// The list of persons, or a page of it; `None` where the asker may not see persons.
    pub persons: Option<(Table, PersonPages)>,
    /// Who stands in the rows of the list that are shown, as addresses name them.
    pub person_keys: Vec<PhysicianId>,
    /// Addresses.
    pub links: Links,
    /// Answer number (答えの番号).
    pub number: String,
}
