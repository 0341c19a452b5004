//! Charts beside tables, made from the finished rows of their table, so that the two cannot differ.

use crate::domain::cell::Cell;
use crate::domain::chart::{Chart, ChartMark, ChartShape};
use crate::domain::document::{Block, Row, RowKind, Table};
use crate::domain::metric::Metric;
use crate::domain::prefecture::short_prefecture_name;
use crate::domain::printed_figure::{Figure, Place};

/// Fewer bars than this say no more than their table.
const FEWEST_BARS: usize = 5;
/// More bars than this nobody reads.
const MOST_BARS: usize = 60;
/// More bars in parts than this are those of many bodies beside their sum: next to it nobody sees them.
const MOST_IN_PARTS: usize = 8;
/// A map with fewer prefectures is mostly white.
const FEWEST_ON_A_MAP: usize = 20;
/// A finished table as its charts see it.
pub(super) struct Pictured<'t> {
    table: &'t Table,
    /// Places of the rows that are no sums.
    rows: Vec<usize>,
}

impl<'t> Pictured<'t> {
    pub(super) fn new(table: &'t Table) -> Self {
        let rows = table.rows.iter().enumerate().filter(|(_, row)| row.kind == RowKind::Body);
        Self { table, rows: rows.map(|(at, _)| at).collect() }
    }

    fn column(&self, key: &str) -> Option<usize> {
        self.table.columns.iter().position(|column| column.key == key)
    }

    fn row(&self, at: usize) -> &'t Row {
        &self.table.rows[at]
    }

    /// The first text of a row.
    fn label(&self, at: usize) -> &'t str {
        let text = |cell: &'t Cell| if let Cell::Text(text) = cell { Some(text.as_str()) } else { None };
        self.row(at).cells.iter().find_map(text).unwrap_or_default()
    }

    /// The figures of a column, where the table names that of every row.
    fn claims(&self, rows: &[usize], key: &str) -> Vec<Figure> {
        let claim = |row: &usize| {
            let place = Place::Cell(*row, key.to_string());
            self.table.proof.claims.iter().find(|claim| claim.place == place).map(|claim| claim.figure.clone())
        };
        rows.iter().map(claim).collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    fn chart(&self, title: String, shape: ChartShape, marks: Vec<ChartMark>) -> Chart {
        Chart::new(&format!("{}-chart", self.table.id), title, self.table.basis.clone(), shape, marks)
    }

    /// A column as lying bars in the order of the rows; nothing for few bars, or for more than can be read.
    pub(super) fn bars(&self, key: &str, title: &str) -> Option<Block> {
        let column = self.column(key)?;
        if !(FEWEST_BARS..=MOST_BARS).contains(&self.rows.len()) {
            return None;
        }
        let mark = |at: &usize| ChartMark::new(self.label(*at), self.row(*at).cells[column].clone());
        let chart = self.chart(title.to_string(), ChartShape::Rows, self.rows.iter().map(mark).collect());
        Some(Block::Chart(Chart { claims: self.claims(&self.rows, key), ..chart }))
    }

    /// A column as lying bars, each in the parts of other columns that are not 0 everywhere.
    pub(super) fn stack(&self, key: &str, parts: &[&str], title: &str) -> Option<Block> {
        let whole = self.column(key)?;
        let numbers = |column: usize| self.rows.iter().map(move |at| number(&self.row(*at).cells[column]));
        let parts: Vec<usize> = parts.iter().filter_map(|key| self.column(key)).collect();
        let parts: Vec<usize> = parts.into_iter().filter(|at| numbers(*at).any(|n| n != 0)).collect();
        if self.rows.len() < 2 || self.rows.len() > MOST_IN_PARTS || parts.len() < 2 {
            return None;
        }
        let mark = |at: &usize| {
            let of_row = parts.iter().map(|column| number(&self.row(*at).cells[*column])).collect();
            ChartMark { parts: of_row, ..ChartMark::new(self.label(*at), self.row(*at).cells[whole].clone()) }
        };
        let chart = self.chart(title.to_string(), ChartShape::Rows, self.rows.iter().map(mark).collect());
        let names = parts.iter().map(|at| self.table.columns[*at].title.clone()).collect();
        Some(Block::Chart(Chart { parts: names, claims: self.claims(&self.rows, key), ..chart }))
    }

    /// A column on a map of the prefectures whose codes the rows have; nothing where most of the country is missing.
    pub(super) fn map(&self, metric: Metric, codes: &[&str]) -> Option<Block> {
        let column = self.column(metric.id())?;
        let known =
            self.rows.iter().zip(codes).filter_map(|(at, code)| Some((*at, *code, short_prefecture_name(code)?)));
        let known: Vec<(usize, &str, &str)> = known.collect();
        let has_value = |(at, ..): &&(usize, &str, &str)| self.row(*at).cells[column].is_number();
        if known.iter().filter(has_value).count() < FEWEST_ON_A_MAP {
            return None;
        }
        let mark = |(at, code, name): &(usize, &str, &str)| ChartMark {
            code: (*code).to_string(),
            ..ChartMark::new(*name, self.row(*at).cells[column].clone())
        };
        let title = format!("{}（{}）", self.table.title, metric.name());
        let chart = self.chart(title, ChartShape::Tiles, known.iter().map(mark).collect());
        Some(Block::Chart(chart))
    }
}

