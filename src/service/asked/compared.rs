//! One day as it was known on several days, beside each other, and what became of the number between them.

use super::basis::Firmness;
use super::figures::TierFigure;
use super::resolve::Asked;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::document::{Column, Row, Table};
use crate::domain::japanese_date::era_date;
use crate::domain::metric::Metric;
use crate::domain::table_check::TableCheck;
use crate::service::known::vintage::Vintage;

/// What was known on one day.
pub(super) struct Known<'a> {
    pub(super) vintage: &'a Vintage,
    pub(super) figures: Vec<TierFigure>,
    pub(super) firmness: Firmness,
}

/// The table of the days, ascending; `None` for one.
pub(super) fn compared(asked: &Asked, known: &[Known<'_>]) -> Option<Table> {
    let [first, _, ..] = known else { return None };
    let mut rows = Vec::new();
    for (nth, of_tier) in first.figures.iter().enumerate() {
        let mut before: Option<i64> = None;
        for (at, one) in known.iter().enumerate() {
            let figure = one.figures.get(nth);
            let n = figure.and_then(|figure| figure.memberships);
            let change = n.zip(before).map(|(n, before)| Cell::Difference(n - before));
            let unknown = if at == 0 { Cell::Blank } else { Cell::NotApplicable };
            let heads = figure.and_then(|figure| figure.heads);
            rows.push(Row::body(vec![
                Cell::text(of_tier.tier.label()),
                Cell::text(era_date(one.vintage.known_at.0)),
                n.map_or(Cell::NotApplicable, Cell::Count),
                heads.map_or(Cell::NotApplicable, Cell::Count),
                change.unwrap_or(unknown),
                Cell::text(one.firmness.word),
            ]));
            before = n;
        }
    }
    Some(Table {
        id: "compared".into(),
        title: "時点による違い".into(),
        basis: vec![LabelledText::new("基準日", era_date(asked.on)), LabelledText::new("単位", "人")],
        columns: vec![
            Column::text("tier", "階層", 6),
            Column::text("known_at", "知識時点", 8),
            Column::number("memberships", Metric::Memberships.name(), 5),
            Column::number("heads", Metric::Heads.name(), 5),
            Column::number("change", "前の時点との差", 6),
            Column::text("status", "状態", 5),
        ],
        rows,
        empty_text: String::new(),
        notes: vec!["同じ基準日の数を、それぞれの時点までに分かっていたことで数えたもの。下の表と名簿は、いちばん新しい時点のもの。".into()],
        proof: TableCheck::default(),
    })
}
