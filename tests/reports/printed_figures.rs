//! Figures that stand in several tables of one paper: which tables of the shipped reports are tied to each other, and that
//! a wrong number in any of them is named and not published.

use std::collections::{BTreeMap, BTreeSet};

use kaiin::domain::cell::Cell;
use kaiin::domain::document::{Block, ReportDocument, RowKind};
use kaiin::domain::printed_figure::Figure;
use kaiin::domain::said_twice::Statement;
use kaiin::error::Failure;
use kaiin::service::known::vintage::Vintage;
use kaiin::service::papers::{PaperFormat, PaperRequest, Variant, publish};
use rstest::rstest;

use super::samples::{desk, paper, request};
use crate::cli::samples::Sample;

const MONTH_END: &str = "2025-12-31";

/// Figures that more than one table, grid or chart prints.
fn shared(document: &ReportDocument) -> BTreeMap<Figure, Vec<Statement>> {
    let mut out: BTreeMap<Figure, Vec<Statement>> = BTreeMap::new();
    for one in document.statements() {
        out.entry(one.figure.clone()).or_default().push(one);
    }
    out.retain(|_, all| all.iter().any(|one| one.block != all[0].block));
    out
}

fn blocks(document: &ReportDocument) -> impl Iterator<Item = (&str, &Block)> {
    document.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| {
        let id = match block {
            Block::Table(table) => &table.id,
            Block::Grid(grid) => &grid.id,
            Block::Chart(chart) => &chart.id,
            Block::Paragraph(_) | Block::Heading(_) | Block::Notes(_) | Block::Letter(_) | Block::Attachment(_) => {
                return None;
            }
        };
        Some((id.as_str(), block))
    })
}

/// Every table of a report shares a figure with another one, but for those that are named here. Whoever adds one of these
/// says what it could contradict.
#[rstest]
#[case::monthly("monthly-statistics", &[])]
#[case::survey("december-survey", &[])]
#[case::counts("member-counts", &["planned-withdrawals"])]
#[case::movements("movements", &["joined", "moved-in", "left", "moved-out", "died", "class-changes"])]
#[case::withdrawals(
    "withdrawal-audit",
    &["withdrawal-lags", "late-changes", "changed-withdrawals", "vanished-members", "application-disputes", "adjustments"]
)]
#[case::transfers("transfer-audit", &[])]
#[case::tiers("tier-consistency", &[])]
#[case::mamis("mamis-difference", &[])]
#[tokio::test]
async fn tables_of_a_report_are_tied_to_each_other(#[case] name: &str, #[case] apart: &[&str]) {
    let desk = desk(&Sample::three_prefectures()).await;
    let document = paper(&desk, &request(name, MONTH_END, MONTH_END)).await;
    let shared = shared(&document);
    let tied: BTreeSet<&str> = shared.values().flatten().map(|one| one.block.as_str()).collect();
    let untied: Vec<&str> = blocks(&document).map(|(id, _)| id).filter(|id| !tied.contains(id)).collect();
    assert_eq!(untied, apart);
    assert_eq!(document.contradictions(), []);
}

/// What the shared figures are about, by the tables that must print each.
#[rstest]
#[case::total_of_the_day("monthly-statistics", "memberships", &[("tier", "local")],
    &["overview", "month-series", "trend", "members-by-body", "members-by-kind", "roll-forward-tiers", "roll-forward-steps",
      "roll-forward-associations", "roll-forward-classes", "class-groups", "certain-future", "certain-future-bars",
      "mamis-difference"])]
#[case::class("monthly-statistics", "memberships", &[("tier", "local"), ("class", "A1")],
    &["month-series", "members-by-body", "members-by-kind", "roll-forward-classes", "founders"])]
#[case::body("monthly-statistics", "memberships", &[("tier", "local"), ("association", "11-001")],
    &["members-by-body", "roll-forward-associations", "class-groups", "mamis-difference"])]
#[case::prefecture_by_r23("monthly-statistics", "memberships", &[("tier", "national"), ("prefecture", "11")],
    &["national-by-prefecture", "seats-national"])]
