//! What an office is told: the row, the reason, the list, and what may have been meant.

use rstest::rstest;

use crate::cli::people::{NEXT, cells, edited, master, office, text};
use crate::cli::program::Office;
use crate::cli::refusal::assert_names_nobody;

const ADJUSTMENTS: &str = "調整番号,調整種別,医籍登録番号,医師会コード,医師会名,階層,対象入会日,新しい日付,新しい会員区分,退会理由,\
                           統合元番号,要確認コード,状態,理由,承認者\n";

fn said(office: &Office, arguments: &str, exit: i32, parts: &[&str]) {
    let run = office.run(arguments);
    assert_eq!(run.exit, Some(exit), "{}", run.stderr);
    for part in parts {
        assert!(run.stderr.contains(part), "{part:?} is not said: {}", run.stderr);
    }
    assert_names_nobody(&run);
}

/// The commonest reason with its number of rows, what may be meant, and where the list is.
#[test]
fn refused_file_says_why_and_where_its_list_is() {
    let office = office();
    office.save(
        NEXT,
        edited(|cells| {
            cells[1..41].iter_mut().for_each(|row| row[5] = "浦和市医師会".into());
            cells[1..11].iter_mut().for_each(|row| row[7] = "R7.2.30".into());
        }),
    );
    let list = "members_2025-10-31_取込結果.xlsx";
    said(
        &office,
        &format!("import {NEXT}"),
        3,
        &[
            "IMP-211",
            "IMP-005",
            "×40",
            "浦和医師会（11-001）",
            "のことではありませんか",
            "IMP-002",
            "×10",
            "2025年2月は28日まで",
            list,
        ],
    );
    assert!(office.data().join("rejects").join(list).is_file());
    said(
        &office,
        &format!("import {NEXT} --lang en"),
        3,
        &["was \"浦和医師会（11-001）\" meant?", "month 2 of 2025 has 28 days"],
    );
}

#[test]
fn adjustments_that_are_not_understood_say_why_and_where_their_list_is() {
    let office = office();
    office.save(
        "adjustments_2025-10-01.csv",
        format!("{ADJUSTMENTS}T-1,たいかい,910001,,浦和,,,2025-09-30,,,,,,試験,長\n"),
    );
    said(
        &office,
        "import adjustments_2025-10-01.csv",
        3,
        &["IMP-217", "IMP-011", "2行目", "B列", "adjustments_2025-10-01_取込結果.xlsx"],
    );
    office.save("調整.csv", format!("{ADJUSTMENTS}T-1,退会,910001,,浦和,,,2025-09-30,,,,,,試験,長\n"));
    said(&office, "import 調整.csv", 3, &["IMP-214", "adjustments_2025-09-30.csv"]);
}

#[test]
fn adjustment_that_fits_no_stay_is_told_when_it_is_taken_in() {
    let office = office();
    office.save(
        "adjustments_2025-10-01.csv",
        format!(
            "{ADJUSTMENTS}T-1,退会,910001,,浦和,,,2025-09-30,,本人希望,,,,試験,長\nT-2,退会,910001,,大宮,,,2025-09-30,,本人希望,,,,試験,長\n\
             T-3,退会,910003,,浦和,,2003-01-01,2025-09-30,,本人希望,,,,試験,長\nT-4,退会,910005,,浦和,,,1999-09-30,,本人希望,,,,試験,長\n"
        ),
    );
    said(
        &office,
        "import adjustments_2025-10-01.csv",
        0,
        &["IMP-145", "3行目: その医師会に", "4行目: 対象入会日の在籍が", "2004-05-03", "5行目"],
    );
    // Said again of a mended file only where it still holds.
    office.save(
        "adjustments_2025-10-02.csv",
        format!("{ADJUSTMENTS}T-3,退会,910003,,浦和,,2004-05-03,2025-09-30,,本人希望,,,,試験,長\n"),
    );
    let report = office.import("adjustments_2025-10-02.csv");
    assert_eq!(report[0]["warnings"], serde_json::json!({}), "{report}");
}

#[test]
fn death_entered_for_one_tier_asks_for_the_others() {
    let office = office();
    let row = |nth: u32, body: &str| format!("T-{nth},退会,910001,,{body},,,2025-09-30,,死亡,,,,試験,長\n");
    office.save("adjustments_2025-10-01.csv", format!("{ADJUSTMENTS}{}", row(1, "浦和")));
    said(&office, "import adjustments_2025-10-01.csv", 0, &["IMP-146", "2行目", "埼玉県医師会", "日本医師会"]);
    office.save(
        "adjustments_2025-10-02.csv",
        format!("{ADJUSTMENTS}{}{}{}", row(1, "浦和"), row(2, "埼玉県"), row(3, "日本")),
    );
    let report = office.import("adjustments_2025-10-02.csv");
    assert_eq!(report[0]["warnings"], serde_json::json!({}), "{report}");
}

/// The columns that nobody reads may hold the one that is missing.
#[test]
fn missing_heading_offers_the_unused_columns() {
    let office = office();
    office.save(NEXT, edited(|cells| cells[0][7] = "郡市入会".into()));
    said(&office, &format!("import {NEXT}"), 3, &["IMP-208", "郡市区等入会日", "H 郡市入会"]);
}

/// What a file is that fits nothing is told where its first rows show it.
#[rstest]
#[case::semicolons(";", "セミコロン")]
#[case::web_page("<td>", "ウェブページ")]
fn file_that_fits_nothing_says_what_it_is(#[case] divider: &str, #[case] part: &str) {
    let office = office();
    let page = text(&cells()).replace(',', divider);
    let start = if divider == ";" { "" } else { "<html>" };
    office.save(NEXT, format!("{start}{page}"));
    said(&office, &format!("import {NEXT}"), 3, &["IMP-209", part, "保存し直"]);
}

#[rstest]
#[case::month("2月は28日まで", "count --as-of R7.2.30")]
#[case::thirteenth("13月はありません", "count --as-of R7.13")]
#[case::era("令和は2019年5月1日に", "count --as-of 令和元年4月30日")]
#[case::weekday("その日は水曜日", "count --as-of 2015/4/1(木)")]
#[case::body("浦和（11-001）", "count --as-of 2025-09-30 --association 浦和市")]
#[case::code("（11-00", "count --as-of 2025-09-30 --association 11-009")]
fn argument_says_what_may_be_meant(#[case] part: &str, #[case] arguments: &str) {
    said(&office(), arguments, 2, &[part]);
}

/// A class scheme for a prefecture that the master does not have is named.
#[test]
fn class_scheme_of_a_prefecture_that_is_not_there_is_named() {
    let office = Office::new();
    office.save("associations.csv", master());
    let definitions = office.data().join("definitions");
    std::fs::create_dir_all(&definitions).expect("a folder can be made");
    std::fs::write(office.data().join("kaiin.toml"), "definitions = \"definitions\"\n").expect("it can be written");
    let scheme = "[[schemes]]\nname = \"試験\"\nprefectures = [\"47\"]\ntier = \"local\"\n\
                  words = [{ spellings = [\"甲\"], classes = [{ class = \"B\" }] }]\n";
    std::fs::write(definitions.join("class-schemes.toml"), scheme).expect("it can be written");
    office.save(NEXT, text(&cells()));
    said(&office, &format!("import associations.csv {NEXT}"), 0, &["IMP-141", "マスタにないコード: 47"]);
}
