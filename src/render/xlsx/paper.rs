//! A paper as a workbook: the contents (目次), the agenda (次第) of a pack, one sheet for each table, grid and chart, and
//! what the paper says in sentences (注記).
//!
//! Counts, differences, percentages and days keep their types, so that a spreadsheet can sort and add them up; they look
//! as on paper. Every sheet prints whole on A4: nothing stands outside its print area. This module computes nothing.

use rust_xlsxwriter::{Format, Url, Workbook, Worksheet};

use super::agenda::{self, AGENDA};
use super::cells::Looks;
use super::layout::{Layout, set_lines};
use super::lines::broken;
use super::page::{Page, foot};
use super::remarks::{self, REMARKS, Remark};
use super::{FONT, WorkbookError, cut, set_properties};
use crate::domain::document::ReportDocument;
use crate::domain::japanese_date::era_date;
use crate::render::soundness;

/// The first sheet.
const CONTENTS: &str = "目次";

/// Characters of the columns of the contents.
const WIDTHS: [u32; 3] = [10, 52, 30];

/// Pixels of a row and of a column where 游ゴシック of 11 points is the standard, as on Japanese machines: only so do charts
/// and columns get the sizes that are meant.
const STANDARD: (u32, u32) = (super::layout::LINE, super::layout::EMPTY_COLUMN);

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
    let remarks = remarks::remarks(document);
    let mut workbook = Workbook::new();
    workbook.set_default_format(&Format::new().set_font_name(FONT).set_font_size(11), STANDARD.0, STANDARD.1)?;
    set_properties(&mut workbook, &document.title, document.issued_on)?;
    contents(workbook.add_worksheet(), document, &listed(document, &pages, &remarks))?;
    if let Some(cover) = &document.cover {
        let worksheet = workbook.add_worksheet();
        foot(worksheet, document);
        agenda::fill(worksheet, cover, |section_id| sheet_of(section_id, &pages, &remarks))?;
    }
    for page in &pages {
        page.fill(workbook.add_worksheet(), document)?;
    }
    if !remarks.is_empty() {
        let worksheet = workbook.add_worksheet();
        foot(worksheet, document);
        remarks::fill(worksheet, &remarks)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The first sheet with something of a section.
fn sheet_of(section_id: &str, pages: &[Page<'_>], remarks: &[Remark<'_>]) -> Option<String> {
    let page = pages.iter().find(|page| page.section.id == section_id).map(|page| page.name.clone());
    page.or_else(|| remarks.iter().any(|remark| remark.section_id == section_id).then(|| REMARKS.to_string()))
}

/// A sheet in the contents.
struct Listed {
    name: String,
    title: String,
    section: String,
}

impl Listed {
    fn of_page(page: &Page<'_>) -> Self {
        Self { name: page.name.clone(), title: page.title.clone(), section: page.section.title.clone() }
    }

    fn of_its_own(name: &str, title: &str) -> Self {
        Self { name: name.to_string(), title: title.to_string(), section: String::new() }
    }

    /// The number with which the name of a sheet begins; the title says the rest.
    fn short_name(&self) -> &str {
        let number = self.name.split(' ').next().unwrap_or_default();
        if number.bytes().all(|byte| byte.is_ascii_digit()) { number } else { &self.name }
    }
}

/// The sheets after the contents.
fn listed(document: &ReportDocument, pages: &[Page<'_>], remarks: &[Remark<'_>]) -> Vec<Listed> {
    let agenda = document.cover.iter().map(|cover| Listed::of_its_own(AGENDA, &cover.meeting));
    let mut out: Vec<Listed> = agenda.chain(pages.iter().map(Listed::of_page)).collect();
    if !remarks.is_empty() {
        out.push(Listed::of_its_own(REMARKS, "文章と注、奥付"));
    }
    out
}

fn contents(worksheet: &mut Worksheet, document: &ReportDocument, sheets: &[Listed]) -> Result<(), WorkbookError> {
    let looks = Looks::new();
    let layout = Layout::of(CONTENTS, WIDTHS.to_vec())?;
    worksheet.set_name(CONTENTS)?;
    let mut line = 0;
    for text in broken(&document.title, layout.room_of_title()) {
        worksheet.write_string_with_format(line, 0, cut(&text), &looks.title)?;
        line += 1;
    }
    for (label, text) in facts(document) {
        for (nth, text) in broken(&text, WIDTHS[1] + WIDTHS[2]).iter().enumerate() {
            if nth == 0 {
                worksheet.write_string_with_format(line, 0, &label, &looks.label)?;
            }
            worksheet.write_string_with_format(line, 1, cut(text), &looks.text)?;
            line += 1;
        }
    }
    line += 1;
    for (column, heading) in (0_u16..).zip(["シート", "表", "節"]) {
        worksheet.write_string_with_format(line, column, heading, &looks.heading_of_texts)?;
    }
    worksheet.set_repeat_rows(line, line)?;
    for sheet in sheets {
        line += 1;
        let place = Url::new(format!("internal:'{}'!A1", sheet.name)).set_text(cut(&sheet.title));
        worksheet.write_string_with_format(line, 0, sheet.short_name(), &looks.text)?;
        worksheet.write_url_with_format(line, 1, place, &looks.link)?;
        worksheet.write_string_with_format(line, 2, cut(&sheet.section), &looks.wrapped)?;
        set_lines(worksheet, line, layout.n_lines(1, &sheet.title).max(layout.n_lines(2, &sheet.section)))?;
    }
    foot(worksheet, document);
    layout.apply(worksheet, line)
}

/// What holds for the whole paper.
fn facts(document: &ReportDocument) -> Vec<(String, String)> {
    let mut facts = vec![
        ("発行者".to_string(), document.issuer.clone()),
        ("発行日".to_string(), era_date(document.issued_on)),
        ("取扱い".to_string(), document.handling.clone()),
    ];
    if document.draft {
        facts.push(("状態".to_string(), "下書き".to_string()));
    }
    // A pack says its dates section by section.
    let basis = document.sections.first().filter(|_| document.cover.is_none());
    let basis = basis.iter().flat_map(|section| &section.basis);
    facts.extend(basis.chain(&document.colophon).map(|item| (item.label.clone(), item.text.clone())));
    facts
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
