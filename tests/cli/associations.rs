//! Bodies through time: renamed, merged, divided, put elsewhere in the tree; counted as they were and as they are.

use std::path::Path;

use rstest::{fixture, rstest};
use serde_json::{Value, json};

use super::program::Office;
use super::refusal::{Refusal, assert_refused, in_cell, refusal};

const MASTER: &str =
    "医師会コード,階層,種別,名称,略称,上位コード,都道府県コード,並び順,有効開始日,有効終了日,後継コード\n";

const TOP: &str = "JMA,日本,その他,日本医師会,日医,,,1,,,\n\
                   P11,都道府県,地域,埼玉県医師会,埼玉県,JMA,11,11,,,\n\
                   P14,都道府県,地域,神奈川県医師会,神奈川県,JMA,14,14,,,\n";

/// 甲 and 乙 merge to 丙, 丁 is divided into 東 and 西, 旧 becomes 新, and 神奈川区 leaves 横浜市: all on 2025-10-01.
const LOCALS: &str = "11-001,郡市区等,地域,甲医師会,甲,P11,11,1,,2025-09-30,11-003\n\
                      11-002,郡市区等,地域,乙医師会,乙,P11,11,2,,2025-09-30,11-003\n\
                      11-003,郡市区等,地域,丙医師会,丙,P11,11,3,2025-10-01,,\n\
                      11-004,郡市区等,地域,丁医師会,丁,P11,11,4,,2025-09-30,11-005、11-006\n\
                      11-005,郡市区等,地域,東医師会,東,P11,11,5,2025-10-01,,\n\
                      11-006,郡市区等,地域,西医師会,西,P11,11,6,2025-10-01,,\n\
                      11-007,郡市区等,地域,旧医師会,旧,P11,11,7,,2025-09-30,\n\
                      11-007,郡市区等,地域,新医師会,新,P11,11,0,2025-10-01,,\n\
                      14-100,郡市区等,地域,横浜市医師会,横浜市,P14,14,1,,,\n\
                      14-101,郡市区等,地域,鶴見区医師会,鶴見区,14-100,14,2,,,\n\
                      14-102,郡市区等,地域,神奈川区医師会,神奈川区,14-100,14,3,,2025-09-30,\n\
                      14-102,郡市区等,地域,神奈川区医師会,神奈川区,P14,14,3,2025-10-01,,\n";

const HEADINGS: &str = "医籍登録番号,氏名,氏名カナ,生年月日,郡市区等医師会コード,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,\
     郡市区等退会日,会員状態,都道府県医師会名,都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,\
     日医退会日\n";

const BEFORE: &str = "members_2025-09-30.csv";
const AFTER: &str = "members_2025-10-31.csv";

/// A row: who, code of the body, class, 入会日, 退会日.
fn row(number: u32, body: &str, class: &str, joined: &str, left: &str) -> String {
    let state = if left.is_empty() { "在籍" } else { "退会" };
    format!("{number},架空　例,カクウ レイ,1965-02-03,{body},,{class},{joined},{left},{state},,,,,,,\n")
}

fn export(rows: &[(u32, &str, &str, &str)]) -> String {
    let rows = rows.iter().map(|(number, body, joined, left)| row(*number, body, "B", joined, left));
    std::iter::once(HEADINGS.to_owned()).chain(rows).collect()
}

/// What September shows. 4 is in both bodies that merge; 7 leaves before 丁 is divided.
const SEPTEMBER: [(u32, &str, &str, &str); 10] = [
    (1, "11-001", "1999-04-01", ""),
    (2, "11-001", "1999-04-01", ""),
    (3, "11-002", "1999-04-01", ""),
    (4, "11-001", "1999-04-01", ""),
    (4, "11-002", "2005-04-01", ""),
    (5, "11-004", "1999-04-01", ""),
    (6, "11-004", "1999-04-01", ""),
    (7, "11-004", "1999-04-01", "2025-09-15"),
    (8, "11-007", "1999-04-01", ""),
    (9, "14-101", "1999-04-01", ""),
];

