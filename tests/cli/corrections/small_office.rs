//! An office of a few invented members of one body, whose files are written line by line.

use std::path::PathBuf;

use serde_json::Value;

use super::super::program::{Office, Run};

/// Late enough for every file of these tests.
const NOW: &str = "2026-11-28T00:00:00Z";

const HEADINGS: &str = "医籍登録番号,氏名,氏名カナ,生年月日,郡市区等医師会コード,郡市区等医師会名,郡市区等会員区分,\
    郡市区等入会日,郡市区等退会日,都道府県医師会名,都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,\
    日医退会日,退会理由,会員状態";

/// A member of 11-001: number, 入会日, 退会日, 退会理由.
pub(super) type Member<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Six who stay, so that no file looks cut off.
pub(super) const OTHERS: [Member<'static>; 6] = [
    ("200001", "2015-04-01", "", ""),
    ("200002", "2015-04-01", "", ""),
    ("200003", "2015-04-01", "", ""),
    ("200004", "2015-04-01", "", ""),
    ("200005", "2015-04-01", "", ""),
    ("200006", "2015-04-01", "", ""),
];

pub(super) struct SmallOffice(Office);

impl SmallOffice {
    /// An office that knows the bodies of the found cases.
    pub(super) fn new() -> Self {
        let office = Self(Office::new());
        office.take("gone-after-known-exit", &["associations.csv"]);
        office
    }

    /// The files of a case, taken in one after the other.
    pub(super) fn found(case: &str, files: &[&str]) -> Self {
        let office = Self(Office::new());
        office.take(case, files);
        office
    }

    fn take(&self, case: &str, files: &[&str]) {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/found").join(case);
        for file in files {
            self.save(file, std::fs::read(folder.join(file)).expect("the case has the file"));
            self.import(file);
        }
    }

    pub(super) fn save(&self, name: &str, bytes: impl AsRef<[u8]>) {
        self.0.save(name, bytes);
    }

    pub(super) fn run(&self, arguments: &str) -> Run {
        Run::of(self.0.program().env("KAIIN_NOW", NOW).args(arguments.split_whitespace()))
    }

    #[track_caller]
    pub(super) fn json(&self, arguments: &str) -> Value {
        let run = self.run(&format!("--json {arguments}"));
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("kaiin {arguments}: {}", run.stderr))
    }

    /// Takes in files, which must succeed.
    #[track_caller]
    pub(super) fn import(&self, names: &str) -> Value {
        // A handful of members is no drift.
        let run = self.run(&format!("--json import {names} --accept-drop --reason 試験"));
        assert_eq!(run.exit, Some(0), "{names}: {}", run.stderr);
        serde_json::from_str(&run.stdout).expect("the report is JSON")
    }

    #[track_caller]
    pub(super) fn members(&self, day: &str, rows: &[Member<'_>]) -> Value {
        let mut text = HEADINGS.to_string() + "\n";
        for (number, joined, left, reason) in rows.iter().chain(&OTHERS) {
            let state = if left.is_empty() { "在籍" } else { "退会" };
            text += &format!(
                "{number},架空　例,カクウ レイ,1965-02-03,11-001,埼玉第1医師会,B,{joined},{left},,,,,,,,{reason},{state}\n"
            );
        }
        let name = format!("members_{day}.csv");
        self.save(&name, text);
        self.import(&name)
    }

    /// Saves a file of corrections and takes it in.
    #[track_caller]
    pub(super) fn file(&self, kind: &str, day: &str, text: &str) -> Value {
        let name = format!("{kind}_{day}.csv");
        self.save(&name, text);
        self.import(&name)[0].clone()
    }

    /// Local memberships on a day as known at another.
    #[track_caller]
    pub(super) fn local(&self, as_of: &str, known_at: &str) -> i64 {
        let answer = self.json(&format!("count --as-of {as_of} --known-at {known_at} --by tier"));
        answer["totals"]["local"]["memberships"].as_i64().expect("a number")
    }

    /// The lines of an audit.
    #[track_caller]
    pub(super) fn audit(&self, arguments: &str) -> Vec<Value> {
        self.json(&format!("audit {arguments}"))["findings"].as_array().expect("findings is a list").clone()
    }
}
