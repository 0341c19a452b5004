//! Several stores on one file within one process: pages beside the clock. On most systems closing a file gives back all locks that
//! the process has on it, whoever took them (<https://www.sqlite.org/howtocorrupt.html>, 2.2).

use std::os::linux::fs::MetadataExt;

use chrono::{DateTime, Utc};
use kaiin::clock::Clock;
use kaiin::config::Config;
use kaiin::service::keep::Workspace;

use crate::cli::program::{NOW, Office};
use crate::cli::samples::Sample;

fn clock() -> Clock {
    Clock::Fixed(NOW.parse::<DateTime<Utc>>().expect("a time"))
}

async fn opened(office: &Office) -> Workspace {
    Workspace::open(&office.data(), Config::default(), clock()).await.expect("the data folder opens")
}

/// Whether anybody has a lock on the file of the store, as the system tells it.
fn is_locked(office: &Office) -> bool {
    let file = std::fs::metadata(office.data().join("kaiin.sqlite")).expect("there is a store");
    // As makedev(3) puts them together.
    let device = file.st_dev();
    let (major, minor) = ((device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xf_ff00));
    let place = format!("{major:02x}:{minor:02x}:{}", file.st_ino());
    // The list is read in pieces: what others take and give back meanwhile may hide a lock that is there.
    (0..20).any(|_| {
        let locks = std::fs::read_to_string("/proc/locks").expect("Linux tells of locks");
        locks.lines().any(|line| line.split_whitespace().any(|word| word == place))
    })
}

/// Stores a little, which stands in the log then.
async fn write(workspace: &Workspace) {
    drop(workspace.lock_for_writing().await.expect("nobody else writes"));
}

#[tokio::test]
async fn store_keeps_its_locks_while_others_are_opened_and_closed_beside_it() {
    let (office, _) = Sample::cases().taken_in();
    assert!(!is_locked(&office), "nobody is there yet");
    let kept = opened(&office).await;
    write(&kept).await;
    assert!(is_locked(&office), "nobody else was there yet");
    // The page size is read from the file where there is a log.
    let look = Workspace::open_to_look(&office.data(), Config::default(), clock()).await.expect("it opens");
    let look = look.expect("there is a store");
    look.store.clone().let_go().await;
    drop(look);
    assert!(is_locked(&office), "after a reader was closed");
    // All that is stored stands in the one file, which is compared as bytes before anything is written.
    kept.store.settle().await.expect("nobody reads");
    let writer = opened(&office).await;
    write(&writer).await;
    writer.store.clone().let_go().await;
    drop(writer);
    assert!(is_locked(&office), "after a writer was closed");
    kept.store.clone().close().await.expect("it closes");
    assert!(!is_locked(&office));
}
