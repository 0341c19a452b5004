//! The manifest beside a paper: what it was made from, and the hash of every file.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::request::{MeetingNote, PaperFormat, PaperRequest};
use crate::domain::document::ReportDocument;
use crate::domain::hex::hex;
use crate::render::printable::Unprintable;
use crate::service::known::area::Extent;
use crate::service::known::vintage::Vintage;

/// Name of the manifest in the folder of an edition.
pub(super) const MANIFEST: &str = "manifest.json";

/// The standard of a PDF that was made for the archive.
pub(super) const PDF_A: &str = "PDF/A-2b";

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
    /// Code of the prefecture or body that the paper is limited to.
    pub area: Option<String>,
    /// Number of the edition, from 1; drafts are counted apart.
    pub edition: u32,
    /// What the edition is called on its pages, such as 訂正版 2; empty for the first one.
    pub edition_mark: String,
    /// Folder of the edition that this one is compared with.
    pub compared_with: Option<String>,
    /// SHA-256 of what the paper says, without the marks of its edition.
    pub content_sha256: String,
    /// The run of a job that made it; the ledger has its papers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Whether the exports reach back to the as-of day (R7).
    pub complete: bool,
    /// Whether the as-of day lies after known-at (予定).
    pub future: bool,
    /// Version of the program.
    pub program: String,
    /// Exports that speak.
    pub inputs: Vec<ManifestInput>,
    /// Characters that stand as 〓 on paper (FND-028), with their places.
    pub unprintable: Vec<Unprintable>,
    /// The meeting that it was made for, with the files of its folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meeting: Option<MeetingNote>,
    /// Pages of the PDF; 0 without one.
    #[serde(default)]
    pub n_pages: usize,
    /// The standard that the PDF keeps (PDF/A-2b); `None` for the usual PDF and without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf_standard: Option<String>,
    /// Sections of a pack with their pages in the PDF.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<ManifestSection>,
    /// Files of the paper.
    pub files: Vec<ManifestFile>,
}

/// A section of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestSection {
    /// Its mark: 資料3.
    pub mark: String,
    /// Its title.
    pub title: String,
    /// Its first page, from 1.
    pub first_page: usize,
    /// Its last page, inclusive.
    pub last_page: usize,
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

/// What makes a paper an edition.
#[derive(Debug, Clone)]
pub(super) struct EditionNote {
    number: u32,
    mark: String,
    compared_with: Option<String>,
    pub(super) content_sha256: String,
    pub(super) run: Option<String>,
    pub(super) unprintable: Vec<Unprintable>,
}

impl EditionNote {
    pub(super) fn new(number: u32, mark: String, compared_with: Option<String>) -> Self {
        Self { number, mark, compared_with, content_sha256: String::new(), run: None, unprintable: Vec::new() }
    }
}

impl Manifest {
    /// The manifest of an edition, without its files.
    pub(super) fn of(
        document: &ReportDocument,
        vintage: &Vintage,
        request: &PaperRequest,
        edition: EditionNote,
    ) -> Self {
        let area = Extent::of_paper(&request.area, vintage, request.as_of).ok();
        let coverage = area.as_ref().map_or_else(
            || vintage.coverage(request.as_of),
            |area| vintage.coverage_of(&area.asked(vintage), request.as_of),
        );
        Self {
            complete: coverage.complete,
            future: coverage.future,
            report: document.id.clone(),
            as_of: request.as_of.0.to_string(),
            known_at: vintage.known_at.0.to_string(),
            issued_on: document.issued_on.to_string(),
            head: vintage.head.clone(),
            withdrawal_day_rule: vintage.rule.code().to_string(),
            variant: request.variant.code().to_string(),
            draft: document.draft,
            area: area.and_then(|area| area.code),
            edition: edition.number,
            edition_mark: edition.mark,
            compared_with: edition.compared_with,
            content_sha256: edition.content_sha256,
            run: edition.run,
            program: env!("CARGO_PKG_VERSION").to_string(),
            inputs: vintage
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
            unprintable: edition.unprintable,
            meeting: request.meeting.clone(),
            n_pages: 0,
            pdf_standard: None,
            sections: Vec::new(),
            files: Vec::new(),
        }
    }

    /// The same with more files.
    pub(super) fn with(mut self, files: &[(PathBuf, Vec<u8>)]) -> Self {
        self.files.extend(files.iter().map(|(name, bytes)| ManifestFile {
            name: slashed(name),
            size_bytes: bytes.len(),
            sha256: hex(&Sha256::digest(bytes)),
        }));
        self
    }

    /// The formats of the files that it names.
    pub(super) fn formats(&self) -> Vec<PaperFormat> {
        let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        let ends = |ending: &str| names.iter().any(|name| name.ends_with(ending) && !name.contains('/'));
        let begins = |folder: &str| names.iter().any(|name| name.starts_with(folder));
        let all = [
            (self.pdf_format(), ends(".pdf")),
            (PaperFormat::Html, ends(".html")),
            (PaperFormat::Xlsx, ends(".xlsx")),
            (PaperFormat::Csv, ends(".csv")),
            (PaperFormat::CsvMachine, begins("machine/")),
            (PaperFormat::CsvCp932, begins("cp932/")),
        ];
        all.into_iter().filter(|(_, is_there)| *is_there).map(|(format, _)| format).collect()
    }

    /// Whether it names a file.
    pub(super) fn has(&self, name: &Path) -> bool {
        let name = slashed(name);
        self.files.iter().any(|file| file.name == name)
    }

    /// The format that its PDF was made in, or would be.
    pub(super) fn pdf_format(&self) -> PaperFormat {
        if self.pdf_standard.is_some() { PaperFormat::PdfArchive } else { PaperFormat::Pdf }
    }

    /// Paths of all files in the folder of the edition, the manifest last.
    pub(super) fn paths(&self, folder: &Path) -> Vec<PathBuf> {
        let names = self.files.iter().map(|file| file.name.as_str()).chain([MANIFEST]);
        names.map(|name| folder.join(name)).collect()
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

fn slashed(name: &Path) -> String {
    name.to_string_lossy().replace('\\', "/")
}
