//! Definitions of the office's own, had from the program: copies of shipped ones, and layouts that read new headings.

use std::path::Path;

use rstest::rstest;

use super::people::{KNOWN, cells, master, office, text};
use super::program::Office;

fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("reports").join(name);
    std::fs::read_to_string(path).expect("the shipped definition can be read")
}

fn read(office: &Office, name: &str) -> String {
    std::fs::read_to_string(office.folder().join(name)).expect("the file is there")
}

/// The export of `people` with one heading changed.
fn with_heading(from: &str, to: &str) -> String {
    let mut cells = cells();
    let heading = cells[0].iter_mut().find(|heading| *heading == from).expect("the export has the heading");
    *heading = to.to_string();
    text(&cells)
}

#[rstest]
#[case::id("member-counts", "member-counts.toml")]
#[case::title("会員数報告", "member-counts.toml")]
#[case::file("seats.toml", "seats.toml")]
#[case::words("用語表", "vocabulary.toml")]
#[case::layout("mamis-members-wide", "layouts/mamis-members-wide.toml")]
fn shipped_definition_is_copied_and_read(#[case] name: &str, #[case] file: &str) {
    let office = Office::new();
    let run = office.run(&format!("reports copy {name}"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains(file) && run.stderr.contains("kaiin.toml"), "{}", run.stderr);
    let copy = format!("kaiin-data/definitions/{file}");
    assert_eq!(read(&office, &copy), shipped(file));
    let check = office.run("reports check");
    assert_eq!(check.exit, Some(0), "{}", check.stderr);
    assert_eq!(office.run(&format!("reports show {name}")).stdout, shipped(file));
    // What the office has written since stays.
    office.save(&copy, "# 手元の定義\n");
    let again = office.run(&format!("--json reports copy {name}"));
    assert_eq!((again.exit, again.error()["error"]["code"].as_str()), (Some(2), Some("USE-119")));
    assert_eq!(read(&office, &copy), "# 手元の定義\n");
}

/// The copy is what the program goes by from then on.
#[test]
fn copied_report_is_the_one_that_is_made() {
    let office = office();
    office.run("reports copy 会員数報告");
    let path = "kaiin-data/definitions/member-counts.toml";
    office.save(path, read(&office, path).replacen("会員数報告", "わが会の会員数", 1));
    let list = office.run("reports list").stdout;
    assert!(list.contains("わが会の会員数") && !list.contains("会員数報告"), "{list}");
}

#[rstest]
#[case::none(None, "definitions/seats.toml")]
#[case::no_folder(Some("handling = \"内部\"\n\n[import]\nmax_rejected_percent = 7\n"), "definitions/seats.toml")]
#[case::folder_that_is_not_there(Some("definitions = \"own\"\n"), "own/seats.toml")]
#[case::windows(
    Some("\u{feff}handling = \"内部\"\r\n[jobs]\r\nreports = [\r\n \"member-counts\",\r\n]\r\n"),
    "definitions/seats.toml"
)]
fn folder_is_made_and_named_in_the_settings(#[case] settings: Option<&str>, #[case] file: &str) {
    let office = Office::new();
    std::fs::create_dir_all(office.data()).expect("the folder can be made");
    if let Some(settings) = settings {
        office.save("kaiin-data/kaiin.toml", settings);
    }
    let run = office.run("reports copy seats");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    assert_eq!(read(&office, &format!("kaiin-data/{file}")), shipped("seats.toml"));
    let after = read(&office, "kaiin-data/kaiin.toml");
    for line in settings.unwrap_or_default().trim_start_matches('\u{feff}').lines() {
        assert!(after.contains(line), "{line} is gone: {after}");
    }
    assert_eq!(
        after.matches("\ndefinitions =").count()
            + usize::from(after.trim_start_matches('\u{feff}').starts_with("definitions =")),
        1
    );
    assert_eq!(office.run("reports check").exit, Some(0));
    // A second definition goes into the same folder, and the settings stay as they are.
    assert_eq!(office.run("reports copy duties").exit, Some(0));
    assert_eq!(read(&office, "kaiin-data/kaiin.toml"), after);
}

/// A definition that is wrong must not keep the way to a right one shut.
#[test]
fn copy_and_headings_work_beside_a_wrong_definition() {
    let office = Office::new();
    office.run("reports copy seats");
    office.save("kaiin-data/definitions/seats.toml", "x =\n");
    assert_eq!(office.run("reports check").exit, Some(2));
    assert_eq!(office.run("reports copy duties").exit, Some(0));
    assert_eq!(office.run("layouts add-heading 郡市区等入会日=入会年月日").exit, Some(0));
}

