//! Each shape of a table on paper: what is printed for what was typed.

use kaiin::domain::cell::Cell;
use kaiin::domain::document::{Block, Grid, ReportDocument, RowKind, Table};

use super::written::{Written, demo_folder};
use crate::cli::samples::Sample;
use crate::store::desk::Desk;

async fn blocks(sheet: &str) -> Vec<Block> {
    let desk = Desk::of(&Sample::saitama()).await;
    let document = Written::of_sheet(sheet).document(&desk).await;
    document.sections.into_iter().next().expect("the item has a paper").blocks
}

fn lead(blocks: &[Block]) -> &str {
    match &blocks[0] {
        Block::Paragraph(text) => text,
        other => panic!("{other:?} is no sentence"),
    }
}

fn grid(blocks: &[Block]) -> &Grid {
    let found = blocks.iter().find_map(|block| match block {
        Block::Grid(grid) => Some(grid),
        _ => None,
    });
    found.expect("there is a grid")
}

fn table(blocks: &[Block]) -> &Table {
    let found = blocks.iter().find_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    });
    found.expect("there is a table")
}

/// Rows as they are printed.
fn printed(table: &Table) -> Vec<String> {
    let row = |cells: &[Cell]| cells.iter().map(Cell::display).collect::<Vec<_>>().join("|");
    table.rows.iter().map(|row_of| row(&row_of.cells)).collect()
}

/// The public table of 30 bodies, typed out of order and under an alias, adds up to 1,812 as published.
#[tokio::test]
async fn one_number_for_each_body_wraps_in_official_order() {
    let text = std::fs::read_to_string(demo_folder().join("診療・検査医療機関.csv")).expect("the demo has it");
    let mut lines: Vec<&str> = text.lines().collect();
    lines[12..].reverse();
    let blocks = blocks(&lines.join("\n")).await;
    assert_eq!(lead(&blocks), "R5.7.26現在　合計1,812機関（かかりつけのみ537、広く受け入れる1,275）");
    let grid = grid(&blocks);
    assert_eq!((grid.per_row, grid.items.len()), (8, 30));
    let shown = |at: usize| format!("{} {}", grid.items[at].name, grid.items[at].text);
    assert_eq!([shown(0), shown(26), shown(28)], ["浦和 153", "岩槻 33", "吉川松伏 28"]);
}

const SOME: &str = "形,医師会別\n基準日,R7.12.1\n単位,人\n対象,一部\n";

#[tokio::test]
async fn part_of_a_number_stands_in_brackets() {
    let subset =
        blocks(&format!("{SOME}\n医師会,医療機関,うち非会員\n大宮,25,7\n浦和,\"1,021\",4\n行田市,5,0\n")).await;
    let texts: Vec<&str> = grid(&subset).items.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(texts, ["1,021(4)", "25(7)", "5"]);
    assert_eq!(lead(&subset), "R7.12.1現在　合計1,051人（うち非会員11）");
    let again = blocks(&format!("{SOME}\n医師会,医療機関,再掲\n浦和,12,10\n行田市,－,0\n")).await;
    let texts: Vec<&str> = grid(&again).items.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(texts, ["(10) 12", "－"]);
}

#[tokio::test]
async fn numbers_that_must_not_add_up_have_no_sum() {
    let sheet = format!("{SOME}加算,しない\n合計,99\n\n医師会,診療科\n浦和,12\n大宮,30\n");
    let blocks = blocks(&sheet).await;
    assert_eq!(lead(&blocks), "R7.12.1現在　2医師会");
    assert!(grid(&blocks).notes[0].contains("合計は示さない"));
}

/// The weekly table of a real meeting: 18 of 355 are 5.1 %.
#[tokio::test]
async fn counts_stand_beside_their_shares() {
    let text = std::fs::read_to_string(demo_folder().join("外来のひっ迫状況.csv")).expect("the demo has it");
    let blocks = blocks(&text).await;
    let table = table(&blocks);
    let rows = printed(table);
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[0], "令和5年5月第1週（5月1日～5月5日）|355|18|5.1|23|6.5|28|7.9");
    let groups: Vec<&str> = table.columns.iter().map(|column| column.group.as_str()).collect();
    assert_eq!(groups[2..4], ["外来ひっ迫あり", "外来ひっ迫あり"]);
}

