//! One table, grid or chart as a sheet: title, dates and rules, headings, rows, notes.
//!
//! Headings are frozen and repeated on each printed page. Rows are a table object of Excel (filter, sorting, names in
//! formulas), which ends above the sums at its foot: a filter or an order must never hide, move or count a sum. With sums
//! between the rows there is no table object, as there is none without rows.

use std::collections::BTreeSet;

use rust_xlsxwriter::{Table, TableColumn, TableStyle, Worksheet};

use super::cells::{Looks, Month, format_of_day, is_long, write_cell};
use super::chart::{self, Place};
use super::layout::{Layout, column_widths, set_lines};
use super::lines::broken;
use super::{WorkbookError, cut, cut_to};
use crate::domain::cell::Cell;
use crate::domain::chart::Chart;
use crate::domain::document::{Block, ReportDocument, RowKind, Section};
use crate::render::sheet::Sheet;

/// What the name of a sheet can hold.
const MOST_OF_A_NAME: usize = 31;

/// What the heading of a table object can hold.
const MOST_OF_A_HEADING: usize = 255;

/// One table, grid or chart on its way to a sheet.
pub(super) struct Page<'a> {
    /// Name of the sheet.
    pub(super) name: String,
    /// As printed: its own title, else that of its section.
    pub(super) title: String,
    /// Where it stands.
    pub(super) section: &'a Section,
    sheet: Sheet<'a>,
}

