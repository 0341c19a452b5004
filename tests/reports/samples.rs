//! The shipped reports on the sample exports: figures, foreign readers, the difference law.

use chrono::NaiveDate;
use kaiin::domain::as_of::AsOf;
use kaiin::domain::cell::Cell;
use kaiin::domain::difference::DifferenceCause;
use kaiin::domain::document::{Block, ReportDocument, RowKind, Table};
use kaiin::render::{csv, html, pdf};
use kaiin::service::audit::mamis_difference;
use kaiin::service::known::area::Area;
use kaiin::service::known::vintage::Vintage;
use kaiin::service::papers::{PaperRequest, Variant, build};

use super::pdf_tools::assert_paper;
use crate::cli::samples::Sample;
use crate::store::desk::Desk;

pub const REPORTS: [&str; 11] = [
    "monthly-statistics",
    "december-survey",
    "meeting-rijikai",
    "movements",
    "member-counts",
    "withdrawal-audit",
    "withdrawal-watch",
    "transfer-audit",
    "tier-consistency",
    "mamis-difference",
    "meeting-gunshi-kaicho",
];

/// Those of them that print the members of all bodies.
const WITH_TOTAL: [&str; 6] = [
    "monthly-statistics",
    "meeting-rijikai",
    "movements",
    "member-counts",
    "mamis-difference",
    "meeting-gunshi-kaicho",
];

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("test dates are ISO")
}

pub async fn desk(sample: &Sample) -> Desk {
    Desk::of(sample).await
}

pub fn request(name: &str, as_of: &str, known_at: &str) -> PaperRequest {
    PaperRequest {
        name: name.into(),
        as_of: AsOf(day(as_of)),
        known_at: Some(day(known_at)),
        issued_on: None,
        variant: Variant::Internal,
        area: Area::All,
        draft: false,
        strict_characters: false,
        meeting: None,
    }
}

pub async fn paper(desk: &Desk, request: &PaperRequest) -> ReportDocument {
    build(&desk.workspace, request).await.expect("the paper can be made").0
}

pub fn tables(document: &ReportDocument) -> impl Iterator<Item = &Table> {
    document.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    })
}

pub fn table<'d>(document: &'d ReportDocument, id: &str) -> &'d Table {
    tables(document).find(|table| table.id == id).expect("the table is in the paper")
}

pub fn count(cell: &Cell) -> i64 {
    match cell {
        Cell::Count(n) | Cell::Difference(n) => *n,
        other => panic!("{other:?} is no number"),
    }
}

/// Numbers of a row from a column on.
fn counts(table: &Table, kind: RowKind, from: usize, n: usize) -> Vec<Vec<i64>> {
    let rows = table.rows.iter().filter(|row| row.kind == kind);
    rows.map(|row| row.cells[from..from + n].iter().map(count).collect()).collect()
}

#[tokio::test]
async fn shipped_papers_are_sound_for_foreign_readers() {
    let desk = desk(&Sample::saitama()).await;
    for name in REPORTS {
        let document = paper(&desk, &request(name, "2025-12-31", "2025-12-31")).await;
        let printed = pdf::render(&document).expect("the paper can be printed");
        assert_eq!(printed.warnings, [], "{name}");
        assert_paper(&printed.bytes, &document);
        let again = pdf::render(&document).expect("the paper can be printed");
        assert!(printed.bytes == again.bytes, "{name} differs from itself");
        let page = html::render(&document).expect("the page can be made");
        assert!(page.contains("<html lang=\"ja\">") && page.contains("2,730") == WITH_TOTAL.contains(&name));
        assert!(!csv::display_files(&document).expect("the files can be made").is_empty());
    }
}

#[tokio::test]
async fn member_table_adds_up_and_shows_the_answer_key() {
    let desk = desk(&Sample::saitama()).await;
    let document = paper(&desk, &request("member-counts", "2025-12-31", "2025-12-31")).await;
    let bodies = counts(table(&document, "member-counts"), RowKind::Body, 2, 6);
    let total = counts(table(&document, "member-counts"), RowKind::Total, 2, 6);
    assert_eq!(total, [[1306, 650, 55, 684, 35, 2730]]);
    assert_eq!(bodies.len(), 31);
    for column in 0..6 {
        assert_eq!(bodies.iter().map(|row| row[column]).sum::<i64>(), total[0][column]);
    }
    assert!(bodies.iter().all(|row| row[..5].iter().sum::<i64>() == row[5]));
    let last = table(&document, "member-counts").rows.last().expect("a total");
    assert_eq!(last.cells.last(), Some(&Cell::Difference(-13)));
}

