//! 次第: when and where, and the items of the meeting.

use chrono::NaiveDate;

use super::Faults;
use super::head::{Head, Key, once};
use super::rows::Rows;
use super::sheets::Sheet;
use crate::domain::class_scheme::spelling_key;
use crate::domain::japanese_date::parse_date;
use crate::domain::meeting::{CellPlace, ItemNote, MeetingFault, Printing};
use crate::domain::text::fold_width;

/// Name of the sheet.
pub const AGENDA: &str = "次第";

const KEYS: [Key; 7] =
    [once("会議名"), once("都道府県"), once("回次"), once("開催日"), once("時間"), once("場所"), once("印刷")];

/// What people write where there is no paper.
const NO_MATERIAL: [&str; 4] = ["なし", "－", "-", "―"];

/// Papers that come another way.
const ELSEWHERE: [&str; 4] = ["当日配布", "別紙", "別添", "席上配布"];

/// Columns of the items, in the order in which a new workbook has them.
pub const COLUMNS: [&str; 8] = ["区分", "番号", "件名", "担当", "発出元", "日時・場所", "資料", "備考"];

/// An agenda as it was written: what stands behind its items is not looked for yet.
#[derive(Debug, Clone)]
pub struct AgendaDraft {
    /// 会議名.
    pub name: String,
    /// The prefecture whose bodies it is about (都道府県); empty for all.
    pub prefecture: String,
    /// 回次.
    pub number: String,
    /// 開催日.
    pub held_on: Option<NaiveDate>,
    /// 時間.
    pub time: String,
    /// 場所.
    pub place: String,
    /// 印刷.
    pub printing: Printing,
    /// Groups in order.
    pub groups: Vec<GroupDraft>,
}

/// A group of an agenda.
#[derive(Debug, Clone)]
pub struct GroupDraft {
    /// 区分 as printed.
    pub heading: String,
    /// 備考 of a row without 件名.
    pub remark: String,
    /// Items in order.
    pub items: Vec<ItemDraft>,
}

/// An item of an agenda.
#[derive(Debug, Clone)]
pub struct ItemDraft {
    /// Number within its group.
    pub number: u32,
    /// 件名.
    pub text: String,
    /// 担当.
    pub officer: String,
    /// 発出元, 日時・場所 and 備考 as one remark.
    pub remark: String,
    /// A count in place of papers.
    pub note: ItemNote,
    /// 資料 as written; empty for none or a count.
    pub materials: String,
    /// The cell of 資料.
    pub place: CellPlace,
}

/// Reads 次第. Faults are noted; what is sound is given all the same.
pub fn read(sheet: &Sheet, faults: &mut Faults) -> AgendaDraft {
    sheet.tell_faults(faults);
    let head = Head::read(sheet, &KEYS, faults);
    head.need("会議名", "郡市医師会長会議", faults);
    head.need("開催日", "2026-01-22", faults);
    let printing = head.one_of("印刷", &[("片面", Printing::OneSided), ("両面", Printing::TwoSided)], faults);
    let mut draft = AgendaDraft {
        name: head.text("会議名").to_string(),
        prefecture: head.text("都道府県").to_string(),
        number: nth_meeting(head.text("回次")),
        held_on: head.day("開催日", faults),
        time: clock_time(head.text("時間")),
        place: head.text("場所").to_string(),
        printing: printing.unwrap_or(Printing::OneSided),
        groups: Vec::new(),
    };
    if head.runs_into_table {
        return draft;
    }
    match Rows::below(sheet, head.last_row, faults) {
        Some(rows) => {
            let items = Items::of(sheet, &rows, faults);
            // Without them every row would be wrong in the same way.
            if rows.heading("区分").is_some() && rows.heading("件名").is_some() {
                items.read_into(&mut draft, faults);
            }
        }
        None => faults.add(sheet.place.clone(), MeetingFault::HeadingMissing("件名".into())),
    }
    draft
}

/// 9 is 第9回.
fn nth_meeting(text: &str) -> String {
    let digits = fold_width(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { format!("第{digits}回") } else { text.to_string() }
}

/// What Excel makes of 15:00 is a time of day; papers say 15時00分.
fn clock_time(text: &str) -> String {
    // The day stands in a field of its own.
    let text = text.split_once(' ').filter(|(day, _)| parse_date(day).is_some()).map_or(text, |(_, time)| time);
    let parts: Vec<&str> = text.split(':').collect();
    let is_digits = |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [hour, minute] | [hour, minute, _] if parts.iter().all(is_digits) => {
            format!("{}時{minute}分", hour.trim_start_matches('0'))
        }
        _ => text.to_string(),
    }
}

/// The table of the items.
struct Items<'s> {
    sheet: &'s Sheet,
    rows: &'s Rows<'s>,
    /// Place of each of [`COLUMNS`] among the headings.
    columns: [Option<usize>; COLUMNS.len()],
}

