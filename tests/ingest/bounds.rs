//! Files that are made to take all the memory, or all the time: each is refused within the memory that an office machine
//! has to spare. What is counted is bytes and rows, never time.
//!
//! The sizes are such that the program stops far before the end of each file. `KAIIN_LARGE_FILES=1` adds those that it has
//! to read to the end.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use rstest::rstest;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::cli::people::{cells, master, text};
use crate::cli::program::{Office, Run};

/// Address space of the program, in KB: some 1.2 GB of it are reserved by threads and never used.
const MOST_MEMORY_KB: u32 = 1_900_000;

/// Takes a file into an office with a master, with little memory.
fn import(name: &str, bytes: &[u8], options: &str) -> (Office, Run) {
    let office = Office::new();
    office.save("associations.csv", master());
    office.import("associations.csv");
    office.save(name, bytes);
    let run = bounded(&office, &format!("import {name} {options}"));
    (office, run)
}

fn bounded(office: &Office, arguments: &str) -> Run {
    let line = format!("ulimit -v {MOST_MEMORY_KB}; exec {} {arguments}", env!("CARGO_BIN_EXE_kaiin"));
    Run::of(office.through("sh").args(["-c", &line]))
}

fn are_large_wanted() -> bool {
    std::env::var_os("KAIIN_LARGE_FILES").is_some()
}

fn headings() -> String {
    text(&cells()[..1])
}

/// Rows of one number, each with another 入会日.
fn one_person(n: usize) -> Vec<u8> {
    let mut row = cells().swap_remove(1);
    let mut out = headings();
    let begin = chrono::NaiveDate::from_ymd_opt(1950, 1, 1).expect("a day");
    for day in begin.iter_days().take(n) {
        let day = day.to_string();
        for at in [7, 12, 15] {
            row[at].clone_from(&day);
        }
        out.push_str(&text(std::slice::from_ref(&row)));
    }
    out.into_bytes()
}

fn with_headings(rows: &str, n: usize) -> Vec<u8> {
    (headings() + &rows.repeat(n)).into_bytes()
}

const MILLION: usize = 1_000_000;

#[rstest]
#[case::cells_of_one_row(|| ",".repeat(60 * MILLION).into_bytes(), "IMP-301")]
#[case::headings_without_end(|| (0..3 * MILLION).fold(String::new(), |all, nth| all + "見" + &nth.to_string() + ",").into_bytes(), "IMP-301")]
#[case::row_of_a_million_cells(|| with_headings(&(",".repeat(MILLION) + "\n"), 20), "IMP-301")]
#[case::lines_without_anything(|| "\n".repeat(60 * MILLION).into_bytes(), "IMP-302")]
#[case::lines_of_old_macs(|| "\r".repeat(60 * MILLION).into_bytes(), "IMP-302")]
#[case::quoted_cells_over_two_lines(|| with_headings("\"a\n,b\",,\n", 6 * MILLION), "IMP-302")]
#[case::one_line(|| with_headings(&"あ".repeat(20 * MILLION), 1), "IMP-206")]
#[case::open_quotation_mark(|| with_headings(&("\"".to_owned() + &"あ\n".repeat(15 * MILLION)), 1), "IMP-206")]
#[case::quotation_marks(|| "\"".repeat(60 * MILLION).into_bytes(), "IMP-206")]
#[case::zeros(|| vec![0; 60 * MILLION], "IMP-203")]
#[case::one_person(|| one_person(2_000), "IMP-211")]
fn enormous_text_is_refused(#[case] bytes: fn() -> Vec<u8>, #[case] code: &str) {
    let (_, run) = import("members_2025-10-31.csv", &bytes(), "");
    assert_eq!(run.exit, Some(3), "{run:?}");
    assert!(run.stderr.contains(code), "{run:?}");
}

