//! How far back each area is known (R7): sources that begin in different months, that take each other's place, that tell
//! of somebody elsewhere.

use rstest::rstest;
use serde_json::{Value, json};

use super::program::Office;

/// Four local bodies in two prefectures; 緑 takes the place of 大宮 on 2025-11-01.
const MASTER: &str =
    "医師会コード,階層,種別,名称,略称,別名,上位コード,都道府県コード,並び順,有効開始日,有効終了日,後継コード
JMA,日本,その他,日本医師会,日医,,,,1,,,
P11,都道府県,地域,埼玉県医師会,埼玉県,,JMA,11,11,,,
P13,都道府県,地域,東京都医師会,東京都,,JMA,13,13,,,
11-001,郡市区等,地域,浦和医師会,浦和,,P11,11,1,,,
11-002,郡市区等,地域,大宮医師会,大宮,,P11,11,2,,2025-10-31,11-003
11-003,郡市区等,地域,緑医師会,緑,,P11,11,3,2025-11-01,,
13-001,郡市区等,地域,架空区医師会,架空区,,P13,13,1,,,
13-002,郡市区等,地域,例示区医師会,例示区,,P13,13,2,,,
";

const HEADINGS: &str = "医籍登録番号,氏名,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,\
                        都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日\n";

/// Invented members of one body, numbered from a first one, at all three tiers since 2001.
fn members(body: &str, first: u32, n: u32) -> String {
    let row = |number| format!("{number},架空　例,{body}医師会,B,2001-04-01,,在籍,B,2001-04-01,,B,2001-04-01,\n");
    (first..first + n).map(row).collect()
}

fn saitama() -> String {
    [HEADINGS, &members("浦和", 100_001, 20), &members("大宮", 110_001, 12)].concat()
}

fn tokyo() -> String {
    [HEADINGS, &members("架空区", 200_001, 40), &members("例示区", 210_001, 2)].concat()
}

fn office() -> Office {
    let office = Office::new();
    office.save("associations.csv", MASTER);
    office.import("associations.csv");
    office
}

impl Office {
    fn take(&self, day: &str, source: &str, text: &str) {
        let name = format!("members_{day}.csv");
        self.save(&name, text);
        self.import(&format!("{name} --source {source} --accept-drop --reason test"));
    }
}

/// Saitama since September, Tokyo since October; ended rows are shown for 200 days.
fn two_prefectures() -> Office {
    let office = office();
    office.take("2025-09-30", "saitama", &saitama());
    office.take("2025-10-31", "saitama", &saitama());
    office.take("2025-10-31", "tokyo", &tokyo());
    office
}

fn areas(answer: &Value) -> Value {
    answer.get("incomplete_areas").cloned().unwrap_or_else(|| json!([]))
}

#[rstest]
#[case::own_area_reached("--prefecture 11", "2025-03-14", true)]
#[case::own_area_the_day_before("--prefecture 11", "2025-03-13", false)]
#[case::body_of_the_area("--association 11-001", "2025-03-14", true)]
#[case::later_area("--prefecture 13", "2025-04-14", true)]
#[case::later_area_the_day_before("--prefecture 13", "2025-04-13", false)]
#[case::tier_over_both("--tier prefectural", "2025-04-13", false)]
#[case::national_body("--association JMA", "2025-04-13", false)]
#[case::country("", "2025-04-13", false)]
#[case::country_once_both_are_reached("", "2025-04-14", true)]
#[case::upper_body_of_the_area("--association P11", "2025-03-14", true)]
#[case::today_map("--prefecture 11 --map today", "2025-03-14", true)]
fn figure_is_complete_when_its_own_areas_are(#[case] filter: &str, #[case] as_of: &str, #[case] complete: bool) {
    let answer = two_prefectures().json(&format!("count --as-of {as_of} --by tier {filter}"));
    assert_eq!(answer["complete"], complete, "{answer}");
    assert_eq!(areas(&answer) == json!([]), complete, "{answer}");
}

#[test]
fn incomplete_areas_are_named_and_only_their_rows_marked() {
    let office = two_prefectures();
    let answer = office.json("count --as-of 2025-04-01 --by prefecture");
    let tokyo = json!([{"code": "P13", "complete_from": "2025-04-14"}]);
    assert_eq!(areas(&answer), tokyo);
    let of_tier = |tier: &str| -> Vec<(&str, bool)> {
        let rows = answer["rows"].as_array().expect("a list").iter().filter(|row| row["tier"] == tier);
        rows.map(|row| (row["prefecture"].as_str().expect("a code"), row["complete"] != false)).collect()
    };
    for tier in ["local", "prefectural", "national"] {
        assert_eq!(of_tier(tier), [("11", true), ("13", false)], "{tier}");
    }
    let table = office.run("count --as-of 2025-04-01 --by prefecture").stdout;
    assert!(table.contains("東京都は令和7年4月14日より前は不完全"), "{table}");
    assert!(table.contains("42※") && table.contains("32\n"), "{table}");
    let csv = office.run("count --as-of 2025-04-01 --format csv");
    assert!(csv.stderr.contains("東京都は令和7年4月14日より前は不完全"), "{}", csv.stderr);
}

