//! What an import reports: the JSON of `kaiin import`, one object for each file.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::headline::HeadlineEffect;
use super::inspected::Inspected;
use super::reused_numbers::ReusedNumber;
use crate::domain::problem::{Hint, Problem};
use crate::ingest::RowTally;
use crate::service::keep::learnt::Learnt;
use crate::service::papers::revisions_due::ChangedMonth;
use crate::store::NewImport;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// Stored.
    Stored,
    /// The same content is stored already; nothing changed.
    Unchanged,
    /// Looked at only (`--dry-run`).
    DryRun,
}

/// Stays of all tiers by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct StayChanges {
    /// Never seen before.
    pub added: u32,
    /// Some other fact changed.
    pub changed: u32,
    /// A 退会日 appeared.
    pub closed: u32,
    /// A 退会日 vanished.
    pub reopened: u32,
    /// Shown as before.
    pub unchanged: u32,
    /// Not shown by this export.
    pub absent: u32,
}

/// Applications or adjustments by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CorrectionChanges {
    /// Never seen before.
    pub added: u32,
    /// Told otherwise before.
    pub changed: u32,
    /// Told as before.
    pub unchanged: u32,
}

/// A rejected cell in a report: where and why, never what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedCell {
    /// Row as Excel shows it.
    pub row: u32,
    /// Column letter as Excel shows it.
    pub column: String,
    /// Heading of the column.
    pub heading: String,
    /// Stable code.
    pub code: &'static str,
    /// What helps to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Box<Hint>>,
}

/// What was noticed about a file and is worth a place: lines that were passed over, adjustments without effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportNote {
    /// Stable code, one of those under `warnings`.
    pub code: &'static str,
    /// Row as Excel shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// What is said beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Box<Hint>>,
}

/// An import of the same content under another day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SameContent {
    /// Its id, for `kaiin import --take-back`.
    pub id: i64,
    /// Its export day.
    pub known_at: NaiveDate,
    /// Name of its file.
    pub file: String,
}

/// The report of one file.
#[derive(Debug, Clone, Serialize)]
pub struct ImportSummary {
    /// Name of the file without its folder.
    pub file: String,
    /// Kind of file.
    pub kind: &'static str,
    /// Source.
    pub source: String,
    /// Export day.
    pub known_at: NaiveDate,
    /// What became of it.
    pub status: ImportStatus,
    /// Encoding that was proved.
    pub encoding: String,
    /// Layout that fits.
    pub layout: String,
    /// Columns that no field names.
    pub ignored_columns: Vec<String>,
    /// Rows with anything in them.
    pub rows: u32,
    /// What became of the stays; zeros for files that are not about stays.
    pub stays: StayChanges,
    /// What became of applications or adjustments; in those files only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrections: Option<CorrectionChanges>,
    /// The effect on the headline figures; of a dry run only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<HeadlineEffect>,
    /// Rejected rows.
    pub rejected_rows: u32,
    /// Rejected rows that say 在籍.
    pub rejected_active_rows: u32,
    /// Rejected cells by row.
    pub rejected: Vec<RejectedCell>,
    /// Rows whose number stands for somebody else elsewhere; of applications and adjustments.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reused_numbers: Vec<ReusedNumber>,
    /// Number of warnings by code.
    pub warnings: BTreeMap<&'static str, u32>,
    /// Warnings that are told with their place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<ImportNote>,
    /// Number of new findings by code.
    pub findings: BTreeMap<&'static str, u32>,
    /// Whether it took the place of another file of the same source and day.
    pub replaces: bool,
    /// The import that told the same under another day, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_content_as: Option<SameContent>,
    /// Months that are done of which papers say something else with this file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed_months: Vec<ChangedMonth>,
    /// The workbook of rejected and doubtful rows for the office, once written.
    pub rejects_file: Option<String>,
    /// Where that workbook could not be written, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_missed: Option<[String; 2]>,
    /// Head of the store after it.
    pub head: String,
}

/// What an import of one file came to.
#[derive(Debug)]
pub(super) struct Imported {
    pub(super) summary: ImportSummary,
    /// What it has learnt of members; `None` where nothing, or not all of it, is known.
    pub(super) learnt: Option<Learnt>,
}

impl From<ImportSummary> for Imported {
    fn from(summary: ImportSummary) -> Self {
        Self { summary, learnt: None }
    }
}

impl ImportSummary {
    pub(super) fn new(file: &Inspected<'_>, new: &NewImport, status: ImportStatus) -> Self {
        Self {
            file: file.file_name.clone(),
            kind: new.kind.code(),
            source: new.source_name.clone(),
            known_at: new.known_on,
            status,
            encoding: new.encoding.clone(),
            layout: new.layout.clone(),
            ignored_columns: file.columns.ignored(file.layout),
            rows: new.n_rows,
            stays: StayChanges::default(),
            corrections: None,
            headline: None,
            rejected_rows: new.n_rejected,
            rejected_active_rows: new.n_rejected_active,
            rejected: Vec::new(),
            reused_numbers: Vec::new(),
            warnings: BTreeMap::new(),
            notes: Vec::new(),
            findings: BTreeMap::new(),
            replaces: false,
            same_content_as: None,
            changed_months: Vec::new(),
            rejects_file: None,
            list_missed: None,
            head: new.head.clone(),
        }
    }

    pub(super) fn take_problems(&mut self, tally: &RowTally) {
        self.rejected = tally
            .rejects
            .iter()
            .map(|reject| RejectedCell {
                row: reject.row,
                column: reject.column.to_string(),
                heading: reject.heading.to_string(),
                code: reject.problem.code(),
                hint: reject.hint.clone(),
            })
            .collect();
        for warning in &tally.warnings {
            match warning.problem {
                Problem::TitleSkipped | Problem::TotalSkipped => self.note(warning.problem, Some(warning.row), None),
                problem => *self.warnings.entry(problem.code()).or_default() += 1,
            }
        }
    }

    /// Counts a warning, and keeps its place.
    pub(super) fn note(&mut self, problem: Problem, row: Option<u32>, hint: Option<Hint>) {
        *self.warnings.entry(problem.code()).or_default() += 1;
        self.notes.push(ImportNote { code: problem.code(), row, hint: hint.map(Box::new) });
    }
}
