//! Which files speak at a day, and the hash that stands for them (R3).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::domain::coverage::ExportDay;
use crate::domain::layout::FileKind;
use crate::service::keep::head::sha256_of;
use crate::store::ImportRecord;

/// Whether a file that was taken in has a say about members: every kind but the master, unless another file of its
/// day took its place or somebody took it back.
fn tells_of_members(import: &ImportRecord) -> bool {
    import.kind != FileKind::Associations && import.stands()
}

/// Days of all files that stand and have a say about members: exports, applications, adjustments; ascending, each once.
pub(in crate::service) fn telling_days(imports: &[ImportRecord]) -> Vec<NaiveDate> {
    let telling = imports.iter().filter(|import| tells_of_members(import));
    let days: BTreeSet<NaiveDate> = telling.map(|import| import.known_on).collect();
    days.into_iter().collect()
}

/// Whether a file is an export of members that no other one of its day replaced and nobody took back.
pub(in crate::service) fn is_export(import: &ImportRecord) -> bool {
    import.kind == FileKind::Members && import.stands()
}

/// All exports of members in the order in which they were taken in.
pub(in crate::service) fn export_days(imports: &[ImportRecord]) -> Vec<ExportDay> {
    let day = |import: &ImportRecord| ExportDay {
        source: import.source,
        day: import.known_on,
        kept_days: import.ended_rows_kept_days,
    };
    imports.iter().filter(|import| is_export(import)).map(day).collect()
}

/// The newest export of each source up to a day.
pub(in crate::service) fn speaking(exports: &[&ImportRecord], known_at: NaiveDate) -> Vec<ImportRecord> {
    let mut out: Vec<ImportRecord> = Vec::new();
    for import in exports.iter().filter(|import| import.known_on <= known_at) {
        match out.iter_mut().find(|other| other.source == import.source) {
            Some(other) if other.known_on < import.known_on => *other = (*import).clone(),
            Some(_) => {}
            None => out.push((*import).clone()),
        }
    }
    out
}

/// Where several sources have an export of one day, the order in which these were taken in, by day.
fn orders_within_days(imports: &[ImportRecord], known_at: NaiveDate) -> Vec<String> {
    let mut by_day: BTreeMap<NaiveDate, Vec<&str>> = BTreeMap::new();
    for import in imports.iter().filter(|import| is_export(import) && import.known_on <= known_at) {
        by_day.entry(import.known_on).or_default().push(&import.source_name);
    }
    let several = by_day.into_iter().filter(|(_, sources)| sources.len() > 1);
    several.map(|(day, sources)| format!("order {day} {}", sources.join(" "))).collect()
}

/// Hash over everything that an answer at a day is made from: what the files say, and of the exports of several sources of
/// one day in which order they were taken in (R26). Later exports do not change it, so that a late paper equals a punctual
/// one (R19).
pub(in crate::service) fn head_at(imports: &[ImportRecord], known_at: NaiveDate) -> String {
    let master = imports.iter().rev().find(|import| import.kind == FileKind::Associations && import.stands());
    let mut parts: Vec<String> = imports
        .iter()
        .filter(|import| tells_of_members(import) && import.known_on <= known_at)
        .map(|import| {
            let (kind, source) = (import.kind.code(), &import.source_name);
            format!("{kind} {source} {} {} {}", import.known_on, import.sha256, import.definitions_sha256)
        })
        .collect();
    parts.sort();
    parts.extend(orders_within_days(imports, known_at));
    parts.extend(master.map(|import| import.sha256.clone()));
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    sha256_of(&parts)[..16].to_string()
}
