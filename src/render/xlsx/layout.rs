//! How wide the columns of a sheet are, what of it is printed, and which way the paper is turned.
//!
//! Widths of columns are characters of the standard font, those of pages pixels of Excel. This module writes nothing.

use rust_xlsxwriter::Worksheet;

use super::lines::{broken, width_of};
use super::{A4, WorkbookError};
use crate::render::sheet::Sheet;

/// Pixels of a digit and of what stands beside the text of a cell, in the standard font.
const DIGIT: u32 = 8;
const PADDING: u32 = 5;

/// Pixels of a column of which nothing is said.
pub(super) const EMPTY_COLUMN: u32 = 72;

/// Pixels of a row of one line.
pub(super) const LINE: u32 = 25;

/// Pixels across a page of A4 between its margins, upright.
const UPRIGHT: u32 = 690;

/// Pixels down such a page, and across and down a turned one.
const UPRIGHT_DOWN: u32 = 981;
const TURNED: u32 = 1014;
const TURNED_DOWN: u32 = 657;

/// A chart is not torn by the end of a page as long as its sheet is readable on one: at this share of its size in hundredths.
const SMALLEST_WHOLE: u32 = 55;

/// A page is turned when a sheet would otherwise be made smaller than this share of its size, in hundredths.
const LEAST_UPRIGHT: u32 = 90;
const MOST_UPRIGHT: u32 = UPRIGHT * 100 / LEAST_UPRIGHT;

/// Notes beside a narrow table are as wide as this at least.
const NARROWEST_PAGE: u32 = 620;

const NARROWEST: u32 = 6;

/// A column is no wider for the sake of a text; the text takes several lines.
pub(super) const WIDEST: u32 = 60;

/// Excel makes no column wider.
const MOST_WIDE: u32 = 250;

/// Excel makes no row higher than 409 points: a text in a cell may have so many lines.
pub(super) const MOST_LINES: u32 = 20;

/// A filter button stands on each heading.
const BUTTON: u32 = 3;

/// What of a sheet is printed, and how.
pub(super) struct Layout {
    widths: Vec<u32>,
    /// Last column that is printed.
    pub(super) last_column: u16,
    /// Pixels across all of them.
    pixels: u32,
    /// Something stands beside the table that a page must not end in.
    is_drawn_beside: bool,
}

impl Layout {
    /// Columns of these widths, and as many empty ones at their right as titles and notes need.
    ///
    /// # Errors
    /// [`WorkbookError::TooLarge`] for more columns than a sheet can number.
    pub(super) fn of(name: &str, widths: Vec<u32>) -> Result<Self, WorkbookError> {
        let pixels: u32 = widths.iter().map(|width| width * DIGIT + PADDING).sum();
        let added = NARROWEST_PAGE.saturating_sub(pixels).div_ceil(EMPTY_COLUMN);
        let used = u32::try_from(widths.len()).map_err(|_| WorkbookError::TooLarge(name.to_string()))?;
        let last_column = u16::try_from((used + added).saturating_sub(1));
        let last_column = last_column.map_err(|_| WorkbookError::TooLarge(name.to_string()))?;
        Ok(Self { widths, last_column, pixels: pixels + added * EMPTY_COLUMN, is_drawn_beside: false })
    }

    /// The same with room for something of so many pixels after an empty column at the right of the table.
    pub(super) fn beside(mut self, pixels: u32) -> Self {
        let table: u32 = self.widths.iter().map(|width| width * DIGIT + PADDING).sum();
        let wanted = table + EMPTY_COLUMN / 2 + pixels;
        while self.pixels < wanted {
            self.pixels += EMPTY_COLUMN;
            self.last_column = self.last_column.saturating_add(1);
        }
        self.is_drawn_beside = true;
        self
    }

    /// Whether a sheet of so many lines is printed on one page, and whether that is turned; `None` where it takes as many as it takes.
    fn on_one_page(&self, n_lines: u32) -> Option<bool> {
        let height = n_lines.saturating_mul(LINE).max(1);
        let share = |across: u32, down: u32| (across * 100 / self.pixels.max(1)).min(down * 100 / height);
        let (upright, turned) = (share(UPRIGHT, UPRIGHT_DOWN), share(TURNED, TURNED_DOWN));
        let is_turned = upright < LEAST_UPRIGHT && upright < turned;
        (self.is_drawn_beside && upright.max(turned) >= SMALLEST_WHOLE).then_some(is_turned)
    }

