//! The manifest beside a paper: what it was made from, and the hash of every file.

use std::path::PathBuf;

use anyhow::Result;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Extent, PaperRequest};
use crate::domain::document::ReportDocument;
use crate::service::query::Knowledge;
use crate::service::workspace::hex;

/// What a paper was made from. It holds no instant, so that the same paper made twice has the same manifest.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Manifest {
    /// Id of the definition.
    pub report: String,
    /// 基準日.
    pub as_of: String,
    /// 知識時点.
    pub known_at: String,
    /// 発行日.
    pub issued_on: String,
    /// Head of the store.
    pub head: String,
    /// 退会日の扱い.
    pub withdrawal_day_rule: String,
    /// internal or external.
    pub variant: String,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether the exports reach back to the as-of day (R7).
    pub complete: bool,
    /// Whether the as-of day lies after known-at (予定).
    pub future: bool,
    /// Version of the program.
    pub program: String,
    /// Exports that speak.
    pub inputs: Vec<ManifestInput>,
    /// Files of the paper.
    pub files: Vec<ManifestFile>,
}

/// An export behind a paper.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ManifestInput {
    /// Name of the file.
    pub file: String,
    /// Export day.
    pub known_on: String,
    /// SHA-256.
    pub sha256: String,
    /// SHA-256 of layout and vocabulary.
    pub definitions_sha256: String,
    /// Rejected rows.
    pub rejected_rows: u32,
}

/// A file of a paper.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Name relative to the manifest, with forward slashes.
    pub name: String,
    /// Size.
    pub size_bytes: usize,
    /// SHA-256.
    pub sha256: String,
}

impl Manifest {
    pub(super) fn of(
        document: &ReportDocument,
        knowledge: &Knowledge,
        request: &PaperRequest,
        files: &[(PathBuf, Vec<u8>)],
    ) -> Self {
        let area = Extent::of_paper(&request.area, knowledge, request.as_of).ok();
        let coverage = area.map_or_else(
            || knowledge.coverage(request.as_of),
            |area| knowledge.coverage_of(&area.asked(knowledge), request.as_of),
        );
        Self {
            complete: coverage.complete,
            future: coverage.future,
            report: document.id.clone(),
            as_of: request.as_of.0.to_string(),
            known_at: knowledge.known_at.0.to_string(),
            issued_on: document.issued_on.to_string(),
            head: knowledge.head.clone(),
            withdrawal_day_rule: knowledge.rule.code().to_string(),
            variant: request.variant.code().to_string(),
            draft: document.draft,
            program: env!("CARGO_PKG_VERSION").to_string(),
            inputs: knowledge
                .speaking
                .iter()
                .map(|import| ManifestInput {
                    file: import.file_name.clone(),
                    known_on: import.known_on.to_string(),
                    sha256: import.sha256.clone(),
                    definitions_sha256: import.definitions_sha256.clone(),
                    rejected_rows: import.n_rejected,
                })
                .collect(),
            files: files
                .iter()
                .map(|(name, bytes)| ManifestFile {
                    name: name.to_string_lossy().replace('\\', "/"),
                    size_bytes: bytes.len(),
                    sha256: hex(&Sha256::digest(bytes)),
                })
                .collect(),
        }
    }

    /// Names of the files, relative to the manifest. Names that point elsewhere are left out.
    pub(super) fn file_names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str()).filter(|name| !name.contains("..") && !name.starts_with('/'))
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
