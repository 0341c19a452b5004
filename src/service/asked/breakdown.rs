//! The table of a question by what it asks for, as `kaiin count --by` breaks down.

use chrono::NaiveDate;

use super::figures::TierFigure;
use super::resolve::Asked;
use super::veil::MASK;
use crate::domain::association::{Associations, Tier};
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::document::{Column, Row, Table};
use crate::domain::grouping::Dimension;
use crate::domain::japanese_date::era_date;
use crate::domain::metric::Metric;
use crate::domain::prefecture::prefecture_name;
use crate::domain::table_check::TableCheck;
use crate::service::known::vintage::Vintage;
use crate::service::questions::answer::CountRow;

/// The table; `None` where nothing is broken down.
pub(super) fn breakdown(vintage: &Vintage, asked: &Asked, figures: &[TierFigure]) -> Option<Table> {
    if asked.by.is_empty() {
        return None;
    }
    let has_code = asked.by.contains(&Dimension::Association);
    let mut columns = vec![Column::text("tier", "階層", 6)];
    columns.extend(asked.by.iter().map(|dimension| Column::text(dimension.code(), dimension.label(), 10)));
    if has_code {
        columns.push(Column::text("code", "医師会コード", 6));
    }
    columns.push(Column::number("memberships", Metric::Memberships.name(), 5));
    let names = Names { associations: &vintage.associations, day: asked.on };
    let mut rows = Vec::new();
    for figure in figures {
        let is_masked = |nth: usize| figure.masked_rows.get(nth).copied().unwrap_or(false);
        let each = figure.rows.iter().enumerate();
        rows.extend(each.map(|(nth, row)| names.row(figure.tier, row, has_code, is_masked(nth))));
        let blanks = asked.by.len() - 1 + usize::from(has_code);
        let mut cells = vec![Cell::text(figure.tier.label()), Cell::text("計")];
        cells.extend(std::iter::repeat_n(Cell::Blank, blanks));
        cells.push(match figure.memberships {
            None if figure.is_masked => Cell::text(MASK),
            n => n.map_or(Cell::NotApplicable, Cell::Count),
        });
        rows.push(Row::total(cells));
    }
    let mut notes: Vec<String> = asked.by.iter().filter_map(|dimension| dimension.note()).map(String::from).collect();
    if figures.iter().flat_map(|figure| &figure.rows).any(|row| !row.is_complete) {
        notes.push("… は、その日まで出力が及ばず、分からないもの。出力が一部にしか及ばない行の数は、分かっている者だけのもの。".into());
    }
    if figures.iter().any(|figure| figure.is_masked || figure.masked_rows.contains(&true)) {
        notes.push("x は、少人数の保護のため示さないもの（docs/asking.md）。".into());
    }
    Some(Table {
        id: "breakdown".into(),
        title: format!("{}別の内訳", asked.by.iter().map(|one| one.label()).collect::<Vec<_>>().join("・")),
        basis: vec![
            LabelledText::new("基準日", era_date(asked.on)),
            LabelledText::new("知識時点", era_date(vintage.known_at.0)),
            LabelledText::new("単位", "人（延べ）"),
        ],
        columns,
        rows,
        empty_text: "※件数 0 件".into(),
        notes,
        proof: TableCheck::default(),
    })
}

/// Names as they are on a day.
struct Names<'a> {
    associations: &'a Associations,
    day: NaiveDate,
}

impl Names<'_> {
    fn row(&self, tier: Tier, row: &CountRow, has_code: bool, is_masked: bool) -> Row {
        let mut cells = vec![Cell::text(tier.label())];
        cells.extend(row.keys.0.iter().map(|(key, value)| Cell::text(self.name(key, value))));
        let code = row.keys.0.iter().find(|(key, _)| *key == Dimension::Association.code()).map(|(_, code)| code);
        if has_code {
            cells.push(Cell::text(code.map_or("", String::as_str)));
        }
        cells.push(match row.figure() {
            Some(_) if is_masked => Cell::text(MASK),
            n => n.map_or(Cell::NotApplicable, Cell::Count),
        });
        let out = Row::body(cells);
        code.map_or(out.clone(), |code| out.coded(code))
    }

    fn name(&self, key: &str, value: &str) -> String {
        let dimension = Dimension::from_code(key);
        let group = dimension.and_then(Dimension::groups);
        if let Some((_, label)) = group.and_then(|groups| groups.into_iter().find(|(code, _)| *code == value)) {
            return label.to_string();
        }
        match (dimension, value) {
            (Some(Dimension::Association), code) => {
                let body = self.associations.by_code(code);
                body.map_or_else(|| code.to_string(), |body| body.span_on(self.day).short_name.clone())
            }
            (Some(Dimension::Prefecture), "") => "全国".into(),
            (_, "unknown") => "不明".into(),
            (Some(Dimension::Prefecture), code) => prefecture_name(code).unwrap_or(code).to_string(),
            (_, "") => "―".into(),
            (_, value) => value.to_string(),
        }
    }
}
