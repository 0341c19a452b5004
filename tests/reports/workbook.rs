//! Workbooks of papers as a spreadsheet reads them: nothing outside the print area, no sum inside a table object, no sentence
//! lost, links that lead somewhere.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use calamine::{Data, Range, Reader, Xlsx};
use kaiin::domain::cell::Cell;
use kaiin::domain::chart::{Chart, ChartShape};
use kaiin::domain::document::{Block, Column, ReportDocument, Row, RowKind, Table};
use kaiin::render::xlsx::paper_workbook;

use super::samples::{REPORTS, desk, paper, request, table};
use crate::cli::samples::Sample;

/// A workbook that was read back.
struct Book {
    bytes: Vec<u8>,
    sheets: Vec<(String, Range<Data>)>,
    areas: Vec<(String, String)>,
}

impl Book {
    #[track_caller]
    fn of(document: &ReportDocument) -> Self {
        let bytes = paper_workbook(document).expect("the workbook can be made");
        assert!(bytes == paper_workbook(document).expect("it can be made again"), "it differs from itself");
        let mut read = Xlsx::new(Cursor::new(bytes.clone())).expect("it can be read");
        let areas = read.defined_names().iter().filter(|(name, _)| name.contains("Print_Area")).cloned().collect();
        let sheets = read.worksheets();
        Self { bytes, sheets, areas }
    }

    fn sheet(&self, begins: &str) -> &Range<Data> {
        &self.sheets.iter().find(|(name, _)| name.starts_with(begins)).expect("the sheet is there").1
    }

    /// All texts of a sheet, one after the other.
    fn words(&self, begins: &str) -> String {
        self.sheet(begins).rows().flatten().map(|cell| format!("{cell}\n")).collect()
    }

    fn part(&self, name: &str) -> Option<String> {
        let mut zip = zip::ZipArchive::new(Cursor::new(&self.bytes)).expect("a workbook is a ZIP");
        let mut text = String::new();
        zip.by_name(name).ok()?.read_to_string(&mut text).expect("UTF-8");
        Some(text)
    }

    fn tables(&self) -> Vec<String> {
        (1..).map_while(|nth| self.part(&format!("xl/tables/table{nth}.xml"))).collect()
    }

    fn charts(&self) -> Vec<String> {
        (1..).map_while(|nth| self.part(&format!("xl/charts/chart{nth}.xml"))).collect()
    }

    /// What is printed of a sheet, counted from 0: its last column and row as Excel names them.
    fn area(&self, sheet: usize) -> (&str, u32) {
        let name = &self.sheets[sheet].0;
        let is_of = |area: &str| area.trim_start_matches('\'').starts_with(name.as_str());
        let area = &self.areas.iter().find(|(_, area)| is_of(area)).expect("it has a print area").1;
        let mut ends = area.rsplit('$');
        let row = ends.next().and_then(|row| row.parse().ok()).expect("a row");
        (ends.next().expect("a column"), row)
    }

    /// Pixels across the printed columns of a sheet, counted from 0; and whether the page is turned.
    fn printed(&self, sheet: usize) -> (f64, bool) {
        let xml = self.part(&format!("xl/worksheets/sheet{}.xml", sheet + 1)).expect("a sheet");
        let last = self.area(sheet).0.bytes().fold(0, |n, letter| n * 26 + usize::from(letter - b'A' + 1));
        let mut widths = vec![72.0; last];
        for col in xml.split("<col ").skip(1) {
            let of = |name: &str| attribute(col, name).parse::<f64>().expect("a number");
            for (at, width) in widths.iter_mut().enumerate() {
                let number = f64::from(u32::try_from(at + 1).expect("few columns"));
                if (of("min")..=of("max")).contains(&number) {
                    *width = of("width") * 8.0;
                }
            }
        }
        (widths.iter().sum(), xml.contains("orientation=\"landscape\""))
    }
}

fn attribute<'x>(xml: &'x str, name: &str) -> &'x str {
    let start = xml.find(&format!("{name}=\"")).expect("the attribute is there") + name.len() + 2;
    &xml[start..start + xml[start..].find('"').expect("it ends")]
}

/// Pixels of a text in print.
fn pixels(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 7.5 } else { 14.7 }).sum()
}

/// No text that runs over the cells at its right ends beyond the print area.
#[track_caller]
fn assert_prints_whole(book: &Book) {
    for (at, (name, range)) in book.sheets.iter().enumerate() {
        let (page, _) = book.printed(at);
        for row in range.rows() {
            let runs_over = row.iter().skip(1).all(|cell| *cell == Data::Empty);
            let text = row.first().map(ToString::to_string).filter(|_| runs_over).unwrap_or_default();
            assert!(pixels(&text) <= page, "{name}: {text} is wider than its page ({page})");
        }
        let (_, last) = book.area(at);
        assert!(range.end().is_none_or(|(row, _)| row < last), "{name}: rows below the print area");
    }
}

