//! The headings below a head and the rows under them.

use super::Faults;
use super::sheets::Sheet;
use crate::domain::class_scheme::spelling_key;
use crate::domain::meeting::{MeetingFault, OfficeHeading};

/// Headings and rows of a sheet.
pub(super) struct Rows<'s> {
    pub(super) headings: Vec<OfficeHeading>,
    /// Number as Excel shows it, and cells from the first column.
    pub(super) rows: Vec<(u32, &'s [String])>,
    /// Row of the headings.
    pub(super) heading_row: u32,
    /// Remarks (※ …) among the rows or under them.
    pub(super) notes: Vec<String>,
}

/// A row of nothing but one remark.
fn is_remark(cells: &[String]) -> bool {
    let mut filled = cells.iter().filter(|text| !text.is_empty());
    let only = filled.next().filter(|_| filled.next().is_none());
    only.is_some_and(|text| text.starts_with(['※', '＊', '*']) || text.starts_with("注"))
}

impl<'s> Rows<'s> {
    /// What stands below the head. `None` where nothing does: told by whoever needs it.
    pub(super) fn below(sheet: &'s Sheet, last_row: u32, faults: &mut Faults) -> Option<Self> {
        let mut rows = sheet.rows().filter(|(number, _)| *number > last_row);
        let (heading_row, cells) = rows.next()?;
        let mut headings: Vec<OfficeHeading> = Vec::new();
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            if headings.iter().any(|other| spelling_key(&other.text) == spelling_key(text)) {
                faults.add(sheet.place.at(heading_row, column), MeetingFault::HeadingTwice(text.clone()));
                continue;
            }
            headings.push(OfficeHeading { text: text.clone(), column });
        }
        let (remarks, rows): (Vec<_>, Vec<_>) = rows.partition(|(_, cells)| is_remark(cells));
        let notes = remarks.into_iter().flat_map(|(_, cells)| cells.iter().filter(|text| !text.is_empty())).cloned();
        let read = Self { headings, rows, heading_row, notes: notes.collect() };
        read.refuse_cells_without_heading(sheet, faults);
        Some(read)
    }

    /// A cell beside the table would be lost.
    fn refuse_cells_without_heading(&self, sheet: &Sheet, faults: &mut Faults) {
        for (number, cells) in &self.rows {
            let stray = cells.iter().enumerate().find(|(column, text)| {
                !text.is_empty() && self.headings.iter().all(|heading| heading.column != *column)
            });
            if let Some((column, _)) = stray {
                faults.add(sheet.place.at(*number, column), MeetingFault::HeadingBlank);
                return;
            }
        }
    }

    /// The place of a heading among the headings.
    pub(super) fn heading(&self, word: &str) -> Option<usize> {
        let wanted = spelling_key(word);
        self.headings.iter().position(|heading| spelling_key(&heading.text) == wanted)
    }

    /// The cell of a heading in a row; empty for none.
    pub(super) fn cell(&self, cells: &'s [String], heading: usize) -> &'s str {
        let column = self.headings.get(heading).map(|heading| heading.column);
        column.and_then(|column| cells.get(column)).map_or("", String::as_str)
    }
}
