//! The rows of an answer: as codes for machines, and with the sums of their tiers for people.

use anyhow::Result;
use chrono::NaiveDate;

use crate::cli::output;
use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::grouping::Dimension;
use crate::domain::printed_number::thousands;
use crate::messages::Lang;
use crate::service::keep::export::rows_csv;
use crate::service::known::totals::TierTotal;
use crate::service::questions::answer::{AnswerMap, CountRow};
use crate::service::questions::question::Question;

/// Names of bodies as rows print them.
pub(super) struct Names<'a> {
    associations: &'a Associations,
    /// Whose names hold on every row; `None` where each row of a series has its own day.
    map_on: Option<NaiveDate>,
    as_of: NaiveDate,
}

impl<'a> Names<'a> {
    pub(super) fn of(associations: &'a Associations, map: Option<AnswerMap>, as_of: NaiveDate) -> Self {
        Self { associations, map_on: map.map(|map| map.map_on), as_of }
    }

    fn day(&self, row: &CountRow) -> NaiveDate {
        self.map_on.or(row.as_of).unwrap_or(self.as_of)
    }

    fn full(&self, code: &str, row: &CountRow) -> &str {
        let body = self.associations.by_code(code);
        body.map_or("", |body| body.span_on(self.day(row)).name.as_str())
    }

    fn short(&self, code: &str, row: &CountRow) -> &str {
        let body = self.associations.by_code(code);
        body.map_or("", |body| body.span_on(self.day(row)).short_name.as_str())
    }
}

/// Headings and rows as codes, for machines. `first` are the headings before the tier: those of a series stand there
/// also when it has no rows.
pub(super) fn csv(first: &[&str], rows: &[CountRow], question: &Question, names: &Names<'_>) -> Result<()> {
    let mut headings: Vec<String> = first.iter().map(ToString::to_string).collect();
    headings.push("tier".into());
    for dimension in &question.by {
        headings.push(dimension.code().into());
        if *dimension == Dimension::Association {
            headings.push("association_name".into());
        }
    }
    headings.push("memberships".into());
    let is_mapped = names.map_on.is_some();
    if is_mapped {
        headings.extend(["restated".into(), "ended".into()]);
    }
    let cells = rows.iter().map(|row| {
        let mut cells: Vec<String> = row.as_of.iter().map(ToString::to_string).collect();
        cells.push(row.tier.into());
        for (key, value) in row.keys.0.iter() {
            cells.push(value.clone());
            if *key == Dimension::Association.code() {
                cells.push(names.full(value, row).to_string());
            }
        }
        cells.push(row.figure().map_or(String::new(), |n| n.to_string()));
        if is_mapped {
            cells.extend([row.restated, row.ended].map(|mark| mark.unwrap_or_default().to_string()));
        }
        cells
    });
    output::bytes(&rows_csv(&headings, cells)?);
    Ok(())
}

/// The sums of the tiers of a day; `None` where there is one day only.
pub(super) type TotalsOfDay = (Option<NaiveDate>, Vec<(Tier, TierTotal)>);

/// The rows of each day and, where they are broken down, the sums of their tiers below them.
pub(super) fn rows_table(
    first: &[&str],
    rows: &[CountRow],
    totals: &[TotalsOfDay],
    question: &Question,
    names: &Names<'_>,
    lang: Lang,
) {
    let mut headings: Vec<String> = first.iter().map(|key| label(key, lang).to_string()).collect();
    headings.push(label("tier", lang).into());
    headings.extend(question.by.iter().map(|dimension| label(dimension.code(), lang).to_string()));
    headings.push(label("memberships", lang).into());
    let mut right = vec![false; headings.len()];
    if let Some(last) = right.last_mut() {
        *last = true;
    }
    let cells_of = |row: &CountRow| {
        let mut cells: Vec<String> = row.as_of.iter().map(ToString::to_string).collect();
        cells.push(value_label("tier", row.tier, lang));
        cells.extend(row.keys.0.iter().map(|(key, value)| match (*key, lang) {
            ("association", Lang::Ja) => format!("{value} {}", names.short(value, row)),
            (key, lang) => value_label(key, value, lang),
        }));
        cells.push(format!("{}{}", row.figure().map_or("…".into(), thousands), marks(row, lang)));
        cells
    };
    let mut cells: Vec<Vec<String>> = Vec::with_capacity(rows.len());
    for (as_of, tiers) in totals {
        cells.extend(rows.iter().filter(|row| row.as_of == *as_of).map(cells_of));
        // Without a breakdown each tier is one row, and its own sum.
        let has_rows = |tier: Tier| rows.iter().any(|row| row.as_of == *as_of && row.tier == tier.code());
        let summed = tiers.iter().filter(|(tier, _)| !question.by.is_empty() && has_rows(*tier));
        cells.extend(summed.map(|(tier, total)| {
            let mut cells: Vec<String> = as_of.iter().map(ToString::to_string).collect();
            cells.push(value_label("tier", tier.code(), lang));
            cells.push(if lang == Lang::Ja { "計" } else { "total" }.to_string());
            cells.extend(std::iter::repeat_n(String::new(), question.by.len() - 1));
            cells.push(if total.is_unknown { "…".into() } else { thousands(total.memberships) });
            cells
        }));
    }
    output::table(&headings, &cells, &right);
}

pub(super) fn label(key: &str, lang: Lang) -> &str {
    if lang == Lang::En {
        return key;
    }
    match key {
        "as_of" => "基準日",
        "tier" => "階層",
        "memberships" => "会員数",
        other => match Dimension::from_code(other) {
            Some(dimension) => dimension.label(),
            None => other,
        },
    }
}

/// ＊ for memberships that were restated, ＊＊ for those under a body that has ended, ※ for a day that the exports do not
/// reach.
pub(super) fn marks(row: &CountRow, lang: Lang) -> String {
    let uncovered = match (row.is_complete, lang) {
        (true, _) => "",
        (false, Lang::Ja) => "※",
        (false, Lang::En) => "?",
    };
    let map = match (row.ended, row.restated, lang) {
        (Some(true), _, Lang::Ja) => "＊＊",
        (Some(true), _, Lang::En) => "**",
        (_, Some(true), Lang::Ja) => "＊",
        (_, Some(true), Lang::En) => "*",
        _ => "",
    };
    format!("{map}{uncovered}")
}

fn value_label(key: &str, value: &str, lang: Lang) -> String {
    if lang == Lang::En {
        return value.to_string();
    }
    let text = match (key, value) {
        ("tier", tier) => Tier::from_text(tier).map_or(tier, |tier| tier.label()),
        ("class", class) => NationalClass::from_code(class).map_or(class, |class| class.label()),
        ("prefecture", "") => "全国",
        ("sex", "male") => "男",
        ("sex", "female") => "女",
        (_, "unknown") => "不明",
        ("age_band", "under30") => "30歳未満",
        ("age_band", "90plus") => "90歳以上",
        ("age_band", band) => return format!("{}歳代", band.trim_end_matches('s')),
        (_, other) => other,
    };
    text.to_string()
}
