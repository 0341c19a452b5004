//! What `count` and `series` write: shapes, order, filters, flags.

use std::collections::{BTreeMap, BTreeSet};

use rstest::{fixture, rstest};
use serde_json::{Value, json};

use super::people::{KNOWN, NEXT, cells, edited, master, office, text};
use super::program::Office;
use super::refusal::{Refusal, assert_refused, refusal};
use super::samples::Sample;

/// An office that has taken in three prefectures.
#[fixture]
fn three() -> Office {
    Sample::three_prefectures().taken_in().0
}

fn keys(object: &Value) -> BTreeSet<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

fn rows(answer: &Value) -> &[Value] {
    answer["rows"].as_array().expect("rows is a list")
}

fn number(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}

fn word<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().expect("a text")
}

/// Memberships by tier, summed over the rows.
fn sums(answer: &Value) -> BTreeMap<&str, i64> {
    let mut sums: BTreeMap<&str, i64> = ["local", "prefectural", "national"].map(|tier| (tier, 0)).into();
    for row in rows(answer) {
        *sums.get_mut(word(row, "tier")).expect("a tier") += number(&row["memberships"]);
    }
    sums
}

fn totals<'a>(answer: &'a Value, what: &str) -> BTreeMap<&'a str, i64> {
    let totals = answer["totals"].as_object().expect("totals is an object");
    totals.iter().map(|(tier, total)| (tier.as_str(), number(&total[what]))).collect()
}

/// Codes of the master in official order: tier, prefecture, 並び順.
fn official() -> Vec<String> {
    let mut reader = csv::Reader::from_path(&Sample::three_prefectures().files[0]).expect("the sample can be read");
    let mut bodies: Vec<(usize, String, u32, String)> = reader
        .records()
        .map(|row| {
            let row = row.expect("rows of the sample are whole");
            let tier = ["郡市区等", "都道府県", "日本"].iter().position(|tier| *tier == &row[1]).expect("a tier");
            (tier, row[7].to_owned(), row[8].parse().expect("a number"), row[0].to_owned())
        })
        .collect();
    bodies.sort();
    bodies.into_iter().map(|(.., code)| code).collect()
}

const TIERS: [&str; 3] = ["local", "prefectural", "national"];
const CLASSES: [&str; 6] = ["A1", "A2B", "A2C", "B", "C", "unknown"];

fn place(list: &[impl AsRef<str>], word: &str) -> usize {
    list.iter().position(|other| other.as_ref() == word).unwrap_or_else(|| panic!("{word} has no place"))
}

#[rstest]
fn count_json_has_the_shape_of_the_contract(three: Office) {
    let run = three.run("--json count --as-of 2025-12-01 --known-at 2025-12-31");
    // Rows are read by people too: the keys stand in the order that was asked for.
    assert!(
        run.stdout
            .contains("\"rows\":[{\"tier\":\"local\",\"association\":\"11-001\",\"class\":\"A1\",\"memberships\":")
    );
    assert!(run.stdout.ends_with("}\n") && run.stdout.lines().count() == 1 && run.stderr.is_empty());
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let expected = [
        "as_of",
        "known_at",
        "head",
        "withdrawal_day_rule",
        "complete",
        "future",
        "unit",
        "rows",
        "totals",
        "not_shown",
        "adjusted",
        "adjustments",
        "rejected_rows",
        "rejected_active_rows",
        "older_sources",
    ];
    assert_eq!(keys(&answer), expected.into());
    assert_eq!(keys(&answer["totals"]), TIERS.into());
    assert_eq!(keys(&answer["totals"]["local"]), ["heads", "memberships"].into());
    let said = ["as_of", "known_at", "withdrawal_day_rule", "complete", "future", "unit", "older_sources"];
    let said: Vec<&Value> = said.iter().map(|key| &answer[*key]).collect();
    assert_eq!(json!(said), json!(["2025-12-01", "2025-12-31", "last_member_day", true, false, "memberships", []]));
    assert!(answer["head"].as_str().is_some_and(|head| head.len() == 16), "{}", answer["head"]);
    assert_eq!(sums(&answer), totals(&answer, "memberships"));
    // The default known-at is the newest export; --format json is --json.
    assert_eq!(three.json("count --as-of 2025-12-01"), answer);
    assert_eq!(three.run("count --as-of 令和7年12月1日 --known-at R7.12.31 --format json").stdout, run.stdout);
}

