//! What an office can do wrong in the folder of a meeting: each is told with its sheet and cell, and all at once.

use rstest::rstest;

use super::written::Written;
use crate::cli::samples::Sample;
use crate::store::desk::Desk;

const HEAD: &str = "会議名,試験会議\n開催日,2026-01-22\n\n区分,番号,件名,担当,資料\n";

#[rstest]
#[case::sound("報告事項,1,会員数,,会員数報告\n", &[])]
#[case::number_twice("報告事項,1,会員数,,会員数報告\n,1,異動,,異動の確認\n", &["MTG-031 次第.csv B6"])]
#[case::number_of_another_group("協議事項,1,会員数,,\n報告事項,1,異動,,\n", &[])]
#[case::no_number("報告事項,一,会員数,,\n", &["MTG-032 次第.csv B5"])]
#[case::no_text("報告事項,1,,架空,会員数報告\n", &["MTG-033 次第.csv C5"])]
#[case::no_group(",1,会員数,,\n", &["MTG-034 次第.csv A5"])]
#[case::unknown_paper("報告事項,1,会員数,,会員報告\n", &["MTG-035 次第.csv E5"])]
#[case::count_beside_a_paper("報告事項,1,会員数,,\"会員数報告\n3枚\"\n", &["MTG-037 次第.csv E5"])]
#[case::one_paper_twice("報告事項,1,会員数,,会員数報告\n,2,再び,,member-counts\n", &["MTG-038 次第.csv E6"])]
#[case::no_paper("報告事項,1,会員数,,なし\n,2,異動,,当日配布\n", &[])]
#[case::chair("会長挨拶,,,会長,\n報告事項,1,会員数,,\n", &[])]
#[case::beside_the_table("報告事項,1,会員数,,会員数報告,メモ\n", &["MTG-029 次第.csv F5"])]
#[case::open_quote("報告事項,1,\"会員数,,会員数報告\n", &["MTG-017 次第.csv A5"])]
#[tokio::test]
async fn agenda_is_told_by_cell(#[case] items: &str, #[case] expected: &[&str]) {
    let desk = Desk::of(&Sample::saitama()).await;
    let written = Written::new().with("次第.csv", format!("{HEAD}{items}"));
    assert_eq!(written.faults(&desk).await, expected);
}

#[rstest]
#[case::no_name("開催日,2026-01-22\n\n区分,件名\n", &["MTG-021 次第.csv"])]
#[case::no_day("会議名,試験\n開催日,2026-02-30\n\n区分,件名\n", &["MTG-025 次第.csv B2"])]
#[case::other_weekday("会議名,試験\n開催日,令和8年1月22日（金）\n\n区分,件名\n", &["MTG-018 次第.csv B2"])]
#[case::unknown_word("会議名,試験\n開催日,R8.1.22\n会場,5階\n\n区分,件名\n", &["MTG-020 次第.csv A3"])]
#[case::twice("会議名,試験\n会議名,試験\n開催日,R8.1.22\n\n区分,件名\n", &["MTG-022 次第.csv A2"])]
#[case::printing("会議名,試験\n開催日,R8.1.22\n印刷,四面\n\n区分,件名\n", &["MTG-024 次第.csv B3"])]
#[case::no_empty_row("会議名,試験\n開催日,R8.1.22\n区分,件名,資料\n報告,会員数,会員数報告\n", &["MTG-023 次第.csv A3"])]
#[case::heading("会議名,試験\n開催日,R8.1.22\n\n区分,件名,資科\n", &["MTG-027 次第.csv C4"])]
#[case::heading_twice("会議名,試験\n開催日,R8.1.22\n\n区分,件名,件名\n", &["MTG-028 次第.csv C4"])]
#[tokio::test]
async fn head_of_the_agenda_is_told_by_cell(#[case] text: &str, #[case] expected: &[&str]) {
    let desk = Desk::of(&Sample::saitama()).await;
    let found = Written::new().with("次第.csv", text).faults(&desk).await;
    assert_eq!(found[..expected.len().min(found.len())], *expected, "{found:?}");
}