impl<'a> Page<'a> {
    /// `None` for a block without numbers; `nth` counts from 1.
    ///
    /// # Errors
    /// [`WorkbookError::Fault`] for a block that breaks a promise.
    pub(super) fn of(section: &'a Section, block: &'a Block, nth: usize) -> Result<Option<Self>, WorkbookError> {
        let Some(sheet) = Sheet::of(block)? else { return Ok(None) };
        let title = if sheet.title.is_empty() { section.title.clone() } else { sheet.title.to_string() };
        // These have a meaning in references to other sheets.
        let plain_title: String =
            title.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'')).collect();
        let name = name_on_tab(&format!("{nth:02} {plain_title}"));
        Ok(Some(Self { name, title, section, sheet }))
    }

    /// Writes the sheet.
    ///
    /// # Errors
    /// [`WorkbookError`] for more rows or columns than a sheet has.
    pub(super) fn fill(&self, worksheet: &mut Worksheet, document: &ReportDocument) -> Result<(), WorkbookError> {
        let looks = Looks::new();
        let chart = self.sheet.chart.filter(|chart| chart::is_native(chart));
        let layout = Layout::of(&self.name, column_widths(&self.sheet))?;
        let layout = match chart {
            Some(chart) => layout.beside(chart::width(chart)),
            None => layout,
        };
        worksheet.set_name(&self.name)?;
        let heading_line = self.above(worksheet, &layout, &looks)?;
        let mut line = self.rows(worksheet, heading_line, &layout, &looks)?;
        if let Some(chart) = chart {
            let labels = self.sheet.rows.iter().filter_map(|row| row.first());
            let format_of_days = labels.map(format_of_day).next().flatten();
            let place = Place { sheet: &self.name, heading_line, title: &self.title, format_of_days };
            line = line.max(chart::draw(worksheet, chart, &place)?);
        }
        line = self.notes(worksheet, line + 1, &layout, &looks)?;
        worksheet.set_freeze_panes(heading_line + 1, 0)?.set_repeat_rows(heading_line, heading_line)?;
        foot(worksheet, document);
        layout.apply(worksheet, line)
    }

    /// Title, dates and rules; the line of the headings comes back.
    fn above(&self, worksheet: &mut Worksheet, layout: &Layout, looks: &Looks) -> Result<u32, WorkbookError> {
        let mut line = 0;
        for text in broken(&self.title, layout.room_of_title()) {
            worksheet.write_string_with_format(line, 0, cut(&text), &looks.title)?;
            line += 1;
        }
        for (label, text) in self.sheet.head(&self.section.basis) {
            for text in broken(&format!("{label}　{text}"), layout.room()) {
                worksheet.write_string_with_format(line, 0, cut(&text), &looks.label)?;
                line += 1;
            }
        }
        Ok(line + 1)
    }

    /// Headings and rows; the last line comes back.
    fn rows(
        &self,
        worksheet: &mut Worksheet,
        heading_line: u32,
        layout: &Layout,
        looks: &Looks,
    ) -> Result<u32, WorkbookError> {
        self.headings(worksheet, heading_line, layout, looks)?;
        let is_month: Vec<bool> = (0..self.sheet.titles.len()).map(|at| self.is_month(at)).collect();
        let mut line = heading_line;
        for (at, row) in self.sheet.rows.iter().enumerate() {
            line += 1;
            for (column, (cell, is_month)) in (0_u16..).zip(row.iter().zip(&is_month)) {
                self.cell(worksheet, (line, column), cell, (self.sheet.kind(at), *is_month))?;
            }
            let texts = row.iter().enumerate().filter_map(|(at, cell)| match cell {
                Cell::Text(text) if is_long(text) => Some(layout.n_lines(at, text)),
                _ => None,
            });
            set_lines(worksheet, line, texts.max().unwrap_or(1))?;
        }
        if self.sheet.rows.is_empty() && !self.sheet.empty_text.is_empty() {
            line += 1;
            worksheet.write_string_with_format(line, 0, cut(self.sheet.empty_text), &looks.text)?;
        }
        Ok(line)
    }

    /// Headings, of a table object where rows allow one.
    fn headings(
        &self,
        worksheet: &mut Worksheet,
        line: u32,
        layout: &Layout,
        looks: &Looks,
    ) -> Result<(), WorkbookError> {
        let too_large = || WorkbookError::TooLarge(self.name.clone());
        let last_column = u16::try_from(self.sheet.titles.len().saturating_sub(1)).map_err(|_| too_large())?;
        let headings = headings(&self.sheet.titles);
        let mut columns = Vec::with_capacity(headings.len());
        for (at, (column, heading)) in (0_u16..).zip(&headings).enumerate() {
            let look = if self.is_of_texts(at) { &looks.heading_of_texts } else { &looks.heading };
            worksheet.write_string_with_format(line, column, heading, look)?;
            columns.push(TableColumn::new().set_header(heading).set_header_format(look));
        }
        let n_lines = headings.iter().enumerate().map(|(at, heading)| layout.n_lines(at, heading));
        set_lines(worksheet, line, n_lines.max().unwrap_or(1))?;
        let n_rows = u32::try_from(self.n_in_table()).map_err(|_| too_large())?;
        if n_rows > 0 {
            let name = table_name(self.sheet.id, &self.name);
            let table = Table::new().set_name(name).set_style(TableStyle::Light1).set_columns(&columns);
            worksheet.add_table(line, 0, line + n_rows, last_column, &table)?;
        }
        Ok(())
    }

    /// Whether a column holds texts, which begin at its left; numbers and days do not.
    fn is_of_texts(&self, column: usize) -> bool {
        let mut cells = self.sheet.rows.iter().filter_map(|row| row.get(column));
        let is_text = |cell: &Cell| matches!(cell, Cell::Text(_)) && format_of_day(cell).is_none();
        cells.any(is_text) || self.sheet.rows.is_empty()
    }

    fn cell(
        &self,
        worksheet: &mut Worksheet,
        place: (u32, u16),
        cell: &Cell,
        (kind, is_month): (RowKind, bool),
    ) -> Result<(), WorkbookError> {
        match cell {
            Cell::Text(text) if is_month && kind == RowKind::Body => match Month::read(text) {
                Some(month) => month.write(worksheet, place, kind),
                None => write_cell(worksheet, place, cell, kind),
            },
            _ => write_cell(worksheet, place, cell, kind),
        }
    }

    /// Whether the texts of a column, those of sums apart, are months.
    fn is_month(&self, column: usize) -> bool {
        let rows = self.sheet.rows.iter().enumerate().filter(|(at, _)| self.sheet.kind(*at) == RowKind::Body);
        Month::are_all(rows.filter_map(|(_, row)| row.get(column)))
    }

    /// How many rows a table object holds: all above the sums at the foot; none with sums in between.
    fn n_in_table(&self) -> usize {
        let is_sum = |at: &usize| self.sheet.kind(*at) != RowKind::Body;
        let n_rows = self.sheet.rows.len();
        let n_above = (0..n_rows).find(is_sum).unwrap_or(n_rows);
        if (n_above..n_rows).all(|at| is_sum(&at)) { n_above } else { 0 }
    }

    /// Notes from a line on; the last line comes back.
    fn notes(
        &self,
        worksheet: &mut Worksheet,
        mut line: u32,
        layout: &Layout,
        looks: &Looks,
    ) -> Result<u32, WorkbookError> {
        // Of a chart that the sheet does not have there is no foot.
        let axis = self.sheet.chart.filter(|chart| chart::is_native(chart)).and_then(Chart::axis_note);
        for note in self.sheet.notes.iter().chain(&axis) {
            for text in broken(note, layout.room()) {
                line += 1;
                worksheet.write_string_with_format(line, 0, cut(&text), &looks.label)?;
            }
        }
        Ok(line)
    }
}

