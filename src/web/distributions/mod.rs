//! Distributions (配布): which there are, one of them as its approver looks at it, and what is done with them.
//!
//! What is done may take minutes (900 recipients are proved one by one), so it is a work of its own that goes on when the browser has
//! left ([`Works`]); the page tells how far it is, and what came of it. Start reading at `acts.rs`.

mod acts;
mod list;
mod page;
mod rows;
mod words;
mod works;

use anyhow::Result;

pub(super) use self::acts::{approve, prepare, send, settle, withdraw};
pub(super) use self::works::Works;
use super::answer::Answer;
use super::handing;
use super::route::Visit;
use crate::error::Failure;
use crate::service::publish::{prepared_file, seen_numbered};

/// All of them, or the one whose number is asked for.
pub(super) async fn show(visit: Visit) -> Result<Answer> {
    if visit.asked.query.get("number").is_empty() {
        return list::show(&visit, list::Typed::default(), None).await;
    }
    let number = number(visit.asked.query.get("number"))?;
    page::show(&visit, number, page::Typed::default(), None).await
}

/// A file of a distribution, for whoever looks it over.
pub(super) async fn file(visit: Visit) -> Result<Answer> {
    let query = &visit.asked.query;
    let number = number(query.get("number"))?;
    let (key, nth) = (query.get("paper").to_string(), query.get("file").parse().unwrap_or_default());
    let access = visit.access().clone();
    let asked = visit.asked.pages.ask(async move |workspace| {
        let of = seen_numbered(workspace, &access, number).await?;
        prepared_file(workspace, &of, (&key, nth))
    });
    let (file, bytes) = asked.await?;
    handing::file(&file.name, bytes)
}

/// A number that somebody has written; whatever is none is the number of no distribution.
fn number(text: &str) -> Result<u32, Failure> {
    text.parse().map_err(|_| Failure::usage("WEB-043", ""))
}
