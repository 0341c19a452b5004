//! Figures that stand in several tables of one paper must be the same in all of them.
//!
//! A builder says of a printed cell which [`Figure`] it is; the value is read from the finished cell, never from where
//! the cell was made. The publish gate asks [`ReportDocument::contradictions`], which compares all places of one figure
//! across tables, grids, charts and sections, and all numbers that are called by one word of movements (R32). This module
//! does not know which of two values is right, and what holds inside one table is the business of `table_check`.

use std::collections::BTreeMap;

use super::cell::Cell;
use super::document::{Block, ReportDocument, RowKind, Table};
use super::printed_figure::{Figure, Place, PrintedFigure};

/// Words that mean one number each in a paper, of the same persons and days (R32): 退会 is an exit that is neither 転出 nor
/// 死亡, and what is all three says so.
const WORDS: [&str; 11] = [
    "入会",
    "転入",
    "入会・転入 計",
    "退会",
    "転出",
    "死亡",
    "退会・転出・死亡 計",
    "異動",
    "退会者",
    "転出者",
    "入会者",
];

/// Headings that add nothing to the name of a row, and groups that add nothing to a heading.
const PLAIN_HEADINGS: [&str; 4] = ["件数", "人数", "人", "計"];
const PLAIN_GROUPS: [&str; 3] = ["", "増", "減"];

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
    /// What the number is called there, as printed: a heading with its group, the name of a row, a title, words in a
    /// sentence.
    pub words: Vec<String>,
}

/// Two places that say different things about one figure, or call two figures by one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The place that comes first in the paper.
    pub first: Statement,
    /// The other one.
    pub second: Statement,
    /// The word that means two numbers; `None` where one figure has two values.
    pub word: Option<String>,
}

impl std::fmt::Display for Contradiction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let said = |one: &Statement| one.value.clone().unwrap_or_else(|| "値なし".to_string());
        let (first, second) = (said(&self.first), said(&self.second));
        if let Some(word) = &self.word {
            write!(f, "「{word}」が二つの数を指す: ")?;
        }
        write!(f, "{}: {second} ≠ {first}（{}）", self.second.place, self.first.place)
    }
}

impl ReportDocument {
    /// All claims of the paper with what is printed, in reading order.
    pub fn statements(&self) -> Vec<Statement> {
        let mut out = Vec::new();
        for section in &self.sections {
            let mut lead = "";
            for block in &section.blocks {
                let from = out.len();
                match block {
                    Block::Table(table) => {
                        out.extend(table.proof.claims.iter().map(|claim| table.state(claim, lead)));
                    }
                    Block::Grid(grid) => {
                        let printed = grid.items.iter().map(|item| (item.name.as_str(), item.text.replace(',', "")));
                        out.extend(stated(&grid.id, &grid.title, &grid.claims, printed));
                    }
                    Block::Chart(chart) => {
                        let printed = chart.marks.iter().map(|mark| {
                            (mark.label.as_str(), mark.figure().map_or_else(String::new, |n| n.to_string()))
                        });
                        out.extend(stated(&chart.id, &chart.title, &chart.claims, printed));
                    }
                    Block::Paragraph(text) => lead = text,
                    Block::Heading(_) | Block::Notes(_) | Block::Letter(_) | Block::Attachment(_) => {}
                }
                if !section.mark.is_empty() {
                    out[from..].iter_mut().for_each(|one| one.place = format!("{} {}", section.mark, one.place));
                }
            }
        }
        out
    }