/// What is known depends on the day from which one looks: before its first export nothing is missing of Tokyo, for nobody
/// has told of it.
#[test]
fn area_that_nobody_has_told_of_yet_holds_nothing_back() {
    let office = two_prefectures();
    let asked = "--as-of 2025-04-01 --known-at 2025-09-30 --by tier";
    assert_eq!(office.json(&format!("count {asked}"))["complete"], true);
    let refused = office.run(&format!("--json count {asked} --prefecture 13"));
    assert_eq!(refused.exit, Some(2));
    assert!(refused.stderr.contains("QRY-011"), "{}", refused.stderr);
}

#[test]
fn series_and_movements_say_it_for_each_day_and_area() {
    let office = two_prefectures();
    let series = office.json("series --from 2025-03 --to 2025-04 --by prefecture");
    let days: Vec<&Value> = series["days"].as_array().expect("a list").iter().collect();
    assert_eq!((&days[0]["complete"], &days[1]["complete"]), (&json!(false), &json!(true)));
    assert_eq!(areas(days[0]), json!([{"code": "P13", "complete_from": "2025-04-14"}]));
    assert_eq!(office.json("series --from 2025-03 --to 2025-04 --prefecture 11")["days"][0]["complete"], true);
    let movements = office.json("movements --from 2025-04 --by prefecture");
    let rows = movements["rows"].as_array().expect("a list");
    assert_eq!(areas(&movements), json!([{"code": "P13", "complete_from": "2025-04-14"}]));
    let flags: Vec<bool> = rows.iter().map(|row| row["complete"] != false).collect();
    assert_eq!(flags, [true, false, true, false, false], "{rows:?}");
    assert_eq!(office.json("movements --from 2025-04 --prefecture 11")["complete"], true);
}

#[test]
fn source_that_takes_the_place_of_another_keeps_its_reach() {
    let office = office();
    office.take("2025-09-30", "old", &saitama());
    office.take("2025-10-31", "old", &saitama());
    office.take("2025-12-31", "new", &saitama());
    let ask = |day: &str| office.json(&format!("count --as-of {day} --by tier"))["complete"].clone();
    assert_eq!((ask("2025-03-13"), ask("2025-03-14")), (json!(false), json!(true)));
}

/// A member of Saitama who is one in Tokyo too makes no body of Tokyo told, not even one of two members.
#[rstest]
#[case::large_body("架空区", 200_001)]
#[case::small_body("例示区", 210_001)]
fn row_of_a_body_elsewhere_makes_it_not_reached(#[case] body: &str, #[case] number: u32) {
    let office = office();
    office.take("2025-09-30", "saitama", &(saitama() + &members(body, number, 1)));
    office.take("2025-10-31", "tokyo", &tokyo());
    for filter in ["--prefecture 13", "--tier national", "--association 13-002"] {
        let answer = office.json(&format!("count --as-of 2025-04-13 --by tier {filter}"));
        assert_eq!(answer["complete"], false, "{filter}: {answer}");
    }
    let own = office.json("count --as-of 2025-04-13 --prefecture 11 --tier local");
    assert_eq!(own["complete"], true, "{own}");
}

/// The same under one source name: its first export told of Saitama alone.
#[test]
fn source_that_grows_reaches_the_new_area_later() {
    let office = office();
    office.take("2025-09-30", "members", &(saitama() + &members("例示区", 210_001, 1)));
    office.take("2025-10-31", "members", &(saitama() + &tokyo()[HEADINGS.len()..]));
    let ask = |filter: &str| office.json(&format!("count --as-of 2025-04-13 --by tier {filter}"))["complete"].clone();
    assert_eq!((ask("--prefecture 11"), ask("--prefecture 13"), ask("")), (json!(true), json!(false), json!(false)));
}