/// What October shows: 1 closed and new, 2 and 4 only under the new body with the old day, 3 left open and new; 5
/// closed and new, 6 only new with the old day.
const OCTOBER: [(u32, &str, &str, &str); 13] = [
    (1, "11-001", "1999-04-01", "2025-09-30"),
    (1, "11-003", "2025-10-01", ""),
    (2, "11-003", "1999-04-01", ""),
    (3, "11-002", "1999-04-01", ""),
    (3, "11-003", "2025-10-01", ""),
    (4, "11-003", "1999-04-01", ""),
    (5, "11-004", "1999-04-01", "2025-09-30"),
    (5, "11-005", "2025-10-01", ""),
    (6, "11-006", "1999-04-01", ""),
    (7, "11-004", "1999-04-01", "2025-09-15"),
    (8, "11-007", "1999-04-01", ""),
    (9, "14-101", "1999-04-01", ""),
    (10, "14-102", "2025-10-01", ""),
];

/// An office that has taken in both exports.
#[fixture]
pub fn office() -> Office {
    let office = Office::new();
    office.save("associations.csv", format!("{MASTER}{TOP}{LOCALS}"));
    office.save(BEFORE, export(&SEPTEMBER));
    office.save(AFTER, export(&OCTOBER));
    office.import(&format!("associations.csv {BEFORE} {AFTER}"));
    office
}

/// Body, memberships and, on today's map, the marks of each row.
fn bodies(answer: &Value) -> Vec<String> {
    let rows = answer["rows"].as_array().expect("rows is a list").iter();
    rows.map(|row| {
        let mark = |key: &str| if row[key] == true { format!(" {key}") } else { String::new() };
        let code = row["association"].as_str().expect("a code");
        format!("{code} {}{}{}", row["memberships"], mark("restated"), mark("ended"))
    })
    .collect()
}

#[rstest]
#[case::before_seven_left("2025-09-15", "as-of", &["11-001 3", "11-002 2", "11-004 3", "11-007 1", "14-101 1"])]
#[case::day_before("2025-09-30", "as-of", &["11-001 3", "11-002 2", "11-004 2", "11-007 1", "14-101 1"])]
#[case::day_of("2025-10-01", "as-of", &["11-007 1", "11-003 4", "11-005 1", "11-006 1", "14-101 1", "14-102 1"])]
#[case::today_before_seven_left(
    "2025-09-15",
    "today",
    &["11-007 1", "11-003 4 restated", "11-004 1 ended", "11-005 1 restated", "11-006 1 restated", "14-101 1"]
)]
#[case::today_day_before(
    "2025-09-30",
    "today",
    &["11-007 1", "11-003 4 restated", "11-005 1 restated", "11-006 1 restated", "14-101 1"]
)]
#[case::today_day_of("2025-10-01", "today", &["11-007 1", "11-003 4", "11-005 1", "11-006 1", "14-101 1", "14-102 1"])]
fn members_are_counted_on_the_map_asked_for(
    office: Office,
    #[case] as_of: &str,
    #[case] map: &str,
    #[case] expected: &[&str],
) {
    let answer = office.json(&format!("count --as-of {as_of} --by association --map {map}"));
    assert_eq!(bodies(&answer), expected);
    // Two memberships of one person may meet in one body; the person stays one.
    let memberships: i64 =
        expected.iter().map(|row| row.split(' ').nth(1).expect("n").parse::<i64>().expect("n")).sum();
    assert_eq!(answer["totals"]["local"]["memberships"], memberships);
    assert_eq!(answer["totals"]["local"]["heads"], if as_of == "2025-09-30" { 8 } else { 9 });
    assert_eq!(answer["not_shown"], 0, "nobody misses a row of a body that is no more");
}

/// The contract of today: not a key more.
#[rstest]
fn map_stands_in_json_only_when_it_was_asked_for(office: Office) {
    let keys = |object: &Value| object.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let has = |answer: &Value, key: &str| keys(answer).iter().any(|other| other == key);
    let plain = office.json("count --as-of 2025-09-30 --by association");
    assert!(!has(&plain, "map") && !has(&plain["rows"][0], "restated") && !has(&plain["rows"][0], "ended"));
    let today = office.json("count --as-of 2025-09-30 --by association --map today");
    assert_eq!((&today["map"], &today["map_on"]), (&json!("today"), &json!("2025-10-31")));
    assert_eq!(keys(&today["rows"][0]).len(), 5);
    let by_sex = office.json("count --as-of 2025-09-30 --by association,sex --map today");
    assert_eq!(bodies(&by_sex), bodies(&today));
}

#[rstest]
fn series_goes_across_the_change_on_either_map(office: Office) {
    let of = |map: &str, day: &str| -> Vec<String> {
        let mut answer = office.json(&format!("series --from 2025-09 --to 2025-10 --by association --map {map}"));
        answer["rows"].as_array_mut().expect("a list").retain(|row| row["as_of"] == day);
        bodies(&answer)
    };
    for map in ["as-of", "today"] {
        for day in ["2025-09-30", "2025-10-31"] {
            let counted = office.json(&format!("count --as-of {day} --by association --map {map}"));
            assert_eq!(of(map, day), bodies(&counted), "{map} {day}");
        }
    }
}

