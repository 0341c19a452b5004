//! What a paper says in sentences (注記): paragraphs, headings, notes, letters and attached files of the sections, and what
//! stands at its very end. No sentence of a paper is missing in its workbook.

use rust_xlsxwriter::Worksheet;

use super::cells::Looks;
use super::layout::{Layout, MOST_LINES, set_lines};
use super::lines::broken;
use super::{WorkbookError, cut};
use crate::domain::document::{Block, ReportDocument, Section};
use crate::domain::letter::Letter;

/// Its sheet.
pub(super) const REMARKS: &str = "注記";

const HEADINGS: [&str; 3] = ["節", "種類", "文"];

/// Characters of the columns.
const WIDTHS: [u32; 3] = [22, 10, 56];

/// A sentence or more.
pub(super) struct Remark<'a> {
    /// Id of the section; empty for what belongs to none.
    pub(super) section_id: &'a str,
    section: String,
    kind: String,
    text: String,
}

/// Everything that stands in no table, in print order.
pub(super) fn remarks(document: &ReportDocument) -> Vec<Remark<'_>> {
    let mut all: Vec<Remark<'_>> = document.sections.iter().flat_map(of_section).collect();
    all.extend(document.colophon.iter().map(|item| Remark {
        section_id: "",
        section: "奥付".into(),
        kind: item.label.clone(),
        text: item.text.clone(),
    }));
    all
}

fn of_section(section: &Section) -> Vec<Remark<'_>> {
    let name = [section.mark.as_str(), &section.title].into_iter().filter(|text| !text.is_empty());
    let name = name.collect::<Vec<_>>().join(" ");
    let said = section.blocks.iter().flat_map(of_block);
    let is_figure = |block: &Block| matches!(block, Block::Table(_) | Block::Grid(_) | Block::Chart(_));
    // The sheets of tables say the dates of their section; where there is none, they stand here.
    let without_sheet = !section.blocks.iter().any(is_figure);
    let basis = section.basis.iter().filter(|_| without_sheet).map(|item| (item.label.clone(), item.text.clone()));
    let remark = |(kind, text)| Remark { section_id: &section.id, section: name.clone(), kind, text };
    basis.chain(said).map(remark).collect()
}

/// Kind and text of what a block says in sentences.
fn of_block(block: &Block) -> Vec<(String, String)> {
    let one = |kind: &str, text: &str| vec![(kind.to_string(), text.to_string())];
    match block {
        Block::Paragraph(text) => one("本文", text),
        Block::Heading(text) => one("見出し", text),
        Block::Notes(texts) => texts.iter().flat_map(|text| one("注", text)).collect(),
        Block::Letter(letter) => of_letter(letter),
        Block::Attachment(file) => one("添付", &format!("{}（{}頁）", file.name, file.pages.len())),
        Block::Table(_) | Block::Grid(_) | Block::Chart(_) => Vec::new(),
    }
}

fn of_letter(letter: &Letter) -> Vec<(String, String)> {
    letter.lines().into_iter().map(|(label, text)| (label.to_string(), text.to_string())).collect()
}

/// Writes the sheet.
///
/// # Errors
/// [`WorkbookError`] for more rows than a sheet has.
pub(super) fn fill(worksheet: &mut Worksheet, remarks: &[Remark<'_>]) -> Result<(), WorkbookError> {
    let looks = Looks::new();
    let layout = Layout::of(REMARKS, WIDTHS.to_vec())?;
    worksheet.set_name(REMARKS)?;
    for (column, heading) in (0_u16..).zip(HEADINGS) {
        worksheet.write_string_with_format(0, column, heading, &looks.heading_of_texts)?;
    }
    worksheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    // A row is only so high; what is longer goes on in the next one.
    let room = (WIDTHS[2] - 2) * (MOST_LINES - 4);
    let mut line = 0;
    for remark in remarks {
        for text in broken(&remark.text, room) {
            line += 1;
            for (column, text) in (0_u16..).zip([&remark.section, &remark.kind, &text]) {
                worksheet.write_string_with_format(line, column, cut(text), &looks.wrapped)?;
            }
            set_lines(worksheet, line, layout.n_lines(2, &text).max(layout.n_lines(0, &remark.section)))?;
        }
    }
    layout.apply(worksheet, line)
}
