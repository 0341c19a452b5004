//! Associations (医師会): three tiers, a tree of any depth, an official order, and names with variants.
//!
//! The master is data; this module does not know where it comes from. Membership in a body never follows from
//! an address.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::AssociationId;
use super::text::body_name_key;

/// One of the three tiers (三層構造). "会員数" without a tier means nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// 郡市区等医師会.
    Local,
    /// 都道府県医師会.
    Prefectural,
    /// 日本医師会.
    National,
}

impl Tier {
    /// All tiers in official order.
    pub const ALL: [Self; 3] = [Self::Local, Self::Prefectural, Self::National];

    /// Machine code as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Prefectural => "prefectural",
            Self::National => "national",
        }
    }

    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Local => "郡市区等",
            Self::Prefectural => "都道府県",
            Self::National => "日本医師会",
        }
    }

    /// Position in [`Self::ALL`]; also the stored number.
    pub fn index(self) -> usize {
        match self {
            Self::Local => 0,
            Self::Prefectural => 1,
            Self::National => 2,
        }
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

/// One body of the master (医師会マスタの1行).
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
}

/// All bodies in official order: tier, prefecture, 並び順, code. Never sorted by name.
#[derive(Debug, Clone, Default)]
pub struct Associations {
    ordered: Vec<Association>,
    by_id: HashMap<AssociationId, usize>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<(Tier, String), NameHit>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NameHit {
    One(usize),
    Several,
}

/// Why a body could not be found by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameMiss {
    /// No body has the name.
    Unknown,
    /// Several bodies have it; a code is needed.
    Ambiguous,
}

/// Why a master cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MasterError {
    /// Two rows have one code.
    #[error("code {0} stands on two rows")]
    DuplicateCode(String),
    /// A 上位コード names no row.
    #[error("parent {parent} of {code} is not in the master")]
    UnknownParent {
        /// The body.
        code: String,
        /// The parent that is missing.
        parent: String,
    },
    /// Following the parents of this body comes back to it.
    #[error("the parents of {0} form a circle")]
    Circle(String),
    /// A body that is not the national one has no body above it.
    #[error("{0} has no parent")]
    NoParent(String),
}

impl Associations {
    /// Orders and checks a master.
    ///
    /// # Errors
    /// [`MasterError`] when a code stands twice, a parent is missing, parents form a circle, or a local or
    /// prefectural body has no parent.
    pub fn new(mut bodies: Vec<Association>) -> Result<Self, MasterError> {
        bodies.sort_by(|a, b| order_key(a).cmp(&order_key(b)));
        let mut out = Self::default();
        for (i, body) in bodies.iter().enumerate() {
            if out.by_code.insert(body.code.clone(), i).is_some() {
                return Err(MasterError::DuplicateCode(body.code.clone()));
            }
            out.by_id.insert(body.id, i);
        }
        for (i, body) in bodies.iter().enumerate() {
            for name in name_keys(body) {
                out.by_name
                    .entry((body.tier, name))
                    .and_modify(|hit| {
                        if *hit != NameHit::One(i) {
                            *hit = NameHit::Several;
                        }
                    })
                    .or_insert(NameHit::One(i));
            }
        }
        out.ordered = bodies;
        out.check_parents()?;
        Ok(out)
    }

    fn check_parents(&self) -> Result<(), MasterError> {
        for body in &self.ordered {
            let mut at = body;
            let mut steps = 0;
            while let Some(parent) = &at.parent {
                at = self
                    .by_code(parent)
                    .ok_or_else(|| MasterError::UnknownParent { code: at.code.clone(), parent: parent.clone() })?;
                steps += 1;
                if steps > self.ordered.len() {
                    return Err(MasterError::Circle(at.code.clone()));
                }
            }
            if body.parent.is_none() && body.tier != Tier::National {
                return Err(MasterError::NoParent(body.code.clone()));
            }
        }
        Ok(())
    }

    /// All bodies in official order.
    pub fn iter(&self) -> impl Iterator<Item = &Association> {
        self.ordered.iter()
    }

    /// Bodies of one tier in official order.
    pub fn of_tier(&self, tier: Tier) -> impl Iterator<Item = &Association> {
        self.ordered.iter().filter(move |body| body.tier == tier)
    }

    /// Number of bodies.
    pub fn len(&self) -> usize {
        self.ordered.len()
    }

    /// Whether the master is empty.
    pub fn is_empty(&self) -> bool {
        self.ordered.is_empty()
    }

    /// The body with a surrogate id.
    pub fn get(&self, id: AssociationId) -> Option<&Association> {
        self.by_id.get(&id).map(|&i| &self.ordered[i])
    }

