//! The statistics of the sample: areas add up to the whole, figures agree with counts, nothing is published that does not
//! add up.

use kaiin::domain::as_of::AsOf;
use kaiin::domain::association::Tier;
use kaiin::domain::cell::Cell;
use kaiin::domain::document::{Block, ReportDocument, Row, RowKind, Table};
use kaiin::domain::table_check::TableCheck;
use kaiin::error::Failure;
use kaiin::service::known::area::Area;
use kaiin::service::known::vintage::Vintage;
use kaiin::service::papers::{PaperFormat, PaperRequest, areas, build_from, list, publish};

use super::samples::{count, day, desk, paper, request, table, tables};
use crate::cli::samples::Sample;

const MONTH_END: &str = "2025-12-31";

/// The cell of a row and a column.
fn cell<'r>(table: &Table, row: &'r Row, key: &str) -> &'r Cell {
    let at = table.columns.iter().position(|column| column.key == key).expect("the column is there");
    &row.cells[at]
}

fn total(table: &Table, key: &str) -> i64 {
    let row = table.rows.iter().find(|row| row.kind == RowKind::Total).expect("the table has a total");
    count(cell(table, row, key))
}

fn labelled<'t>(table: &'t Table, label: &str) -> &'t Row {
    table.rows.iter().find(|row| row.cells[0] == Cell::text(label)).expect("the row is in the table")
}

#[tokio::test]
async fn every_table_of_every_report_keeps_its_promises() {
    for sample in [Sample::saitama(), Sample::three_prefectures()] {
        let desk = desk(&sample).await;
        for definition in list(&desk.workspace).expect("the definitions are sound") {
            // In the middle of a month some national members are between two prefectures.
            for as_of in [MONTH_END, "2025-12-15", "2025-10-31", "2026-01-15"] {
                let document = paper(&desk, &request(definition.id(), as_of, MONTH_END)).await;
                for table in tables(&document) {
                    assert_eq!(table.failed_checks(), [], "{} / {} / {as_of}", document.id, table.id);
                }
                assert_eq!(document.contradictions(), [], "{} / {as_of}", document.id);
            }
        }
    }
}

/// Papers of single prefectures and bodies say what the paper of the whole says of them.
#[tokio::test]
async fn areas_add_up_to_the_whole() {
    let desk = desk(&Sample::three_prefectures()).await;
    let all = list(&desk.workspace).expect("the definitions are sound");
    let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
    let base = request("monthly-statistics", MONTH_END, MONTH_END);
    let whole = paper(&desk, &base).await;
    let by_body = table(&whole, "members-by-body");
    for tier in [Tier::Prefectural, Tier::Local] {
        let mut sum = [0; 4];
        for area in areas(&vintage, AsOf(day(MONTH_END)), tier, &Area::All).expect("everything is there") {
            let request = PaperRequest { area: area.clone(), ..base.clone() };
            let document = build_from(&desk.workspace, &vintage, &all, &request).await.expect("the paper can be made");
            let own = own_figures(&document);
            own.iter().zip(&mut sum).for_each(|(figure, sum)| *sum += figure);
            if let Area::Association(code) = &area {
                let name = &vintage.associations.by_code(code).expect("a body").span_on(day(MONTH_END)).short_name;
                assert_eq!(KEYS.map(|key| count(cell(by_body, labelled(by_body, name), key))), own, "{name}");
            }
            for table in tables(&document) {
                assert_eq!(table.failed_checks(), [], "{area:?} / {}", table.id);
            }
            assert_eq!(document.contradictions(), [], "{area:?}");
        }
        let whole = KEYS.map(|key| total(by_body, key));
        assert_eq!(sum, whole, "{tier:?}");
    }
}

/// Columns of the members by body.
const KEYS: [&str; 4] = ["total", "a1", "b", "change-month"];

/// The figures of [`KEYS`] in a paper of an area; the paper of one body has them in the last row of its months.
fn own_figures(document: &ReportDocument) -> [i64; 4] {
    if tables(document).any(|table| table.id == "members-by-body") {
        return KEYS.map(|key| total(table(document, "members-by-body"), key));
    }
    let months = table(document, "month-series");
    let last = months.rows.last().expect("the as-of day");
    ["total", "a1", "b", "change"].map(|key| count(cell(months, last, key)))
}

