//! Figures that stand in several tables of one paper must be the same in all of them.
//!
//! A builder claims of a printed cell which [`Figure`] it is; the value is read from the finished cell, never from where
//! the cell was made. The publish gate asks [`ReportDocument::contradictions`], which compares all claims of one figure
//! across tables, grids, charts and sections. This module does not know which of two values is right, and what holds
//! inside one table is the business of `proof`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::association::{Association, Tier};
use super::class::NationalClass;
use super::document::{Block, Cell, ReportDocument, RowKind, Table};
use super::grouping::Dimension;

/// Key of the part that names the tier.
const TIER: &str = "tier";

/// A figure by its meaning, wherever it is printed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Figure {
    /// Id of the metric, or of what an audit counts. It says the unit too.
    pub what: &'static str,
    /// Of whom: value by dimension. What is not named is not divided.
    pub parts: BTreeMap<&'static str, String>,
    /// For changes the day before the first one: what happened after it, up to `on`. `None` for a count of one day.
    pub since: Option<NaiveDate>,
    /// 基準日; for changes the last day, inclusive.
    pub on: NaiveDate,
    /// 知識時点.
    pub known_at: NaiveDate,
}

impl Figure {
    /// A figure of one day, of everybody that the paper is about.
    pub fn new(what: &'static str, on: NaiveDate, known_at: NaiveDate) -> Self {
        Self { what, parts: BTreeMap::new(), since: None, on, known_at }
    }

    /// The same of one tier.
    pub fn of_tier(&self, tier: Tier) -> Self {
        self.part(TIER, tier.code())
    }

    /// The same of one body. A prefectural body is named by its prefecture, as members of R23 are.
    pub fn of_body(&self, body: &Association) -> Self {
        match body.tier {
            Tier::Local => self.part(Dimension::Association.code(), &body.code),
            Tier::Prefectural => self.part(Dimension::Prefecture.code(), &body.prefecture),
            Tier::National => self.clone(),
        }
    }

    /// The same of one class.
    pub fn of_class(&self, class: NationalClass) -> Self {
        self.part(Dimension::Class.code(), class.code())
    }

    /// The same of one group of a dimension.
    pub fn part(&self, dimension: &'static str, group: &str) -> Self {
        let mut out = self.clone();
        out.parts.insert(dimension, group.to_string());
        out
    }

    /// The same, on another day.
    pub fn on(&self, day: NaiveDate) -> Self {
        Self { on: day, ..self.clone() }
    }

    /// What happened after a day; of a count, the difference to it.
    pub fn since(&self, day: NaiveDate) -> Self {
        Self { since: Some(day), ..self.clone() }
    }

    /// Another figure of the same persons and days.
    pub fn but(&self, what: &'static str) -> Self {
        Self { what, ..self.clone() }
    }
}

/// Where a table says a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a cell: place of the row, key of the column.
    Cell(usize, String),
    /// By the number of its body rows: all, or those whose cell in a column (key) reads as a text.
    Rows(Option<(String, String)>),
}

/// What a place of a table says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The figure.
    pub figure: Figure,
    /// Where it stands.
    pub place: Place,
}

impl Claim {
    /// A cell of a table says a figure.
    pub fn cell(row: usize, column: &str, figure: Figure) -> Self {
        Self { figure, place: Place::Cell(row, column.to_string()) }
    }

    /// A table is as long as a figure.
    pub fn length(figure: Figure) -> Self {
        Self { figure, place: Place::Rows(None) }
    }

    /// A table has as many rows with a text in a column as a figure says.
    pub fn rows(column: &str, text: &str, figure: Figure) -> Self {
        Self { figure, place: Place::Rows(Some((column.to_string(), text.to_string()))) }
    }
}

/// A figure as it is printed in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The figure.
    pub figure: Figure,
    /// Id of the table, grid or chart.
    pub block: String,
    /// Mark of the section where it has one, title of the table, row and column as printed.
    pub place: String,
    /// What it says: a number, or `…`. `None` where there is no such cell, or one without a value.
    pub value: Option<String>,
}

/// Two places that say different things about one figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The place that comes first in the paper.
    pub first: Statement,
    /// The other one.
    pub second: Statement,
}

impl std::fmt::Display for Contradiction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said = |one: &Statement| one.value.clone().unwrap_or_else(|| "値なし".to_string());
        let (first, second) = (said(&self.first), said(&self.second));
        write!(f, "{}: {second} ≠ {first}（{}）", self.second.place, self.first.place)
    }
}