#[case::national("monthly-statistics", "memberships", &[("tier", "national")],
    &["overview", "roll-forward-tiers", "roll-forward-classes", "national-by-prefecture", "seats-national"])]
#[case::heads("monthly-statistics", "heads", &[("tier", "local")],
    &["overview", "sex-by-age", "funnel", "funnel-duty", "funnel-sex", "funnel-age"])]
#[case::heads_by_sex("monthly-statistics", "heads", &[("tier", "local"), ("sex", "female")], &["sex-by-age", "funnel-sex"])]
#[case::also_national("monthly-statistics", "also-national", &[("tier", "local")],
    &["funnel", "funnel-duty", "funnel-sex", "funnel-age"])]
#[case::joined("monthly-statistics", "joined", &[("tier", "local")],
    &["roll-forward-tiers", "roll-forward-steps", "roll-forward-associations", "roll-forward-classes"])]
#[case::survey("december-survey", "memberships", &[("tier", "national")],
    &["year-series", "survey-classes", "survey-groups", "survey-prefectures", "seats-national"])]
#[case::survey_a1("december-survey", "memberships", &[("tier", "national"), ("class", "A1")],
    &["year-series", "survey-classes", "survey-founders", "survey-prefectures"])]
#[case::counts_of_a_body("member-counts", "memberships", &[("tier", "local"), ("association", "11-001")],
    &["member-counts", "mamis-difference"])]
#[case::deaths("withdrawal-audit", "counted-withdrawals", &[("state", "death")], &["withdrawal-states", "withdrawals"])]
#[case::filed("withdrawal-audit", "open-withdrawals", &[("state", "pending")], &["withdrawal-states", "filed-withdrawals"])]
#[case::counted("withdrawal-audit", "counted-withdrawals", &[], &["withdrawal-states", "withdrawal-summary", "withdrawals"])]
#[case::transfers("transfer-audit", "transfers", &[("kind", "within_prefecture")], &["transfer-summary", "transfers"])]
#[tokio::test]
async fn figure_stands_in_the_tables_that_print_it(
    #[case] name: &str,
    #[case] what: &str,
    #[case] parts: &[(&str, &str)],
    #[case] expected: &[&str],
) {
    let desk = desk(&Sample::three_prefectures()).await;
    let document = paper(&desk, &request(name, MONTH_END, MONTH_END)).await;
    let day = MONTH_END.parse().expect("a day");
    let statements = document.statements();
    let is_it = |one: &&Statement| {
        let figure = &one.figure;
        let of_day = (figure.on, figure.known_at) == (day, day);
        let is_change = figure.since.is_some();
        let of = figure.parts.iter().map(|(key, value)| (*key, value.as_str())).collect::<BTreeMap<_, _>>();
        let is_flow = !matches!(what, "memberships" | "heads" | "also-national");
        figure.what == what && of_day && is_change == is_flow && of == parts.iter().copied().collect()
    };
    let found: BTreeSet<&str> = statements.iter().filter(is_it).map(|one| one.block.as_str()).collect();
    assert_eq!(found, expected.iter().copied().collect());
}

