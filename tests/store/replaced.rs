//! A file that another of its day replaces leaves nothing behind, not even a date (R3): what is read out of the store is
//! what would be there if it had never been taken in.

use chrono::NaiveDate;
use rstest::rstest;

use super::desk::Desk;
use super::home::Home;

pub(super) const MASTER: &str = "医師会コード,階層,種別,名称,略称,別名,上位コード,都道府県コード,並び順\n\
    JMA,日本,その他,日本医師会,日医,,,,1\nP11,都道府県,地域,架空県医師会,架空県,,JMA,11,11\n\
    11-001,郡市区等,地域,青空市医師会,青空市,,P11,11,1\n";

/// Rows: number, 氏名, class, 退会日.
pub(super) fn members(rows: &[(&str, &str, &str, &str)]) -> String {
    let head = "医籍登録番号,氏名,氏名カナ,生年月日,施設業務,郡市区等医師会コード,郡市区等医師会名,郡市区等会員区分,\
        郡市区等入会日,郡市区等退会日,都道府県医師会名,都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,\
        日医退会日,会員状態\n";
    rows.iter().fold(head.to_owned(), |text, (number, name, class, left)| {
        let state = if left.is_empty() { "在籍" } else { "退会" };
        text + &format!("{number},{name},カクウ レイ,1965-02-03,勤務医,11-001,青空市医師会,{class},2015-04-01,{left},,,,,,,,{state}\n")
    })
}

pub(super) fn applications(rows: &[(&str, &str, &str)]) -> String {
    let head =
        "申請番号,申請種別,申請者区分,医籍登録番号,氏名,対象医師会,申請日,適用日,承認日,取消日,状態,退会理由,備考\n";
    rows.iter().fold(head.to_owned(), |text, (number, who, state)| {
        text + &format!("{number},退会,本人,{who},架空　例,青空市医師会,2025-05-01,2025-06-30,,,{state},死亡,\n")
    })
}

pub(super) fn adjustments(rows: &[(&str, &str, &str)]) -> String {
    let head = "調整番号,調整種別,医籍登録番号,医師会名,対象入会日,新しい日付,新しい会員区分,退会理由,統合元番号,要確認コード,\
        状態,理由,承認者\n";
    rows.iter().fold(head.to_owned(), |text, (number, who, state)| {
        text + &format!("{number},退会,{who},青空市医師会,,2025-06-30,,,,,{state},届出,局長\n")
    })
}

pub(super) async fn take_in(desk: &Desk, name: &str, text: &str) {
    let path = desk.save(name, text.as_bytes());
    desk.import(&[path]).await.unwrap_or_else(|error| panic!("{name}: {error:#}"));
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Everything that is read out with its days, without ids that count the files.
async fn told(desk: &Desk) -> Vec<String> {
    let store = &desk.workspace.store;
    let mut out = Vec::new();
    store
        .each_version(|one| {
            let facts = (one.facts.left_on, one.facts.class, one.rows_shown, one.class_from);
            out.push(format!("stay {:?} {facts:?} {} {:?}", one.physician, one.known_from, one.known_until));
        })
        .await
        .expect("the store is read");
    store.each_person(|one| out.push(format!("person {one:?}"))).await.expect("the store is read");
    store
        .each_application(|one| {
            let what = (&one.application.number, one.application.physician, one.application.status, one.row);
            out.push(format!("application {what:?} {} {:?}", one.known_from, one.known_until));
        })
        .await
        .expect("the store is read");
    store
        .each_adjustment(|one| {
            let what = (&one.adjustment.number, one.adjustment.physician, one.adjustment.is_revoked, one.row);
            out.push(format!("adjustment {what:?} {} {:?}", one.known_from, one.known_until));
        })
        .await
        .expect("the store is read");
    out.extend(desk.findings(day("2025-12-31")).await);
    out
}

#[rstest]
#[case::sqlite(Home::Sqlite)]
#[case::postgres(Home::Postgres)]
#[tokio::test]
async fn replaced_file_leaves_no_date_behind(#[case] home: Home) {
    if home.is_skipped() {
        return;
    }
    let (often, once) = (Desk::on(home).await, Desk::on(home).await);
    let a = ("200001", "架空　一", "B", "");
    let b = ("200002", "架空　二", "B", "");
    let c = ("200003", "架空　三", "A①", "");
    let right = [a, b, c];
    let left = ("200001", "架空　一", "B", "2025-06-20");
    // Another class, an end, another name, a row less: none of it was ever so.
    let wrong = [left, ("200002", "架空　弐", "C", "")];
    let filed = applications(&[("1", "200001", "承認済"), ("2", "200002", "申請中")]);
    let decided = adjustments(&[("1", "200003", ""), ("2", "200002", "")]);
    for desk in [&often, &once] {
        take_in(desk, "associations.csv", MASTER).await;
        take_in(desk, "members_2025-05-31.csv", &members(&right)).await;
        take_in(desk, "applications_2025-05-31.csv", &filed).await;
        take_in(desk, "adjustments_2025-05-31.csv", &decided).await;
    }
    take_in(&often, "members_2025-06-30.csv", &members(&wrong)).await;
    take_in(
        &often,
        "applications_2025-06-30.csv",
        &applications(&[("1", "200001", "退会取消"), ("2", "200002", "承認済")]),
    )
    .await;
    take_in(&often, "adjustments_2025-06-30.csv", &adjustments(&[("1", "200003", "取消"), ("2", "200002", "取消")]))
        .await;
    for desk in [&often, &once] {
        take_in(desk, "members_2025-06-30.csv", &members(&right)).await;
        take_in(desk, "applications_2025-06-30.csv", &filed).await;
        take_in(desk, "adjustments_2025-06-30.csv", &decided).await;
    }
    assert_eq!(told(&often).await, told(&once).await);
    // Later files end what stands, copies and all.
    for desk in [&often, &once] {
        take_in(desk, "members_2025-07-31.csv", &members(&[left, b, c])).await;
        take_in(desk, "applications_2025-07-31.csv", &applications(&[("1", "200001", "退会取消")])).await;
        take_in(desk, "adjustments_2025-07-31.csv", &adjustments(&[("1", "200003", "取消")])).await;
    }
    let lines = told(&often).await;
    assert_eq!(lines, told(&once).await);
    assert!(!lines.iter().any(|line| line.contains("2025-06-30") && !line.contains("left")), "{lines:#?}");
}