#[rstest]
fn rows_come_in_official_order_and_above_zero(three: Office) {
    let official = official();
    let answer = three.json("count --as-of 2025-12-01");
    let order = |row: &Value| {
        let (tier, body) = (place(&TIERS, word(row, "tier")), place(&official, word(row, "association")));
        (tier, body, place(&CLASSES, word(row, "class")))
    };
    let places: Vec<_> = rows(&answer).iter().map(order).collect();
    assert!(places.is_sorted_by(|a, b| a < b), "{places:?}");
    assert!(rows(&answer).iter().all(|row| number(&row["memberships"]) > 0));
    let with_zeros = three.json("count --as-of 2025-12-01 --zeros");
    let places: Vec<_> = rows(&with_zeros).iter().map(order).collect();
    assert!(places.is_sorted_by(|a, b| a < b));
    assert_eq!(places.len(), official.len() * CLASSES.len());
    let above: Vec<&Value> = rows(&with_zeros).iter().filter(|row| row["memberships"] != 0).collect();
    assert_eq!(json!(above), answer["rows"]);
    assert_eq!(with_zeros["totals"], answer["totals"]);
}

/// Keys come in the order asked for, and the order of rows follows them.
#[rstest]
fn rows_are_grouped_as_asked(three: Office) {
    for (by, keys) in [
        ("tier", vec![]),
        ("class", vec!["class"]),
        ("prefecture", vec!["prefecture"]),
        ("class,prefecture", vec!["class", "prefecture"]),
        ("prefecture,association,class", vec!["prefecture", "association", "class"]),
    ] {
        let run = three.run(&format!("--json count --as-of 2025-12-01 --by {by}"));
        let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(sums(&answer), totals(&answer, "memberships"), "{by}");
        let first = run.stdout.split("\"rows\":[{").nth(1).expect("rows").split('}').next().expect("a row");
        let found: Vec<&str> = first.split(',').map(|pair| pair.split('"').nth(1).expect("a key")).collect();
        assert_eq!(found, [vec!["tier"], keys, vec!["memberships"]].concat(), "{by}");
    }
    let by_tier = three.json("count --as-of 2025-12-01 --by tier");
    let tiers: Vec<&str> = rows(&by_tier).iter().map(|row| word(row, "tier")).collect();
    assert_eq!(tiers, TIERS);
}