const SOME: &str = "形,医師会別\n基準日,R7.12.1\n単位,機関\n対象,一部\n";

#[rstest]
#[case::no_shape("表題,試験\n\n医師会,数\n浦和,1\n".to_string(), &["MTG-021 表.csv"])]
#[case::unknown_shape("形,折れ線\n\n医師会,数\n".to_string(), &["MTG-024 表.csv B1"])]
#[case::no_day("形,表\n単位,件\n\n区分,数\n甲,1\n".to_string(), &["MTG-021 表.csv"])]
#[case::no_unit("形,表\n期間,12月\n\n区分,数\n甲,1\n".to_string(), &["MTG-021 表.csv"])]
#[case::wrong_day("形,表\n基準日,R7.13.1\n単位,件\n\n区分,数\n甲,1\n".to_string(), &["MTG-025 表.csv B2"])]
#[case::no_number(format!("{SOME}\n医師会,数\n浦和,約20\n大宮,3\n"), &["MTG-040 表.csv B7"])]
#[case::half(format!("{SOME}\n医師会,数\n浦和,2.5\n"), &["MTG-041 表.csv B7"])]
#[case::below_zero(format!("{SOME}\n医師会,数\n浦和,-2\n"), &["MTG-041 表.csv B7"])]
#[case::blank(format!("{SOME}\n医師会,数\n浦和,\n大宮,3\n"), &["MTG-042 表.csv B7"])]
#[case::total(format!("{SOME}合計,5\n\n医師会,数\n浦和,1\n大宮,3\n"), &["MTG-043 表.csv B5"])]
#[case::row_of_totals(format!("{SOME}\n医師会,数\n浦和,1\n大宮,3\n合計,5\n"), &["MTG-043 表.csv B9"])]
#[case::sound_total(format!("{SOME}\n医師会,数\n浦和,1\n大宮,3\n合計,4\n"), &[])]
#[case::parts(format!("{SOME}内訳,甲,1\n,乙,2\n\n医師会,数\n浦和,1\n大宮,3\n"), &["MTG-044 表.csv C5"])]
#[case::part(format!("{SOME}\n医師会,数,うち甲\n浦和,1,2\n"), &["MTG-045 表.csv C7"])]
#[case::unknown_body(format!("{SOME}\n医師会,数\n裏和,1\n"), &["MTG-046 表.csv A7"])]
#[case::body_twice(format!("{SOME}\n医師会,数\n浦和,1\n浦和医師会,1\n"), &["MTG-047 表.csv A8"])]
#[case::bodies_missing("形,医師会別\n基準日,R7.12.1\n単位,人\n\n医師会,数\n浦和,1\n".to_string(), &["MTG-048 表.csv"])]
#[case::rows_too_wide(format!("{SOME}列数,40\n\n医師会,数\n浦和,1\n"), &["MTG-024 表.csv B5"])]
#[case::third_column(format!("{SOME}\n医師会,数,非会員\n浦和,2,1\n"), &["MTG-024 表.csv C6"])]
#[case::column_of_shares("形,表\n期間,12月\n単位,件\n分母,回答\n\n区分,回答数\n甲,1\n".to_string(), &["MTG-030 表.csv B4"])]
#[case::share_above_all("形,表\n期間,12月\n単位,件\n分母,回答数\n\n区分,回答数,あり\n甲,1,2\n".to_string(), &["MTG-045 表.csv C7"])]
#[case::mistyped("形,表\n期間,12月\n単位,件\n\n区分,数\n甲,1\n乙,l2\n丙,3\n".to_string(), &["MTG-040 表.csv B7"])]
#[case::sums("形,行列\n期間,12月\n単位,件\n\n種別,新規,更新,合計\n医科,1,2,4\n".to_string(), &["MTG-043 表.csv D6"])]
#[case::shape_below_the_title("表題,題\n形,一覧\n期間,12月\n\n名,区分\n甲,新規\n".to_string(), &[])]
#[case::total_of_a_list("形,一覧\n期間,12月\n\n名,区分\n甲,新規\n合計,1件\n".to_string(), &["MTG-049 表.csv A6"])]
#[case::rates_add_up_to_nothing("形,表\n期間,12月\n単位,人\n\n区分,人数,増減率\n甲,1,100.0\n乙,3,-3.3\n合計,4,22.5\n".to_string(), &[])]
#[case::code_of_a_body(format!("{SOME}\n医師会,数\n11-001,1\n"), &[])]
#[case::letter("形,文書\n宛名,各位\n本文,本文\n".to_string(), &["MTG-021 表.csv"])]
#[case::letter_word("形,文書\n件名,件\n本分,文\n本文,文\n".to_string(), &["MTG-020 表.csv A3"])]
#[tokio::test]
async fn sheets_are_told_by_cell(#[case] sheet: String, #[case] expected: &[&str]) {
    let desk = Desk::of(&Sample::saitama()).await;
    assert_eq!(Written::of_sheet(&sheet).faults(&desk).await, expected);
}

