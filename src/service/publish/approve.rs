//! 承認: another person lets exactly what was made leave. Any change since voids it.

use std::path::PathBuf;

use anyhow::Result;

use super::letter::letter;
use super::mail_text::RecipientMail;
use super::manifest::{Addressed, DistributionManifest, MailWords};
use super::overview::numbered;
use super::proof::Scope;
use super::recipients::{Recipient, recipients};
use super::words::{named, stated};
use crate::crash::{self, CrashPoint};
use crate::domain::as_of::AsOf;
use crate::domain::association::Associations;
use crate::domain::distribution::{Distribution, Stage};
use crate::domain::signature::Signature;
use crate::error::{Failure, FailureKind};
use crate::files::sha256_hex;
use crate::service::keep::Workspace;

/// Approves a distribution: every file was opened again and holds its recipient's figures only, and nothing has changed since
/// it was made. Whoever has looked at one names it by the hash of its manifest, so that no other one of that number is approved.
///
/// # Errors
/// [`Failure`] PUB-001 without a name, PUB-002 for a number that there is not, PUB-014 where it does not wait for approval, PUB-015
/// when the approver may be who made it, PUB-042 where it is not the one that was looked at; PUB-040 where the chain does not know
/// it so; PUB-005 to PUB-009 with what has changed or cannot be proved, after which it is withdrawn.
pub async fn approve(
    workspace: &Workspace,
    (number, looked_at): (u32, Option<&str>),
    approver: &Signature,
    done: impl Fn(),
) -> Result<Distribution> {
    let signed = named(&approver.signed())?;
    let of = numbered(workspace, number).await?;
    if of.stage() != Stage::Prepared {
        return Err(Failure::usage("PUB-014", number.to_string()).into());
    }
    if approver.may_be(&Signature::of_words(&of.maker)) {
        return Err(Failure::usage("PUB-015", signed).into());
    }
    if looked_at.is_some_and(|sha256| sha256 != of.manifest_sha256) {
        return Err(Failure::usage("PUB-042", number.to_string()).into());
    }
    refuse_unchained(workspace, &of).await?;
    let associations = workspace.store.associations().await?;
    let manifest = check_or_void(workspace, &of, &associations).await?;
    let proved = manifest.recipients.iter().try_for_each(|to| {
        done();
        prove(workspace, &manifest, &associations, &to.code)
    });
    or_void(workspace, number, proved).await?;
    crash::reach(CrashPoint::DistributionProved);
    if !workspace.store.approve_distribution(number, &signed, workspace.clock.now()).await? {
        return Err(Failure::usage("PUB-014", number.to_string()).into());
    }
    crash::reach(CrashPoint::DistributionApproved);
    numbered(workspace, number).await
}

/// Withdraws a distribution: nothing of it leaves any more. What has left stays where it is.
///
/// # Errors
/// [`Failure`] PUB-016 without a reason, PUB-002 for a number that there is not, PUB-017 where it was withdrawn already.
pub async fn withdraw(workspace: &Workspace, number: u32, reason: &str) -> Result<Distribution> {
    let reason = stated(reason)?;
    numbered(workspace, number).await?;
    if !workspace.store.void_distribution(number, &reason, workspace.clock.now()).await? {
        return Err(Failure::usage("PUB-017", number.to_string()).into());
    }
    numbered(workspace, number).await
}

/// The manifest of a distribution, if everything is still as it was made: recipients, words, letters and files.
///
/// # Errors
/// [`Failure`] PUB-005 to PUB-007 with what is not, after which the distribution is withdrawn.
pub(super) async fn check_or_void(
    workspace: &Workspace,
    of: &Distribution,
    associations: &Associations,
) -> Result<DistributionManifest> {
    let checked = check(workspace, of, associations);
    or_void(workspace, of.number, checked).await
}

