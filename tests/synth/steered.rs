//! Worlds that come to given totals.

use std::collections::BTreeMap;

use rstest::rstest;

use crate::cli::program::Office;

const TARGETS: &str = r#"
[[target]]
day = "2024-06-15"
A1 = 834
A2B = 398
A2C = 24
B = 437
C = 35
a1 = { hospital_founder = 40, clinic_founder = 705, manager = 75, other = 14 }

[[target]]
day = "2024-12-01"
total = 1733

[[target]]
day = "2025-08-01"
total = 1740
A1 = 829
A2B = 409
A2C = 33
B = 434
a1 = { hospital_founder = 39, clinic_founder = 699, manager = 79, other = 12 }
"#;

/// Members of the national body by a key.
fn members(office: &Office, as_of: &str, known_at: &str, by: &str) -> BTreeMap<String, i64> {
    let question = format!("count --as-of {as_of} --known-at {known_at} --tier national --by {by}");
    let answer = office.json(&question);
    let mut out = BTreeMap::new();
    for row in answer["rows"].as_array().expect("an answer has rows") {
        let word = |key: &str| row[key].as_str().expect("a key is a text").to_string();
        let key = by.split(',').map(word).collect::<Vec<_>>().join(" ");
        *out.entry(key).or_default() += row["memberships"].as_i64().expect("a count is a number");
    }
    out
}

/// Every target comes out at the last export, and at each one a hundred and twenty days or more after its day.
#[rstest]
#[case::fewer_than_needed(1, "--physicians 1500")]
#[case::as_many_as_needed(5, "")]
#[case::more_than_needed(6, "--physicians 2400")]
fn world_comes_to_its_targets(#[case] seed: u32, #[case] size: &str) {
    let office = Office::new();
    office.save("targets.toml", TARGETS);
    let world = "--prefectures 11,13,26 --from 2024-01 --to 2025-12 --targets targets.toml";
    office.json(&format!("synth --fill --seed {seed} {size} {world}"));
    for (as_of, known_at, classes) in [
        ("2024-06-15", "2024-10-31", [834, 398, 24, 437, 35]),
        ("2024-06-15", "2025-12-31", [834, 398, 24, 437, 35]),
        ("2025-08-01", "2025-12-31", [829, 409, 33, 434, 35]),
    ] {
        let found: Vec<i64> = members(&office, as_of, known_at, "class").into_values().collect();
        assert_eq!(found, classes, "{as_of} {known_at}");
    }
    for (as_of, duties) in [("2024-06-15", [40, 705, 75, 14]), ("2025-08-01", [39, 699, 79, 12])] {
        let found = members(&office, as_of, "2025-12-31", "class,duty");
        let of = |word: &str| found[&format!("A1 {word}")];
        assert_eq!(["病院開設者", "診療所開設者", "管理者", "その他"].map(of), duties, "{as_of}");
    }
    assert_eq!(members(&office, "2024-12-01", "2025-12-31", "tier").into_values().sum::<i64>(), 1733);
}

/// A day in the first month, before the first export, and the last day.
#[test]
fn first_and_last_day_can_be_targets() {
    let office = Office::new();
    office.save(
        "targets.toml",
        "[[target]]\nday = \"2025-01-01\"\ntotal = 500\n[[target]]\nday = \"2025-06-30\"\nB = 150\n",
    );
    office.json("synth --fill --prefectures 11,13 --from 2025-01 --to 2025-06 --targets targets.toml");
    assert_eq!(members(&office, "2025-01-01", "2025-06-30", "tier").into_values().sum::<i64>(), 500);
    assert_eq!(members(&office, "2025-06-30", "2025-06-30", "class")["B"], 150);
}

/// The shipped targets are those of the published survey; the world of their size is made by hand.
#[test]
fn shipped_targets_fit_together() {
    let office = Office::new();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/synth/survey-2019-2021.toml");
    let text = std::fs::read_to_string(path).expect("the fixture is there");
    office.save("targets.toml", text);
    let run = office.run("--json synth --fill --physicians 1 --from 2019-12 --to 2020-01 --targets targets.toml");
    assert_eq!(run.error()["error"]["code"], "SYN-004", "the span is too short, and nothing else is wrong");
}
