//! What people name on the command line, as they name it: one reading for all commands, and what is said where nothing
//! has the name.

use std::sync::OnceLock;

use rstest::rstest;
use serde_json::Value;

use super::program::Office;
use super::samples::Sample;

/// Three prefectures taken in; nothing here writes to the store.
fn office() -> &'static Office {
    static OFFICE: OnceLock<Office> = OnceLock::new();
    OFFICE.get_or_init(|| Sample::three_prefectures().taken_in().0)
}

/// What a count answers, but for the question.
fn counted(arguments: &str) -> Value {
    office().json(&format!("count --as-of 2025-12-01 {arguments}"))
}

#[rstest]
#[case::short_name("--association 浦和", "--association 11-001")]
#[case::full_name("--association 浦和医師会", "--association 11-001")]
#[case::alias("--association 川口", "--association 11-002")]
#[case::zeros_lost("--association 11-2", "--association 11-002")]
#[case::prefecture_as_body("--association 埼玉", "--association P11")]
#[case::prefecture_name("--prefecture 埼玉県", "--prefecture 11")]
#[case::prefecture_without_its_end("--prefecture 京都", "--prefecture 26")]
#[case::prefectural_body("--prefecture 東京都医師会", "--prefecture 13")]
#[case::prefecture_code_of_its_body("--prefecture P13", "--prefecture 13")]
#[case::tiers_in_japanese("--tier 郡市区等 --by 階層", "--tier local --by tier")]
#[case::nation("--tier 日医 --by 区分", "--tier national --by class")]
#[case::prefectural_tier("--tier 都道府県医師会 --by 区分", "--tier prefectural --by class")]
#[case::breakdown("--by 医師会,区分", "--by association,class")]
#[case::breakdown_with_japanese_comma("--by 都道府県、性別", "--by prefecture,sex")]
#[case::breakdown_by_duty("--by 業務別", "--by duty_group")]
fn japanese_word_counts_what_its_code_counts(#[case] japanese: &str, #[case] code: &str) {
    let (one, other) = (counted(japanese), counted(code));
    assert_eq!(one, other);
    // Keys and codes of the answer stay English.
    assert!(!one["rows"].as_array().expect("rows").is_empty());
    assert!(one["rows"][0]["tier"].as_str().expect("a tier").is_ascii());
}

#[rstest]
#[case::explain("explain 浦和 --as-of 2025-12-31", "explain --association 11-001 --as-of 2025-12-31")]
#[case::class_as_printed(
    "explain 浦和医師会 --as-of 2025-12-31 --class A①",
    "explain 11-001 --as-of 2025-12-31 --class A1"
)]
#[case::class_in_full_width(
    "explain 浦和 --as-of 2025-12-31 --class Ａ②（Ｂ）",
    "explain 11-001 --as-of 2025-12-31 --class A2B"
)]
#[case::tier("explain 埼玉県 --tier 都道府県 --as-of 2025-12-31", "explain P11 --as-of 2025-12-31")]
#[case::movements(
    "movements --from 2025-12 --by 区分 --prefecture 京都府",
    "movements --from 2025-12 --by class --prefecture 26"
)]
#[case::series(
    "series --from 2025-11 --to 2025-12 --association 大宮",
    "series --from 2025-11 --to 2025-12 --association 11-003"
)]
fn every_command_reads_the_same_words(#[case] japanese: &str, #[case] code: &str) {
    assert_eq!(office().json(japanese), office().json(code));
}

#[test]
fn audits_and_papers_read_the_same_words() {
    let audit = |arguments: &str| {
        let run = office().run(&format!("--json audit {arguments}"));
        serde_json::from_str::<Value>(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.stderr))
    };
    assert_eq!(audit("退会 --prefecture 埼玉"), audit("withdrawals --prefecture 11"));
    assert_eq!(audit("異動 --association 浦和"), audit("transfers --association 11-001"));
    for (name, area) in [("会員数報告", "--association 浦和医師会"), ("member-counts", "--association 11-001")]
    {
        let made = office().json(&format!("report {name} --as-of 2025-12-31 --format csv --out {name} {area}"));
        assert_eq!(made["report"], "member-counts");
        let files = made["files"].as_array().expect("files");
        assert!(
            files.iter().any(|file| file
                .as_str()
                .is_some_and(|file| file.contains("member-counts") && file.contains("11-001")))
        );
    }
}