fn number(cell: &Cell) -> i64 {
    match cell {
        Cell::Count(n) => *n,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cell::LabelledText;
    use crate::domain::document::Column;
    use crate::domain::table_check::TableCheck;

    fn table(rows: Vec<Row>) -> Table {
        Table {
            id: "t".into(),
            title: "会員数".into(),
            basis: vec![LabelledText::new("単位", "人")],
            columns: vec![
                Column::text("group", "都道府県", 4),
                Column::number("a1", "A①", 3),
                Column::number("b", "B", 3),
                Column::number("total", "計", 3),
                Column::number("rate-year", "率", 3),
            ],
            rows,
            empty_text: String::new(),
            notes: Vec::new(),
            proof: TableCheck::default(),
        }
    }

    fn row(name: &str, a1: i64, b: i64) -> Vec<Cell> {
        vec![Cell::text(name), Cell::Count(a1), Cell::Count(b), Cell::Count(a1 + b), Cell::PercentTenths(-a1)]
    }

    fn marks(block: &Option<Block>) -> Vec<String> {
        match block {
            Some(Block::Chart(chart)) => {
                chart.marks.iter().map(|mark| format!("{}{}{:?}", mark.label, mark.printed(), mark.parts)).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn sums_are_no_bars() {
        let mut rows: Vec<Row> = (1..=5).map(|n| Row::body(row(&format!("第{n}"), n, 0))).collect();
        rows.push(Row::total(row("合計", 15, 0)));
        assert_eq!(marks(&Pictured::new(&table(rows.clone())).bars("total", "図")).len(), 5);
        assert!(Pictured::new(&table(rows[1..].to_vec())).bars("total", "図").is_none());
        assert!(Pictured::new(&table(vec![rows[0].clone(); 61])).bars("total", "図").is_none());
        assert!(Pictured::new(&table(rows)).bars("other", "図").is_none());
    }

    #[test]
    fn parts_that_are_zero_everywhere_are_left_out() {
        let rows = vec![Row::body(row("郡市区等", 3, 0)), Row::body(row("日医", 2, 0))];
        assert!(Pictured::new(&table(rows.clone())).stack("total", &["a1", "b"], "内訳").is_none());
        let rows = [rows, vec![Row::body(row("県", 2, 1))]].concat();
        let made = Pictured::new(&table(rows)).stack("total", &["a1", "b"], "内訳");
        let many = vec![Row::body(row("県", 2, 1)); 9];
        assert!(Pictured::new(&table(many.clone())).stack("total", &["a1", "b"], "内訳").is_none());
        assert!(Pictured::new(&table(many[1..].to_vec())).stack("total", &["a1", "b"], "内訳").is_some());
        assert_eq!(marks(&made), ["郡市区等3[3, 0]", "日医2[2, 0]", "県3[2, 1]"]);
    }

    #[test]
    fn map_needs_most_of_the_country() {
        let names: Vec<String> = (1..=47).map(|n| format!("{n:02}")).collect();
        let codes: Vec<&str> = names.iter().map(String::as_str).collect();
        let rows: Vec<Row> = (1..=47).map(|n| Row::body(row("県", n, 0))).collect();
        let made = Pictured::new(&table(rows.clone())).map(Metric::YearRate, &codes);
        assert_eq!((marks(&made).len(), marks(&made)[0].as_str()), (47, "北海道▲0.1[]"));
        assert!(Pictured::new(&table(rows[..19].to_vec())).map(Metric::YearRate, &codes[..19]).is_none());
        assert!(Pictured::new(&table(rows)).map(Metric::MonthRate, &codes).is_none());
    }
}