    /// Position in official order, from 0.
    pub fn rank(&self, id: AssociationId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// The body with a code of the master.
    pub fn by_code(&self, code: &str) -> Option<&Association> {
        self.by_code.get(code).map(|&i| &self.ordered[i])
    }

    /// The body of a tier by full name, short name or alias, each with or without 医師会 (R12).
    /// Width and blanks do not matter; nothing fuzzier is done.
    ///
    /// # Errors
    /// [`NameMiss`] when no body or several have the name.
    pub fn by_name(&self, tier: Tier, name: &str) -> Result<&Association, NameMiss> {
        match self.by_name.get(&(tier, body_name_key(name))) {
            Some(NameHit::One(i)) => Ok(&self.ordered[*i]),
            Some(NameHit::Several) => Err(NameMiss::Ambiguous),
            None => Err(NameMiss::Unknown),
        }
    }

    /// The body itself and all above it, from below.
    pub fn chain(&self, id: AssociationId) -> Vec<&Association> {
        let mut out: Vec<&Association> = Vec::new();
        let mut at = self.get(id);
        while let Some(body) = at {
            out.push(body);
            at = body.parent.as_deref().and_then(|code| self.by_code(code));
        }
        out
    }

    /// The prefectural body above a local one.
    pub fn prefectural_above(&self, id: AssociationId) -> Option<&Association> {
        self.chain(id).into_iter().find(|body| body.tier == Tier::Prefectural)
    }

    /// The national body.
    pub fn national(&self) -> Option<&Association> {
        self.of_tier(Tier::National).next()
    }
}

fn name_keys(body: &Association) -> impl Iterator<Item = String> + '_ {
    [&body.name, &body.short_name]
        .into_iter()
        .chain(&body.aliases)
        .filter(|name| !name.is_empty())
        .map(|name| body_name_key(name))
}

fn order_key(body: &Association) -> (Tier, &str, i32, &str) {
    (body.tier, &body.prefecture, body.position, &body.code)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A small master: two prefectures, 岩槻 with the alias 岩槻区, and two bodies called 中央.
    pub(crate) fn sample() -> Associations {
        let rows = [
            ("JMA", Tier::National, "日本医師会", "日医", "", None, "", 1),
            ("P13", Tier::Prefectural, "東京都医師会", "東京都", "", Some("JMA"), "13", 13),
            ("P11", Tier::Prefectural, "埼玉県医師会", "埼玉県", "", Some("JMA"), "11", 11),
            ("13-001", Tier::Local, "中央医師会", "中央", "", Some("P13"), "13", 1),
            ("11-002", Tier::Local, "岩槻医師会", "岩槻", "岩槻区", Some("P11"), "11", 27),
            ("11-001", Tier::Local, "浦和医師会", "浦和", "", Some("P11"), "11", 1),
            ("11-003", Tier::Local, "中央医師会", "中央", "", Some("P11"), "11", 30),
        ];
        let bodies = rows
            .into_iter()
            .zip(1..)
            .map(|((code, tier, name, short, alias, parent, prefecture, position), id)| Association {
                id: AssociationId(id),
                code: code.into(),
                tier,
                kind: "地域".into(),
                name: name.into(),
                short_name: short.into(),
                aliases: if alias.is_empty() { vec![] } else { vec![alias.into()] },
                parent: parent.map(Into::into),
                prefecture: prefecture.into(),
                position,
                valid_from: None,
                valid_to: None,
            })
            .collect();
        Associations::new(bodies).expect("the sample master is sound")
    }

    #[test]
    fn order_is_official_not_alphabetical() {
        let all = sample();
        let codes: Vec<_> = all.iter().map(|body| body.code.as_str()).collect();
        assert_eq!(codes, ["11-001", "11-002", "11-003", "13-001", "P11", "P13", "JMA"]);
    }

    #[test]
    fn names_match_full_short_and_alias_with_or_without_suffix() {
        let all = sample();
        for name in ["岩槻医師会", "岩槻", "岩槻区", "岩槻区医師会"] {
            assert_eq!(all.by_name(Tier::Local, name).map(|body| body.code.as_str()), Ok("11-002"));
        }
        assert_eq!(all.by_name(Tier::Local, "岩"), Err(NameMiss::Unknown));
        assert_eq!(all.by_name(Tier::Local, "中央医師会"), Err(NameMiss::Ambiguous));
        assert_eq!(all.by_name(Tier::Prefectural, "埼玉県").map(|body| body.code.as_str()), Ok("P11"));
    }

    #[test]
    fn parent_that_is_missing_is_refused() {
        let mut bodies: Vec<_> = sample().iter().cloned().collect();
        bodies.retain(|body| body.code != "P13");
        assert!(matches!(Associations::new(bodies), Err(MasterError::UnknownParent { .. })));
    }

    #[test]
    fn circle_of_parents_is_refused() {
        let mut bodies: Vec<_> = sample().iter().cloned().collect();
        for body in &mut bodies {
            if body.code == "JMA" {
                body.parent = Some("P11".into());
            }
        }
        assert!(matches!(Associations::new(bodies), Err(MasterError::Circle(_))));
    }
}
