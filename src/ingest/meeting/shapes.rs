//! The shapes of tables: which words of the head each has, and what its cells must be.

use super::Faults;
use super::head::{Entry, Head, Key, once, several};
use super::rows::Rows;
use super::sheets::Sheet;
use crate::domain::class_scheme::spelling_key;
use crate::domain::decimal::Decimal;
use crate::domain::meeting::{BodyNumbers, CellPlace, MeetingFault, OfficeCell, OfficeRow, Part, PartRole, Shape};
use crate::domain::text::fold_width;

const BY_BODY: [Key; 5] = [once("列数"), once("対象"), once("加算"), once("合計"), several("内訳")];
const TABLE: [Key; 4] = [once("分母"), several("増減"), once("医師会の列"), once("対象")];
const LIST: [Key; 2] = [once("集計"), once("医師会の列")];

/// Bodies side by side where nothing is said.
const USUAL_PER_ROW: usize = 8;

/// More do not fit on a sheet.
const MOST_PER_ROW: i64 = 12;

/// First words of a row of totals.
const TOTALS: [&str; 3] = ["合計", "計", "総計"];

/// Words of the head that a shape has besides those of all tables.
pub(super) fn keys(shape: &str) -> &'static [Key] {
    match shape {
        "医師会別" => &BY_BODY,
        "表" => &TABLE,
        "一覧" => &LIST,
        _ => &[],
    }
}

/// A sheet with its head and rows.
pub(super) struct Declared<'s> {
    pub(super) sheet: &'s Sheet,
    pub(super) head: &'s Head<'s>,
    pub(super) rows: &'s Rows<'s>,
    pub(super) unit: &'s str,
}

/// A shape, its rows, and its row of totals.
type Read = (Shape, Vec<OfficeRow>, Option<OfficeRow>);

