//! Files that must not be taken in: each is refused with its code and place, and leaves the store as it was.

use std::collections::BTreeSet;

use rstest::rstest;

use super::people::{KNOWN, N_PEOPLE, NEXT, cells, edited, master, office, text, with_line};
use super::program::Office;
use super::refusal::{Refusal, assert_names_nobody, assert_refused, in_cell, in_row, refusal};
use super::samples::Sample;

/// Bytes of a good export as Excel saves “Unicode text”.
fn utf16(to_bytes: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    text(&cells()).encode_utf16().flat_map(to_bytes).collect()
}

/// Gives `n` people a 医籍登録番号 that is none.
fn with_rejects(n: usize) -> Vec<u8> {
    edited(|cells| cells[10..10 + n].iter_mut().for_each(|row| row[0] = "不明".into()))
}

#[rstest]
#[case::unknown_headings("店名,住所,電話\nあ,い,う\n", in_row("IMP-209", 1))]
#[case::people_without_headings(edited(|cells| drop(cells.remove(0))), in_row("IMP-209", 1))]
#[case::required_heading_missing(edited(|cells| cells.iter_mut().for_each(|row| drop(row.remove(9)))), in_row("IMP-208", 1))]
#[case::heading_twice(edited(|cells| cells.iter_mut().for_each(|row| row.push(row[1].clone()))), in_cell("IMP-210", 1, "R"))]
#[case::other_spelling_of_a_heading_twice(
    edited(|cells| { cells[0][4] = "会員氏名".into(); }),
    in_cell("IMP-210", 1, "E")
)]
#[case::undecodable(with_line(7, |line| [line.as_bytes(), b"\xFF\xFF"].concat()), in_cell("IMP-204", 7, "Q"))]
#[case::undecodable_after_a_byte_order_mark(
    [b"\xEF\xBB\xBF".to_vec(), with_line(7, |line| [line.as_bytes(), b"\x83\x41"].concat())].concat(),
    in_cell("IMP-204", 7, "Q")
)]
#[case::empty("", refusal(3, "IMP-201"))]
#[case::only_a_byte_order_mark("\u{FEFF}", refusal(3, "IMP-201"))]
#[case::only_blank_lines("\n\r\n\n", refusal(3, "IMP-201"))]
#[case::headings_only(edited(|cells| cells.truncate(1)), refusal(3, "IMP-202"))]
#[case::headings_and_blank_rows(
    edited(|cells| { cells.truncate(3); cells[1..].iter_mut().flatten().for_each(String::clear); }),
    refusal(3, "IMP-202")
)]
#[case::xlsx_cut_off(b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", refusal(3, "IMP-232"))]
#[case::xls(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", refusal(3, "IMP-231"))]
#[case::pdf(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", refusal(3, "IMP-203"))]
#[case::utf16_little_endian([b"\xFF\xFE".to_vec(), utf16(u16::to_le_bytes)].concat(), refusal(3, "IMP-203"))]
#[case::utf16_big_endian([b"\xFE\xFF".to_vec(), utf16(u16::to_be_bytes)].concat(), refusal(3, "IMP-203"))]
#[case::nul_byte(with_line(4, |line| line.replace("カクウ", "カク\0ウ").into()), in_cell("IMP-203", 4, "C"))]
#[case::unclosed_quote(with_line(8, |line| line.replace("架空林医院", "\"架空林医院").into()), in_cell("IMP-205", 8, "E"))]
#[case::enormous_cell(
    with_line(5, |line| line.replace("架空林医院", &"架".repeat(5 << 20)).into()),
    in_cell("IMP-206", 5, "E")
)]
#[case::enormous_quoted_cell(
    edited(|cells| cells[4][4] = "架空林,\n".repeat(1 << 19)),
    in_cell("IMP-206", 5, "E")
)]
#[case::short_last_row(edited(|cells| { let last = cells.len() - 1; cells[last].truncate(15); }), in_cell("IMP-207", 61, "P"))]
#[case::long_row(edited(|cells| cells[8].push("余り".into())), in_cell("IMP-207", 9, "R"))]
#[case::too_many_rejects(with_rejects(N_PEOPLE / 20 + 1), in_cell("IMP-211", 11, "A"))]
#[case::nothing_but_rejects(
    edited(|cells| { cells.truncate(2); cells[1][7] = "そのうち".into(); }),
    in_cell("IMP-211", 2, "H")
)]
#[case::nine_tenths_missing(edited(|cells| cells.truncate(1 + N_PEOPLE / 10)), refusal(3, "IMP-212"))]
fn bad_export_is_refused_and_nothing_changes(#[case] bytes: impl AsRef<[u8]>, #[case] expected: Refusal) {
    let office = office();
    office.save(NEXT, bytes);
    assert_refused(&office, &format!("import {NEXT}"), expected);
}

