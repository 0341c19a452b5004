//! Tables, rows and columns that say nothing.

use crate::domain::document::{Block, Cell, Row, RowKind, Section, Table};

/// First columns of tables that list every kind there could be; those that did not occur say nothing.
const KINDS: [&str; 4] = ["state", "kind", "code", "severity"];

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
        section.blocks.push(Block::Notes(vec![format!("該当なし：{}。", silent.join("、"))]));
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
            leave_out_months(table);
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

/// Months in which nothing changed or will change; a note says how many there are.
fn leave_out_months(table: &mut Table) {
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
    let others = if table.rows.is_empty() { "" } else { "ほかの" };
    table.notes.insert(0, format!("{others}{n_silent}か月は、{what}。"));
    table.empty_text = what.into();
}

fn leave_out_columns(table: &mut Table) {
    let says_something = |at: usize| {
        let mut cells = table.rows.iter().filter_map(|row| row.cells.get(at));
        // A column of names may be blank; one of figures that could not be worked out has … in every row.
        !cells.clone().any(|cell| *cell == Cell::NotApplicable)
            || !cells.all(|cell| matches!(cell, Cell::NotApplicable | Cell::Blank))
    };
    let kept: Vec<bool> = (0..table.columns.len()).map(says_something).collect();
    let mut at = kept.iter();
    table.columns.retain(|_| *at.next().unwrap_or(&true));
    for row in &mut table.rows {
        let mut at = kept.iter();
        row.cells.retain(|_| *at.next().unwrap_or(&true));
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
        table.columns.push(crate::domain::document::Column::number("year", "前年比", 3));
        table.rows.iter_mut().for_each(|row| row.cells.push(Cell::NotApplicable));
        let mut section = section("資料1", vec![Block::Table(table)]);
        leave_out_lines(&mut section);
        let Block::Table(table) = &section.blocks[0] else { panic!("a table") };
        assert_eq!((table.columns.len(), table.rows.len(), table.rows[0].cells.len()), (2, 1, 2));
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