impl Declared<'_> {
    /// Reads the table. `None` when a column is missing; the faults are noted.
    pub(super) fn read(&self, shape: &str, faults: &mut Faults) -> Option<Read> {
        match shape {
            "医師会別" => self.by_body(faults),
            "行列" => self.matrix(faults),
            "一覧" => self.list(faults),
            _ => self.table(faults),
        }
    }

    fn by_body(&self, faults: &mut Faults) -> Option<Read> {
        if self.rows.headings.len() < 2 {
            faults.add(self.sheet.place.clone(), MeetingFault::HeadingMissing("（医師会の次の、数の列）".into()));
            return None;
        }
        let part = match self.rows.headings.get(2) {
            Some(heading) if heading.text.starts_with("再掲") => Some(PartRole::Again),
            Some(heading) if heading.text.starts_with("うち") => Some(PartRole::Subset),
            Some(heading) => {
                let place = self.sheet.place.at(self.rows.heading_row, heading.column);
                faults.add(place, MeetingFault::NotOneOf(heading.text.clone(), vec!["うち…".into(), "再掲…".into()]));
                None
            }
            None => None,
        };
        if let Some(heading) = self.rows.headings.get(3) {
            let place = self.sheet.place.at(self.rows.heading_row, heading.column);
            faults.add(place, MeetingFault::NotOneOf(heading.text.clone(), vec!["形　表".into()]));
        }
        let (rows, total) = self.split(|at| at > 0, faults);
        for row in rows.iter().chain(&total) {
            self.refuse_part_numbers(row, faults);
        }
        let numbers = BodyNumbers {
            per_row: self.per_row(faults),
            part,
            adds_up: self.head.one_of("加算", &[("する", true), ("しない", false)], faults)?,
            is_whole: self.is_whole(faults)?,
            stated: self.stated(total.as_ref(), faults),
            parts: self.parts(faults),
        };
        Some((Shape::ByBody(numbers), rows, total))
    }

    fn per_row(&self, faults: &mut Faults) -> usize {
        let Some(entry) = self.head.get("列数") else { return USUAL_PER_ROW };
        let n = self.head.whole(entry, entry.text(), "", faults).unwrap_or(1);
        if !(1..=MOST_PER_ROW).contains(&n) {
            let allowed = vec![format!("1～{MOST_PER_ROW}")];
            faults.add(self.head.place_of(entry), MeetingFault::NotOneOf(entry.text().into(), allowed));
        }
        usize::try_from(n.clamp(1, MOST_PER_ROW)).unwrap_or(USUAL_PER_ROW)
    }

    fn is_whole(&self, faults: &mut Faults) -> Option<bool> {
        self.head.one_of(
            "対象",
            &[("すべての医師会", true), ("すべて", true), ("一部", false), ("一部の医師会", false)],
            faults,
        )
    }

    /// The total of the head, or of a row of totals.
    fn stated(&self, total: Option<&OfficeRow>, faults: &mut Faults) -> Option<(i64, CellPlace)> {
        if let Some(entry) = self.head.get("合計") {
            let n = self.head.whole(entry, entry.text(), self.unit, faults)?;
            return Some((n, self.head.place_of(entry)));
        }
        let row = total?;
        let place = self.sheet.place.at(row.number, self.rows.headings.get(1)?.column);
        Some((row.cells.get(1)?.number().as_whole()?, place))
    }

    /// Rows of 内訳: what it is, and its number beside it.
    fn parts(&self, faults: &mut Faults) -> Vec<Part> {
        let mut parts = Vec::new();
        for entry in self.head.all("内訳") {
            let Some((column, text)) = entry.values.get(1) else {
                faults.add(self.sheet.place.at(entry.row, 2), MeetingFault::BlankNumber);
                continue;
            };
            let place = self.sheet.place.at(entry.row, *column);
            match Decimal::read(text, self.unit).and_then(Decimal::as_whole) {
                Some(value) => parts.push(Part { label: entry.text().to_string(), value, place }),
                None => faults.add(place, MeetingFault::NotANumber(text.clone())),
            }
        }
        parts
    }

    fn table(&self, faults: &mut Faults) -> Option<Read> {
        let base = self.head.get("分母").and_then(|entry| self.column(entry, entry.text(), faults));
        let mut changes = Vec::new();
        for entry in self.head.all("増減") {
            for (_, word) in &entry.values {
                for word in word.split('、') {
                    changes.extend(self.column(entry, word, faults));
                }
            }
        }
        let bodies = self.bodies(faults);
        let texts = self.text_columns(bodies);
        let (rows, total) = self.split(|at| !texts.contains(&at), faults);
        let is_whole = bodies.is_some() && self.is_whole(faults)?;
        Some((Shape::Table { base, changes, bodies, is_whole }, rows, total))
    }

    fn matrix(&self, faults: &mut Faults) -> Option<Read> {
        if self.rows.headings.len() < 2 {
            faults.add(self.sheet.place.clone(), MeetingFault::HeadingMissing("（種別の次の、数の列）".into()));
            return None;
        }
        let (rows, total) = self.split(|at| at > 0, faults);
        Some((Shape::Matrix, rows, total))
    }

    fn list(&self, faults: &mut Faults) -> Option<Read> {
        let tally = self.head.get("集計").and_then(|entry| self.column(entry, entry.text(), faults));
        let (rows, _) = self.split(|_| false, faults);
        let is_total = |text: &str| TOTALS.contains(&spelling_key(text).as_str());
        if let Some((row, cells)) =
            self.rows.rows.last().filter(|(_, cells)| cells.iter().take(2).any(|one| is_total(one)))
        {
            let column = cells.iter().position(|one| is_total(one)).unwrap_or(0);
            faults.add(self.sheet.place.at(*row, column), MeetingFault::TotalOfList);
        }
        Some((Shape::List { tally, bodies: self.bodies(faults) }, rows, None))
    }

    fn bodies(&self, faults: &mut Faults) -> Option<usize> {
        self.head.get("医師会の列").and_then(|entry| self.column(entry, entry.text(), faults))
    }

    /// The place of a heading that the head names.
    fn column(&self, entry: &Entry, word: &str, faults: &mut Faults) -> Option<usize> {
        let found = self.rows.heading(word);
        if found.is_none() {
            let all = self.rows.headings.iter().map(|heading| heading.text.clone()).collect();
            let fault = MeetingFault::ColumnUnknown(entry.key.into(), word.into(), all);
            faults.add(self.head.place_of(entry), fault);
        }
        found
    }

    /// Columns of words: the first, that of the bodies, and each in which most cells are no numbers.
    fn text_columns(&self, bodies: Option<usize>) -> Vec<usize> {
        let is_text = |at: &usize| {
            let cells = self.rows.rows.iter().map(|(_, cells)| self.rows.cell(cells, *at));
            let filled: Vec<&str> = cells.filter(|text| !text.is_empty() && !is_no_number(text)).collect();
            // One cell that was mistyped makes no column of words, and one number among words none of numbers.
            let n_numbers = filled.iter().filter(|text| is_meant_as_number(text)).count();
            *at == 0 || Some(*at) == bodies || 2 * n_numbers < filled.len() || filled.is_empty()
        };
        (0..self.rows.headings.len()).filter(is_text).collect()
    }

    /// Reads the cells; those of columns that `is_number` names must be numbers. A last row that begins with 合計 is the row of
    /// totals.
    fn split(&self, is_number: impl Fn(usize) -> bool, faults: &mut Faults) -> (Vec<OfficeRow>, Option<OfficeRow>) {
        let mut rows = Vec::with_capacity(self.rows.rows.len());
        for (number, cells) in &self.rows.rows {
            let mut read = Vec::with_capacity(self.rows.headings.len());
            for (at, heading) in self.rows.headings.iter().enumerate() {
                let text = self.rows.cell(cells, at);
                read.push(match is_number(at) {
                    true => self.number(text, (*number, heading.column), faults),
                    false if text.is_empty() => OfficeCell::Blank,
                    false => OfficeCell::Text(text.to_string()),
                });
            }
            rows.push(OfficeRow { number: *number, cells: read });
        }
        let is_total = |row: &OfficeRow| {
            let first = spelling_key(row.cells.first().map_or("", OfficeCell::text));
            TOTALS.iter().any(|word| *word == first)
        };
        let total = rows.last().is_some_and(is_total).then(|| rows.pop()).flatten();
        (rows, total)
    }

    fn number(&self, text: &str, (row, column): (u32, usize), faults: &mut Faults) -> OfficeCell {
        if text.is_empty() {
            faults.add(self.sheet.place.at(row, column), MeetingFault::BlankNumber);
            return OfficeCell::Blank;
        }
        if is_no_number(text) {
            return OfficeCell::NoNumber;
        }
        match Decimal::read(text, self.unit) {
            Some(number) => OfficeCell::Number(number),
            None => {
                faults.add(self.sheet.place.at(row, column), MeetingFault::NotANumber(text.into()));
                OfficeCell::Blank
            }
        }
    }

    /// Half a clinic is a slip of the fingers.
    fn refuse_part_numbers(&self, row: &OfficeRow, faults: &mut Faults) {
        for (cell, heading) in row.cells.iter().zip(&self.rows.headings) {
            let number = cell.number();
            if number.as_whole().is_none() || number.scaled < 0 {
                faults.add(self.sheet.place.at(row.number, heading.column), MeetingFault::NotWhole(number.to_string()));
            }
        }
    }
}

/// What people write where there is no number.
fn is_no_number(text: &str) -> bool {
    matches!(text, "－" | "-" | "―" | "ー" | "…" | "‐" | "−")
}

/// Whether a cell was meant as a number: 12, (4), ▲0.5 and +3 are; 令和5年5月第1週 and 048-000-0000 are not.
fn is_meant_as_number(text: &str) -> bool {
    let folded = fold_width(text);
    let inner = folded.trim_start_matches(['(', '+', '-', '−', '▲', '△', ' ']);
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | ')' | '%' | ' ');
    inner.starts_with(|c: char| c.is_ascii_digit()) && inner.chars().all(is_of_number)
}