impl ReportDocument {
    /// All claims of the paper with what is printed, in reading order.
    pub fn statements(&self) -> Vec<Statement> {
        let mut out = Vec::new();
        for section in &self.sections {
            for block in &section.blocks {
                let from = out.len();
                match block {
                    Block::Table(table) => out.extend(table.proof.claims.iter().map(|claim| table.state(claim))),
                    Block::Grid(grid) => {
                        let printed = grid.items.iter().map(|item| (item.name.as_str(), item.text.replace(',', "")));
                        out.extend(stated(&grid.id, &grid.title, &grid.claims, printed));
                    }
                    Block::BarChart(chart) => {
                        let printed = chart.bars.iter().map(|(label, n)| (label.as_str(), n.to_string()));
                        out.extend(stated(&chart.id, &chart.title, &chart.claims, printed));
                    }
                    Block::Paragraph(_) | Block::Heading(_) | Block::Notes(_) => {}
                }
                if !section.mark.is_empty() {
                    out[from..].iter_mut().for_each(|one| one.place = format!("{} {}", section.mark, one.place));
                }
            }
        }
        out
    }

    /// Every place that says something else about a figure than the first place with that figure, and every claim about
    /// a cell that has no value.
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let mut first_of: BTreeMap<Figure, Statement> = BTreeMap::new();
        let mut out = Vec::new();
        for second in self.statements() {
            let first = first_of.entry(second.figure.clone()).or_insert_with(|| second.clone());
            if second.value.is_none() || first.value != second.value {
                out.push(Contradiction { first: first.clone(), second });
            }
        }
        out
    }
}

/// Claims of a grid or chart, one for each of its values; one too many says nothing.
fn stated<'b>(
    id: &str,
    title: &str,
    claims: &[Figure],
    mut printed: impl Iterator<Item = (&'b str, String)>,
) -> Vec<Statement> {
    let name = if title.is_empty() { id } else { title };
    let state = |figure: &Figure| {
        let (label, value) = printed.next().map_or(("", None), |(label, value)| (label, Some(value)));
        Statement { figure: figure.clone(), block: id.to_string(), place: format!("{name} / {label}"), value }
    };
    claims.iter().map(state).collect()
}

impl Table {
    fn state(&self, claim: &Claim) -> Statement {
        let (row, column, value) = match &claim.place {
            Place::Cell(row, key) => (self.row_label(*row), self.column_title(key), self.value(*row, key)),
            Place::Rows(None) => ("行数".to_string(), self.column_title(""), self.n_rows(|_| true)),
            Place::Rows(Some((key, text))) => {
                let at = self.columns.iter().position(|column| column.key == *key);
                let reads = |cells: &[Cell]| at.is_some_and(|at| cells[at].display() == *text);
                (format!("行数（{text}）"), self.column_title(key), at.and_then(|_| self.n_rows(reads)))
            }
        };
        let place = format!("{} / {row} / {column}", self.name());
        Statement { figure: claim.figure.clone(), block: self.id.clone(), place, value }
    }

    fn n_rows(&self, accept: impl Fn(&[Cell]) -> bool) -> Option<String> {
        let rows = self.rows.iter().filter(|row| row.kind == RowKind::Body && accept(&row.cells));
        Some(rows.count().to_string())
    }

