//! Findings that a person resolves through an adjustment file, and what the figures say before and after.

use rstest::rstest;
use serde_json::json;

use super::super::people::{NEXT, cells, edited, office, text};
use super::super::program::Office;
use super::super::refusal::{assert_refused, in_cell};
use super::{Told, adjust, adjustments, audit, body, column, counted, file, told, with_code};

const BODIES: [&str; 3] = ["浦和医師会", "埼玉県医師会", "日本医師会"];

/// The eleventh person of 浦和, and of the three bodies.
const GONE: &str = "910011";

/// An office whose second export does not show one person any more, at any tier.
fn vanished() -> Office {
    let office = office();
    office.save(NEXT, edited(|cells| drop(cells.remove(11))));
    let report = office.import(NEXT);
    assert_eq!(report[0]["findings"], json!({"FND-005": 3}));
    office
}

/// The same decision for all three tiers.
fn for_all_tiers(kind: &str, day: &str, state: &str) -> String {
    let numbers = ["T1", "T2", "T3"];
    let rows: Vec<[(&str, &str); 6]> = BODIES
        .iter()
        .zip(numbers)
        .map(|(name, number)| {
            let (who, day) = (("医籍登録番号", GONE), ("新しい日付", day));
            [("調整番号", number), ("調整種別", kind), who, ("医師会名", *name), day, ("状態", state)]
        })
        .collect();
    let rows: Vec<&[(&str, &str)]> = rows.iter().map(<[_; 6]>::as_slice).collect();
    adjustments(&rows)
}

#[rstest]
// On the last member day, and on the day after it.
#[case::left("退会", "2025-10-20", told(30, 0, 0), told(29, 0, -1))]
#[case::still_member("在籍確認", "", told(30, 0, 0), told(30, 0, 0))]
#[case::never_member("在籍なし", "", told(29, 0, -1), told(29, 0, -1))]
fn person_who_vanished_is_settled_from_the_day_of_the_file(
    #[case] kind: &str,
    #[case] day: &str,
    #[case] on_last_day: Told,
    #[case] after: Told,
) {
    let office = vanished();
    let days = ["2025-10-20", "2025-10-21", "2025-12-31"];
    let earlier = ["2025-09-30", "2025-10-31"];
    let asked = || earlier.map(|known_at| days.map(|as_of| counted(&office, as_of, known_at)));
    let before = asked();
    assert_eq!(body(&office, "浦和医師会", "2025-10-21", "2025-10-31"), told(30, 1, 0));
    assert_eq!(with_code(&audit(&office, "withdrawals"), "FND-005"), 1);

    file(&office, "adjustments", "2025-11-05", for_all_tiers(kind, day, ""));
    // What was known before the day of the file stands to the byte.
    assert_eq!(asked(), before);
    for name in ["2025-11-04", "2025-10-31"] {
        assert_eq!(body(&office, "浦和医師会", "2025-10-21", name), told(30, 1, 0), "{name}");
    }
    for tier in BODIES {
        let n = |told: Told| if tier == BODIES[0] { told } else { Told { n: told.n + 30, ..told } };
        assert_eq!(body(&office, tier, "2025-10-20", "2025-11-05"), n(on_last_day), "{tier}");
        assert_eq!(body(&office, tier, "2025-10-21", "2025-11-05"), n(after), "{tier}");
    }
    let answer = office.json("count --as-of 2025-10-21");
    assert_eq!((&answer["adjustments"], &answer["adjusted"]), (&json!(3), &json!(after.adjusted * 3)));
    let lines = audit(&office, "withdrawals --known-at 2025-11-05");
    assert_eq!(with_code(&lines, "FND-005"), 0, "{lines:?}");
    assert_eq!(with_code(&audit(&office, "withdrawals --known-at 2025-10-31"), "FND-005"), 1);
    let lines = audit(&office, "adjustments");
    assert_eq!(column(&lines, "number"), ["T1", "T2", "T3"]);
    assert_eq!(column(&lines, "code"), ["AUD-060"; 3]);

    // Taken back: everything is as it was, and the finding is open again.
    file(&office, "adjustments", "2025-11-20", for_all_tiers(kind, day, "取消"));
    assert_eq!(body(&office, "浦和医師会", "2025-10-21", "2025-11-20"), told(30, 1, 0));
    assert_eq!(body(&office, "浦和医師会", "2025-10-21", "2025-11-19"), after);
    assert_eq!(office.json("count --as-of 2025-10-21")["adjustments"], 0);
    assert_eq!(with_code(&audit(&office, "withdrawals"), "FND-005"), 1);
    assert_eq!(audit(&office, "adjustments").len(), 0);
}

