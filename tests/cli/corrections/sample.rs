//! The applications of the sample of Saitama beside its member lists: they agree, and the key stays right.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::answers::ask;
use super::super::samples::Sample;
use super::audit;

const FILE: &str = "tests/fixtures/saitama/applications_2025-12-31.csv";

/// The withdrawals of the file, counted here by hand for 31 December under the default reading of the 退会日: open
/// ones whatever their day, others of December.
fn by_state() -> BTreeMap<&'static str, usize> {
    let bytes = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE)).expect("the sample can be read");
    let (text, _, _) = encoding_rs::SHIFT_JIS.decode(&bytes);
    let mut lines = text.lines();
    let headings: Vec<&str> = lines.next().expect("headings").split(',').collect();
    let at = |heading: &str| headings.iter().position(|name| *name == heading).expect("a column");
    let (kind, day, state, reason) = (at("申請種別"), at("適用日"), at("状態"), at("退会理由"));
    let mut out = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[kind] != "退会" {
            continue;
        }
        let has_passed = cells[day] < "2025-12-31";
        let state = match (cells[state], has_passed) {
            ("申請中", _) if cells[reason] == "死亡" => "death",
            ("申請中", false) => "pending",
            ("申請中", true) => "overdue",
            _ if !cells[day].starts_with("2025-12") => continue,
            ("退会取消", _) => "cancelled",
            ("承認済", _) if cells[reason] == "死亡" => "death",
            ("承認済", false) => "approved_future",
            ("承認済", true) => "approved_past",
            other => panic!("an unknown state: {other:?}"),
        };
        *out.entry(state).or_default() += 1;
    }
    out
}

#[test]
fn applications_of_the_sample_agree_with_its_member_lists() {
    let sample = Sample::saitama();
    let (office, _) = sample.taken_in();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    office.import(path.to_str().expect("paths are UTF-8"));
    let newest = sample.answers.iter().map(|answer| answer.known_at).max();
    for answer in sample.answers.iter().filter(|answer| Some(answer.known_at) == newest) {
        assert_eq!(ask(&office, answer), answer.figures, "as of {}", answer.as_of);
    }
    let lines = audit(&office, "applications --as-of 2025-12-31 --from 2025-12-01 --to 2025-12-31");
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &lines {
        *told.entry(line["state"].as_str().expect("a text")).or_default() += 1;
    }
    assert_eq!(told, by_state());
    assert_eq!((told["pending"], told["overdue"], told["approved_past"], told["death"]), (33, 1, 30, 8));
    assert_eq!(told.get("finding"), None, "applications and lists disagree");
}
