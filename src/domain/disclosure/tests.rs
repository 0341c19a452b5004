//! What a paper for others tells: people one by one, few reasons, and what becomes of them.

use rstest::rstest;

use super::*;
use crate::domain::cell::LabelledText;
use crate::domain::printed_figure::{Figure, PrintedFigure};
use crate::domain::table_check::{Identity, TableCheck};

fn day() -> Cell {
    Cell::Date("2025-12-31".parse().expect("an ISO date"))
}

fn table(columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Table {
    Table {
        id: "t".into(),
        title: "表".into(),
        basis: vec![LabelledText::new("単位", "件")],
        columns,
        rows: rows.into_iter().map(Row::body).collect(),
        empty_text: String::new(),
        notes: Vec::new(),
        proof: TableCheck::default(),
    }
}

fn number() -> Column {
    Column::number("number", "No.", 2)
}

#[rstest]
#[case::name(vec![number(), Column::text("name", "氏名", 4)], vec![Cell::Count(1), Cell::text("架空")], 1)]
#[case::day_of_one(
    vec![number(), Column::centred("left_on", "退会日", 4), Column::text("association", "医師会", 4)],
    vec![Cell::Count(1), day(), Cell::text("浦和")], 1
)]
#[case::class_without_a_figure(
    vec![number(), Column::text("association", "医師会", 4), Column::text("class", "会員区分", 4)],
    vec![Cell::Count(1), Cell::text("浦和"), Cell::text("B")], 1
)]
#[case::count_by_body(
    vec![Column::text("association", "医師会", 4), Column::number("n", "件数", 4)],
    vec![Cell::text("浦和"), Cell::Count(1)], 0
)]
#[case::figure_of_a_day(
    vec![Column::centred("as_of", "基準日", 4), Column::number("n", "会員数", 4)],
    vec![day(), Cell::Count(100)], 0
)]
fn row_of_one_person_is_told_from_a_count(
    #[case] columns: Vec<Column>,
    #[case] cells: Vec<Cell>,
    #[case] expected: usize,
) {
    let found = table(columns, vec![cells]).disclosures();
    assert_eq!(found.len(), expected, "{found:?}");
    assert!(found.iter().all(|one| one.kind == DisclosureKind::Person));
}

/// A list that must be as long as a figure has one row for each person, whatever its columns.
#[test]
fn table_that_promises_its_length_is_a_list() {
    let columns = vec![Column::text("association", "医師会", 4), Column::number("n", "件数", 4)];
    let mut list = table(columns, vec![vec![Cell::text("浦和"), Cell::Count(1)]]);
    let on = "2025-12-31".parse().expect("an ISO date");
    list.proof.claims = vec![PrintedFigure::length(Figure::new("withdrawals", on, on))];
    assert_eq!(list.disclosures().len(), 1);
    list.rows.clear();
    assert_eq!(list.disclosures(), []);
}

#[rstest]
#[case::few("会費滞納", 2, true)]
#[case::enough("会費滞納", 3, false)]
#[case::none("会費滞納", 0, false)]
#[case::others("その他", 1, false)]
fn reason_of_few_is_told(#[case] reason: &str, #[case] n: i64, #[case] expected: bool) {
    let columns = vec![Column::text(REASON, "退会理由", 4), Column::number("n", "件数", 4)];
    let found = table(columns, vec![vec![Cell::text(reason), Cell::Count(n)]]).disclosures();
    assert_eq!(!found.is_empty(), expected, "{found:?}");
}

#[test]
fn few_reasons_go_into_others_and_nobody_is_lost() {
    use WithdrawalReason::{Death, Expelled, Other, OwnWish, UnpaidFees};
    let counts = BTreeMap::from([(Death, 2), (OwnWish, 5), (UnpaidFees, 3), (Expelled, 1)]);
    let folded = fold_few_reasons(&counts);
    assert_eq!(folded, BTreeMap::from([(OwnWish, 5), (UnpaidFees, 3), (Other, 3)]));
    assert_eq!(fold_few_reasons(&BTreeMap::from([(Other, 1)])), BTreeMap::from([(Other, 1)]));
}

