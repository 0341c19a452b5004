//! The agenda of a pack (次第) as rows, with a link to the sheet of each item.

use rust_xlsxwriter::{Url, Worksheet};

use super::cells::Looks;
use super::layout::{Layout, set_lines};
use super::lines::broken;
use super::{WorkbookError, cut};
use crate::domain::document::{AgendaGroup, AgendaItem, Cover};

/// Its sheet.
pub(super) const AGENDA: &str = "次第";

const HEADINGS: [&str; 7] = ["区分", "番号", "件名", "備考", "担当", "資料", "シート"];

/// Characters of the columns: together a page across.
const WIDTHS: [u32; 7] = [16, 7, 44, 18, 16, 12, 26];

/// Writes the sheet; `sheet_of` names the sheet of a section.
///
/// # Errors
/// [`WorkbookError`] for more rows than a sheet has.
pub(super) fn fill(
    worksheet: &mut Worksheet,
    cover: &Cover,
    sheet_of: impl Fn(&str) -> Option<String>,
) -> Result<(), WorkbookError> {
    let looks = Looks::new();
    let layout = Layout::of(AGENDA, WIDTHS.to_vec())?;
    worksheet.set_name(AGENDA)?;
    let mut line = 0;
    let title = [cover.lead.as_str(), &cover.meeting].into_iter().filter(|text| !text.is_empty());
    for text in broken(&title.collect::<Vec<_>>().join("　"), layout.room_of_title()) {
        worksheet.write_string_with_format(line, 0, cut(&text), &looks.title)?;
        line += 1;
    }
    for fact in &cover.facts {
        for text in broken(&format!("{}　{}", fact.label, fact.text), layout.room()) {
            worksheet.write_string_with_format(line, 0, cut(&text), &looks.label)?;
            line += 1;
        }
    }
    line += 1;
    for (column, heading) in (0_u16..).zip(HEADINGS) {
        worksheet.write_string_with_format(line, column, heading, &looks.heading_of_texts)?;
    }
    worksheet.set_freeze_panes(line + 1, 0)?.set_repeat_rows(line, line)?;
    for row in cover.agenda.iter().flat_map(Row::of_group) {
        line += 1;
        row.write(worksheet, line, &looks)?;
        set_lines(worksheet, line, row.n_lines(&layout))?;
        let sheet = row.item.and_then(|item| item.section_id.as_deref()).and_then(&sheet_of);
        if let Some(sheet) = sheet {
            worksheet.write_url_with_format(
                line,
                6,
                Url::new(format!("internal:'{sheet}'!A1")).set_text(&sheet),
                &looks.link,
            )?;
        }
    }
    layout.apply(worksheet, line)
}

/// A group alone, or with one of its items.
struct Row<'a> {
    group: &'a AgendaGroup,
    item: Option<&'a AgendaItem>,
}

impl<'a> Row<'a> {
    fn of_group(group: &'a AgendaGroup) -> Vec<Self> {
        if group.items.is_empty() {
            return vec![Self { group, item: None }];
        }
        group.items.iter().map(|item| Self { group, item: Some(item) }).collect()
    }

    fn heading(&self) -> String {
        format!("{}{}", self.group.heading, self.group.remark)
    }

    fn texts(&self) -> [&str; 4] {
        self.item.map_or([""; 4], |item| [&item.text, &item.remark, &item.officer, &item.mark])
    }

    fn n_lines(&self, layout: &Layout) -> u32 {
        let texts = self.texts().into_iter().enumerate().map(|(at, text)| layout.n_lines(at + 2, text));
        texts.chain([layout.n_lines(0, &self.heading())]).max().unwrap_or(1)
    }

    fn write(&self, worksheet: &mut Worksheet, line: u32, looks: &Looks) -> Result<(), WorkbookError> {
        worksheet.write_string_with_format(line, 0, cut(&self.heading()), &looks.wrapped)?;
        if let Some(item) = self.item {
            worksheet.write_number_with_format(line, 1, item.number, &looks.ordinal)?;
        }
        for (column, text) in (2_u16..).zip(self.texts()).filter(|(_, text)| !text.is_empty()) {
            worksheet.write_string_with_format(line, column, cut(text), &looks.wrapped)?;
        }
        Ok(())
    }
}