    /// Every place that says something else about a figure than the first place with that figure, every claim about a cell
    /// that has no value, and every place that calls another number by the word of an earlier one.
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let mut first_of: BTreeMap<Figure, Statement> = BTreeMap::new();
        let mut called: BTreeMap<(String, Figure), Statement> = BTreeMap::new();
        let mut out = Vec::new();
        for second in self.statements() {
            let first = first_of.entry(second.figure.clone()).or_insert_with(|| second.clone());
            if second.value.is_none() || first.value != second.value {
                out.push(Contradiction { first: first.clone(), second, word: None });
                continue;
            }
            for word in second.words.iter().filter(|word| WORDS.contains(&word.as_str())) {
                let key = (word.clone(), second.figure.whatever_it_is());
                let first = called.entry(key).or_insert_with(|| second.clone());
                if first.value != second.value {
                    let (first, second) = (first.clone(), second.clone());
                    out.push(Contradiction { first, second, word: Some(word.clone()) });
                }
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
        let place = format!("{name} / {label}");
        Statement { figure: figure.clone(), block: id.to_string(), place, value, words: vec![title.to_string()] }
    };
    claims.iter().map(state).collect()
}

impl Table {
    fn state(&self, claim: &PrintedFigure, lead: &str) -> Statement {
        let (row, column, value) = match &claim.place {
            Place::Cell(row, key) => (self.row_label(*row), self.column_title(key), self.value(*row, key)),
            Place::Rows(None) => ("行数".to_string(), self.column_title(""), self.n_rows(|_| true)),
            Place::Rows(Some((key, text))) => {
                let at = self.columns.iter().position(|column| column.key == *key);
                let reads = |cells: &[Cell]| at.is_some_and(|at| cells[at].display() == *text);
                (format!("行数（{text}）"), self.column_title(key), at.and_then(|_| self.n_rows(reads)))
            }
            Place::Sum(column, (key, text)) => {
                (format!("合計（{text}）"), self.column_title(column), self.sum(column, key, text))
            }
            Place::Lead(word) => ("前文".to_string(), word.clone(), number_after(lead, word)),
        };
        let place = format!("{} / {row} / {column}", self.name());
        let words = self.words(&claim.place);
        Statement { figure: claim.figure.clone(), block: self.id.clone(), place, value, words }
    }

    /// What the number of a place is called.
    fn words(&self, place: &Place) -> Vec<String> {
        match place {
            Place::Cell(row, key) => {
                let Some(column) = self.columns.iter().find(|column| column.key == *key) else { return Vec::new() };
                let heading = match PLAIN_GROUPS.contains(&column.group.as_str()) {
                    true => column.title.clone(),
                    false => format!("{}・{}", column.group, column.title),
                };
                let row = self.row_label(*row);
                match PLAIN_HEADINGS.contains(&heading.as_str()) {
                    true => vec![row],
                    false => vec![format!("{row}・{heading}"), heading],
                }
            }
            Place::Rows(None) => vec![self.title.clone()],
            Place::Lead(word) => vec![word.clone()],
            // Of a list that says of each row what it is, the heading of the number is not there.
            Place::Rows(Some(_)) | Place::Sum(..) => Vec::new(),
        }
    }

    fn n_rows(&self, accept: impl Fn(&[Cell]) -> bool) -> Option<String> {
        let rows = self.rows.iter().filter(|row| row.kind == RowKind::Body && accept(&row.cells));
        Some(rows.count().to_string())
    }

    /// The sum of a column over the rows with a text in another one; `None` where there is no such column, or a cell of it
    /// has no number.
    fn sum(&self, column: &str, key: &str, text: &str) -> Option<String> {
        let at = self.columns.iter().position(|column| column.key == key)?;
        self.columns.iter().position(|one| one.key == column)?;
        let rows = self.rows.iter().enumerate().filter(|(_, row)| row.kind == RowKind::Body);
        let of_text = rows.filter(|(_, row)| row.cells.get(at).is_some_and(|cell| cell.display() == *text));
        let numbers = of_text.map(|(nth, _)| self.value(nth, column)?.parse::<i64>().ok());
        numbers.sum::<Option<i64>>().map(|sum| sum.to_string())
    }

    /// The number of a cell, whether it is printed as a count or as a difference.
    fn value(&self, row: usize, key: &str) -> Option<String> {
        let at = self.columns.iter().position(|column| column.key == key)?;
        match self.rows.get(row)?.cells.get(at)? {
            Cell::Count(n) | Cell::Difference(n) => Some(n.to_string()),
            Cell::NotApplicable => Some("…".to_string()),
            Cell::Text(_)
            | Cell::PercentTenths(_)
            | Cell::Decimal(_)
            | Cell::StatedChange(_)
            | Cell::Date(_)
            | Cell::Blank => None,
        }
    }
}

/// The number that stands after a word in a sentence, whether as its count (退会 31 人) or as what is said of it (退会は
/// 31 人); blanks between them left out.
fn number_after(sentence: &str, word: &str) -> Option<String> {
    // The word alone, not as the end of a longer one: 退会 is not said by 不要な退会.
    let (_, rest) = sentence.match_indices(word).find_map(|(at, _)| {
        let rest = sentence[at + word.len()..].trim_start_matches([' ', '　']);
        let rest = rest.strip_prefix('は').unwrap_or(rest).trim_start_matches(' ');
        rest.starts_with(|c: char| c.is_ascii_digit()).then_some((at, rest))
    })?;
    let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == ',').filter(|c| *c != ',').collect();
    Some(digits)
}

