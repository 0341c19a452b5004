//! What a sheet is: a table of one of the shapes, or a letter.

use chrono::NaiveDate;

use super::Faults;
use super::head::{Head, Key, once, several};
use super::letter;
use super::rows::Rows;
use super::shapes::{self, Declared};
use super::sheets::Sheet;
use crate::domain::cell::LabelledText;
use crate::domain::class_scheme::spelling_key;
use crate::domain::japanese_date::short_era_date;
use crate::domain::letter::Letter;
use crate::domain::meeting::{MeetingFault, OfficeTable};

/// What stands in a sheet.
#[derive(Debug, Clone)]
pub enum SheetContent {
    /// A table.
    Table(Box<OfficeTable>),
    /// A letter.
    Letter(Letter),
}

/// Declared shapes.
pub const SHAPES: [&str; 5] = ["医師会別", "表", "行列", "一覧", "文書"];

/// Words that the head of every table can have.
const COMMON: [Key; 7] =
    [once("形"), once("表題"), once("基準日"), once("期間"), once("単位"), once("出典"), several("注")];

/// Reads a sheet by its declared shape. `None` when it cannot be read; the faults are noted.
pub fn read(sheet: &Sheet, faults: &mut Faults) -> Option<SheetContent> {
    let n_before = faults.0.len();
    sheet.tell_faults(faults);
    let content = match shape_of(sheet, faults)? {
        "文書" => SheetContent::Letter(letter::read(sheet, faults)),
        shape => SheetContent::Table(Box::new(table(sheet, shape, faults)?)),
    };
    (faults.0.len() == n_before).then_some(content)
}

/// The word beside 形.
fn shape_of(sheet: &Sheet, faults: &mut Faults) -> Option<&'static str> {
    let all = || SHAPES.iter().map(ToString::to_string).collect::<Vec<String>>();
    let is_shape = |cells: &[String]| cells.first().is_some_and(|word| word == "形");
    let Some((row, cells)) = sheet.rows().find(|(_, cells)| is_shape(cells)) else {
        faults.add(sheet.place.clone(), MeetingFault::KeyMissing("形".into(), all().join("、")));
        return None;
    };
    let word = cells.get(1).map_or("", String::as_str);
    let found = SHAPES.into_iter().find(|shape| spelling_key(shape) == spelling_key(word));
    if found.is_none() {
        faults.add(sheet.place.at(row, 1), MeetingFault::NotOneOf(word.into(), all()));
    }
    found
}

fn table(sheet: &Sheet, shape: &'static str, faults: &mut Faults) -> Option<OfficeTable> {
    let keys: Vec<Key> = COMMON.iter().chain(shapes::keys(shape)).copied().collect();
    let head = Head::read(sheet, &keys, faults);
    if head.runs_into_table {
        return None;
    }
    if head.get("基準日").is_none() && head.get("期間").is_none() {
        faults.add(sheet.place.clone(), MeetingFault::KeyMissing("基準日".into(), "R5.7.26".into()));
    }
    if shape != "一覧" {
        head.need("単位", "機関", faults);
    }
    let day = head.day("基準日", faults);
    let basis = basis(&head, day);
    let Some(rows) = Rows::below(sheet, head.last_row, faults) else {
        let of_shape = if shape == "医師会別" { "医師会" } else { "（表の見出し）" };
        faults.add(sheet.place.clone(), MeetingFault::HeadingMissing(of_shape.into()));
        return None;
    };
    let unit = head.text("単位").to_string();
    let declared = Declared { sheet, head: &head, rows: &rows, unit: &unit };
    let (shape, read, total) = declared.read(shape, faults)?;
    let title = head.text("表題");
    Some(OfficeTable {
        place: sheet.place.clone(),
        name: sheet.name.clone(),
        title: if title.is_empty() { sheet.name.clone() } else { title.to_string() },
        day,
        basis,
        unit,
        shape,
        headings: rows.headings.clone(),
        rows: read,
        total,
        notes: head.texts("注").into_iter().chain(rows.notes.iter().cloned()).collect(),
    })
}

/// Day or period, unit and source, as they are printed.
fn basis(head: &Head<'_>, day: Option<NaiveDate>) -> Vec<LabelledText> {
    let day = day.map_or_else(String::new, short_era_date);
    let all = [
        ("基準日", day.as_str()),
        ("期間", head.text("期間")),
        ("単位", head.text("単位")),
        ("出典", head.text("出典")),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| LabelledText::new(label, text)).collect()
}
