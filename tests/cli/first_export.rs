//! First exports that are cut off or damaged by a spreadsheet (R34): what can be known from the one file is asked, and good ones
//! are taken in without a word.

use std::fs;

use super::program::{Office, Run};
use super::samples::Sample;

const NAME: &str = "members_2025-09-30.csv";

/// A sample's first export as lines, each with its cells, and an office that has its master.
struct First {
    office: Office,
    bytes: Vec<u8>,
    rows: Vec<Vec<String>>,
}

impl First {
    fn of(sample: &Sample) -> Self {
        let office = Office::new();
        office.import(&sample.files[0].display().to_string());
        let bytes = fs::read(&sample.files[1]).expect("the export");
        let text = String::from_utf8(bytes.clone()).expect("the sample is UTF-8");
        let rows = text.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').map(str::to_owned).collect());
        Self { office, rows: rows.collect(), bytes }
    }

    /// What an office that has nothing but the master says of a file.
    fn import(&self, bytes: &[u8]) -> Run {
        let office = self.office.copy();
        office.save(NAME, bytes);
        office.run(&format!("--json import {NAME}"))
    }

    fn place(&self, heading: &str) -> usize {
        self.rows[0].iter().position(|one| one == heading).expect("the heading")
    }

    /// The export with other rows.
    fn with(&self, edit: impl Fn(&mut Vec<Vec<String>>)) -> Vec<u8> {
        let mut rows = self.rows.clone();
        edit(&mut rows);
        let lines: Vec<String> = rows.iter().map(|row| row.join(",") + "\r\n").collect();
        lines.concat().into_bytes()
    }

    /// One cell filled down over the last rows.
    fn filled(&self, headings: &[&str], percent: usize) -> Vec<u8> {
        self.with(|rows| {
            let from = (rows.len() - rows.len() * percent / 100).max(1);
            for heading in headings {
                let at = self.place(heading);
                let cell = rows[from][at].clone();
                rows[from..].iter_mut().for_each(|row| row[at].clone_from(&cell));
            }
        })
    }
}

/// Cuts at this many places; `KAIIN_CUTS=99` is every hundredth.
fn cuts() -> impl Iterator<Item = usize> {
    let n = std::env::var("KAIIN_CUTS").ok().and_then(|n| n.parse().ok()).unwrap_or(3_usize);
    (1..=n).map(move |nth| 100 * nth / (n + 1))
}

/// Cut within a line, within a line end, within a quoted cell, and the same saved once more by an editor that ends the last
/// line: each is known for sure.
#[test]
fn first_export_cut_within_a_line_is_never_taken_in() {
    let first = First::of(&Sample::three_prefectures());
    assert_eq!(first.import(&first.bytes).exit, Some(0), "the whole file is good");
    for percent in cuts() {
        let at = first.bytes.len() * percent / 100;
        let line_end = first.bytes[..at].windows(2).rposition(|two| two == b"\r\n").expect("a line before");
        // Never at a line end by chance.
        let at = if at <= line_end + 2 { line_end + 10 } else { at };
        let cut = first.bytes[..at].to_vec();
        let quoted = [&first.bytes[..line_end + 2], b"\"12345"].concat();
        for file in [cut.clone(), [&cut[..], b"\r\n"].concat(), first.bytes[..=line_end].to_vec(), quoted] {
            let run = first.import(&file);
            assert_eq!(run.exit, Some(3), "{percent}: {}", run.stderr);
        }
    }
    let whole = &first.bytes[..first.bytes.len() - 2];
    // Cut in the last cell of all, and saved once more.
    for n in [1, 5, 17] {
        let run = first.import(&[&whole[..whole.len() - n], b"\r\n"].concat());
        assert_eq!((run.exit, run.error()["error"]["code"].as_str()), (Some(3), Some("IMP-275")), "{}", run.stderr);
    }
}

/// Cut at a line end: in a file that is sorted by body, the bodies behind the cut have no member.
#[test]
fn first_export_in_order_cut_at_a_line_end_asks() {
    let first = First::of(&Sample::three_prefectures());
    let body = first.place("郡市区等医師会コード");
    let sorted = |keep: usize| {
        first.with(|rows| {
            // Rows that name their body by name alone come last.
            rows[1..].sort_by_key(|row| (row[body].is_empty(), row[body].clone()));
            rows.truncate(1 + (rows.len() - 1) * keep / 100);
        })
    };
    assert_eq!(first.import(&sorted(100)).exit, Some(0), "in order and whole");
    // Within the first and the last body, and between two prefectures, nothing is missing.
    let middle: Vec<usize> = cuts().filter(|percent| (10..=85).contains(percent)).collect();
    let mut silent = Vec::new();
    for percent in &middle {
        let run = first.import(&sorted(*percent));
        if run.exit == Some(0) {
            silent.push(*percent);
        } else {
            assert_eq!(run.error()["error"]["code"].as_str(), Some("IMP-295"), "{}", run.stderr);
        }
    }
    assert!(silent.len() * 20 <= middle.len(), "{silent:?} of {middle:?}");
}

/// What a spreadsheet does to a column or a block of rows.
#[test]
fn damaged_first_export_asks() {
    let first = First::of(&Sample::three_prefectures());
    let (state, body) = (first.place("会員状態"), first.place("郡市区等医師会コード"));
    let damaged = [
        ("IMP-211", first.filled(&["医籍登録番号"], 100)),
        ("IMP-294", first.filled(&["医籍登録番号"], 2)),
        ("IMP-296", first.filled(&["郡市区等医師会コード", "郡市区等医師会名"], 10)),
        ("IMP-296", first.filled(&["郡市区等入会日"], 5)),
        (
            "IMP-295",
            first.with(|rows| rows.retain(|row| !row[body].is_empty() && !row[body].ends_with(['3', '5', '7']))),
        ),
        ("IMP-297", first.with(|rows| rows[1..].iter_mut().for_each(|row| row[state] = "退会".into()))),
        ("IMP-276", first.with(|rows| rows.extend_from_within(700..))),
    ];
    for (nth, (code, file)) in damaged.iter().enumerate() {
        let run = first.import(file);
        assert_eq!(run.exit, Some(3), "{nth} {code}: {}", run.stdout);
        assert!(run.stderr.contains(code), "{nth} {code}: {}", run.stderr);
        assert_eq!(run.stderr.contains("--accept-change"), *code != "IMP-211", "{nth} {code}: {}", run.stderr);
    }
}

/// Good first exports in any order are taken in without a question.
#[test]
fn good_first_export_in_any_order_asks_nothing() {
    let first = First::of(&Sample::three_prefectures());
    for headings in [
        ["医籍登録番号", "氏名"],
        ["郡市区等入会日", "氏名"],
        ["郡市区等医師会名", "郡市区等入会日"],
        ["会員状態", "郡市区等会員区分"],
    ] {
        let places = headings.map(|heading| first.place(heading));
        let sorted = first.with(|rows| rows[1..].sort_by_key(|row| places.map(|at| row[at].clone())));
        let run = first.import(&sorted);
        assert_eq!(run.exit, Some(0), "{headings:?}: {}", run.stderr);
    }
}