    /// The number of a cell, whether it is printed as a count or as a difference.
    fn value(&self, row: usize, key: &str) -> Option<String> {
        let at = self.columns.iter().position(|column| column.key == key)?;
        match self.rows.get(row)?.cells.get(at)? {
            Cell::Count(n) | Cell::Difference(n) => Some(n.to_string()),
            Cell::NotApplicable => Some("…".to_string()),
            Cell::Text(_) | Cell::PercentTenths(_) | Cell::Date(_) | Cell::Blank => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::{BarChart, Column, Grid, GridItem, LabelledText, Row, Section};
    use crate::domain::proof::Proof;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("test dates are ISO")
    }

    fn members() -> Figure {
        Figure::new("memberships", day("2025-12-31"), day("2025-12-31")).of_tier(Tier::Local)
    }

    fn table(id: &str, rows: Vec<(&str, Cell)>, claims: Vec<Claim>) -> Block {
        Block::Table(Table {
            id: id.into(),
            title: format!("表{id}"),
            basis: vec![LabelledText::new("単位", "人")],
            columns: vec![Column::text("label", "名", 4), Column::number("n", "数", 2)],
            rows: rows.into_iter().map(|(name, cell)| Row::body(vec![Cell::text(name), cell])).collect(),
            empty_text: String::new(),
            notes: Vec::new(),
            proof: Proof { claims, ..Proof::default() },
        })
    }

    fn document(blocks: Vec<Block>) -> ReportDocument {
        let section = Section {
            id: "s".into(),
            title: "節".into(),
            mark: String::new(),
            basis: Vec::new(),
            new_page: true,
            blocks,
        };
        ReportDocument {
            id: "d".into(),
            title: String::new(),
            issuer: String::new(),
            issued_on: day("2025-12-31"),
            handling: String::new(),
            foot_text: String::new(),
            draft: false,
            cover: None,
            sections: vec![section],
            gaiji: crate::domain::gaiji::Gaiji::default(),
        }
    }

    fn said(blocks: Vec<Block>) -> Vec<String> {
        document(blocks).contradictions().iter().map(ToString::to_string).collect()
    }

    fn one(id: &str, n: i64, figure: Figure) -> Block {
        table(id, vec![("計", Cell::Count(n))], vec![Claim::cell(0, "n", figure)])
    }

    #[test]
    fn one_figure_in_two_tables_is_the_same() {
        assert_eq!(said(vec![one("甲", 5, members()), one("乙", 5, members())]), [""; 0]);
        let found = said(vec![one("甲", 5, members()), one("乙", 6, members())]);
        assert_eq!(found, ["表乙 / 計 / 数: 6 ≠ 5（表甲 / 計 / 数）"]);
    }

    #[test]
    fn other_days_tiers_classes_and_units_are_other_figures() {
        let others = [
            members().on(day("2025-11-30")),
            members().since(day("2025-11-30")),
            members().of_tier(Tier::National),
            members().of_class(NationalClass::B),
            members().but("heads"),
            Figure { known_at: day("2025-11-30"), ..members() },
        ];
        for other in others {
            assert_eq!(said(vec![one("甲", 5, members()), one("乙", 6, other)]), [""; 0]);
        }
    }

    #[test]
    fn figure_that_one_table_does_not_know_is_a_contradiction() {
        let unknown = table("乙", vec![("計", Cell::NotApplicable)], vec![Claim::cell(0, "n", members())]);
        assert_eq!(said(vec![one("甲", 5, members()), unknown]), ["表乙 / 計 / 数: … ≠ 5（表甲 / 計 / 数）"]);
    }

    #[test]
    fn claim_about_no_cell_is_a_contradiction_by_itself() {
        for claim in
            [Claim::cell(0, "m", members()), Claim::cell(1, "n", members()), Claim::cell(0, "label", members())]
        {
            assert_eq!(said(vec![table("甲", vec![("計", Cell::Count(5))], vec![claim])]).len(), 1);
        }
    }

    #[test]
    fn list_is_as_long_as_the_cell_elsewhere() {
        let rows = vec![("退会", Cell::Count(1)), ("死亡", Cell::Count(2)), ("退会", Cell::Count(3))];
        let all = table("乙", rows.clone(), vec![Claim::length(members())]);
        assert_eq!(said(vec![one("甲", 3, members()), all.clone()]), [""; 0]);
        assert_eq!(said(vec![one("甲", 2, members()), all]).len(), 1);
        let some = table("乙", rows, vec![Claim::rows("label", "退会", members())]);
        assert_eq!(said(vec![one("甲", 2, members()), some.clone()]), [""; 0]);
        assert_eq!(said(vec![one("甲", 3, members()), some]), ["表乙 / 行数（退会） / 名: 2 ≠ 3（表甲 / 計 / 数）"]);
    }

    #[test]
    fn grids_and_charts_are_compared_too() {
        let grid = Block::Grid(Grid {
            id: "grid".into(),
            title: "一覧".into(),
            basis: Vec::new(),
            per_row: 1,
            name_heading: String::new(),
            value_headings: Vec::new(),
            items: vec![GridItem { name: "川口市".into(), text: "1,234".into(), values: vec![1234] }],
            notes: Vec::new(),
            claims: vec![members()],
        });
        let chart = |n| {
            Block::BarChart(BarChart {
                id: "chart".into(),
                title: "推移".into(),
                basis: Vec::new(),
                axis_from: 0,
                bars: vec![("R7.12.31".into(), n)],
                notes: Vec::new(),
                claims: vec![members()],
            })
        };
        assert_eq!(said(vec![grid.clone(), chart(1234)]), [""; 0]);
        assert_eq!(said(vec![grid, chart(1235)]), ["推移 / R7.12.31: 1235 ≠ 1234（一覧 / 川口市）"]);
    }
}
