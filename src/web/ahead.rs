//! What the first answer under a head would have to read is read before somebody asks: after the start, and after each import.
//!
//! In a store of the country that takes seconds; an answer after it takes milliseconds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::NaiveDate;

use super::pages::Pages;
use crate::domain::association::Tier;
use crate::error::Failure;
use crate::service::asked::{AskedText, Extent, Viewer, ask};
use crate::service::keep::Workspace;
use crate::service::known::kept_vintages::{KEPT, KeptVintages};

/// How often the store is looked at, and how long after the start it is for the first time.
const PAUSE: Duration = Duration::from_secs(5);

/// Exports whose days are read ahead, from the newest: those of thirteen months, and the one that the first day of a month a year ago
/// is compared with.
const EXPORTS: usize = 14;

/// Reads ahead until it is dropped.
pub(super) async fn read_ahead(pages: Arc<Pages>) {
    let mut read: Option<(String, Instant)> = None;
    loop {
        tokio::time::sleep(PAUSE).await;
        let known = read.clone().filter(|(_, since)| since.elapsed() < KEPT).map(|(head, _)| head);
        let began = Instant::now();
        match read_what_is_new(&pages, known).await {
            Ok(None) => {}
            Ok(Some(head)) => {
                tracing::debug!(
                    milliseconds = began.elapsed().as_millis(),
                    "what is asked of the newest exports was read ahead"
                );
                read = Some((head, began));
            }
            // Whoever asks is told; until there is a store there is nothing to read.
            Err(error) => tracing::debug!(code = Failure::of(&error).code, "nothing was read ahead"),
        }
    }
}

/// Asks what most people ask, unless the store has the known head. The head that it was asked under.
async fn read_what_is_new(pages: &Pages, known: Option<String>) -> Result<Option<String>> {
    let kept = Arc::clone(&pages.kept);
    let newest = pages.ask(async move |workspace| {
        let head = workspace.head().await?;
        if known.as_ref() == Some(&head) {
            return Ok(None);
        }
        kept.vintage(workspace, None).await?.take_at_hand(workspace).await?;
        for tier in Tier::ALL {
            answered((workspace, &kept), tier, None).await?;
        }
        Ok(Some((head, kept.vintage(workspace, None).await?.export_days())))
    });
    let Some((head, exports)) = newest.await? else { return Ok(None) };
    // What MAMIS said on an earlier day is told beside the number of that day. Others have their turn in between.
    for day in exports.into_iter().rev().take(EXPORTS) {
        let kept = Arc::clone(&pages.kept);
        pages.ask(async move |workspace| answered((workspace, &kept), Tier::Local, Some(day)).await).await?;
    }
    Ok(Some(head))
}

async fn answered(asked: (&Workspace, &KeptVintages), tier: Tier, on: Option<NaiveDate>) -> Result<()> {
    let on = on.map_or(String::new(), |day| day.to_string());
    let text = AskedText::of_pairs([("tier".to_string(), tier.code().to_string()), ("on".to_string(), on)]);
    ask(asked, &text, &Viewer::of_everything(), Extent::Page).await.map(|_| ())
}
