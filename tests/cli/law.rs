//! One odd row costs one line in a list, never the month: the found case through the whole program.

use std::path::Path;

use serde_json::{Value, json};

use super::program::Office;

fn office(case: &str, settings: &str) -> Office {
    let office = Office::new();
    if !settings.is_empty() {
        std::fs::create_dir_all(office.data()).expect("the temporary folder can be written");
        std::fs::write(office.data().join("kaiin.toml"), settings).expect("the temporary folder can be written");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/found").join(case);
    for name in ["associations.csv", "members_2025-12-31.csv"] {
        office.save(name, std::fs::read(folder.join(name)).expect("the case can be read"));
    }
    office
}

fn audit(office: &Office, arguments: &str) -> Value {
    let run = office.run(&format!("--json audit {arguments}"));
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr))
}

#[test]
fn row_whose_state_contradicts_its_dates_is_a_line_and_stops_no_paper() {
    let settings = "[jobs]\nsettle_seconds = 0\nreports = [\"member-counts\", \"monthly-statistics\"]\n";
    let office = office("state-contradicts-dates", settings);
    let summary = office.import("associations.csv members_2025-12-31.csv").to_string();
    assert!(summary.contains("IMP-127"), "{summary}");
    let count = office.json("count --as-of 2025-12-31 --by tier");
    assert_eq!(count["totals"]["local"]["memberships"], 6);
    let found = audit(&office, "mamis-difference");
    let terms = |key: &str| found["terms"][key].as_i64();
    assert_eq!((terms("source_count"), terms("ours"), terms("remainder")), (Some(3), Some(6), Some(0)));
    assert_eq!(
        (terms("withdrawals_ahead"), terms("contradictions"), terms("double_rows")),
        (Some(1), Some(2), Some(0))
    );
    let lines = found["findings"].as_array().expect("a list");
    let mut told: Vec<Value> = lines
        .iter()
        .map(|line| json!([line["registration_number"], line["code"], line["contradiction"], line["effect"]]))
        .collect();
    told.sort_by_key(ToString::to_string);
    let expected = [
        json!([200_002, "AUD-056", "pending_in_force", 1]),
        json!([200_004, "AUD-056", "active_before_end", 0]),
        json!([200_005, "AUD-056", "withdrawn_without_end", 1]),
        json!([200_007, "AUD-050", null, 1]),
    ];
    assert_eq!(told, expected);
    assert!(lines.iter().all(|line| line["next_step"].as_str().is_some_and(|step| !step.is_empty())));
    let screen = office.run("audit mamis-difference").stdout;
    let law = "会員数 6 ＝ MAMISの表示 3 ＋ 退会日未到来 1 － 入会日未到来 0 － 廃止等の医師会 0 ＋ 出力に見えない 0 ＋ 申請・調整 0 ＋ 会員状態と日付の不一致 2（3 件） － 二重の行 0 ＋ 残差 0";
    assert!(screen.contains(law), "{screen}");
    for name in ["member-counts", "monthly-statistics", "meeting-rijikai", "mamis-difference"] {
        let run = office.run(&format!("report {name} --as-of 2025-12-31 --format csv --out out"));
        assert_eq!(run.exit, Some(0), "{name}: {}", run.stderr);
    }
    let run = office.run("jobs run monthly-papers 2025-12");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
}

/// Under `first_non_member_day` the 90 days, and which entry is nearest, are of the gap that the rule has (R20).
#[test]
fn ninety_days_and_nearest_follow_the_rule_of_the_office() {
    let gaps = |settings: &str| -> Vec<Value> {
        let office = office("ninety-days-other-rule", settings);
        office.import("associations.csv members_2025-12-31.csv");
        let found = audit(&office, "transfers --from 2025-01-01 --to 2025-12-31");
        let lines = found["findings"].as_array().expect("a list").iter();
        let pairs = lines.filter(|line| line["kind"] == "within_prefecture");
        let mut out: Vec<Value> =
            pairs.map(|line| json!([line["registration_number"], line["entered"], line["gap_days"]])).collect();
        out.sort_by_key(ToString::to_string);
        out
    };
    let other = gaps("withdrawal_day_rule = \"first_non_member_day\"\n");
    assert_eq!(other, [json!([200_002, "11-002", -90]), json!([200_003, "11-002", -2])]);
    // The default rule stays as it was: 90 days pair, an overlap of 91 does not, and two days are nearer than three.
    assert_eq!(gaps(""), [json!([200_001, "11-002", 90]), json!([200_003, "11-003", 2])]);
}
