//! Applications: what they add to the member list, what they only say, and files of them.

use rstest::rstest;
use serde_json::json;

use super::super::people::{NEXT, edited, office};
use super::super::program::Office;
use super::super::refusal::{assert_refused, refusal};
use super::{Said, Told, applications, apply, audit, body, classes, column, counted, file, told, with_code};

const WHO: &str = "910011";

fn row<'a>(number: &'a str, kind: &'a str, day: &'a str, state: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("申請番号", number),
        ("申請種別", kind),
        ("医籍登録番号", WHO),
        ("対象医師会", "浦和医師会"),
        ("適用日", day),
        ("状態", state),
    ]
}

fn urawa(office: &Office, as_of: &str, known_at: &str) -> Told {
    body(office, "浦和医師会", as_of, known_at)
}

#[test]
fn withdrawal_known_only_from_an_application_counts_from_the_day_it_was_known() {
    let office = office();
    let before = counted(&office, "2025-10-21", "2025-09-30");
    let mut filed = row("W1", "退会", "2025-10-20", "承認済");
    filed.push(("退会理由", "死亡"));
    apply(&office, "2025-10-10", &[&filed]);
    assert_eq!(counted(&office, "2025-10-21", "2025-09-30"), before);
    assert_eq!(urawa(&office, "2025-10-21", "2025-10-09"), told(30, 0, 0));
    assert_eq!(urawa(&office, "2025-10-20", "2025-10-10"), told(30, 0, 0));
    assert_eq!(urawa(&office, "2025-10-21", "2025-10-10"), told(29, 0, 0));
    let states = |as_of: &str| {
        let lines = audit(&office, &format!("applications --as-of {as_of} --from 2025-10-01 --to 2025-10-31"));
        (column(&lines, "state").join(" "), with_code(&lines, "FND-012"))
    };
    assert_eq!(states("2025-10-20"), ("death finding".into(), 1));
    assert_eq!(states("2025-10-21"), ("death finding".into(), 1));
    let lines = audit(&office, "withdrawals --as-of 2025-10-21");
    assert_eq!((column(&lines, "state"), column(&lines, "reason")), (vec!["death"], vec!["death"]));
    // The export agrees: nothing is left to look at, and nothing changes.
    office.save(NEXT, edited(|cells| (cells[11][8], cells[11][9]) = ("2025-10-20".into(), "退会".into())));
    office.import(NEXT);
    assert_eq!(urawa(&office, "2025-10-21", "2025-10-31"), told(29, 0, 0));
    assert_eq!(states("2025-10-31"), ("death".into(), 0));
}

#[test]
fn export_with_another_day_stands_and_the_difference_is_named() {
    let office = office();
    apply(&office, "2025-10-10", &[&row("W1", "退会", "2025-10-20", "承認済")]);
    office.save(NEXT, edited(|cells| (cells[11][8], cells[11][9]) = ("2025-10-25".into(), "退会".into())));
    office.import(NEXT);
    assert_eq!(urawa(&office, "2025-10-25", "2025-10-10"), told(29, 0, 0));
    assert_eq!(urawa(&office, "2025-10-25", "2025-10-31"), told(30, 0, 0));
    assert_eq!(urawa(&office, "2025-10-26", "2025-10-31"), told(29, 0, 0));
    let lines = audit(&office, "applications");
    let shown = lines.iter().find(|line| line["code"] == "FND-013").expect("the difference is named");
    assert_eq!((&shown["shown"], &shown["filed"]), (&json!("2025-10-25"), &json!("2025-10-20")));
}

/// No export tells a 退会日: of two approved applications the one learnt first counts, and the other is named.
#[test]
fn second_approved_withdrawal_for_one_stay_is_named() {
    let office = office();
    apply(&office, "2025-10-10", &[&row("W1", "退会", "2025-10-20", "承認済")]);
    apply(&office, "2025-10-15", &[&row("W2", "退会", "2025-10-25", "承認済")]);
    assert_eq!(urawa(&office, "2025-10-21", "2025-10-15"), told(29, 0, 0));
    let lines = audit(&office, "applications");
    let second = lines.iter().find(|line| line["code"] == "FND-022").expect("the second one is named");
    assert_eq!((&second["shown"], &second["filed"]), (&json!("2025-10-20"), &json!("2025-10-25")));
    assert_eq!((with_code(&lines, "FND-012"), with_code(&lines, "FND-013")), (1, 0));
}

/// R5: the export told the day and took it back after the application was known.
#[test]
fn export_that_takes_a_withdrawal_back_is_the_newer_word() {
    let office = office();
    apply(&office, "2025-10-10", &[&row("W1", "退会", "2025-12-20", "承認済")]);
    office.save(NEXT, edited(|cells| (cells[11][8], cells[11][9]) = ("2025-12-20".into(), "退会".into())));
    office.import(NEXT);
    file(&office, "members", "2025-11-30", edited(|_| ()));
    assert_eq!(urawa(&office, "2025-12-21", "2025-10-31"), told(29, 0, 0));
    assert_eq!(urawa(&office, "2025-12-21", "2025-11-30"), told(30, 0, 0));
    assert_eq!(with_code(&audit(&office, "applications"), "FND-013"), 1);
}

