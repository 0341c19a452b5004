//! What an approver looks at, and who does not have its papers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::manifest::{Addressed, DistributionManifest};
use crate::domain::distribution::{Delivery, DeliveryState, Distribution};
use crate::domain::mail::Mail;
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::keep::handed_out::taken_of;
use crate::service::known::vintage::Vintage;

/// A number of members that changed by more than this, in percent, is shown to the approver.
const STRIKING_PERCENT: i64 = 10;

/// Papers that an approver opens.
const N_SAMPLES: usize = 3;

/// A distribution with what became of it.
#[derive(Debug)]
pub struct Overview {
    /// As the ledger has it.
    pub distribution: Distribution,
    /// What goes to whom; `None` where its file is not what it was.
    pub manifest: Option<DistributionManifest>,
    /// Its deliveries by recipient and report.
    pub deliveries: Vec<Delivery>,
    /// Whoever took a paper by a page first, and when, by recipient and report (受取り).
    pub fetched: BTreeMap<(String, String), Fetched>,
    /// Its mails by recipient and address.
    pub mails: Vec<Mail>,
    /// What is other than the last time; `None` where there was none.
    pub difference: Option<Difference>,
    /// Local memberships of the recipients on the as-of day, and on that of the last time.
    pub members: (i64, Option<i64>),
    /// Papers to open before approving: the first, the middle and the last.
    pub samples: Vec<Sample>,
}

impl Overview {
    /// All papers: those that a person must look after first, then in the order of the recipients.
    pub fn by_urgency(&self) -> Vec<&Delivery> {
        let recipients = self.manifest.iter().flat_map(|manifest| manifest.recipients.iter().enumerate());
        let places: BTreeMap<&str, usize> = recipients.map(|(place, to)| (to.code.as_str(), place)).collect();
        let place = |code: &str| places.get(code).copied().unwrap_or(usize::MAX);
        let mut out: Vec<&Delivery> = self.deliveries.iter().collect();
        out.sort_by_key(|one| (one.state.urgency(), place(&one.recipient), one.report.clone()));
        out
    }

    /// Papers that are not there, in the same order.
    pub fn lacking(&self) -> Vec<&Delivery> {
        self.by_urgency().into_iter().filter(|one| one.state != DeliveryState::Sent).collect()
    }
}

/// That a recipient took what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// When it did so for the first time.
    pub at: DateTime<Utc>,
    /// Its account.
    pub by: String,
}

/// What is other than in the distribution before.
#[derive(Debug)]
pub struct Difference {
    /// Number of the distribution before.
    pub number: u32,
    /// Recipients that it did not have, by code and name.
    pub new: Vec<(String, String)>,
    /// Recipients that only it had.
    pub missing: Vec<(String, String)>,
    /// Recipients to whom another name or addressee is written.
    pub readdressed: Vec<(String, String)>,
    /// Recipients whose members changed strikingly: code, name, members then and now.
    pub striking: Vec<(String, String, i64, i64)>,
}

/// A paper to look at.
#[derive(Debug)]
pub struct Sample {
    /// Code of the recipient.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its first file.
    pub file: PathBuf,
}

/// The distribution of a number.
///
/// # Errors
/// [`Failure`] PUB-002 when there is none, ENV-013 where there is no store.
pub async fn numbered(workspace: &Workspace, number: u32) -> Result<Distribution> {
    workspace.refuse_unmade()?;
    let found = workspace.store.distributions().await?.into_iter().find(|one| one.number == number);
    found.ok_or_else(|| Failure::usage("PUB-002", number.to_string()).into())
}

/// All distributions with how many deliveries of each state they have, the newest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn overviews(workspace: &Workspace) -> Result<Vec<(Distribution, BTreeMap<DeliveryState, usize>)>> {
    let deliveries = workspace.store.deliveries().await?;
    let mut all = workspace.store.distributions().await?;
    all.reverse();
    let counted = |one: Distribution| {
        let mut states = BTreeMap::new();
        for delivery in deliveries.iter().filter(|delivery| delivery.distribution == one.number) {
            *states.entry(delivery.state).or_default() += 1;
        }
        (one, states)
    };
    Ok(all.into_iter().map(counted).collect())
}