#[rstest]
#[case::two("退会7件（うち死亡2件）", true)]
#[case::with_a_blank("うち死亡 1 件。", true)]
#[case::enough("うち死亡3件", false)]
#[case::many("うち死亡12件", false)]
#[case::none("うち死亡0件", false)]
#[case::sum("退会・転出・死亡 2 人があり", false)]
#[case::word_alone("退会・転出・死亡 計 7 件", false)]
fn sentence_about_few_deaths_is_told(#[case] text: &str, #[case] expected: bool) {
    assert_eq!(tells_of_few_deaths(text), expected);
}

fn reasons(rows: &[(&str, i64)]) -> Table {
    let columns = vec![Column::text(REASON, "退会理由", 4), Column::number("n", "件数", 4)];
    let cells = |(name, n): &(&str, i64)| vec![Cell::text(*name), Cell::Count(*n)];
    let mut out = table(columns, rows.iter().map(cells).collect());
    out.rows.push(Row::total(vec![Cell::text("合計"), Cell::Count(rows.iter().map(|(_, n)| n).sum())]));
    let on = "2025-12-31".parse().expect("an ISO date");
    let claims = vec![PrintedFigure::cell(rows.len(), "n", Figure::new("withdrawals", on, on))];
    out.proof = TableCheck { claims, ..TableCheck::additive(["n"]) };
    out
}

fn first_count(row: &Row) -> Option<i64> {
    row.cells.iter().find_map(|cell| match cell {
        Cell::Count(n) => Some(*n),
        _ => None,
    })
}

fn said(table: &Table) -> Vec<(String, i64)> {
    table.rows.iter().map(|row| (first_text(row).to_string(), first_count(row).unwrap_or_default())).collect()
}

#[rstest]
#[case::beside_others(&[("死亡", 2), ("本人希望", 5), ("その他", 4)], &[("本人希望", 5), ("その他", 6), ("合計", 11)])]
#[case::without_others(&[("死亡", 2), ("本人希望", 5), ("除名", 1)], &[("本人希望", 5), ("その他", 3), ("合計", 8)])]
#[case::all_of_them(&[("死亡", 1), ("除名", 1)], &[("その他", 2), ("合計", 2)])]
#[case::only_others(&[("その他", 1)], &[("その他", 1), ("合計", 1)])]
#[case::none_of_them(&[("死亡", 3), ("除名", 4)], &[("死亡", 3), ("除名", 4), ("合計", 7)])]
fn few_reasons_of_a_table_go_into_others(#[case] rows: &[(&str, i64)], #[case] expected: &[(&str, i64)]) {
    let mut folded = reasons(rows);
    folded.fold_few();
    let expected: Vec<(String, i64)> = expected.iter().map(|(name, n)| ((*name).to_string(), *n)).collect();
    assert_eq!(said(&folded), expected);
    assert_eq!((folded.failed_checks(), folded.disclosures()), (vec![], vec![]));
    // The claim about the total moved with it.
    let Place::Cell(row, _) = &folded.proof.claims[0].place else { panic!("a cell") };
    assert_eq!(folded.rows[*row].kind, RowKind::Total);
}

#[test]
fn few_deaths_of_a_table_of_states_stand_with_those_who_have_left() {
    let columns = vec![Column::text("state", "状態", 4), Column::number("n", "件数", 4)];
    let rows = [("退会予定", 3), ("退会済", 4), ("保留", 1), ("死亡", 2)];
    let mut states = table(columns, rows.map(|(name, n)| vec![Cell::text(name), Cell::Count(n)]).to_vec());
    assert_eq!(states.disclosures().len(), 1);
    states.fold_few();
    assert_eq!(said(&states), [("退会予定".to_string(), 3), ("退会済・死亡".to_string(), 6), ("保留".to_string(), 1)]);
    assert_eq!(states.disclosures(), []);
}