#[test]
fn one_source_for_each_body_is_judged_body_by_body() {
    let office = office();
    office.take("2025-09-30", "urawa", &[HEADINGS, &members("浦和", 100_001, 20)].concat());
    office.take("2025-10-31", "omiya", &[HEADINGS, &members("大宮", 110_001, 12)].concat());
    let ask = |filter: &str| office.json(&format!("count --as-of 2025-04-13 {filter}"));
    assert_eq!(ask("--association 11-001")["complete"], true);
    assert_eq!(areas(&ask("--prefecture 11")), json!([{"code": "11-002", "complete_from": "2025-04-14"}]));
    assert_eq!(areas(&ask("--association P11")), json!([{"code": "P11", "complete_from": "2025-04-14"}]));
}

/// 緑 is first shown in November, by a source of its own; before it began nothing can be missing in it.
#[test]
fn merged_body_does_not_shorten_the_reach_of_the_old_ones() {
    let office = office();
    office.take("2025-09-30", "saitama", &saitama());
    office.take("2025-11-30", "midori", &[HEADINGS, &members("緑", 110_001, 12)].concat());
    for filter in ["--prefecture 11", "--prefecture 11 --map today", ""] {
        let answer = office.json(&format!("count --as-of 2025-03-14 --by tier {filter}"));
        assert_eq!(answer["complete"], true, "{filter}: {answer}");
    }
}

/// Exports show the members of 大宮 in 緑区, which existed before, with their old 入会日 as soon as it took 大宮 in.
#[test]
fn body_that_takes_another_in_keeps_its_reach() {
    let office = Office::new();
    office.save("associations.csv", MASTER.replace("2025-11-01,,\n", ",,\n"));
    office.import("associations.csv");
    office.take("2025-09-30", "saitama", &(saitama() + &members("緑", 120_001, 10)));
    let after = [HEADINGS, &members("浦和", 100_001, 20), &members("緑", 110_001, 12), &members("緑", 120_001, 10)];
    office.take("2025-11-30", "saitama", &after.concat());
    let answer = office.json("count --as-of 2025-03-14 --by association");
    assert_eq!(answer["complete"], true, "{answer}");
}

/// One source that tells of everybody from the first month: mergers, divisions, transfers, late reports and bodies of a few
/// members hold no area back.
#[rstest]
#[case::one(1)]
#[case::five(5)]
fn whole_source_reaches_every_area_alike(#[case] seed: u32) {
    let office = Office::new();
    office.json(&format!(
        "synth --fill --seed {seed} --physicians 2500 --prefectures 11,13,26 --from 2023-01 --to 2025-12"
    ));
    let ask = |day: &str| office.json(&format!("count --as-of {day} --by tier"));
    assert_eq!(areas(&ask("2022-07-15")), json!([]));
    let before = ask("2022-07-14");
    let days: Vec<&str> = before["incomplete_areas"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|area| area["complete_from"].as_str().expect("a day"))
        .collect();
    assert_eq!(days, ["2022-07-15"; 3], "{before}");
}

#[test]
fn paper_is_refused_only_where_its_own_area_is_not_reached() {
    let office = two_prefectures();
    let report =
        |filter: &str| office.run(&format!("report monthly-statistics --as-of 2025-03-31 --out papers {filter}"));
    assert_eq!(report("--prefecture 11").exit, Some(0));
    let refused = report("");
    assert_eq!(refused.exit, Some(1));
    assert!(refused.stderr.contains("RPT-002") && refused.stderr.contains("東京都"), "{}", refused.stderr);
    assert_eq!(report("--prefecture 13").exit, Some(1));
}

/// Lines of areas in reach stand in papers beside others that are left open, and so do comparisons.
#[test]
fn paper_of_the_country_leaves_open_what_one_area_lacks() {
    let office = two_prefectures();
    let report = office.run("report monthly-statistics --as-of 2025-04-30 --out papers --format csv");
    assert_eq!(report.exit, Some(0), "{}", report.stderr);
    let folder = office.folder().join("papers/monthly-statistics_2025-04-30");
    let table = |title: &str| {
        let mut files = std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let is_it = |path: &std::path::PathBuf| path.to_string_lossy().ends_with(&format!("_{title}.csv"));
        std::fs::read_to_string(files.find(is_it).expect("the table is written")).expect("it can be read")
    };
    let line = |text: &str, name: &str| {
        text.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{name}: {text}")).to_owned()
    };
    let moves = table("医師会別の異動");
    assert!(!line(&moves, "浦和").contains('…') && line(&moves, "架空区").contains('…'), "{moves}");
    assert!(!line(&moves, "埼玉県 計").contains('…') && line(&moves, "合計").contains('…'), "{moves}");
    // What is known of the closing day is printed, and is what other tables say.
    assert!(line(&moves, "架空区").contains(",40,"), "{moves}");
    let bodies = table("医師会別・会員区分別会員数");
    assert!(bodies.contains("東京都は令和7年4月14日より前は不完全"), "{bodies}");
}

