//! Numbers of applications and adjustments that stand for two persons (R27), as known: two facts, and a finding that names
//! both rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, ImportId, PhysicianId, SourceId};
use crate::domain::resolved::Dispute;
use crate::service::known::vintage::Vintage;

/// A fact whose number had stood for somebody else.
#[derive(Debug, Clone)]
pub struct ReusedNumber {
    /// What was noticed, of the person whose fact came later.
    pub dispute: Dispute,
    /// Its file and row, and those of the fact before it.
    pub rows: [String; 2],
}

/// One version with a number.
#[derive(Debug, Clone)]
struct Numbered {
    who: PhysicianId,
    association: Option<AssociationId>,
    day: Option<NaiveDate>,
    known_from: NaiveDate,
    import: ImportId,
    row: u32,
}

/// Versions by source and number.
type ByNumber = BTreeMap<(SourceId, Box<str>), Vec<Numbered>>;

/// Applications whose number had stood for somebody else, by number and file.
///
/// # Errors
/// When the records were not read: a defect.
pub fn of_applications(vintage: &Vintage) -> Result<Vec<ReusedNumber>> {
    let mut all = ByNumber::new();
    for version in vintage.records()?.applications() {
        let application = &version.application;
        all.entry((version.source, application.number.clone())).or_default().push(Numbered {
            who: application.physician,
            association: Some(application.association),
            day: application.effective_on,
            known_from: version.known_from,
            import: version.import,
            row: version.row,
        });
    }
    reused(vintage, all, FindingCode::ApplicationNumberReused)
}

/// Adjustments whose number had stood for somebody else, by number and file. One that was taken back keeps its number.
///
/// # Errors
/// As [`of_applications`].
pub fn of_adjustments(vintage: &Vintage) -> Result<Vec<ReusedNumber>> {
    let mut all = ByNumber::new();
    for version in vintage.records()?.adjustments() {
        let adjustment = &version.adjustment;
        all.entry((version.source, adjustment.number.clone())).or_default().push(Numbered {
            who: adjustment.physician,
            association: adjustment.association,
            day: adjustment.day,
            known_from: version.known_from,
            import: version.import,
            row: version.row,
        });
    }
    reused(vintage, all, FindingCode::AdjustmentNumberReused)
}

fn reused(vintage: &Vintage, mut all: ByNumber, code: FindingCode) -> Result<Vec<ReusedNumber>> {
    let stays_as = vintage.stays_as()?;
    let person = |one: &Numbered| stays_as.get(&one.who).copied().unwrap_or(one.who);
    all.retain(|_, versions| versions.iter().map(person).collect::<BTreeSet<_>>().len() > 1);
    let files: HashMap<ImportId, &str> =
        vintage.imports.iter().map(|import| (import.id, import.file_name.as_str())).collect();
    let place = |one: &Numbered| {
        let file = files.get(&one.import).copied().unwrap_or_default();
        format!("{file} {}行目", one.row)
    };
    let mut out = Vec::new();
    for ((_, number), mut versions) in all {
        versions.sort_by_key(|one| (one.known_from, one.import, one.row));
        for (nth, one) in versions.iter().enumerate() {
            let earlier = &versions[..nth];
            let is_her_own = earlier.iter().any(|other| person(other) == person(one));
            let Some(before) = earlier.last().filter(|_| !is_her_own) else { continue };
            let dispute = Dispute {
                code,
                physician: person(one),
                association: one.association,
                shown: None,
                filed: one.day,
                number: number.clone(),
                shown_since: Some(one.known_from),
            };
            out.push(ReusedNumber { dispute, rows: [place(one), place(before)] });
        }
    }
    Ok(out)
}
