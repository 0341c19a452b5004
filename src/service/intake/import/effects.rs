//! What new adjustments do to the stays they are about: one without effect is told when it is taken in, not at the next audit,
//! and so is a death that was entered for one tier only.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;

use super::summary::ImportSummary;
use crate::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::KnownAt;
use crate::domain::association::Associations;
use crate::domain::enrolment::{EnrolmentVersion, WithdrawalReason};
use crate::domain::export_days::ExportDays;
use crate::domain::finding::FindingCode;
use crate::domain::ids::{ImportId, PhysicianId, SourceId};
use crate::domain::problem::{Hint, Problem};
use crate::domain::resolved::{Corrections, Resolved, resolve};
use crate::store::{Changes, Import};

/// Everything that was ever known of one person.
#[derive(Default)]
struct Dossier {
    versions: Vec<EnrolmentVersion>,
    applications: Vec<ApplicationVersion>,
    adjustments: Vec<AdjustmentVersion>,
}

/// Settles the persons of new adjustments as they will be known with the file, and notes what has no effect.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn note(
    import: &mut Import,
    changes: &Changes,
    associations: &Associations,
    exports: &ExportDays,
    known_on: NaiveDate,
    summary: &mut ImportSummary,
) -> Result<()> {
    let persons: BTreeSet<PhysicianId> = changes.new_adjustments.iter().map(|(one, _)| one.physician).collect();
    if persons.is_empty() {
        return Ok(());
    }
    let mut dossiers = dossiers(import, &persons).await?;
    take_planned(&mut dossiers, changes, known_on, import.id());
    let is_joined = |person: &PhysicianId| {
        let is_same = |one: &AdjustmentVersion| one.adjustment.kind == AdjustmentKind::SamePerson;
        dossiers.get(person).is_some_and(|dossier| dossier.adjustments.iter().any(is_same))
    };
    // The stays of a person under two numbers are told by the audits: here only one of them is known.
    let alone: BTreeSet<PhysicianId> = persons.into_iter().filter(|person| !is_joined(person)).collect();
    for person in alone {
        let Some(dossier) = dossiers.get(&person) else { continue };
        let corrections = Corrections { applications: &dossier.applications, adjustments: &dossier.adjustments };
        // An adjustment may be older than the exports that show its stay.
        let newest = dossier.versions.iter().map(|version| version.known_from).max();
        let known_at = KnownAt(newest.map_or(known_on, |newest| newest.max(known_on)));
        let resolved = resolve(person, &dossier.versions, &corrections, exports, known_at);
        for (adjustment, row) in changes.new_adjustments.iter().filter(|(one, _)| one.physician == person) {
            note_one(adjustment, *row, &resolved, associations, summary);
        }
    }
    Ok(())
}

fn note_one(
    adjustment: &Adjustment,
    row: u32,
    resolved: &Resolved,
    associations: &Associations,
    summary: &mut ImportSummary,
) {
    if adjustment.is_revoked {
        return;
    }
    let is_about = |code| {
        move |dispute: &&crate::domain::resolved::Dispute| dispute.code == code && dispute.number == adjustment.number
    };
    if resolved.disputes.iter().any(|dispute| is_about(FindingCode::AdjustmentWithoutStay)(&dispute)) {
        summary.note(Problem::AdjustmentWithoutEffect, Some(row), why_without(adjustment, resolved));
        return;
    }
    let is_death = adjustment.kind == AdjustmentKind::Left && adjustment.reason == WithdrawalReason::Death;
    let Some(day) = adjustment.day.filter(|_| is_death) else { return };
    let goes_on = resolved.stays.iter().filter(|resolved| {
        let stay = &resolved.stay;
        stay.joined_on.is_some_and(|joined| joined <= day) && stay.left_on.is_none_or(|left| left > day)
    });
    let mut open: Vec<&str> = goes_on
        .filter_map(|resolved| associations.get(resolved.stay.association))
        .map(|body| body.name.as_str())
        .collect();
    open.dedup();
    if !open.is_empty() {
        let hint = Hint { code: "WHY-015", words: vec![open.join("、")] };
        summary.note(Problem::OtherTiersOpen, Some(row), Some(hint));
    }
}

/// Why an adjustment fits no stay: the person has none in that body, or others, whose 入会日 are named.
fn why_without(adjustment: &Adjustment, resolved: &Resolved) -> Option<Hint> {
    let of_body = resolved.stays.iter().filter(|resolved| Some(resolved.stay.association) == adjustment.association);
    let joined: Vec<NaiveDate> = of_body.filter_map(|resolved| resolved.stay.joined_on).collect();
    if joined.is_empty() {
        return Some(Hint { code: "WHY-017", words: Vec::new() });
    }
    let days = joined.iter().map(ToString::to_string).collect::<Vec<_>>().join("、");
    let fits = adjustment.stay_joined_on.is_none_or(|wanted| joined.contains(&wanted));
    Some(Hint { code: if fits { "WHY-019" } else { "WHY-018" }, words: vec![days] })
}

async fn dossiers(import: &mut Import, persons: &BTreeSet<PhysicianId>) -> Result<BTreeMap<PhysicianId, Dossier>> {
    let mut out: BTreeMap<PhysicianId, Dossier> = persons.iter().map(|person| (*person, Dossier::default())).collect();
    import
        .each_version(|version| {
            if let Some(dossier) = out.get_mut(&version.physician) {
                dossier.versions.push(version);
            }
        })
        .await?;
    import
        .each_application(|version| {
            if let Some(dossier) = out.get_mut(&version.application.physician) {
                dossier.applications.push(version);
            }
        })
        .await?;
    import
        .each_adjustment(|version| {
            let concerned = [Some(version.adjustment.physician), version.adjustment.other];
            for person in concerned.into_iter().flatten() {
                if let Some(dossier) = out.get_mut(&person) {
                    dossier.adjustments.push(version.clone());
                }
            }
        })
        .await?;
    for dossier in out.values_mut() {
        dossier.versions.retain(|version| version.known_until != Some(version.known_from));
        dossier.versions.sort_by_key(|version| (version.association, version.enrolment, version.known_from));
        dossier.adjustments.retain(|version| version.known_until != Some(version.known_from));
        dossier.applications.retain(|version| version.known_until != Some(version.known_from));
    }
    Ok(out)
}

/// Puts what the file says to what is stored; older versions under the same number end with it.
fn take_planned(
    dossiers: &mut BTreeMap<PhysicianId, Dossier>,
    changes: &Changes,
    known_on: NaiveDate,
    import: ImportId,
) {
    for (adjustment, row) in &changes.new_adjustments {
        let Some(dossier) = dossiers.get_mut(&adjustment.physician) else { continue };
        let is_older = |version: &AdjustmentVersion| {
            version.adjustment.number == adjustment.number && version.known_until.is_none()
        };
        let source = dossier.adjustments.iter().find(|version| is_older(version)).map_or(SourceId(0), |one| one.source);
        dossier.adjustments.iter_mut().filter(|version| is_older(version)).for_each(|version| {
            version.known_until = Some(known_on);
        });
        dossier.adjustments.push(AdjustmentVersion {
            adjustment: adjustment.clone(),
            source,
            import,
            row: *row,
            known_from: known_on,
            known_until: None,
        });
    }
}
