//! Class schemes of bodies: own words, a meaning that changes on a day, words that end.

use rstest::rstest;
use serde_json::{Value, json};

use super::people::{cells, master, text};
use super::program::Office;
use super::refusal::{assert_said, assert_told, refusal};
use kaiin::messages::Lang;

/// 浦和 says 甲 and 乙; 甲 is A① until the end of March 2025, then A②(B). 賛助 ends with February.
const SCHEME: &str = r#"
[[schemes]]
name = "架空"
bodies = ["11-001"]

[[schemes.words]]
spellings = ["甲", "甲会員"]
classes = [{ class = "A1", to = "2025-03-31" }, { class = "A2B", from = "2025-04-01" }]

[[schemes.words]]
spellings = ["乙"]
classes = [{ class = "B" }]

[[schemes.words]]
spellings = ["賛助"]
classes = [{ class = "C", to = "2025-02-28" }]
"#;

/// An office whose definitions folder holds a scheme.
fn office(scheme: &str) -> Office {
    let office = Office::new();
    std::fs::create_dir_all(office.data().join("definitions")).expect("a folder can be made");
    std::fs::write(office.data().join("kaiin.toml"), "definitions = \"definitions\"\n").expect("it can be written");
    define(&office, scheme);
    office.save("associations.csv", master());
    office
}

fn define(office: &Office, scheme: &str) {
    std::fs::write(office.data().join("definitions/class-schemes.toml"), scheme).expect("it can be written");
}

/// Members of 浦和 and 大宮 whose local class is `word`.
fn export(word: &str) -> String {
    let mut cells = cells();
    for row in cells.iter_mut().skip(1) {
        row[6] = word.into();
    }
    text(&cells)
}

/// Classes of 浦和 with their memberships.
fn classes(office: &Office, as_of: &str) -> Vec<String> {
    let answer = office.json(&format!("count --as-of {as_of} --association 11-001 --by class"));
    let rows = answer["rows"].as_array().expect("a list").iter();
    rows.map(|row| format!("{} {}", row["class"].as_str().expect("a class"), row["memberships"])).collect()
}

fn findings(report: &Value) -> Vec<&str> {
    let findings = report[0]["findings"].as_object().expect("an object");
    findings.keys().map(String::as_str).collect()
}

/// The guard is not asked either: nobody moved.
#[test]
fn meaning_that_changes_on_a_day_changes_the_class_on_that_day() {
    let office = office(SCHEME);
    office.save("members_2025-03-10.csv", export("甲"));
    office.save("members_2025-04-30.csv", export("甲会員"));
    office.import("associations.csv members_2025-03-10.csv");
    let report = office.import("members_2025-04-30.csv");
    assert_eq!(classes(&office, "2025-03-31"), ["A1 30"]);
    assert_eq!(classes(&office, "2025-04-01"), ["A2B 30"]);
    // 大宮 has no scheme: nobody mapped its 甲.
    assert_eq!(findings(&report), Vec::<&str>::new(), "{report}");
    assert_eq!(report[0]["warnings"], json!({ "IMP-107": 30 }));
    let before = office.json("count --as-of 2025-04-01 --known-at 2025-03-10 --association 11-001 --by class");
    assert_eq!(before["rows"][0]["class"], "A1", "what was known then stays");
}

#[test]
fn other_word_changes_the_class_from_the_export_that_shows_it() {
    let office = office(SCHEME);
    office.save("members_2025-04-10.csv", export("甲"));
    office.save("members_2025-04-30.csv", export("乙"));
    office.import("associations.csv members_2025-04-10.csv");
    let report = office.import("members_2025-04-30.csv --accept-drop --reason test");
    assert_eq!(classes(&office, "2025-04-29"), ["A2B 30"]);
    assert_eq!(classes(&office, "2025-04-30"), ["B 30"]);
    assert!(findings(&report).contains(&"FND-009"), "{report}");
}

/// A scheme that is written later says what the word had always meant.
#[test]
fn word_that_is_mapped_later_was_never_another_class() {
    let office = office("");
    office.save("members_2025-03-10.csv", export("乙"));
    office.import("associations.csv members_2025-03-10.csv");
    assert_eq!(classes(&office, "2025-03-10"), ["unknown 30"]);
    define(&office, SCHEME);
    office.save("members_2025-04-30.csv", export("乙"));
    let report = office.import("members_2025-04-30.csv");
    assert_eq!(classes(&office, "2025-03-10"), ["B 30"]);
    assert!(!findings(&report).contains(&"FND-009"), "{report}");
}

#[rstest]
#[case::ended_word("賛助", "unknown 30", json!({ "IMP-107": 60, "IMP-140": 30 }))]
#[case::national_word_beside_a_scheme("A①", "A1 30", json!({}))]
fn word_that_the_scheme_lacks_is_read_as_a_national_one(
    #[case] word: &str,
    #[case] class: &str,
    #[case] warnings: Value,
) {
    let office = office(SCHEME);
    office.save("members_2025-03-10.csv", export(word));
    let report = office.import("associations.csv members_2025-03-10.csv");
    assert_eq!(classes(&office, "2025-03-10"), [class]);
    assert_eq!(report[1]["warnings"], warnings);
}

#[test]
fn scheme_of_a_body_that_is_not_there_is_told() {
    let office = office(&SCHEME.replace("11-001", "99-001"));
    office.save("members_2025-03-10.csv", export("A①"));
    let report = office.import("associations.csv members_2025-03-10.csv");
    assert_eq!(report[1]["warnings"], json!({ "IMP-141": 1 }));
}

/// The same file under other schemes is another import, and takes the place of the first.
#[test]
fn changed_scheme_makes_the_same_file_another_import() {
    let office = office(SCHEME);
    office.save("members_2025-03-10.csv", export("乙"));
    office.import("associations.csv members_2025-03-10.csv");
    assert_eq!(office.import("members_2025-03-10.csv")[0]["status"], "unchanged");
    define(&office, &SCHEME.replace("{ class = \"B\" }", "{ class = \"C\" }"));
    let report = office.import("members_2025-03-10.csv --accept-drop --reason test");
    assert_eq!((&report[0]["status"], &report[0]["replaces"]), (&json!("stored"), &json!(true)));
    assert_eq!(classes(&office, "2025-03-10"), ["C 30"]);
}

#[test]
fn wrong_scheme_is_found_by_the_check_of_definitions() {
    let office = office(&SCHEME.replace("2025-04-01", "2025-04-02"));
    let expected = refusal(2, "CFG-002");
    for (lang, more) in [(Lang::Ja, ""), (Lang::En, "--lang en")] {
        assert_said(&office.run(&format!("reports check {more}")), lang, expected);
        let run = office.run(&format!("--json reports check {more}"));
        assert_told(&run, lang, expected);
        assert!(run.stderr.contains("class-schemes.toml") && run.stderr.contains("2025-04-01"), "{}", run.stderr);
    }
}
