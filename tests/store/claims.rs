//! Two servers whose locks do not reach each other race for the same periods: each period is ended by one of them, and once.

use kaiin::domain::ledger::JobState;
use kaiin::store::{Store, StoreError};
use rstest::rstest;

use super::contract::desk;
use super::home::Home;
use crate::asked::chance::times;
use crate::ingest::random::Random;

/// Races by default; `KAIIN_TIMES=50` makes ten thousand of them.
const RACES: usize = 200;

const JOB: &str = "monthly-papers";

/// How a server came out of a race.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    /// It has ended the period.
    Ended,
    /// The period was done already.
    TooLate,
    /// Another one had drawn a newer number.
    Overtaken,
}

/// A server that takes itself for the only one: draws a number, claims the period, pauses, and ends it.
async fn run(store: &Store, period: &str, pauses: [usize; 2]) -> Result<Came, StoreError> {
    let pause = async |n: usize| {
        for _ in 0..n {
            tokio::task::yield_now().await;
        }
    };
    pause(pauses[0]).await;
    let at = "2026-01-05T00:00:00Z".parse().expect("an instant");
    let _number = store.draw_number().await?;
    if !store.begin_job_run(JOB, period, at).await? {
        return Ok(Came::TooLate);
    }
    pause(pauses[1]).await;
    store.end_job_run((JOB, period), (JobState::Done, "JOB-054: 1"), at).await?;
    Ok(Came::Ended)
}

fn came(result: Result<Came, StoreError>) -> Came {
    match result {
        Ok(came) => came,
        // As busy as the server is, it says that somebody else was quicker.
        Err(StoreError::LockLost) => Came::Overtaken,
        Err(error) => panic!("{error}"),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn period_is_ended_by_one_server(#[values(Home::Sqlite, Home::Postgres)] home: Home) {
    if home.is_skipped() {
        return;
    }
    let desk = desk(home).await;
    let visitor = desk.visitor().await;
    let (ours, theirs) = (desk.workspace.store.clone(), visitor.workspace.store.clone());
    let mut random = Random(17);
    let mut n_overtaken = 0;
    for nth in 0..times(RACES) {
        let period = format!("{:04}-{:02}", 1990 + nth / 12, 1 + nth % 12);
        let at = "2026-01-05T00:00:00Z".parse().expect("an instant");
        {
            let _number = ours.draw_number().await.expect("writable");
            assert!(ours.add_job_run(JOB, &period, at).await.expect("writable"), "{period}");
        }
        let mut pauses = || [random.below(60), random.below(60)];
        let (first, second) = (pauses(), pauses());
        let of_other = (theirs.clone(), period.clone());
        let other = tokio::spawn(async move { run(&of_other.0, &of_other.1, second).await });
        let ends = [came(run(&ours, &period, first).await), came(other.await.expect("it ends"))];
        assert_eq!(ends.iter().filter(|end| **end == Came::Ended).count(), 1, "{period}: {ends:?}");
        n_overtaken += usize::from(ends.contains(&Came::Overtaken));
    }
    // Else no race was one.
    assert!(n_overtaken > 0);
}