#[rstest]
fn filters_narrow_rows_and_totals(three: Office) {
    let ask = |filter: &str| three.json(&format!("count --as-of 2025-12-01 {filter}"));
    let all = ask("");
    let by_prefecture = ask("--by prefecture");
    let (mut of_prefectures, mut of_home) = (0, 0);
    for prefecture in ["11", "13", "26"] {
        let answer = ask(&format!("--prefecture {prefecture}"));
        assert_eq!(sums(&answer), totals(&answer, "memberships"));
        let bodies = rows(&answer).iter().map(|row| word(row, "association"));
        let (local, upper) = (format!("{prefecture}-"), format!("P{prefecture}"));
        assert!(bodies.into_iter().all(|body| body.starts_with(&local) || body == upper || body == "JMA"));
        // R23: a filter by prefecture keeps the national members whom a breakdown by prefecture places there.
        let placed =
            rows(&by_prefecture).iter().filter(|row| row["prefecture"] == prefecture && row["tier"] == "national");
        let placed: i64 = placed.map(|row| number(&row["memberships"])).sum();
        assert_eq!(totals(&answer, "memberships")["national"], placed);
        assert_eq!(totals(&answer, "heads")["national"], placed);
        assert!(placed > 0);
        let by_sex = ask(&format!("--prefecture {prefecture} --by prefecture,sex"));
        assert_eq!(sums(&by_sex), totals(&answer, "memberships"));
        assert!(rows(&by_sex).iter().all(|row| row["prefecture"] == prefecture), "{by_sex}");
        of_home += placed;
        of_prefectures += totals(&answer, "memberships")["local"];
        let only_local = ask(&format!("--prefecture {prefecture} --tier local"));
        assert_eq!(only_local["totals"]["local"], answer["totals"]["local"]);
        assert_eq!(only_local["totals"]["prefectural"], json!({"memberships": 0, "heads": 0}));
    }
    assert_eq!(of_prefectures, totals(&all, "memberships")["local"]);
    let homeless = rows(&by_prefecture).iter().filter(|row| row["prefecture"] == "unknown");
    let homeless: i64 = homeless.map(|row| number(&row["memberships"])).sum();
    assert_eq!(of_home + homeless, totals(&all, "memberships")["national"]);
    for tier in TIERS {
        let answer = ask(&format!("--tier {tier}"));
        assert_eq!(answer["totals"][tier], all["totals"][tier]);
        assert!(rows(&answer).iter().all(|row| row["tier"] == tier));
        let others = TIERS.into_iter().filter(|other| *other != tier);
        assert!(others.into_iter().all(|other| answer["totals"][other] == json!({"memberships": 0, "heads": 0})));
    }
    let by_code = ask("--association 11-001");
    assert!(rows(&by_code).iter().all(|row| row["association"] == "11-001"));
    assert_eq!(totals(&by_code, "memberships"), totals(&by_code, "heads"));
    assert_eq!(ask("--association 浦和医師会"), by_code);
    assert_eq!(ask("--association 浦和"), by_code);
    assert_eq!(ask("--tier 郡市区等"), ask("--tier local"));
    // What the figure leaves out does not depend on what is asked.
    assert_eq!((&by_code["rejected_rows"], &by_code["head"]), (&all["rejected_rows"], &all["head"]));
}

#[rstest]
fn rows_by_person_add_up_to_the_totals(three: Office) {
    let all = three.json("count --as-of 2025-12-01 --by tier");
    for by in ["sex", "age_band", "duty", "sex,age_band,duty", "association,sex", "age_band,class"] {
        let answer = three.json(&format!("count --as-of 2025-12-01 --by {by}"));
        assert_eq!(answer["totals"], all["totals"], "{by}");
        assert_eq!(sums(&answer), totals(&all, "memberships"), "{by}");
        assert!(rows(&answer).iter().all(|row| number(&row["memberships"]) > 0), "{by}");
        let cells: BTreeSet<String> = rows(&answer)
            .iter()
            .map(|row| {
                let keys = by.split(',').map(|key| word(row, key));
                keys.fold(word(row, "tier").to_owned(), |text, key| text + "|" + key)
            })
            .collect();
        assert_eq!(cells.len(), rows(&answer).len(), "{by}: a row stands twice");
    }
    let sexes = three.json("count --as-of 2025-12-01 --by sex --tier local");
    assert!(rows(&sexes).iter().all(|row| ["male", "female", "unknown"].contains(&word(row, "sex"))));
    let bands = three.json("count --as-of 2025-12-01 --by age_band --tier local");
    let bands: Vec<usize> = rows(&bands)
        .iter()
        .map(|row| {
            let bands = ["under30", "30s", "40s", "50s", "60s", "70s", "80s", "90plus", "unknown"];
            place(&bands, word(row, "age_band"))
        })
        .collect();
    assert!(bands.is_sorted() && bands.len() > 4, "{bands:?}");
}

/// R7: 200 days before the first export, and everything after known-at.
#[rstest]
#[case::before_the_horizon("2025-03-13", "2025-12-31", false, false)]
#[case::at_the_horizon("2025-03-14", "2025-12-31", true, false)]
#[case::at_known_at("2025-10-31", "2025-10-31", true, false)]
#[case::after_known_at("2025-11-01", "2025-10-31", true, true)]
#[case::after_everything("2030-01-01", "2025-12-31", true, true)]
fn days_out_of_reach_are_flagged(
    three: Office,
    #[case] as_of: &str,
    #[case] known_at: &str,
    #[case] complete: bool,
    #[case] future: bool,
) {
    let asked = format!("count --as-of {as_of} --known-at {known_at} --by tier");
    let answer = three.json(&asked);
    assert_eq!((&answer["complete"], &answer["future"]), (&complete.into(), &future.into()));
    for (lang, incomplete, planned) in [("ja", "【不完全", "【予定】"), ("en", "[incomplete]", "[planned]")] {
        let table = three.run(&format!("{asked} --lang {lang}")).stdout;
        assert_eq!((table.contains(incomplete), table.contains(planned)), (!complete, future), "{table}");
    }
}

