//! Every cell of the answer keys, asked of the real program.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::Value;

use super::program::Office;
use super::samples::{Answer, Figures, Sample};

#[rstest]
#[case::saitama(Sample::saitama(), 23)]
#[case::three_prefectures(Sample::three_prefectures(), 23)]
#[case::cases(Sample::cases(), 36)]
fn every_cell_of_the_key_is_answered(#[case] sample: Sample, #[case] n_pairs: usize) {
    assert_eq!(sample.answers.len(), n_pairs);
    let (office, report) = sample.taken_in();
    for answer in &sample.answers {
        assert_eq!(ask(&office, answer), answer.figures, "as of {}, known at {}", answer.as_of, answer.known_at);
    }
    assert_rejects(&report, &sample.key["rejected_rows"]);
}

/// The figures of one pair of dates.
pub fn ask(office: &Office, answer: &Answer) -> Figures {
    let Answer { known_at, as_of, .. } = answer;
    let counted = office.json(&format!("count --as-of {as_of} --known-at {known_at}"));
    assert_eq!((&counted["as_of"], &counted["known_at"]), (&as_of.to_string().into(), &known_at.to_string().into()));
    Figures::of_json(&counted)
}

/// Compares what the import said of each export with the key: rejects by reason, 在籍 among them, warnings.
fn assert_rejects(report: &Value, key: &Value) {
    let reasons = [
        ("IMP-001", "医籍登録番号 is not a number"),
        ("IMP-002", "入会日 is no date"),
        ("IMP-004", "退会日 before 入会日"),
        ("IMP-005", "unknown 医師会"),
    ];
    let warnings = [("IMP-101", "卒業年月 is missing"), ("IMP-102", "施設業務 is missing")];
    // The key of `cases` names no rejects: it has none.
    let Some(key) = key.as_object() else {
        let files = report.as_array().expect("one report for each file");
        assert!(files.iter().all(|file| file["rejected_rows"] == 0), "{report}");
        return;
    };
    for (day, expected) in key {
        let files = report.as_array().expect("one report for each file");
        let file = files.iter().find(|file| file["kind"] == "members" && file["known_at"] == **day);
        let file = file.unwrap_or_else(|| panic!("no report of {day}"));
        let mut by_code: BTreeMap<&str, u64> = BTreeMap::new();
        for reject in file["rejected"].as_array().expect("rejected is a list") {
            *by_code.entry(reject["code"].as_str().expect("a code is a text")).or_default() += 1;
        }
        assert_eq!(by_code, named(&reasons, &expected["by_reason"]), "{day}");
        assert_eq!(file["rejected_rows"], expected["total"], "{day}");
        assert_eq!(file["rejected_active_rows"], expected["of_which_在籍"], "{day}");
        let good = file["rows"].as_u64().expect("a number") - file["rejected_rows"].as_u64().expect("a number");
        assert_eq!(expected["good"], good, "{day}");
        let warned: BTreeMap<&str, u64> = file["warnings"]
            .as_object()
            .expect("warnings is an object")
            .iter()
            .map(|(code, n)| (code.as_str(), n.as_u64().expect("a number")))
            // The key counts two warnings; the program has more.
            .filter(|(code, _)| warnings.iter().any(|(known, _)| known == code))
            .collect();
        assert_eq!(warned, named(&warnings, &expected["warnings"]), "{day}");
    }
}

/// The counts of a key under the codes of the program; none for zero.
fn named<'a>(names: &[(&'a str, &str)], key: &Value) -> BTreeMap<&'a str, u64> {
    assert_eq!(key.as_object().map(serde_json::Map::len), Some(names.len()), "the key has other reasons: {key}");
    let counts = names.iter().map(|(code, name)| (*code, key[*name].as_u64().expect("the key counts each reason")));
    counts.filter(|(_, n)| *n > 0).collect()
}
