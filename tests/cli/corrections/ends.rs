//! An end is an end, whoever told it: re-joins after it (R28), rows that vanish after it (R6), and its reason (R22).

use rstest::rstest;
use serde_json::{Value, json};

use super::small_office::{Member, SmallOffice};
use super::{adjustments, applications, column, with_code};

const WHO: &str = "200099";
const OLD: Member<'static> = (WHO, "2010-04-01", "", "");
const NEW: Member<'static> = (WHO, "2026-04-01", "", "");

/// A withdrawal that only an adjustment tells, of the stay with a 入会日, or of the newest.
fn decided(office: &SmallOffice, known: &str, day: &str, stay: &str, state: &str) {
    let who = ("医籍登録番号", WHO);
    let row = [
        ("調整番号", "1"),
        ("調整種別", "退会"),
        who,
        ("医師会名", "埼玉第1医師会"),
        ("対象入会日", stay),
        ("新しい日付", day),
        ("退会理由", "死亡"),
        ("状態", state),
    ];
    office.file("adjustments", known, &adjustments(&[&row]));
}

fn filed(office: &SmallOffice, known: &str, day: &str, reason: &str, state: &str) {
    let row = [
        ("申請番号", "0001"),
        ("申請種別", "退会"),
        ("医籍登録番号", WHO),
        ("対象医師会", "埼玉第1医師会"),
        ("適用日", day),
        ("状態", state),
        ("退会理由", reason),
    ];
    office.file("applications", known, &applications(&[&row]));
}

/// The case `rejoin-erases-old-stay`: all tiers.
#[test]
fn rejoin_after_an_adjustment_leaves_the_old_stay_as_it_was() {
    let first = ["associations.csv", "members_2025-05-31.csv", "members_2025-07-31.csv", "adjustments_2025-08-05.csv"];
    let office = SmallOffice::found("rejoin-erases-old-stay", &first);
    let totals = |as_of: &str, known_at: &str| {
        let answer = office.json(&format!("count --as-of {as_of} --known-at {known_at} --by tier"));
        ["local", "prefectural", "national"].map(|tier| answer["totals"][tier]["memberships"].as_i64())
    };
    let before = totals("2025-05-31", "2025-08-05");
    let folder = env!("CARGO_MANIFEST_DIR").to_string() + "/tests/fixtures/found/rejoin-erases-old-stay/";
    let name = "members_2026-04-30.csv";
    office.save(name, std::fs::read(folder + name).expect("the case has the file"));
    office.import(name);
    assert_eq!((before, totals("2025-05-31", "2026-04-30")), ([Some(6); 3], [Some(6); 3]));
    assert_eq!(totals("2025-07-01", "2026-04-30"), [Some(5); 3]);
    assert_eq!(totals("2026-04-30", "2026-04-30"), [Some(6); 3]);
    assert_eq!(column(&office.audit("adjustments"), "code"), ["AUD-060"; 3]);
    // Each stay is written where it was told.
    let run = office.json("explain --association 青空市医師会 --as-of 2026-04-30 --from 2025-05-31");
    let events: Vec<(&Value, &Value)> = run["events"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|event| (&event["day"], &event["source"]["file"]))
        .collect();
    assert_eq!(events.len(), 2, "{run}");
    assert_eq!(events[0], (&json!("2025-07-01"), &json!("adjustments_2025-08-05.csv")), "{run}");
    assert_eq!(events[1], (&json!("2026-04-01"), &json!("members_2026-04-30.csv")), "{run}");
    // Who says so; the key is a contract.
    let told_by = [0, 1].map(|nth| &run["events"][nth]["source"]["told_by"]);
    assert_eq!(told_by, [&json!("adjustment"), &json!("export")], "{run}");
}

#[derive(Debug, Clone, Copy)]
enum Told {
    Application,
    Adjustment,
    AdjustmentOfTheNewest,
}

