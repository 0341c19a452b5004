//! Files for programs: each table, grid and chart in long form, and one description of all of them.
//!
//! **Long form** (UTF-8 without BOM, LF, one line of headings in ASCII): one record for each number. In front stand the
//! table, the row, what kind of row it is (body, subtotal, total: sums can be left out), the code of the association where
//! the row is of one, and the texts and days of the row; then the column, the value, the symbol that is printed where there
//! is no value, and the two dates. A list without numbers has one record for each row. A printed blank has neither value
//! nor symbol. Days are ISO; a date that the table does not have (数字の日付が一つでない表) is empty.
//!
//! **`datapackage.json`** describes the fields of each file (Data Package 2.0 with Table Schema): types, constraints, what is
//! missing, the key of a record, the Japanese heading of each column, and the dates and rules that people read above the table.
//! Start reading at [`machine_files`].

use chrono::NaiveDate;

use super::csv::{CsvError, CsvFile, CsvStyle, records, tabular};
use super::data_package::{Field, Resource, package};
use super::sheet::Sheet;
use super::soundness;
use crate::domain::cell::Cell;
use crate::domain::document::{ReportDocument, RowKind, Section};
use crate::domain::file_name::code_fault;
use crate::domain::japanese_date::parse_date;
use crate::domain::paper_dates::PaperDates;

/// The key of running numbers, which say where a row stands and count nothing.
const RUNNING_NUMBER: &str = "number";

/// Fields before and behind those of a table.
const FRONT: [&str; 4] = ["table_id", "row", "row_kind", "body_code"];
const MEASURE: [&str; 3] = ["column", "value", "symbol"];
const DATES: [&str; 2] = ["as_of", "known_at"];

/// Lists the machine files of a document: `<nn>_<table id>.csv` in print order, numbered as the files for people, and
/// `datapackage.json` last. A document without tables has none.
///
/// # Errors
/// [`CsvError::UnsafeId`], [`CsvError::Nul`], or a fault of the document.
pub fn machine_files(document: &ReportDocument) -> Result<Vec<CsvFile>, CsvError> {
    soundness::check(document)?;
    let (mut files, mut resources) = (Vec::new(), Vec::new());
    for ((section, block), nth) in tabular(document).zip(1..) {
        let Some(sheet) = Sheet::of(block)? else { continue };
        if code_fault(sheet.id).is_some() {
            return Err(CsvError::UnsafeId { id: sheet.id.into() });
        }
        let file_name = format!("{nth:02}_{}.csv", sheet.id);
        let long = Long::of(&sheet, section, document.dates);
        resources.push(long.resource(&file_name, section));
        files.push(CsvFile { file_name, bytes: long.bytes()? });
    }
    if !files.is_empty() {
        files.push(CsvFile { file_name: "datapackage.json".into(), bytes: package(document, resources)? });
    }
    Ok(files)
}

/// A table on its way to the long form.
struct Long<'a> {
    sheet: &'a Sheet<'a>,
    /// Columns that say of what a row is.
    labels: Vec<usize>,
    /// Columns of numbers.
    measures: Vec<usize>,
    as_of: Option<NaiveDate>,
    known_at: Option<NaiveDate>,
}

impl<'a> Long<'a> {
    fn of(sheet: &'a Sheet<'a>, section: &'a Section, dates: Option<PaperDates>) -> Self {
        let columns = 0..sheet.keys.len();
        let (measures, labels) = columns.partition(|at| is_measure(sheet, *at));
        let head: Vec<(String, &str)> = sheet.head(&section.basis).collect();
        let said = |label: &str| head.iter().find(|(other, _)| other.starts_with(label)).map(|(_, text)| *text);
        // What the office states was never known by the store.
        let dates = dates.filter(|_| said("知識時点").is_some());
        let as_of = said("基準日").map_or(dates.map(|dates| dates.as_of), day_of);
        Self { sheet, labels, measures, as_of, known_at: dates.map(|dates| dates.known_at) }
    }

    /// Names of the fields, in order.
    fn names(&self) -> Vec<String> {
        let labels = self.labels.iter().map(|at| self.label_name(*at));
        let measure = MEASURE.iter().filter(|_| !self.measures.is_empty());
        let (front, behind) = (FRONT.map(String::from), measure.chain(&DATES).map(|name| (*name).to_string()));
        front.into_iter().chain(labels).chain(behind).collect()
    }

    /// The key of a column, told from the fields that every file has.
    fn label_name(&self, column: usize) -> String {
        let key = &self.sheet.keys[column];
        let is_taken = FRONT.iter().chain(&MEASURE).chain(&DATES).any(|name| name == key);
        if is_taken { format!("{key}_label") } else { key.clone() }
    }

