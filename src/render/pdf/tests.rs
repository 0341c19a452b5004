//! Tests that look at whole papers, mostly on the display list.

use super::display::{Draw, Page, Paper, TextDraw};
use super::place::Place;
use super::*;
use crate::domain::cell::Cell;
use crate::domain::chart::{ChartMark, ChartShape};
use crate::domain::document::{Align, Block, Column, Row, Table};
use crate::render::sample;
use crate::render::soundness::DocumentFault;
use proptest::prelude::*;

const TOLERANCE: f32 = 0.05;

fn laid_out(document: &ReportDocument) -> Paper {
    layout::lay_out(document).unwrap_or_else(|error| panic!("{}: {error}", document.id)).0
}

fn texts(page: &Page) -> impl Iterator<Item = &TextDraw> {
    page.draws.iter().filter_map(|draw| match draw {
        Draw::Text(text) => Some(text),
        _ => None,
    })
}

fn bytes(document: &ReportDocument) -> Vec<u8> {
    render(document).unwrap_or_else(|error| panic!("{}: {error}", document.id)).bytes
}

/// Describes the first text that leaves its box or the sheet.
fn stray_text(paper: &Paper) -> Option<String> {
    let strays = |page: &Page, text: &TextDraw| {
        let (top, bottom) = (text.baseline - 0.88 * text.size, text.baseline + 0.12 * text.size);
        let (left, right) = (text.x, text.right());
        let within = text.within;
        left < within.x - TOLERANCE
            || right > within.right() + TOLERANCE
            || top < within.y - TOLERANCE
            || bottom > within.bottom() + TOLERANCE
            || left < 20.0
            || right > page.width - 20.0
            || top < 10.0
            || bottom > page.height - 10.0
    };
    paper.pages.iter().find_map(|page| texts(page).find(|text| strays(page, text)).map(TextDraw::text))
}

/// Describes the first two texts of a page that lie on each other.
fn overlapping_texts(paper: &Paper) -> Option<(String, String)> {
    let ink =
        |text: &TextDraw| (text.x, text.right(), text.baseline - 0.7 * text.size, text.baseline + 0.02 * text.size);
    let clash = |one: &TextDraw, other: &TextDraw| {
        let (one, other) = (ink(one), ink(other));
        one.0 < other.1 - 0.1 && other.0 < one.1 - 0.1 && one.2 < other.3 && other.2 < one.3
    };
    paper.pages.iter().find_map(|page| {
        let all: Vec<&TextDraw> = texts(page).collect();
        all.iter().enumerate().find_map(|(at, one)| {
            let other = all[at + 1..].iter().find(|other| clash(one, other))?;
            Some((one.text(), other.text()))
        })
    })
}

/// Numbers of pages as a reader finds them in the two files.
fn page_counts(document: &ReportDocument) -> [usize; 2] {
    [render, render_for_archive].map(|render| {
        let rendered = render(document).unwrap_or_else(|error| panic!("{}: {error}", document.id));
        let read = lopdf::Document::load_mem(&rendered.bytes).expect("the file can be read");
        assert_eq!(read.get_pages().len(), rendered.n_pages, "{}", document.id);
        rendered.n_pages
    })
}

#[test]
fn both_writers_give_the_samples_the_same_pages() {
    for document in sample::all() {
        let [usual, archived] = page_counts(&document);
        assert_eq!(usual, archived, "{}", document.id);
    }
}

#[test]
fn no_text_of_the_samples_leaves_its_box_or_lies_on_another() {
    for document in sample::all() {
        let paper = laid_out(&document);
        assert_eq!(stray_text(&paper), None, "{}", document.id);
        assert_eq!(overlapping_texts(&paper), None, "{}", document.id);
    }
}

fn cells() -> impl Strategy<Value = Cell> {
    prop_oneof![
        "[あ-んー医師会員数年月日区分浦和川口市大宮入退在籍異動届出者、。（）0-9A-Z ]{0,24}".prop_map(Cell::Text),
        "[ア-ン医師会員数年月日区分浦和川口市大宮入退在籍異動届出者]{1,12}".prop_map(Cell::Text),
        (-9_999_999_i64..9_999_999).prop_map(Cell::Count),
        (-9_999_i64..9_999).prop_map(Cell::Difference),
        Just(Cell::Blank),
        Just(Cell::NotApplicable),
    ]
}

