//! The bell: tokio-cron-scheduler wakes us, the ledger says what to do.
//!
//! The library runs jobs several times at once, forgets missed times and does not wait when it is shut down; none
//! of that matters here, since its only job is to put a note into a channel of one place.

use anyhow::{Context, Result};
use tokio::sync::mpsc;
use tokio_cron_scheduler::{Job, JobScheduler};

use super::{TickReport, faults, tick};
use crate::clock::tokyo;
use crate::config::ConfigError;
use crate::domain::fault::PlacedFault;
use crate::service::Workspace;

/// Runs until `stop` comes true: one tick at the start, which catches up, then one at each ring. A tick under way
/// is finished first.
///
/// # Errors
/// [`ConfigError`] when a schedule of the settings is wrong; when the bell cannot be set up. A tick that cannot run is told to `heard` and tried again at the next ring.
pub async fn serve(
    workspace: &Workspace,
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
    tokio::pin!(stop);
    loop {
        let result = locked_tick(workspace).await;
        heard(&result);
        tokio::select! {
            () = &mut stop => break,
            ring = rings.recv() => if ring.is_none() { break },
        }
    }
    Ok(())
}

/// The lock is held for a tick only, so that people can import in between.
async fn locked_tick(workspace: &Workspace) -> Result<TickReport> {
    let lock = workspace.lock_for_writing().await?;
    tick(workspace, &lock).await
}