/// One row of the table of the items.
struct ItemRow<'s> {
    number: u32,
    /// In the order of [`COLUMNS`].
    cells: [&'s str; COLUMNS.len()],
}

impl<'s> Items<'s> {
    fn of(sheet: &'s Sheet, rows: &'s Rows<'s>, faults: &mut Faults) -> Self {
        for heading in &rows.headings {
            let wanted = spelling_key(&heading.text);
            if COLUMNS.iter().all(|word| spelling_key(word) != wanted) {
                let all = COLUMNS.iter().map(ToString::to_string).collect();
                let place = sheet.place.at(rows.heading_row, heading.column);
                faults.add(place, MeetingFault::HeadingUnknown(heading.text.clone(), all));
            }
        }
        for word in ["区分", "件名"] {
            if rows.heading(word).is_none() {
                faults.add(sheet.place.clone(), MeetingFault::HeadingMissing(word.into()));
            }
        }
        Self { sheet, rows, columns: COLUMNS.map(|word| rows.heading(word)) }
    }

    fn read_into(&self, draft: &mut AgendaDraft, faults: &mut Faults) {
        for (number, cells) in &self.rows.rows {
            let cells = self.columns.map(|column| column.map_or("", |column| self.rows.cell(cells, column)));
            self.take(&ItemRow { number: *number, cells }, &mut draft.groups, faults);
        }
    }

    fn take(&self, row: &ItemRow<'_>, groups: &mut Vec<GroupDraft>, faults: &mut Faults) {
        let [group, number, text, officer, sender, outside, materials, remark] = row.cells;
        let materials = if NO_MATERIAL.contains(&materials) { "" } else { materials };
        // Handed out by other hands: said, and not looked for.
        let is_elsewhere = ELSEWHERE.contains(&materials);
        let (materials, elsewhere) = if is_elsewhere { ("", materials) } else { (materials, "") };
        let heading = heading_of(group);
        if !heading.is_empty() && groups.last().is_none_or(|last| last.heading != heading) {
            groups.push(GroupDraft { heading, remark: String::new(), items: Vec::new() });
        }
        let Some(last) = groups.last_mut() else {
            faults.add(self.place(row, 0), MeetingFault::ItemWithoutGroup);
            return;
        };
        if text.is_empty() {
            let is_bare = [number, sender, outside, materials].iter().all(|cell| cell.is_empty());
            if is_bare {
                last.remark = joined([officer, remark, ""]);
            } else {
                faults.add(self.place(row, 2), MeetingFault::ItemWithoutText);
            }
            return;
        }
        let next = last.items.last().map_or(1, |item| item.number + 1);
        let number = self.number(row, number, next, faults);
        let heading = last.heading.clone();
        let of_group = groups.iter().filter(|group| group.heading == heading).flat_map(|group| &group.items);
        if of_group.into_iter().any(|item| item.number == number) {
            faults.add(self.place(row, 1), MeetingFault::NumberTwice(heading, number));
        }
        let note = note_of(materials);
        let item = ItemDraft {
            number,
            text: one_line(text),
            officer: one_line(officer),
            remark: joined([sender, outside, &joined([elsewhere, remark, ""])]),
            note,
            materials: if note == ItemNote::None { materials.to_string() } else { String::new() },
            place: self.place(row, 6),
        };
        if let Some(last) = groups.last_mut() {
            last.items.push(item);
        }
    }

    fn number(&self, row: &ItemRow<'_>, text: &str, next: u32, faults: &mut Faults) -> u32 {
        if text.is_empty() {
            return next;
        }
        let digits = fold_width(text);
        let digits = digits.trim().trim_start_matches('(').trim_end_matches([')', '.']);
        match digits.parse() {
            Ok(number) if number > 0 => number,
            _ => {
                faults.add(self.place(row, 1), MeetingFault::NotAnItemNumber(text.into()));
                next
            }
        }
    }

    fn place(&self, row: &ItemRow<'_>, column: usize) -> CellPlace {
        let heading = self.columns[column].and_then(|at| self.rows.headings.get(at));
        self.sheet.place.at(row.number, heading.map_or(0, |heading| heading.column))
    }
}

/// The heading as printed: people write 協議 and mean 協議事項.
fn heading_of(text: &str) -> String {
    match text {
        "協議" | "報告" => format!("{text}事項"),
        _ => text.to_string(),
    }
}

/// 41枚 and 0件 in place of the name of a paper.
pub fn note_of(text: &str) -> ItemNote {
    let folded = fold_width(text);
    let count = |unit: char| folded.trim().strip_suffix(unit).and_then(|digits| digits.trim().parse().ok());
    match (count('件'), count('枚')) {
        (Some(n), _) => ItemNote::Cases(n),
        (_, Some(n)) => ItemNote::Sheets(n),
        _ => ItemNote::None,
    }
}

fn joined(parts: [&str; 3]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).map(one_line).collect::<Vec<_>>().join("　")
}

/// Line ends inside a cell are blanks on the agenda.
fn one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("　")
}