/// The first refusal of the options that a file cannot speak for itself.
#[rstest]
#[case::one_reject_in_an_atomic_import(NEXT, with_rejects(1), "--atomic", in_cell("IMP-217", 11, "A"))]
#[case::older_than_the_newest("members_2025-09-29.csv", text(&cells()), "", refusal(3, "IMP-213"))]
#[case::no_export_day("members.csv", text(&cells()), "", refusal(3, "IMP-214"))]
#[case::export_day_in_the_future("members_2026-02-03.csv", text(&cells()), "", refusal(3, "IMP-219"))]
#[case::unknown_layout(NEXT, text(&cells()), "--layout mamis", refusal(2, "CFG-003"))]
#[case::layout_of_another_kind(NEXT, text(&cells()), "--layout association-master", in_row("IMP-208", 1))]
#[case::export_day_that_is_none(NEXT, text(&cells()), "--known-at 2025-02-30", refusal(2, "QRY-006"))]
fn import_that_cannot_be_is_refused_and_nothing_changes(
    #[case] name: &str,
    #[case] bytes: impl AsRef<[u8]>,
    #[case] options: &str,
    #[case] expected: Refusal,
) {
    let office = office();
    office.save(name, bytes);
    assert_refused(&office, &format!("import {name} {options}"), expected);
}

/// The same bytes as an export that is known are no older export, but nothing new either.
#[test]
fn known_file_under_an_older_day_is_refused() {
    let office = office();
    std::fs::copy(office.folder().join(KNOWN), office.folder().join("members_2025-08-31.csv")).expect("a copy");
    assert_refused(&office, "import members_2025-08-31.csv", refusal(3, "IMP-213"));
}

#[test]
fn missing_file_is_refused_with_all_files() {
    let office = office();
    office.save(NEXT, text(&cells()));
    assert_refused(&office, &format!("import {NEXT} members_2025-12-31.csv"), refusal(2, "ENV-005"));
}

#[test]
fn folder_in_place_of_a_file_is_refused() {
    let office = office();
    std::fs::create_dir(office.folder().join(NEXT)).expect("a folder can be made");
    assert_refused(&office, &format!("import {NEXT}"), refusal(2, "ENV-010"));
}

#[test]
fn members_before_the_master_are_refused() {
    let office = Office::new();
    office.save(NEXT, text(&cells()));
    // The first run makes the data folder and an empty store.
    assert_eq!(office.run("init").exit, Some(0));
    assert_refused(&office, &format!("import {NEXT}"), refusal(3, "IMP-215"));
}

#[test]
fn accepted_drop_needs_a_reason_and_is_stored_with_it() {
    let office = office();
    office.save(NEXT, edited(|cells| cells.truncate(1 + N_PEOPLE / 10)));
    let before = office.state();
    assert_eq!(office.run(&format!("import {NEXT} --accept-drop")).exit, Some(2));
    assert_refused(&office, &format!("import {NEXT} --reason 合併"), refusal(3, "IMP-212"));
    assert_eq!(office.state(), before);
    let report = office.import(&format!("{NEXT} --accept-drop --reason 合併"));
    assert_eq!(report[0]["status"], "stored");
    // Absence is silence (R6): all still count, and the figure says how many nobody shows any more.
    let count = office.json("count --as-of 2025-10-31 --by tier");
    assert_eq!(count["totals"]["local"]["memberships"], N_PEOPLE);
    assert_eq!(count["not_shown"], 3 * (N_PEOPLE - N_PEOPLE / 10));
}

