//! Months that are done and would say something else (R3, R34): asked, told with members before and after and with the papers
//! concerned, and marked 要改定 until they are made once more. What no paper shows is neither.

use rstest::rstest;
use serde_json::{Value, json};

use super::asking::{NOW, export, import, office};
use super::program::{Office, Run};
use super::taken_back::run_at;

pub(super) const LIST: &str = "members_2025-11-30.csv";

/// An office whose November is done, with the reports of the settings.
pub(super) fn office_with_november(reports: &str, list: &str) -> Office {
    let office = office();
    std::fs::write(office.data().join("kaiin.toml"), format!("[jobs]\nreports = [{reports}]\n")).expect("writable");
    assert_eq!(import(&office, LIST, list, &[]).exit, Some(0));
    let ring = office.run("--json jobs tick --now 2025-12-05T06:00:00+09:00");
    assert!(ring.stdout.contains("\"done\":[\"2025-11\"]"), "{}{}", ring.stdout, ring.stderr);
    office
}

/// The papers that wait to be made once more, and that table and JSON agree.
pub(super) fn due(office: &Office) -> Vec<String> {
    let listed = office.json("jobs list");
    let november = &listed[0];
    let table = office.run("jobs list").stdout;
    assert_eq!(table.contains("要改定"), november["needs_revision"] == json!(true), "{table}");
    let english = office.run("jobs list --lang en").stdout;
    assert_eq!(english.contains("to be revised"), november["needs_revision"] == json!(true), "{english}");
    let papers = november["revision"]["papers"].as_array().cloned().unwrap_or_default();
    papers.iter().map(|paper| paper.as_str().expect("a folder").to_owned()).collect()
}

pub(super) fn applications(day: &str) -> String {
    let heads = "申請番号,申請種別,申請者区分,医籍登録番号,氏名,対象医師会,申請日,適用日,承認日,取消日,状態,変更後会員区分,退会理由,備考";
    format!("{heads}\nW1,退会,本人,100001,架空　例,浦和医師会,2025-11-01,{day},2025-11-02,,承認済,,死亡,診断書\n")
}

fn adjustment() -> String {
    let heads = "調整番号,調整種別,医籍登録番号,医師会名,対象入会日,新しい日付,新しい会員区分,退会理由,統合元番号,要確認コード,状態,理由,承認者";
    format!("{heads}\n2025-1,退会,100001,浦和医師会,2001-04-01,2025-11-03,,その他,,,有効,本人の届出,事務局長\n")
}

fn master(with: impl Fn(String) -> String) -> String {
    let path = &super::samples::Sample::cases().files[0];
    with(std::fs::read_to_string(path).expect("the master"))
}

pub(super) fn accepted(office: &Office, name: &str, text: &str) -> Run {
    import(office, name, text, &["--accept-change", "--accept-drop", "--reason", "確かめた"])
}

/// Each kind of file that changes what November said: it asks with the numbers, stores nothing, marks the month once it is
/// accepted, and the month made once more is no longer marked.
#[rstest]
#[case::fewer_people(LIST, export(58, ""), "60 → 58")]
#[case::more_people(LIST, export(62, ""), "60 → 62")]
#[case::late_application("applications_2025-11-29.csv", applications("2025-11-20"), "60 → 59")]
#[case::late_adjustment("adjustments_2025-11-29.csv", adjustment(), "60 → 59")]
fn file_that_changes_a_month_asks_marks_and_is_made_good(
    #[case] name: &str,
    #[case] text: String,
    #[case] numbers: &str,
) {
    let office = office_with_november("\"member-counts\"", &export(60, ""));
    let paper = "papers/2025-11/member-counts_2025-11-30";
    for more in [vec![], vec!["--dry-run"]] {
        let asked = import(&office, name, &text, &more);
        assert_eq!(asked.exit, Some(3), "{}", asked.stderr);
        for word in ["IMP-274", "2025-11（2025-11-30 現在）", numbers, paper, "--accept-change --reason"] {
            assert!(asked.stderr.contains(word), "{word}: {}", asked.stderr);
        }
    }
    let english = import(&office, name, &text, &["--lang", "en"]);
    assert!(english.stderr.contains("papers concerned: papers/2025-11/"), "{}", english.stderr);
    assert_eq!(due(&office), Vec::<String>::new());
    let run = accepted(&office, name, &text);
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains("要改定") && run.stderr.contains("kaiin jobs rerun 2025-11"), "{}", run.stderr);
    assert_eq!(due(&office), [paper]);
    let rerun = office.run("jobs rerun 2025-11 --reason 届出");
    assert_eq!(rerun.exit, Some(0), "{}", rerun.stderr);
    assert_eq!(due(&office), Vec::<String>::new());
    let folder = office.data().join(format!("{paper}_v2"));
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).expect("the second edition");
    assert!(manifest.contains("訂正版 2"), "{manifest}");
}

/// A master in which a body has ended changes the months after it.
#[test]
fn master_whose_dates_change_asks_about_all_months() {
    let office = office_with_november("\"member-counts\"", &export(60, ""));
    let ended = |text: String| {
        let with_days: Vec<String> = text
            .lines()
            .enumerate()
            .map(|(nth, line)| match (nth, line.contains("浦和医師会")) {
                (0, _) => format!("{line},有効終了日"),
                (_, true) => format!("{line},2025-10-31"),
                _ => format!("{line},"),
            })
            .collect();
        with_days.join("\n") + "\n"
    };
    let text = master(ended);
    let asked = import(&office, "associations.csv", &text, &[]);
    assert_eq!(asked.exit, Some(3), "{}", asked.stderr);
    assert!(asked.stderr.contains("IMP-274") && asked.stderr.contains("60 → 0"), "{}", asked.stderr);
    assert_eq!(accepted(&office, "associations.csv", &text).exit, Some(0));
    assert_eq!(due(&office), ["papers/2025-11/member-counts_2025-11-30"]);
}