/// A distribution as its approver sees it; without a number the newest one.
///
/// # Errors
/// [`Failure`] PUB-002 when there is none of that number, PUB-041 when there is none at all, ENV-013 where there is no store; when
/// it cannot be read.
pub async fn overview(workspace: &Workspace, number: Option<u32>) -> Result<Overview> {
    workspace.refuse_unmade()?;
    let all = workspace.store.distributions().await?;
    let newest = all.last().map(|last| last.number);
    let number = number.or(newest).ok_or_else(|| Failure::usage("PUB-041", workspace.place()))?;
    let distribution = numbered(workspace, number).await?;
    let mut deliveries = workspace.store.deliveries().await?;
    deliveries.retain(|one| one.distribution == distribution.number);
    let mut mails = workspace.store.mails().await?;
    mails.retain(|one| one.distribution == distribution.number);
    let manifest = DistributionManifest::read(workspace, &distribution).ok();
    let is_before = |one: &&Distribution| {
        one.as_of < distribution.as_of && one.reports == distribution.reports && one.approved_at.is_some()
    };
    let before = all.iter().rev().find(is_before);
    let mut out = Overview {
        distribution: distribution.clone(),
        manifest: None,
        deliveries,
        fetched: fetched(workspace, &distribution),
        mails,
        difference: None,
        members: (0, None),
        samples: Vec::new(),
    };
    let Some(manifest) = manifest else { return Ok(out) };
    let members = members(workspace, &distribution, &manifest).await?;
    out.members.0 = manifest.recipients.iter().filter_map(|to| members.get(&to.code)).sum();
    if let Some(before) = before
        && let Ok(earlier) = DistributionManifest::read(workspace, before)
    {
        let then = self::members(workspace, before, &earlier).await?;
        out.members.1 = Some(earlier.recipients.iter().filter_map(|to| then.get(&to.code)).sum());
        out.difference = Some(difference(before.number, (&earlier, &then), (&manifest, &members)));
    }
    out.samples = samples(workspace, &manifest);
    out.manifest = Some(manifest);
    Ok(out)
}

/// Which recipients took papers of a distribution by a page, when and by whom first. A record that cannot be read tells of none, which
/// is told.
fn fetched(workspace: &Workspace, of: &Distribution) -> BTreeMap<(String, String), Fetched> {
    let taken = taken_of(workspace.folder(), of.number).unwrap_or_else(|failure| {
        workspace.notice(failure);
        Vec::new()
    });
    let mut out = BTreeMap::new();
    for one in taken {
        let Some(delivery) = one.delivery.filter(|told| told.manifest_sha256 == of.manifest_sha256) else { continue };
        out.entry((delivery.recipient, delivery.report)).or_insert(Fetched { at: one.at, by: one.who });
    }
    out
}

type Members = BTreeMap<String, i64>;

/// Local memberships by body on the as-of day of a distribution, as known at its known-at.
async fn members(workspace: &Workspace, of: &Distribution, manifest: &DistributionManifest) -> Result<Members> {
    let vintage = Vintage::open(workspace, Some(of.known_at)).await?;
    let counts = vintage.count_on(|_| true, of.as_of)?;
    let bodies = vintage.associations.iter().zip(&counts.cells);
    let is_of_it = |code: &str| manifest.recipients.iter().any(|to| to.code == code);
    let of_it = bodies.filter(|(body, _)| is_of_it(&body.code));
    Ok(of_it.map(|(body, row)| (body.code.clone(), row.iter().sum())).collect())
}

fn difference(
    number: u32,
    (before, then): (&DistributionManifest, &Members),
    (now, members): (&DistributionManifest, &Members),
) -> Difference {
    let is_readdressed = |to: &&Addressed| {
        recipient(before, &to.code).is_some_and(|earlier| earlier.to != to.to || earlier.name != to.name)
    };
    let striking = |to: &Addressed| {
        let (then, now) = (*then.get(&to.code)?, *members.get(&to.code)?);
        let is_striking = (now - then).abs() * 100 > then.max(1) * STRIKING_PERCENT;
        is_striking.then(|| (to.code.clone(), to.name.clone(), then, now))
    };
    Difference {
        number,
        new: lacking(now, before),
        missing: lacking(before, now),
        readdressed: now.recipients.iter().filter(is_readdressed).map(named).collect(),
        striking: now.recipients.iter().filter_map(striking).collect(),
    }
}

fn recipient<'m>(of: &'m DistributionManifest, code: &str) -> Option<&'m Addressed> {
    of.recipients.iter().find(|one| one.code == code)
}

fn named(to: &Addressed) -> (String, String) {
    (to.code.clone(), to.name.clone())
}

/// Recipients that another distribution does not have.
fn lacking(of: &DistributionManifest, other: &DistributionManifest) -> Vec<(String, String)> {
    of.recipients.iter().filter(|to| recipient(other, &to.code).is_none()).map(named).collect()
}

/// The first, the middle and the last recipient, with the first file of each.
fn samples(workspace: &Workspace, of: &DistributionManifest) -> Vec<Sample> {
    let n = of.recipients.len();
    let mut places: Vec<usize> = (0..N_SAMPLES).map(|nth| nth * n.saturating_sub(1) / (N_SAMPLES - 1)).collect();
    places.dedup();
    let sample = |place: usize| {
        let to = of.recipients.get(place)?;
        let paper = to.papers.first()?;
        let file = workspace.folder().join(&paper.folder).join(&paper.files.first()?.source);
        Some(Sample { code: to.code.clone(), name: to.name.clone(), file })
    };
    places.into_iter().filter_map(sample).collect()
}