#[tokio::test]
async fn three_prefectures_have_subtotals_that_add_up() {
    let desk = desk(&Sample::three_prefectures()).await;
    let document = paper(&desk, &request("member-counts", "2025-12-31", "2025-12-31")).await;
    let table = table(&document, "member-counts");
    let subtotals = counts(table, RowKind::Subtotal, 2, 6);
    let total = counts(table, RowKind::Total, 2, 6);
    assert_eq!((subtotals.len(), total[0][5]), (3, 1341));
    assert_eq!(subtotals.iter().map(|row| row[5]).sum::<i64>(), 1341);
    assert_paper(&pdf::render(&document).expect("the paper can be printed").bytes, &document);
}

#[tokio::test]
async fn unknown_class_gets_a_column_and_totals_reconcile() {
    let desk = desk(&Sample::cases()).await;
    let document = paper(&desk, &request("member-counts", "2025-05-31", "2025-05-31")).await;
    let table = table(&document, "member-counts");
    assert!(table.columns.iter().any(|column| column.title == "不明"));
    let total = counts(table, RowKind::Total, 2, 7);
    assert_eq!(total[0][..6].iter().sum::<i64>(), total[0][6]);
    assert!(
        table.notes.iter().any(|note| note.starts_with("うち最新の出力に記載のない会員 1 人")),
        "{:?}",
        table.notes
    );
}

#[tokio::test]
async fn list_behind_a_number_has_its_length() {
    let desk = desk(&Sample::saitama()).await;
    let document = paper(&desk, &request("member-counts", "2025-12-31", "2025-12-31")).await;
    assert_eq!(table(&document, "planned-withdrawals").rows.len(), 22);
    let people = table(&document, "mamis-difference-people");
    assert_eq!(people.rows.iter().filter(|row| row.kind == RowKind::Body).count(), 22 + 6);
    let external = PaperRequest { variant: Variant::External, ..request("member-counts", "2025-12-31", "2025-12-31") };
    let external = paper(&desk, &external).await;
    assert!(
        tables(&external)
            .all(|table| table.columns.iter().all(|column| column.key != "name" && column.key != "reason"))
    );
}

#[tokio::test]
async fn difference_law_has_no_remainder_on_any_export() {
    for sample in [Sample::saitama(), Sample::three_prefectures()] {
        let desk = desk(&sample).await;
        for mamis in sample.key["mamis"].as_array().expect("the key lists the exports") {
            let export = day(mamis["export"].as_str().expect("a day"));
            let vintage = Vintage::open(&desk.workspace, Some(export)).await.expect("the export speaks");
            let audit = mamis_difference(&vintage).expect("the timeline can be read");
            let key = |name: &str| mamis[name].as_i64().expect("a number");
            assert_eq!(audit.total.source_count, key("total"), "{export}");
            assert_eq!(
                audit.total.figure(DifferenceCause::WithdrawalAhead),
                key("withdrawals_not_yet_effective"),
                "{export}"
            );
            assert_eq!(audit.total.figure(DifferenceCause::JoinAhead), key("joins_not_yet_effective"), "{export}");
            assert!(audit.bodies.iter().all(|(_, terms)| terms.remainder() == 0), "{export}");
            for (body, terms) in &audit.bodies {
                let code = &vintage.associations.get(*body).expect("a body of the master").code;
                assert_eq!(mamis["by_local"][code].as_i64().unwrap_or(0), terms.source_count, "{export} {code}");
            }
        }
    }
}

#[tokio::test]
async fn incomplete_day_is_printed_as_a_draft_only() {
    let desk = desk(&Sample::saitama()).await;
    let early = request("member-counts", "2025-01-31", "2025-12-31");
    assert!(build(&desk.workspace, &early).await.is_err());
    let draft = PaperRequest { draft: true, ..early };
    assert!(paper(&desk, &draft).await.draft);
}

#[tokio::test]
async fn future_day_is_marked_as_planned() {
    let desk = desk(&Sample::saitama()).await;
    let document = paper(&desk, &request("member-counts", "2026-01-31", "2025-12-31")).await;
    assert_eq!(document.sections[0].title, "会員数報告（予定）");
    assert_eq!(counts(table(&document, "member-counts"), RowKind::Total, 2, 6)[0][5], 2716);
}
