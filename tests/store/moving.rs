//! Whole stores moved from one home to the other.

use kaiin::error::Failure;
use kaiin::service::questions::store_copy::copy;
use kaiin::store::{JobFile, JobPaper, JobState, JobVersion, VersionKind};
use rstest::rstest;

use super::contract::told;
use super::desk::Desk;
use super::home::{Home, skips_without_server};
use crate::cli::program::NOW;
use crate::cli::samples::Sample;

/// A desk with the awkward persons of the sample, one file of them taken in twice, and a job.
async fn full_desk(home: Home) -> Desk {
    let desk = Desk::on(home).await;
    let sample = Sample::cases();
    desk.import(&sample.files).await.expect("the sample is taken in");
    let newest = sample.files.last().expect("the sample has files");
    let text = std::fs::read(newest).expect("the sample can be read");
    let name = newest.file_name().expect("a file has a name").to_string_lossy().into_owned();
    // The last line gone makes it another file of the same day.
    let end = text.trim_ascii_end().iter().rposition(|byte| *byte == b'\n').expect("several lines");
    desk.import(&[desk.save(&name, &text[..=end])]).await.expect("the same day again");
    let store = &desk.workspace.store;
    let now = NOW.parse().expect("an instant");
    store.add_job_run("papers", "2025-05", now).await.expect("writable");
    let version = JobVersion {
        job: "papers".into(),
        period: "2025-05".into(),
        version: 1,
        kind: VersionKind::Released,
        known_at: Some("2025-05-31".parse().expect("a day")),
        head: "head".into(),
        folder: "papers/2025-05".into(),
        reason: "届出".into(),
        started_at: now,
        finished_at: None,
        n_files: 0,
    };
    assert!(store.start_job_version(&version).await.expect("writable"));
    let files = [JobFile { name: "counts.pdf".into(), sha256: "one".into() }];
    let paper = JobPaper {
        job: "papers".into(),
        period: "2025-05".into(),
        version: 1,
        report: "counts".into(),
        code: String::new(),
        detail: String::new(),
    };
    store.record_job_paper(&paper, &files).await.expect("writable");
    store.finish_job_version(&version, now, JobState::Done, "").await.expect("writable");
    desk
}

#[rstest]
#[case::to_server(Home::Sqlite, Home::Postgres)]
#[case::from_server(Home::Postgres, Home::Sqlite)]
#[case::between_servers(Home::Postgres, Home::Postgres)]
#[tokio::test]
async fn copy_holds_everything_with_its_history(#[case] from: Home, #[case] to: Home) {
    if skips_without_server() {
        return;
    }
    let (from, to) = (full_desk(from).await, Desk::on(to).await);
    let report = copy(&from.workspace, &to.workspace).await.expect("an empty store is filled");
    assert_eq!(report.equal_counts, 100);
    assert!(report.tables.iter().filter(|table| table.rows > 0).count() >= 10, "{report:?}");
    assert_eq!(told(&to.workspace.store).await, told(&from.workspace.store).await);
    assert_eq!(to.tables().await, from.tables().await);
    assert_eq!(
        to.workspace.store.job_runs().await.expect("readable"),
        from.workspace.store.job_runs().await.expect("readable")
    );
    assert_eq!(
        to.workspace.store.job_versions().await.expect("readable"),
        from.workspace.store.job_versions().await.expect("readable")
    );

    // Both go on alike from here.
    let sample = Sample::cases();
    let newest = std::fs::read(sample.files.last().expect("the sample has files")).expect("the sample can be read");
    for desk in [&from, &to] {
        desk.import(&[desk.save("members_2025-06-30.csv", &newest)]).await.expect("the next export is taken in");
    }
    assert_eq!(told(&to.workspace.store).await, told(&from.workspace.store).await);
}

#[tokio::test]
async fn store_that_holds_anything_is_no_target() {
    if skips_without_server() {
        return;
    }
    let (from, to) = (full_desk(Home::Sqlite).await, Desk::on(Home::Postgres).await);
    let now = NOW.parse().expect("an instant");
    to.workspace.store.add_job_run("papers", "2025-05", now).await.expect("writable");
    let before = to.tables().await;
    let error = copy(&from.workspace, &to.workspace).await.expect_err("the target is not empty");
    assert_eq!(Failure::of(&error).code, "STO-001");
    assert_eq!(to.tables().await, before);
    let itself = copy(&from.workspace, &from.visitor().await.workspace).await.expect_err("one store");
    assert_eq!(Failure::of(&itself).code, "STO-002");
}