/// Steps and maps of tiles are no charts of Excel; their numbers stand in the sheet.
fn is_native(chart: &Chart) -> bool {
    !matches!(chart.shape, ChartShape::Steps | ChartShape::Tiles)
}

#[tokio::test]
async fn shipped_papers_print_whole_and_lose_no_sentence() {
    let desk = desk(&Sample::saitama()).await;
    for name in REPORTS {
        let document = paper(&desk, &request(name, "2025-12-31", "2025-12-31")).await;
        let book = Book::of(&document);
        assert_prints_whole(&book);
        let remarks: String = book.words("注記").split_whitespace().collect();
        for block in document.sections.iter().flat_map(|section| &section.blocks) {
            let Block::Paragraph(text) = block else { continue };
            let said: String = text.split_whitespace().collect();
            assert!(remarks.contains(&said), "{name}: {text} is lost");
        }
        assert!(remarks.contains(&document.colophon[0].text), "{name}: no colophon");
        let n_charts = document
            .sections
            .iter()
            .flat_map(|one| &one.blocks)
            .filter(|one| matches!(one, Block::Chart(chart) if is_native(chart)));
        assert_eq!(book.charts().len(), n_charts.count(), "{name}");
    }
}

#[tokio::test]
async fn agenda_is_rows_that_lead_to_their_sheets() {
    let desk = desk(&Sample::saitama()).await;
    let document = paper(&desk, &request("meeting-gunshi-kaicho", "2025-12-31", "2025-12-31")).await;
    let book = Book::of(&document);
    let rows: Vec<Vec<String>> =
        book.sheet("次第").rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    let heading = rows.iter().position(|row| row[0] == "区分").expect("the headings");
    assert_eq!(rows[heading], ["区分", "番号", "件名", "備考", "担当", "資料", "シート"]);
    let names: BTreeSet<&str> = book.sheets.iter().map(|(name, _)| name.as_str()).collect();
    let linked: Vec<&str> =
        rows[heading + 1..].iter().map(|row| row[6].as_str()).filter(|name| !name.is_empty()).collect();
    assert!(!linked.is_empty() && linked.iter().all(|name| names.contains(name)), "{linked:?}");
    let cover = document.cover.as_ref().expect("a pack has a cover");
    let n_rows: usize = cover.agenda.iter().map(|group| group.items.len().max(1)).sum();
    assert_eq!(rows.len() - heading - 1, n_rows);
}

#[tokio::test]
async fn table_objects_have_their_own_names_and_hold_no_sums() {
    let desk = desk(&Sample::three_prefectures()).await;
    let document = paper(&desk, &request("meeting-rijikai", "2025-12-31", "2025-12-31")).await;
    let book = Book::of(&document);
    let tables = book.tables();
    let names: BTreeSet<&str> = tables.iter().map(|xml| attribute(xml, "displayName")).collect();
    assert_eq!(names.len(), tables.len());
    let counts = paper(&desk, &request("member-counts", "2025-12-31", "2025-12-31")).await;
    let counted = table(&counts, "member-counts");
    assert!(counted.rows.iter().any(|row| row.kind == RowKind::Subtotal));
    let book = Book::of(&counts);
    let names: Vec<String> = book.tables().iter().map(|xml| attribute(xml, "displayName").to_string()).collect();
    assert!(!names.contains(&"t_member_counts".to_string()), "subtotals stand between its rows: {names:?}");
}

/// The sum stands right under the table object, and on the sheet.
#[tokio::test]
async fn total_stands_under_the_table_object() {
    let desk = desk(&Sample::saitama()).await;
    let document = paper(&desk, &request("member-counts", "2025-12-31", "2025-12-31")).await;
    let book = Book::of(&document);
    let tables = book.tables();
    let xml = tables.iter().find(|xml| attribute(xml, "displayName") == "t_member_counts").expect("it is there");
    let range = attribute(xml, "ref");
    let last: usize =
        range.rsplit(|c: char| c.is_ascii_uppercase()).next().and_then(|n| n.parse().ok()).expect("a row");
    let below: Vec<String> =
        book.sheet("03").rows().nth(last).expect("a row").iter().map(ToString::to_string).collect();
    assert!(below.contains(&"合計".to_string()) && below.contains(&"2730".to_string()), "{below:?}");
    let headings: Vec<String> = book
        .sheet("03")
        .rows()
        .find(|row| row[0] == "No.")
        .expect("headings")
        .iter()
        .map(ToString::to_string)
        .collect();
    let named: Vec<&str> = xml.split("<tableColumn ").skip(1).map(|column| attribute(column, "name")).collect();
    assert_eq!(headings, named);
}

