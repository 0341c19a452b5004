//! What each export said of a person's stays, and what it said otherwise than the one before.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::NaiveDate;

use super::found::Found;
use super::tables::{NOTHING, Places, day_text};
use crate::domain::cell::Cell;
use crate::domain::document::{Column, Row, Table};
use crate::domain::enrolment::{EnrolmentVersion, SourceStatus, StayFacts};
use crate::domain::ids::{EnrolmentId, SourceId};
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;
use crate::store::Origin;

/// The table: one row for each time an export said something new of a stay, by day.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn exported(
    workspace: &Workspace,
    vintage: &Vintage,
    found: &Found,
    places: &Places<'_>,
) -> Result<Table> {
    let mut ids: Vec<EnrolmentId> = found.told.stays.iter().map(|version| version.enrolment).collect();
    ids.sort_unstable();
    ids.dedup();
    let origins = workspace.store.origins(&ids, vintage.known_at).await?;
    let mut days: BTreeMap<SourceId, Vec<NaiveDate>> = BTreeMap::new();
    for export in vintage.exports.iter().filter(|export| export.day <= vintage.known_at.0) {
        days.entry(export.source).or_default().push(export.day);
    }
    let mut before: BTreeMap<EnrolmentId, &EnrolmentVersion> = BTreeMap::new();
    let mut lines = Vec::new();
    for version in &found.told.stays {
        let said = said(before.insert(version.enrolment, version), version);
        let origin = origin_of(&origins, version);
        lines.push((version, said, origin, repeated(version, &days)));
    }
    lines.sort_by_key(|(version, ..)| {
        (version.known_from, vintage.associations.rank(version.association), version.enrolment)
    });
    let row = |(version, said, origin, repeated): &(&EnrolmentVersion, Vec<String>, Option<&Origin>, String)| {
        Row::body(vec![
            Cell::text(day_text(version.known_from)),
            places.body(version.association),
            Cell::text(said.join("、")),
            origin.map_or(Cell::Blank, |origin| places.row(origin.import, origin.row)),
            Cell::text(repeated.as_str()),
        ])
    };
    let columns = vec![
        Column::text("day", "出力の日", 8),
        Column::text("body", "医師会", 6),
        Column::text("said", "記載（前の出力から変わったこと）", 24),
        Column::text("source", "ファイルと行", 14),
        Column::text("repeated", "その後、同じ記載の出力", 14),
    ];
    let mut table = places.table("exported", "出力ごとの記載", columns, lines.iter().map(row).collect());
    table.notes.push("出力に載らないことは、退会とは見なしません（R6）。".into());
    Ok(table)
}

fn origin_of<'o>(origins: &'o [Origin], version: &EnrolmentVersion) -> Option<&'o Origin> {
    origins.iter().find(|origin| (origin.enrolment, origin.known_from) == (version.enrolment, version.known_from))
}

/// The later exports of the source that changed nothing.
fn repeated(version: &EnrolmentVersion, days: &BTreeMap<SourceId, Vec<NaiveDate>>) -> String {
    let Some(days) = days.get(&version.source) else { return String::new() };
    let is_later = |day: &&NaiveDate| **day > version.known_from && version.known_until.is_none_or(|end| **day < end);
    let mut days: Vec<NaiveDate> = days.iter().filter(is_later).copied().collect();
    days.sort_unstable();
    days.dedup();
    match days.as_slice() {
        [] => String::new(),
        [one] => day_text(*one),
        [first, .., last] => format!("{} から {} まで {} 回", day_text(*first), day_text(*last), days.len()),
    }
}

/// What a version says, or what of it is new.
fn said(before: Option<&EnrolmentVersion>, version: &EnrolmentVersion) -> Vec<String> {
    let Some(before) = before else {
        let told = fields(&version.facts).into_iter().filter(|(_, value)| value != NOTHING);
        let told = told.map(|(name, value)| format!("{name} {value}"));
        return std::iter::once("初めて載った".to_string()).chain(told).collect();
    };
    let mut out = Vec::new();
    match (before.rows_shown, version.rows_shown) {
        (0, 0) => {}
        (_, 0) => out.push("載らなくなった".to_string()),
        (0, _) => out.push("また載った".to_string()),
        (old, new) if old != new => out.push(format!("行の数 {old} → {new}")),
        _ => {}
    }
    let changed = fields(&before.facts).into_iter().zip(fields(&version.facts));
    let changed = changed.filter(|((_, old), (_, new))| old != new);
    out.extend(changed.map(|((name, old), (_, new))| format!("{name} {old} → {new}")));
    if out.is_empty() && before.class_from != version.class_from {
        out.push(format!("区分の初日 {} → {}", day_or(before.class_from), day_or(version.class_from)));
    }
    out
}

fn day_or(day: Option<NaiveDate>) -> String {
    day.map_or(NOTHING.to_string(), day_text)
}

/// Everything that an export says of a stay, by name.
fn fields(facts: &StayFacts) -> [(&'static str, String); 6] {
    let with = |label: &str, written: Option<&str>| match written {
        Some(written) => format!("{label}（{written}）"),
        None => label.to_string(),
    };
    let reason = with(facts.reason.label(), facts.reason_text.as_deref());
    let status = match facts.status {
        SourceStatus::Unknown => NOTHING,
        SourceStatus::Active => "在籍",
        SourceStatus::Withdrawn => "退会",
        SourceStatus::Pending => "申請中",
    };
    [
        ("入会希望日", day_or(facts.wished_on)),
        ("入会日", day_or(facts.joined_on)),
        ("退会日", day_or(facts.left_on)),
        ("会員区分", with(facts.class.label(), facts.class_text.as_deref())),
        ("退会理由", if reason.is_empty() { NOTHING.into() } else { reason }),
        ("会員状態", status.to_string()),
    ]
}