/// Cut after twentieth parts, wherever that falls: every fourth, in one encoding from nothing, in the other to nearly all.
#[rstest]
#[case::cp932(Sample::saitama(), 0)]
#[case::utf8(Sample::three_prefectures(), 3)]
fn part_of_a_file_is_refused_and_nothing_changes(#[case] sample: Sample, #[case] first: usize) {
    let office = Office::new();
    office.import(&format!("{} {}", sample.files[0].display(), sample.files[1].display()));
    let whole = std::fs::read(&sample.files[2]).expect("the sample can be read");
    let numbers: BTreeSet<&[u8]> =
        whole.split(|byte| !byte.is_ascii_digit()).filter(|digits| digits.len() == 6).collect();
    assert!(numbers.len() > 1_000, "the registration numbers of the export");
    let before = office.state();
    for part in (first..20).step_by(4) {
        let cut = whole.len() * part / 20;
        let after_a_row = whole[..cut].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        // At the end of a row, and of nearly all rows, nothing but the missing members can tell.
        let cuts = if part < 19 { vec![cut, after_a_row] } else { vec![cut] };
        for cut in cuts {
            office.save(NEXT, &whole[..cut]);
            let run = office.run(&format!("--json import {NEXT}"));
            assert_eq!(run.exit, Some(3), "{part} of 20 parts, {cut} bytes: {run:?}");
            let error = run.error();
            let code = error["error"]["code"].as_str().expect("a code is a text");
            assert!(["IMP-201", "IMP-202", "IMP-204", "IMP-205", "IMP-207", "IMP-212"].contains(&code), "{error}");
            assert_eq!(run.stdout, "[]\n");
            let shown = run.stderr.split(|c: char| !c.is_ascii_digit()).find(|said| numbers.contains(said.as_bytes()));
            assert_eq!(shown, None, "a registration number is shown: {error}");
        }
    }
    assert_eq!(office.state(), before);
}

/// What comes before a bad file stays, what comes after it is not begun; the report says which.
#[test]
fn files_before_a_bad_one_are_stored_as_wholes() {
    let office = office();
    office.save(NEXT, text(&cells()));
    office.save("members_2025-11-30.csv", edited(|cells| cells[8].push("余り".into())));
    office.save("members_2025-12-31.csv", text(&cells()));
    let run = office.run("--json import members_2025-12-31.csv members_2025-11-30.csv members_2025-10-31.csv");
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    let error = run.error();
    assert_eq!(
        (&error["error"]["code"], &error["error"]["file"]),
        (&"IMP-207".into(), &"members_2025-11-30.csv".into())
    );
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("the report is JSON");
    assert_eq!(report.as_array().map(Vec::len), Some(1));
    assert_eq!((&report[0]["file"], &report[0]["status"]), (&NEXT.into(), &"stored".into()));
    let count = office.json("count --as-of 2025-12-01");
    assert_eq!(count["known_at"], "2025-10-31");
}

/// A row with fewer cells than the headings is rejected with its number, and nobody else is.
#[rstest]
#[case::by_one_cell(16, "Q")]
#[case::by_most(3, "D")]
fn short_row_costs_itself_alone(#[case] n_cells: usize, #[case] column: &str) {
    let office = office();
    office.save(NEXT, edited(|cells| cells[8].truncate(n_cells)));
    let report = office.import(NEXT);
    let rejected = &report[0]["rejected"];
    let place = (&rejected[0]["row"], &rejected[0]["column"], &rejected[0]["code"]);
    assert_eq!(place, (&9.into(), &column.into(), &"IMP-308".into()), "{report}");
    assert_eq!((&report[0]["rejected_rows"], &report[0]["rows"]), (&1.into(), &N_PEOPLE.into()), "{report}");
    // 会員状態 stands in column J.
    assert_eq!(report[0]["rejected_active_rows"], u32::from(n_cells > 9), "{report}");
    assert!(office.data().join("rejects/members_2025-10-31_取込結果.xlsx").is_file());
}