/// Foot of a printed page: what it belongs to, its number, how it is to be handled.
pub(super) fn foot(worksheet: &mut Worksheet, document: &ReportDocument) {
    // An ampersand begins a command in a foot.
    let plain = |text: &str| text.replace('&', "&&");
    let draft = if document.draft { "下書き" } else { "" };
    let (left, right) = (plain(&document.foot_text), plain(&document.handling));
    worksheet.set_footer(format!("&L{left}&C{draft}　&P／&N&R{right}"));
}

/// A name as long as a tab takes it: what stands in brackets at its end goes first, so that none stays open.
fn name_on_tab(name: &str) -> String {
    let cut = cut_to(name, MOST_OF_A_NAME).trim_end();
    match cut.rsplit_once('（') {
        Some((before, inside)) if cut.len() < name.len() && !inside.contains('）') && before.chars().count() > 3 => {
            before.trim_end().to_string()
        }
        _ => cut.to_string(),
    }
}

/// Headings as a table object takes them: none empty, none twice, whatever the case of its letters.
fn headings(titles: &[String]) -> Vec<String> {
    let mut met = BTreeSet::new();
    let mut out = Vec::with_capacity(titles.len());
    for (title, number) in titles.iter().zip(1..) {
        let title = cut_to(title, MOST_OF_A_HEADING - 8).replace(['\r', '\n'], " ");
        // The first column names what its rows are of; Excel itself would say 列1.
        let title = match (title.trim().is_empty(), number) {
            (false, _) => title,
            (true, 1) => "項目".to_string(),
            (true, _) => format!("列{number}"),
        };
        let mut heading = title.clone();
        for nth in 2.. {
            if met.insert(heading.to_lowercase()) {
                break;
            }
            heading = format!("{title} {nth}");
        }
        out.push(heading);
    }
    out
}

/// A name for formulas and queries that is the same in the papers of all months: the id of the table. The number of the
/// sheet is part of it only where an id has other letters than a name may have, of which two could become the same.
fn table_name(id: &str, sheet: &str) -> String {
    let is_plain = id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let name: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if is_plain {
        return format!("t_{name}");
    }
    let number: String = sheet.chars().take_while(char::is_ascii_digit).collect();
    format!("t{number}_{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_a_table_object_stand_once() {
        let titles = ["", "計", "", "計", "a", "A", "割合\n%"].map(String::from);
        assert_eq!(headings(&titles), ["項目", "計", "列3", "計 2", "a", "A 2", "割合 %"]);
    }

    #[test]
    fn name_on_a_tab_leaves_no_bracket_open() {
        let long = "05 退会・転出・死亡の予定（退会日が基準日以後の会員、医師会別）";
        assert_eq!(name_on_tab(long), "05 退会・転出・死亡の予定");
        assert_eq!(name_on_tab("02 期間の増減（郡市区等）"), "02 期間の増減（郡市区等）");
        let plain = "三十一字".repeat(9);
        assert_eq!(name_on_tab(&plain).chars().count(), MOST_OF_A_NAME);
        assert_eq!(
            name_on_tab("01 （名前のない括弧がとても長く続いて終わらない題の名前である"),
            "01 （名前のない括弧がとても長く続いて終わらない題の名前であ"
        );
    }

    #[test]
    fn name_of_a_table_object_is_its_id() {
        assert_eq!(table_name("member-counts", "01 会員数"), "t_member_counts");
        assert_eq!(table_name("表_1", "12 x"), "t12___1");
    }
}
