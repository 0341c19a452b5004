//! What ends a program that goes on until somebody stops it.

/// Ctrl-C, or the termination signal of a service manager.
pub(in crate::cli) async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler there is nothing to wait for but the end of the process.
    let _ = tokio::signal::ctrl_c().await;
}
