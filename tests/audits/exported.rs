//! What the program exports, opened again: CSV with a reader of CSV, workbooks with a reader of workbooks.

use std::collections::BTreeMap;

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::expect::Expected;
use crate::cli::program::Office;

/// One line of a spreadsheet by its headings.
pub type Line = BTreeMap<String, String>;

/// The lines of an audit as CSV and as workbook, which must say the same.
#[track_caller]
pub fn export(office: &Office, arguments: &str) -> Vec<Line> {
    for (format, file) in [("csv", "audit.csv"), ("xlsx", "audit.xlsx")] {
        let run = office.run(&format!("audit {arguments} --format {format} --out {file}"));
        assert!(matches!(run.exit, Some(0 | 1)), "audit {arguments}: {}", run.stderr);
        assert_eq!(run.stdout, "", "nothing of a file stands on the screen");
    }
    let from_csv = csv_lines(office);
    assert_eq!(xlsx_lines(office), from_csv, "audit {arguments}: the workbook differs from the CSV file");
    from_csv
}

fn csv_lines(office: &Office) -> Vec<Line> {
    let bytes = std::fs::read(office.folder().join("audit.csv")).expect("the file is written");
    let text = String::from_utf8(bytes).expect("UTF-8");
    let text = text.strip_prefix('\u{feff}').expect("spreadsheets look for the mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().expect("headings").clone();
    let row = |row: Result<csv::StringRecord, csv::Error>| {
        let row = row.expect("as long as the headings");
        headings.iter().zip(&row).map(|(heading, cell)| (heading.to_owned(), undefused(cell))).collect()
    };
    reader.records().map(row).collect()
}

/// The apostrophe that keeps a spreadsheet from taking a text for a formula.
fn undefused(cell: &str) -> String {
    cell.strip_prefix('\'').unwrap_or(cell).to_owned()
}

fn xlsx_lines(office: &Office) -> Vec<Line> {
    let mut book: Xlsx<_> = open_workbook(office.folder().join("audit.xlsx")).expect("a workbook");
    let names = book.sheet_names();
    assert_eq!(names.get(1).map(String::as_str), Some("前提"));
    let sheet = book.worksheet_range(&names[0]).expect("the first sheet");
    let mut rows = sheet.rows();
    let headings: Vec<String> = rows.next().expect("headings").iter().map(ToString::to_string).collect();
    rows.map(|row| headings.iter().cloned().zip(row.iter().map(cell)).collect()).collect()
}

fn cell(cell: &Data) -> String {
    match cell {
        Data::DateTime(day) => day.as_datetime().expect("a day").date().to_string(),
        other => other.to_string(),
    }
}

/// A line in the form in which findings are expected; `days` are the headings of its two days, `other` that of the second
/// body.
pub fn written_down(line: &Line, other: Option<&str>, days: [Option<&str>; 2]) -> Expected {
    let of = |heading: Option<&str>| {
        heading.map_or(String::new(), |heading| {
            line.get(heading).unwrap_or_else(|| panic!("no column {heading}: {line:?}")).clone()
        })
    };
    [
        of(Some("コード")),
        of(Some("医師会コード")),
        of(other),
        of(Some("医籍登録番号")),
        of(days[0]),
        of(days[1]),
        of(Some("判明した日")),
        of(Some("日数")),
    ]
}