fn tables() -> impl Strategy<Value = Table> {
    let column =
        ("[あ-ん医師会員数年月日区分浦和川口市大宮入退在籍異動届出者ー（）]{1,9}", 1_u16..14, 0_usize..3, 0_usize..2);
    prop::collection::vec(column, 1..11).prop_flat_map(|specs| {
        let columns = specs.into_iter().enumerate().map(|(at, (title, weight, align, group))| Column {
            key: format!("k{at}"),
            title,
            group: ["", "会員区分"][group].into(),
            align: [Align::Left, Align::Centre, Align::Right][align],
            weight,
        });
        let columns: Vec<Column> = columns.collect();
        let row = prop::collection::vec(cells(), columns.len());
        prop::collection::vec(row, 0..60).prop_map(move |rows| Table {
            columns: columns.clone(),
            rows: rows.into_iter().map(Row::body).collect(),
            ..sample::bridge_table()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_table_stays_in_its_boxes_and_loses_no_cell(table in tables()) {
        let document = sample::single("any", "任意の表", vec![Block::Table(table.clone())]);
        let paper = laid_out(&document);
        prop_assert_eq!(stray_text(&paper), None);
        prop_assert_eq!(overlapping_texts(&paper), None);
        let printed: String = paper.pages.iter().flat_map(texts).map(TextDraw::text).collect();
        let printed: String = printed.split_whitespace().collect();
        for cell in table.rows.iter().flat_map(|row| &row.cells) {
            let wanted: String = cell.display().split_whitespace().collect();
            // Lines of one cell follow each other, so the text without spaces is found whole.
            prop_assert!(printed.contains(&wanted), "{wanted}");
        }
    }
}

#[test]
fn head_is_repeated_on_every_page() {
    let paper = laid_out(&sample::long_table(200));
    assert!(paper.pages.len() > 4);
    for page in &paper.pages {
        for heading in ["郡市医師会", "会員区分", "A②(B)", "前月比"] {
            assert!(texts(page).any(|text| text.text() == heading && text.size > 9.0), "{heading}");
        }
    }
}

#[test]
fn sum_never_stands_first_on_a_page() {
    for n_rows in 60..75 {
        let paper = laid_out(&sample::long_table(n_rows));
        for page in &paper.pages[1..] {
            let first = texts(page).find_map(|text| text.text().parse::<i64>().ok()).expect("pages have rows");
            assert!(first % 10 != 0 && first != n_rows, "row {first} of {n_rows}");
        }
    }
}

#[test]
fn every_page_carries_its_number_the_handling_and_the_draft_mark() {
    let paper = laid_out(&sample::pack());
    for (at, page) in paper.pages.iter().enumerate() {
        let all: Vec<String> = texts(page).map(TextDraw::text).collect();
        for wanted in [format!("{} / {}", at + 1, paper.pages.len()), "取扱注意・内部".into(), "下 書 き".into()]
        {
            assert!(all.contains(&wanted), "{wanted}");
        }
    }
}

#[test]
fn section_without_a_new_page_follows_when_it_fits() {
    let paper = laid_out(&sample::pack());
    let page_of = |id: &str| paper.sections.iter().find(|(section, _)| section == id).map(|(_, anchor)| anchor.page);
    assert_eq!(page_of("clinics"), page_of("difference"));
    assert_ne!(page_of("counts"), page_of("difference"));
}

#[test]
fn long_first_block_starts_its_section_on_a_new_page() {
    let mut document = sample::long_table(100);
    let mut second = document.sections[0].clone();
    document.sections[0].blocks = vec![Block::Paragraph("短い文。".into())];
    second.id = "second".into();
    second.new_page = false;
    document.sections.push(second);
    assert_eq!(laid_out(&document).sections[1].1.page, 1);
}

#[test]
fn row_longer_than_a_page_runs_over_its_end() {
    let mut table = sample::names_table();
    table.rows[1].cells[3] = Cell::text("長い事由。".repeat(600));
    let paper = laid_out(&sample::single("s", "題", vec![Block::Table(table)]));
    assert!(paper.pages.len() > 2);
    assert_eq!(stray_text(&paper), None);
}

#[test]
fn one_wide_table_turns_its_section() {
    let document = sample::all().into_iter().find(|document| document.id == "wide").expect("a wide sample");
    assert!(laid_out(&document).pages.iter().all(|page| page.width > page.height));
}

#[test]
fn bookmarks_are_nested() {
    let paper = laid_out(&sample::pack());
    let titles: Vec<&str> = paper.bookmarks.iter().map(|bookmark| bookmark.title.as_str()).collect();
    assert_eq!(titles[..2], ["次第", "資料1　会員数報告"]);
    let below: Vec<&str> = paper.bookmarks[2].children.iter().map(|child| child.title.as_str()).collect();
    assert_eq!(below, ["表示との差の内訳", "会員数の推移（郡市区等）"]);
}

#[test]
fn same_document_gives_the_same_bytes_in_any_order() {
    let first: Vec<Vec<u8>> = sample::all().iter().map(bytes).collect();
    let second: Vec<Vec<u8>> = sample::all().iter().rev().map(bytes).collect();
    assert!(first.iter().eq(second.iter().rev()));
}

#[test]
fn different_documents_have_different_identities() {
    let identity = |document: &ReportDocument| {
        let pdf = lopdf::Document::load_mem(&bytes(document)).expect("a sound file");
        format!("{:?}", pdf.trailer.get(b"ID").expect("an identity"))
    };
    let mut other = sample::pack();
    other.sections[0].title.push('改');
    assert_ne!(identity(&sample::pack()), identity(&other));
}

#[test]
fn fonts_are_cut_to_the_glyphs_in_use() {
    for document in sample::all() {
        let size = bytes(&document).len();
        assert!(size < 150_000, "{}: {size} bytes", document.id);
    }
}

#[test]
fn character_without_a_glyph_stops_the_paper_and_is_named() {
    let mut table = sample::names_table();
    table.rows[2].cells[3] = Cell::text("外字\u{E000}");
    let error = render(&sample::single("s", "退会者名簿", vec![Block::Table(table)])).expect_err("refused");
    let expected = "no font has the character '\\u{e000}' (U+E000), section 退会者名簿, table 届出のあった者, row 3";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn dropped_selector_is_reported_once_with_its_place() {
    let mut table = sample::names_table();
    table.rows[0].cells[0] = Cell::text("医\u{E01EF}師");
    let rendered = render(&sample::single("s", "退会者名簿", vec![Block::Table(table)])).expect("printed plainly");
    let place =
        Place { section: Some("退会者名簿".into()), table: Some("届出のあった者".into()), row: Some(1) };
    assert_eq!(rendered.warnings, [PdfWarning::DroppedSelector { text: "医\u{E01EF}".into(), place }]);
    assert!(sample::all().iter().all(|document| render(document).is_ok_and(|paper| paper.warnings.is_empty())));
}

#[test]
fn broken_promise_stops_the_paper() {
    let mut table = sample::names_table();
    table.basis.clear();
    let error = render(&sample::single("s", "題", vec![Block::Table(table)])).expect_err("refused");
    assert!(matches!(error, PdfError::Fault(DocumentFault::NoBasis { .. })));
}

/// The title of a chart that does not fit on one page stands above its first bars, wherever it begins.
#[test]
fn long_chart_is_not_torn_from_its_title() {
    let mut chart = sample::chart();
    (chart.shape, chart.axis_from, chart.parts) = (ChartShape::Rows, 0, vec!["甲".into(), "乙".into()]);
    let mark = |n: i64| ChartMark { parts: vec![n, 1], ..ChartMark::count(format!("第{n}会"), n + 1) };
    chart.marks = (1..=80).map(mark).collect();
    for n_rows in 0..36 {
        let mut table = sample::counts_table();
        table.rows = vec![table.rows[0].clone(); n_rows];
        let blocks = vec![Block::Table(table), Block::Chart(chart.clone())];
        let paper = laid_out(&sample::single("long-chart", "図", blocks));
        let page_of = |wanted: &str| paper.pages.iter().position(|page| texts(page).any(|text| text.text() == wanted));
        assert!(page_of("第80会").is_some(), "the last bar is lost");
        assert_eq!(page_of(&chart.title), page_of("第1会"), "after {n_rows} rows");
    }
}