/// The place of a figure in a document that can be made wrong.
fn spoil(document: &mut ReportDocument, of: &Statement) {
    let found = document.sections.iter_mut().flat_map(|section| &mut section.blocks);
    for block in found {
        match block {
            Block::Table(table) if table.id == of.block => {
                let said = table.proof.claims.iter().find(|claim| claim.figure == of.figure).expect("it is claimed");
                match &said.place {
                    kaiin::domain::printed_figure::Place::Cell(row, key) => {
                        let at = table.columns.iter().position(|column| column.key == *key).expect("a column");
                        let cell = &mut table.rows[*row].cells[at];
                        *cell = match cell {
                            Cell::Count(n) => Cell::Count(*n + 1),
                            Cell::Difference(n) => Cell::Difference(*n + 1),
                            _ => Cell::Count(1),
                        };
                    }
                    kaiin::domain::printed_figure::Place::Rows(text) => {
                        let mut row = table.rows.first().cloned().expect("a list with people");
                        row.kind = RowKind::Body;
                        if let Some((key, text)) = text {
                            let at = table.columns.iter().position(|column| column.key == *key).expect("a column");
                            row.cells[at] = Cell::text(text);
                        }
                        table.rows.insert(0, row);
                    }
                    kaiin::domain::printed_figure::Place::Sum(column, (key, text)) => {
                        let at = |key: &str| table.columns.iter().position(|one| one.key == key).expect("a column");
                        let (column, key) = (at(column), at(key));
                        let mut row = table.rows.first().cloned().expect("a list with people");
                        row.kind = RowKind::Body;
                        (row.cells[key], row.cells[column]) = (Cell::text(text), Cell::Difference(1));
                        table.rows.insert(0, row);
                    }
                    // A sentence is made from the numbers of its table, and is its only other place.
                    kaiin::domain::printed_figure::Place::Lead(_) => {}
                }
                return;
            }
            Block::Chart(chart) if chart.id == of.block => {
                let at = chart.claims.iter().position(|figure| *figure == of.figure).expect("it is claimed");
                let n = chart.marks[at].number().expect("a number");
                chart.marks[at].value = Cell::Count(n + 1);
                return;
            }
            Block::Grid(grid) if grid.id == of.block => {
                let at = grid.claims.iter().position(|figure| *figure == of.figure).expect("it is claimed");
                grid.items[at].text = "99999".into();
                return;
            }
            _ => {}
        }
    }
    panic!("{} is not in the paper", of.block);
}

/// Of every kind of figure, one that stands in several tables is made wrong in each of them in turn.
#[rstest]
#[case("monthly-statistics")]
#[case("december-survey")]
#[case("member-counts")]
#[case("movements")]
#[case("withdrawal-audit")]
#[case("transfer-audit")]
#[case("mamis-difference")]
#[tokio::test]
async fn wrong_number_in_any_table_is_named_with_the_other_one(#[case] name: &str) {
    let desk = desk(&Sample::three_prefectures()).await;
    let document = paper(&desk, &request(name, MONTH_END, MONTH_END)).await;
    let mut n_spoilt = 0;
    let mut met: BTreeSet<(&str, Vec<&str>, &str)> = BTreeSet::new();
    let shared = shared(&document);
    for all in shared.values() {
        for of in all {
            let keys = of.figure.parts.keys().copied().collect();
            // An empty list has no row to copy; one of its kind with people comes in another figure.
            let is_empty = of.value.as_deref() == Some("0") && all.iter().any(|one| one.place.contains("行数"));
            if is_empty || !met.insert((of.figure.what, keys, &of.block)) {
                continue;
            }
            let mut wrong = document.clone();
            spoil(&mut wrong, of);
            let named: Vec<String> = wrong.contradictions().iter().map(ToString::to_string).collect();
            let is_named = |one: &String| one.contains(&of.place);
            assert!(named.iter().any(is_named), "{}: {of:?} / {named:?}", document.id);
            n_spoilt += 1;
        }
    }
    assert!(n_spoilt >= 2, "{name}: {n_spoilt}");
}

#[tokio::test]
async fn paper_whose_tables_contradict_each_other_is_not_published() {
    let desk = desk(&Sample::three_prefectures()).await;
    let request = request("member-counts", MONTH_END, MONTH_END);
    let mut document = paper(&desk, &request).await;
    let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
    let shared = shared(&document);
    let of = shared.values().flatten().find(|one| one.block == "trend").expect("the chart shares its last bar");
    spoil(&mut document, of);
    let out = tempfile::tempdir().expect("a folder");
    let error = publish(&document, &vintage, &request, &[PaperFormat::Csv], out.path()).expect_err("refused");
    let failure = Failure::of(&error);
    assert_eq!((failure.code, failure.kind.exit_code()), ("RPT-006", 1));
    let expected =
        "会員数の推移（郡市区等、各月末） / R7.12.31: 1342 ≠ 1341（階層別・会員区分別 / 郡市区等医師会 計 / 計）";
    assert!(failure.detail.contains(expected), "{}", failure.detail);
    assert_eq!(std::fs::read_dir(out.path()).expect("the folder").count(), 0);
    document.draft = true;
    publish(&document, &vintage, &request, &[PaperFormat::Csv], out.path()).expect("a draft may be written");
}