#[tokio::test]
async fn changes_stand_in_brackets_with_their_sign() {
    let sheet = "形,表\n期間,令和7年\n単位,人\n増減,前年比、増減率\n\n\
                 区分,人数,前年比,増減率\n医師,\"343,275\",\"39,866\",0.5\n歯科医師,107443,▲25,-0.02\n合計,450718,-,-\n";
    let blocks = blocks(sheet).await;
    let rows = printed(table(&blocks));
    assert_eq!(rows[0], "医師|343,275|(+39,866)|(+0.50)");
    assert_eq!(rows[1], "歯科医師|107,443|(▲25)|(▲0.02)");
    assert_eq!(table(&blocks).rows[2].kind, RowKind::Total);
}

#[tokio::test]
async fn kinds_by_kinds_have_sums_both_ways() {
    let text = std::fs::read_to_string(demo_folder().join("諮問件数.csv")).expect("the demo has it");
    let rows = printed(table(&blocks(&text).await));
    assert_eq!(rows, ["医科|21|2|158|181", "歯科|9|0|96|105", "薬局|14|1|121|136", "合計|44|3|375|422"]);
}

/// Sums that the office wrote itself are proved and printed once.
#[tokio::test]
async fn sums_of_the_office_are_not_doubled() {
    let sheet = "形,行列\n期間,12月\n単位,件\n\n種別,新規,更新,合計\n医科,1,2,3\n歯科,4,5,9\n合計,5,7,12\n";
    let blocks = blocks(sheet).await;
    assert_eq!(printed(table(&blocks)), ["医科|1|2|3", "歯科|4|5|9", "合計|5|7|12"]);
}

#[tokio::test]
async fn list_is_counted_and_put_into_official_order() {
    let text = std::fs::read_to_string(demo_folder().join("産業医の登録.csv")).expect("the demo has it");
    let blocks = blocks(&text).await;
    assert_eq!(lead(&blocks), "令和7年12月16日～令和8年1月15日　合計12件（新規8件・更新4件）");
    let rows = printed(table(&blocks));
    assert_eq!(
        (rows[0].as_str(), rows[1].as_str()),
        ("浦和|新規|架空　二郎|R13.1.15", "浦和|更新|架空　花子|R12.12.22")
    );
    assert!(rows[11].starts_with("岩槻区|"));
}

/// A remark under the rows is a note and no item; days of Excel are printed as papers print days.
#[tokio::test]
async fn remark_is_no_item_of_a_list() {
    let blocks = blocks("形,一覧\n期間,12月\n\n名称,日\n甲,2025-12-01\n\n※ 速報値です\n").await;
    assert_eq!(lead(&blocks), "12月　合計1件");
    let table = table(&blocks);
    assert_eq!(
        (printed(table), table.notes.as_slice()),
        (vec!["甲|R7.12.1".into()], ["※ 速報値です".into()].as_slice())
    );
}

#[tokio::test]
async fn list_without_rows_says_so() {
    let blocks = blocks("形,一覧\n期間,12月\n集計,区分\n\n医師会,区分\n").await;
    assert_eq!(lead(&blocks), "12月　合計0件");
    assert_eq!((table(&blocks).rows.len(), table(&blocks).empty_text.as_str()), (0, "※件数 0 件"));
}

#[tokio::test]
async fn table_of_bodies_takes_their_names_from_the_master() {
    let sheet = "形,表\n基準日,R7.12.1\n単位,件\n医師会の列,医師会\n対象,一部\n\n医師会,内科,外科\n岩槻区,3,4\n浦和医師会,1,2\n";
    assert_eq!(printed(table(&blocks(sheet).await)), ["浦和|1|2", "岩槻|3|4"]);
}

/// A long name, five thousand rows, forty columns and a cell of two thousand characters are printed as any other.
#[tokio::test]
async fn large_tables_are_printed() {
    let desk = Desk::of(&Sample::saitama()).await;
    let mut rows = String::from("形,一覧\n期間,12月\n\n番号,内容\n");
    (0..5_000)
        .for_each(|n| rows.push_str(&format!("{n},{}\n", if n == 7 { "長い文".repeat(667) } else { "短い".into() })));
    let wide: Vec<String> = (1..=40).map(|n| format!("列{n}")).collect();
    let numbers: Vec<String> = (1..=39).map(|n| n.to_string()).collect();
    let wide = format!(
        "形,表\n期間,12月\n単位,件\n\n{}\n{},{}\n",
        wide.join(","),
        "四十字の名前".repeat(7),
        numbers.join(",")
    );
    let written = Written::of_items(&["長い表", "広い表"]).with("長い表.csv", rows).with("広い表.csv", wide);
    let document: ReportDocument = written.document(&desk).await;
    let pdf = kaiin::render::pdf::render(&document).expect("it can be printed");
    assert!(pdf.n_pages > 100, "{}", pdf.n_pages);
}
