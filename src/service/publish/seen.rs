//! Distributions as accounts see them: those of which all recipients are bodies that the account sees.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use super::overview::{Overview, numbered, overview, overviews};
use crate::clock::tokyo_day;
use crate::domain::access::Access;
use crate::domain::association::{Associations, BodySet, Tier};
use crate::domain::distribution::{DeliveryState, Distribution};
use crate::error::Failure;
use crate::service::keep::Workspace;

/// Bodies that somebody sees.
struct Seen {
    associations: Associations,
    bodies: BodySet,
}

impl Seen {
    async fn of(workspace: &Workspace, access: &Access) -> Result<Self> {
        let associations = workspace.store.associations().await?;
        let bodies = access.numbers_of(&associations, tokyo_day(workspace.clock.now()));
        Ok(Self { associations, bodies })
    }

    fn has(&self, code: &str) -> bool {
        let body = self.associations.by_code(code);
        body.and_then(|body| self.associations.rank(body.id)).is_some_and(|rank| self.bodies.has(rank))
    }
}

/// Recipients of all distributions by number, those of mails alone among them.
async fn recipients(workspace: &Workspace) -> Result<BTreeMap<u32, BTreeSet<String>>> {
    let mut out: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for one in workspace.store.deliveries().await? {
        out.entry(one.distribution).or_default().insert(one.recipient);
    }
    for one in workspace.store.mails().await? {
        out.entry(one.distribution).or_default().insert(one.recipient);
    }
    Ok(out)
}

/// All distributions that an account sees with how many deliveries of each state they have, the newest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn seen_overviews(
    workspace: &Workspace,
    access: &Access,
) -> Result<Vec<(Distribution, BTreeMap<DeliveryState, usize>)>> {
    let (seen, recipients) = (Seen::of(workspace, access).await?, recipients(workspace).await?);
    let is_seen =
        |of: &Distribution| recipients.get(&of.number).is_some_and(|codes| codes.iter().all(|code| seen.has(code)));
    Ok(overviews(workspace).await?.into_iter().filter(|(of, _)| is_seen(of)).collect())
}

/// A distribution, if an account sees it.
///
/// # Errors
/// [`Failure`] WEB-043 where there is none of that number, or the account does not see it; when the store cannot be read.
pub async fn seen_numbered(workspace: &Workspace, access: &Access, number: u32) -> Result<Distribution> {
    let unseen = || Failure::usage("WEB-043", "");
    let (seen, recipients) = (Seen::of(workspace, access).await?, recipients(workspace).await?);
    let is_seen = recipients.get(&number).is_some_and(|codes| codes.iter().all(|code| seen.has(code)));
    if !is_seen {
        return Err(unseen().into());
    }
    numbered(workspace, number).await
}

/// As its approver sees it, if the account sees it: those whom the distribution before had, too, for it tells of them.
///
/// # Errors
/// As [`seen_numbered`] and [`overview`].
pub async fn seen_overview(workspace: &Workspace, access: &Access, number: u32) -> Result<Overview> {
    seen_numbered(workspace, access, number).await?;
    let found = overview(workspace, Some(number)).await?;
    let seen = Seen::of(workspace, access).await?;
    let of_now = found.manifest.iter().flat_map(|manifest| manifest.recipients.iter().map(|to| &to.code));
    let of_then = found.difference.iter().flat_map(|one| one.missing.iter().map(|(code, _)| code));
    if of_now.chain(of_then).all(|code| seen.has(code)) {
        return Ok(found);
    }
    Err(Failure::usage("WEB-043", "").into())
}

/// Refuses an account that does not see all bodies below the national one: any of them may be a recipient.
///
/// # Errors
/// [`Failure`] WEB-045; when the store cannot be read.
pub async fn refuse_partial(workspace: &Workspace, access: &Access) -> Result<()> {
    let seen = Seen::of(workspace, access).await?;
    let mut below = seen.associations.iter().filter(|body| body.tier != Tier::National);
    match below.all(|body| seen.has(&body.code)) {
        true => Ok(()),
        false => Err(Failure::usage("WEB-045", "").into()),
    }
}