/// A later export shows the person again: it speaks, the adjustment is named, and the answer of before stands.
#[test]
fn later_export_overtakes_a_withdrawal_by_adjustment() {
    let office = vanished();
    file(&office, "adjustments", "2025-11-05", for_all_tiers("退会", "2025-10-20", ""));
    let before = counted(&office, "2025-11-30", "2025-11-05");
    file(&office, "members", "2025-11-30", text(&cells()));
    assert_eq!(counted(&office, "2025-11-30", "2025-11-05"), before);
    assert_eq!(body(&office, "浦和医師会", "2025-11-30", "2025-11-29"), told(29, 0, -1));
    assert_eq!(body(&office, "浦和医師会", "2025-11-30", "2025-11-30"), told(30, 0, 0));
    assert_eq!(column(&audit(&office, "adjustments"), "code"), ["FND-019"; 3]);
}

/// 在籍確認 answers one disappearance; when the person is shown and vanishes again, that is another question.
#[test]
fn confirmed_person_who_vanishes_again_is_asked_about_again() {
    let office = vanished();
    file(&office, "adjustments", "2025-11-05", for_all_tiers("在籍確認", "", ""));
    file(&office, "members", "2025-11-30", text(&cells()));
    assert_eq!(column(&audit(&office, "adjustments"), "code"), ["AUD-060"; 3]);
    file(&office, "members", "2025-12-31", edited(|cells| drop(cells.remove(11))));
    assert_eq!(body(&office, "浦和医師会", "2025-12-31", "2025-12-31"), told(30, 1, 0));
    assert_eq!(body(&office, "浦和医師会", "2025-12-31", "2025-11-30"), told(30, 0, 0));
    assert_eq!(with_code(&audit(&office, "withdrawals"), "FND-005"), 1);
}

/// An adjustment that has no effect answers nothing: the member still vanished, and the list must still say so.
#[test]
fn adjustment_that_fits_no_stay_settles_nothing() {
    let office = vanished();
    let who = [("医籍登録番号", GONE), ("医師会名", "浦和医師会")];
    let what = [("調整番号", "T1"), ("調整種別", "退会"), ("対象入会日", "1999-01-01"), ("新しい日付", "2025-10-20")];
    adjust(&office, "2025-11-05", &[&[&who[..], &what[..]].concat()]);
    assert_eq!(body(&office, "浦和医師会", "2025-10-21", "2025-11-05"), told(30, 1, 0));
    assert_eq!(column(&audit(&office, "adjustments"), "code"), ["FND-018"]);
    assert_eq!(with_code(&audit(&office, "withdrawals"), "FND-005"), 1);
}

