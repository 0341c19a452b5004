//! Applications and adjustments, as an office files them: the real program, from file to figure.

mod adjusting;
mod applying;
mod ends;
mod merging;
mod moving;
mod numbers;
mod sample;
mod small_office;

use serde_json::Value;

pub use self::merging::twice as twice_shown;
use super::program::{Office, Run};

const ADJUSTMENT_HEADINGS: [&str; 13] = [
    "調整番号",
    "調整種別",
    "医籍登録番号",
    "医師会名",
    "対象入会日",
    "新しい日付",
    "新しい会員区分",
    "退会理由",
    "統合元番号",
    "要確認コード",
    "状態",
    "理由",
    "承認者",
];

const APPLICATION_HEADINGS: [&str; 14] = [
    "申請番号",
    "申請種別",
    "申請者区分",
    "医籍登録番号",
    "氏名",
    "対象医師会",
    "申請日",
    "適用日",
    "承認日",
    "取消日",
    "状態",
    "変更後会員区分",
    "退会理由",
    "備考",
];

/// One row by its headings; what is not said is blank.
pub type Said<'a> = &'a [(&'a str, &'a str)];

fn csv_of(headings: &[&str], defaults: Said<'_>, rows: &[Said<'_>]) -> String {
    let mut text = headings.join(",") + "\n";
    for row in rows {
        for (heading, _) in *row {
            assert!(headings.contains(heading), "no column is called {heading}");
        }
        let cell = |heading: &&str| {
            let said = row.iter().chain(defaults).find(|(name, _)| name == heading);
            said.map_or("", |(_, value)| value)
        };
        text += &headings.iter().map(cell).collect::<Vec<_>>().join(",");
        text += "\n";
    }
    text
}

/// An adjustment file; every row has a reason and an approver unless it says otherwise.
fn adjustments(rows: &[Said<'_>]) -> String {
    csv_of(&ADJUSTMENT_HEADINGS, &[("理由", "書面で確認"), ("承認者", "事務局長")], rows)
}

/// An application file.
fn applications(rows: &[Said<'_>]) -> String {
    csv_of(&APPLICATION_HEADINGS, &[("申請者区分", "本人"), ("申請日", "2025-09-01")], rows)
}

/// Saves a file under its day and takes it in.
#[track_caller]
fn file(office: &Office, kind: &str, day: &str, text: impl AsRef<[u8]>) -> Value {
    let name = format!("{kind}_{day}.csv");
    office.save(&name, text);
    office.import(&name)[0].clone()
}

#[track_caller]
pub fn adjust(office: &Office, day: &str, rows: &[Said<'_>]) -> Value {
    file(office, "adjustments", day, adjustments(rows))
}

#[track_caller]
fn apply(office: &Office, day: &str, rows: &[Said<'_>]) -> Value {
    file(office, "applications", day, applications(rows))
}

/// What `count` prints, to the byte.
#[track_caller]
fn counted(office: &Office, as_of: &str, known_at: &str) -> String {
    let run = office.run(&format!("--json count --as-of {as_of} --known-at {known_at}"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    run.stdout
}

/// Memberships of a body, those not shown and those through adjustments among them, and heads of its tier.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
struct Told {
    n: i64,
    not_shown: i64,
    adjusted: i64,
}

fn told(n: i64, not_shown: i64, adjusted: i64) -> Told {
    Told { n, not_shown, adjusted }
}

#[track_caller]
fn body(office: &Office, name: &str, as_of: &str, known_at: &str) -> Told {
    let answer = office.json(&format!("count --as-of {as_of} --known-at {known_at} --association {name}"));
    let number = |value: &Value| value.as_i64().expect("a number");
    let n = answer["rows"].as_array().expect("rows is a list").iter().map(|row| number(&row["memberships"])).sum();
    Told { n, not_shown: number(&answer["not_shown"]), adjusted: number(&answer["adjusted"]) }
}

/// Class of the rows of a body and how many are in it.
#[track_caller]
fn classes(office: &Office, name: &str, as_of: &str, known_at: &str) -> Vec<(String, i64)> {
    let answer = office.json(&format!("count --as-of {as_of} --known-at {known_at} --association {name}"));
    let rows = answer["rows"].as_array().expect("rows is a list");
    let class = |row: &Value| row["class"].as_str().expect("a text").to_owned();
    rows.iter().map(|row| (class(row), row["memberships"].as_i64().expect("a number"))).collect()
}

/// The lines of an audit, which says with its exit code whether a person should look.
#[track_caller]
fn audit(office: &Office, arguments: &str) -> Vec<Value> {
    let run: Run = office.run(&format!("--json audit {arguments}"));
    let answer: Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("audit {arguments}: {}", run.stderr));
    let needs_person = answer["needs_person"].as_bool().expect("a yes or no");
    assert_eq!(run.exit, Some(i32::from(needs_person)), "audit {arguments}");
    answer["findings"].as_array().expect("findings is a list").clone()
}

/// What one key says in each line.
fn column<'a>(lines: &'a [Value], key: &str) -> Vec<&'a str> {
    lines.iter().map(|line| line[key].as_str().unwrap_or_default()).collect()
}

/// Lines of an audit with a code of a finding.
fn with_code(lines: &[Value], code: &str) -> usize {
    lines.iter().filter(|line| line["code"] == code).count()
}