/// Whichever file the office takes in first: the answer is that of the days of the files.
#[rstest]
fn order_of_storing_does_not_matter(
    #[values(Told::Application, Told::Adjustment, Told::AdjustmentOfTheNewest)] told: Told,
    #[values(true, false)] is_told_first: bool,
) {
    let office = SmallOffice::new();
    office.members("2025-05-31", &[OLD]);
    office.members("2025-07-31", &[]);
    let tell = || match told {
        Told::Application => filed(&office, "2025-08-05", "2025-06-30", "本人希望", "承認済"),
        Told::Adjustment => decided(&office, "2025-08-05", "2025-06-30", "2010-04-01", ""),
        Told::AdjustmentOfTheNewest => decided(&office, "2025-08-05", "2025-06-30", "", ""),
    };
    if is_told_first {
        tell();
    }
    office.members("2026-04-30", &[NEW]);
    if !is_told_first {
        tell();
    }
    let n = |as_of: &str| office.local(as_of, "2026-04-30");
    assert_eq!(["2025-06-30", "2025-07-01", "2026-03-31", "2026-04-01"].map(n), [7, 6, 6, 7]);
    assert_eq!(office.local("2026-04-01", "2025-08-05"), 6);
    assert_eq!(with_code(&office.audit("withdrawals"), "FND-005"), 0);
    let kind = if matches!(told, Told::Application) { "applications" } else { "adjustments" };
    let findings = office.audit(kind);
    let idle = ["FND-014", "FND-018", "FND-019", "FND-022"].map(|code| with_code(&findings, code));
    assert_eq!(idle, [0; 4], "{findings:?}");
    // Both rows come to be shown: still two stays, and one withdrawal.
    office.members("2026-05-31", &[(WHO, "2010-04-01", "2025-06-30", ""), NEW]);
    let n = |as_of: &str| office.local(as_of, "2026-05-31");
    assert_eq!(["2025-06-30", "2025-07-01", "2026-03-31", "2026-04-01"].map(n), [7, 6, 6, 7]);
    let ledger = office.audit("withdrawals --from 2025-06-01 --to 2025-06-30");
    assert_eq!(ledger.iter().filter(|line| line["registration_number"] == json!(200_099)).count(), 1, "{ledger:?}");
}

/// The office finds out later that the old stay had ended: past answers stay, and from that day on there are two stays.
#[test]
fn end_that_is_told_later_changes_no_earlier_answer() {
    let office = SmallOffice::new();
    office.members("2025-05-31", &[OLD]);
    office.members("2026-04-30", &[NEW]);
    let n = |known_at: &str| ["2025-06-30", "2025-07-01", "2026-04-01"].map(|as_of| office.local(as_of, known_at));
    // Nobody had ended it: a correction (R4).
    assert_eq!(n("2026-04-30"), [6, 6, 7]);
    decided(&office, "2026-05-10", "2025-06-30", "2010-04-01", "");
    assert_eq!((n("2026-04-30"), n("2026-05-10")), ([6, 6, 7], [7, 6, 7]));
    // Taken back: it is a correction again.
    decided(&office, "2026-06-10", "2025-06-30", "2010-04-01", "取消");
    assert_eq!((n("2026-05-10"), n("2026-06-10")), ([7, 6, 7], [6, 6, 7]));
}

/// The nearest good ones: another 入会日 that overlaps the stay corrects it, ended or not; one that only touches it does not.
#[rstest]
#[case::nothing_ended_it("", "2025-01-20", [6, 7, 7])]
#[case::ends_later("2025-06-30", "2025-01-20", [6, 7, 6])]
#[case::overlaps_by_a_day("2025-06-30", "2025-06-29", [6, 6, 6])]
#[case::touches("2025-06-30", "2025-06-30", [7, 7, 7])]
#[case::day_after("2025-06-30", "2025-07-01", [7, 7, 7])]
fn other_joining_day_that_overlaps_is_a_correction(
    #[case] end: &str,
    #[case] joined: &str,
    #[case] expected: [i64; 3],
) {
    let office = SmallOffice::new();
    office.members("2025-05-31", &[(WHO, "2025-01-10", "", "")]);
    if !end.is_empty() {
        decided(&office, "2025-07-05", end, "2025-01-10", "");
    }
    office.members("2025-07-31", &[(WHO, joined, "", "")]);
    let n = |as_of: &str| office.local(as_of, "2025-07-31");
    assert_eq!(["2025-01-15", "2025-01-25", "2025-07-02"].map(n), expected);
}

/// The case `gone-after-known-exit`.
#[test]
fn row_that_vanishes_after_a_known_exit_raises_nothing() {
    let files = [
        "associations.csv",
        "members_2025-10-31.csv",
        "applications_2025-10-31.csv",
        "adjustments_2025-11-10.csv",
        "members_2025-11-30.csv",
    ];
    let office = SmallOffice::found("gone-after-known-exit", &files);
    assert_eq!(office.local("2025-11-30", "2025-11-30"), 1);
    assert_eq!(with_code(&office.audit("withdrawals --from 2025-01-01 --to 2025-12-31"), "FND-005"), 0);
    let difference = office.json("audit mamis-difference");
    let law = ["source_count", "not_shown", "corrected", "ours"].map(|term| &difference["terms"][term]);
    assert_eq!(law[1..], [&json!(0), &json!(0), &json!(1)], "{difference}");
    assert_eq!(difference["findings"], json!([]));
}

