//! Columns and cells of tables of the office: widths by what stands in them, numbers with as many places as their column has.

use chrono::NaiveDate;

use crate::domain::cell::Cell;
use crate::domain::document::Column;
use crate::domain::meeting::{OfficeCell, OfficeTable};

/// The narrowest and the widest column, in full-width characters.
const WEIGHTS: (u16, u16) = (3, 24);

/// How numbers of a column are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// 1,234.5
    Plain,
    /// (+39,866)
    Change,
}

/// Whether a column holds numbers.
pub(super) fn is_number(table: &OfficeTable, heading: usize) -> bool {
    let cells = || table.rows.iter().filter_map(|row| row.cells.get(heading));
    cells().any(|cell| matches!(cell, OfficeCell::Number(_) | OfficeCell::NoNumber))
        && !cells().any(|cell| matches!(cell, OfficeCell::Text(_)))
}

/// The column of a heading.
pub(super) fn column(table: &OfficeTable, heading: usize) -> Column {
    let title = table.headings.get(heading).map_or("", |heading| heading.text.as_str());
    let cells = table.rows.iter().filter_map(|row| row.cells.get(heading)).map(shown);
    let widest = cells.chain([title.to_string()]).map(|text| weight(&text)).max().unwrap_or(WEIGHTS.0);
    let key = format!("c{}", heading + 1);
    let weight = widest.clamp(WEIGHTS.0, WEIGHTS.1);
    if is_number(table, heading) { Column::number(&key, title, weight) } else { Column::text(&key, title, weight) }
}

/// The cell of a heading in a row.
pub(super) fn cell(table: &OfficeTable, cell: &OfficeCell, heading: usize, look: Look) -> Cell {
    match cell {
        OfficeCell::Text(text) => match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            // What Excel holds as a day is printed as papers print days.
            Ok(day) => Cell::Date(day),
            Err(_) => Cell::text(text.as_str()),
        },
        OfficeCell::Blank => Cell::Blank,
        OfficeCell::NoNumber => Cell::text("－"),
        OfficeCell::Number(number) => {
            let number = number.with_places(places(table, heading));
            match (look, number.as_whole()) {
                (Look::Change, _) => Cell::StatedChange(number),
                // As all other tables have them, so that programs read counts as counts.
                (Look::Plain, Some(n)) if n >= 0 => Cell::Count(n),
                (Look::Plain, _) => Cell::Decimal(number),
            }
        }
    }
}

fn places(table: &OfficeTable, heading: usize) -> u8 {
    let rows = table.rows.iter().chain(&table.total);
    rows.filter_map(|row| row.cells.get(heading)).map(|cell| cell.number().places).max().unwrap_or(0)
}

fn shown(cell: &OfficeCell) -> String {
    match cell {
        OfficeCell::Number(number) => number.to_string(),
        other => other.text().to_string(),
    }
}

/// Width in full-width characters, of the longest line.
fn weight(text: &str) -> u16 {
    let halves = |line: &str| line.chars().map(|c| if c.is_ascii() { 1_usize } else { 2 }).sum::<usize>();
    u16::try_from(text.lines().map(halves).max().unwrap_or(0).div_ceil(2)).unwrap_or(u16::MAX)
}