/// A person on more rows than anybody can have is rejected, and nobody else is.
#[test]
fn crowd_under_one_number_costs_its_rows_only() {
    let mut file = text(&cells()).into_bytes();
    let crowd = one_person(if are_large_wanted() { 20_000 } else { 1_001 });
    let others = one_person(1_000);
    file.extend_from_slice(&crowd[headings().len()..]);
    let others = String::from_utf8(others).expect("text").replace("910001", "920001");
    file.extend_from_slice(&others.as_bytes()[headings().len()..]);
    let office = Office::new();
    office.save("associations.csv", master());
    office.save("kaiin.toml", "[import]\nmax_rejected_percent = 99\n");
    office.import("associations.csv");
    office.save("members_2025-10-31.csv", &file);
    let run =
        bounded(&office, "--config kaiin.toml --json import members_2025-10-31.csv --accept-change --reason 試験");
    assert_eq!(run.exit, Some(0), "{run:?}");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    // The number stands on a good row as well: nobody can say whose it is.
    let n_crowd = if are_large_wanted() { 20_001 } else { 1_002 };
    assert_eq!(report[0]["rejected_rows"], n_crowd, "{}", report[0]["rejected_rows"]);
    assert_eq!(report[0]["rejected"][0]["code"], "IMP-300");
    for answer in [
        "count --as-of 2025-10-31",
        "audit withdrawals --as-of 2025-10-31",
        "audit tiers",
        "audit transfers --from 2025-04-01 --to 2025-10-31",
    ] {
        let run = bounded(&office, answer);
        assert!(matches!(run.exit, Some(0 | 1)), "{answer}: {run:?}");
    }
}

#[rstest]
#[case::bodies(|| (0..30_000).fold(master(), |mut all, nth| { writeln!(all, "Z{nth},郡市区等,地域,架空{nth}医師会,架空{nth},,P11,11,{nth}").expect("text"); all }))]
#[case::aliases(|| (0..1_000).fold(master(), |mut all, nth| {
    let names: String = (0..2_000).map(|other| format!("架空{nth}の{other}、")).collect();
    writeln!(all, "Z{nth},郡市区等,地域,架空{nth}医師会,架空{nth},{names},P11,11,{nth}").expect("text");
    all
}))]
fn enormous_master_is_refused(#[case] text: fn() -> String) {
    let (_, run) = import("other.csv", text().as_bytes(), "");
    assert_eq!(run.exit, Some(3), "{run:?}");
    assert!(run.stderr.contains("IMP-303"), "{run:?}");
}

/// Bodies that stand under one another, or take each other's place, as long as a master may be.
#[rstest]
#[case::under_one_another(true, Some("IMP-309"))]
#[case::after_one_another(false, None)]
fn chain_of_a_master_is_walked_in_time(#[case] is_deep: bool, #[case] code: Option<&str>) {
    let n = if are_large_wanted() { 19_000 } else { 3_000 };
    let days = |line: &str, days: &str| format!("{line},{days}\n");
    let mut text = String::new();
    for (nth, line) in master().lines().enumerate() {
        text.push_str(&days(line, if nth == 0 { "有効開始日,有効終了日,後継コード" } else { ",," }));
    }
    let begin = chrono::NaiveDate::from_ymd_opt(1950, 1, 1).expect("a day");
    for (nth, day) in begin.iter_days().take(n).enumerate() {
        let is_last = nth + 1 == n;
        let next = format!("Z{}", nth + 1);
        let parent = if is_deep && !is_last { next.as_str() } else { "P11" };
        let line = format!("Z{nth},郡市区等,地域,架空{nth}医師会,架空{nth},,{parent},11,{}", 1_000 + nth);
        text.push_str(&match (is_deep, is_last) {
            (true, _) => days(&line, ",,"),
            (false, true) => days(&line, &format!("{day},,")),
            (false, false) => days(&line, &format!("{day},{day},{next}")),
        });
    }
    let (_, run) = import("other.csv", text.as_bytes(), "");
    assert_eq!(run.exit, Some(if code.is_some() { 3 } else { 0 }), "{run:?}");
    assert!(code.is_none_or(|code| run.stderr.contains(code)), "{run:?}");
}

