//! Notes that several tables of a section share: one 注記 at its end.

use std::collections::{BTreeMap, BTreeSet};

use super::lines::add_lines;
use crate::domain::document::{Block, Section};
use crate::domain::metric::Metric;

/// Heading of what holds for several tables.
const HEADING: &str = "注記";

/// One or two lines need no heading.
const FEWEST_UNDER_HEADING: usize = 2;

/// Moves notes that stand under several tables to the end of the section, each once, in reading order; of definitions of
/// figures each sentence. What is about the columns or lines of one table stays under each.
pub(super) fn say_once(section: &mut Section) {
    let mut n_times: BTreeMap<String, usize> = BTreeMap::new();
    for notes in section.blocks.iter_mut().filter_map(notes_of) {
        let parts: BTreeSet<&str> = notes.iter().flat_map(|note| parts(note)).collect();
        parts.into_iter().for_each(|part| *n_times.entry(part.to_string()).or_default() += 1);
    }
    let is_shared = |part: &str| n_times.get(part).is_some_and(|n| *n > 1) && !is_of_its_table(part);
    let mut shared: Vec<String> = Vec::new();
    for notes in section.blocks.iter_mut().filter_map(notes_of) {
        for note in notes.iter_mut() {
            let (moved, own): (Vec<&str>, Vec<&str>) = parts(note).into_iter().partition(|part| is_shared(part));
            for part in moved {
                if !shared.iter().any(|other| other == part) {
                    shared.push(part.to_string());
                }
            }
            *note = own.concat();
        }
        notes.retain(|note| !note.is_empty());
    }
    if shared.len() > FEWEST_UNDER_HEADING {
        section.blocks.push(Block::Heading(HEADING.into()));
    }
    add_lines(section, shared);
}

/// A note as the definitions of figures that it begins with, each by itself, and the rest of it.
fn parts(note: &str) -> Vec<&str> {
    let mut out: Vec<&str> = Vec::new();
    let mut rest = note;
    while !rest.is_empty() {
        let sentences = Metric::ALL.iter().map(|metric| metric.definition().sentence);
        let found = sentences.filter(|sentence| !sentence.is_empty() && rest.starts_with(sentence)).map(str::len).max();
        let (part, behind) = rest.split_at(found.unwrap_or(rest.len()));
        out.push(part);
        rest = behind;
    }
    out
}

/// Whether a note works out the columns above it, tells of the list above it, or of a line into which others were put.
fn is_of_its_table(note: &str) -> bool {
    note.contains('＝') || note.starts_with("一覧") || note.contains("その他に合わせて示した")
}

/// The notes under a table, grid or chart of a report.
fn notes_of(block: &mut Block) -> Option<&mut Vec<String>> {
    match block {
        Block::Table(table) if !table.proof.is_of_office => Some(&mut table.notes),
        Block::Grid(grid) => Some(&mut grid.notes),
        Block::Chart(chart) => Some(&mut chart.notes),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::cell::{Cell, LabelledText};
    use crate::domain::document::{Column, Row, Table};
    use crate::domain::table_check::TableCheck;

    pub fn table(id: &str, rows: &[(&str, i64)]) -> Block {
        let mut all: Vec<Row> =
            rows.iter().map(|(name, n)| Row::body(vec![Cell::text(*name), Cell::Count(*n)])).collect();
        if let Some(total) = (!rows.is_empty()).then(|| rows.iter().map(|(_, n)| n).sum()) {
            all.push(Row::total(vec![Cell::text("合計"), Cell::Count(total)]));
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
            table.notes = vec!["差 ＝ 出力 － 会員数".into(), "3 人に満たない理由は、その他に合わせて示した。".into()];
            Block::Table(table)
        };
        let mut section = section("資料1", vec![with_sum("甲"), with_sum("乙")]);
        let before = section.clone();
        say_once(&mut section);
        assert_eq!(section, before);
    }

    /// Each table defines the figures it has; what two of them have is defined once.
    #[test]
    fn definition_of_two_tables_stands_once() {
        use crate::domain::metric::sentences;
        let defined = |id: &str, metrics: &[Metric]| {
            let Block::Table(mut table) = table(id, &[("浦和", 1)]) else { panic!("a table") };
            table.notes = vec![sentences(metrics)];
            Block::Table(table)
        };
        let both = [Metric::Memberships, Metric::Share];
        let mut section = section("資料1", vec![defined("甲", &both), defined("乙", &[Metric::Memberships])]);
        say_once(&mut section);
        let [Block::Table(one), Block::Table(other), Block::Notes(shared)] = section.blocks.as_slice() else {
            panic!("{:?}", section.blocks)
        };
        assert_eq!(one.notes, [sentences(&[Metric::Share])]);
        assert!(other.notes.is_empty());
        assert_eq!(shared, &[sentences(&[Metric::Memberships])]);
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
