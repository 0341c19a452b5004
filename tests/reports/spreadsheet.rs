//! CSV files of the samples as their readers take them: a spreadsheet, with one meaning for each label and heading, and a
//! program, which finds each number once, with its row, its body and both dates.

use std::collections::BTreeSet;

use kaiin::domain::file_name::name_fault;
use kaiin::render::csv::{CsvFile, display_files};
use kaiin::render::machine::machine_files;
use serde_json::Value;

use super::samples::{REPORTS, desk, paper, request};
use crate::cli::samples::Sample;

/// Lines of a file with their cells; an empty line has none.
fn lines(file: &CsvFile) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(&file.bytes).expect("UTF-8").trim_start_matches('\u{feff}');
    let parts = text.split("\r\n\r\n").map(|part| {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(part.as_bytes());
        let rows = reader.records().map(|row| row.expect("CSV").iter().map(str::to_string).collect());
        rows.chain([Vec::new()]).collect::<Vec<Vec<String>>>()
    });
    parts.flatten().collect()
}

#[track_caller]
fn assert_each_once<'t>(texts: impl Iterator<Item = &'t String>, what: &str) {
    let mut met = BTreeSet::new();
    for text in texts {
        assert!(!text.is_empty(), "{what}: one is empty");
        assert!(met.insert(text), "{what}: {text} stands twice");
    }
}

#[tokio::test]
async fn labels_and_headings_stand_once_and_every_table_names_its_unit() {
    let mut n_with_days_of_their_own = 0;
    for sample in [Sample::saitama(), Sample::three_prefectures()] {
        let desk = desk(&sample).await;
        for name in REPORTS {
            let document = paper(&desk, &request(name, "2025-12-31", "2025-12-31")).await;
            for file in display_files(&document).expect("a sound paper") {
                let lines = lines(&file);
                let what = format!("{name} {}", file.file_name);
                assert_eq!((name_fault(&file.file_name), file.file_name.chars().count() <= 60), (None, true), "{what}");
                let head: Vec<&Vec<String>> = lines.iter().skip(1).take_while(|line| !line.is_empty()).collect();
                assert_each_once(head.iter().map(|line| &line[0]), &what);
                assert!(head.iter().any(|line| line[0] == "単位"), "{what} names no unit");
                n_with_days_of_their_own += usize::from(head.iter().any(|line| line[0].ends_with("（この表）")));
                let table: Vec<&Vec<String>> =
                    lines[head.len() + 2..].iter().take_while(|line| !line.is_empty()).collect();
                assert_each_once(table[0].iter(), &what);
                assert!(table.iter().all(|row| row.len() == table[0].len()), "{what} has rows of other lengths");
            }
        }
    }
    assert!(n_with_days_of_their_own > 0, "no table has a day of its own: nothing was tried");
}

/// Records of a file for programs, the first one its headings.
fn records(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|row| row.expect("rows of one length").iter().map(str::to_string).collect()).collect()
}

#[track_caller]
fn assert_is_described(resource: &Value, records: &[Vec<String>], what: &str) {
    let schema = &resource["schema"];
    let fields = schema["fields"].as_array().expect("fields");
    let names: Vec<&str> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
    assert_eq!(names, records[0], "{what}");
    let key = schema["primaryKey"].as_array().expect("a key").iter().filter_map(Value::as_str);
    let key: Vec<usize> = key.map(|name| names.iter().position(|other| *other == name).expect("a field")).collect();
    let mut met = BTreeSet::new();
    for record in &records[1..] {
        assert!(met.insert(key.iter().map(|at| &record[*at]).collect::<Vec<_>>()), "{what}: {record:?} stands twice");
        for (field, text) in fields.iter().zip(record) {
            assert_fits(field, text, &format!("{what} {record:?}"));
        }
    }
}

#[track_caller]
fn assert_fits(field: &Value, text: &str, what: &str) {
    let required = field["constraints"]["required"] == true;
    let fits = match field["type"].as_str().expect("a type") {
        _ if text.is_empty() => !required,
        "integer" => text.parse::<i64>().is_ok(),
        "number" => text.parse::<f64>().is_ok(),
        "date" => text.parse::<chrono::NaiveDate>().is_ok(),
        _ => field["constraints"]["enum"].as_array().is_none_or(|all| all.iter().any(|one| one == text)),
    };
    assert!(fits, "{what}: {text} is no {field}");
}

#[tokio::test]
async fn machine_files_are_as_they_are_described_and_have_codes_and_dates() {
    for sample in [Sample::saitama(), Sample::three_prefectures()] {
        let desk = desk(&sample).await;
        let mut n_with_code = 0;
        for name in REPORTS {
            let document = paper(&desk, &request(name, "2025-12-31", "2025-12-31")).await;
            let files = machine_files(&document).expect("a sound paper");
            assert_eq!(files, machine_files(&document).expect("a sound paper"), "{name}");
            let (package, tables) = files.split_last().expect("files");
            let package: Value = serde_json::from_slice(&package.bytes).expect("JSON");
            assert_eq!(package["resources"].as_array().map(Vec::len), Some(tables.len()));
            for (nth, file) in tables.iter().enumerate() {
                let resource = &package["resources"][nth];
                assert_eq!(resource["path"], file.file_name.as_str());
                let records = records(&file.bytes);
                let what = format!("{name} {}", file.file_name);
                assert_is_described(resource, &records, &what);
                let body = records[0].iter().position(|name| name == "body_code").expect("a field");
                n_with_code += records.iter().skip(1).filter(|record| !record[body].is_empty()).count();
                let dates = records.iter().skip(1).all(|record| record.ends_with(&["2025-12-31".into()]));
                assert!(dates, "{what}: known-at");
            }
        }
        assert!(n_with_code > 1_000, "{n_with_code}");
    }
}