    /// Half-width characters of the standard size across the page: a kanji takes 15 pixels, a digit 8.
    pub(super) fn room(&self) -> u32 {
        self.pixels * 10 / 77
    }

    /// Lines that a text takes in a column.
    pub(super) fn n_lines(&self, column: usize, text: &str) -> u32 {
        let room = self.widths.get(column).map_or(WIDEST, |width| width.saturating_sub(2).max(2));
        u32::try_from(broken(text, room).len()).unwrap_or(MOST_LINES)
    }

    /// Half-width characters of a title across the page; titles are set in 14 points.
    pub(super) fn room_of_title(&self) -> u32 {
        self.room() * 11 / 14
    }

    /// Sets widths, paper and print area down to a row.
    ///
    /// # Errors
    /// [`WorkbookError::Sheet`] for more rows or columns than a sheet has.
    pub(super) fn apply(&self, worksheet: &mut Worksheet, last_row: u32) -> Result<(), WorkbookError> {
        for (column, width) in (0_u16..).zip(&self.widths) {
            worksheet.set_column_width(column, *width)?;
        }
        worksheet.set_paper_size(A4).set_margins(0.5, 0.5, 0.6, 0.75, 0.3, 0.3);
        let whole = self.on_one_page(last_row.saturating_add(1));
        if whole.unwrap_or(self.pixels > MOST_UPRIGHT) {
            worksheet.set_landscape();
        } else {
            worksheet.set_portrait();
        }
        let down = u16::from(whole.is_some());
        worksheet.set_print_area(0, 0, last_row, self.last_column)?.set_print_fit_to_pages(1, down);
        Ok(())
    }
}

/// Makes a row as high as so many lines. Excel would find the height itself when it opens the file; other programs do not.
///
/// # Errors
/// [`WorkbookError::Sheet`] for a row that a sheet does not have.
pub(super) fn set_lines(worksheet: &mut Worksheet, row: u32, n_lines: u32) -> Result<(), WorkbookError> {
    if n_lines > 1 {
        worksheet.set_row_height_pixels(row, n_lines.min(MOST_LINES + 1) * LINE)?;
    }
    Ok(())
}

/// Widths of the columns of a table: as wide as the widest cell, within reason. A heading may take two lines.
pub(super) fn column_widths(sheet: &Sheet<'_>) -> Vec<u32> {
    (0..sheet.titles.len())
        .map(|at| {
            let cells = sheet.rows.iter().filter_map(|row| row.get(at)).map(|cell| width_of(&cell.display()));
            let widest = cells.max().unwrap_or(0);
            let heading = width_of(&sheet.titles[at]).div_ceil(2) + BUTTON;
            let usual = (widest.max(heading) + 3).clamp(NARROWEST, WIDEST);
            usual.max(widest.div_ceil(MOST_LINES - 2)).min(MOST_WIDE)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_table_has_room_for_its_notes_and_stays_upright() {
        let layout = Layout::of("x", vec![10, 10]).expect("two columns");
        assert!(layout.pixels >= NARROWEST_PAGE && layout.pixels <= UPRIGHT, "{}", layout.pixels);
        assert!(layout.room() >= 77 && layout.last_column > 1);
    }

    #[test]
    fn what_stands_beside_a_table_is_printed() {
        let layout = Layout::of("x", vec![10, 10]).expect("two columns").beside(900);
        assert!(layout.pixels >= 2 * 85 + 900);
        assert!(layout.pixels > MOST_UPRIGHT);
    }

    #[test]
    fn chart_is_not_torn_where_its_sheet_is_readable_on_one_page() {
        let charted = |pixels| Layout::of("x", vec![16, 10]).expect("two columns").beside(pixels);
        assert_eq!(charted(420).on_one_page(22), Some(false));
        assert_eq!(charted(900).on_one_page(22), Some(true));
        // Thirty bars, of which half a page would be torn off.
        assert_eq!(charted(600).on_one_page(45), Some(false));
        // The bars of nine hundred bodies take several pages however they are set.
        assert_eq!(charted(600).on_one_page(900), None);
        assert_eq!(Layout::of("x", vec![16, 10]).expect("two columns").on_one_page(22), None);
    }
}