/// Several things are doubtful in every row: they are counted and listed, and the file is taken in.
#[test]
fn warnings_in_every_row_do_not_fill_the_memory() {
    let n = if are_large_wanted() { 200_000 } else { 20_000 };
    let headings = "医籍登録番号,氏名,氏名カナ,性別,生年月日,卒業年月,施設業務,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,\
                    郡市区等退会日,会員状態,都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日\n";
    let mut text = String::from(headings);
    for nth in 0..n {
        let row = "ﾊﾝｶｸ髙塚,カナ,？,19x,20y,,浦和医師会,Ｚ区分,2001-04-01,,なぞ,Ｚ区分,2001-04-01,,Ｚ区分,2001-04-01,";
        writeln!(text, "{},{row}", 1_000_000 + nth).expect("text");
    }
    let (office, run) = import("members_2025-10-31.csv", text.as_bytes(), "--json --accept-change --reason 試験");
    assert_eq!(run.exit, Some(0), "{run:?}");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    for code in ["IMP-103", "IMP-105", "IMP-109", "IMP-118", "IMP-132"] {
        assert_eq!(report[0]["warnings"][code], n, "{code}: {}", report[0]["warnings"]);
    }
    assert!(office.data().join("rejects/members_2025-10-31_取込結果.xlsx").is_file());
}

const NAMES: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
                     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

/// A part: what stands before, what is repeated so often, and what stands behind.
struct Part {
    name: &'static str,
    before: String,
    filling: &'static str,
    n: usize,
    after: String,
}

fn part(name: &'static str, before: &str, filling: &'static str, n: usize, after: &str) -> Part {
    Part { name, before: before.into(), filling, n, after: after.into() }
}

const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

/// A sheet around cells.
fn sheet(before: &str, filling: &'static str, n: usize, after: &str) -> Part {
    let begin = format!("<worksheet {NAMES}><sheetData>{}{before}", good_rows());
    part(SHEET, &begin, filling, n, &format!("{after}</sheetData></worksheet>"))
}

fn good_rows() -> String {
    let mut out = String::new();
    for (nth, row) in cells()[..3].iter().enumerate() {
        write!(out, "<row r=\"{}\">", nth + 1).expect("text");
        for (at, cell) in row.iter().enumerate() {
            let letter = char::from(b'A' + u8::try_from(at).expect("few columns"));
            write!(out, "<c r=\"{letter}{}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>", nth + 1).expect("text");
        }
        out.push_str("</row>");
    }
    out
}

/// A workbook with some parts in place of those of a plain one.
fn workbook(parts: &[Part]) -> Vec<u8> {
    let types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = |inside: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{inside}</Relationships>"
        )
    };
    let plain = [
        part("[Content_Types].xml", "<Types/>", "", 0, ""),
        part(
            "_rels/.rels",
            &relations(&format!("<Relationship Id=\"a\" Type=\"{types}/officeDocument\" Target=\"xl/workbook.xml\"/>")),
            "",
            0,
            "",
        ),
        part(
            "xl/workbook.xml",
            &format!("<workbook {NAMES}><sheets><sheet name=\"甲\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"),
            "",
            0,
            "",
        ),
        part(
            "xl/_rels/workbook.xml.rels",
            &relations(&format!(
                "<Relationship Id=\"a\" Type=\"{types}/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
            )),
            "",
            0,
            "",
        ),
        part(STRINGS, &format!("<sst {NAMES}/>"), "", 0, ""),
        sheet("", "", 0, ""),
    ];
    let is_replaced = |plain: &Part| parts.iter().any(|part| part.name == plain.name);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let kept: Vec<Part> = plain.into_iter().filter(|plain| !is_replaced(plain)).collect();
    for part in kept.iter().chain(parts) {
        writer.start_file(part.name, SimpleFileOptions::default().large_file(true)).expect("a part");
        writer.write_all(part.before.as_bytes()).expect("a part");
        let lot = part.filling.repeat(1 << 16);
        (0..part.n >> 16).for_each(|_| writer.write_all(lot.as_bytes()).expect("a part"));
        writer.write_all(part.filling.repeat(part.n & 0xFFFF).as_bytes()).expect("a part");
        writer.write_all(part.after.as_bytes()).expect("a part");
    }
    writer.finish().expect("a workbook").into_inner()
}