/// Nothing hides behind the first fault.
#[tokio::test]
async fn all_faults_of_a_folder_are_told_at_once() {
    let desk = Desk::of(&Sample::saitama()).await;
    let written = Written::of_items(&["表1", "表2", "表3"])
        .with("表1.csv", format!("{SOME}\n医師会,数\n浦和,x\n"))
        .with("表2.csv", format!("{SOME}合計,9\n\n医師会,数\n裏和,1\n"));
    let found = written.faults(&desk).await;
    assert_eq!(found, ["MTG-040 表1.csv B7", "MTG-035 次第.csv C7", "MTG-046 表2.csv A8", "MTG-043 表2.csv B5"]);
}

#[tokio::test]
async fn what_nobody_uses_and_what_is_open_is_told_and_stops_nothing() {
    let desk = Desk::of(&Sample::saitama()).await;
    let written = Written::of_items(&["会員数報告"])
        .with("忘れた表.csv", "形,表\n")
        .with("見本_表.csv", "形,表\n")
        .with("忘れた紙.pdf", super::pdfs::plain(1))
        .with("~$会議.xlsx", "");
    let expected = ["MTG-062 会議.xlsx", "MTG-060 忘れた表.csv", "MTG-061 忘れた紙.pdf"];
    assert_eq!(written.notices(&desk).await, expected);
}

/// Names in papers for others, words that nobody filled in, files that cannot be bound, two files of one name.
#[tokio::test]
async fn what_an_office_would_regret_is_told() {
    let desk = Desk::of(&Sample::saitama()).await;
    let list = "形,一覧\n表題,○○の一覧\n期間,12月\n\n医師会,氏名\n浦和,架空　一郎\n※ 速報値\n";
    let written = Written::of_sheet(list);
    assert_eq!(written.notices(&desk).await, ["MTG-064 表.csv", "MTG-067 表.csv B2"]);
    let others = Written::of_items(&["案内.docx"]).with("案内.docx", "PK");
    assert_eq!(others.faults(&desk).await, ["MTG-054 次第.csv C5"]);
    let twins = Written::of_items(&["資料1"]).with("資料1.pdf", super::pdfs::plain(1)).with("資料１.pdf", "");
    assert_eq!(twins.faults(&desk).await, ["MTG-012 資料１.pdf"]);
}

#[tokio::test]
async fn one_name_for_two_things_is_refused() {
    let desk = Desk::of(&Sample::saitama()).await;
    let both = Written::of_items(&["会員数報告"]).with("会員数報告.csv", "形,表\n");
    assert_eq!(both.faults(&desk).await, ["MTG-036 次第.csv C5"]);
    let folder = Written::new().with("会議の予定.txt", "");
    assert_eq!(folder.faults(&desk).await.len(), 1);
}
