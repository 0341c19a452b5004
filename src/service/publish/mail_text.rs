//! The mail that tells a recipient of its papers: its words are a part of what is approved. It names no person.

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::manifest::{Addressed, DistributionManifest, MailWords};
use crate::domain::japanese_date::era_date;
use crate::domain::mail::MailAddress;
use crate::files::sha256_hex;

/// Letters of a hash that tell mails apart.
const ID_LETTERS: usize = 32;

/// A mail to a recipient, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientMail {
    /// Subject.
    pub subject: String,
    /// Everything below.
    pub text: String,
}

impl RecipientMail {
    /// The mail to a recipient: the same words whenever it is made of the same manifest. `None` where no mails leave.
    ///
    /// # Errors
    /// When the as-of day cannot be read, which is a defect.
    pub fn of(manifest: &DistributionManifest, to: &Addressed) -> Result<Option<Self>> {
        let Some(words) = &manifest.mail else { return Ok(None) };
        let as_of: NaiveDate = manifest.as_of.parse().context("the as-of day of a mail")?;
        let is_correction = to.papers.iter().any(|paper| paper.has_edition.is_some());
        let mark = if is_correction { "【訂正版】" } else { "" };
        let subject = format!("{mark}{}（{}現在）", words.subject, era_date(as_of));
        let mut parts = vec![format!("{}　御中", to.name)];
        parts.push(words.text.join("\n\n"));
        if is_correction {
            parts.push("先にお届けしたものは、この訂正版に差し替えてください。".into());
        }
        parts.push(what_lies_where(manifest, to, words));
        parts.push([std::slice::from_ref(&manifest.issuer), manifest.contact.as_slice()].concat().join("\n"));
        Ok(Some(Self { subject, text: parts.join("\n\n") + "\n" }))
    }

    /// Hash of everything that is read.
    pub(super) fn sha256(&self) -> String {
        sha256_hex(format!("{}\n{}", self.subject, self.text).as_bytes())
    }
}

/// Each paper with its files, and the folder in which they lie.
fn what_lies_where(manifest: &DistributionManifest, to: &Addressed, words: &MailWords) -> String {
    let mut lines = Vec::new();
    for paper in &to.papers {
        let edition = if paper.edition > 1 { format!("（第{}版）", paper.edition) } else { String::new() };
        lines.push(format!("■ {}{edition}", paper.title));
        lines.extend(paper.files.iter().map(|file| format!("　・{}", file.name)));
    }
    lines.push(String::new());
    let place = match &to.delivered {
        Some(place) => place.clone(),
        None => format!("{}/{}", manifest.own_folder(), to.place),
    };
    let shown = if words.place.is_empty() { place } else { format!("{}の {place}", words.place) };
    lines.push(format!("置き場所: {shown}"));
    if words.attach {
        lines.push("同じものを、このメールに添付しています。".into());
    }
    lines.join("\n")
}

/// By which a mail is known, whoever gets it and however often: the same for the same distribution, recipient and address, and
/// never that of another.
pub(super) fn message_id(manifest_sha256: &str, recipient: &str, (from, to): (&MailAddress, &MailAddress)) -> String {
    let known = format!("{manifest_sha256}\n{recipient}\n{to}");
    format!("{}@{}", &sha256_hex(known.as_bytes())[..ID_LETTERS], from.parts().1)
}