/// The external papers share the same figures, and places name nobody.
#[tokio::test]
async fn external_papers_agree_with_themselves() {
    let desk = desk(&Sample::three_prefectures()).await;
    for name in ["movements", "withdrawal-audit", "member-counts", "transfer-audit", "tier-consistency"] {
        let external = PaperRequest { variant: Variant::External, ..request(name, MONTH_END, MONTH_END) };
        let document = paper(&desk, &external).await;
        assert_eq!(document.contradictions(), [], "{name}");
        // Where others see the summary alone, nothing is said twice.
        let is_summary = ["transfer-audit", "tier-consistency"].contains(&name);
        assert!(is_summary || !shared(&document).is_empty(), "{name}");
    }
}

/// R32: a pack that calls two numbers by one word is not printed, in a heading as in a sentence; each number is right.
#[rstest]
#[case::heading("withdrawal-summary", "届出の件数", "退会")]
#[case::title("withdrawals", "", "退会者")]
#[case::same_word_in_order("withdrawal-summary", "届出の件数", "退会日による件数")]
#[tokio::test]
async fn pack_with_one_word_for_two_numbers_is_not_printed(
    #[case] id: &str,
    #[case] heading: &str,
    #[case] word: &'static str,
) {
    let desk = desk(&Sample::three_prefectures()).await;
    let request = request("meeting-rijikai", MONTH_END, MONTH_END);
    let mut document = paper(&desk, &request).await;
    assert_eq!(document.contradictions(), []);
    for block in document.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        let Block::Table(table) = block else { continue };
        if table.id == id && heading.is_empty() {
            table.title = word.into();
        }
        // The list of the roll-forward as it was called before.
        if table.id == "left" && heading.is_empty() {
            table.title = word.into();
            let length = Figure::new("listed-left", request.as_of.0, request.as_of.0)
                .since("2025-11-30".parse().expect("a day"));
            table.proof.claims.push(kaiin::domain::printed_figure::PrintedFigure::length(length));
        }
        let renamed = table.columns.iter_mut().filter(|column| table.id == id && column.title == heading);
        renamed.for_each(|column| column.title = word.into());
    }
    let vintage = Vintage::open(&desk.workspace, None).await.expect("an export was taken in");
    let out = tempfile::tempdir().expect("a folder");
    let written = publish(&document, &vintage, &request, &[PaperFormat::Csv], out.path());
    if word == "退会日による件数" {
        written.expect("other words are in order");
        return;
    }
    let error = written.expect_err("refused");
    let failure = Failure::of(&error);
    assert_eq!(failure.code, "RPT-006");
    let expected = format!("「{word}」が二つの数を指す");
    assert!(
        failure.detail.contains("理事会資料 meeting-rijikai") && failure.detail.contains(&expected),
        "{}",
        failure.detail
    );
}

/// The sentence above the roll-forward is read from the page like any cell.
#[tokio::test]
async fn sentence_that_says_another_number_is_not_printed() {
    let desk = desk(&Sample::three_prefectures()).await;
    let request = request("meeting-rijikai", MONTH_END, MONTH_END);
    let mut document = paper(&desk, &request).await;
    let mut n = 0;
    for block in document.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        if let Block::Paragraph(text) = block
            && let Some(at) = text.find("退会・転出・死亡 計 ")
            && n == 0
        {
            text.insert(at + "退会・転出・死亡 計 ".len(), '9');
            n += 1;
        }
    }
    assert_eq!((n, document.contradictions().len()), (1, 1), "the other section says it too");
}