#[cfg(test)]
mod tests {
    use super::super::association::Tier;
    use super::super::class::NationalClass;

    use super::*;
    use crate::domain::cell::LabelledText;
    use crate::domain::chart::{Chart, ChartMark, ChartShape};
    use crate::domain::document::{Column, Grid, GridItem, Row, Section};
    use crate::domain::table_check::TableCheck;
    use crate::written::day;

    fn members() -> Figure {
        Figure::new("memberships", day("2025-12-31"), day("2025-12-31")).of_tier(Tier::Local)
    }

    fn table(id: &str, rows: Vec<(&str, Cell)>, claims: Vec<PrintedFigure>) -> Block {
        Block::Table(Table {
            id: id.into(),
            title: format!("表{id}"),
            basis: vec![LabelledText::new("単位", "人")],
            columns: vec![Column::text("label", "名", 4), Column::number("n", "数", 2)],
            rows: rows.into_iter().map(|(name, cell)| Row::body(vec![Cell::text(name), cell])).collect(),
            empty_text: String::new(),
            notes: Vec::new(),
            proof: TableCheck { claims, ..TableCheck::default() },
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
            colophon: Vec::new(),
            dates: None,
            numbering: None,
            gaiji: crate::domain::gaiji::Gaiji::default(),
        }
    }

    fn said(blocks: Vec<Block>) -> Vec<String> {
        document(blocks).contradictions().iter().map(ToString::to_string).collect()
    }

    fn one(id: &str, n: i64, figure: Figure) -> Block {
        table(id, vec![("計", Cell::Count(n))], vec![PrintedFigure::cell(0, "n", figure)])
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
        let unknown = table("乙", vec![("計", Cell::NotApplicable)], vec![PrintedFigure::cell(0, "n", members())]);
        assert_eq!(said(vec![one("甲", 5, members()), unknown]), ["表乙 / 計 / 数: … ≠ 5（表甲 / 計 / 数）"]);
    }

    #[test]
    fn claim_about_no_cell_is_a_contradiction_by_itself() {
        for claim in [
            PrintedFigure::cell(0, "m", members()),
            PrintedFigure::cell(1, "n", members()),
            PrintedFigure::cell(0, "label", members()),
        ] {
            assert_eq!(said(vec![table("甲", vec![("計", Cell::Count(5))], vec![claim])]).len(), 1);
        }
    }

    #[test]
    fn list_is_as_long_as_the_cell_elsewhere() {
        let rows = vec![("退会", Cell::Count(1)), ("死亡", Cell::Count(2)), ("退会", Cell::Count(3))];
        let all = table("乙", rows.clone(), vec![PrintedFigure::length(members())]);
        assert_eq!(said(vec![one("甲", 3, members()), all.clone()]), [""; 0]);
        assert_eq!(said(vec![one("甲", 2, members()), all]).len(), 1);
        let some = table("乙", rows, vec![PrintedFigure::rows("label", "退会", members())]);
        assert_eq!(said(vec![one("甲", 2, members()), some.clone()]), [""; 0]);
        assert_eq!(said(vec![one("甲", 3, members()), some]), ["表乙 / 行数（退会） / 名: 2 ≠ 3（表甲 / 計 / 数）"]);
    }

    #[test]
    fn sum_of_a_list_is_the_cell_elsewhere() {
        let rows = vec![("訂正", Cell::Difference(-1)), ("退会", Cell::Count(5)), ("訂正", Cell::Difference(3))];
        let of = |text: &str| table("乙", rows.clone(), vec![PrintedFigure::sum("n", ("label", text), members())]);
        assert_eq!(said(vec![one("甲", 2, members()), of("訂正")]), [""; 0]);
        assert_eq!(
            said(vec![one("甲", 3, members()), of("訂正")]),
            ["表乙 / 合計（訂正） / 数: 2 ≠ 3（表甲 / 計 / 数）"]
        );
        // No row at all adds up to nothing; no column at all says nothing.
        assert_eq!(said(vec![one("甲", 0, members()), of("死亡")]), [""; 0]);
        let nowhere = table("乙", rows, vec![PrintedFigure::sum("m", ("label", "訂正"), members())]);
        assert_eq!(said(vec![nowhere]).len(), 1);
    }

    fn exits(what: &'static str) -> Figure {
        members().but(what).since(day("2025-11-30"))
    }

    fn headed(id: &str, heading: &str, group: &str, n: i64, figure: Figure) -> Block {
        let Block::Table(mut table) = one(id, n, figure) else { panic!("a table was made") };
        table.columns[1] = Column::number("n", heading, 2).in_group(group);
        Block::Table(table)
    }

    /// 退会 18, and 退会 31 with 転出 and 死亡 among them: two figures, each true, under one word.
    #[test]
    fn word_for_two_numbers_is_a_contradiction() {
        let booked = headed("甲", "退会", "減", 18, exits("left"));
        let all = headed("乙", "退会", "", 31, exits("exits").part("reason", "all"));
        assert_eq!(said(vec![booked.clone(), all]), [""; 0], "other persons");
        let all = headed("乙", "退会", "", 31, exits("exits"));
        let found = said(vec![booked.clone(), all]);
        assert_eq!(found, ["「退会」が二つの数を指す: 表乙 / 計 / 退会: 31 ≠ 18（表甲 / 計 / 減・退会）"]);
        // The same number, another word, another group and another tier are in order.
        for other in [
            headed("乙", "退会", "", 18, exits("exits")),
            headed("乙", "退会・転出・死亡 計", "", 31, exits("exits")),
            headed("乙", "退会", "退会日による", 31, exits("exits")),
            headed("乙", "退会", "", 31, exits("left").of_tier(Tier::National)),
        ] {
            assert_eq!(said(vec![booked.clone(), other]), [""; 0]);
        }
    }

    /// A row is called by its own name where the heading adds nothing, a list by its title, a sentence by its words.
    #[test]
    fn rows_lists_and_sentences_have_words_too() {
        let booked = headed("甲", "退会", "減", 18, exits("left"));
        let row = |heading: &str| {
            let claims = vec![PrintedFigure::cell(0, "n", exits("exits"))];
            let Block::Table(mut row) = table("乙", vec![("退会", Cell::Count(31))], claims) else {
                panic!("a table was made")
            };
            row.columns[1].title = heading.into();
            Block::Table(row)
        };
        assert_eq!(said(vec![booked.clone(), row("件数")]).len(), 1);
        assert_eq!(said(vec![booked.clone(), row("退会日による")]), [""; 0]);
        let lead = |text: &str| {
            let claims = vec![PrintedFigure::lead("退会", exits("exits"))];
            vec![booked.clone(), Block::Paragraph(text.into()), table("乙", Vec::new(), claims)]
        };
        assert_eq!(said(lead("期間中に 退会 31 人があった。")).len(), 1);
        assert_eq!(said(lead("期間中に退会18人があった。")), [""; 0]);
        assert_eq!(said(lead("期間中の退会は 18 人である。")), [""; 0]);
        assert_eq!(said(lead("期間中の退会は 31 人である。")).len(), 1);
        // A sentence that does not say the word has no number.
        assert_eq!(said(lead("期間中に 18 人が退会した。")).len(), 1);
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
            items: vec![GridItem { name: "川口市".into(), text: "1,234".into(), values: vec![1234], code: None }],
            notes: Vec::new(),
            claims: vec![members()],
        });
        let chart = |n| {
            let marks = vec![ChartMark::count("R7.12.31", n)];
            let chart = Chart::new("chart", "推移", Vec::new(), ChartShape::Columns, marks);
            Block::Chart(Chart { claims: vec![members()], ..chart })
        };
        assert_eq!(said(vec![grid.clone(), chart(1234)]), [""; 0]);
        assert_eq!(said(vec![grid, chart(1235)]), ["推移 / R7.12.31: 1235 ≠ 1234（一覧 / 川口市）"]);
    }
}