#[test]
fn cancelled_withdrawal_that_the_export_shows_is_named() {
    let office = office();
    office.save(NEXT, edited(|cells| (cells[11][8], cells[11][9]) = ("2025-12-20".into(), "退会".into())));
    office.import(NEXT);
    apply(&office, "2025-11-10", &[&row("W1", "退会", "2025-12-20", "退会取消")]);
    assert_eq!(urawa(&office, "2025-12-21", "2025-11-10"), told(29, 0, 0));
    let lines = audit(&office, "applications --from 2025-12-01 --to 2025-12-31");
    // The export still tells the withdrawal; that an application took it back is the finding.
    assert_eq!(column(&lines, "state"), ["approved_future", "finding"]);
    assert_eq!(with_code(&lines, "FND-015"), 1);
}

/// The export of October shows class C for the first time; the application says since when.
#[test]
fn change_of_class_takes_the_day_of_its_application() {
    let office = office();
    office.save(NEXT, edited(|cells| cells[11][6] = "C".into()));
    office.import(NEXT);
    let mut filed = row("C1", "区分変更", "2025-08-01", "承認済");
    filed.push(("変更後会員区分", "C"));
    apply(&office, "2025-11-10", &[&filed]);
    let (b, c) = (vec![("B".to_owned(), 30)], vec![("B".to_owned(), 29), ("C".to_owned(), 1)]);
    for (as_of, known_at, expected) in [
        ("2025-10-30", "2025-11-09", &b),
        ("2025-10-31", "2025-11-09", &c),
        ("2025-07-31", "2025-11-10", &b),
        ("2025-08-01", "2025-11-10", &c),
        ("2025-10-30", "2025-11-10", &c),
        ("2025-08-01", "2025-10-31", &b),
        ("2025-08-01", "2025-09-30", &b),
    ] {
        assert_eq!(classes(&office, "浦和医師会", as_of, known_at), *expected, "as of {as_of}, known at {known_at}");
    }
    assert_eq!(audit(&office, "applications").len(), 0);
}

#[rstest]
#[case::withdrawal_of_nobody("退会", "1999-01-01", "FND-014", 0)]
#[case::joined_on_another_day("入会", "2010-01-01", "FND-016", 1)]
#[case::class_that_nobody_shows("区分変更", "2025-08-01", "FND-017", 1)]
fn approved_application_that_the_list_does_not_show_is_named(
    #[case] kind: &str,
    #[case] day: &str,
    #[case] code: &str,
    #[case] n: usize,
) {
    let office = office();
    let mut filed = row("X1", kind, day, "承認済");
    filed.push(("変更後会員区分", "C"));
    apply(&office, "2025-10-10", &[&filed]);
    assert_eq!(with_code(&audit(&office, "applications"), code), n);
    assert_eq!(classes(&office, "浦和医師会", "2025-10-10", "2025-10-10"), [("B".to_owned(), 30)]);
}

/// Filed and not approved: 保留 while its day is ahead, 承認漏れ from the day after; it never counts.
#[test]
fn application_that_nobody_approved_counts_nothing_and_is_asked_about() {
    let office = office();
    apply(&office, "2025-10-10", &[&row("W1", "退会", "2025-10-20", "申請中")]);
    assert_eq!(urawa(&office, "2025-12-31", "2025-10-10"), told(30, 0, 0));
    let state = |as_of: &str| {
        let lines = audit(&office, &format!("applications --as-of {as_of}"));
        assert_eq!(lines.len(), 1);
        (lines[0]["state"].clone(), lines[0]["needs_person"].clone())
    };
    assert_eq!(state("2025-10-20"), (json!("pending"), json!(false)));
    assert_eq!(state("2025-10-21"), (json!("overdue"), json!(true)));
    // Approved at last: the next file says so.
    apply(&office, "2025-10-25", &[&row("W1", "退会", "2025-10-20", "承認済")]);
    assert_eq!(urawa(&office, "2025-10-21", "2025-10-24"), told(30, 0, 0));
    assert_eq!(urawa(&office, "2025-10-21", "2025-10-25"), told(29, 0, 0));
}

#[test]
fn proxy_without_evidence_needs_a_person() {
    let office = office();
    let filed = |number: &'static str, note: &'static str| {
        let mut filed = row(number, "退会", "2025-10-05", "承認済");
        filed.extend([("申請者区分", "代理"), ("備考", note)]);
        filed
    };
    let report = apply(&office, "2025-10-10", &[&filed("W1", ""), &filed("W2", "死亡診断書写し確認")]);
    assert!(report["warnings"].as_object().is_some_and(|warnings| warnings.len() == 1), "{report}");
    let lines = audit(&office, "applications");
    let told: Vec<_> = lines
        .iter()
        .filter(|line| line["filer"] == "proxy")
        .map(|line| json!([line["number"], line["has_evidence"], line["needs_person"]]))
        .collect();
    assert_eq!(told, [json!(["W1", false, true]), json!(["W2", true, false])]);
}

