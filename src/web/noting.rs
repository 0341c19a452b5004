//! Noting what leaves by a page (持ち出しの記録), before it leaves.

use anyhow::{Context, Result};
use tokio::task::spawn_blocking;

use super::route::Visit;
use crate::domain::signature::Signature;
use crate::service::keep::handed_out::{self, HandedDelivery, HandedFile, HandedOut};
use crate::service::keep::workspace::readers_of;

/// What is handed out beside its bytes.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Persons that it names, where that is known.
    pub(super) persons: Option<usize>,
    /// What was sent to a recipient, who takes it now.
    pub(super) delivery: Option<HandedDelivery>,
    /// Whether it is a piece of a file of which all pieces are noted as one.
    pub(super) is_piece: bool,
}

/// Notes what is about to leave (持ち出しの記録).
///
/// # Errors
/// [`Failure`](crate::error::Failure) when it cannot be noted: then nothing leaves.
pub(super) async fn note(visit: &Visit, name: &str, bytes: &[u8], noted: Noted) -> Result<()> {
    let account = &visit.entered.account;
    let file = HandedFile::of(name, bytes);
    let pages = &visit.asked.pages;
    let had = (account.login.clone(), file.sha256.clone(), noted.delivery.clone());
    let mut all = pages.handed.all().await;
    if noted.is_piece && all.contains(&had) {
        return Ok(());
    }
    let shown = &pages.shown;
    let entry = HandedOut {
        at: shown.clock.now(),
        who: Signature::of_account(&account.name, &account.login).signed(),
        what: visit.asked.path.to_string(),
        persons: noted.persons.and_then(|n| u64::try_from(n).ok()),
        files: vec![file],
        delivery: noted.delivery,
    };
    let (folder, readers) = (shown.folder.clone(), readers_of(&shown.config));
    spawn_blocking(move || handed_out::note(&folder, readers, entry)).await.context("noting what leaves")??;
    all.insert(had);
    Ok(())
}
