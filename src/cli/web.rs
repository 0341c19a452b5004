//! `kaiin web`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use super::context::Context;
use super::stopping::stop_signal;
use crate::error::Failure;
use crate::messages::Lang;
use crate::web::{Shown, WebServer};

pub(super) async fn run(context: &Context, settings: PathBuf) -> Result<ExitCode> {
    let Some(server) = start(context, settings).await? else {
        return Err(Failure::usage("WEB-012", "").into());
    };
    if !context.json && context.lang == Lang::Ja {
        eprintln!("Ctrl-C で止まります");
    } else if !context.json {
        eprintln!("Ctrl-C stops it");
    }
    stop_signal().await;
    server.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Begins to show pages where the settings say so, and tells where.
pub(super) async fn start(context: &Context, settings: PathBuf) -> Result<Option<WebServer>> {
    let workspace = &context.workspace;
    let (folder, config, clock) = (workspace.folder().to_path_buf(), workspace.config.clone(), workspace.clock);
    let server = WebServer::start(Shown { folder, settings, config, clock }).await?;
    if let Some(server) = server.as_ref().filter(|_| !context.json) {
        let (word, address) = (if context.lang == Lang::Ja { "画面" } else { "pages" }, server.address());
        eprintln!("{word}: http://{address}/");
    }
    Ok(server)
}