/// Refuses a distribution whose row is not what the chain says was made and approved: somebody has written into the ledger.
pub(super) async fn refuse_unchained(workspace: &Workspace, of: &Distribution) -> Result<()> {
    if workspace.store.is_as_chained(of).await? {
        return Ok(());
    }
    Err(Failure::new(FailureKind::Data, "PUB-040", of.number.to_string()).into())
}

/// Withdraws a distribution of which something has changed; what cannot be read at all changes nothing.
async fn or_void<T>(workspace: &Workspace, number: u32, checked: Result<T>) -> Result<T> {
    if let Err(error) = &checked {
        let failure = Failure::of(error);
        if failure.kind == FailureKind::Data {
            workspace.store.void_distribution(number, failure.code, workspace.clock.now()).await?;
        }
    }
    checked
}

fn check(workspace: &Workspace, of: &Distribution, associations: &Associations) -> Result<DistributionManifest> {
    let manifest = DistributionManifest::read(workspace, of)?;
    let settings = &workspace.config.distribution;
    let changed = |what: String| Failure::new(FailureKind::Data, "PUB-007", what);
    if manifest.letter != settings.letter || manifest.contact != settings.contact {
        return Err(changed("kaiin.toml: letter, contact".into()).into());
    }
    if manifest.mail != workspace.config.mail.as_ref().map(MailWords::of) {
        return Err(changed("kaiin.toml: [mail]".into()).into());
    }
    let folder: Option<PathBuf> = manifest.folder.parent().map(PathBuf::from);
    if folder.as_ref() != Some(&settings.folder) {
        return Err(changed("kaiin.toml: folder".into()).into());
    }
    let file = settings.recipients.as_ref().map(|file| workspace.folder().join(file));
    let day = manifest.issued_on.parse().unwrap_or(of.as_of);
    let now = recipients(associations, AsOf(of.as_of), (file.as_deref(), day), workspace.config.mail.as_ref())?;
    let gaiji = workspace.gaiji()?;
    for to in &manifest.recipients {
        let is_as_made = |one: &Recipient| one.name == to.name && one.to == to.to && has_addresses_of(one, to);
        if !now.iter().find(|one| one.code == to.code).is_some_and(is_as_made) {
            return Err(changed(format!("{} {}", to.code, to.name)).into());
        }
        if RecipientMail::of(&manifest, to)?.map_or_else(String::new, |mail| mail.sha256()) != to.mail_sha256 {
            return Err(changed(format!("{} {}: [mail]", to.code, to.name)).into());
        }
        if sha256_hex(&letter(&manifest, to, gaiji)?) != to.letter_sha256 {
            return Err(changed(format!("{} {}: {}", to.code, to.name, super::letter::LETTER)).into());
        }
        for paper in &to.papers {
            paper.files.iter().try_for_each(|file| paper.bytes_of(workspace.folder(), file).map(drop))?;
        }
    }
    Ok(manifest)
}

/// Whether mails go to whom they would go now. Of a recipient who lacks nothing but a mail, some may have had theirs.
fn has_addresses_of(now: &Recipient, to: &Addressed) -> bool {
    match to.delivered {
        Some(_) => to.addresses.iter().all(|address| now.addresses.contains(address)),
        None => to.addresses == now.addresses,
    }
}

/// Proves that the files of a recipient hold nothing of others.
///
/// # Errors
/// As [`Scope::prove`]; [`Failure`] PUB-007 for a body that the master does not have any more.
pub(super) fn prove(
    workspace: &Workspace,
    manifest: &DistributionManifest,
    associations: &Associations,
    code: &str,
) -> Result<()> {
    let gone = || Failure::new(FailureKind::Data, "PUB-007", code);
    let to = manifest.recipients.iter().find(|to| to.code == code).ok_or_else(gone)?;
    let as_of = manifest.as_of.parse().map_err(|_| gone())?;
    let scope = Scope::of(associations, code, AsOf(as_of)).ok_or_else(gone)?;
    scope.prove(workspace.folder(), to)
}
