//! What applications and adjustments say at a day: cancelled withdrawals, disagreements, and the findings that a person
//! has resolved. The states of withdrawals (R22) are the business of `audit`.
//!
//! Stored findings are never deleted: whether one is still open is asked each time, with the adjustments of the day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::adjustment::{AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{ApplicationKind, ApplicationStatus};
use crate::domain::enrolment::KnownStay;
use crate::domain::finding::{Finding, FindingCode, KnownFinding};
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::resolved::{Contradiction, Dispute};
use crate::service::known::ended_stays::leave_out_answered;
use crate::service::known::reused_numbers;
use crate::service::known::reused_numbers::ReusedNumber;
use crate::service::known::vintage::Vintage;
use crate::timeline::Evidence;

/// Persons and the bodies from which their withdrawal was approved and taken back, as known.
///
/// # Errors
/// When the timeline cannot be read.
pub fn cancelled_withdrawals(vintage: &Vintage) -> Result<Arc<BTreeSet<(PhysicianId, AssociationId)>>> {
    vintage.answers.cancelled.get_or((), || {
        let versions = vintage.timeline()?.applications(vintage.known_at)?.map(|version| &version.application);
        Ok(versions
            .filter(|one| one.kind == ApplicationKind::Withdrawal && one.status == ApplicationStatus::Cancelled)
            .map(|one| (one.physician, one.association))
            .collect())
    })
}

/// Where exports, applications and adjustments disagree and nobody has said 確認済; by physician. An application older than the
/// exports reach back (R7), or approved after the newest export, finds no stay by nature and is passed over.
///
/// # Errors
/// When the timeline cannot be read.
pub fn disputes(vintage: &Vintage) -> Result<Arc<Vec<Dispute>>> {
    vintage.answers.disputes.get_or((), || {
        let resolved = Settlements::of(vintage)?;
        let newest = vintage.newest_export();
        let horizons = vintage.horizons();
        let latest = horizons.iter().max().copied().unwrap_or(newest);
        let is_open = |dispute: &&Dispute| {
            let rank = dispute.association.and_then(|body| vintage.associations.rank(body));
            let horizon = rank.map_or(latest, |rank| horizons[rank]);
            let in_reach = dispute.filed.is_none_or(|day| horizon <= day && day <= newest);
            let needs_stay = dispute.code == FindingCode::ApplicationWithoutStay;
            (in_reach || !needs_stay) && !resolved.acknowledges(dispute)
        };
        Ok(vintage.local_stays()?.disputes.iter().filter(is_open).cloned().collect())
    })
}

/// Where two sources that both show a stay disagree about it, and nobody has decided it (R26).
///
/// # Errors
/// When the timeline cannot be read.
pub fn contradictions(vintage: &Vintage) -> Result<Vec<Contradiction>> {
    let mut out = vintage.timeline()?.contradictions(vintage.known_at)?;
    if !out.is_empty() {
        let resolved = Settlements::of(vintage)?;
        out.retain(|contradiction| !resolved.decides(contradiction));
    }
    Ok(out)
}

/// Applications whose number had stood for somebody else and nobody has said 確認済 (R27).
///
/// # Errors
/// When the timeline cannot be read.
pub fn reused_numbers_of_applications(vintage: &Vintage) -> Result<Vec<ReusedNumber>> {
    let resolved = Settlements::of(vintage)?;
    let mut out = reused_numbers::of_applications(vintage)?;
    out.retain(|one| !resolved.acknowledges(&one.dispute));
    Ok(out)
}

/// The same of adjustments.
///
/// # Errors
/// As [`reused_numbers_of_applications`].
pub fn reused_numbers_of_adjustments(vintage: &Vintage) -> Result<Vec<ReusedNumber>> {
    let resolved = Settlements::of(vintage)?;
    let mut out = reused_numbers::of_adjustments(vintage)?;
    out.retain(|one| !resolved.acknowledges(&one.dispute));
    Ok(out)
}

/// Findings that are known at a day and that no adjustment of that day settles.
///
/// # Errors
/// When the timeline cannot be read.
pub fn open_findings(vintage: &Vintage) -> Result<Arc<Vec<KnownFinding>>> {
    vintage.answers.open_findings.get_or((), || {
        let resolved = Settlements::of(vintage)?;
        let mut out = vintage.records()?.findings.clone();
        let merged = MergedStays::load(vintage)?;
        merged.take_over(&mut out);
        leave_out_answered(vintage, &mut out)?;
        out.retain(|known| !resolved.resolves(&known.finding, known.known_from));
        Ok(out)
    })
}

/// The stays of persons with several numbers (同一人物), under the number that stays.
struct MergedStays {
    stays_as: BTreeMap<PhysicianId, PhysicianId>,
    stays: Vec<KnownStay>,
}

impl MergedStays {
    fn load(vintage: &Vintage) -> Result<Self> {
        let stays_as = vintage.stays_as()?;
        let keepers: BTreeSet<PhysicianId> = stays_as.values().copied().collect();
        let keepers: Vec<PhysicianId> = keepers.into_iter().collect();
        let stays = vintage.timeline()?.stays_of(&keepers, vintage.known_at, Evidence::All)?;
        Ok(Self { stays_as, stays })
    }

