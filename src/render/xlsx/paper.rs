//! A paper as a workbook: first the contents (目次), then one sheet for each table, grid and chart.
//!
//! A sheet has from the top: title, dates and rules, the headings (frozen, repeated on each printed page), the rows, the
//! notes. Counts, differences, percentages and days keep their types, so that a spreadsheet can sort and add them up;
//! they look as on paper. Paragraphs have no sheet. This module computes nothing.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet};

use super::{A4, WorkbookError, cut, cut_to, excel_day, number, plain, set_properties};
use crate::domain::document::{Block, Cell, ReportDocument, RowKind, Section};
use crate::domain::japanese_date::era_date;
use crate::render::csv::Sheet;
use crate::render::soundness;

/// What the name of a sheet can hold.
const MOST_OF_A_NAME: usize = 31;

/// Days look as on paper (R7.12.31) and are days all the same.
const ERA_DAY: &str = "[$-411]ge\\.m\\.d";

/// The first sheet.
const CONTENTS: &str = "目次";

/// Makes the workbook of a document.
///
/// # Errors
/// [`WorkbookError`] for a document that breaks a promise, or has more rows or columns than a sheet.
pub fn paper_workbook(document: &ReportDocument) -> Result<Vec<u8>, WorkbookError> {
    soundness::check(document)?;
    let mut pages: Vec<Page<'_>> = Vec::new();
    for section in &document.sections {
        for block in &section.blocks {
            pages.extend(Page::of(section, block, pages.len() + 1)?);
        }
    }
    let mut workbook = Workbook::new();
    set_properties(&mut workbook, &document.title, document.issued_on)?;
    contents(workbook.add_worksheet(), document, &pages)?;
    for page in &pages {
        fill(workbook.add_worksheet(), page, document)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// One table, grid or chart on its way to a sheet.
struct Page<'a> {
    name: String,
    title: String,
    section: &'a Section,
    sheet: Sheet<'a>,
}

impl<'a> Page<'a> {
    /// `None` for a block without numbers.
    fn of(section: &'a Section, block: &'a Block, nth: usize) -> Result<Option<Self>, WorkbookError> {
        let Some(sheet) = Sheet::of(block)? else { return Ok(None) };
        let title = if sheet.title.is_empty() { section.title.clone() } else { sheet.title.to_string() };
        // These have a meaning in references to other sheets.
        let plain_title: String =
            title.chars().filter(|c| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'')).collect();
        let name = cut_to(&format!("{nth:02} {plain_title}"), MOST_OF_A_NAME).trim_end().to_string();
        Ok(Some(Self { name, title, section, sheet }))
    }

    fn basis(&self) -> impl Iterator<Item = (String, &str)> {
        self.sheet.head(&self.section.basis)
    }
}

/// The formats of a sheet.
struct Looks {
    title: Format,
    label: Format,
    text: Format,
    heading: Format,
}