/// Four levels: 日医, 神奈川県, 横浜市, its wards. 神奈川区 leaves 横浜市 on 2025-10-01.
#[rstest]
#[case::city("14-100", "2025-09-30", &["14-101 1"])]
#[case::city_by_name("横浜市医師会", "2025-10-31", &["14-101 1"])]
#[case::prefecture("P14", "2025-10-31", &["14-101 1", "14-102 1"])]
#[case::top("JMA", "2025-09-30", &["11-001 3", "11-002 2", "11-004 2", "11-007 1", "14-101 1"])]
fn bodies_below_are_those_of_the_day(
    office: Office,
    #[case] body: &str,
    #[case] as_of: &str,
    #[case] expected: &[&str],
) {
    let answer = office.json(&format!("count --as-of {as_of} --by association --association {body} --below"));
    assert_eq!(bodies(&answer), expected);
    // The same days in one series.
    let month = &as_of[..7];
    let series =
        office.json(&format!("series --from {month} --to {month} --by association --association {body} --below"));
    assert_eq!(bodies(&series), expected);
}

/// With a member in 神奈川区 from the first: below 横浜市 until the end of September.
#[rstest]
fn series_follows_the_tree(office: Office) {
    let with_ward = export(&[(9, "14-101", "1999-04-01", ""), (11, "14-102", "1999-04-01", "")]);
    office.save("members_2025-11-30.csv", with_ward);
    office.import("members_2025-11-30.csv --source wards");
    let series = office.json("series --from 2025-09 --to 2025-10 --by association --association 14-100 --below");
    let rows: Vec<_> = series["rows"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| (&row["as_of"], &row["association"]))
        .map(|pair| json!(pair))
        .collect();
    assert_eq!(
        rows,
        [json!(["2025-09-30", "14-101"]), json!(["2025-09-30", "14-102"]), json!(["2025-10-31", "14-101"])]
    );
    let totals: Vec<&Value> =
        series["days"].as_array().expect("a list").iter().map(|day| &day["totals"]["local"]["heads"]).collect();
    assert_eq!(totals, [2, 1]);
}

#[rstest]
fn csv_names_bodies_as_of_the_day(office: Office) {
    let name = |as_of: &str, map: &str| {
        let run = office
            .run(&format!("count --as-of {as_of} --by association --association 11-007 --map {map} --format csv"));
        run.stdout.lines().nth(1).expect("a row").split(',').nth(2).expect("a name").to_owned()
    };
    assert_eq!(name("2025-09-30", "as-of"), "旧医師会");
    assert_eq!(name("2025-10-01", "as-of"), "新医師会");
    assert_eq!(name("2025-09-30", "today"), "新医師会");
}

#[rstest]
fn zeros_are_of_bodies_that_exist(office: Office) {
    let codes = |as_of: &str| -> Vec<String> {
        let answer =
            office.json(&format!("count --as-of {as_of} --by association --tier local --prefecture 11 --zeros"));
        answer["rows"].as_array().expect("a list").iter().map(|row| row["association"].to_string()).collect()
    };
    assert_eq!(codes("2025-09-30"), ["\"11-001\"", "\"11-002\"", "\"11-004\"", "\"11-007\""]);
    assert_eq!(codes("2025-10-01"), ["\"11-007\"", "\"11-003\"", "\"11-005\"", "\"11-006\""]);
}

fn read(folder: &Path) -> String {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    files.sort();
    files.into_iter().map(|path| std::fs::read_to_string(path).expect("a paper can be read")).collect()
}

/// The line of a table that begins with a number and a name.
fn lines_with<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.lines().filter(|line| line.split(',').any(|cell| cell == name)).collect()
}

