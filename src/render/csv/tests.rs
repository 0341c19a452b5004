//! Tests of both kinds of CSV file.

use super::*;
use crate::domain::document::{Column, Row, Table};
use crate::render::sample;
use proptest::prelude::*;
use rstest::rstest;

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("files are UTF-8")
}

fn small_table() -> Table {
    let mut table = sample::bridge_table();
    table.columns = vec![
        Column::text("name", "氏名", 8),
        Column::number("n", "人数", 4).in_group("会員"),
        Column::number("difference", "増減", 4),
        Column::number("share", "割合", 4),
        Column::centred("on", "基準日", 4),
    ];
    let date = "2025-12-31".parse().expect("a date");
    table.rows = vec![
        Row::body(vec![
            Cell::text("=HYPERLINK(1)"),
            Cell::Count(1_234),
            Cell::Difference(-5),
            Cell::PercentTenths(483),
            Cell::Date(date),
        ]),
        Row::total(vec![
            Cell::text("合計, \"計\""),
            Cell::Count(-1_234),
            Cell::Difference(2),
            Cell::PercentTenths(-5),
            Cell::NotApplicable,
        ]),
    ];
    table.notes = vec!["＊注".into()];
    table
}

/// The display file of one block.
fn display_of(block: &Block) -> Result<Vec<u8>, CsvError> {
    display_with(block, "", &[])
}

#[test]
fn display_file_reads_from_title_to_notes() {
    let bytes = display_of(&Block::Table(small_table())).expect("a sound table");
    assert_eq!(bytes[..3], *BYTE_ORDER_MARK);
    let expected = "\u{FEFF}表示との差の内訳\r\n\
                    基準日,令和7年12月31日（郡市区等）\r\n\
                    単位,人\r\n\
                    \r\n\
                    氏名,会員／人数,増減,割合,基準日\r\n\
                    '=HYPERLINK(1),1234,-5,48.3,R7.12.31\r\n\
                    \"合計, \"\"計\"\"\",-1234,2,-0.5,…\r\n\
                    \r\n\
                    ＊注\r\n";
    assert_eq!(text(bytes), expected);
}

#[test]
fn chart_carries_its_numbers() {
    let display = text(display_of(&Block::Chart(sample::chart())).expect("a sound chart"));
    assert!(display.contains("\r\n項目,値\r\nR7.9.30,2785\r\n"));
}

#[test]
fn section_lends_title_and_dates_to_a_table_without() {
    let files = display_files(&sample::pack()).expect("a sound pack");
    let counts = text(files[0].bytes.clone());
    assert!(counts.starts_with("\u{FEFF}会員数報告\r\n基準日,令和7年12月31日（水）\r\n"));
    assert_eq!(counts.matches("基準日").count(), 1);
}

/// 基準日 and 知識時点 stood twice over tables with days of their own.
#[test]
fn table_with_a_day_of_its_own_says_so_once() {
    let mut table = small_table();
    table.basis = vec![LabelledText::new("基準日", "令和7年11月30日"), LabelledText::new("単位", "人")];
    let section = [LabelledText::new("基準日", "令和7年12月31日"), LabelledText::new("単位", "人")];
    let bytes = display_with(&Block::Table(table), "", &section).expect("a sound table");
    let head: Vec<String> =
        text(bytes).split("\r\n").skip(1).take_while(|line| !line.is_empty()).map(str::to_string).collect();
    assert_eq!(head, ["基準日（この表）,令和7年11月30日", "単位,人"]);
}

#[test]
fn files_are_numbered_in_print_order() {
    let files = display_files(&sample::pack()).expect("a sound pack");
    let names: Vec<&str> = files.iter().map(|file| file.file_name.as_str()).collect();
    assert_eq!(
        names,
        [
            "01_会員数報告.csv",
            "02_表示との差の内訳.csv",
            "03_会員数の推移（郡市区等）.csv",
            "04_診療・検査医療機関の指定状況.csv",
            "05_届出のあった者.csv"
        ]
    );
}

#[rstest]
#[case::formula("=1+1", "'=1+1")]
#[case::plus("+81", "'+81")]
#[case::minus("-1", "'-1")]
#[case::at("@SUM", "'@SUM")]
#[case::tab("\t=1", "'\t=1")]
#[case::carriage_return("\r=1", "'\r=1")]
#[case::line_feed("\n=1", "'\n=1")]
#[case::wide_equals("＝1", "'＝1")]
#[case::wide_plus("＋1", "'＋1")]
#[case::wide_minus("－", "'－")]
#[case::wide_at("＠", "'＠")]
#[case::apostrophe_before("'=1", "''=1")]
#[case::plain("山田=1", "山田=1")]
#[case::plain_apostrophe("'95", "'95")]
#[case::triangle("▲5", "▲5")]
#[case::empty("", "")]
fn text_that_would_run_gets_an_apostrophe(#[case] given: &str, #[case] expected: &str) {
    assert_eq!(defuse(given), expected);
}

