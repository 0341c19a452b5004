//! Display CSV files of the samples as a spreadsheet reads them: one meaning for each label and heading.

use std::collections::BTreeSet;

use kaiin::render::csv::{CsvFile, display_files};

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
