//! Tables, rows and columns that say nothing.

use super::lines::add_lines;
use crate::domain::cell::Cell;
use crate::domain::chart::Chart;
use crate::domain::document::{Block, Column, Row, RowKind, Section, Table};
use crate::domain::metric::Metric;

/// First columns of tables that list every kind there could be; those that did not occur say nothing.
const KINDS: [&str; 4] = ["state", "kind", "code", "severity"];

/// A table of fewer figures in a row compares nothing.
const FEWEST_FIGURES: usize = 2;

/// What a note says of figures that could not be worked out.
const MADE_DOTS: &str = "は … とした";

/// What a line of revisions says where there is none.
const UNCHANGED: &str = "変更なし";

/// Leaves out tables without rows and tables of nothing but 0, and names them in one line.
pub(super) fn leave_out_tables(section: &mut Section) {
    let mut silent: Vec<String> = Vec::new();
    section.blocks.retain(|block| match block {
        Block::Table(table) if says_nothing(table) => {
            let name = table.title.split('（').next().unwrap_or_default().trim().to_string();
            if !silent.contains(&name) {
                silent.push(name);
            }
            false
        }
        _ => true,
    });
    if !silent.is_empty() {
        add_lines(section, vec![format!("該当なし：{}。", silent.join("、"))]);
    }
}

/// A table with a title, of reports, that has no row or in which every number is 0.
fn says_nothing(table: &Table) -> bool {
    if table.proof.is_of_office || table.title.is_empty() {
        return false;
    }
    let numbers = || table.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.is_number());
    table.rows.is_empty() || numbers().next().is_some() && numbers().all(is_zero)
}

fn is_zero(cell: &Cell) -> bool {
    matches!(cell, Cell::Count(0) | Cell::Difference(0) | Cell::PercentTenths(0))
}

/// Leaves out kinds that did not occur, columns of … alone, and the sum of one row.
pub(super) fn leave_out_lines(section: &mut Section) {
    for block in &mut section.blocks {
        if let Block::Table(table) = block
            && !table.proof.is_of_office
        {
            leave_out_kinds(table);
            leave_out_columns(table);
            leave_out_sum_of_one(table);
        }
    }
}

fn leave_out_kinds(table: &mut Table) {
    if !table.columns.first().is_some_and(|column| KINDS.contains(&column.key.as_str())) {
        return;
    }
    let is_silent = |row: &Row| {
        let numbers = || row.cells.iter().filter(|cell| cell.is_number());
        row.kind == RowKind::Body && numbers().next().is_some() && numbers().all(is_zero)
    };
    table.rows.retain(|row| !is_silent(row));
}

/// Leaves out months in which nothing changed or will change; a note says how many there are.
pub(super) fn leave_out_months(section: &mut Section) {
    for block in &mut section.blocks {
        if let Block::Table(table) = block
            && !table.proof.is_of_office
        {
            leave_out_months_of(table);
        }
    }
    section.blocks.retain(|block| !matches!(block, Block::Chart(chart) if is_flat_future(chart)));
}

/// A picture of months ahead of which most are like the month before: the table says when they change.
fn is_flat_future(chart: &Chart) -> bool {
    let n_steps = chart.marks.len().saturating_sub(1);
    let n_flat = chart.marks.windows(2).filter(|two| two[0].value == two[1].value).count();
    chart.id.ends_with("certain-future-bars") && n_flat * 2 > n_steps
}

fn leave_out_months_of(table: &mut Table) {
    let is_ahead = table.id.ends_with("certain-future");
    let keys: Vec<&str> = table.columns.iter().map(|column| column.key.as_str()).collect();
    let is_silent = |row: &Row| {
        let mut cells = keys.iter().zip(&row.cells);
        let nothing_ahead = is_ahead
            && cells
                .clone()
                .all(|(key, cell)| ["opening", "closing"].contains(key) || !cell.is_number() || is_zero(cell));
        row.kind == RowKind::Body && (nothing_ahead || cells.any(|(_, cell)| *cell == Cell::text(UNCHANGED)))
    };
    let n_silent = table.rows.iter().filter(|row| is_silent(row)).count();
    if n_silent == 0 {
        return;
    }
    let kept: Vec<Row> = table.rows.iter().filter(|row| !is_silent(row)).cloned().collect();
    table.rows = kept;
    let what = if is_ahead { "確定している異動なし" } else { UNCHANGED };
    table.notes.insert(0, format!("ほかの{n_silent}か月は、{what}。"));
}

/// Columns of … in every row; a note names them. A table keeps two figures to be compared.
fn leave_out_columns(table: &mut Table) {
    let says_something = |at: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.cells.get(at));
        // A column of names may be blank; one of figures that could not be worked out has … in every row.
        !cells.clone().any(|cell| *cell == Cell::NotApplicable)
            || !cells.all(|cell| matches!(cell, Cell::NotApplicable | Cell::Blank))
    };
    let kept: Vec<bool> = (0..table.columns.len()).map(says_something).collect();
    let has_number = |at: usize| table.rows.iter().any(|row| row.cells.get(at).is_some_and(Cell::is_number));
    let n_numbers = (0..table.columns.len()).filter(|at| has_number(*at)).count();
    if !kept.contains(&false) || n_numbers < FEWEST_FIGURES {
        return;
    }
    let columns: Vec<&Column> =
        table.columns.iter().zip(&kept).filter(|(_, kept)| !**kept).map(|(one, _)| one).collect();
    let left_out: Vec<String> = columns.iter().map(|column| heading(column)).collect();
    leave_out_definitions(&mut table.notes, &columns);
    let mut at = kept.iter();
    table.columns.retain(|_| *at.next().unwrap_or(&true));
    for row in &mut table.rows {
        let mut at = kept.iter();
        row.cells.retain(|_| *at.next().unwrap_or(&true));
    }
    let is_explained = table.notes.iter().any(|note| note.contains(MADE_DOTS));
    if is_explained && !table.rows.iter().any(|row| row.cells.contains(&Cell::NotApplicable)) {
        table.notes.iter_mut().for_each(|note| *note = note.replace(MADE_DOTS, "は示さない"));
    } else {
        table.notes.push(format!("{}は、値がないので示さない。", left_out.join("、")));
    }
}

