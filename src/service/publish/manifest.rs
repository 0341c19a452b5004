//! What is approved: every recipient, file and word of a distribution, under one hash.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::config::MailConfig;
use crate::domain::distribution::Distribution;
use crate::domain::mail::MailAddress;
use crate::error::{Failure, FailureKind};
use crate::files::{Readers, sha256_hex};
use crate::input;
use crate::service::keep::Workspace;
use crate::service::keep::export::write_new_file;

/// Name of the manifest in the folder of a distribution.
const MANIFEST: &str = "distribution.json";

/// Everything that leaves, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistributionManifest {
    /// Number of the distribution.
    pub number: u32,
    /// 基準日.
    pub as_of: String,
    /// 知識時点.
    pub known_at: String,
    /// Day of the letters.
    pub issued_on: String,
    /// What the papers are made from.
    pub head: String,
    /// Who sends.
    pub issuer: String,
    /// Paragraphs of the letter.
    pub letter: Vec<String>,
    /// Lines under it.
    pub contact: Vec<String>,
    /// Words of the mails; `None` where none leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailWords>,
    /// Folder into which everything is delivered, as the settings name it, and below it that of this distribution.
    pub folder: PathBuf,
    /// Recipients in official order.
    pub recipients: Vec<Addressed>,
    /// Whom nothing is made for although they get papers otherwise, each with the code of the reason.
    pub missing: Vec<Missing>,
}

/// What the settings say in every mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailWords {
    /// Who writes.
    pub from: MailAddress,
    /// To whom answers go, where that is somebody else.
    pub reply_to: Option<MailAddress>,
    /// Subject, without the day.
    pub subject: String,
    /// Paragraphs.
    pub text: Vec<String>,
    /// What recipients call the place of their folders.
    pub place: String,
    /// Whether the papers are attached.
    pub attach: bool,
}

impl MailWords {
    /// The words of the settings.
    pub(super) fn of(config: &MailConfig) -> Self {
        Self {
            from: config.from.clone(),
            reply_to: config.reply_to.clone(),
            subject: config.subject.clone(),
            text: config.text.clone(),
            place: config.place.clone(),
            attach: config.attach,
        }
    }
}

/// A recipient with its papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressed {
    /// Code of the body.
    pub code: String,
    /// Its name.
    pub name: String,
    /// To whom the letter is, one a line.
    pub to: Vec<String>,
    /// Folder of its own, within that of the distribution.
    pub place: String,
    /// SHA-256 of the letter.
    pub letter_sha256: String,
    /// Where its papers lie already, from the folder of all distributions on: nothing but a mail leaves then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<String>,
    /// To whom a mail goes, each a mail of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<MailAddress>,
    /// SHA-256 of the words of the mail; empty where none leaves.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mail_sha256: String,
    /// Its papers.
    pub papers: Vec<AddressedPaper>,
}

/// A paper for a recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressedPaper {
    /// Id of the report.
    pub report: String,
    /// Its title.
    pub title: String,
    /// Edition, from 1.
    pub edition: u32,
    /// The edition that the recipient has; `None` where this is the first one.
    pub has_edition: Option<u32>,
    /// Folder of the edition, from the data folder on.
    pub folder: String,
    /// SHA-256 of what it says.
    pub content_sha256: String,
    /// Pages of its PDF; 0 without one.
    pub n_pages: usize,
    /// Its files that are handed over.
    pub files: Vec<AddressedFile>,
}

/// A file of a paper, under the name that it is handed over with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressedFile {
    /// Name in the folder of the edition.
    pub source: String,
    /// Name in the folder of the recipient.
    pub name: String,
    /// SHA-256.
    pub sha256: String,
    /// Size.
    pub size_bytes: usize,
}

/// A body for which a paper could not be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Code and name of the body.
    pub area: String,
    /// Title of the report.
    pub title: String,
    /// Code of the reason.
    pub code: String,
    /// What the text of the code leaves open.
    pub detail: String,
}

impl DistributionManifest {
    /// Its bytes, always the same for the same manifest.
    ///
    /// # Errors
    /// When it cannot be written down, which is a defect.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self).context("writing the manifest of a distribution")?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Keeps it in a folder of its own and returns that folder, from the data folder on, with the hash.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(super) fn keep(&self, workspace: &Workspace) -> Result<(String, String)> {
        let bytes = self.to_bytes()?;
        // A number that was given up before it was recorded may have left a folder.
        let sha256 = sha256_hex(&bytes);
        let folder = format!("distribution/{:04}_{}", self.number, &sha256[..12]);
        let path = workspace.folder().join(&folder).join(MANIFEST);
        if !path.exists() {
            write_new_file(&path, &bytes, Readers::Owner)?;
        }
        Ok((folder, sha256))
    }

    /// The manifest of a distribution as it was made.
    ///
    /// # Errors
    /// [`Failure`] PUB-005 when it is gone or not as it was made.
    pub fn read(workspace: &Workspace, of: &Distribution) -> Result<Self> {
        let path = workspace.folder().join(&of.folder).join(MANIFEST);
        let changed = || Failure::new(FailureKind::Data, "PUB-005", path.display().to_string());
        let bytes = input::read_whole(&path).map_err(|_| changed())?;
        if sha256_hex(&bytes) != of.manifest_sha256 {
            return Err(changed().into());
        }
        Ok(serde_json::from_slice(&bytes).map_err(|_| changed())?)
    }

    /// Folder of the edition of a report for a recipient, from the data folder on.
    pub(super) fn folder_of(&self, recipient: &str, report: &str) -> Option<&str> {
        let to = self.recipients.iter().find(|to| to.code == recipient)?;
        to.papers.iter().find(|paper| paper.report == report).map(|paper| paper.folder.as_str())
    }

    /// Name of the folder of this distribution within that of all.
    pub(super) fn own_folder(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Where everything is delivered.
    pub(super) fn delivered(&self, workspace: &Workspace) -> PathBuf {
        workspace.folder().join(&self.folder)
    }
}

impl AddressedPaper {
    /// The bytes of one of its files, as they were approved.
    ///
    /// # Errors
    /// [`Failure`] PUB-006 with the file when they are others by now.
    pub(super) fn bytes_of(&self, data: &Path, file: &AddressedFile) -> Result<Vec<u8>> {
        let path = data.join(&self.folder).join(&file.source);
        let bytes = input::read_whole(&path).ok().filter(|bytes| sha256_hex(bytes) == file.sha256);
        bytes.ok_or_else(|| Failure::new(FailureKind::Data, "PUB-006", path.display().to_string()).into())
    }
}
