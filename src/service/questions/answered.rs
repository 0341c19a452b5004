//! Answers that may need no look at single stays: the timeline is opened, and compared with its hashes, when they do.

use anyhow::Result;
use chrono::NaiveDate;

use crate::service::keep::{TimelineUnsound, Workspace};
use crate::service::known::vintage::Vintage;

/// Asks what was known at a day, by default at the newest export. Where the timeline is needed and is not what was written, it
/// is made anew and everything is asked again.
///
/// # Errors
/// As [`Vintage::open`], and whatever `ask` meets.
pub async fn answered<T>(
    workspace: &Workspace,
    known_at: Option<NaiveDate>,
    ask: impl Fn(&Vintage) -> Result<T>,
) -> Result<(Vintage, T)> {
    let asked = |vintage: Vintage| ask(&vintage).map(|answer| (vintage, answer));
    match Vintage::open_to_sum(workspace, known_at).await.and_then(asked) {
        Err(error) if error.chain().any(<dyn std::error::Error>::is::<TimelineUnsound>) => {
            Vintage::open(workspace, known_at).await.and_then(asked)
        }
        other => other,
    }
}