    /// A number that was given up vanishes by nature: the finding is that of the person, and none where an export shows
    /// her in the body under the other number.
    fn take_over(&self, findings: &mut Vec<KnownFinding>) {
        findings.retain_mut(|known| {
            let finding = &mut known.finding;
            let Some(keeper) = self.stays_as.get(&finding.physician) else { return true };
            finding.physician = *keeper;
            let vanished = matches!(finding.code, FindingCode::OpenStayVanished | FindingCode::UpperTierBlank);
            let is_shown = |stay: &KnownStay| {
                stay.physician == *keeper
                    && Some(stay.association) == finding.association
                    && stay.rows_shown > 0
                    && stay.joined_on.is_some()
            };
            !(vanished && self.stays.iter().any(is_shown))
        });
    }
}

/// What adjustments have resolved.
struct Settlements<'v> {
    /// By person.
    adjustments: Vec<&'v AdjustmentVersion>,
}

impl<'v> Settlements<'v> {
    fn of(vintage: &'v Vintage) -> Result<Self> {
        // One that fits no stay has no effect, so it answers nothing.
        let stays = vintage.local_stays()?;
        let idle = stays.disputes.iter().filter(|dispute| dispute.code.is_about_adjustment());
        let idle: BTreeSet<(PhysicianId, &str)> = idle.map(|dispute| (dispute.physician, &*dispute.number)).collect();
        let answers = |version: &&AdjustmentVersion| {
            let adjustment = &version.adjustment;
            // An overtaken class still holds until the class that the export shows.
            adjustment.kind == AdjustmentKind::Class || !idle.contains(&(adjustment.physician, &*adjustment.number))
        };
        let mut adjustments: Vec<&AdjustmentVersion> = vintage.records()?.holding().filter(answers).collect();
        adjustments.sort_by_key(|version| version.adjustment.physician);
        Ok(Self { adjustments })
    }

    /// The adjustments about a person.
    fn about(&self, person: PhysicianId) -> &[&'v AdjustmentVersion] {
        let from = self.adjustments.partition_point(|version| version.adjustment.physician < person);
        let n = self.adjustments[from..].partition_point(|version| version.adjustment.physician == person);
        &self.adjustments[from..from + n]
    }

    /// Whether somebody looked at a disagreement since exports last said something new; a confirmation without a body is
    /// about every body.
    fn acknowledges(&self, dispute: &Dispute) -> bool {
        self.about(dispute.physician).iter().any(|version| {
            let adjustment = &version.adjustment;
            adjustment.finding == Some(dispute.code)
                && adjustment.association.is_none_or(|body| Some(body) == dispute.association)
                && dispute.shown_since.is_none_or(|day| version.known_from >= day)
        })
    }

    /// Whether a person has decided what sources disagree about since they do.
    fn decides(&self, contradiction: &Contradiction) -> bool {
        use AdjustmentKind as Kind;
        self.about(contradiction.physician).iter().any(|version| {
            let adjustment = &version.adjustment;
            let is_decision = matches!(
                adjustment.kind,
                Kind::Left | Kind::Reopened | Kind::JoinedDay | Kind::Class | Kind::NeverMember
            );
            let is_noted = adjustment.finding == Some(contradiction.code)
                && adjustment.association.is_none_or(|body| body == contradiction.association);
            version.known_from >= contradiction.since
                && (is_noted || (is_decision && adjustment.association == Some(contradiction.association)))
        })
    }

    /// Whether a person has dealt with a finding since it was raised. A stay that vanishes again raises a new one.
    fn resolves(&self, finding: &Finding, raised_on: NaiveDate) -> bool {
        self.about(finding.physician).iter().any(|version| {
            let adjustment = &version.adjustment;
            version.known_from >= raised_on
                && match adjustment.kind {
                    AdjustmentKind::Acknowledged => {
                        adjustment.finding == Some(finding.code)
                            && adjustment.association.is_none_or(|body| Some(body) == finding.association)
                    }
                    kind => adjustment.association == finding.association && answers(kind, finding.code),
                }
        })
    }
}

/// Whether a kind of adjustment answers a kind of finding about the same person and body.
fn answers(kind: AdjustmentKind, code: FindingCode) -> bool {
    use AdjustmentKind as Kind;
    match code {
        FindingCode::OpenStayVanished | FindingCode::UpperTierBlank => {
            matches!(kind, Kind::Left | Kind::StillMember | Kind::NeverMember)
        }
        FindingCode::StaysOverlap => matches!(kind, Kind::NeverMember | Kind::JoinedDay | Kind::Left),
        FindingCode::JoinedDayCorrected => matches!(kind, Kind::JoinedDay),
        FindingCode::WithdrawalVanished => matches!(kind, Kind::Reopened | Kind::Left),
        FindingCode::WithdrawalMoved => matches!(kind, Kind::Left),
        FindingCode::ClassUnmapped | FindingCode::ClassChangeEstimated => matches!(kind, Kind::Class),
        _ => false,
    }
}