/// The documented way back.
fn undo(text: &str) -> &str {
    let rest = text.trim_start_matches('\'');
    if rest.len() < text.len() && defuse(rest) != rest { &text[1..] } else { text }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn defusing_can_be_undone(text in "['=+＝－@\\t\\r\\n]{0,3}[a-zあ-ん']{0,4}") {
        let safe = defuse(&text);
        prop_assert_eq!(undo(&safe), text.as_str());
    }

    #[test]
    fn every_text_comes_back_from_a_reader(texts in prop::collection::vec("[ -~\\r\\n\\tあ-ん＝]{0,8}", 2)) {
        let row: Vec<Cell> = texts.iter().map(Cell::text).collect();
        let bytes = rows_csv(CsvStyle::Machine, &["a", "b"], &[row]).expect("no NUL inside");
        let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
        let record = reader.records().next().expect("one record").expect("sound CSV");
        let back: Vec<&str> = record.iter().map(undo).collect();
        prop_assert_eq!(back, texts);
    }
}

#[test]
fn nul_is_an_error_that_names_the_column() {
    let rows = [vec![Cell::text("a"), Cell::text("x\0y")]];
    let error = rows_csv(CsvStyle::Display, &["番号", "氏名"], &rows).expect_err("refused");
    assert_eq!(error.to_string(), "a text of 氏名 holds the character U+0000");
}

#[test]
fn uneven_row_is_refused() {
    let error = rows_csv(CsvStyle::Display, &["番号"], &[vec![]]).expect_err("refused");
    assert_eq!(error.to_string(), "row 1 has 0 cells for 1 headings");
}

#[rstest]
#[case::leads_elsewhere("../会員\\数", "01__会員_数.csv")]
#[case::forbidden("会員数: \"速報\"?", "01_会員数_ _速報__.csv")]
#[case::blanks_and_dots("　会員数. ", "01_会員数.csv")]
#[case::nothing("　", "01_表.csv")]
fn name_for_people_is_safe_everywhere(#[case] title: &str, #[case] expected: &str) {
    assert_eq!(display_name(1, title), expected);
    assert_eq!(crate::domain::file_name::name_fault(expected), None);
}

#[test]
fn long_title_is_cut_in_the_name_and_stays_whole_in_the_file() {
    let title = "郡市区等医師会別".repeat(30);
    let name = display_name(123, &title);
    assert_eq!(name.chars().count(), MOST_OF_A_NAME);
    assert_eq!(crate::domain::file_name::name_fault(&name), None);
    let document = sample::single("s", "題", vec![Block::Table(Table { title: title.clone(), ..small_table() })]);
    let files = display_files(&document).expect("a sound table");
    assert!(text(files[0].bytes.clone()).contains(&title));
}

fn in_cp932(text: &str) -> Result<CsvFile, CsvError> {
    let bytes = rows_csv(CsvStyle::Display, &["氏名"], &[vec![Cell::text("見本")], vec![Cell::text(text)]]);
    to_cp932(CsvFile { file_name: "01_t.csv".into(), bytes: bytes.expect("plain text") })
}

#[test]
fn cp932_is_strict() {
    let encoded = in_cp932("髙橋～①").expect("all of CP932").bytes;
    assert_eq!(encoding_rs::SHIFT_JIS.decode(&encoded).0, "氏名\r\n見本\r\n髙橋～①\r\n");
    // The last three have codes in the encoder, and come back as \, ~ and －.
    for rare in ['𠮷', '鷗', '〜', '¥', '‾', '\u{2212}'] {
        let error = in_cp932(&format!("見{rare}")).expect_err("not in CP932").to_string();
        assert_eq!(error, format!("01_t.csv:3 {rare} (U+{:04X})", u32::from(rare)));
    }
}

#[test]
fn papers_in_cp932_are_the_display_files() {
    let document = sample::single("s", "題", vec![Block::Table(small_table())]);
    let (display, cp932) = (display_files(&document).expect("sound"), cp932_files(&document).expect("in CP932"));
    assert_eq!(display[0].file_name, cp932[0].file_name);
    assert_eq!(encoding_rs::SHIFT_JIS.decode(&cp932[0].bytes).0, text(display[0].bytes[3..].to_vec()));
}
