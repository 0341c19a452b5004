//! The bell while the clock is set, in this process: the time is a number that the test moves.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use kaiin::clock::Clock;
use kaiin::config::{Config, JobsConfig, ServeConfig};
use kaiin::error::Failure;
use kaiin::jobs;
use kaiin::service::keep::Workspace;
use tokio::sync::Notify;

use crate::cli::watched::ask;

/// Longer than any ring takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(120);

/// Once a year: the library rings for nobody here.
const YEARLY: &str = "0 0 6 1 1 *";

fn milliseconds(text: &str) -> i64 {
    text.parse::<DateTime<Utc>>().expect("an instant").timestamp_millis()
}

async fn workspace(folder: &std::path::Path, clock: &'static AtomicI64) -> Workspace {
    let jobs = JobsConfig { bell: YEARLY.into(), settle_seconds: 0, ..JobsConfig::default() };
    let config = Config { jobs, ..Config::default() };
    Workspace::open(folder, config, Clock::Moved(clock)).await.expect("the data folder opens")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clock_that_is_set_leaves_nobody_deaf() {
    static NOW: AtomicI64 = AtomicI64::new(0);
    NOW.store(milliseconds("2037-06-01T00:00:00Z"), Ordering::SeqCst);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let workspace = workspace(folder.path(), &NOW).await;
    let (rings, stop) = (AtomicUsize::new(0), Notify::new());
    let heard = |result: &anyhow::Result<jobs::TickReport>| {
        assert!(result.is_ok(), "{result:?}");
        // It was wrong at the start; it is put right; a year's bell passes while the machine sleeps.
        match rings.fetch_add(1, Ordering::SeqCst) {
            0 => NOW.store(milliseconds("2026-06-01T00:00:00Z"), Ordering::SeqCst),
            1 => NOW.store(milliseconds("2027-01-01T00:00:00Z"), Ordering::SeqCst),
            _ => stop.notify_one(),
        }
    };
    let served = jobs::serve(&workspace, Duration::from_millis(10), stop.notified(), heard);
    tokio::time::timeout(PATIENCE, served).await.expect("the bell rings").expect("it stops in order");
    assert_eq!(rings.load(Ordering::SeqCst), 3);
}

/// Rings that end with a failure are none; what is well again is told so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bell_that_does_not_ring_is_told_to_whoever_watches() {
    static NOW: AtomicI64 = AtomicI64::new(0);
    NOW.store(milliseconds("2026-06-01T00:00:00Z"), Ordering::SeqCst);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let jobs = JobsConfig { bell: "0 */10 * * * *".into(), ..JobsConfig::default() };
    let serve = ServeConfig { metrics: Some(([127, 0, 0, 1], 0).into()), ..ServeConfig::default() };
    let config = Config { jobs, serve, ..Config::default() };
    let workspace = Workspace::open(folder.path(), config, Clock::Moved(&NOW)).await.expect("the data folder opens");
    let monitor = jobs::Monitor::start(&workspace).await.expect("a port is free").expect("the settings say so");
    let health = || ask(monitor.address(), "/healthz");
    assert_eq!(health(), (200, "ok\n".to_string()));
    NOW.store(milliseconds("2026-06-01T00:20:01Z"), Ordering::SeqCst);
    for _ in 0..2 {
        let (status, text) = health();
        assert!(status == 503 && text.starts_with("ENV-061 ") && text.contains("2026-06-01T00:00:00Z"), "{text}");
        monitor.hear(&Err(Failure::usage("JOB-022", "").into()));
    }
    assert!(ask(monitor.address(), "/metrics").1.contains("\nkaiin_ring_age_seconds 1201\n"));
    monitor.hear(&Ok(jobs::TickReport::default()));
    assert_eq!(health().0, 200);
    monitor.stop().await;
}

/// A machine without a battery begins in 1970: files would be refused as if they came from the future.
#[tokio::test]
async fn clock_that_was_never_set_touches_no_file() {
    static NOW: AtomicI64 = AtomicI64::new(0);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let workspace = workspace(folder.path(), &NOW).await;
    let file = folder.path().join("inbox/associations.csv");
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("the temporary folder can be written");
    std::fs::copy("tests/fixtures/cases/associations.csv", &file).expect("the fixture can be copied");
    let lock = workspace.lock_for_writing().await.expect("nobody else writes here");
    let refused = jobs::tick(&workspace, &lock).await.expect_err("1970 is no time");
    assert_eq!(Failure::of(&refused).code, "JOB-022");
    assert!(file.exists());
    NOW.store(milliseconds("2026-06-01T00:00:00Z"), Ordering::SeqCst);
    assert_eq!(jobs::tick(&workspace, &lock).await.expect("the time is right").taken, 1);
}