/// Ended before, on, and after the day of the export that lacks the row; and taken back.
#[rstest]
#[case::application(true)]
#[case::adjustment(false)]
fn row_that_vanishes_before_a_known_exit_is_open_until_then(#[case] by_application: bool) {
    let office = SmallOffice::new();
    let tell = |known: &str, day: &str, state: &str| {
        if by_application {
            filed(&office, known, day, "本人希望", if state.is_empty() { "承認済" } else { "退会取消" });
        } else {
            decided(&office, known, day, "", state);
        }
    };
    office.members("2025-10-31", &[OLD]);
    tell("2025-11-05", "2025-12-31", "");
    office.members("2025-11-30", &[]);
    let vanished = |known_at: &str| {
        let lines = office.audit(&format!("withdrawals --known-at {known_at}"));
        let difference = office.json(&format!("audit mamis-difference --known-at {known_at}"));
        let terms = &difference["terms"];
        (with_code(&lines, "FND-005"), terms["not_shown"].as_i64(), terms["corrected"].as_i64())
    };
    // The day lies ahead: still a member, whom the export does not show.
    assert_eq!(vanished("2025-11-30"), (1, Some(1), Some(0)));
    office.members("2025-12-31", &[]);
    assert_eq!(vanished("2025-12-31").0, 0);
    office.members("2026-01-31", &[]);
    assert_eq!(vanished("2026-01-31"), (0, Some(0), Some(0)));
    // Taken back: open again.
    tell("2026-02-10", "2025-12-31", "取消");
    assert_eq!(vanished("2026-02-10"), (1, Some(1), Some(0)));
    assert_eq!(office.local("2026-01-31", "2026-02-10"), 7);
    assert_eq!(vanished("2026-01-31"), (0, Some(0), Some(0)));
}

/// The case `reason-in-application-only`.
#[test]
fn reason_that_the_list_leaves_blank_is_that_of_the_application() {
    let files = ["associations.csv", "members_2025-10-31.csv", "applications_2025-10-31.csv"];
    let office = SmallOffice::found("reason-in-application-only", &files);
    let rows = office.json("movements --from 2025-10 --by tier")["rows"].clone();
    let of_tier = |tier: &str| rows.as_array().expect("a list").iter().find(|row| row["tier"] == tier).cloned();
    let local = of_tier("local").expect("a row");
    assert_eq!(["died", "moved_out", "left"].map(|key| &local[key]), [&json!(1), &json!(1), &json!(0)]);
    // Above the local tier a death is one as well.
    for tier in ["prefectural", "national"] {
        let upper = of_tier(tier).expect("a row");
        assert_eq!(["died", "left"].map(|key| &upper[key]), [&json!(1), &json!(0)], "{tier}");
    }
    let ledger = office.audit("withdrawals --from 2025-10-01 --to 2025-10-31");
    let state = |number: i64| {
        let line = ledger.iter().find(|line| line["registration_number"] == json!(number)).expect("a line");
        (line["state"].clone(), line["reason"].clone())
    };
    assert_eq!(state(200_001), (json!("death"), json!("death")));
    assert_eq!(state(200_003), (json!("approved_past"), json!("moved_away")));
    let transfers = office.audit("transfers --from 2025-10-01 --to 2025-10-31");
    let kind = transfers.iter().find(|line| line["registration_number"] == json!(200_003)).map(|line| &line["kind"]);
    assert_eq!(kind, Some(&json!("nowhere_seen")));
}

/// The list's own reason stands; a day apart it is the same withdrawal; what is not approved, or not known yet, says
/// nothing.
#[rstest]
#[case::blank("", "承認済", "2025-10-10", "2025-10-31", "death")]
#[case::own_reason("本人希望", "承認済", "2025-10-10", "2025-10-31", "own_wish")]
#[case::other_day("", "承認済", "2025-10-12", "2025-10-31", "death")]
#[case::not_approved("", "申請中", "2025-10-10", "2025-10-31", "none")]
#[case::not_known_yet("", "承認済", "2025-10-10", "2025-11-10", "none")]
fn reason_of_the_list_goes_before_that_of_the_application(
    #[case] reason: &str,
    #[case] state: &str,
    #[case] day: &str,
    #[case] learnt: &str,
    #[case] expected: &str,
) {
    let office = SmallOffice::new();
    office.members("2025-10-31", &[(WHO, "2010-04-01", "2025-10-10", reason)]);
    filed(&office, learnt, day, "死亡", state);
    let ask = "withdrawals --from 2025-10-01 --to 2025-10-31 --known-at 2025-10-31";
    let ledger = office.audit(ask);
    let line = ledger.iter().find(|line| line["registration_number"] == json!(200_099)).expect("a line");
    assert_eq!(line["reason"], json!(expected), "{line}");
}
