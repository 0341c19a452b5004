//! Exports that are cut off or lack members: never a lower figure without the question of the guard.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use kaiin::error::Failure;
use kaiin::service::intake::import::{ImportOptions, ImportStatus, ImportSummary, Silent, import_files};
use kaiin::service::known::totals::Totals;
use kaiin::service::questions::answer::CountAnswer;
use rstest::rstest;

use super::desk::Desk;
use crate::cli::samples::Sample;

async fn try_import(desk: &Desk, path: PathBuf, options: ImportOptions) -> anyhow::Result<ImportSummary> {
    let lock = desk.workspace.lock_for_writing().await.expect("nobody else writes here");
    let mut run = import_files(&desk.workspace, &lock, &[path], &options, &Silent).await;
    run.failures.pop().map_or_else(|| Ok(run.summaries.remove(0)), |(_, error)| Err(error))
}

fn dry_run() -> ImportOptions {
    ImportOptions { dry_run: true, ..ImportOptions::default() }
}

fn memberships(totals: &Totals) -> [i64; 3] {
    [totals.local.memberships, totals.prefectural.memberships, totals.national.memberships]
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Bodies and classes of an answer as one number for each body.
fn by_body(answer: &CountAnswer) -> BTreeMap<String, i64> {
    let mut out = BTreeMap::new();
    for row in &answer.rows {
        *out.entry(row.keys.0[0].1.clone()).or_default() += row.memberships;
    }
    out
}

/// Every hundredth of the bytes: refused, or no body has fewer members than without the file.
#[tokio::test]
async fn export_cut_anywhere_never_lowers_a_count_unasked() {
    let sample = Sample::three_prefectures();
    let desk = Desk::new().await;
    desk.import(&sample.files[..2]).await.expect("the first export is taken in");
    let bytes = std::fs::read(&sample.files[2]).expect("the sample can be read");
    let before = by_body(&desk.ledger().await.answer(day("2025-10-31")));
    let head = desk.tables().await;
    let whole = Desk::new().await;
    whole.import(&sample.files[..3]).await.expect("the whole export is taken in");
    let of_whole = by_body(&whole.ledger().await.answer(day("2025-10-31")));
    let (mut n_refused, mut n_accepted) = (0, 0);
    for percent in (1..100).step_by(3) {
        let cut = &bytes[..bytes.len() * percent / 100];
        let path = desk.save("members_2025-10-31.csv", cut);
        match try_import(&desk, path.clone(), dry_run()).await {
            Err(error) => {
                n_refused += 1;
                assert_eq!(desk.tables().await, head, "{percent} %: {error}");
            }
            Ok(summary) => {
                n_accepted += 1;
                assert_eq!(summary.status, ImportStatus::DryRun);
                let other = Desk::new().await;
                other.import(&sample.files[..2]).await.expect("the first export is taken in");
                let stored = try_import(&other, path, ImportOptions::default()).await;
                assert_eq!(stored.expect("the dry run went well").status, ImportStatus::Stored);
                let after = by_body(&other.ledger().await.answer(day("2025-10-31")));
                // Withdrawals that the rows before the cut tell are no loss; everybody after it still counts.
                for (body, n) in &before {
                    let least = n.min(of_whole.get(body).unwrap_or(&0));
                    assert!(after.get(body).unwrap_or(&0) >= least, "{percent} %: {body} lost members");
                }
            }
        }
    }
    assert!(n_refused > 30, "{n_refused} refused, {n_accepted} accepted");
}

/// What a dry run announces is what `count` says before and after the real import.
#[tokio::test]
async fn headline_of_a_dry_run_comes_true() {
    let sample = Sample::three_prefectures();
    let desk = Desk::new().await;
    desk.import(&sample.files[..2]).await.expect("the first export is taken in");
    for (path, export_day) in sample.files[2..].iter().zip(["2025-10-31", "2025-11-30", "2025-12-31"]) {
        let before = desk.tables().await;
        let tried = try_import(&desk, path.clone(), dry_run()).await.expect("the sample is sound");
        assert_eq!(desk.tables().await, before);
        let headline = tried.headline.expect("a dry run tells the headline");
        assert_eq!(headline.as_of, day(export_day));
        let told = |ledger: super::desk::Ledger| memberships(&ledger.answer(day(export_day)).totals);
        assert_eq!(memberships(&headline.before), told(desk.ledger().await), "{export_day}, before");
        let stored = try_import(&desk, path.clone(), ImportOptions::default()).await.expect("the sample is sound");
        assert_eq!(stored.stays, tried.stays, "{export_day}");
        let answer = desk.ledger().await.answer(day(export_day));
        assert_eq!(memberships(&headline.after), memberships(&answer.totals), "{export_day}, after");
        assert_eq!(headline.after, answer.totals, "{export_day}, heads");
    }
}

/// One change to the second export.
#[derive(Debug, Clone, Copy)]
enum Change {
    Missing,
    Withdrawn,
    Reclassified,
}

/// A wide export of so many members of each of two bodies, of whom the first few of the first body are changed.
fn export(sizes: [usize; 2], changed: usize, change: Change) -> String {
    let mut out = String::from(
        "医籍登録番号,氏名,郡市区等医師会名,郡市区等会員区分,郡市区等入会日,郡市区等退会日,会員状態,都道府県医師会名,都道府県会員区分,都道府県入会日,都道府県退会日,日医会員区分,日医入会日,日医退会日\n",
    );
    for (at, (body, size)) in ["浦和医師会", "大宮医師会"].iter().zip(sizes).enumerate() {
        for nth in 0..size {
            let is_changed = at == 0 && nth < changed;
            let (mut class, mut left, mut state) = ("B", "", "在籍");
            match change {
                _ if !is_changed => {}
                Change::Missing => continue,
                Change::Withdrawn => (left, state) = ("2025-10-15", "退会"),
                Change::Reclassified => class = "C",
            }
            let number = 910_000 + at * 1000 + nth;
            out += &format!("{number},架空　例,{body},{class},2004-05-01,{left},{state},,,,,,,\n");
        }
    }
    out
}

/// At the limits nothing is asked; one more, and the import stops with the code of its kind.
#[rstest]
#[case::missing_of_all(Change::Missing, [400, 200], 30, "IMP-212")]
#[case::withdrawn_of_all(Change::Withdrawn, [400, 200], 30, "IMP-225")]
#[case::missing_of_a_body(Change::Missing, [25, 600], 5, "IMP-212")]
#[case::withdrawn_of_a_body(Change::Withdrawn, [25, 600], 5, "IMP-225")]
#[case::reclassified(Change::Reclassified, [400, 200], 120, "IMP-224")]
#[case::few_in_a_small_tier(Change::Missing, [100, 100], 19, "IMP-212")]
#[tokio::test]
async fn guard_asks_above_its_limits_only(
    #[case] change: Change,
    #[case] sizes: [usize; 2],
    #[case] n_allowed: usize,
    #[case] code: &str,
) {
    let desk = Desk::new().await;
    desk.import(&Sample::cases().files[..1]).await.expect("the master is taken in");
    let first = desk.save("members_2025-09-30.csv", export(sizes, 0, change).as_bytes());
    desk.import(&[first]).await.expect("the first export is taken in");
    let next = |n| desk.save("members_2025-10-31.csv", export(sizes, n, change).as_bytes());
    let tables = desk.tables().await;
    let too_many = try_import(&desk, next(n_allowed + 1), ImportOptions::default()).await;
    assert_eq!(Failure::of(&too_many.expect_err("the guard asks")).code, code);
    assert_eq!(desk.tables().await, tables);
    let stopped = try_import(&desk, next(n_allowed + 1), dry_run()).await;
    assert_eq!(Failure::of(&stopped.expect_err("the guard asks in a dry run too")).code, code);
    let accepted = ImportOptions { accept_drop: Some("確認済".into()), dry_run: true, ..ImportOptions::default() };
    assert!(try_import(&desk, next(n_allowed + 1), accepted).await.is_ok());
    let stored = try_import(&desk, next(n_allowed), ImportOptions::default()).await.expect("within the limits");
    assert_eq!(stored.status, ImportStatus::Stored);
}