#[rstest]
fn series_says_of_each_month_end_what_count_says(three: Office) {
    let series = three.json("series --from 2025-02 --to 2026-01 --known-at 2025-11-30");
    let expected = [
        "days",
        "unit",
        "known_at",
        "head",
        "withdrawal_day_rule",
        "rejected_rows",
        "rejected_active_rows",
        "adjustments",
        "older_sources",
        "rows",
    ];
    assert_eq!(keys(&series), expected.into());
    let days = series["days"].as_array().expect("days is a list");
    let ends: Vec<&str> = days.iter().map(|day| word(day, "as_of")).collect();
    assert_eq!((ends.len(), ends[0], ends[11]), (12, "2025-02-28", "2026-01-31"));
    for day in days {
        let mut expected: BTreeSet<&str> = ["as_of", "complete", "future", "not_shown", "adjusted", "totals"].into();
        // Named only where there are any.
        expected.extend((day["complete"] == false).then_some("incomplete_areas"));
        assert_eq!(keys(day), expected);
        let as_of = word(day, "as_of");
        let count = three.json(&format!("count --as-of {as_of} --known-at 2025-11-30"));
        for key in ["as_of", "complete", "incomplete_areas", "future", "not_shown", "totals"] {
            assert_eq!(day[key], count[key], "{key} of {as_of}");
        }
        let of_day: Vec<Value> = rows(&series)
            .iter()
            .filter(|row| row["as_of"] == as_of)
            .map(|row| {
                let mut row = row.clone();
                row.as_object_mut().expect("an object").remove("as_of");
                row
            })
            .collect();
        assert_eq!(json!(of_day), count["rows"], "{as_of}");
    }
    let order: Vec<&str> = rows(&series).iter().map(|row| word(row, "as_of")).collect();
    assert!(order.is_sorted());
    // Any day of a month names it, in any spelling.
    let asked = "series --to 令和8年1月 --known-at 2025-11-30 --from";
    assert_eq!(three.json(&format!("{asked} R7.2")), series);
    assert_eq!(three.json(&format!("{asked} 2025-02-14")), series);
}

#[rstest]
fn csv_holds_the_rows_as_codes(three: Office) {
    for (asked, headings) in [
        ("count --as-of 2025-12-01", "tier,association,association_name,class,memberships"),
        ("series --from 2025-11 --to 2025-12", "as_of,tier,association,association_name,class,memberships"),
        ("count --as-of 2025-12-01 --by sex,duty", "tier,sex,duty,memberships"),
        // Nobody is of the class; a program still needs the headings.
        (
            "count --as-of 2025-12-01 --association JMA --tier local",
            "tier,association,association_name,class,memberships",
        ),
        (
            "series --from 2025-11 --to 2025-12 --association JMA --tier local",
            "as_of,tier,association,association_name,class,memberships",
        ),
    ] {
        let written = three.run(&format!("{asked} --format csv")).stdout;
        let mut reader = csv::Reader::from_reader(written.trim_start_matches('\u{FEFF}').as_bytes());
        assert_eq!(reader.headers().expect("headings").iter().collect::<Vec<_>>().join(","), headings, "{asked}");
        let answer = three.json(asked);
        let records: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row is whole")).collect();
        assert_eq!(records.len(), rows(&answer).len(), "{asked}");
        for (record, row) in records.iter().zip(rows(&answer)) {
            for (heading, cell) in headings.split(',').zip(record) {
                match &row[heading] {
                    Value::Null => assert_eq!(heading, "association_name"),
                    Value::String(text) => assert_eq!(cell, text),
                    number => assert_eq!(cell, number.to_string()),
                }
            }
        }
    }
    let written = three.run("count --as-of 2025-12-01 --format csv --association 11-001").stdout;
    assert!(written.lines().skip(1).all(|line| line.contains(",浦和医師会,")), "{written}");
}

