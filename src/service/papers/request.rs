//! What a paper is asked for: of which day, for whom, about which bodies.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::as_of::AsOf;
use crate::service::known::area::Area;

/// Who a paper is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The office and its board: people by name (内部).
    Internal,
    /// Everybody else: no names, deaths and reasons as counts (外部配布).
    External,
}

impl Variant {
    /// Machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::External => "external",
        }
    }
}

/// What a paper is asked for.
#[derive(Debug, Clone)]
pub struct PaperRequest {
    /// Id of a definition.
    pub name: String,
    /// 基準日.
    pub as_of: AsOf,
    /// 知識時点; by default the newest export.
    pub known_at: Option<NaiveDate>,
    /// 発行日; by default known-at, so that the same paper made twice is the same.
    pub issued_on: Option<NaiveDate>,
    /// Who it is for.
    pub variant: Variant,
    /// Which bodies it is about.
    pub area: Area,
    /// Prints 下書き on every page and lets an incomplete day and figures that do not agree pass.
    pub draft: bool,
    /// A character that no font has stops the paper, in place of standing there as 〓.
    pub strict_characters: bool,
    /// The meeting that a pack is for, where it was made from the folder of one.
    pub meeting: Option<MeetingNote>,
}

/// What a pack that was made from the folder of a meeting was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingNote {
    /// Names the folder of the pack: 郡市医師会長会議_2026-01-22.
    pub name: String,
    /// Day of the meeting.
    pub held_on: NaiveDate,
    /// Ids of the reports in it, in order.
    pub reports: Vec<String>,
    /// Files of the folder that were used, by name.
    pub files: Vec<MeetingFile>,
}

/// A file of the folder of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingFile {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A file format of a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperFormat {
    /// One PDF.
    Pdf,
    /// The same as PDF/A-2b, to be kept for years; its file has the same name.
    PdfArchive,
    /// One CSV for each table, for a spreadsheet.
    Csv,
    /// The same for programs: long form, ASCII headings, ISO dates.
    CsvMachine,
    /// The same as [`Self::Csv`] in CP932, for programs that read nothing else.
    CsvCp932,
    /// One page for a browser.
    Html,
    /// One workbook with a sheet for each table.
    Xlsx,
}
