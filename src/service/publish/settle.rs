//! What a person says became of papers and mails of which the ledger cannot know.

use anyhow::Result;

use super::overview::numbered;
use super::words::{named, stated};
use crate::domain::distribution::{Delivery, DeliveryState};
use crate::domain::mail::Mail;
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::store::MailOutcome;

/// What a person has found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// It is there, or the recipient was told in another way.
    Arrived,
    /// It is not there, and leaves again with the next sending.
    NotArrived,
    /// The mail came back.
    Bounced,
}

/// Of what a person says something: the folder of a recipient, or a mail to it.
#[derive(Debug, Clone, Copy)]
pub struct Settled<'s> {
    /// Code of the recipient.
    pub recipient: &'s str,
    /// Address of the mail; `None` for the folder where it is uncertain, else for the only mail that can be meant.
    pub address: Option<&'s str>,
    /// What became of it.
    pub found: Found,
}

/// Says what became of the papers of a recipient of whom nobody could tell, or of a mail to it; they leave again only where a
/// person says that they did not arrive.
///
/// # Errors
/// [`Failure`] PUB-001 without a name, PUB-016 without a reason, PUB-002 for a number that there is not, PUB-021 where nothing of
/// that recipient can be meant, PUB-035 where several mails can.
pub async fn settle(
    workspace: &Workspace,
    number: u32,
    settled: Settled<'_>,
    (by, reason): (&str, &str),
) -> Result<()> {
    let detail = format!("{}: {}", named(by)?, stated(reason)?);
    numbered(workspace, number).await?;
    let Settled { recipient, address, found } = settled;
    let now = workspace.clock.now();
    if address.is_none() && found != Found::Bounced && is_folder_uncertain(workspace, number, recipient).await? {
        let state = if found == Found::Arrived { DeliveryState::Sent } else { DeliveryState::Failed };
        workspace.store.settle_delivery(number, recipient, (state, &detail), now).await?;
        return Ok(());
    }
    let mails = workspace.store.mails().await?;
    let of_recipient = |one: &&Mail| one.distribution == number && one.recipient == recipient;
    let is_meant = |one: &&Mail| address.is_none_or(|address| one.address == address) && can_be(one, found);
    let meant: Vec<&Mail> = mails.iter().filter(of_recipient).filter(is_meant).collect();
    let [mail] = meant.as_slice() else {
        let addresses: Vec<&str> = meant.iter().map(|one| one.address.as_str()).collect();
        return Err(match addresses.as_slice() {
            [] => Failure::usage("PUB-021", recipient).into(),
            several => Failure::usage("PUB-035", several.join("、")).into(),
        });
    };
    let (state, next_at) = match found {
        Found::Arrived => (DeliveryState::Sent, None),
        Found::NotArrived => (DeliveryState::Failed, Some(now)),
        Found::Bounced => (DeliveryState::Bounced, None),
    };
    workspace.store.settle_mail(mail, &MailOutcome { state, next_at, detail }, now).await?;
    Ok(())
}

async fn is_folder_uncertain(workspace: &Workspace, number: u32, recipient: &str) -> Result<bool> {
    let deliveries = workspace.store.deliveries().await?;
    let is_open = |one: &&Delivery| one.distribution == number && one.recipient == recipient;
    Ok(deliveries.iter().filter(is_open).any(|one| one.state == DeliveryState::Uncertain))
}

/// Whether a mail can have become what a person says of it. One whose leaving was begun and not recorded was uncertain when it
/// was looked at next, and is so here.
fn can_be(mail: &Mail, found: Found) -> bool {
    match (mail.state, found) {
        (DeliveryState::Prepared | DeliveryState::Approved, _) => false,
        (DeliveryState::Sent, found) => found == Found::Bounced,
        (DeliveryState::Bounced | DeliveryState::Failed, found) => found != Found::Bounced,
        (DeliveryState::Sending | DeliveryState::Uncertain, _) => true,
    }
}
