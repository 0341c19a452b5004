//! Associations (医師会): three tiers, a tree of any depth, an official order, and names with variants, all of it
//! through time.
//!
//! A body is one code of the master. Its rows say how it was called and where it stood on spans of days; bodies that
//! took its place are its successors. The master is data; this module does not know where it comes from. Membership
//! in a body never follows from an address. Start reading at [`Association`], then [`Associations`].

mod body_set;
mod check;
mod directory;
mod fault;
mod gather;
mod kinds;
mod master;
mod naming;
mod readings;
mod succession;
#[cfg(test)]
pub(crate) mod tests;
mod tree;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::day::next_day;
use super::ids::AssociationId;
use crate::domain::coded::coded;

pub use body_set::BodySet;
pub use directory::{Associations, NameMiss};
pub use fault::{MasterError, MasterFault};
pub use kinds::kind_order;
pub use naming::CallMiss;
pub use succession::Place;

coded! {
    /// One of the three tiers (三層構造). "会員数" without a tier means nothing.
    ///
    /// They stand in official order.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    pub enum Tier {
        /// 郡市区等医師会.
        Local = "local" / "郡市区等",
        /// 都道府県医師会.
        Prefectural = "prefectural" / "都道府県",
        /// 日本医師会.
        National = "national" / "日本医師会",
    }
}

impl Tier {
    /// Position in [`Self::ALL`]; also the stored number.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The tier of a machine code or of a word of the master (日本, 都道府県, 郡市区等).
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "local" | "郡市区等" | "郡市区" | "郡市" => Some(Self::Local),
            "prefectural" | "都道府県" => Some(Self::Prefectural),
            "national" | "日本" | "日本医師会" | "日医" => Some(Self::National),
            _ => None,
        }
    }
}

/// One row of the master (医師会マスタの1行): a body on a span of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterRow {
    /// Surrogate id; rows of one code share it.
    pub id: AssociationId,
    /// Code of the master, such as 11-001, P11, JMA.
    pub code: String,
    /// Tier; the same on all rows of a code.
    pub tier: Tier,
    /// Prefecture code (都道府県コード), such as 11; empty for the national body; the same on all rows of a code.
    pub prefecture: String,
    /// What holds on the span of this row.
    pub span: AssociationSpan,
    /// Codes of the bodies that took its place (後継コード); on the last row of a code that has ended.
    pub successors: Vec<String>,
}

/// How a body was called and where it stood on a span of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociationSpan {
    /// Kind (種別): 地域, 大学, 職域, 行政, その他.
    pub kind: String,
    /// Full name (名称).
    pub name: String,
    /// Short name as printed in tables (略称).
    pub short_name: String,
    /// Other accepted names (別名).
    pub aliases: Vec<String>,
    /// Code of the body above (上位コード); `None` at the top.
    pub parent: Option<String>,
    /// Order within the prefecture (並び順).
    pub position: i32,
    /// First day (有効開始日), inclusive; `None` = always.
    pub valid_from: Option<NaiveDate>,
    /// Last day (有効終了日), inclusive; `None` = open.
    pub valid_to: Option<NaiveDate>,
}

impl AssociationSpan {
    /// Whether the span holds on a day.
    pub fn contains(&self, day: NaiveDate) -> bool {
        Lifetime { first: self.valid_from, last: self.valid_to }.contains(day)
    }

    /// All names of the span: full, short, aliases. Empty ones are left out.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.short_name]
            .into_iter()
            .chain(&self.aliases)
            .map(String::as_str)
            .filter(|name| !name.is_empty())
    }
}

/// One body through time. The attributes beside `spans` are those of its newest span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Association {
    /// Surrogate id.
    pub id: AssociationId,
    /// Code of the master, such as 11-001, P11, JMA.
    pub code: String,
    /// Tier.
    pub tier: Tier,
    /// Kind (種別): 地域, 大学, 職域, 行政, その他.
    pub kind: String,
    /// Full name (名称).
    pub name: String,
    /// Short name as printed in tables (略称).
    pub short_name: String,
    /// Other accepted names (別名).
    pub aliases: Vec<String>,
    /// The body above (上位コード); `None` at the top.
    pub parent: Option<String>,
    /// Prefecture code (都道府県コード), such as 11; empty for the national body.
    pub prefecture: String,
    /// Order within the prefecture (並び順).
    pub position: i32,
    /// First day of existence, inclusive; `None` = always.
    pub valid_from: Option<NaiveDate>,
    /// Last day of existence, inclusive; `None` = open.
    pub valid_to: Option<NaiveDate>,
    /// Its spans in order of days, each the day after the one before; never empty.
    pub spans: Vec<AssociationSpan>,
    /// Codes of the bodies that took its place (後継コード): none, one (合併), or several (分割).
    pub successors: Vec<String>,
}

impl Association {
    /// The span that holds on a day; before the first day of the body its first span, after the last its last.
    pub fn span_on(&self, day: NaiveDate) -> &AssociationSpan {
        let ended = self.spans.partition_point(|span| span.valid_to.is_some_and(|last| last < day));
        &self.spans[ended.min(self.spans.len() - 1)]
    }

    /// The days on which the body exists.
    pub fn lifetime(&self) -> Lifetime {
        Lifetime { first: self.valid_from, last: self.valid_to }
    }

    /// Whether the body exists on a day.
    pub fn exists_on(&self, day: NaiveDate) -> bool {
        self.lifetime().contains(day)
    }

    /// Whether the last day of the body lies before a day.
    pub fn has_ended_before(&self, day: NaiveDate) -> bool {
        self.valid_to.is_some_and(|last| last < day)
    }

    /// First day after the body; `None` when it goes on.
    pub fn ended_on(&self) -> Option<NaiveDate> {
        self.lifetime().ended_on()
    }
}

/// The days on which a body exists. Nobody is a member of it on any other day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// First day, inclusive; `None` = always.
    pub first: Option<NaiveDate>,
    /// Last day, inclusive; `None` = open.
    pub last: Option<NaiveDate>,
}

impl Lifetime {
    /// Whether a day lies in it.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }

    /// First day after it; `None` when it is open.
    pub fn ended_on(self) -> Option<NaiveDate> {
        self.last.map(next_day)
    }

    /// The part of the days [`starts_on`, `ended_on`) that lies in it; `None` when there is none.
    pub fn clamp(self, starts_on: NaiveDate, ended_on: Option<NaiveDate>) -> Option<(NaiveDate, Option<NaiveDate>)> {
        let starts_on = self.first.map_or(starts_on, |first| first.max(starts_on));
        let ended_on = match (ended_on, self.ended_on()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        ended_on.is_none_or(|end| starts_on < end).then_some((starts_on, ended_on))
    }
}