#[rstest]
#[case::by_field("local_joined_on=入会年月日")]
#[case::by_heading("郡市区等入会日=入会年月日")]
#[case::full_width_sign("郡市区等入会日＝入会年月日")]
fn new_heading_is_read(#[case] pair: &str) {
    let office = Office::new();
    let export = with_heading("郡市区等入会日", "入会年月日");
    office.save("associations.csv", master());
    office.save(KNOWN, &export);
    assert_eq!(office.run(&format!("import associations.csv {KNOWN}")).exit, Some(3));
    let run = office.run(&format!("layouts add-heading {pair}"));
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let explained = office.run(&format!("import --explain-layout {KNOWN}"));
    assert!(explained.exit == Some(0) && explained.stdout.contains("入会年月日"), "{}", explained.stdout);
    office.import(&format!("associations.csv {KNOWN}"));
    // Only the heading is new, and the old one is read as before.
    let (made, before) = (
        read(&office, "kaiin-data/definitions/layouts/mamis-members-wide.toml"),
        shipped("layouts/mamis-members-wide.toml"),
    );
    let changed: Vec<(&str, &str)> = made.lines().zip(before.lines()).filter(|(one, other)| one != other).collect();
    assert_eq!(changed, [("headings = [\"郡市区等入会日\", \"入会年月日\"]", "headings = [\"郡市区等入会日\"]")]);
    assert_eq!(made.lines().count(), before.lines().count());
    office.save("members_2025-10-31.csv", text(&cells()));
    office.import("members_2025-10-31.csv");
    // Once more says so, and changes nothing.
    let again = office.run(&format!("layouts add-heading {pair}"));
    assert!(again.exit == Some(0) && again.stderr.contains("すでに読めます"), "{}", again.stderr);
    assert_eq!(read(&office, "kaiin-data/definitions/layouts/mamis-members-wide.toml"), made);
}

/// A field of every kind of member list gets its heading in each of them; a named layout alone.
#[test]
fn heading_goes_where_its_field_is() {
    let office = Office::new();
    let all = office.json("layouts add-heading 医籍登録番号=会員番号");
    assert_eq!(all["files"].as_array().map(Vec::len), Some(2), "{all}");
    let one = office.json("layouts add-heading 申請番号=受付番号 --layout mamis-applications");
    assert_eq!(one["files"].as_array().map(Vec::len), Some(1), "{one}");
    assert_eq!(office.run("reports check").exit, Some(0));
}

#[rstest]
#[case::of_another_field(
    "郡市区等退会日=郡市区等入会日",
    "USE-122",
    "郡市区等入会日（local_joined_on、mamis-members-wide）"
)]
#[case::of_another_field_in_another_width("卒業年月=氏名(ｶﾅ)", "USE-122", "氏名カナ（kana、")]
#[case::no_field("郡市区等入会年=入会年月日", "USE-121", "「郡市区等入会日」のことではありませんか")]
#[case::reversed("入会年月日=郡市区等入会日", "USE-121", "「郡市区等入会日=入会年月日」のことではありませんか")]
#[case::no_sign("郡市区等入会日", "USE-120", "項目=見出し")]
#[case::no_heading("郡市区等入会日=", "USE-123", "見出しがない")]
#[case::no_layout("郡市区等入会日=入会年月日 --layout mamis", "CFG-003", "mamis-members-wide")]
#[case::second_pair_is_wrong("郡市区等入会日=入会年月日 x=y", "USE-121", "使えるもの")]
fn heading_that_cannot_be_added_changes_nothing(#[case] arguments: &str, #[case] code: &str, #[case] said: &str) {
    let office = Office::new();
    let run = office.run(&format!("layouts add-heading {arguments}"));
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains(code) && run.stderr.contains(said), "{}", run.stderr);
    assert!(!office.data().join("definitions").exists() && !office.data().join("kaiin.toml").exists());
}

#[test]
fn report_of_the_monthly_job_that_does_not_exist_is_named() {
    let office = office();
    office.save("kaiin-data/kaiin.toml", "[jobs]\nreports = [\n  \"member-counts\",\n  \"member-count\",\n]\n");
    let run = office.run("reports check");
    assert_eq!(run.exit, Some(2));
    for part in ["CFG-004", "kaiin.toml", "「member-count」は使えません", "「member-counts」のことではありませんか"]
    {
        assert!(run.stderr.contains(part), "{part} is not said: {}", run.stderr);
    }
    office.save("kaiin-data/kaiin.toml", "[jobs]\nreports = [\"member-counts\"]\n");
    assert_eq!(office.run("reports check").exit, Some(0));
}
