//! The bell: tokio-cron-scheduler wakes us, the ledger says what to do.
//!
//! The library runs jobs several times at once, forgets missed times and does not wait when it is shut down; none
//! of that matters here, since its only job is to put a note into a channel of one place. It also waits for an instant: a
//! clock that is set back, or was wrong at the start, leaves it deaf until that comes. So the time is looked at now and
//! then ([`Watch`]), and a ring that did not come is made up for.

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;
use tokio_cron_scheduler::{Job, JobScheduler};

use super::line::Line;
use super::settings::faults;
use super::tick::tick;
use super::tick_report::TickReport;
use crate::clock::tokyo;
use crate::config::ConfigError;
use crate::domain::fault::PlacedFault;
use crate::service::keep::Workspace;

/// How often the time is looked at.
pub const LOOKS_EVERY: Duration = Duration::from_secs(20);

/// How long after its time a ring is one that did not come.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);

/// Notices rings that did not come.
#[derive(Debug)]
struct Watch {
    bell: Line,
    /// The time at the last ring, as the clock of the machine was then.
    heard_at: DateTime<Utc>,
}

impl Watch {
    /// A ring has come.
    fn hear(&mut self, now: DateTime<Utc>) {
        self.heard_at = now;
    }

    /// Whether a ring should have come since the last one. The clock may have been set: back, so that the last ring lies
    /// ahead, or forward, past rings that nobody heard.
    fn has_missed(&self, now: DateTime<Utc>) -> bool {
        let due = self.bell.next_after(self.heard_at);
        now < self.heard_at || due.is_ok_and(|due| due + PATIENCE <= now)
    }
}

/// Runs until `stop` comes true: one tick at the start, which catches up, then one at each ring. A tick under way
/// is finished first. The time is looked at every `looks_every` ([`LOOKS_EVERY`]).
///
/// # Errors
/// [`ConfigError`] when a schedule of the settings is wrong; when the bell cannot be set up. A tick that cannot run is told to `heard` and tried again at the next ring.
pub async fn serve(
    workspace: &Workspace,
    looks_every: Duration,
    stop: impl Future<Output = ()>,
    heard: impl Fn(&Result<TickReport>),
) -> Result<()> {
    let place = |(key, fault): (&str, _)| PlacedFault { file: "kaiin.toml".into(), line: None, key: key.into(), fault };
    let faults: Vec<PlacedFault> = faults(&workspace.config).into_iter().map(place).collect();
    if !faults.is_empty() {
        return Err(ConfigError { faults }.into());
    }
    // One place: rings that come while a tick is running are one ring.
    let (ring, mut rings) = mpsc::channel::<()>(1);
    let scheduler = JobScheduler::new().await.context("setting up the bell")?;
    let bell = Job::new_async_tz(workspace.config.jobs.bell.as_str(), tokyo(), move |_, _| {
        let ring = ring.clone();
        Box::pin(async move {
            // A full channel means that a ring is waiting already.
            let _ = ring.try_send(());
        })
    })
    .context("setting up the bell")?;
    scheduler.add(bell).await.context("setting up the bell")?;
    scheduler.start().await.context("starting the bell")?;
    let parsed =
        Line::plain(&workspace.config.jobs.bell).map_err(|fault| ConfigError::of(place(("jobs.bell", fault))))?;
    let mut watch = Watch { bell: parsed, heard_at: workspace.clock.now() };
    tokio::pin!(stop);
    loop {
        watch.hear(workspace.clock.now());
        let result = locked_tick(workspace).await;
        heard(&result);
        let missed = async {
            while !watch.has_missed(workspace.clock.now()) {
                tokio::time::sleep(looks_every).await;
            }
        };
        tokio::select! {
            () = &mut stop => break,
            ring = rings.recv() => if ring.is_none() { break },
            () = missed => tracing::warn!("a ring of the bell did not come: was the clock set?"),
        }
    }
    Ok(())
}

/// The lock is held for a tick only, so that people can import in between.
async fn locked_tick(workspace: &Workspace) -> Result<TickReport> {
    let lock = workspace.lock_for_writing().await?;
    let report = tick(workspace, &lock).await;
    // The program goes on for months: a copy of the store in between should hold everything.
    workspace.settle().await?;
    report
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// A bell of every ten minutes, last heard at 09:00:00.
    #[rstest]
    #[case::no_ring_is_due("2026-01-05T09:09:59Z", false)]
    #[case::the_library_may_be_late("2026-01-05T09:10:29Z", false)]
    #[case::nobody_rang("2026-01-05T09:10:30Z", true)]
    #[case::woken_after_a_night("2026-01-06T00:00:00Z", true)]
    #[case::right_after_a_start_in_1970("2026-01-05T09:00:00.001Z", false)]
    #[case::set_back_a_moment("2026-01-05T08:59:59Z", true)]
    #[case::set_back_a_day("2026-01-04T09:00:00Z", true)]
    #[case::was_2037("2016-01-05T09:00:00Z", true)]
    fn ring_that_did_not_come_is_noticed(#[case] now: &str, #[case] expected: bool) {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let mut watch =
            Watch { bell: Line::plain("0 */10 * * * *").expect("a line"), heard_at: at("2026-01-05T09:00:00Z") };
        assert_eq!(watch.has_missed(at(now)), expected);
        watch.hear(at(now));
        assert!(!watch.has_missed(at(now)), "heard is heard");
    }
}