    fn bytes(&self) -> Result<Vec<u8>, CsvError> {
        let names = self.names();
        let mut rows = vec![names.iter().map(Cell::text).collect()];
        for (at, row) in self.sheet.rows.iter().enumerate() {
            let front = self.front(at, row);
            if self.measures.is_empty() {
                rows.push(front.iter().cloned().chain(self.dates()).collect());
            }
            for column in &self.measures {
                let measure = measure(&self.sheet.keys[*column], &row[*column]);
                rows.push(front.iter().cloned().chain(measure).chain(self.dates()).collect());
            }
        }
        records(CsvStyle::Machine, &names, &rows)
    }

    /// Which row it is, and its texts and days.
    fn front(&self, at: usize, row: &[Cell]) -> Vec<Cell> {
        let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
        let code = self.sheet.codes.get(at).copied().flatten();
        let mut front = vec![
            Cell::text(self.sheet.id),
            Cell::Count(number),
            Cell::text(kind_code(self.sheet.kind(at))),
            code.map_or(Cell::Blank, Cell::text),
        ];
        front.extend(self.labels.iter().map(|column| row[*column].clone()));
        front
    }

    fn dates(&self) -> [Cell; 2] {
        [Cell::date(self.as_of), Cell::date(self.known_at)]
    }

    fn resource(&self, file_name: &str, section: &Section) -> Resource {
        let title = if self.sheet.title.is_empty() { &section.title } else { self.sheet.title };
        let head = self.sheet.head(&section.basis).map(|(label, text)| format!("{label}：{text}"));
        let mut key = vec!["table_id", "row"];
        key.extend(MEASURE.first().filter(|_| !self.measures.is_empty()));
        Resource::new(self.sheet.id, file_name)
            .described(title, &head.collect::<Vec<_>>().join("\n"), self.sheet.notes)
            .with_fields(self.fields(), &key)
    }

    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
            Field::new("table_id", "string", "表").required(),
            Field::new("row", "integer", "行").required(),
            Field::new("row_kind", "string", "行の種類").required().one_of([
                ("body", "明細"),
                ("subtotal", "小計"),
                ("total", "合計"),
            ]),
            Field::new("body_code", "string", "医師会コード"),
        ];
        let label = |at: &usize| Field::new(&self.label_name(*at), self.type_of(*at), &self.sheet.titles[*at]);
        fields.extend(self.labels.iter().map(label));
        if !self.measures.is_empty() {
            let columns =
                self.measures.iter().map(|at| (self.sheet.keys[*at].as_str(), self.sheet.titles[*at].as_str()));
            fields.push(Field::new("column", "string", "列").required().one_of(columns));
            fields.push(Field::new("value", "number", "値"));
            fields.push(Field::new("symbol", "string", "値のないときに印字する記号（… は該当する数がない）"));
        }
        fields.push(Field::new("as_of", "date", "基準日"));
        fields.push(Field::new("known_at", "date", "知識時点"));
        fields
    }

    /// What a column of texts or days holds: days where nothing else stands in it.
    fn type_of(&self, column: usize) -> &'static str {
        if self.sheet.keys[column] == RUNNING_NUMBER {
            return "integer";
        }
        let cells = || self.sheet.rows.iter().map(|row| &row[column]);
        let fits = |cell: &Cell| matches!(cell, Cell::Date(_) | Cell::Blank | Cell::NotApplicable);
        let is_day = cells().any(|cell| matches!(cell, Cell::Date(_))) && cells().all(fits);
        if is_day { "date" } else { "string" }
    }
}

/// Whether a column holds figures: it is made for numbers, or some stand in it.
fn is_measure(sheet: &Sheet<'_>, column: usize) -> bool {
    let has_numbers = || sheet.rows.iter().any(|row| row[column].is_number());
    sheet.keys[column] != RUNNING_NUMBER && (sheet.are_numbers[column] || has_numbers())
}

/// Column, value and symbol of a cell.
fn measure(key: &str, cell: &Cell) -> [Cell; 3] {
    let (value, symbol) = match cell {
        number if number.is_number() => (number.clone(), Cell::Blank),
        Cell::Blank => (Cell::Blank, Cell::Blank),
        other => (Cell::Blank, Cell::text(other.display())),
    };
    [Cell::text(key), value, symbol]
}

/// The day that a text says, with its weekday or 現在 behind it; `None` for several days or none.
fn day_of(text: &str) -> Option<NaiveDate> {
    let day = text.split('（').next().unwrap_or_default();
    parse_date(day.trim_end_matches("現在").trim())
}

