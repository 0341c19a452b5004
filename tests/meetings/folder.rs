//! The folder of a new meeting, and a workbook as Excel saves it.

use calamine::{Data, Reader, Xlsx, open_workbook};
use kaiin::domain::cell::Cell;
use kaiin::domain::document::Block;
use rust_xlsxwriter::{Formula, Workbook};

use super::written::Written;
use crate::cli::prepared::prepared;
use crate::cli::program::Office;
use crate::cli::samples::Sample;
use crate::store::desk::Desk;

fn office() -> Office {
    Office::copy_of(&prepared(&Sample::saitama()).folder)
}

const FOLDER: &str = "meetings/2026-01-22_郡市医師会長会議";

/// Everything that README tells an office to do, in order.
#[test]
fn new_meeting_is_made_checked_and_built() {
    let office = office();
    let made = office.json("meeting new 郡市医師会長会議 --on R8.1.22");
    assert_eq!(made["folder"], FOLDER);
    assert_eq!(made["kind"], "郡市医師会長会議資料");
    let checked = office.json(&format!("meeting check {FOLDER}"));
    assert_eq!(checked["notices"], serde_json::json!([]));
    let built = office.json(&format!("meeting build {FOLDER} --as-of 2025-12-31"));
    assert_eq!(built["edition"], 1);
    let again = office.json(&format!("meeting build {FOLDER} --as-of 2025-12-31"));
    assert_eq!((&again["edition"], &again["unchanged"]), (&1.into(), &true.into()));
    let verified = office.run("verify");
    assert_eq!(verified.exit, Some(0), "{}{}", verified.stdout, verified.stderr);
    let refused = office.run("--json meeting new 郡市医師会長会議 --on 2026-01-22");
    assert_eq!((refused.exit, &refused.error()["error"]["code"]), (Some(2), &"MTG-002".into()));
}

/// A meeting that no definition knows has an empty agenda, of any day.
#[test]
fn meeting_of_no_kind_has_an_empty_agenda() {
    let office = office();
    let made = office.json("meeting new 臨時総会 --on 2024-02-29 --out ほか");
    assert_eq!((&made["folder"], &made["kind"]), (&"ほか/2024-02-29_臨時総会".into(), &serde_json::Value::Null));
    assert_eq!(office.json("meeting check ほか/2024-02-29_臨時総会")["items"], serde_json::json!([]));
}

/// The example of a table has the bodies of the office, in official order.
#[test]
fn example_has_the_bodies_of_the_master() {
    let office = office();
    let made = office.json("meeting new 理事会 --on 2026-02-10");
    let path = office.folder().join(made["workbook"].as_str().expect("a path"));
    let mut workbook: Xlsx<_> = open_workbook(path).expect("a workbook");
    let names = workbook.sheet_names();
    assert_eq!(names, ["次第", "記入のしかた", "見本_医師会別", "見本_表", "見本_行列", "見本_一覧", "見本_文書"]);
    let sheet = workbook.worksheet_range("見本_医師会別").expect("the sheet can be read");
    let first: Vec<String> = sheet.rows().map(|row| row[0].to_string()).skip_while(|text| text != "医師会").collect();
    assert_eq!((first.len(), first[1].as_str(), first[27].as_str()), (31, "浦和", "岩槻"));
}

/// The examples are sound once they are copied under other names and filled in: the forms teach what is read.
#[tokio::test]
async fn examples_are_read_as_they_are() {
    let office = office();
    let made = office.json("meeting new 理事会 --on 2026-02-10");
    let path = office.folder().join(made["workbook"].as_str().expect("a path"));
    let mut workbook: Xlsx<_> = open_workbook(path).expect("a workbook");
    let desk = Desk::of(&Sample::saitama()).await;
    for (shape, day) in [("医師会別", true), ("表", false), ("行列", false), ("一覧", false), ("文書", false)]
    {
        let sheet = workbook.worksheet_range(&format!("見本_{shape}")).expect("the sheet can be read");
        let mut text = String::new();
        for row in sheet.rows() {
            let cells: Vec<String> = row.iter().map(Data::to_string).collect();
            // Numbers and the day are what the office writes.
            let filled = match cells[0].as_str() {
                "基準日" if day => "基準日,R7.12.1".to_string(),
                _ if day && cells[1].is_empty() && !cells[0].is_empty() && row.len() == 2 => {
                    format!(
                        "{},{}",
                        cells[0],
                        if ["合計", "注", "出典"].contains(&cells[0].as_str()) { "" } else { "3" }
                    )
                }
                _ => cells.join(","),
            };
            text.push_str(&filled);
            text.push('\n');
        }
        assert_eq!(Written::of_sheet(&text).faults(&desk).await, [""; 0], "{shape}\n{text}");
    }
}

