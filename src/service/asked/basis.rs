//! The sentence with the number, and what an answer says about itself.

use anyhow::Result;

use super::figures::TierFigure;
use super::resolve::Asked;
use super::scope::{Scopes, area_name, whose};
use super::viewer::Viewer;
use crate::domain::as_of::AsOf;
use crate::domain::association::Association;
use crate::domain::cell::LabelledText;
use crate::domain::day_words::in_both_calendars;
use crate::domain::japanese_date::era_date;
use crate::domain::metric::Metric;
use crate::domain::printed_number::{signed_count, thousands};
use crate::domain::revision::FigureStatus;
use crate::messages::Lang;
use crate::service::keep::Workspace;
use crate::service::known::coverage::{IncompleteArea, areas_sentence};
use crate::service::known::revision::status;
use crate::service::known::vintage::Vintage;

/// How firm the figures of an answer are (R7): 予定, 不完全, 速報, 確報, 改定.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Firmness {
    pub(super) word: &'static str,
    pub(super) why: String,
}

/// Judges the figures of an answer.
///
/// # Errors
/// When the timeline cannot be read.
pub(super) fn firmness(
    workspace: &Workspace,
    vintage: &Vintage,
    asked: &Asked,
    scopes: &Scopes,
    figures: &[TierFigure],
) -> Result<Firmness> {
    let of = |word, why: &str| Firmness { word, why: why.to_string() };
    if figures.iter().any(|figure| !figure.complete) {
        return Ok(of("不完全", "出力が及ばない所があり、人数は分かっている者だけのものです"));
    }
    if AsOf(asked.on).is_future(vintage.known_at) {
        return Ok(of(
            "予定",
            "基準日が知識時点より後なので、今分かっている入会・退会の予定によります。基準日と時点を逆に書いていないかも確かめてください",
        ));
    }
    let after = workspace.config.figures.final_after_days;
    let is_asked = |body: &Association| {
        let rank = vintage.associations.rank(body.id);
        scopes.tiers.iter().any(|scope| match &scope.national_home {
            Some(home) => body.prefecture == *home,
            None => rank.is_some_and(|rank| scope.bodies.has(rank)),
        })
    };
    Ok(match status(vintage, AsOf(asked.on), after, is_asked)? {
        FigureStatus::Preliminary => Firmness {
            word: "速報",
            why: format!("基準日から {after} 日がたつまでは、遅れて届く届出で変わることがあります"),
        },
        FigureStatus::Final => {
            Firmness { word: "確報", why: format!("基準日から {after} 日がたっています") }
        }
        FigureStatus::Revised => of("改定", "確報になった後に、届出か調整で変わった数です"),
    })
}

/// The number of a tier in one sentence, with both dates.
pub(super) fn sentence(vintage: &Vintage, asked: &Asked, figure: &TierFigure, firmness: &Firmness) -> String {
    let whose = whose(asked, &vintage.associations, figure.tier);
    let known = era_date(vintage.known_at.0);
    let on = era_date(asked.on);
    if figure.is_masked {
        let before = figure.shown_before.map_or(String::new(), |(day, n)| {
            format!("示せるいちばん近い前の日は{}で、{} 人です。", era_date(day), thousands(n))
        });
        return format!("{on}現在の{whose}の数は、少人数の保護のため示しません（x）。{before}");
    }
    let Some(n) = figure.memberships else {
        return format!("{on}現在の{whose}の数は、{known}までの資料では分かりません。");
    };
    let heads = figure.heads.filter(|heads| *heads != n);
    let heads = heads.map_or(String::new(), |heads| format!("（延べ。実人数 {} 人）", thousands(heads)));
    let is = if firmness.word == "予定" { "となる予定です" } else { "です" };
    format!(
        "{on}現在、{whose}は {} 人{heads}{is}（{known}までに分かっていることによる。{}）。",
        thousands(n),
        firmness.word
    )
}

/// Dates, rules and definitions.
pub(super) fn facts(
    vintage: &Vintage,
    asked: &Asked,
    figures: &[TierFigure],
    firmness: &Firmness,
    viewer: &Viewer,
) -> Vec<LabelledText> {
    let basis = vintage.basis();
    let incomplete: Vec<IncompleteArea> = figures.iter().flat_map(|figure| figure.incomplete.clone()).collect();
    let complete = match figures.iter().all(|figure| figure.complete) {
        true => "出力は、この範囲の基準日に及んでいます（完全）".to_string(),
        false => format!("不完全：{}", areas_sentence(&distinct(incomplete), Lang::Ja)),
    };
    let mut facts = vec![
        LabelledText::new("基準日", in_both_calendars(asked.on)),
        LabelledText::new("知識時点", in_both_calendars(vintage.known_at.0)),
        LabelledText::new("範囲", area_name(&asked.area, &vintage.associations, asked.on)),
        LabelledText::new("状態", format!("{}（{}）", firmness.word, firmness.why)),
        LabelledText::new("網羅", complete),
        LabelledText::new("定義", Metric::Memberships.definition().sentence),
    ];
    if figures.iter().any(|figure| figure.heads.is_some_and(|heads| figure.memberships != Some(heads))) {
        facts.push(LabelledText::new("実人数の定義", Metric::Heads.definition().sentence));
    }
    facts.push(LabelledText::new("退会日の扱い", basis.withdrawal_day_label));
    let sum = |of: fn(&TierFigure) -> Option<i64>| figures.iter().map(of).sum::<Option<i64>>();
    if viewer.persons
        && let Some(n) = sum(|figure| figure.not_shown).filter(|n| *n > 0)
    {
        facts.push(LabelledText::new("最新の出力に見えない者", format!("{} 人（人数に含む）", thousands(n))));
    }
    if viewer.persons
        && let Some(n) = sum(|figure| figure.adjusted).filter(|n| *n != 0)
    {
        facts.push(LabelledText::new("調整による増減", format!("{}（人数に含む）", signed_count(n))));
    }
    if viewer.sees_everything() && basis.rejected_rows > 0 {
        let (rows, active) = (basis.rejected_rows, basis.rejected_active_rows);
        facts.push(LabelledText::new(
            "取り込めなかった行",
            format!("{rows} 行（うち在籍 {active}。全出力の数で、人数に含まない）"),
        ));
    }
    facts.push(LabelledText::new("台帳", basis.head));
    facts
}

/// Each area once: two tiers may lack the same.
fn distinct(areas: Vec<IncompleteArea>) -> Vec<IncompleteArea> {
    let mut out: Vec<IncompleteArea> = Vec::new();
    for area in areas {
        if !out.contains(&area) {
            out.push(area);
        }
    }
    out
}
