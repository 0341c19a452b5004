//! What changed between two editions of one paper, cell by cell (正誤表).
//!
//! [`PaperContent`] is what a paper says in its tables, in a form that programs read back; [`errata`] compares two of
//! them. Rows meet by what stands in them, so that a person more in a list is one line and not a shift of all the others.
//! This module does not know where editions lie or which of two is right. Start reading at [`errata`].

use std::collections::BTreeMap;

use super::cell::{Cell, LabelledText};
use super::document::{Block, Column, Row, Section, Table};
use super::paper_content::{ContentTable, PaperContent};
use super::table_check::TableCheck;

/// Cells beyond this many are counted by table: nobody reads forty pages of changes.
const MOST_LISTED: usize = 200;

/// Where more than this many in a hundred cells changed, the paper is another one.
const MOST_PERCENT: usize = 50;

/// Fewer cells than this are listed, however large their part is.
const ALWAYS_LISTED: usize = 40;

/// More pairs of rows than this are not compared one by one.
const MOST_PAIRS: usize = 4_000_000;

/// A cell that says something else than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedCell {
    /// Table as printed.
    pub table: String,
    /// First text of the row.
    pub row: String,
    /// Heading of the column; empty where the whole row or table came or went.
    pub column: String,
    /// What was printed; `None` where it was not there.
    pub before: Option<String>,
    /// What is printed now; `None` where it is gone.
    pub after: Option<String>,
}

/// The changes between two editions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errata {
    /// In print order.
    pub cells: Vec<ChangedCell>,
    /// Cells of both editions that were compared.
    pub n_compared: usize,
}

impl PaperContent {
    /// Without the list of changes that an edition ends with: it is about the edition and not of it.
    #[must_use]
    pub fn without_errata(mut self) -> Self {
        self.tables.retain(|table| table.id != Errata::TABLE);
        self
    }
}

impl Errata {
    /// Id of the table that lists changes, and of its section.
    pub const TABLE: &'static str = "errata";
}

/// Compares two editions of one paper. Tables meet by id, columns by key, rows by what stands in them.
pub fn errata(before: &PaperContent, after: &PaperContent) -> Errata {
    let mut errata = Errata { cells: Vec::new(), n_compared: 0 };
    let old: BTreeMap<&str, &ContentTable> = before.tables.iter().map(|table| (table.id.as_str(), table)).collect();
    for table in &after.tables {
        match old.get(table.id.as_str()) {
            Some(earlier) => compare_tables(earlier, table, &mut errata),
            None => errata.cells.push(whole(&table.title, "", None, Some("表を追加"))),
        }
    }
    for table in &before.tables {
        if !after.tables.iter().any(|one| one.id == table.id) {
            errata.cells.push(whole(&table.title, "", Some("表を削除"), None));
        }
    }
    errata
}

fn whole(table: &str, row: &str, before: Option<&str>, after: Option<&str>) -> ChangedCell {
    ChangedCell {
        table: table.into(),
        row: row.into(),
        column: String::new(),
        before: before.map(str::to_string),
        after: after.map(str::to_string),
    }
}

fn compare_tables(before: &ContentTable, after: &ContentTable, errata: &mut Errata) {
    let place = |key: &str| before.columns.iter().position(|(other, _)| other == key);
    let columns: Vec<(usize, Option<usize>)> = after.compared().map(|(at, key)| (at, place(key))).collect();
    errata.n_compared += columns.len() * before.rows.len().max(after.rows.len());
    for (old, new) in paired(before, after) {
        match (old, new) {
            (Some(old), Some(new)) => {
                for (at, old_at) in &columns {
                    let was = old_at.and_then(|at| old.get(at)).map_or("", String::as_str);
                    let is = new.get(*at).map_or("", String::as_str);
                    if was != is {
                        errata.cells.push(ChangedCell {
                            column: after.columns[*at].1.clone(),
                            ..whole(&after.title, &after.label(new), Some(was), Some(is))
                        });
                    }
                }
            }
            (Some(old), None) => {
                errata.cells.push(whole(&after.title, &before.label(old), Some(&spoken(before, old)), None));
            }
            (None, Some(new)) => {
                errata.cells.push(whole(&after.title, &after.label(new), None, Some(&spoken(after, new))));
            }
            (None, None) => {}
        }
    }
}

/// A row in one line.
fn spoken(table: &ContentTable, row: &[String]) -> String {
    let texts = table.compared().filter_map(|(at, _)| row.get(at)).filter(|text| !text.is_empty());
    texts.map(String::as_str).collect::<Vec<_>>().join("　")
}

type RowPair<'r> = (Option<&'r [String]>, Option<&'r [String]>);

