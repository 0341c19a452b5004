//! Charts beside tables, made from the finished rows of their table, so that the two cannot differ.

use crate::domain::chart::{Chart, ChartMark, ChartShape};
use crate::domain::document::{Block, Cell, Row, RowKind, Table};
use crate::domain::metric::Metric;
use crate::domain::prefecture::short_prefecture_name;
use crate::domain::printed_figure::{Figure, Place};
use crate::domain::roll_forward::FlowRow;

/// Fewer bars than this say no more than their table.
const FEWEST_BARS: usize = 5;
/// More bars than this nobody reads.
const MOST_BARS: usize = 60;
/// A map with fewer prefectures is mostly white.
const FEWEST_ON_A_MAP: usize = 20;
/// A picture of steps with fewer changes, or of fewer members, says no more than its sentence.
const FEWEST_CHANGES: usize = 2;
const FEWEST_CHANGED: u64 = 10;

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
        if self.rows.len() < 2 || self.rows.len() > MOST_BARS || parts.len() < 2 {
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

/// From the opening to the closing of a period, each with what it is; `joined` puts exits together, and entries. Nothing
/// where there are hardly any changes.
pub(super) fn steps(row: &FlowRow, joined: bool) -> Option<Vec<(Metric, ChartMark)>> {
    let changes = if joined {
        vec![(Metric::Entries, row.joined + row.moved_in), (Metric::Exits, -(row.left + row.moved_out + row.died))]
    } else {
        vec![
            (Metric::Joined, row.joined),
            (Metric::MovedIn, row.moved_in),
            (Metric::Left, -row.left),
            (Metric::MovedOut, -row.moved_out),
            (Metric::Died, -row.died),
        ]
    };
    let rest = [(Metric::Reorganised, row.reorganised()), (Metric::Corrected, row.corrected())];
    let changes: Vec<(Metric, i64)> = changes.into_iter().chain(rest).filter(|(_, n)| *n != 0).collect();
    let n_changed: u64 = changes.iter().map(|(_, n)| n.unsigned_abs()).sum();
    if changes.len() < FEWEST_CHANGES || n_changed < FEWEST_CHANGED {
        return None;
    }
    let change = |(metric, n): (Metric, i64)| {
        let is_taken_away = matches!(metric, Metric::Left | Metric::MovedOut | Metric::Died | Metric::Exits);
        (metric, ChartMark { is_taken_away, ..ChartMark::new(metric.name(), Cell::Difference(n)) })
    };
    let ends = [(Metric::Opening, row.opening), (Metric::Closing, row.closing)];
    let [opening, closing] = ends.map(|(metric, n)| (metric, ChartMark::count(metric.name(), n)));
    Some(std::iter::once(opening).chain(changes.into_iter().map(change)).chain([closing]).collect())
}

/// A round value below all levels of some steps, near enough that each of them can be seen.
pub(super) fn foot_of_steps(marks: &[ChartMark]) -> i64 {
    let mut level = 0;
    let mut levels = Vec::with_capacity(marks.len());
    for (at, mark) in marks.iter().enumerate() {
        let value = mark.number().unwrap_or(0);
        level = if at == 0 || at + 1 == marks.len() { value } else { level + value };
        levels.push(level);
    }
    let low = levels.iter().copied().min().unwrap_or(0);
    let high = levels.iter().copied().max().unwrap_or(0);
    let step = if high - low >= 100 { 100 } else { 10 };
    // A level that is not far from zero stands on it.
    if low < 3 * (high - low) { 0 } else { (low - (high - low).max(1)) / step * step }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::{Column, LabelledText};
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

    #[test]
    fn steps_lead_from_opening_to_closing() {
        let row = FlowRow { opening: 2_741, joined: 3, left: 9, died: 5, closing: 2_730, ..FlowRow::default() };
        let printed = |marks: Vec<(Metric, ChartMark)>| -> Vec<String> {
            marks.iter().map(|(_, mark)| format!("{} {}", mark.label, mark.printed())).collect()
        };
        let made = steps(&row, false).expect("three changes");
        let marks: Vec<ChartMark> = made.iter().map(|(_, mark)| mark.clone()).collect();
        assert_eq!(foot_of_steps(&marks), 2_710);
        assert_eq!(printed(made), ["期首 2,741", "入会 +3", "退会 ▲9", "死亡 ▲5", "期末 2,730"]);
        let joined = printed(steps(&row, true).expect("two changes"));
        assert_eq!(joined[1..3], ["入会・転入 計 +3", "退会・転出・死亡 計 ▲14"]);
        let few =
            |joined, left| FlowRow { opening: 100, joined, left, closing: 100 + joined - left, ..FlowRow::default() };
        assert!(steps(&few(5, 5), false).is_some());
        assert!(steps(&few(5, 4), false).is_none() && steps(&few(12, 0), false).is_none());
    }
}
