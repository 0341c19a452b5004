//! Listening: connections, how many at once, and for how long.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::extract::{ConnectInfo, Extension};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio_io_timeout::TimeoutStream;

use super::ahead::read_ahead;
use super::dispatch::router;
use super::pages::{Pages, Shown};
use super::table::ROUTES;
use crate::error::{Failure, FailureKind};
use crate::service::accounts::{Accounts, Hashing};
use crate::service::keep::handed_out;
use crate::service::keep::workspace::readers_of;

/// Connections at once; the others wait until one ends. A browser opens six.
const CONNECTIONS: usize = 256;

/// How long the head of a request may take to come, and a connection may be idle.
const HEAD: Duration = Duration::from_secs(15);

/// How long a client may read nothing of an answer that waits for it. Whoever reads slowly, but reads, is waited for.
const UNREAD: Duration = Duration::from_secs(60);

/// Bytes of a head: addresses hold whole questions.
const HEAD_BYTES: usize = 32 * 1024;

/// How long answers that are being given may take once the program stops.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// How long to wait after a connection could not be taken: most of the time because too many files are open.
const AFTER_A_FAULT: Duration = Duration::from_millis(200);

/// Shows pages until it is stopped.
#[derive(Debug)]
pub struct WebServer {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl WebServer {
    /// Begins to show pages where the settings say so; `None` where they do not.
    ///
    /// # Errors
    /// [`Failure`] WEB-011 where nobody can listen at the address; when the accounts cannot be opened.
    pub async fn start(shown: Shown) -> Result<Option<Self>> {
        let Some(address) = shown.config.web.address else { return Ok(None) };
        let refused =
            |why: std::io::Error| Failure::new(FailureKind::Environment, "WEB-011", format!("{address}: {why}"));
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let accounts = Accounts::open(&shown.folder, &shown.config, shown.clock, Hashing::usual()?).await?;
        // It belongs to whoever serves, who hands nothing out that cannot be noted.
        if let Err(failure) = handed_out::begin(&shown.folder, readers_of(&shown.config)) {
            tracing::warn!(
                code = failure.code,
                detail = failure.detail,
                "the record of what is handed out was not begun"
            );
        }
        let pages = Arc::new(Pages::new(shown, accounts));
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, pages, stopped));
        Ok(Some(Self { address, stop, server }))
    }

    /// Where pages are shown.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends; what is being answered is finished.
    pub async fn stop(self) {
        // A server that has ended already hears nothing.
        let _ = self.stop.send(());
        // It ends by itself within its own patience.
        let _ = self.server.await;
    }
}

async fn serve(listener: TcpListener, pages: Arc<Pages>, mut stopped: oneshot::Receiver<()>) {
    let router = router(&pages, &ROUTES);
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let (reading, graceful) = (reading(), GracefulShutdown::new());
    let ahead = tokio::spawn(read_ahead(pages));
    loop {
        let taken = async {
            let place = Arc::clone(&connections).acquire_owned().await;
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            taken = taken => taken,
            _ = &mut stopped => break,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(AFTER_A_FAULT).await;
            continue;
        };
        let service = TowerToHyperService::new(router.clone().layer(Extension(ConnectInfo(peer))));
        let stream = TokioIo::new(read_by_somebody(stream, UNREAD));
        let connection = graceful.watch(reading.serve_connection(stream, service));
        tokio::spawn(async move {
            // Whoever goes away in the middle tells nothing worth keeping.
            let _ = connection.await;
            drop(place);
        });
    }
    ahead.abort();
    drop(listener);
    if tokio::time::timeout(LAST_ANSWERS, graceful.shutdown()).await.is_err() {
        tracing::warn!("answers were still being given when the pages ended");
    }
}

/// A stream on which nothing waits longer than a while for the other end to read.
fn read_by_somebody<S: AsyncRead + AsyncWrite>(stream: S, patience: Duration) -> Pin<Box<TimeoutStream<S>>> {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    Box::pin(stream)
}

/// How requests are read.
fn reading() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES);
    builder
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    #[tokio::test]
    async fn who_reads_nothing_is_left_and_who_reads_slowly_is_not() {
        let patience = Duration::from_secs(4);
        let (here, mut there) = duplex(64);
        let mut here = read_by_somebody(here, patience);
        // All of it takes longer than that, each part does not.
        let slow = tokio::spawn(async move {
            let mut bytes = [0; 8];
            for _ in 0..32 {
                tokio::time::sleep(patience / 20).await;
                there.read_exact(&mut bytes).await.expect("it is being written");
            }
            there
        });
        here.write_all(&[1; 256]).await.expect("somebody reads");
        let _there = slow.await.expect("it has read");
        let refused = here.write_all(&[1; 256]).await.expect_err("nobody reads");
        assert_eq!(refused.kind(), std::io::ErrorKind::TimedOut);
    }
}
