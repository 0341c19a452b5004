//! Notes that several tables of a section share: one 注記 at its end.

use std::collections::BTreeMap;

use super::lines::add_lines;
use crate::domain::document::{Block, Section};

/// Heading of what holds for several tables.
const HEADING: &str = "注記";

/// One or two lines need no heading.
const FEWEST_UNDER_HEADING: usize = 2;

/// Moves notes that stand under several tables to the end of the section, each once, in reading order. What is about the
/// columns or lines of one table stays under each.
pub(super) fn say_once(section: &mut Section) {
    let mut n_times: BTreeMap<String, usize> = BTreeMap::new();
    let lists = section.blocks.iter_mut().filter_map(notes_of);
    lists.flatten().for_each(|note| *n_times.entry(note.clone()).or_default() += 1);
    let mut shared: Vec<String> = Vec::new();
    for notes in section.blocks.iter_mut().filter_map(notes_of) {
        notes.retain(|note| {
            let is_shared = n_times.get(note).is_some_and(|n| *n > 1) && !is_of_its_table(note);
            if is_shared && !shared.contains(note) {
                shared.push(note.clone());
            }
            !is_shared
        });
    }
    if shared.is_empty() {
        return;
    }
    if shared.len() > FEWEST_UNDER_HEADING {
        section.blocks.push(Block::Heading(HEADING.into()));
    }
    add_lines(section, shared);
}

/// Whether a note works out the columns above it, tells of the list above it, or of what was put together in it.
fn is_of_its_table(note: &str) -> bool {
    note.contains('＝') || note.starts_with("一覧") || note.contains("合わせて示した")
}

/// The notes under a table, grid or chart of a report.
fn notes_of(block: &mut Block) -> Option<&mut Vec<String>> {
    match block {
        Block::Table(table) if !table.proof.is_of_office => Some(&mut table.notes),
        Block::Grid(grid) => Some(&mut grid.notes),
        Block::BarChart(chart) => Some(&mut chart.notes),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::document::{Cell, Column, LabelledText, Row, RowKind, Table};
    use crate::domain::table_check::TableCheck;

    pub fn table(id: &str, rows: &[(&str, i64)]) -> Block {
        let mut all: Vec<Row> =
            rows.iter().map(|(name, n)| Row::body(vec![Cell::text(*name), Cell::Count(*n)])).collect();
        if let Some(total) = (!rows.is_empty()).then(|| rows.iter().map(|(_, n)| n).sum()) {
            all.push(Row { kind: RowKind::Total, cells: vec![Cell::text("合計"), Cell::Count(total)] });
        }
        Block::Table(Table {
            id: id.into(),
            title: format!("表{id}（医師会別）"),
            basis: vec![LabelledText::new("単位", "人")],
            columns: vec![Column::text("name", "医師会", 4), Column::number("n", "人数", 3)],
            rows: all,
            empty_text: "該当なし".into(),
            notes: vec!["兼務は医師会ごとに数える。".into(), format!("{id}だけの注。")],
            proof: TableCheck::default(),
        })
    }

    pub fn section(mark: &str, blocks: Vec<Block>) -> Section {
        let (id, title) = (mark.to_string(), mark.to_string());
        Section { id, title, mark: mark.into(), basis: Vec::new(), new_page: true, blocks }
    }

    #[test]
    fn note_that_works_out_its_table_stays_under_each() {
        let with_sum = |id: &str| {
            let Block::Table(mut table) = table(id, &[("浦和", 1)]) else { panic!("a table") };
            table.notes = vec!["差 ＝ 出力 － 会員数".into(), "死亡が3人に満たないため、合わせて示した。".into()];
            Block::Table(table)
        };
        let mut section = section("資料1", vec![with_sum("甲"), with_sum("乙")]);
        let before = section.clone();
        say_once(&mut section);
        assert_eq!(section, before);
    }

    #[test]
    fn note_of_two_tables_stands_once() {
        let mut section = section("資料1", vec![table("甲", &[("浦和", 1)]), table("乙", &[("浦和", 1)])]);
        say_once(&mut section);
        let [Block::Table(one), Block::Table(_), Block::Notes(shared)] = section.blocks.as_slice() else {
            panic!("{:?}", section.blocks)
        };
        assert_eq!(one.notes, ["甲だけの注。"]);
        assert_eq!(shared, &["兼務は医師会ごとに数える。"]);
    }
}