/// Rows of both editions side by side, in the order of the newer one: equal rows anchor, rows between two anchors meet by
/// their label.
fn paired<'r>(before: &'r ContentTable, after: &'r ContentTable) -> Vec<RowPair<'r>> {
    let essence = |table: &ContentTable, row: &[String]| spoken(table, row);
    let old: Vec<String> = before.rows.iter().map(|row| essence(before, row)).collect();
    let new: Vec<String> = after.rows.iter().map(|row| essence(after, row)).collect();
    let mut out = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    let ends = std::iter::once((old.len(), new.len()));
    for (at_old, at_new) in anchors(&old, &new).into_iter().chain(ends) {
        meet(before, after, from_old..at_old, from_new..at_new, &mut out);
        (from_old, from_new) = (at_old + 1, at_new + 1);
    }
    out
}

/// Rows without an equal one, of one stretch.
fn meet<'r>(
    before: &'r ContentTable,
    after: &'r ContentTable,
    old: std::ops::Range<usize>,
    new: std::ops::Range<usize>,
    out: &mut Vec<RowPair<'r>>,
) {
    let mut left: Vec<Option<&'r [String]>> = before.rows[old].iter().map(|row| Some(row.as_slice())).collect();
    for row in &after.rows[new] {
        let label = after.label(row);
        let twin = left.iter_mut().find(|one| one.is_some_and(|one| before.label(one) == label));
        out.push((twin.and_then(Option::take), Some(row)));
    }
    out.extend(left.into_iter().flatten().map(|row| (Some(row), None)));
}

/// Places of equal rows in both lists, ascending: the longest common part. Lists too long for that have those of their equal
/// beginnings and ends.
fn anchors(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    let head = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    let (middle_old, middle_new) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut out: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    if middle_old.len().saturating_mul(middle_new.len()) <= MOST_PAIRS {
        out.extend(longest_common(middle_old, middle_new).into_iter().map(|(a, b)| (a + head, b + head)));
    }
    out.extend((0..tail).rev().map(|back| (old.len() - 1 - back, new.len() - 1 - back)));
    out
}