/// R4: exports corrected an 入会日, and the office knows that they were right before.
#[test]
fn corrected_joining_day_is_put_back() {
    let office = office();
    office.save(NEXT, edited(|cells| cells[11][7] = "2024-06-01".into()));
    assert_eq!(office.import(NEXT)[0]["findings"], json!({"FND-001": 1}));
    let eve = |known_at| body(&office, "浦和医師会", "2024-05-31", known_at).n;
    assert_eq!((eve("2025-09-30"), eve("2025-10-31")), (30, 29));
    let who = [("医籍登録番号", GONE), ("医師会名", "浦和医師会"), ("調整番号", "T1")];
    let what = [("調整種別", "入会日訂正"), ("対象入会日", "2024-06-01"), ("新しい日付", "2004-05-11")];
    adjust(&office, "2025-11-05", &[&[&who[..], &what[..]].concat()]);
    assert_eq!((eve("2025-10-31"), eve("2025-11-04"), eve("2025-11-05")), (29, 29, 30));
    assert_eq!(body(&office, "浦和医師会", "2004-05-10", "2025-11-05"), told(12, 0, 0));
    assert_eq!(body(&office, "浦和医師会", "2004-05-11", "2025-11-05"), told(14, 0, 1));
    assert_eq!(body(&office, "浦和医師会", "2024-06-01", "2025-11-05"), told(30, 0, 0));
    assert_eq!(column(&audit(&office, "adjustments"), "code"), ["AUD-060"]);
}

/// R4: two rows that overlap. The heads never doubled; the class of the false one goes with it.
#[test]
fn false_one_of_two_stays_that_overlap_is_struck() {
    let office = office();
    let doubled = edited(|cells| {
        let mut row = cells[11].clone();
        (row[6], row[7]) = ("C".into(), "2020-04-01".into());
        cells.push(row);
    });
    office.save(NEXT, doubled);
    assert_eq!(office.import(NEXT)[0]["findings"], json!({"FND-002": 1}));
    let classes = |known_at| super::classes(&office, "浦和医師会", "2025-10-31", known_at);
    let (with_c, all_b) = (vec![("B".to_owned(), 29), ("C".to_owned(), 1)], vec![("B".to_owned(), 30)]);
    assert_eq!(classes("2025-10-31"), with_c);
    let who = [("医籍登録番号", GONE), ("医師会名", "浦和医師会"), ("調整番号", "T1")];
    let what = [("調整種別", "在籍なし"), ("対象入会日", "2020-04-01")];
    adjust(&office, "2025-11-05", &[&[&who[..], &what[..]].concat()]);
    assert_eq!((classes("2025-11-04"), classes("2025-11-05")), (with_c, all_b));
    // One membership left and none came: the person is in the body with the other stay.
    assert_eq!(body(&office, "浦和医師会", "2025-10-31", "2025-11-05"), told(30, 0, 0));
}

#[test]
fn class_is_corrected_from_its_day_until_the_exports_follow() {
    let office = office();
    let who = [("医籍登録番号", GONE), ("医師会名", "浦和医師会"), ("調整番号", "T1")];
    let what = [("調整種別", "区分訂正"), ("新しい日付", "2025-04-01"), ("新しい会員区分", "A①")];
    adjust(&office, "2025-10-05", &[&[&who[..], &what[..]].concat()]);
    let classes = |as_of, known_at| super::classes(&office, "浦和医師会", as_of, known_at);
    let (b, with_a) = (vec![("B".to_owned(), 30)], vec![("A1".to_owned(), 1), ("B".to_owned(), 29)]);
    assert_eq!(classes("2025-03-31", "2025-10-05"), b);
    assert_eq!(classes("2025-04-01", "2025-10-04"), b);
    assert_eq!(classes("2025-04-01", "2025-10-05"), with_a);
    // The export agrees from its day on; the days before it keep what was decided.
    office.save(NEXT, edited(|cells| cells[11][6] = "A①".into()));
    office.import(NEXT);
    assert_eq!(classes("2025-04-01", "2025-10-31"), with_a);
    assert_eq!(classes("2025-10-31", "2025-10-31"), with_a);
    assert_eq!(column(&audit(&office, "adjustments"), "code"), ["AUD-060"]);
}

