//! The sample exports on disk and their answer keys, brought to the codes of the program.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::Value;

use super::prepared::prepared;
use super::program::Office;

/// Memberships by tier, body and class, and heads by tier; only what is above zero.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    pub rows: BTreeMap<(String, String, String), i64>,
    pub heads: BTreeMap<String, i64>,
}

/// One pair of dates of an answer key.
#[derive(Debug)]
pub struct Answer {
    pub known_at: NaiveDate,
    pub as_of: NaiveDate,
    pub figures: Figures,
}

/// A folder of exports with its answer key.
#[derive(Debug)]
pub struct Sample {
    pub name: &'static str,
    /// The master, then the member exports by day.
    pub files: Vec<PathBuf>,
    pub answers: Vec<Answer>,
    /// The whole key, for what else stands in it.
    pub key: Value,
}

impl Sample {
    /// One prefecture, four exports in CP932.
    pub fn saitama() -> Self {
        Self::read("reports/demo/saitama", "saitama", &["2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31"])
    }

    /// Three prefectures, four exports in UTF-8.
    pub fn three_prefectures() -> Self {
        let days = ["2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31"];
        Self::read("tests/fixtures/three-prefectures", "three-prefectures", &days)
    }

    /// Twenty awkward persons, three exports.
    pub fn cases() -> Self {
        Self::read("tests/fixtures/cases", "cases", &["2025-03-31", "2025-04-30", "2025-05-31"])
    }

    fn read(folder: &str, name: &'static str, days: &[&str]) -> Self {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let folder = root.join(folder);
        let mut files = vec![folder.join("associations.csv")];
        files.extend(days.iter().map(|day| folder.join(format!("members_{day}.csv"))));
        let key = root.join("tests/fixtures").join(name).join("answers.json");
        let key = std::fs::read_to_string(key).expect("the answer key can be read");
        let key: Value = serde_json::from_str(&key).expect("the answer key is JSON");
        let answers: Vec<Answer> = key["counts"].as_array().expect("counts is a list").iter().map(answer).collect();
        Self { name, files, answers, key }
    }

    /// An office that holds the files and has taken them in, and what the import reported.
    pub fn taken_in(&self) -> (Office, Value) {
        let prepared = prepared(self);
        (Office::copy_of(&prepared.folder), prepared.report.clone())
    }

    /// The files as arguments.
    pub fn paths(&self) -> String {
        let paths: Vec<&str> = self.files.iter().map(|path| path.to_str().expect("paths are UTF-8")).collect();
        paths.join(" ")
    }
}

impl Figures {
    /// Reads the figures of `kaiin --json count --by tier,association,class`.
    pub fn of_json(answer: &Value) -> Self {
        let mut out = Self::default();
        for row in answer["rows"].as_array().expect("rows is a list") {
            let key = (text(&row["tier"]), text(&row["association"]), text(&row["class"]));
            let n = row["memberships"].as_i64().expect("memberships is a number");
            assert!(out.rows.insert(key.clone(), n).is_none(), "{key:?} stands twice");
        }
        for (tier, total) in answer["totals"].as_object().expect("totals is an object") {
            let heads = total["heads"].as_i64().expect("heads is a number");
            let memberships = total["memberships"].as_i64().expect("memberships is a number");
            let sum: i64 = out.rows.iter().filter(|(key, _)| key.0 == *tier).map(|(_, n)| n).sum();
            assert_eq!(memberships, sum, "the total of {tier} is not the sum of its rows");
            if heads > 0 {
                out.heads.insert(tier.clone(), heads);
            }
        }
        out
    }
}

fn answer(key: &Value) -> Answer {
    let rows = key["rows"].as_array().expect("rows is a list").iter().map(|row| {
        let cell = (tier(&text(&row[0])), text(&row[1]), class(&text(&row[2])));
        (cell, row[3].as_i64().expect("a count is a number"))
    });
    let heads = key["heads"].as_object().expect("heads is an object").iter();
    let heads = heads.map(|(name, n)| (tier(name), n.as_i64().expect("a count is a number")));
    let figures = Figures { rows: rows.collect(), heads: heads.filter(|(_, n)| *n > 0).collect() };
    Answer { known_at: date(&key["known_at"]), as_of: date(&key["as_of"]), figures }
}

fn tier(word: &str) -> String {
    let code = match word {
        "郡市区等" => "local",
        "都道府県" => "prefectural",
        "日本" => "national",
        code => code,
    };
    code.to_owned()
}

fn class(word: &str) -> String {
    let code = match word {
        "A①" => "A1",
        "A②(B)" => "A2B",
        "A②(C)" => "A2C",
        "不明" => "unknown",
        code => code,
    };
    code.to_owned()
}

fn text(value: &Value) -> String {
    value.as_str().expect("the key holds a text here").to_owned()
}

fn date(value: &Value) -> NaiveDate {
    text(value).parse().expect("dates of the key are ISO")
}