#[rstest]
fn papers_print_bodies_of_the_day_under_their_names_of_the_day(office: Office) {
    for as_of in ["2025-09-30", "2025-10-31"] {
        let run = office.run(&format!("report member-counts --as-of {as_of} --format csv --out papers"));
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
    }
    let september = read(&office.folder().join("papers/member-counts_2025-09-30"));
    assert!(!lines_with(&september, "旧").is_empty() && !lines_with(&september, "甲").is_empty());
    assert!(lines_with(&september, "新").is_empty() && lines_with(&september, "丙").is_empty(), "{september}");
    let october = read(&office.folder().join("papers/member-counts_2025-10-31"));
    assert!(!lines_with(&october, "新").is_empty() && lines_with(&october, "旧").is_empty(), "{october}");
    // Ended bodies stand once more, without a number, so that the changes add up; the note says where they went.
    assert_eq!(lines_with(&october, "甲").len(), 1, "{october}");
    assert!(october.contains("甲（令和7年9月30日まで、後継 丙）"), "{october}");
}

#[rstest]
fn members_of_merged_and_divided_bodies_are_reorganised(office: Office) {
    let run = office.run("--json audit transfers --from 2025-09-01 --to 2025-10-31");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let lines: Vec<String> = answer["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|line| {
            let text = |key: &str| line[key].as_str().unwrap_or("-").to_owned();
            let (left, entered) = (text("left"), text("entered"));
            format!("{} {} {left}→{entered} {}", line["registration_number"], text("kind"), line["needs_person"])
        })
        .collect();
    let expected = [
        "1 reorganised 11-001→11-003 false",
        "2 reorganised 11-001→11-003 false",
        "3 reorganised 11-002→11-003 false",
        "4 reorganised 11-001→11-003 false",
        "4 reorganised 11-002→11-003 false",
        "5 reorganised 11-004→11-005 false",
        "6 reorganised 11-004→11-006 false",
    ];
    assert_eq!(lines, expected);
    let run = office.run("report transfer-audit --as-of 2025-10-31 --format csv --out papers");
    assert_eq!(run.exit, Some(0), "{}", run.stderr);
    let paper = read(&office.folder().join("papers/transfer-audit_2025-10-31"));
    assert!(paper.contains("合併・分割によるもので"), "{paper}");
}

/// The law of R15 with a row that still says 在籍 in 乙, which is no more.
#[rstest]
fn difference_law_knows_bodies_that_are_not_there(office: Office) {
    let run = office.run("--json audit mamis-difference");
    assert_eq!(run.exit, Some(0), "{}", run.stdout);
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let terms = &answer["terms"];
    assert_eq!((&terms["bodies_not_there"], &terms["remainder"]), (&json!(1), &json!(0)), "{terms}");
    assert_eq!(answer["findings"].as_array().map(Vec::len), Some(1));
}

/// 25 members of 甲, of whom October shows nobody there. With 甲 still in force that is a truncated export.
#[rstest]
#[case::merged("2025-09-30", "11-003", 0)]
#[case::in_force("", "", 3)]
fn guard_misses_nobody_of_a_merged_body(#[case] last: &str, #[case] successor: &str, #[case] exit: i32) {
    let office = Office::new();
    let locals = format!(
        "11-001,郡市区等,地域,甲医師会,甲,P11,11,1,,{last},{successor}\n\
         11-003,郡市区等,地域,丙医師会,丙,P11,11,3,,,\n"
    );
    office.save("associations.csv", format!("{MASTER}{TOP}{locals}"));
    let rows = |body: &'static str| (1..=25).map(|n| (n, body, "1999-04-01", "")).collect::<Vec<_>>();
    office.save(BEFORE, export(&rows("11-001")));
    office.save(AFTER, export(&rows("11-003")));
    office.import(&format!("associations.csv {BEFORE}"));
    let run = office.run(&format!("--json import {AFTER}"));
    assert_eq!(run.exit, Some(exit), "{}", run.stderr);
    if exit == 0 {
        let report: Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(report[0]["findings"], json!({}), "nobody vanished");
        let answer = office.json("count --as-of 2025-10-31 --by association");
        assert_eq!((bodies(&answer), &answer["not_shown"]), (vec!["11-003 25".into()], &json!(0)));
        // 丙 was there before, and its rows show the 入会日 of 甲: they are the same memberships, not 25 more.
        let answer = office.json("count --as-of 2025-09-30 --by association");
        assert_eq!(bodies(&answer), ["11-001 25"]);
        let answer = office.json("count --as-of 2025-09-30 --by association --map today");
        assert_eq!(bodies(&answer), ["11-003 25 restated"]);
    }
}