/// Nobody needs to know what a figure is that is not there.
fn leave_out_definitions(notes: &mut Vec<String>, columns: &[&Column]) {
    let of_columns = Metric::ALL.iter().filter(|metric| columns.iter().any(|column| column.key == metric.id()));
    let sentences: Vec<&str> = of_columns.map(|metric| metric.definition().sentence).collect();
    for note in notes.iter_mut() {
        for sentence in sentences.iter().filter(|sentence| !sentence.is_empty()) {
            *note = note.replace(sentence, "");
        }
    }
    notes.retain(|note| !note.is_empty());
}

/// What a column is called outside its table, where its group does not stand above it.
fn heading(column: &Column) -> String {
    match column.group.as_str() {
        "" => column.title.clone(),
        group => format!("{group}の{}", column.title),
    }
}

fn leave_out_sum_of_one(table: &mut Table) {
    let [one, sum] = table.rows.as_slice() else { return };
    let numbers = |row: &Row| row.cells.iter().filter(|cell| cell.is_number()).cloned().collect::<Vec<_>>();
    if one.kind == RowKind::Body && sum.kind == RowKind::Total && numbers(one) == numbers(sum) {
        table.rows.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::papers::shorten::notes::tests::{section, table};

    #[test]
    fn tables_of_nothing_become_one_line() {
        let blocks = vec![table("甲", &[]), table("乙", &[("浦和", 0)]), table("丙", &[("浦和", 1), ("大宮", 0)])];
        let mut section = section("資料1", blocks);
        leave_out_tables(&mut section);
        let [Block::Table(kept), Block::Notes(notes)] = section.blocks.as_slice() else {
            panic!("{:?}", section.blocks)
        };
        assert_eq!((kept.id.as_str(), notes.as_slice()), ("丙", ["該当なし：表甲、表乙。".to_string()].as_slice()));
    }

    #[test]
    fn columns_without_a_figure_and_sums_of_one_row_are_left_out() {
        let Block::Table(mut table) = table("甲", &[("浦和", 3)]) else { panic!("a table") };
        let columns = [("month", "前月比", ""), ("year", "前年比", ""), ("rate", "率", "前年同月")];
        for (key, title, group) in columns {
            table.columns.push(Column::number(key, title, 3).in_group(group));
        }
        for row in &mut table.rows {
            row.cells.extend([Cell::Difference(1), Cell::NotApplicable, Cell::NotApplicable]);
        }
        let mut section = section("資料1", vec![Block::Table(table)]);
        leave_out_lines(&mut section);
        let Block::Table(table) = &section.blocks[0] else { panic!("a table") };
        assert_eq!((table.columns.len(), table.rows.len(), table.rows[0].cells.len()), (3, 1, 3));
        assert_eq!(table.notes.last().map(String::as_str), Some("前年比、前年同月の率は、値がないので示さない。"));
    }

    #[test]
    fn note_that_explains_figures_that_are_not_there_says_so() {
        let Block::Table(mut table) = table("甲", &[("浦和", 3)]) else { panic!("a table") };
        table.columns.extend([Column::number("month", "前月比", 3), Column::number("year", "前年比", 3)]);
        table.rows.iter_mut().for_each(|row| row.cells.extend([Cell::Difference(1), Cell::NotApplicable]));
        table.columns[3].key = Metric::YearChange.id().into();
        table.notes = vec![
            Metric::YearChange.definition().sentence.into(),
            "昨年は出力が及ばないため、これとの比較は … とした。".into(),
        ];
        leave_out_columns(&mut table);
        assert_eq!(table.notes, ["昨年は出力が及ばないため、これとの比較は示さない。"]);
    }

    /// The rate of organisation that nobody can work out is what the table is about.
    #[test]
    fn table_keeps_two_figures_to_be_compared() {
        let Block::Table(mut table) = table("甲", &[("浦和", 3)]) else { panic!("a table") };
        table.columns.push(Column::number("rate", "組織率", 3));
        table.rows.iter_mut().for_each(|row| row.cells.push(Cell::NotApplicable));
        leave_out_columns(&mut table);
        assert_eq!(table.columns.len(), 3);
    }

    #[test]
    fn months_that_all_stayed_make_a_silent_table() {
        let Block::Table(mut table) = table("甲", &[]) else { panic!("a table") };
        table.rows = vec![Row::body(vec![Cell::text(UNCHANGED), Cell::Count(5)])];
        let mut section = section("資料1", vec![Block::Table(table)]);
        leave_out_months(&mut section);
        leave_out_tables(&mut section);
        assert_eq!(section.blocks, [Block::Notes(vec!["該当なし：表甲。".into()])]);
    }

    #[test]
    fn bodies_without_members_stay_and_kinds_that_did_not_occur_go() {
        let Block::Table(mut table) = table("甲", &[("浦和", 3), ("大宮", 0)]) else { panic!("a table") };
        leave_out_kinds(&mut table);
        assert_eq!(table.rows.len(), 3);
        table.columns[0].key = "state".into();
        leave_out_kinds(&mut table);
        assert_eq!(table.rows.len(), 2);
    }
}