fn strings(before: &str, filling: &'static str, n: usize, after: &str) -> Vec<Part> {
    vec![part(STRINGS, &format!("<sst {NAMES}>{before}"), filling, n, &format!("{after}</sst>"))]
}

/// None of these needs more than some 30 MB inflated to be known for what it is.
#[rstest]
#[case::texts_without_anything(|| strings("", "<si/>", 50 * MILLION, ""))]
#[case::one_text(|| strings("<si><t>", "a", 60 * MILLION, "</t></si>"))]
#[case::rows_without_anything(|| vec![sheet("", "<row/>", 20 * MILLION, "")])]
#[case::elements_in_one_another(|| vec![sheet("", "<a>", 20 * MILLION, "")])]
#[case::one_tag(|| vec![sheet("<row x=\"", "a", 60 * MILLION, "\"/>")])]
#[case::comment(|| vec![sheet("<!--", "<a/>", 20 * MILLION, "-->")])]
fn enormous_workbook_is_refused(#[case] parts: fn() -> Vec<Part>) {
    let (_, run) = import("members_2025-10-31.xlsx", &workbook(&parts()), "");
    assert_eq!(run.exit, Some(3), "{run:?}");
    assert!(run.stderr.contains("IMP-236"), "{run:?}");
}

/// Parts with so many things in them that each must be told from the others, all of them as large as they may be. Texts that no
/// cell shows are nobody's: the rows beside them are taken in.
#[rstest]
#[case::cells(|| vec![sheet("<row r=\"4\">", "<c/>", 400 * MILLION, "</row>")], Some("IMP-236"))]
#[case::runs_of_one_text(|| strings("<si>", "<r><t>a</t></r>", 15 * MILLION, "</si>"), None)]
#[case::texts_of_runs(|| strings("", "<si><r><t>a</t></r><r><t>a</t></r><r><t>a</t></r></si>", 4 * MILLION, ""), None)]
#[case::runs_in_a_cell(|| vec![sheet("<row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is>", "<r><t>a</t></r>", 15 * MILLION, "</is></c></row>")], Some("IMP-206"))]
fn parts_of_very_many_things_cost_little(#[case] parts: fn() -> Vec<Part>, #[case] code: Option<&str>) {
    if !are_large_wanted() {
        return;
    }
    let (_, run) = import("members_2025-10-31.xlsx", &workbook(&parts()), "");
    assert_eq!(run.exit, Some(if code.is_some() { 3 } else { 0 }), "{run:?}");
    assert!(code.is_none_or(|code| run.stderr.contains(code)), "{run:?}");
}

/// What the parser reads under another name than that of a sheet.
#[test]
fn sheet_called_a_picture_is_bounded_too() {
    let relation = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"media/a.png\"/></Relationships>";
    let filled = Part { name: "xl/media/a.png", ..sheet("<row x=\"", "a", 60 * MILLION, "\"/>") };
    let parts = vec![part("xl/_rels/workbook.xml.rels", relation, "", 0, ""), filled];
    let (_, run) = import("members_2025-10-31.xlsx", &workbook(&parts), "");
    assert_eq!(run.exit, Some(3), "{run:?}");
    assert!(run.stderr.contains("IMP-236"), "{run:?}");
}

/// One cell far away, or a dimension that says so, is no reason to hold the cells between.
#[rstest]
#[case::cell_far_away("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>", Some("IMP-207"))]
#[case::nothing_more("", None)]
fn far_cell_costs_nothing(#[case] cell: &str, #[case] code: Option<&str>) {
    let mut far = sheet(cell, "", 0, "");
    far.before = far.before.replace("<sheetData>", "<dimension ref=\"A1:XFD1048576\"/><sheetData>");
    let (_, run) = import("members_2025-10-31.xlsx", &workbook(&[far]), "");
    assert_eq!(run.exit, Some(if code.is_some() { 3 } else { 0 }), "{run:?}");
    assert!(code.is_none_or(|code| run.stderr.contains(code)), "{run:?}");
}