impl Looks {
    fn new() -> Self {
        Self {
            title: plain().set_bold().set_font_size(14),
            label: plain().set_font_color(Color::RGB(0x0059_5959)),
            text: plain().set_num_format("@"),
            heading: plain()
                .set_bold()
                .set_background_color(Color::RGB(0x00D9_E1F2))
                .set_border_bottom(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
        }
    }
}

fn contents(worksheet: &mut Worksheet, document: &ReportDocument, pages: &[Page<'_>]) -> Result<(), WorkbookError> {
    let looks = Looks::new();
    worksheet.set_name(CONTENTS)?.set_paper_size(A4).set_landscape();
    worksheet.write_string_with_format(0, 0, &document.title, &looks.title)?;
    let mut facts: Vec<(&str, String)> = vec![
        ("発行者", document.issuer.clone()),
        ("発行日", era_date(document.issued_on)),
        ("取扱い", document.handling.clone()),
    ];
    if document.draft {
        facts.push(("状態", "下書き".to_string()));
    }
    // A pack says its dates section by section.
    let basis = document.sections.first().filter(|_| document.cover.is_none());
    facts.extend(basis.iter().flat_map(|section| &section.basis).map(|item| (item.label.as_str(), item.text.clone())));
    facts.extend(document.colophon.iter().map(|item| (item.label.as_str(), item.text.clone())));
    let mut line = 1;
    for (label, text) in &facts {
        worksheet.write_string_with_format(line, 0, *label, &looks.label)?;
        worksheet.write_string_with_format(line, 1, cut(text), &looks.text)?;
        line += 1;
    }
    line += 1;
    for (column, heading) in (0_u16..).zip(["シート", "表", "節"]) {
        worksheet.write_string_with_format(line, column, heading, &looks.heading)?;
    }
    let first = line + 1;
    for (line, page) in (first..).zip(pages) {
        let place = Url::new(format!("internal:'{}'!A1", page.name)).set_text(&page.name);
        worksheet.write_url(line, 0, place)?;
        worksheet.write_string_with_format(line, 1, cut(&page.title), &looks.text)?;
        worksheet.write_string_with_format(line, 2, cut(&page.section.title), &looks.text)?;
    }
    for (column, width) in (0_u16..).zip([36.0, 48.0, 36.0]) {
        worksheet.set_column_width(column, width)?;
    }
    let last = first + u32::try_from(pages.len()).map_err(|_| WorkbookError::TooLarge(CONTENTS.into()))?;
    worksheet.set_print_area(0, 0, last, 2)?.set_print_fit_to_pages(1, 0);
    Ok(())
}

fn fill(worksheet: &mut Worksheet, page: &Page<'_>, document: &ReportDocument) -> Result<(), WorkbookError> {
    let looks = Looks::new();
    let too_large = || WorkbookError::TooLarge(page.name.clone());
    worksheet.set_name(&page.name)?.set_paper_size(A4).set_landscape();
    worksheet.write_string_with_format(0, 0, cut(&page.title), &looks.title)?;
    let mut line: u32 = 1;
    for (label, text) in page.basis() {
        let both = format!("{label}　{text}");
        worksheet.write_string_with_format(line, 0, cut(&both), &looks.label)?;
        line += 1;
    }
    line += 1;
    let heading_line = line;
    for (column, heading) in (0_u16..).zip(&page.sheet.titles) {
        worksheet.write_string_with_format(line, column, cut(heading), &looks.heading)?;
    }
    for (at, row) in page.sheet.rows.iter().enumerate() {
        line += 1;
        let kind = page.sheet.kinds.as_ref().map_or(RowKind::Body, |kinds| kinds[at]);
        for (column, cell) in (0_u16..).zip(row) {
            write_cell(worksheet, (line, column), cell, kind)?;
        }
    }
    let last_column = u16::try_from(page.sheet.titles.len().saturating_sub(1)).map_err(|_| too_large())?;
    let has_sums = page.sheet.kinds.iter().flatten().any(|kind| *kind != RowKind::Body);
    if !has_sums && line > heading_line {
        // A filter over rows with sums would hide parts of them and keep the sums.
        worksheet.autofilter(heading_line, 0, line, last_column)?;
    }
    line += 1;
    for note in page.sheet.notes {
        line += 1;
        worksheet.write_string_with_format(line, 0, cut(note), &looks.label)?;
    }
    for (column, width) in (0_u16..).zip(widths(&page.sheet)) {
        worksheet.set_column_width(column, width)?;
    }
    worksheet.set_freeze_panes(heading_line + 1, 0)?.set_repeat_rows(heading_line, heading_line)?;
    worksheet.set_print_area(0, 0, line, last_column)?.set_print_fit_to_pages(1, 0);
    let draft = if document.draft { "下書き" } else { "" };
    worksheet.set_footer(format!("&L{}&C{draft}　&P／&N&R{}", escape(&document.foot_text), escape(&document.handling)));
    Ok(())
}

/// An ampersand begins a command in a foot.
fn escape(text: &str) -> String {
    text.replace('&', "&&")
}

fn write_cell(
    worksheet: &mut Worksheet,
    (line, column): (u32, u16),
    cell: &Cell,
    kind: RowKind,
) -> Result<(), WorkbookError> {
    let look = |number_format: &str| of_row(plain().set_num_format(number_format), kind);
    match cell {
        Cell::Count(n) | Cell::Difference(n) => {
            let format = if matches!(cell, Cell::Count(_)) { "#,##0" } else { "+#,##0;▲#,##0;0" };
            match number(*n) {
                Some(value) => worksheet.write_number_with_format(line, column, value, &look(format))?,
                None => worksheet.write_string_with_format(line, column, cell.display(), &look("@"))?,
            }
        }
        Cell::PercentTenths(tenths) => match number(*tenths) {
            Some(value) => {
                worksheet.write_number_with_format(line, column, value / 10.0, &look("#,##0.0;▲#,##0.0;0.0"))?
            }
            None => worksheet.write_string_with_format(line, column, cell.display(), &look("@"))?,
        },
        Cell::Decimal(decimal) | Cell::StatedChange(decimal) => {
            let point =
                if decimal.places == 0 { String::new() } else { format!(".{}", "0".repeat(decimal.places.into())) };
            let format = match cell {
                Cell::Decimal(_) => format!("#,##0{point};▲#,##0{point};0{point}"),
                _ => format!("(+#,##0{point});(▲#,##0{point});(0{point})"),
            };
            match number(decimal.scaled) {
                Some(value) => {
                    let value = value / 10_f64.powi(decimal.places.into());
                    worksheet.write_number_with_format(line, column, value, &look(&format))?
                }
                None => worksheet.write_string_with_format(line, column, cell.display(), &look("@"))?,
            }
        }
        Cell::Date(day) => worksheet.write_datetime_with_format(line, column, excel_day(*day)?, &look(ERA_DAY))?,
        Cell::NotApplicable => {
            let right = look("@").set_align(FormatAlign::Right);
            worksheet.write_string_with_format(line, column, cell.display(), &right)?
        }
        Cell::Text(text) => worksheet.write_string_with_format(line, column, cut(text), &look("@"))?,
        Cell::Blank => worksheet.write_blank(line, column, &look("@"))?,
    };
    Ok(())
}

fn of_row(format: Format, kind: RowKind) -> Format {
    match kind {
        RowKind::Body => format,
        RowKind::Subtotal => format.set_bold().set_border_top(FormatBorder::Hair),
        RowKind::Total => {
            format.set_bold().set_border_top(FormatBorder::Thin).set_background_color(Color::RGB(0x00F2_F2F2))
        }
    }
}

/// Widths of the columns in characters of Excel: as wide as the widest cell, within reason.
fn widths(sheet: &Sheet<'_>) -> Vec<f64> {
    const NARROWEST: u32 = 6;
    const WIDEST: u32 = 60;
    (0..sheet.titles.len())
        .map(|at| {
            let cells = sheet.rows.iter().filter_map(|row| row.get(at)).map(|cell| width_of(&cell.display()));
            let widest = cells.chain([width_of(&sheet.titles[at])]).max().unwrap_or(0);
            f64::from((widest + 2).clamp(NARROWEST, WIDEST))
        })
        .collect()
}

/// Japanese characters are as wide as two digits.
fn width_of(text: &str) -> u32 {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample::{all, pack};

    #[test]
    fn same_document_gives_the_same_bytes() {
        for document in all() {
            let make = || paper_workbook(&document).expect("the workbook is made");
            assert!(make() == make(), "{} differs from itself", document.id);
        }
    }

    #[test]
    fn document_that_breaks_a_promise_has_no_workbook() {
        let mut document = pack();
        let first = document.sections[0].clone();
        document.sections.push(first);
        assert!(matches!(paper_workbook(&document), Err(WorkbookError::Fault(_))));
    }
}