/// More than a few short rows are a file that was cut or is another one.
#[test]
fn many_short_rows_refuse_the_file() {
    let office = office();
    office.save(NEXT, edited(|cells| cells[8..12].iter_mut().for_each(|row| row.truncate(16))));
    let run = office.run(&format!("import {NEXT}"));
    assert_eq!(run.exit, Some(3), "{}", run.stderr);
    for word in ["IMP-211", "IMP-308", "9行目"] {
        assert!(run.stderr.contains(word), "{word}: {}", run.stderr);
    }
}

/// The last row is cut off, whatever stands below it but rows of people.
#[rstest]
#[case::line_end("\n", Some("IMP-207"))]
#[case::no_line_end("", Some("IMP-207"))]
#[case::blank_lines("\n\n,,\n", Some("IMP-207"))]
#[case::total("\n合計,60\n", None)]
fn short_last_row_is_a_cut(#[case] below: &str, #[case] code: Option<&str>) {
    let office = office();
    let mut cells = cells();
    let last = cells.len() - 1;
    cells[last].truncate(12);
    office.save(NEXT, text(&cells).trim_end().to_owned() + below);
    let run = office.run(&format!("import {NEXT}"));
    assert_eq!(run.exit, Some(if code.is_some() { 3 } else { 0 }), "{}", run.stderr);
    assert!(code.is_none_or(|code| run.stderr.contains(code)), "{}", run.stderr);
}

/// A file that is refused by its headings is found before any other file is stored.
#[test]
fn file_of_no_layout_stops_all_files() {
    let office = office();
    office.save(NEXT, text(&cells()));
    office.save("members_2025-11-30.csv", "店名,住所,電話\nあ,い,う\n");
    assert_refused(&office, &format!("import {NEXT} members_2025-11-30.csv"), in_row("IMP-209", 1));
}

#[test]
fn dry_run_changes_nothing_and_reports_as_if_it_had() {
    let office = office();
    office.save(NEXT, with_rejects(2));
    let before = office.state();
    let dry = office.import(&format!("{NEXT} --dry-run"));
    assert_eq!(office.state(), before);
    assert!(!office.data().join("rejects").exists(), "a trial run wrote a rejects file");
    let wet = office.import(NEXT);
    assert_eq!((&dry[0]["status"], &wet[0]["status"]), (&"dry_run".into(), &"stored".into()));
    for key in ["rows", "stays", "rejected_rows", "rejected_active_rows", "rejected", "warnings", "findings"] {
        assert_eq!(dry[0][key], wet[0][key], "{key}");
    }
    assert!(office.data().join("rejects/members_2025-10-31_取込結果.xlsx").exists());
}

/// Rows count as Excel counts them: blank ones too, a cell of several lines once.
#[rstest]
#[case::line_feeds("", "\n")]
#[case::carriage_returns_and_line_feeds("", "\r\n")]
#[case::carriage_returns("", "\r")]
#[case::byte_order_mark("\u{FEFF}", "\r\n")]
fn rows_are_numbered_as_in_excel(#[case] mark: &str, #[case] line_end: &str) {
    let mut cells = cells();
    cells[2][4] = format!("架空林医院{line_end}二行目{line_end}{line_end}四行目");
    cells[3][0] = "不明".into();
    cells[20][7] = "そのうち".into();
    let mut lines: Vec<String> =
        cells.iter().map(|row| text(std::slice::from_ref(row)).trim_end().to_owned()).collect();
    // Two blank rows, and one of empty cells, between the two bad ones; a blank row above the headings.
    lines.splice(10..10, [String::new(), String::new(), ",,,".to_owned()]);
    lines.insert(0, String::new());
    let office = office();
    office.save(NEXT, format!("{mark}{}{line_end}", lines.join(line_end)));
    let report = office.import(NEXT);
    let places: Vec<(u64, &str, &str)> = report[0]["rejected"]
        .as_array()
        .expect("rejected is a list")
        .iter()
        .map(|reject| {
            let text = |key: &str| reject[key].as_str().expect("a text");
            (reject["row"].as_u64().expect("a number"), text("column"), text("code"))
        })
        .collect();
    assert_eq!(places, [(5, "A", "IMP-001"), (25, "H", "IMP-002")]);
    // The same rows when the whole file is refused.
    cells[30].push("余り".into());
    let line = text(&cells[30..31]).trim_end().to_owned();
    lines[34] = line;
    office.save(NEXT, format!("{mark}{}{line_end}", lines.join(line_end)));
    assert_refused(&office, &format!("import {NEXT}"), in_cell("IMP-207", 35, "R"));
    let mut bytes = format!("{mark}{}", lines[..34].join(line_end)).into_bytes();
    bytes.extend(b"\xFF\xFF");
    office.save(NEXT, bytes);
    assert_refused(&office, &format!("import {NEXT}"), in_cell("IMP-204", 34, "Q"));
}

