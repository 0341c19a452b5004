//! Which bodies of which tiers a question is about, and whether the asker may see them.

use anyhow::Result;
use chrono::NaiveDate;

use super::faults::{Field, FieldFault};
use super::resolve::{Area, Asked};
use super::viewer::Viewer;
use crate::domain::association::{Associations, BodySet, Tier};
use crate::domain::grouping::Dimension;
use crate::domain::prefecture::prefecture_name;
use crate::service::known::map::MapChoice;
use crate::service::questions::question::Question;
use crate::service::questions::scope::Scope;

/// One tier of the area that is asked about.
#[derive(Debug, Clone)]
pub(super) struct TierScope {
    pub(super) tier: Tier,
    /// The bodies, those that have ended among them.
    pub(super) bodies: BodySet,
    /// The prefecture whose national members are meant (R23).
    pub(super) national_home: Option<String>,
    question: Question,
}

impl TierScope {
    /// The question as `count` and `movements` take it.
    pub(super) fn question(&self, by: Vec<Dimension>) -> Question {
        Question { by, ..self.question.clone() }
    }
}

/// The tiers of a question, in official order, and whether one was left out because the asker may not see it.
#[derive(Debug, Clone)]
pub(super) struct Scopes {
    pub(super) tiers: Vec<TierScope>,
    pub(super) is_cut: bool,
}

/// Finds the tiers that a question is about.
///
/// # Errors
/// The refusal, where the asker may see none of them.
pub(super) fn scopes(asked: &Asked, associations: &Associations, viewer: &Viewer) -> Result<Scopes, FieldFault> {
    let refusal = || FieldFault::new(Field::Whole, "ASK-020", Vec::new());
    let mut out = Scopes { tiers: Vec::new(), is_cut: false };
    for tier in Tier::ALL.into_iter().filter(|tier| asked.tier.is_none_or(|asked| asked == *tier)) {
        let Ok(scope) = scope_of(asked, associations, tier) else { return Err(refusal()) };
        let is_seen = scope.bodies.bodies(associations).all(|(_, body)| viewer.sees(body))
            && (scope.national_home.is_none() || viewer.national && viewer.persons);
        match is_seen {
            true if scope.bodies.is_empty() && scope.national_home.is_none() => {}
            true => out.tiers.push(scope),
            false => out.is_cut = true,
        }
    }
    if out.tiers.is_empty() { Err(refusal()) } else { Ok(out) }
}

fn scope_of(asked: &Asked, associations: &Associations, tier: Tier) -> Result<TierScope> {
    let code = match &asked.area {
        Area::Body(id) => associations.get(*id).map(|body| body.code.clone()),
        _ => None,
    };
    let prefecture = match &asked.area {
        Area::Prefecture(code) => Some(code.clone()),
        _ => None,
    };
    let question = Question {
        by: Vec::new(),
        tier: Some(tier),
        prefecture,
        association: code,
        below: false,
        map: MapChoice::AsOf,
        zeros: false,
    };
    let scope = Scope::new(&question, associations, asked.on)?;
    let national_home = scope.national_home().map(str::to_string);
    Ok(TierScope { tier, bodies: scope.bodies(associations), national_home, question })
}

/// The area as sentences name it: 全国, 埼玉県, 浦和医師会.
pub(super) fn area_name(area: &Area, associations: &Associations, day: NaiveDate) -> String {
    match area {
        Area::All => "全国".to_string(),
        Area::Prefecture(code) => prefecture_name(code).unwrap_or(code).to_string(),
        Area::Body(id) => associations.get(*id).map_or(String::new(), |body| body.span_on(day).name.clone()),
    }
}

/// Who is counted, as the subject of a sentence: 埼玉県の郡市区等医師会の会員, 浦和医師会の会員.
pub(super) fn whose(asked: &Asked, associations: &Associations, tier: Tier) -> String {
    let area = area_name(&asked.area, associations, asked.on);
    let class = asked.class.map_or(String::new(), |class| format!("（{}）", class.label()));
    let bodies = match (&asked.area, tier) {
        (Area::Body(_), _) => format!("{area}の会員"),
        (_, Tier::Local) => format!("{area}の郡市区等医師会の会員"),
        (_, Tier::Prefectural) => format!("{area}の都道府県医師会の会員"),
        (Area::All, Tier::National) => "日本医師会の会員".to_string(),
        (_, Tier::National) => format!("{area}の日本医師会会員"),
    };
    format!("{bodies}{class}")
}