/// Formulas that share one another's text under numbers that the file chooses: in a column that is read they are blank cells that
/// hide something, in another one nothing.
#[rstest]
#[case::wild_number("<c r=\"R5\"><f t=\"shared\" ref=\"R5:R6\" si=\"30000000000\">A1</f></c>", None)]
#[case::in_a_column_that_is_read(
    "<c r=\"I5\"><f t=\"shared\" ref=\"I5:I6\" si=\"30000000000\">A1</f></c>",
    Some("IMP-237")
)]
#[case::without_the_first_of_them("<c r=\"I5\"><f t=\"shared\" si=\"7\"/></c>", Some("IMP-237"))]
#[case::without_the_first_of_them_and_open("<c r=\"I5\"><f t=\"shared\" si=\"7\"></f></c>", Some("IMP-237"))]
fn shared_formula_costs_nothing(#[case] cell: &str, #[case] code: Option<&str>) {
    let rows = format!("<row r=\"5\">{cell}</row>");
    let mut heading = sheet(&rows, "", 0, "");
    // One column more than the export has.
    heading.before = heading.before.replacen("</row>", "<c r=\"R1\" t=\"inlineStr\"><is><t>余り</t></is></c></row>", 1);
    let (_, run) = import("members_2025-10-31.xlsx", &workbook(&[heading]), "");
    assert_eq!(run.exit, Some(if code.is_some() { 3 } else { 0 }), "{run:?}");
    assert!(code.is_none_or(|code| run.stderr.contains(code)), "{run:?}");
}

/// Thousands of cells that share one long text: the rows that wait and the list for the office must not multiply it.
#[test]
fn long_text_shared_by_many_cells_is_refused() {
    let n_rows = if are_large_wanted() { 6_000 } else { 60 };
    let mut rows = String::new();
    for row in 4..4 + n_rows {
        write!(rows, "<row r=\"{row}\">").expect("text");
        for letter in 'A'..='Q' {
            write!(rows, "<c r=\"{letter}{row}\" t=\"s\"><v>0</v></c>").expect("text");
        }
        rows.push_str("</row>");
    }
    let parts = [strings("<si><t>", "a", 32_000, "</t></si>"), vec![sheet(&rows, "", 0, "")]];
    let (_, run) = import("members_2025-10-31.xlsx", &workbook(&parts.into_iter().flatten().collect::<Vec<_>>()), "");
    assert_eq!(run.exit, Some(3), "{run:?}");
}

/// What is large and good is taken in: 200,000 rows of 60 columns, as text and as workbook.
#[test]
fn large_export_is_taken_in() {
    if !are_large_wanted() {
        return;
    }
    let mut all = cells();
    let filler: Vec<String> = (17..60).map(|nth| format!("余り{nth}")).collect();
    all[0].extend(filler.clone());
    let mut row = all.swap_remove(1);
    all.truncate(1);
    row.extend(filler);
    let mut out = text(&all);
    for nth in 0..200_000 {
        row[0] = (100_000 + nth).to_string();
        row[1] = format!("架空林　{nth}");
        out.push_str(&text(std::slice::from_ref(&row)));
    }
    let (_, run) = import("members_2025-10-31.csv", out.as_bytes(), "");
    assert_eq!(run.exit, Some(0), "{run:?}");
    let mut rows = String::new();
    for (nth, line) in out.lines().enumerate() {
        write!(rows, "<row r=\"{}\">", nth + 1).expect("text");
        for (at, cell) in line.split(',').enumerate() {
            let letters = kaiin::domain::problem::column_letters(at);
            write!(rows, "<c r=\"{letters}{}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>", nth + 1).expect("text");
        }
        rows.push_str("</row>");
    }
    let whole = part(SHEET, &format!("<worksheet {NAMES}><sheetData>{rows}</sheetData></worksheet>"), "", 0, "");
    let (_, run) = import("members_2025-10-31.xlsx", &workbook(&[whole]), "");
    assert_eq!(run.exit, Some(0), "{run:?}");
}