/// The rejects of an import that goes on: shown with place and remedy, without the person.
#[test]
fn rejects_are_shown_without_persons() {
    let office = office();
    office.save(NEXT, with_rejects(2));
    for (lang, place, counts) in [
        ("ja", "11行目 A列（医籍登録番号） IMP-001", "取込不可 2 行（うち在籍 2）"),
        ("en", "row 11 column A (医籍登録番号) IMP-001", "rejected rows 2 (2 say 在籍)"),
    ] {
        let run = office.run(&format!("import {NEXT} --dry-run --lang {lang}"));
        assert_eq!(run.exit, Some(0), "{}", run.stderr);
        assert!(run.stderr.contains(place) && run.stderr.contains(counts), "{}", run.stderr);
        assert_names_nobody(&run);
    }
}

/// Replaces one text of the master that stands there once.
fn edited_master(from: &str, to: &str) -> String {
    let master = master();
    assert_eq!(master.matches(from).count(), 1, "{from}");
    master.replace(from, to)
}

#[rstest]
#[case::unknown_parent(edited_master("大宮,,P11,", "大宮,,P12,"), in_cell("IMP-221", 6, "G"))]
#[case::parents_in_a_circle(edited_master("埼玉県,,JMA,", "埼玉県,,11-003,"), in_cell("IMP-222", 3, "G"))]
#[case::own_parent(edited_master("埼玉県,,JMA,", "埼玉県,,P11,"), in_cell("IMP-222", 3, "G"))]
#[case::no_parent(edited_master("大宮,,P11,", "大宮,,,"), in_cell("IMP-223", 6, "G"))]
#[case::code_twice(edited_master("\n11-003,", "\n11-001,"), in_cell("IMP-220", 6, "A"))]
#[case::no_code(edited_master("\n11-003,", "\n,"), in_cell("IMP-216", 6, "A"))]
#[case::unknown_tier(edited_master("P13,都道府県,", "P13,県,"), in_cell("IMP-216", 4, "B"))]
#[case::no_name(edited_master("大宮医師会,", ","), in_cell("IMP-216", 6, "D"))]
#[case::position_that_is_no_number(edited_master("P11,11,3", "P11,11,三"), in_cell("IMP-216", 6, "I"))]
#[case::no_national_body(edited_master("JMA,日本,", "JMA,都道府県,"), in_cell("IMP-223", 2, "G"))]
#[case::body_with_members_lost(edited_master("11-003,郡市区等,", "11-004,郡市区等,"), refusal(3, "IMP-218"))]
#[case::headings_only(master().lines().take(1).collect::<String>(), refusal(3, "IMP-202"))]
#[case::heading_missing(edited_master("並び順", "順番"), in_row("IMP-208", 1))]
fn bad_master_is_refused_and_nothing_changes(#[case] master: String, #[case] expected: Refusal) {
    let office = office();
    office.save("new.csv", master);
    assert_refused(&office, "import new.csv", expected);
}

/// Names may change and bodies may come; what is counted stays.
#[test]
fn new_master_keeps_the_members() {
    let office = office();
    let rows = office.state().count.expect("an export was taken in")["rows"].clone();
    let renamed = edited_master("大宮医師会,大宮", "新大宮医師会,新大宮")
        + "11-004,郡市区等,地域,川越市医師会,川越市,,P11,11,2\n";
    office.save("new.csv", renamed);
    assert_eq!(office.import("new.csv")[0]["status"], "stored");
    assert_eq!(office.state().count.expect("an export was taken in")["rows"], rows);
    assert_eq!(office.import("new.csv")[0]["status"], "unchanged");
}