/// Eight deaths, one of them not approved: the one is told as well.
#[test]
fn few_in_any_column_are_few() {
    let columns = [("n", "件数"), ("counted", "承認済"), ("open", "未承認")];
    let columns = columns.map(|(key, title)| Column::number(key, title, 4));
    let columns = [Column::text("state", "状態", 4)].into_iter().chain(columns).collect();
    let rows = [("退会済", [4, 4, 0]), ("死亡", [8, 7, 1])];
    let cells = |(name, counts): (&str, [i64; 3])| {
        std::iter::once(Cell::text(name)).chain(counts.map(Cell::Count)).collect::<Vec<Cell>>()
    };
    let mut states = table(columns, rows.map(cells).to_vec());
    assert_eq!(states.disclosures().len(), 1);
    states.fold_few();
    assert_eq!(states.rows.len(), 1);
    assert_eq!(states.disclosures(), []);
}

#[rstest]
#[case::one_person(1, true)]
#[case::several(3, false)]
fn days_of_one_person_are_left_out(#[case] n: i64, #[case] expected: bool) {
    let columns = vec![
        Column::number(DESCRIBED, "退会日の後に判明", 4),
        Column::number("median_days", "遅れの中央値（日）", 4),
        Column::number("longest_days", "遅れの最大（日）", 4),
    ];
    let mut lags = table(columns, vec![[n, 12, 12].map(Cell::Count).to_vec()]);
    assert_eq!(!lags.disclosures().is_empty(), expected);
    lags.fold_few();
    assert_eq!(lags.disclosures(), []);
    assert_eq!(lags.rows[0].cells[1] == Cell::NotApplicable, expected);
}

#[test]
fn aside_about_deaths_is_left_out_however_many() {
    assert_eq!(without_deaths("退会7件（うち死亡2件）、保留1件"), "退会7件、保留1件");
    assert_eq!(without_deaths("退会7件（うち死亡3件）、保留1件"), "退会7件、保留1件");
    assert_eq!(without_deaths("退会7件（うち死亡0件）、保留1件"), "退会7件、保留1件");
    assert_eq!(without_deaths("退会7件、保留1件"), "退会7件、保留1件");
}

fn flows(rows: &[(&str, i64, i64)]) -> Table {
    let columns = vec![
        Column::text("association", "医師会", 4),
        Column::number("opening", "期首", 4),
        Column::number(LEFT, "退会", 4),
        Column::number(DIED, "死亡", 4),
        Column::number("closing", "期末", 4),
    ];
    let cells = |(name, left, died): &(&str, i64, i64)| {
        let counts = [100, *left, *died, 100 - left - died].map(Cell::Count);
        std::iter::once(Cell::text(*name)).chain(counts).collect()
    };
    let mut out = table(columns, rows.iter().map(cells).collect());
    out.proof = TableCheck::additive([LEFT, DIED]).with(Identity::new("closing", ["opening"], [LEFT, DIED]));
    out
}

#[test]
fn few_deaths_stand_with_the_other_withdrawals_and_the_table_still_adds_up() {
    let mut few = flows(&[("浦和", 4, 2), ("川口市", 0, 0)]);
    assert_eq!(few.disclosures().len(), 1);
    few.fold_few();
    assert_eq!(few.disclosures(), []);
    assert_eq!(few.failed_checks(), []);
    assert_eq!(few.rows[0].cells, [Cell::text("浦和"), Cell::Count(100), Cell::Count(6), Cell::Count(94)]);
    assert_eq!(few.columns[2].title, "退会・死亡");
    let enough = flows(&[("浦和", 4, 3)]);
    let mut folded = enough.clone();
    folded.fold_few();
    assert_eq!(folded, enough);
    // A heading that only stood over one or two deaths would tell of them.
    let mut none = flows(&[("浦和", 4, 0)]);
    none.fold_few();
    assert_eq!(none.columns[2].title, "退会・死亡");
}