/// A terminal shows Japanese in two cells: figures stand under each other all the same.
#[rstest]
fn table_is_for_people(three: Office) {
    let table = three.run("count --as-of 2025-12-01 --by tier,class").stdout;
    // What people look for first stands first: the sums, then the rows and again their sums.
    assert!(table.starts_with("令和7年12月1日 現在: 郡市区等 "), "{table}");
    let lines: Vec<&str> = table.lines().skip(2).collect();
    assert!(lines[0].starts_with("階層") && lines[0].ends_with("会員数"), "{table}");
    let width = |line: &str| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    let rows = lines.iter().take_while(|line| !line.is_empty());
    assert!(rows.clone().count() > 10 && rows.clone().all(|line| width(line) == width(lines[0])), "{table}");
    let total = number(&three.json("count --as-of 2025-12-01")["totals"]["local"]["memberships"]);
    let total = format!("{},{:03}", total / 1_000, total % 1_000);
    assert!(table.contains(&format!("令和7年12月1日 現在: 郡市区等 {total}（実人数 ")), "{table}");
    let sum =
        lines.iter().find(|line| line.starts_with("郡市区等") && line.contains(" 計 ")).expect("a sum of the tier");
    assert!(sum.ends_with(&total), "{table}");
    assert_eq!(lines.iter().filter(|line| line.contains(" 計 ")).count(), 3, "{table}");
    for part in [
        "知識時点 令和7年12月31日",
        "退会日の扱い 在籍最終日",
        "うち最新の出力に見えない者 ",
        "取込不可 4 行（うち在籍 ",
    ] {
        assert!(table.contains(part), "{part} is missing: {table}");
    }
    let english = three.run("count --as-of 2025-12-01 --by tier,class --lang en").stdout;
    for part in ["tier", "memberships", "2025-12-01: local ", "known at 2025-12-31", "rejected rows left out: 4"] {
        assert!(english.contains(part), "{part} is missing: {english}");
    }
    let series = three.run("series --from 2025-11 --to 2025-12 --by tier").stdout;
    assert!(series.starts_with("令和7年11月30日 現在: ") && series.contains("\n基準日"), "{series}");
    let by_body = three.run("series --from 2025-11 --to 2025-12 --by 医師会").stdout;
    assert_eq!(by_body.lines().filter(|line| line.contains(" 計 ")).count(), 6, "{by_body}");
}

#[rstest]
#[case::known_at_before_the_first("count --as-of 2025-10-01 --known-at 2025-09-29", "QRY-001")]
#[case::known_at_after_the_newest("count --as-of 2025-10-01 --known-at 2025-10-01", "QRY-002")]
#[case::unknown_association("count --as-of 2025-10-01 --association 99-001", "QRY-004")]
#[case::unknown_tier("count --as-of 2025-10-01 --tier city", "QRY-008")]
#[case::unknown_prefecture("count --as-of 2025-10-01 --prefecture 99", "QRY-004")]
#[case::unknown_key("count --as-of 2025-10-01 --by tier,colour", "QRY-005")]
#[case::persons_in_a_series("series --from 2025-10 --to 2025-11 --by sex", "QRY-005")]
#[case::no_day("count --as-of 2025-02-29", "QRY-006")]
#[case::no_date("count --as-of soon", "QRY-006")]
#[case::no_month("series --from 2025-13 --to 2025-11", "QRY-006")]
#[case::year_of_no_era("count --as-of H32.1.1", "QRY-006")]
#[case::reversed_span("series --from 2025-10 --to 2025-09", "QRY-007")]
fn question_without_an_answer_ends_with_2(#[case] arguments: &str, #[case] code: &'static str) {
    assert_refused(&office(), arguments, refusal(2, code));
}