/// Errors and formulas that were never worked out are told by their cells; dates and merged cells are read as they are seen.
#[tokio::test]
async fn workbook_is_read_as_it_is_seen() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("次第").expect("a name");
    let rows = [["会議名", "試験会議", ""], ["開催日", "2026-01-22", ""], ["", "", ""], ["区分", "件名", "資料"]];
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
    let format = rust_xlsxwriter::Format::new();
    sheet.merge_range(4, 0, 5, 0, "報告事項", &format).expect("cells can be merged");
    for (row, (text, material)) in (4..).zip([("会員数", "会員数報告"), ("表", "表")]) {
        sheet.write_string(row, 1, text).expect("a cell");
        sheet.write_string(row, 2, material).expect("a cell");
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name("表").expect("a name");
    for (row, cells) in
        (0..).zip([["形", "表"], ["期間", "12月"], ["単位", "件"], ["", ""], ["区分", "数"], ["甲", ""], ["乙", ""]])
    {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
    sheet.write_formula(5, 1, Formula::new("=1+1").set_result("2")).expect("a formula");
    sheet.write_formula(6, 1, Formula::new("=1/0").set_result("#DIV/0!")).expect("a formula");
    let desk = Desk::of(&Sample::saitama()).await;
    let bytes = workbook.save_to_buffer().expect("it can be saved");
    let written = Written::new().with("会議.xlsx", bytes);
    let found = written.faults(&desk).await;
    assert_eq!(found, ["MTG-014 会議.xlsx「表」 B7", "MTG-042 会議.xlsx「表」 B7"]);
}

/// What the sheet shows is what the office means: 25.6% of a cell that holds 0.25612, 33.3 of 33.333333; a hidden sheet is
/// named as such.
#[tokio::test]
async fn numbers_are_read_as_they_are_shown() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("表").expect("a name");
    for (row, cells) in (0..).zip([
        ["形", "表", ""],
        ["期間", "12月", ""],
        ["単位", "件", ""],
        ["", "", ""],
        ["区分", "率", "数"],
        ["甲", "", ""],
    ]) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
    let format = |code: &str| rust_xlsxwriter::Format::new().set_num_format(code);
    sheet.write_number_with_format(5, 1, 0.25612, &format("0.0%")).expect("a cell");
    sheet.write_number_with_format(5, 2, 33.333_333_3, &format("#,##0.0")).expect("a cell");
    workbook.add_worksheet().set_name("秘密").expect("a name").set_hidden(true);
    let bytes = workbook.save_to_buffer().expect("it can be saved");
    let desk = Desk::of(&Sample::saitama()).await;
    let written = Written::of_items(&["表"]).with("会議.xlsx", &bytes);
    let document = written.document(&desk).await;
    let Block::Table(table) = &document.sections[0].blocks[0] else { panic!("{:?}", document.sections[0]) };
    let cells: Vec<String> = table.rows[0].cells.iter().map(Cell::display).collect();
    assert_eq!(cells, ["甲", "25.6", "33.3"]);
    let hidden = Written::of_items(&["秘密"]).with("会議.xlsx", &bytes);
    assert_eq!(hidden.faults(&desk).await, ["MTG-039 次第.csv C5"]);
}

#[tokio::test]
async fn several_workbooks_need_the_usual_name() {
    let desk = Desk::of(&Sample::saitama()).await;
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write_string(0, 0, "控え").expect("a cell");
    let bytes = workbook.save_to_buffer().expect("it can be saved");
    let written = Written::of_items(&["会員数報告"]).with("控え.xlsx", &bytes).with("別の控え.xlsx", &bytes);
    assert_eq!(written.faults(&desk).await, ["MTG-011 別の控え.xlsx"]);
}

#[test]
fn folder_that_is_not_there_is_told() {
    let office = office();
    let run = office.run("--json meeting check 無い");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(2), &"MTG-003".into()));
    let run = office.run("--json meeting build 無い --as-of 2025-12-31");
    assert_eq!(run.exit, Some(2), "{}", run.stderr);
}
