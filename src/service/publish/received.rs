//! What was sent, for those to whom it was sent (届いた資料), and the files of a distribution for whoever looks it over.
//!
//! A paper is asked for by a key that is made of what was approved: none leads to that of another, and who may have it is asked each time.

use anyhow::Result;
use chrono::{Days, NaiveDate};

use super::approve::refuse_unchained;
use super::letter::{LETTER, letter};
use super::manifest::{Addressed, AddressedPaper, DistributionManifest};
use crate::clock::tokyo_day;
use crate::domain::access::{Access, AccessArea};
use crate::domain::association::{Associations, BodySet, Tier};
use crate::domain::distribution::{Delivery, DeliveryState, Distribution, Stage};
use crate::error::{Failure, FailureKind};
use crate::files::sha256_hex;
use crate::input;
use crate::service::keep::Workspace;
use crate::service::keep::handed_out::HandedDelivery;
use crate::service::keep::proved_file::proved_bytes;

/// Letters of a key.
const KEY_LETTERS: usize = 40;

/// A paper that was sent to a body.
#[derive(Debug, Clone)]
pub struct ReceivedPaper {
    /// By what it is asked for.
    pub key: String,
    /// 基準日.
    pub as_of: NaiveDate,
    /// Code and name of the body.
    pub recipient: (String, String),
    /// The paper with its files.
    pub paper: AddressedPaper,
    /// Day on which it was there.
    pub sent_on: NaiveDate,
    /// Last day on which it can be downloaded.
    pub until: NaiveDate,
    /// Whether nothing newer of its report and day was sent to the body.
    pub is_newest: bool,
    /// Whether its distribution was withdrawn afterwards: its files are not handed out any more.
    pub is_withdrawn: bool,
}

/// The papers that were sent to the bodies of an account's own area within the days of `[web] download_days`: the newest day
/// first, by body in official order, the newest edition first.
///
/// # Errors
/// When the store cannot be read.
pub async fn received(workspace: &Workspace, access: &Access) -> Result<Vec<ReceivedPaper>> {
    Ok(all_of(workspace, access).await?.into_iter().map(|(paper, _)| paper).collect())
}

/// What is wanted of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedPart {
    /// The letter that lies beside it (送付状).
    Letter,
    /// One of its files, by its place from 1.
    File(usize),
}

impl AskedPart {
    /// As an address says it; what is neither is a file that no paper has.
    pub fn of_text(text: &str) -> Self {
        if text == Self::LETTER { Self::Letter } else { Self::File(text.parse().unwrap_or_default()) }
    }

    /// The word of an address for the letter.
    pub const LETTER: &str = "letter";
}

/// What is wanted of a paper that was sent to a body of an account's own area, by the key of the paper: its name, its bytes as they
/// were approved, and which delivery the account takes with it: of what was sent to the recipient whose account it is, and not to one
/// that it only looks after.
///
/// # Errors
/// [`Failure`] WEB-040 where there is none, or it was sent to somebody else, too long ago, or was withdrawn; WEB-041 where it is not
/// as it was approved, WEB-042 where it is too large; PUB-040 where the chain does not know the distribution so.
pub async fn received_file(
    workspace: &Workspace,
    access: &Access,
    (key, part): (&str, AskedPart),
) -> Result<((String, Vec<u8>), Option<HandedDelivery>)> {
    let found = all_of(workspace, access).await?.into_iter().find(|(one, _)| one.key == key && !one.is_withdrawn);
    let (paper, of) = found.ok_or_else(|| Failure::usage("WEB-040", ""))?;
    refuse_unchained(workspace, &of).await?;
    let file = prepared_file(workspace, &of, (key, part))?;
    let associations = workspace.store.associations().await?;
    // The letter tells of the papers; they are not taken with it.
    let is_taken = part != AskedPart::Letter && is_of(access, &associations, &paper.recipient.0);
    let delivery = is_taken.then(|| HandedDelivery {
        distribution: of.number,
        recipient: paper.recipient.0,
        report: paper.paper.report,
        manifest_sha256: of.manifest_sha256.clone(),
    });
    Ok((file, delivery))
}

/// Whether an account is that of a recipient: of that body, or for a prefectural one of its prefecture.
fn is_of(access: &Access, associations: &Associations, recipient: &str) -> bool {
    let tier = |code: &str| associations.by_code(code).map(|body| body.tier);
    match access.area() {
        AccessArea::Everywhere => false,
        AccessArea::Prefecture(code) => {
            let body = associations.by_code(recipient);
            body.is_some_and(|body| body.tier == Tier::Prefectural && body.prefecture == *code)
        }
        // A local body has none below it but those whose place it took.
        AccessArea::Association(code) => code == recipient || tier(code) == Some(Tier::Local),
    }
}