/// Cumulative files: what stands changes nothing, what changed has a new version, what is gone is silence.
#[test]
fn next_cumulative_file_changes_only_what_it_says_otherwise() {
    let office = office();
    let (one, two) = (row("W1", "退会", "2025-10-20", "申請中"), row("W2", "退会", "2025-11-20", "申請中"));
    let approved = row("W1", "退会", "2025-10-20", "承認済");
    let changes = |report: &serde_json::Value| report["corrections"].clone();
    let report = apply(&office, "2025-10-10", &[&one, &two]);
    assert_eq!(changes(&report), json!({"added": 2, "changed": 0, "unchanged": 0}));
    let state = office.state();
    assert_eq!(apply(&office, "2025-10-10", &[&one, &two])["status"], "unchanged");
    assert_eq!(office.state(), state);
    let report = apply(&office, "2025-10-25", &[&approved]);
    assert_eq!(changes(&report), json!({"added": 0, "changed": 1, "unchanged": 0}));
    let lines = audit(&office, "applications --as-of 2025-10-25");
    assert_eq!(column(&lines, "number"), ["W2", "W1", "W1"]);
    let report = apply(&office, "2025-10-26", &[&approved, &two]);
    assert_eq!(changes(&report), json!({"added": 0, "changed": 0, "unchanged": 2}));
}

/// R3: another file of one day takes the place of the first, and an older one is refused.
#[test]
fn file_of_the_same_day_replaces_and_an_older_one_is_refused() {
    let office = office();
    let said = |day: &'static str| row("W1", "退会", day, "承認済");
    apply(&office, "2025-10-05", &[&said("2025-10-25")]);
    apply(&office, "2025-10-10", &[&said("2025-10-15"), &row("W2", "退会", "2025-10-16", "承認済")]);
    assert_eq!(urawa(&office, "2025-10-16", "2025-10-10"), told(29, 0, 0));
    let report = apply(&office, "2025-10-10", &[&said("2025-10-20"), &row("W2", "退会", "2025-10-16", "申請中")]);
    assert_eq!(report["replaces"], true);
    assert_eq!(urawa(&office, "2025-10-20", "2025-10-10"), told(30, 0, 0));
    assert_eq!(urawa(&office, "2025-10-21", "2025-10-10"), told(29, 0, 0));
    assert_eq!(urawa(&office, "2025-10-25", "2025-10-09"), told(30, 0, 0));
    assert_eq!(urawa(&office, "2025-10-26", "2025-10-09"), told(29, 0, 0));
    office.save("applications_2025-10-09.csv", applications(&[&said("2025-10-01")]));
    assert_refused(&office, "import applications_2025-10-09.csv", refusal(3, "IMP-213"));
}

/// One of twenty rows is rejected: the others count, and the office gets the list.
#[test]
fn rejected_row_of_an_application_file_is_listed() {
    let office = office();
    let numbers: Vec<String> = (1..=20).map(|nth| format!("W{nth}")).collect();
    let mut rows: Vec<Vec<(&str, &str)>> =
        numbers.iter().map(|number| row(number, "退会", "2025-10-20", "申請中")).collect();
    rows[4][3].1 = "架空医師会";
    let rows: Vec<Said<'_>> = rows.iter().map(Vec::as_slice).collect();
    let report = apply(&office, "2025-10-10", &rows);
    assert_eq!((&report["rejected_rows"], &report["corrections"]["added"]), (&json!(1), &json!(19)));
    let rejected = &report["rejected"][0];
    assert_eq!(json!([rejected["row"], rejected["column"], rejected["code"]]), json!([6, "F", "IMP-005"]));
    let list = report["rejects_file"].as_str().expect("a list was written");
    assert!(office.folder().join(list).exists(), "{list}");
}

/// A second file of one day is more often a supplement than a replacement: what it lacks would be gone.
#[test]
fn second_file_of_a_day_that_lacks_rows_is_asked_about() {
    let office = office();
    let both = [row("W1", "退会", "2025-12-15", "承認済"), row("W2", "退会", "2025-12-16", "申請中")];
    let both: Vec<&[(&str, &str)]> = both.iter().map(Vec::as_slice).collect();
    apply(&office, "2025-11-10", &both);
    let before = audit(&office, "applications");
    office.save("applications_more_2025-11-10.csv", applications(&both[..1]));
    assert_refused(&office, "import applications_more_2025-11-10.csv", refusal(3, "IMP-226"));
    assert_eq!(audit(&office, "applications"), before);
    let report = office.json("import applications_more_2025-11-10.csv --accept-drop --reason 取下げ");
    assert_eq!(report[0]["replaces"], true);
}