/// A file with one bad row is refused as a whole, at the cell.
#[rstest]
#[case::day("新しい日付", "2025-02-30", "F")]
#[case::kind("調整種別", "たいかい", "B")]
#[case::reason("理由", "", "L")]
#[case::approver("承認者", "", "M")]
#[case::body("医師会名", "架空医師会", "D")]
#[case::state("状態", "たぶん", "K")]
#[case::stay("対象入会日", "いつか", "E")]
fn one_bad_row_refuses_the_file(#[case] heading: &'static str, #[case] bad: &str, #[case] column: &'static str) {
    let office = office();
    let good = [
        ("調整番号", "T1"),
        ("調整種別", "退会"),
        ("医籍登録番号", GONE),
        ("医師会名", "浦和医師会"),
        ("新しい日付", "2025-10-20"),
    ];
    let mut second: Vec<(&str, &str)> = vec![(heading, bad), ("調整番号", "T2")];
    second.extend(good.iter().filter(|(name, _)| *name != heading && *name != "調整番号"));
    office.save("adjustments_2025-11-05.csv", adjustments(&[&good, &second]));
    assert_refused(&office, "import adjustments_2025-11-05.csv", in_cell("IMP-217", 3, column));
}

#[test]
fn person_whom_no_export_has_shown_refuses_the_file() {
    let office = office();
    let who = [("調整番号", "T1"), ("調整種別", "在籍なし"), ("医籍登録番号", "123456"), ("医師会名", "浦和医師会")];
    office.save("adjustments_2025-11-05.csv", adjustments(&[&who]));
    assert_refused(&office, "import adjustments_2025-11-05.csv", in_cell("IMP-020", 2, "C"));
}

/// 在籍追加 may be about somebody whom nobody has shown yet, until an export shows her.
#[test]
fn added_stay_counts_until_an_export_shows_one() {
    let office = office();
    let who = [("調整番号", "T1"), ("調整種別", "在籍追加"), ("医籍登録番号", "123456"), ("医師会名", "浦和医師会")];
    let what = [("新しい日付", "2025-10-01"), ("新しい会員区分", "A①")];
    adjust(&office, "2025-10-05", &[&[&who[..], &what[..]].concat()]);
    assert_eq!(body(&office, "浦和医師会", "2025-09-30", "2025-10-05"), told(30, 0, 0));
    assert_eq!(body(&office, "浦和医師会", "2025-10-01", "2025-10-05"), told(31, 0, 1));
    assert_eq!(body(&office, "浦和医師会", "2025-10-01", "2025-10-04"), told(30, 0, 0));
    let shown = edited(|cells| {
        let mut row = cells[1].clone();
        (row[0], row[7]) = ("123456".into(), "2025-10-10".into());
        cells.push(row);
    });
    office.save(NEXT, shown);
    office.import(NEXT);
    assert_eq!(body(&office, "浦和医師会", "2025-10-09", "2025-10-31"), told(30, 0, 0));
    assert_eq!(body(&office, "浦和医師会", "2025-10-10", "2025-10-31"), told(31, 0, 0));
    assert_eq!(column(&audit(&office, "adjustments"), "code"), ["FND-019"]);
}

/// The same file again, and a file with the same rows on a later day, change nothing.
#[test]
fn same_adjustments_again_change_nothing() {
    let office = vanished();
    let text = for_all_tiers("退会", "2025-10-20", "");
    let report = file(&office, "adjustments", "2025-11-05", &text);
    assert_eq!(report["corrections"], json!({"added": 3, "changed": 0, "unchanged": 0}));
    let state = office.state();
    assert_eq!(file(&office, "adjustments", "2025-11-05", &text)["status"], "unchanged");
    assert_eq!(office.state(), state);
    let report = file(&office, "adjustments", "2025-11-06", &(text + "\n"));
    assert_eq!(report["corrections"], json!({"added": 0, "changed": 0, "unchanged": 3}));
    assert_eq!(body(&office, "浦和医師会", "2025-10-21", "2025-11-06"), told(29, 0, -1));
}
