//! What must not matter: the order of rows, columns and files, columns nobody knows, the wording of headings.

use std::path::Path;

use serde_json::Value;

use super::answers::ask;
use super::program::Office;
use super::samples::Sample;

/// Headings in a row of cells, and the rows below.
struct Sheet {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn read(path: &Path) -> Self {
        let mut reader = csv::Reader::from_path(path).expect("the sample can be read");
        let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let mut headings: Vec<String> = cells(reader.headers().expect("the sample has headings"));
        headings[0] = headings[0].trim_start_matches('\u{FEFF}').to_owned();
        let rows = reader.records().map(|row| cells(&row.expect("rows of the sample are whole"))).collect();
        Self { headings, rows }
    }

    fn shuffled(self) -> Self {
        let columns = permutation(self.headings.len());
        let in_order = |cells: &Vec<String>| columns.iter().map(|&at| cells[at].clone()).collect::<Vec<_>>();
        let rows = permutation(self.rows.len()).into_iter().map(|at| in_order(&self.rows[at])).collect();
        Self { headings: in_order(&self.headings), rows }
    }

    /// Puts columns that no layout names to the left, to the right and in between.
    fn with_strange_columns(mut self) -> Self {
        for (at, heading) in [(0, "備考"), (5, "独自項目１"), (self.headings.len() + 2, "連絡先")] {
            self.headings.insert(at, heading.to_owned());
            for (nth, row) in self.rows.iter_mut().enumerate() {
                let cell = if nth % 3 == 0 { "二行の\n\"備考\", 架空" } else { "" };
                row.insert(at, cell.to_owned());
            }
        }
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in std::iter::once(&self.headings).chain(&self.rows) {
            writer.write_record(row).expect("all rows are of one length");
        }
        writer.into_inner().expect("memory can be written")
    }
}

/// The numbers below `n` in an order that is the same on every call: the multiples of a prime, around a circle.
fn permutation(n: usize) -> Vec<usize> {
    const PRIME: usize = 1_000_003;
    (1..=n).map(|nth| nth * PRIME % n).collect()
}

/// Imports of members, without what names the file or its bytes.
fn changes(report: &Value) -> Vec<Value> {
    let members = report.as_array().expect("one report for each file").iter().filter(|file| file["kind"] == "members");
    let keys = ["known_at", "rows", "stays", "rejected_rows", "rejected_active_rows", "warnings", "findings"];
    members.map(|file| keys.iter().map(|key| file[*key].clone()).collect()).collect()
}

#[test]
fn order_of_rows_and_columns_and_strange_columns_do_not_matter() {
    for sample in [Sample::cases(), Sample::three_prefectures()] {
        let office = Office::new();
        let mut names = vec![sample.files[0].to_str().expect("paths are UTF-8").to_owned()];
        for path in &sample.files[1..] {
            let name = path.file_name().expect("a file has a name").to_str().expect("names are UTF-8");
            office.save(name, Sheet::read(path).shuffled().with_strange_columns().bytes());
            names.push(name.to_owned());
        }
        let report = office.import(&names.join(" "));
        for file in &report.as_array().expect("one report for each file")[1..] {
            assert_eq!(file["ignored_columns"], serde_json::json!(["備考", "独自項目１", "連絡先"]));
        }
        assert_eq!(changes(&report), changes(&sample.taken_in().1));
        for answer in &sample.answers {
            assert_eq!(ask(&office, answer), answer.figures, "as of {}, known at {}", answer.as_of, answer.known_at);
        }
    }
}

#[test]
fn order_of_files_does_not_matter() {
    let sample = Sample::cases();
    let (office, _) = sample.taken_in();
    let asked = "count --as-of 2025-05-01 --known-at 2025-04-30";
    let expected = office.json(asked);
    for order in [[3, 2, 1, 0], [2, 0, 3, 1], [1, 3, 0, 2]] {
        let other = Office::new();
        let paths: Vec<&str> = order.iter().map(|at| sample.files[*at].to_str().expect("paths are UTF-8")).collect();
        other.import(&paths.join(" "));
        // The head of the store is in the answer: not even the chain of imports differs.
        assert_eq!(other.json(asked), expected, "{order:?}");
    }
}

/// The shipped layout under another name, with headings that only this office uses.
fn renamed_layout(rename: impl Fn(&str) -> String) -> String {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/layouts/mamis-members-wide.toml");
    let shipped = std::fs::read_to_string(shipped).expect("the shipped layout can be read");
    let lines = shipped.lines().map(|line| match line.strip_prefix("headings = [\"") {
        Some(rest) => format!("headings = [\"{}\"]", rename(rest.split('"').next().expect("a heading ends"))),
        None => line.replace("mamis-members-wide", "renamed"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn renamed_headings_are_read_with_a_layout_of_the_office() {
    let rename = |heading: &str| format!("本会の{heading}欄");
    let sample = Sample::cases();
    let office = Office::new();
    let layouts = office.folder().join("own/layouts");
    std::fs::create_dir_all(&layouts).expect("a folder can be made");
    office.save("own/layouts/renamed.toml", renamed_layout(rename));
    office.save("kaiin.toml", "definitions = \"own\"\n");
    let mut names = vec![sample.files[0].to_str().expect("paths are UTF-8").to_owned()];
    for path in &sample.files[1..] {
        let mut sheet = Sheet::read(path);
        sheet.headings.iter_mut().for_each(|heading| *heading = rename(heading));
        let name = path.file_name().expect("a file has a name").to_str().expect("names are UTF-8");
        office.save(name, sheet.bytes());
        names.push(name.to_owned());
    }
    let refused = office.run(&format!("--json import {}", names.join(" ")));
    assert_eq!((refused.exit, refused.error()["error"]["code"].as_str()), (Some(3), Some("IMP-209")));
    let report = office.import(&format!("{} --config kaiin.toml", names.join(" ")));
    assert_eq!(report[1]["layout"], "renamed");
    assert_eq!(changes(&report), changes(&sample.taken_in().1));
    for answer in &sample.answers {
        assert_eq!(ask(&office, answer), answer.figures, "as of {}, known at {}", answer.as_of, answer.known_at);
    }
}
