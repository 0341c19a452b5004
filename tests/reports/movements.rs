//! The paper of movements on the samples: its tables agree, its lists are as long as its columns, and others read no
//! names.

use std::collections::BTreeSet;

use kaiin::domain::cell::Cell;
use kaiin::domain::document::{Block, ReportDocument, RowKind, Table};
use kaiin::domain::failed_check::FailedCheck;
use kaiin::service::known::area::Area;
use kaiin::service::papers::{PaperRequest, Variant, build};

use super::samples::{desk, paper, request, table, tables};
use crate::cli::samples::Sample;

fn failed_checks(document: &ReportDocument) -> Vec<FailedCheck> {
    tables(document).flat_map(Table::failed_checks).collect()
}

fn count(cell: &Cell) -> i64 {
    match cell {
        Cell::Count(n) | Cell::Difference(n) => *n,
        other => panic!("{other:?} is no number"),
    }
}

/// The value of a column in the last row.
fn last(table: &Table, key: &str) -> i64 {
    let at = table.columns.iter().position(|column| column.key == key).expect("the column is there");
    count(&table.rows.last().expect("a row").cells[at])
}

fn n_body_rows(table: &Table) -> i64 {
    i64::try_from(table.rows.iter().filter(|row| row.kind == RowKind::Body).count()).expect("few rows")
}

#[tokio::test]
async fn lists_are_as_long_as_their_columns() {
    let desk = desk(&Sample::three_prefectures()).await;
    for as_of in ["2025-10-31", "2025-11-30", "2025-12-31", "2025-12-15"] {
        let document = paper(&desk, &request("movements", as_of, "2025-12-31")).await;
        assert_eq!(failed_checks(&document), [], "{as_of}");
        let bodies = table(&document, "roll-forward-associations");
        for (id, column) in [("joined", "joined"), ("moved-in", "moved_in")] {
            assert_eq!(n_body_rows(table(&document, id)), last(bodies, column), "{as_of} {id}");
        }
        // Exits are listed by 退会日; every list says by how much it differs from its column, and is promised.
        for id in ["left", "moved-out", "died", "class-changes"] {
            let list = table(&document, id);
            assert!(list.proof.listed.is_some() && list.notes[0].starts_with("一覧"), "{as_of} {id}");
        }
    }
}

/// 退会日 2025-11-30 is in the list of November and in the column of December.
#[tokio::test]
async fn list_of_a_month_and_its_column_differ_by_the_last_days() {
    let desk = desk(&Sample::saitama()).await;
    let mut n_differing = 0;
    for as_of in ["2025-10-31", "2025-11-30", "2025-12-31"] {
        let document = paper(&desk, &request("movements", as_of, "2025-12-31")).await;
        assert_eq!(failed_checks(&document), [], "{as_of}");
        let lists = ["left", "moved-out", "died"].map(|id| table(&document, id));
        n_differing += lists.iter().filter(|list| list.notes[0].contains("退会日が期間の前")).count();
    }
    assert!(n_differing > 0, "no sample month ends with a withdrawal");
}

#[tokio::test]
async fn others_read_the_same_numbers_and_no_names() {
    let desk = desk(&Sample::three_prefectures()).await;
    let internal = request("movements", "2025-12-31", "2025-12-31");
    let external = PaperRequest { variant: Variant::External, ..internal.clone() };
    let (internal, external) = (paper(&desk, &internal).await, paper(&desk, &external).await);
    assert_eq!(table(&internal, "revisions"), table(&external, "revisions"));
    // Few deaths stand with the other withdrawals (R37); everything else is the same.
    let column = |table: &Table, key: &str| -> Vec<Cell> {
        let at = table.columns.iter().position(|column| column.key == key).expect("the column is there");
        table.rows.iter().map(|row| row.cells[at].clone()).collect()
    };
    for id in ["roll-forward-tiers", "roll-forward-associations", "roll-forward-classes"] {
        let (inside, outside) = (table(&internal, id), table(&external, id));
        for key in ["opening", "joined", "moved_in", "moved_out", "closing", "change"] {
            assert_eq!(column(inside, key), column(outside, key), "{id} {key}");
        }
        let exits = |key: &str| column(inside, key).iter().map(count).sum::<i64>();
        let left: i64 = column(outside, "left").iter().map(count).sum();
        let is_folded = outside.columns.len() < inside.columns.len();
        assert_eq!(left, exits("left") + if is_folded { exits("died") } else { 0 }, "{id}");
    }
    let ahead = ["opening", "joined", "moved_out", "closing", "pending"];
    let (inside, outside) = (table(&internal, "certain-future"), table(&external, "certain-future"));
    assert!(ahead.iter().all(|key| column(inside, key) == column(outside, key)));
    let exits = |table: &Table, key: &str| column(table, key).iter().map(count).sum::<i64>();
    assert_eq!(exits(outside, "left"), exits(inside, "left") + exits(inside, "died"));
    let names: BTreeSet<String> = tables(&internal)
        .filter_map(|table| Some((table, table.columns.iter().position(|column| column.key == "name")?)))
        .flat_map(|(table, at)| table.rows.iter().map(move |row| row.cells[at].display()))
        .collect();
    assert!(names.len() > 20);
    let printed = format!("{external:?}");
    assert!(names.iter().all(|name| !printed.contains(name.as_str())));
}

#[tokio::test]
async fn paper_of_a_prefecture_is_about_its_bodies() {
    let desk = desk(&Sample::three_prefectures()).await;
    let all = paper(&desk, &request("movements", "2025-12-31", "2025-12-31")).await;
    let mut sum = 0;
    for code in ["11", "13", "26"] {
        let of_prefecture =
            PaperRequest { area: Area::Prefecture(code.into()), ..request("movements", "2025-12-31", "2025-12-31") };
        let document = paper(&desk, &of_prefecture).await;
        assert_eq!(failed_checks(&document), [], "{code}");
        sum += last(table(&document, "roll-forward-associations"), "closing");
    }
    assert_eq!(sum, last(table(&all, "roll-forward-associations"), "closing"));
}

/// Exports do not reach back to the opening day: no figure is made up.
#[tokio::test]
async fn opening_out_of_reach_is_not_printed() {
    let desk = desk(&Sample::saitama()).await;
    let early = PaperRequest { draft: true, ..request("movements", "2025-03-31", "2025-12-31") };
    let document = build(&desk.workspace, &early).await.expect("a draft can be made").0;
    let tiers = table(&document, "roll-forward-tiers");
    assert!(tiers.rows.is_empty() && tiers.empty_text.contains("及ばない"), "{}", tiers.empty_text);
    assert!(!document.sections[0].blocks.iter().any(|block| matches!(block, Block::Paragraph(_))));
}