/// A stay that begins after its body ended is never counted, and told.
#[rstest]
fn stay_outside_its_body_is_a_finding(office: Office) {
    let mut rows = OCTOBER.to_vec();
    rows.push((12, "11-001", "2025-10-05", ""));
    office.save("members_2025-11-30.csv", export(&rows));
    let report = office.import("members_2025-11-30.csv");
    assert_eq!(report[0]["findings"], json!({ "FND-030": 1 }));
    let answer = office.json("count --as-of 2025-11-30 --by association");
    assert!(bodies(&answer).iter().all(|row| !row.starts_with("11-001")), "{answer}");
}

/// One name, first of the body that ended, then of the one that took its place: the day of the row tells them apart.
#[test]
fn name_that_passed_to_the_successor_is_read_by_the_day_of_the_row() {
    let office = Office::new();
    let locals = "11-001,郡市区等,地域,川口医師会,川口,P11,11,1,,2025-09-30,11-003\n\
                  11-003,郡市区等,地域,川口医師会,川口,P11,11,3,2025-10-01,,\n";
    office.save("associations.csv", format!("{MASTER}{TOP}{locals}"));
    let named = |rows: &[(u32, &str, &str)]| {
        let rows =
            rows.iter().map(|(number, joined, left)| row(*number, "", "B", joined, left).replace(",,,B,", ",,川口,B,"));
        std::iter::once(HEADINGS.to_owned()).chain(rows).collect::<String>()
    };
    office.save(BEFORE, named(&[(1, "1999-04-01", "")]));
    office.save(AFTER, named(&[(1, "1999-04-01", "2025-09-30"), (1, "2025-10-01", "")]));
    let report = office.import(&format!("associations.csv {BEFORE} {AFTER}"));
    assert!(report.as_array().expect("a list").iter().all(|file| file["rejected_rows"] == 0), "{report}");
    let on = |day: &str| bodies(&office.json(&format!("count --as-of {day} --by association")));
    assert_eq!((on("2025-09-30"), on("2025-10-01")), (vec!["11-001 1".to_owned()], vec!["11-003 1".to_owned()]));
}

/// One change of the master of this file.
fn edited(from: &str, to: &str) -> String {
    let master = format!("{MASTER}{TOP}{LOCALS}");
    assert_eq!(master.matches(from).count(), 1, "{from}");
    master.replace(from, to)
}

#[rstest]
#[case::spans_share_a_day(edited("旧,P11,11,7,,2025-09-30", "旧,P11,11,7,,2025-10-01"), in_cell("IMP-240", 12, "I"))]
#[case::span_is_reversed(
    edited("丙,P11,11,3,2025-10-01,,", "丙,P11,11,3,2025-10-01,2025-09-30,"),
    in_cell("IMP-241", 7, "J")
)]
#[case::day_between_spans(edited("新,P11,11,0,2025-10-01", "新,P11,11,0,2025-10-02"), in_cell("IMP-242", 12, "I"))]
#[case::other_prefecture(edited("新,P11,11,0,", "新,P11,14,0,"), in_cell("IMP-243", 12, "B"))]
#[case::successor_unknown(
    edited("甲,P11,11,1,,2025-09-30,11-003", "甲,P11,11,1,,2025-09-30,11-033"),
    in_cell("IMP-244", 5, "K")
)]
#[case::successor_elsewhere(
    edited("甲,P11,11,1,,2025-09-30,11-003", "甲,P11,11,1,,2025-09-30,14-100"),
    in_cell("IMP-245", 5, "K")
)]
#[case::successor_without_end(edited("甲,P11,11,1,,2025-09-30", "甲,P11,11,1,,"), in_cell("IMP-246", 5, "K"))]
#[case::successor_circle(
    edited("丙,P11,11,3,2025-10-01,,", "丙,P11,11,3,2025-10-01,2025-10-31,11-001"),
    in_cell("IMP-247", 5, "K")
)]
#[case::successor_a_day_late(
    edited("丙,P11,11,3,2025-10-01,,", "丙,P11,11,3,2025-10-02,,"),
    in_cell("IMP-248", 5, "K")
)]
#[case::parent_not_there(edited("横浜市,P14,14,1,,,", "横浜市,P14,14,1,,2025-09-29,"), in_cell("IMP-249", 14, "F"))]
#[case::same_code_twice(edited("11-002,郡市区等", "11-001,郡市区等"), in_cell("IMP-220", 6, "A"))]
#[case::body_with_members_lost(edited("14-101,", "14-111,"), refusal(3, "IMP-218"))]
fn master_that_contradicts_itself_through_time_is_refused(
    office: Office,
    #[case] master: String,
    #[case] expected: Refusal,
) {
    office.save("new.csv", master);
    assert_refused(&office, "import new.csv", expected);
}