/// 施設業務, sex and birth date that a later export leaves blank stand as they were last said (R6).
#[test]
fn blank_attribute_of_a_later_export_is_silence() {
    let office = office();
    let heading = format!("{},施設業務,性別,生年月日\n", HEADINGS.trim_end());
    let rows = |duty: &str, sex: &str, born: &str| {
        let one = |row: &str| format!("{row},{duty},{sex},{born}\n");
        heading.clone() + &members("浦和", 100_001, 3).lines().map(one).collect::<String>()
    };
    office.take("2025-09-30", "members", &rows("診療所開設者", "女", "1965-02-03"));
    office.take("2025-10-31", "members", &rows("", "", ""));
    office.take("2025-11-30", "members", &rows("勤務医", "", ""));
    let ask = |known_at: &str| {
        let asked = "count --as-of 2025-09-30 --tier local --by sex,age_band,duty --known-at";
        let answer = office.json(&format!("{asked} {known_at}"));
        let row = &answer["rows"][0];
        json!([row["sex"], row["age_band"], row["duty"], row["memberships"]])
    };
    assert_eq!(ask("2025-09-30"), json!(["female", "60s", "診療所開設者", 3]));
    assert_eq!(ask("2025-10-31"), json!(["female", "60s", "診療所開設者", 3]));
    assert_eq!(ask("2025-11-30"), json!(["female", "60s", "勤務医", 3]));
}

/// A manifest without totals, as nobody of ours writes it, says nothing; that is not 0.
#[test]
fn snapshot_without_totals_is_compared_with_unknown() {
    let office = two_prefectures();
    for day in ["2025-09-30", "2025-10-31"] {
        office.json(&format!("snapshot take --as-of {day}"));
    }
    let folders = std::fs::read_dir(office.data().join("snapshots")).expect("snapshots were taken");
    let paths: Vec<_> = folders.map(|entry| entry.expect("the folder can be read").path()).collect();
    let older = paths.iter().find(|path| path.display().to_string().contains("=2025-09-30")).expect("the older one");
    let path = older.join("manifest.json");
    let text = std::fs::read_to_string(&path).expect("the manifest can be read");
    let mut manifest: Value = serde_json::from_str(&text).expect("JSON");
    manifest["totals"] = json!({});
    std::fs::write(&path, manifest.to_string()).expect("the folder can be written");
    let answer = office.json("snapshot diff 2025-09-30 2025-10-31");
    assert_eq!((&answer["totals"][0]["before"], &answer["totals"][0]["after"]), (&Value::Null, &json!(74)));
    let table = office.run("snapshot diff 2025-09-30 2025-10-31").stdout;
    assert!(table.contains("郡市区等: 不明 0 → 74"), "{table}");
}

#[rstest]
#[case::count("count --as-of 1900-01-01")]
#[case::count_of_an_area("count --as-of 1900-01-01 --prefecture 11")]
#[case::series("series --from 1900-01 --to 2025-12")]
#[case::movements("movements --from 1900-01")]
#[case::paper("report monthly-statistics --as-of 1900-01-31 --out papers --draft")]
#[case::explanation("explain --association 11-001 --as-of 1900-01-31")]
fn day_before_the_first_fact_is_refused_with_the_first_day(#[case] asked: &str) {
    let run = two_prefectures().run(&format!("--json {asked}"));
    assert_eq!(run.exit, Some(2), "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains("QRY-010") && run.stderr.contains("2025-0"), "{}", run.stderr);
}

/// A tier of which nothing is known is null, a row is left open; known figures stay.
#[test]
fn zero_of_a_day_out_of_reach_is_no_zero() {
    let office = office();
    office.take("2025-09-30", "saitama", &saitama().replace(",B,2001-04-01,,B,2001-04-01,\n", ",,,,,,\n"));
    let answer = office.json("count --as-of 2025-03-13 --by prefecture --zeros");
    assert_eq!(answer["totals"]["local"], json!({"memberships": 32, "heads": 32}));
    assert_eq!(answer["totals"]["national"], json!({"memberships": null, "heads": null}));
    let rows = answer["rows"].as_array().expect("a list");
    assert!(rows.iter().all(|row| row["memberships"] != 0), "{rows:?}");
    let table = office.run("count --as-of 2025-03-13 --by tier").stdout;
    assert!(table.contains("郡市区等 32（実人数 32）、都道府県 …（実人数 …）"), "{table}");
}
