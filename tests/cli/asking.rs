//! What asks (R24, R34, R35): exit 3, nothing stored, the members before and after, and the option that answers.

use std::fmt::Write as _;

use rstest::rstest;

use super::program::{Office, Run};
use super::samples::Sample;
use super::taken_back::run_at;

pub(super) const NOW: &str = "2026-02-01T00:00:00Z";

/// Invented people of one body with the day of their last update.
pub(super) fn export(n: usize, updated: &str) -> String {
    let mut text = "医籍登録番号,氏名,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,\
                    都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日,最終更新日時\n"
        .to_owned();
    for number in 100_000..100_000 + n {
        writeln!(text, "{number},架空　例,浦和医師会,B,2001-04-01,,在籍,,,,,,,{updated}")
            .expect("a text takes more text");
    }
    text
}

pub(super) fn office() -> Office {
    let office = Office::new();
    office.import(&Sample::cases().files[0].display().to_string());
    office
}

pub(super) fn import(office: &Office, name: &str, text: &str, more: &[&str]) -> Run {
    office.save(name, text);
    run_at(office, NOW, &[&["import", name], more].concat())
}

/// That the file asks with a code, stores nothing, and names the option that answers.
#[track_caller]
fn assert_asks(office: &Office, run: &Run, code: &str, option: &str) {
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    for word in [code, "IMP-279", "→", option] {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
    let _ = office;
}

#[rstest]
#[case::small_and_quiet(30, "2025-06-01 09:00:00", "")]
#[case::day_of_the_export(30, "2025-12-31 23:59:59", "")]
#[case::day_after(30, "2026-01-01 00:10:00", "IMP-270")]
#[case::large_and_forty_five_days(500, "2025-11-16 09:00:00", "")]
#[case::large_and_forty_six_days(500, "2025-11-15 09:00:00", "IMP-271")]
#[case::one_row_less(499, "2025-11-15 09:00:00", "")]
#[case::without_updates(600, "", "")]
fn newest_update_is_compared_with_the_export_day(#[case] n: usize, #[case] updated: &str, #[case] code: &str) {
    let office = office();
    let text = export(n, updated);
    let run = import(&office, "members_2025-12-31.csv", &text, &[]);
    if code.is_empty() {
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        return;
    }
    assert_asks(&office, &run, code, "--known-at 2025-12-31");
    let dry = import(&office, "members_2025-12-31.csv", &text, &["--dry-run"]);
    assert_asks(&office, &dry, code, "--known-at 2025-12-31");
    assert_eq!(office.json("import --list").as_array().map(Vec::len), Some(1), "nothing is stored");
    let answered = import(&office, "members_2025-12-31.csv", &text, &["--known-at", "2025-12-31"]);
    assert_eq!(answered.exit, Some(0), "{}", answered.stderr);
}

#[rstest]
#[case::one_day_ahead("2026-02-02", "")]
#[case::two_days_ahead("2026-02-03", "IMP-219")]
#[case::first_day_of_1990("1990-01-01", "")]
#[case::last_day_of_1989("1989-12-31", "IMP-252")]
fn export_day_is_between_1990_and_tomorrow(#[case] day: &str, #[case] code: &str) {
    let office = office();
    let run = import(&office, "members.csv", &export(3, ""), &["--known-at", day]);
    assert!(run.stderr.contains(code), "{}", run.stderr);
    assert_eq!(run.exit, Some(if code.is_empty() { 0 } else { 3 }), "{}", run.stderr);
}

#[test]
fn file_that_replaces_a_day_with_fewer_people_asks() {
    let office = office();
    assert_eq!(import(&office, "members_2025-12-31.csv", &export(60, ""), &[]).exit, Some(0));
    let fewer = import(&office, "members_2025-12-31.csv", &export(59, ""), &[]);
    assert_asks(&office, &fewer, "IMP-273", "--accept-change --reason");
    assert!(fewer.stderr.contains("60 → 59"), "{}", fewer.stderr);
    // Far fewer asks two things at once, and the command answers both.
    let far = import(&office, "members_2025-12-31.csv", &export(20, ""), &[]);
    assert_asks(&office, &far, "IMP-273", "--accept-drop --accept-change --reason");
    assert!(far.stderr.contains("IMP-212"), "{}", far.stderr);
    let half = import(&office, "members_2025-12-31.csv", &export(20, ""), &["--accept-drop", "--reason", "半分"]);
    assert_eq!(half.exit, Some(3), "{}", half.stderr);
    let more = import(&office, "members_2025-12-31.csv", &export(61, ""), &[]);
    assert_eq!(more.exit, Some(0), "more people ask nothing: {}", more.stderr);
    let accepted = ["--accept-change", "--reason", "重複の整理"];
    assert_eq!(import(&office, "members_2025-12-31.csv", &export(60, ""), &accepted).exit, Some(0));
}

#[test]
fn first_export_that_looks_cut_asks_and_the_second_does_not() {
    let office = office();
    let open = export(30, "2025-12-01");
    let open = open.trim_end();
    let cut = import(&office, "members_2025-12-31.csv", open, &[]);
    assert_asks(&office, &cut, "IMP-275", "--accept-change --reason");
    assert!(cut.stderr.contains("31"), "the row is named: {}", cut.stderr);
    let accepted = import(&office, "members_2025-12-31.csv", open, &["--accept-change", "--reason", "全部ある"]);
    assert_eq!(accepted.exit, Some(0), "{}", accepted.stderr);
    // Later ones are compared with the one before.
    assert_eq!(import(&office, "members_2026-01-31.csv", open, &[]).exit, Some(0));
}

#[test]
fn first_export_with_far_fewer_people_than_rows_asks() {
    let office = office();
    let mut text = export(30, "");
    for number in 100_020..100_030 {
        text = text.replace(&format!("\n{number},架空　例"), "\n100020,架空　例");
    }
    let run = import(&office, "members_2025-12-31.csv", &text, &[]);
    assert_asks(&office, &run, "IMP-276", "--accept-change --reason");
    assert!(run.stderr.contains("21 / 30"), "{}", run.stderr);
    // People in a second body are no surplus.
    let concurrent = export(30, "").replace("浦和医師会", "大宮医師会");
    let heads_end = concurrent.find('\n').expect("a heading") + 1;
    let both = export(30, "") + &concurrent[heads_end..];
    assert_eq!(import(&office, "members_2025-12-31.csv", &both, &[]).exit, Some(0));
}

/// The guard allows 5 % after one month and half a point more for each further one (R35); of one body 20 %.
#[rstest]
#[case::first_month("2025-01-31", 95, true)]
#[case::first_month_too_many("2025-01-31", 94, false)]
#[case::a_year("2025-12-31", 90, true)]
#[case::a_year_too_many("2025-12-31", 88, false)]
fn guard_allows_more_after_more_months(#[case] day: &str, #[case] percent: usize, #[case] passes: bool) {
    let office = office();
    assert_eq!(import(&office, "members_2024-12-31.csv", &export(400, ""), &[]).exit, Some(0));
    let name = format!("members_{day}.csv");
    for more in [vec![], vec!["--dry-run"], vec!["--atomic"]] {
        let run = import(&office, &name, &export(4 * percent, ""), &more);
        assert_eq!(run.exit, Some(if passes { 0 } else { 3 }), "{more:?}: {}", run.stderr);
    }
}

/// A late application changes what the papers of a month said: that is asked, with month and papers. A newer export and
/// one that changes nothing are not.
#[test]
fn file_that_changes_a_month_that_is_done_asks() {
    let office = office();
    office.save("kaiin-data/kaiin.toml", "[jobs]\nreports = [\"member-counts\"]\n");
    assert_eq!(import(&office, "members_2025-11-30.csv", &export(60, ""), &[]).exit, Some(0));
    let ring = office.run("--json jobs tick --now 2025-12-05T06:00:00+09:00");
    assert!(ring.stdout.contains("\"done\":[\"2025-11\"]"), "{}{}", ring.stdout, ring.stderr);
    let heads = "申請番号,申請種別,申請者区分,医籍登録番号,氏名,対象医師会,申請日,適用日,承認日,取消日,状態,変更後会員区分,退会理由,備考";
    let filed = |day: &str| {
        format!("{heads}\nW1,退会,本人,100001,架空　例,浦和医師会,2025-11-01,{day},2025-11-02,,承認済,,死亡,診断書\n")
    };
    let late = import(&office, "applications_2025-11-29.csv", &filed("2025-11-20"), &[]);
    assert_asks(&office, &late, "IMP-274", "--accept-change --reason");
    assert!(late.stderr.contains("papers/2025-11/"), "the papers are named: {}", late.stderr);
    // It has no effect on the day of the papers, and they list who is going to leave.
    let ahead = import(&office, "applications_2025-11-29.csv", &filed("2025-12-20"), &[]);
    assert_asks(&office, &ahead, "IMP-274", "--accept-change --reason");
    assert_eq!(import(&office, "members_2025-12-31.csv", &export(58, ""), &[]).exit, Some(0), "a newer export");
    let replaced = import(
        &office,
        "applications_2025-11-29.csv",
        &filed("2025-11-20"),
        &["--accept-change", "--reason", "死亡の届出"],
    );
    assert_eq!(replaced.exit, Some(0), "{}", replaced.stderr);
    // Taking it back names what was made from it.
    let taken = office.run("import --take-back applications_2025-11-29.csv --accept-change --reason 試し");
    assert!(taken.exit == Some(0) && taken.stderr.contains("papers/2025-11/"), "{}", taken.stderr);
}