fn longest_common(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            lengths[a * width + b] = if old[a] == new[b] {
                lengths[(a + 1) * width + b + 1] + 1
            } else {
                lengths[(a + 1) * width + b].max(lengths[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b, mut out) = (0, 0, Vec::new());
    while a < old.len() && b < new.len() {
        if old[a] == new[b] {
            out.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if lengths[(a + 1) * width + b] >= lengths[a * width + b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    out
}

impl Errata {
    /// Whether the changes are too many to be read one by one.
    fn is_another_paper(&self) -> bool {
        let n = self.cells.len();
        n > MOST_LISTED || (n > ALWAYS_LISTED && n * 100 > self.n_compared * MOST_PERCENT)
    }

    /// The section with the changes, to stand at the end of the newer edition. `against` says which edition it is compared
    /// with, and the titles are those of a correction or of a comparison.
    pub fn section(&self, title: &str, against: &str) -> Section {
        let basis = vec![LabelledText::new("比べた版", against)];
        let mut blocks = Vec::new();
        if self.is_another_paper() {
            let n = self.cells.len();
            blocks.push(Block::Paragraph(format!(
                "ほとんどの値が変わったか、変わった箇所が多いため（{n} か所）、一つずつは示さず、表ごとの数を示す。"
            )));
            blocks.push(Block::Table(self.by_table(basis.clone())));
        } else {
            blocks.push(Block::Table(self.one_by_one(basis.clone())));
        }
        Section { id: Self::TABLE.into(), title: title.into(), mark: String::new(), basis, new_page: true, blocks }
    }

    fn one_by_one(&self, basis: Vec<LabelledText>) -> Table {
        let said = |text: &Option<String>| Cell::text(text.as_deref().map_or("（なし）", |text| blank(text)));
        let rows = self.cells.iter().map(|cell| {
            let column = if cell.column.is_empty() { "（全体）" } else { &cell.column };
            let texts = [Cell::text(&cell.table), Cell::text(&cell.row), Cell::text(column)];
            Row::body(texts.into_iter().chain([said(&cell.before), said(&cell.after)]).collect())
        });
        let columns = vec![
            Column::text("table", "表", 10),
            Column::text("row", "行", 7),
            Column::text("column", "列", 5),
            Column::text("before", "前", 6),
            Column::text("after", "後", 6),
        ];
        table(basis, columns, rows.collect(), "表の値に変わりはない（文・注・元にした出力だけが変わった）")
    }

    fn by_table(&self, basis: Vec<LabelledText>) -> Table {
        let mut counts: Vec<(&str, i64)> = Vec::new();
        for cell in &self.cells {
            match counts.iter_mut().find(|(table, _)| *table == cell.table) {
                Some((_, n)) => *n += 1,
                None => counts.push((&cell.table, 1)),
            }
        }
        let columns = vec![Column::text("table", "表", 14), Column::number("changed", "変わった箇所", 5)];
        let rows = counts.into_iter().map(|(table, n)| Row::body(vec![Cell::text(table), Cell::Count(n)]));
        table(basis, columns, rows.collect(), "")
    }
}

/// An empty cell is told apart from one that was not there.
fn blank(text: &str) -> &str {
    if text.is_empty() { "（空欄）" } else { text }
}

fn table(basis: Vec<LabelledText>, columns: Vec<Column>, rows: Vec<Row>, empty_text: &str) -> Table {
    Table {
        id: Errata::TABLE.into(),
        title: String::new(),
        basis,
        columns,
        rows,
        empty_text: empty_text.into(),
        notes: Vec::new(),
        proof: TableCheck::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(rows: &[&[&str]]) -> PaperContent {
        let columns = [("number", "No."), ("name", "医師会"), ("a", "A①"), ("total", "計")];
        let owned = |row: &&[&str]| row.iter().map(|text| (*text).to_string()).collect();
        PaperContent {
            tables: vec![ContentTable {
                id: "t".into(),
                title: "会員数".into(),
                columns: columns.map(|(key, title)| (key.to_string(), title.to_string())).to_vec(),
                rows: rows.iter().map(owned).collect(),
            }],
        }
    }

    fn said(errata: &Errata) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        let line = |cell: &ChangedCell| {
            format!("{}/{}/{}: {} → {}", cell.table, cell.row, cell.column, text(&cell.before), text(&cell.after))
        };
        errata.cells.iter().map(line).collect()
    }

    #[test]
    fn changed_cell_is_named_with_table_row_and_column() {
        let before = content(&[&["1", "浦和", "3", "5"], &["2", "川口市", "1", "2"]]);
        let after = content(&[&["1", "浦和", "3", "5"], &["2", "川口市", "1", "3"]]);
        assert_eq!(said(&errata(&before, &after)), ["会員数/川口市/計: 2 → 3"]);
        assert!(errata(&before, &before).cells.is_empty());
    }

    #[test]
    fn row_more_is_one_line_and_shifts_nothing() {
        let before = content(&[&["1", "浦和", "3", "5"], &["2", "川口市", "1", "2"]]);
        let after = content(&[&["1", "浦和", "3", "5"], &["2", "大宮", "4", "4"], &["3", "川口市", "1", "2"]]);
        assert_eq!(said(&errata(&before, &after)), ["会員数/大宮/: - → 大宮　4　4"]);
        assert_eq!(said(&errata(&after, &before)), ["会員数/大宮/: 大宮　4　4 → -"]);
    }

    #[test]
    fn rows_of_one_label_meet_in_their_order() {
        let before = content(&[&["1", "浦和", "3", "5"], &["2", "浦和", "1", "2"]]);
        let after = content(&[&["1", "浦和", "3", "6"], &["2", "浦和", "1", "9"]]);
        let expected = ["会員数/浦和/計: 5 → 6", "会員数/浦和/計: 2 → 9"];
        assert_eq!(said(&errata(&before, &after)), expected);
    }

    #[test]
    fn table_that_came_or_went_is_told_once() {
        let none = PaperContent { tables: Vec::new() };
        let some = content(&[&["1", "浦和", "3", "5"]]);
        assert_eq!(said(&errata(&none, &some)), ["会員数//: - → 表を追加"]);
        assert_eq!(said(&errata(&some, &none)), ["会員数//: 表を削除 → -"]);
    }

    #[test]
    fn another_paper_is_told_by_table_and_not_cell_by_cell() {
        let row = |n: usize| vec![n.to_string(), format!("医師会{n}"), n.to_string(), n.to_string()];
        let table = |shift: usize| {
            let mut out = content(&[]);
            out.tables[0].rows =
                (0..150).map(|n| [row(n)[..2].to_vec(), row(n + shift)[2..].to_vec()].concat()).collect();
            out
        };
        let errata = errata(&table(0), &table(1));
        assert_eq!(errata.cells.len(), 300);
        assert!(errata.is_another_paper());
        let section = errata.section("正誤表", "第1版");
        let Some(Block::Table(table)) = section.blocks.last() else { panic!("a table ends the section") };
        assert_eq!(table.rows[0].cells, [Cell::text("会員数"), Cell::Count(300)]);
    }
}