#[test]
fn question_to_an_empty_store_ends_with_2() {
    let office = Office::new();
    let refused: Refusal = refusal(2, "QRY-003");
    let nowhere = office.run("--json count --as-of 2025-10-01");
    assert!(nowhere.exit == Some(2) && nowhere.stderr.contains("ENV-013"), "{}", nowhere.stderr);
    assert!(!office.data().exists(), "a question makes nothing");
    office.save("associations.csv", master());
    office.import("associations.csv");
    assert_refused(&office, "count --as-of 2025-10-01", refused);
}

/// Wrong words of the command line itself: in JSON one object that names the argument.
#[test]
fn arguments_that_nobody_knows_end_with_2() {
    let office = office();
    for (arguments, named) in [
        ("count", "--as-of"),
        ("count --as-of 2025-10-01 --colour red", "--colour"),
        ("count --as-of 2025-10-01 --format pdf", "--format"),
        ("recount", "recount"),
    ] {
        assert_eq!(office.run(arguments).exit, Some(2), "{arguments}");
        for form in ["--json", "--json --lang en"] {
            let run = office.run(&format!("{arguments} {form}"));
            let error = run.error();
            assert_eq!((run.exit, &error["error"]["code"]), (Some(2), &"USE-001".into()), "{arguments}");
            let text = error["error"]["message"].as_str().expect("a text");
            assert!(text.contains(named), "{named} is not in {text}");
        }
    }
    assert_eq!((office.run("--help").exit, office.run("--version").exit), (Some(0), Some(0)));
}

/// R3: every source speaks with its own newest export; the older ones are named.
#[test]
fn older_source_is_named_and_still_counts() {
    let office = Office::new();
    office.save("associations.csv", master());
    let half = |nth: usize| {
        let cells = cells();
        let rows = cells[1..].iter().enumerate().filter(|(at, _)| at % 2 == nth).map(|(_, row)| row.clone());
        text(&std::iter::once(cells[0].clone()).chain(rows).collect::<Vec<_>>())
    };
    office.import("associations.csv");
    for (nth, source) in ["urawa", "omiya"].iter().enumerate() {
        office.save(KNOWN, half(nth));
        office.import(&format!("{KNOWN} --source {source}"));
    }
    office.save(NEXT, half(0));
    office.import(&format!("{NEXT} --source urawa"));
    let count = office.json("count --as-of 2025-10-31 --by tier");
    assert_eq!(count["older_sources"], json!([["omiya", "2025-09-30"]]));
    assert_eq!((&count["rows"][0]["memberships"], &count["not_shown"]), (&60.into(), &0.into()));
    let earlier = office.json("count --as-of 2025-10-31 --known-at 2025-09-30 --by tier");
    assert_eq!((&earlier["older_sources"], &earlier["rows"]), (&json!([]), &count["rows"]));
    let table = office.run("count --as-of 2025-10-31 --by tier").stdout;
    assert!(table.contains("出力の古い源: omiya（令和7年9月30日）"), "{table}");
    // A file of its own day per source: the older one may still catch up, and not go back.
    office.save("members_2025-09-15.csv", half(1));
    assert_refused(&office, "import members_2025-09-15.csv --source omiya", refusal(3, "IMP-213"));
}

/// R6, R13: what a figure leaves out, and what it counts although nobody shows it any more.
#[test]
fn figure_says_what_it_leaves_out_and_what_nobody_shows() {
    let office = office();
    office.save(
        NEXT,
        edited(|cells| {
            cells[10][0] = "不明".into();
            cells[20][7] = "不明".into();
            cells[20][9] = "退会".into();
        }),
    );
    office.import(NEXT);
    let count = office.json("count --as-of 2025-10-31 --by tier");
    assert_eq!(json!([count["rejected_rows"], count["rejected_active_rows"]]), json!([2, 1]));
    // Both are still members as the export before said, at all three tiers.
    assert_eq!((&count["rows"][0]["memberships"], &count["not_shown"]), (&60.into(), &6.into()));
    let earlier = office.json("count --as-of 2025-10-31 --known-at 2025-09-30 --by tier");
    assert_eq!((&earlier["rejected_rows"], &earlier["not_shown"]), (&0.into(), &0.into()));
}
