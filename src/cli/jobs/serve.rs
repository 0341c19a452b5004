//! `kaiin serve`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;

use super::outcome::{tell, trouble_failure};
use super::unknown_reports::warn_of_reports;
use crate::cli::context::Context;
use crate::cli::stopping::stop_signal;
use crate::cli::{output, web};
use crate::jobs::{self, Monitor, TickReport};
use crate::messages::Lang;
use crate::service::intake::inbox::InboxNote;

pub(in crate::cli) async fn serve(context: &Context, settings: PathBuf) -> Result<ExitCode> {
    let (lang, json) = (context.lang, context.json);
    if !json {
        eprintln!(
            "{}",
            if lang == Lang::Ja {
                "kaiin は動いています。Ctrl-C で止まります"
            } else {
                "kaiin is running; Ctrl-C stops it"
            }
        );
    }
    warn_of_reports(context);
    let monitor = Monitor::start(&context.workspace).await?;
    if let Some(monitor) = monitor.as_ref().filter(|_| !json) {
        let (word, address) = (if lang == Lang::Ja { "監視" } else { "health and metrics" }, monitor.address());
        eprintln!("{word}: http://{address}/healthz http://{address}/metrics");
    }
    let pages = web::start(context, settings).await?;
    // Listening begins before the first tick, so that a signal during it is heard after it.
    let stop = tokio::spawn(stop_signal());
    let stop = async {
        // The listener ends by hearing the signal; were it to break, stopping is right as well.
        let _ = stop.await;
    };
    let notices = context.workspace.notices();
    let served = jobs::serve(&context.workspace, jobs::LOOKS_EVERY, stop, |result| {
        if let Some(monitor) = &monitor {
            monitor.hear(result);
        }
        match result {
            Ok(report) if is_news(report) => {
                tell(report, lang);
                if let Some(trouble) = &report.trouble {
                    eprintln!("{}", output::failure_text(&trouble_failure(trouble, lang), lang));
                }
            }
            Ok(_) => {}
            // A tick that could not run is told and tried again at the next ring.
            Err(error) => drop(output::failure(error, lang, json)),
        }
        output::notices(&notices, lang, json);
    })
    .await;
    if let Some(monitor) = monitor {
        monitor.stop().await;
    }
    if let Some(pages) = pages {
        pages.stop().await;
    }
    served.map(|()| ExitCode::SUCCESS)
}

/// Months that wait are told by `jobs list`, not at every ring; what lies in the inbox and needs a person is.
fn is_news(report: &TickReport) -> bool {
    if report.trouble.is_some() || report.notes.iter().any(InboxNote::is_news) {
        return true;
    }
    if report.others.iter().any(|one| one.is_new) {
        return true;
    }
    let periods = [report.made.len(), report.partial.len(), report.failed.len(), report.moved.len()];
    report.taken + report.refused.len() + report.dropped.len() + report.ahead.len() + periods.iter().sum::<usize>() > 0
}
