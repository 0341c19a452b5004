//! What a machine that watches over `kaiin serve` may ask: whether it is well (`/healthz`), and its figures (`/metrics`).
//!
//! Answered beside the bell and without the right to write. Each asking reads the ledger anew ([`crate::service::vitals`]): the
//! ledger is the truth, and a store that is gone is noticed although the program still has it open.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;

use super::exposition::{CONTENT_TYPE, text};
use super::line::Line;
use super::tick_report::TickReport;
use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::domain::fault::PlacedFault;
use crate::error::{Failure, FailureKind};
use crate::messages::{Lang, message};
use crate::service::keep::Workspace;
use crate::service::vitals::{self, Vitals};

/// How long whoever asks waits for an answer of the store.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long answers that are being given may take once the program stops.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// Rings within which one must be done.
const RINGS: usize = 2;

/// Answers while the bell rings.
#[derive(Debug)]
pub struct Monitor {
    address: SocketAddr,
    watched: Arc<Watched>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

/// What is watched over.
#[derive(Debug)]
struct Watched {
    folder: PathBuf,
    config: Config,
    clock: Clock,
    bell: Line,
    /// When a ring was last done; at first, when the program was started.
    done_at: Mutex<DateTime<Utc>>,
    /// One reads the store at a time: who asks often must not keep it from its work.
    turn: Semaphore,
}

impl Monitor {
    /// Begins to answer where the settings say so; `None` where they do not.
    ///
    /// # Errors
    /// [`Failure`] ENV-060 where nobody can listen at the address; [`ConfigError`] where the bell is no schedule.
    pub async fn start(workspace: &Workspace) -> Result<Option<Self>> {
        let Some(address) = workspace.config.serve.metrics else { return Ok(None) };
        let placed = |fault| PlacedFault { file: "kaiin.toml".into(), line: None, key: "jobs.bell".into(), fault };
        let bell = Line::plain(&workspace.config.jobs.bell).map_err(|fault| ConfigError::of(placed(fault)))?;
        let refused =
            |why: std::io::Error| Failure::new(FailureKind::Environment, "ENV-060", format!("{address}: {why}"));
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let watched = Arc::new(Watched {
            folder: workspace.folder().to_path_buf(),
            config: workspace.config.clone(),
            clock: workspace.clock,
            bell,
            done_at: Mutex::new(workspace.clock.now()),
            turn: Semaphore::new(1),
        });
        let routes = Router::new().route("/healthz", get(healthz)).route("/metrics", get(metrics));
        let (stop, stopped) = oneshot::channel::<()>();
        let answering = axum::serve(listener, routes.with_state(Arc::clone(&watched)));
        let answering = answering.with_graceful_shutdown(async {
            // Were the other end gone, stopping is right as well.
            let _ = stopped.await;
        });
        let server = tokio::spawn(async move {
            if let Err(error) = answering.await {
                tracing::warn!(%error, "nobody answers at the address of the metrics any more");
            }
        });
        Ok(Some(Self { address, watched, stop, server }))
    }

    /// Where answers are given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Hears that a ring has ended. One that could not be done is none.
    pub fn hear(&self, result: &Result<TickReport>) {
        if result.is_ok() {
            *self.watched.done_at.lock().unwrap_or_else(PoisonError::into_inner) = self.watched.clock.now();
        }
    }

    /// Ends answering; what is being answered is finished.
    pub async fn stop(self) {
        // A server that has ended already hears nothing.
        let _ = self.stop.send(());
        let abort = self.server.abort_handle();
        if tokio::time::timeout(LAST_ANSWERS, self.server).await.is_err() {
            abort.abort();
        }
    }
}

impl Watched {
    fn done_at(&self) -> DateTime<Utc> {
        *self.done_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn look(&self) -> Result<Vitals, Failure> {
        let looked = tokio::time::timeout(PATIENCE, async {
            // It is never closed.
            let _turn = self.turn.acquire().await;
            vitals::look(&self.folder, self.config.clone(), self.clock).await
        });
        match looked.await {
            Ok(Ok(vitals)) => Ok(vitals),
            Ok(Err(error)) => Err(Failure::of(&error)),
            Err(_) => Err(Failure::new(FailureKind::Environment, "ENV-062", "")),
        }
    }
}

/// Whether so many rings have passed since one was done that something must be wrong.
fn is_late(bell: &Line, done_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    let mut due = done_at;
    for _ in 0..RINGS {
        // A bell that never rings again is not late.
        let Ok(next) = bell.next_after(due) else { return false };
        due = next;
    }
    due < now
}

/// 200 while rings are done and the store answers, else 503 with the reason on one line.
async fn healthz(State(watched): State<Arc<Watched>>) -> Response {
    let done_at = watched.done_at();
    if is_late(&watched.bell, done_at, watched.clock.now()) {
        let at = done_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        return unwell(&Failure::new(FailureKind::Environment, "ENV-061", at));
    }
    match watched.look().await {
        Ok(_) => "ok\n".into_response(),
        Err(failure) => unwell(&failure),
    }
}

/// Machines read English; where something lies is left to the log of the server.
fn unwell(failure: &Failure) -> Response {
    tracing::debug!(code = failure.code, detail = failure.detail, "not well");
    let detail = if failure.code == "ENV-061" { failure.detail.as_str() } else { "…" };
    let said = message(failure.code, Lang::En, detail).text;
    let line: String = said.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    (StatusCode::SERVICE_UNAVAILABLE, format!("{} {line}\n", failure.code)).into_response()
}

/// The figures. A store that does not answer is one of them.
async fn metrics(State(watched): State<Arc<Watched>>) -> Response {
    let vitals = watched.look().await;
    if let Err(failure) = &vitals {
        tracing::debug!(code = failure.code, detail = failure.detail, "the store does not answer");
    }
    let age = (watched.clock.now() - watched.done_at()).num_seconds().max(0);
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], text(age, vitals.as_ref().ok())).into_response()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Last done at 09:00:30; the bell rings every ten minutes.
    #[rstest]
    #[case::at_once("2026-01-05T09:00:30Z", false)]
    #[case::one_ring_is_under_way("2026-01-05T09:19:59Z", false)]
    #[case::second_ring("2026-01-05T09:20:00Z", false)]
    #[case::second_ring_is_over("2026-01-05T09:20:01Z", true)]
    #[case::next_year("2027-01-05T09:00:00Z", true)]
    #[case::clock_set_back("2025-01-05T09:00:00Z", false)]
    fn two_rings_may_pass(#[case] now: &str, #[case] expected: bool) {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let bell = Line::plain("0 */10 * * * *").expect("a line");
        assert_eq!(is_late(&bell, at("2026-01-05T09:00:30Z"), at(now)), expected);
    }
}