/// A paper with one table in place of all others.
async fn with_table(change: impl FnOnce(&mut Table)) -> ReportDocument {
    let desk = desk(&Sample::saitama()).await;
    let mut document = paper(&desk, &request("member-counts", "2025-12-31", "2025-12-31")).await;
    let mut one = table(&document, "member-counts").clone();
    change(&mut one);
    document.sections[0].blocks = vec![Block::Table(one)];
    document
}

#[tokio::test]
async fn long_titles_notes_and_cells_print_whole() {
    let sentence = "死亡・転出・退会の届出は、承認の日ではなく、届け出られた日付のとおりに数える。";
    let note: String = sentence.chars().cycle().take(2_000).collect();
    let document = with_table(|table| {
        table.title = "郡市区等医師会別・会員区分別・階層別・年齢階級別の会員数および前月末・前年同月末・前年度末との比較（速報）".repeat(2);
        table.notes = vec![note.clone()];
        table.columns = vec![Column::text("name", "医師会", 8), Column::text("text", "説明", 20)];
        table.rows = vec![Row::body(vec![Cell::text("浦和"), Cell::text(note.clone())])];
    })
    .await;
    let book = Book::of(&document);
    assert_prints_whole(&book);
    let letters = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(letters(&book.words("01")).matches(&note).count(), 2, "the cell and the note");
    let xml = book.part("xl/worksheets/sheet2.xml").expect("the table");
    let heights = xml.split(" ht=\"").skip(1).map(|rest| rest[..rest.find('"').expect("it ends")].parse::<f64>());
    assert!(heights.flatten().all(|height| height <= 409.0));
}

#[tokio::test]
async fn forty_columns_fit_one_page_across() {
    let document = with_table(|table| {
        table.columns = (0..40).map(|n| Column::number(&format!("m{n}"), &format!("{n}か月前"), 4)).collect();
        table.rows =
            vec![Row::body((0..40).map(Cell::Count).collect()), Row::total((0..40).map(Cell::Count).collect())];
    })
    .await;
    let book = Book::of(&document);
    assert_prints_whole(&book);
    assert!(book.printed(1).1, "it is turned");
    assert!(book.part("xl/worksheets/sheet2.xml").expect("the table").contains("fitToHeight=\"0\""));
    assert!(attribute(&book.tables()[0], "ref").ends_with(&format!(
        "AN{}",
        book.sheet("01").rows().position(|row| row[0] == "0か月前").expect("headings") + 2
    )));
}

#[tokio::test]
async fn five_thousand_rows_are_one_table_object() {
    let document = with_table(|table| {
        table.columns = vec![Column::text("name", "医師会", 8), Column::number("n", "人数", 4)];
        table.rows = (0..5_000).map(|n| Row::body(vec![Cell::text(format!("第{n}医師会")), Cell::Count(n)])).collect();
    })
    .await;
    let book = Book::of(&document);
    assert_eq!(book.tables().len(), 1);
    assert_eq!(
        book.sheet("01")
            .rows()
            .filter(|row| row[0].to_string().ends_with("医師会") && row[1] != Data::Empty && row[0] != "医師会")
            .count(),
        5_000
    );
    assert!(!book.printed(1).1, "a narrow table stays upright");
}

#[tokio::test]
async fn empty_table_says_so_and_months_are_days() {
    let empty = with_table(|table| {
        table.rows.clear();
        table.empty_text = "※件数 0 件".into();
    })
    .await;
    let book = Book::of(&empty);
    assert!(book.words("01").contains("※件数 0 件"));
    assert!(book.tables().is_empty());
    let months = with_table(|table| {
        table.columns = vec![Column::text("month", "月", 4), Column::text("rule", "項", 4)];
        let row = |month: &str, rule: &str| Row::body(vec![Cell::text(month), Cell::text(rule)]);
        table.rows = vec![row("R7.11", "R7.1"), row("R7.12", "細則")];
    })
    .await;
    let book = Book::of(&months);
    let rows: Vec<&[Data]> = book.sheet("01").rows().collect();
    let heading = rows.iter().position(|row| row[0] == "月").expect("headings");
    assert!(matches!(rows[heading + 1][0], Data::DateTime(_)), "{:?}", rows[heading + 1]);
    assert_eq!(rows[heading + 1][1], Data::String("R7.1".into()), "a column with other words keeps them");
}