#[tokio::test]
async fn statistics_of_the_sample_agree_with_each_other() {
    let desk = desk(&Sample::saitama()).await;
    let document = paper(&desk, &request("monthly-statistics", MONTH_END, MONTH_END)).await;
    let members = total(table(&document, "members-by-body"), "total");
    assert_eq!(members, 2730);
    let overview = table(&document, "overview");
    assert_eq!(count(cell(overview, labelled(overview, "郡市区等医師会"), "memberships")), members);
    let heads = count(cell(overview, labelled(overview, "郡市区等医師会"), "heads"));
    for id in ["funnel-duty", "funnel-sex", "funnel-age"] {
        assert_eq!(total(table(&document, id), "local"), heads, "{id}");
    }
    assert_eq!(total(table(&document, "sex-by-age"), "total"), heads);
    assert_eq!(total(table(&document, "founders"), "total"), total(table(&document, "members-by-body"), "a1"));
    let series = table(&document, "month-series");
    let last = series.rows.last().expect("the as-of day");
    assert_eq!(count(cell(series, last, "total")), members);
    let national = table(&document, "national-by-prefecture");
    assert_eq!(
        total(national, "total"),
        count(cell(overview, labelled(overview, "日本医師会"), "memberships")),
        "R23 loses nobody"
    );
    let seats = table(&document, "seats-national");
    let row = labelled(seats, "埼玉県");
    let electing = count(cell(seats, row, "members"));
    assert_eq!(count(cell(seats, row, "seats")), (electing + 499) / 500);
    assert_eq!(count(cell(seats, row, "until_next")), (electing + 499) / 500 * 500 + 1 - electing);
}

fn spoil(document: &mut ReportDocument) {
    let blocks = document.sections.iter_mut().flat_map(|section| &mut section.blocks);
    let table = blocks
        .filter_map(|block| match block {
            Block::Table(table) if table.id == "members-by-body" => Some(table),
            _ => None,
        })
        .next()
        .expect("the table is in the paper");
    let at = table.columns.iter().position(|column| column.key == "total").expect("the column is there");
    let last = table.rows.last_mut().expect("a total");
    last.cells[at] = Cell::Count(2731);
}

/// One wrong head in one total: nothing is written, and the cell is named.
#[tokio::test]
async fn paper_that_does_not_add_up_is_not_published() {
    let desk = desk(&Sample::saitama()).await;
    let request = request("monthly-statistics", MONTH_END, MONTH_END);
    let mut document = paper(&desk, &request).await;
    let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
    spoil(&mut document);
    let out = tempfile::tempdir().expect("a folder");
    let formats = [PaperFormat::Pdf, PaperFormat::Csv];
    let error = publish(&document, &vintage, &request, &formats, out.path()).expect_err("it must not be published");
    let failure = Failure::of(&error);
    assert_eq!((failure.code, failure.kind.exit_code()), ("RPT-006", 1));
    assert!(failure.detail.contains("医師会別・会員区分別会員数 / 合計 / 計: 2731 ≠ 2730"), "{}", failure.detail);
    assert_eq!(std::fs::read_dir(out.path()).expect("the folder").count(), 0);
    // As a draft it is printed, and says so on every page.
    document.draft = true;
    let written = publish(&document, &vintage, &request, &formats, out.path()).expect("a draft may be written");
    assert!(written.files.iter().any(|path| path.extension().is_some_and(|extension| extension == "pdf")));
}

#[tokio::test]
async fn list_that_is_shorter_than_its_figure_is_not_published() {
    let desk = desk(&Sample::saitama()).await;
    let request = request("movements", MONTH_END, MONTH_END);
    let mut document = paper(&desk, &request).await;
    let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
    let blocks = document.sections.iter_mut().flat_map(|section| &mut section.blocks);
    let list = blocks
        .filter_map(|block| match block {
            Block::Table(table) if table.proof.listed.is_some() && table.rows.len() > 1 => Some(table),
            _ => None,
        })
        .next()
        .expect("a list with people");
    list.rows.pop();
    let out = tempfile::tempdir().expect("a folder");
    let error = publish(&document, &vintage, &request, &[PaperFormat::Csv], out.path()).expect_err("refused");
    assert_eq!(Failure::of(&error).code, "RPT-006");
}

/// A promise that nobody makes proves nothing: tables of figures make one.
#[tokio::test]
async fn tables_with_totals_promise_that_they_add_up() {
    let desk = desk(&Sample::saitama()).await;
    for name in ["monthly-statistics", "member-counts", "movements", "december-survey"] {
        let document = paper(&desk, &request(name, MONTH_END, MONTH_END)).await;
        for table in tables(&document) {
            let has_total = table.rows.iter().any(|row| row.kind == RowKind::Total);
            let of_heads = table.basis.iter().any(|line| line.text.contains("実人数"));
            if has_total && !of_heads {
                assert_ne!(table.proof, TableCheck::default(), "{name} / {}", table.id);
            }
        }
    }
}