async fn all_of(workspace: &Workspace, access: &Access) -> Result<Vec<(ReceivedPaper, Distribution)>> {
    let associations = workspace.store.associations().await?;
    let today = tokyo_day(workspace.clock.now());
    // What was lent to an account was sent to others.
    let own = access.own().numbers_of(&associations, today);
    let days = Days::new(workspace.config.web.download_days.into());
    let mut sent = workspace.store.deliveries().await?;
    sent.retain(|one| {
        let is_open = last_day(one, days).is_some_and(|last| today <= last);
        one.state == DeliveryState::Sent && is_open && has(&own, &associations, &one.recipient)
    });
    let mut out = Vec::new();
    for of in workspace.store.distributions().await?.into_iter().filter(|of| of.approved_at.is_some()) {
        let rows: Vec<&Delivery> = sent.iter().filter(|one| one.distribution == of.number).collect();
        if rows.is_empty() {
            continue;
        }
        // One whose file is not what was approved hands out nothing.
        let Ok(manifest) = DistributionManifest::read(workspace, &of) else { continue };
        out.extend(rows.into_iter().filter_map(|row| Some((sent_paper(&of, &manifest, (row, days))?, of.clone()))));
    }
    let place = |code: &str| associations.by_code(code).and_then(|body| associations.rank(body.id));
    out.sort_by_key(|(one, of)| {
        let newest = std::cmp::Reverse((one.as_of, of.number));
        (std::cmp::Reverse(one.as_of), place(&one.recipient.0), one.paper.report.clone(), newest)
    });
    mark_newest(&mut out);
    Ok(out)
}

fn has(bodies: &BodySet, associations: &Associations, code: &str) -> bool {
    associations.by_code(code).and_then(|body| associations.rank(body.id)).is_some_and(|rank| bodies.has(rank))
}

/// Last day on which what was sent can be downloaded.
fn last_day(sent: &Delivery, days: Days) -> Option<NaiveDate> {
    tokyo_day(sent.changed_at).checked_add_days(days)
}

fn sent_paper(
    of: &Distribution,
    manifest: &DistributionManifest,
    (row, days): (&Delivery, Days),
) -> Option<ReceivedPaper> {
    let to = manifest.recipients.iter().find(|to| to.code == row.recipient)?;
    let paper = to.papers.iter().find(|paper| paper.report == row.report)?;
    Some(ReceivedPaper {
        key: paper_key(of, to, paper),
        as_of: of.as_of,
        recipient: (to.code.clone(), to.name.clone()),
        paper: paper.clone(),
        sent_on: tokyo_day(row.changed_at),
        until: last_day(row, days)?,
        is_newest: false,
        is_withdrawn: of.stage() == Stage::Voided,
    })
}

/// Of each day, body and report the first that stands is the newest; they are sorted so.
fn mark_newest(all: &mut [(ReceivedPaper, Distribution)]) {
    let mut before: Option<(NaiveDate, String, String)> = None;
    for (one, _) in all.iter_mut().filter(|(one, _)| !one.is_withdrawn) {
        let of = (one.as_of, one.recipient.0.clone(), one.paper.report.clone());
        one.is_newest = before.as_ref() != Some(&of);
        before = Some(of);
    }
}

/// By what a paper of a distribution is asked for.
pub fn paper_key(of: &Distribution, to: &Addressed, paper: &AddressedPaper) -> String {
    let known = format!("{}\n{}\n{}", of.manifest_sha256, to.code, paper.report);
    sha256_hex(known.as_bytes())[..KEY_LETTERS].to_string()
}

/// What is wanted of a paper of a distribution, whatever has become of it, for whoever looks it over, by the key of the paper.
///
/// # Errors
/// [`Failure`] WEB-040 where there is none; PUB-005 where what goes to whom is not as it was made; else as [`received_file`].
pub fn prepared_file(
    workspace: &Workspace,
    of: &Distribution,
    (key, part): (&str, AskedPart),
) -> Result<(String, Vec<u8>)> {
    let manifest = DistributionManifest::read(workspace, of)?;
    let mut all = manifest.recipients.iter().flat_map(|to| to.papers.iter().map(move |paper| (to, paper)));
    let found = all.find(|(to, paper)| paper_key(of, to, paper) == key);
    let (to, paper) = found.ok_or_else(|| Failure::usage("WEB-040", ""))?;
    let nth = match part {
        AskedPart::Letter => return Ok((LETTER.to_string(), proved_letter(workspace, &manifest, to)?)),
        AskedPart::File(nth) => nth,
    };
    let file = nth.checked_sub(1).and_then(|place| paper.files.get(place));
    let file = file.ok_or_else(|| Failure::usage("WEB-040", ""))?;
    let path = workspace.folder().join(&paper.folder).join(&file.source);
    Ok((file.name.clone(), proved_bytes(&path, file.size_bytes, &file.sha256)?))
}

/// The letter to a recipient as it was approved: made once more, else, where this program makes another one, as it was delivered.
fn proved_letter(workspace: &Workspace, manifest: &DistributionManifest, to: &Addressed) -> Result<Vec<u8>> {
    let is_approved = |bytes: &Vec<u8>| sha256_hex(bytes) == to.letter_sha256;
    let made = letter(manifest, to, workspace.gaiji()?)?;
    if is_approved(&made) {
        return Ok(made);
    }
    let delivered = manifest.delivered(workspace).join(&to.place).join(LETTER);
    let delivered = input::read_whole(&delivered).ok().filter(is_approved);
    Ok(delivered.ok_or_else(|| Failure::new(FailureKind::Data, "WEB-041", ""))?)
}