#[rstest]
#[case::city_left_out("--association 川越", "QRY-004", "川越市（11-004）のことではありませんか")]
#[case::city_added("--association 大宮市", "QRY-004", "大宮（11-003）のことではありませんか")]
#[case::code_of_nobody("--association 11-999", "QRY-004", "使えるもの: 浦和（11-001）、")]
#[case::prefecture_of_nobody("--prefecture 大阪府", "QRY-004", "埼玉県（11）、東京都（13）、京都府（26）")]
#[case::number_of_nobody("--prefecture 1", "QRY-004", "埼玉県（11）、東京都（13）、京都府（26）")]
#[case::no_breakdown("--by 区分,色", "QRY-005", "会員区分（class）")]
#[case::breakdown_misspelt("--by asociation", "QRY-005", "「association」のことではありませんか")]
#[case::no_tier("--tier 市", "QRY-008", "郡市区等（local）、都道府県（prefectural）、日本医師会（national）")]
fn word_that_names_nothing_is_answered_with_what_could_be_meant(
    #[case] arguments: &str,
    #[case] code: &str,
    #[case] said: &str,
) {
    let run = office().run(&format!("count --as-of 2025-12-01 {arguments}"));
    assert_eq!((run.exit, run.stdout.as_str()), (Some(2), ""));
    let option = arguments.split(' ').next().expect("an option");
    assert!(run.stderr.starts_with(&format!("エラー {code}: {option} ")), "{}", run.stderr);
    assert!(run.stderr.contains(said), "{}", run.stderr);
}

#[rstest]
#[case::no_class(
    "explain 浦和 --as-of 2025-12-31 --class 甲",
    "QRY-009",
    "A①（A1）、A②(B)（A2B）、A②(C)（A2C）、B、C、不明（unknown）"
)]
#[case::other_tier("explain 浦和 --as-of 2025-12-31 --tier 日医", "QRY-016", "浦和（11-001） 郡市区等")]
#[case::no_report("report 会員報告 --as-of 2025-12-31", "RPT-001", "「会員数報告」のことではありませんか")]
#[case::day_after_the_end("count --as-of R7.2.30", "QRY-006", "2025年2月は28日までです")]
#[case::no_month("series --from R7.4 --to R7.13", "QRY-006", "13月はありません")]
#[case::era_that_has_ended("count --as-of H31.5.1", "QRY-006", "平成は2019年4月30日まで")]
#[case::only_a_month("count --as-of 2025-12", "QRY-006", "月末なら 2025-12-31（令和7年12月31日）")]
#[case::one_dash("count -as-of 2025-12-01", "USE-001", "「--as-of」のことではありませんか")]
#[case::no_snapshot("snapshot diff a b", "SNP-002", "kaiin snapshot list")]
#[case::no_layout("import associations.csv --layout mamis-member", "CFG-003", "mamis-members-wide")]
fn wrong_word_is_answered_in_place(#[case] arguments: &str, #[case] code: &str, #[case] said: &str) {
    let run = office().run(arguments);
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains(code) && run.stderr.contains(said), "{}", run.stderr);
}

/// An adjustment may be dated after the newest list; the month that is looked at stays that of the list.
#[test]
fn default_month_of_audits_follows_the_newest_list() {
    let office = Sample::cases().taken_in().0;
    let month = |office: &Office| {
        let run = office.run("--json audit withdrawals");
        let told: Value = serde_json::from_str(&run.stdout).expect("JSON");
        (told["from"].clone(), told["to"].clone())
    };
    let before = month(&office);
    assert_eq!(before, ("2025-05-01".into(), "2025-05-31".into()));
    let number = office.run("explain 浦和 --as-of 2025-05-31 --format csv").stdout;
    let number = number.lines().nth(1).and_then(|line| line.split(',').next()).expect("a member").to_string();
    let shipped = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/reports/adjustments-template.csv"));
    let shipped = shipped.expect("the template can be read");
    let shown = shipped.trim_start_matches('\u{feff}').lines().next().expect("headings");
    let cells: Vec<String> = shown
        .split(',')
        .map(|heading| match heading {
            "調整番号" => "K1".to_string(),
            "調整種別" => "確認済".into(),
            "医籍登録番号" => number.clone(),
            "要確認コード" => "FND-009".into(),
            heading if heading.contains("理由") => "確かめた".into(),
            heading if heading.contains("承認者") => "会長".into(),
            _ => String::new(),
        })
        .collect();
    office.save("adjustments_2025-06-20.csv", format!("{shown}\n{}\n", cells.join(",")));
    office.import("adjustments_2025-06-20.csv");
    assert_eq!(office.json("count --as-of 2025-05-31")["known_at"], "2025-06-20");
    assert_eq!(month(&office), before);
}

/// Codes alone tell an office little, and a line without anything tells nothing.
#[test]
fn audits_on_the_screen_name_bodies() {
    let run = office().run("audit withdrawals --from 2025-12-01 --to 2025-12-31 --prefecture 埼玉県");
    assert!(run.stdout.contains("11-001 浦和") || run.stdout.contains("11-002 川口市"), "{}", run.stdout);
    let run = office().run("audit same-persons");
    let lines: Vec<&str> = run.stdout.lines().skip(1).take_while(|line| !line.is_empty()).collect();
    assert!(!lines.is_empty(), "{}", run.stdout);
    for line in lines {
        assert!(line.contains('-') && line.contains("同じ"), "{line}");
    }
}