/// Taking back asks as taking in does; taking the same in again makes the month what it was, without a new edition.
#[test]
fn taking_back_asks_marks_and_taking_in_again_clears() {
    let office = office_with_november("\"member-counts\"", &export(60, ""));
    assert_eq!(accepted(&office, "applications_2025-11-29.csv", &applications("2025-11-20")).exit, Some(0));
    assert_eq!(office.run("jobs rerun 2025-11 --reason 届出").exit, Some(0));
    let back = ["import", "--take-back", "applications_2025-11-29.csv", "--reason", "試し"];
    let asked = run_at(&office, NOW, &back);
    assert_eq!(asked.exit, Some(3), "{}", asked.stderr);
    for word in ["IMP-274", "59 → 60", "--take-back 3 --accept-change", "member-counts_2025-11-30_v2"] {
        assert!(asked.stderr.contains(word), "{word}: {}", asked.stderr);
    }
    assert_eq!(office.json("import --list")[2]["state"], json!("stands"), "nothing is taken back");
    let taken = run_at(&office, NOW, &[&back[..], &["--accept-change", "--json"]].concat());
    assert_eq!(taken.exit, Some(0), "{}", taken.stderr);
    let told: Value = serde_json::from_str(&taken.stdout).expect("a report");
    assert_eq!(told["changed_months"][0]["period"], json!("2025-11"));
    assert_eq!(due(&office), ["papers/2025-11/member-counts_2025-11-30_v2"]);
    assert_eq!(accepted(&office, "applications_2025-11-29.csv", &applications("2025-11-20")).exit, Some(0));
    assert_eq!(due(&office), Vec::<String>::new(), "the papers say what is known again");
}

/// A question of the inbox is the same question.
#[test]
fn file_in_the_inbox_asks_and_its_answer_marks() {
    let office = office_with_november("\"member-counts\"", &export(60, ""));
    let inbox = office.data().join("inbox");
    std::fs::create_dir_all(&inbox).expect("it can be made");
    std::fs::write(inbox.join("applications_2025-11-29.csv"), applications("2025-11-20")).expect("it can be written");
    let ring = office.run("--json jobs tick --now 2025-12-06T06:00:00+09:00");
    assert!(ring.stdout.contains("IMP-287"), "{}", ring.stdout);
    let waiting = "kaiin-data/inbox/確認待ち/applications_2025-11-29.csv";
    let reason = std::fs::read_to_string(office.folder().join(format!("{waiting}.理由.txt"))).expect("the question");
    assert!(reason.contains("IMP-274") && reason.contains("60 → 59") && reason.contains("papers/2025-11/"), "{reason}");
    assert_eq!(due(&office), Vec::<String>::new());
    let answered = run_at(&office, NOW, &["import", waiting, "--accept-change", "--reason", "確かめた"]);
    assert_eq!(answered.exit, Some(0), "{}", answered.stderr);
    assert_eq!(due(&office), ["papers/2025-11/member-counts_2025-11-30"]);
}

/// Other people of the same number: a table of counts says the same, a list of people does not.
#[test]
fn other_people_of_the_same_number_concern_the_lists_alone() {
    let left = |number: &str| {
        let day = format!("{number},架空　例,浦和医師会,B,2001-04-01,");
        let left = format!("{number},架空　{number}番,浦和医師会,B,2001-04-01,2025-11-10");
        export(60, "").replace(&day, &left).replace("2025-11-10,在籍", "2025-11-10,退会")
    };
    let office = office_with_november("\"member-counts\", \"withdrawal-audit\"", &left("100001"));
    let asked = import(&office, LIST, &left("100002"), &[]);
    assert_eq!(asked.exit, Some(3), "{}", asked.stderr);
    assert!(asked.stderr.contains("papers/2025-11/withdrawal-audit"), "{}", asked.stderr);
    assert!(!asked.stderr.contains("papers/2025-11/member-counts"), "{}", asked.stderr);
    assert!(asked.stderr.contains("59 → 59"), "{}", asked.stderr);
}

/// What no paper shows asks nothing and marks nothing.
#[rstest]
#[case::newer_export("members_2025-12-31.csv", export(58, ""))]
#[case::same_people_updated(LIST, export(60, "2025-11-29 09:00:00"))]
#[case::other_people_of_the_same_number(LIST, export(60, "").replace("100001", "200001"))]
#[case::effect_nowhere("applications_2025-11-29.csv", applications("2025-12-20").replace("2025-11-02,,承認済", "2025-11-02,2025-11-03,退会取消"))]
#[case::new_body(
    "associations.csv",
    master(|text| text + "11-099,郡市区等,地域,黒山市医師会,黒山市,,P11,11,99\n")
)]
fn file_that_changes_no_paper_is_taken_in_silently(#[case] name: &str, #[case] text: String) {
    let office = office_with_november("\"member-counts\"", &export(60, ""));
    let run = import(&office, name, &text, &[]);
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert!(!run.stderr.contains("要改定"), "{}", run.stderr);
    assert_eq!(due(&office), Vec::<String>::new());
}