fn kind_code(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Body => "body",
        RowKind::Subtotal => "subtotal",
        RowKind::Total => "total",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cell::LabelledText;
    use crate::domain::document::{Block, Column, Row, Table};
    use crate::render::sample;

    fn table() -> Table {
        let day = "2025-12-01".parse().expect("a day");
        Table {
            columns: vec![
                Column::text("association", "医師会", 8),
                Column::centred("as_of", "確かめた日", 5),
                Column::number("n", "人数", 4).in_group("会員"),
                Column::number("rate", "率", 4),
            ],
            rows: vec![
                Row::body(vec![Cell::text("=浦和"), Cell::Date(day), Cell::Count(-1_234), Cell::PercentTenths(483)])
                    .coded("11-001"),
                Row::total(vec![Cell::text("合計"), Cell::Blank, Cell::Blank, Cell::NotApplicable]),
            ],
            basis: vec![
                LabelledText::new("基準日", "令和7年11月30日（日）"),
                LabelledText::new("知識時点", "R7.12.31"),
                LabelledText::new("単位", "人"),
            ],
            notes: vec!["注".into()],
            ..sample::bridge_table()
        }
    }

    fn files(table: Table) -> Vec<(String, String)> {
        let document = sample::single("x", "表題", vec![Block::Table(table)]);
        let files = machine_files(&document).expect("a sound document");
        files.into_iter().map(|file| (file.file_name, String::from_utf8(file.bytes).expect("UTF-8"))).collect()
    }

    #[test]
    fn each_number_is_a_record_with_its_row_and_both_dates() {
        let files = files(table());
        assert_eq!(files[0].0, "01_bridge.csv");
        assert_eq!(
            files[0].1,
            "table_id,row,row_kind,body_code,association,as_of_label,column,value,symbol,as_of,known_at\n\
             bridge,1,body,11-001,'=浦和,2025-12-01,n,-1234,,2025-11-30,2026-01-10\n\
             bridge,1,body,11-001,'=浦和,2025-12-01,rate,48.3,,2025-11-30,2026-01-10\n\
             bridge,2,total,,合計,,n,,,2025-11-30,2026-01-10\n\
             bridge,2,total,,合計,,rate,,…,2025-11-30,2026-01-10\n"
        );
    }

    #[test]
    fn fields_are_described_as_they_are_written() {
        let files = files(table());
        assert_eq!(files[1].0, "datapackage.json");
        let package: serde_json::Value = serde_json::from_str(&files[1].1).expect("JSON");
        let resource = &package["resources"][0];
        assert_eq!((&resource["path"], &resource["title"]), (&"01_bridge.csv".into(), &"表示との差の内訳".into()));
        let schema = &resource["schema"];
        let fields = schema["fields"].as_array().expect("fields");
        let names: Vec<&str> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
        assert_eq!(names.join(","), files[0].1.lines().next().expect("headings"));
        let types: Vec<&str> = fields.iter().filter_map(|field| field["type"].as_str()).collect();
        assert_eq!(types[4..], ["string", "date", "string", "number", "string", "date", "date"]);
        assert_eq!(fields[6]["constraints"]["enum"], serde_json::json!(["n", "rate"]));
        assert_eq!(fields[6]["categories"][0]["label"], "会員／人数");
        assert_eq!(schema["primaryKey"], serde_json::json!(["table_id", "row", "column"]));
        assert_eq!(schema["missingValues"], serde_json::json!([""]));
    }

    #[test]
    fn list_without_numbers_has_a_record_for_each_row() {
        let document = sample::single("x", "表題", vec![Block::Table(sample::names_table())]);
        let files = machine_files(&document).expect("a sound document");
        let list = String::from_utf8(files[0].bytes.clone()).expect("UTF-8");
        assert_eq!(
            list.lines().next(),
            Some("table_id,row,row_kind,body_code,name,association,left_on,reason,as_of,known_at")
        );
        assert_eq!(list.lines().count(), 9);
        // It says no known-at, so it has none.
        assert!(list.lines().nth(1).is_some_and(|line| line.ends_with(",廃院,,")), "{list}");
    }

    #[test]
    fn same_table_has_the_same_fields_when_it_is_empty() {
        let head = |table: Table| files(table)[0].1.lines().next().map(str::to_string);
        assert_eq!(head(Table { rows: Vec::new(), ..table() }), head(table()));
    }

    #[test]
    fn grids_are_not_wrapped_and_bars_have_days() {
        let blocks = vec![Block::Grid(sample::grid("g", 8)), Block::Chart(sample::chart())];
        let files = machine_files(&sample::single("x", "表題", blocks)).expect("a sound document");
        let text = |at: usize| String::from_utf8(files[at].bytes.clone()).expect("UTF-8");
        assert_eq!(text(0).lines().count(), 61);
        assert!(text(1).contains("\ntrend,1,body,,2025-09-30,value,2785,,,\n"), "{}", text(1));
    }

    #[test]
    fn id_that_is_no_file_name_is_refused() {
        let table = Table { id: "a/b".into(), ..table() };
        let document = sample::single("x", "表題", vec![Block::Table(table)]);
        assert!(matches!(machine_files(&document), Err(CsvError::UnsafeId { .. })));
    }

    #[test]
    fn document_without_tables_has_no_files() {
        let document = sample::single("x", "表題", vec![Block::Paragraph("文".into())]);
        assert_eq!(machine_files(&document).expect("a sound document"), []);
    }
}
