//! The manifest of an export: what it was made from, what it holds, and what it must add up to.

use anyhow::Result;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::control::Control;
use super::request::Vintages;
use super::tables::ExportFolder;
use super::views::views;
use super::written::{ExportedFile, ExportedTable, KIND, MANIFEST};
use crate::service::keep::current_exports::telling_days;
use crate::service::known::vintage::Vintage;

/// Version of the layout: another one has other tables or columns.
const LAYOUT: u32 = 1;

/// The manifest of an export. It holds no instant: the same export made twice has the same one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportManifest {
    /// Always the same, by which an export is known.
    pub kind: String,
    /// Version of the layout (docs/export.md).
    pub layout: u32,
    /// Version of the program, whose rules hold (docs/rules.md).
    pub program: String,
    /// 退会日の扱い.
    pub withdrawal_day_rule: String,
    /// What it was made from: a hash over all files up to known-at and the master.
    pub head: String,
    /// Head of the store.
    pub store_head: String,
    /// Whether every known-at up to `known_at` can be asked for, or that one alone.
    pub all_known_at: bool,
    /// The newest known-at.
    pub known_at: NaiveDate,
    /// The days on which something was learnt, up to known-at: between two of them nothing changes.
    pub known_days: Vec<NaiveDate>,
    /// What the tables must add up to.
    pub control_totals: Vec<Control>,
    /// Number of rows by table.
    pub rows: Vec<TableRows>,
    /// All other files.
    pub files: Vec<ExportedFile>,
}

/// Number of rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRows {
    /// Name of the table, and of its folder.
    pub table: String,
    /// Rows of all its files.
    pub rows: usize,
}

/// Writes the views and the manifest.
///
/// # Errors
/// When the disk refuses.
pub(super) fn write_manifest(
    folder: &ExportFolder,
    vintage: &Vintage,
    vintages: Vintages,
    control_totals: Vec<Control>,
    tables: Vec<ExportedTable>,
) -> Result<ExportManifest> {
    let rows = tables.iter().map(|table| TableRows { table: table.name.into(), rows: table.n_rows() }).collect();
    let mut files: Vec<ExportedFile> = tables.into_iter().flat_map(|table| table.files).collect();
    for (name, text) in views(vintage.known_at) {
        files.push(folder.write_text(name, &text)?);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let known_days = telling_days(&vintage.imports).into_iter().filter(|day| *day <= vintage.known_at.0).collect();
    let manifest = ExportManifest {
        kind: KIND.into(),
        layout: LAYOUT,
        program: env!("CARGO_PKG_VERSION").into(),
        withdrawal_day_rule: vintage.rule.code().into(),
        head: vintage.head.clone(),
        store_head: vintage.store_head.clone(),
        all_known_at: vintages == Vintages::All,
        known_at: vintage.known_at.0,
        known_days,
        control_totals,
        rows,
        files,
    };
    let mut text = serde_json::to_string_pretty(&manifest)?;
    text.push('\n');
    folder.write_text(MANIFEST, &text)?;
    Ok(manifest)
}
