//! What applications and adjustments say at a day: withdrawals by state (R22), disagreements, and the findings that a
//! person has settled.
//!
//! Stored findings are never deleted: whether one is still open is asked each time, with the adjustments of the day.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;

use super::Workspace;
use super::ended_stays::leave_out_answered;
use super::query::Knowledge;
use super::reused_numbers::{self, ReusedNumber};
use crate::domain::adjustment::{AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion, Filer};
use crate::domain::as_of::{AsOf, Period};
use crate::domain::enrolment::KnownStay;
use crate::domain::finding::{Finding, FindingCode};
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::settled::Dispute;
use crate::store::KnownFinding;
use crate::timeline::Voices;

/// State of a withdrawal that was filed, as far as applications tell it (R22).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FiledState {
    /// Filed, not approved, its day ahead (保留).
    Pending,
    /// Filed, not approved, its day past (承認漏れ).
    Overdue,
    /// Approved and taken back (退会取消).
    Cancelled,
    /// Approved; its day ahead (承認済・未来).
    Ahead,
    /// Approved; its day past (承認済・過去).
    Past,
}

impl FiledState {
    /// Printed name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Pending => "保留",
            Self::Overdue => "承認漏れ",
            Self::Cancelled => "退会取消",
            Self::Ahead => "承認済・未来",
            Self::Past => "承認済・過去",
        }
    }

    /// Machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Overdue => "overdue",
            Self::Cancelled => "cancelled",
            Self::Ahead => "approved_future",
            Self::Past => "approved_past",
        }
    }
}

/// A withdrawal as it was filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledWithdrawal {
    /// The application as known.
    pub version: ApplicationVersion,
    /// Its state on the as-of day.
    pub state: FiledState,
}

impl FiledWithdrawal {
    /// The application.
    pub fn application(&self) -> &Application {
        &self.version.application
    }

    /// Whether an association filed it and wrote down no evidence.
    pub fn lacks_evidence(&self) -> bool {
        self.application().filer == Filer::Proxy && self.application().note.is_empty()
    }

    /// Whether a person should look.
    pub fn needs_person(&self) -> bool {
        self.state == FiledState::Overdue || self.lacks_evidence()
    }
}

/// Withdrawals that were filed and concern a period: open ones whatever their day, others by their 適用日. By state,
/// day, body, number.
///
/// # Errors
/// When the store cannot be read.
pub async fn filed_withdrawals(
    workspace: &Workspace,
    knowledge: &Knowledge,
    as_of: AsOf,
    period: Period,
) -> Result<Vec<FiledWithdrawal>> {
    let mut out = Vec::new();
    let known_at = knowledge.known_at.0;
    workspace
        .store
        .each_application(|version| {
            let is_withdrawal = version.application.kind == ApplicationKind::Withdrawal;
            if is_withdrawal && version.known_on(known_at) {
                out.extend(
                    state(&version.application, knowledge, as_of).map(|state| FiledWithdrawal { version, state }),
                );
            }
        })
        .await?;
    out.retain(|filed| match filed.state {
        FiledState::Pending | FiledState::Overdue => true,
        _ => filed.application().effective_on.is_some_and(|day| period.contains(day)),
    });
    out.sort_by_key(|filed| {
        let application = filed.application();
        let rank = knowledge.associations.rank(application.association);
        (filed.state, application.effective_on, rank, application.number.clone())
    });
    Ok(out)
}

/// Persons and the bodies from which their withdrawal was approved and taken back, as known.
pub fn cancelled_withdrawals(knowledge: &Knowledge) -> BTreeSet<(PhysicianId, AssociationId)> {
    let versions = knowledge.timeline.applications(knowledge.known_at).map(|version| &version.application);
    versions
        .filter(|one| one.kind == ApplicationKind::Withdrawal && one.status == ApplicationStatus::Cancelled)
        .map(|one| (one.physician, one.association))
        .collect()
}

/// A withdrawal that was filed and not approved, its day ahead (保留).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingWithdrawal {
    /// The body.
    pub association: AssociationId,
    /// The first day that would no longer count; `None` where no 適用日 is given.
    pub ends_on: Option<NaiveDate>,
}

/// Withdrawals that were filed and are not approved, their day ahead (保留). One about the 退会日 that exports tell already
/// belongs to that withdrawal and is none (R22).
///
/// # Errors
/// When the timeline cannot be read.
pub fn pending_withdrawals(knowledge: &Knowledge, as_of: AsOf) -> Result<Vec<PendingWithdrawal>> {
    let versions = knowledge.timeline.applications(knowledge.known_at).map(|version| &version.application);
    let pending: Vec<&Application> = versions
        .filter(|one| one.kind == ApplicationKind::Withdrawal)
        .filter(|one| state(one, knowledge, as_of) == Some(FiledState::Pending))
        .collect();
    let mut persons: Vec<PhysicianId> = pending.iter().map(|one| one.physician).collect();
    persons.sort_unstable();
    persons.dedup();
    let stays = knowledge.timeline.stays_of(&persons, knowledge.known_at, Voices::All)?;
    let told: BTreeSet<_> = stays.iter().map(|stay| (stay.physician, stay.association, stay.left_on)).collect();
    let is_new = |one: &&Application| !told.contains(&(one.physician, one.association, one.effective_on));
    Ok(pending
        .into_iter()
        .filter(|one| one.effective_on.is_none() || is_new(one))
        .map(|one| PendingWithdrawal {
            association: one.association,
            ends_on: one.effective_on.map(|day| knowledge.rule.ended_on(day)),
        })
        .collect())
}

fn state(application: &Application, knowledge: &Knowledge, as_of: AsOf) -> Option<FiledState> {
    let ended = application.effective_on.is_some_and(|day| knowledge.rule.ended_on(day) <= as_of.0);
    match (application.status, ended) {
        (ApplicationStatus::Unknown, _) => None,
        (ApplicationStatus::Pending, false) => Some(FiledState::Pending),
        (ApplicationStatus::Pending, true) => Some(FiledState::Overdue),
        (ApplicationStatus::Cancelled, _) => Some(FiledState::Cancelled),
        (ApplicationStatus::Approved, false) => Some(FiledState::Ahead),
        (ApplicationStatus::Approved, true) => Some(FiledState::Past),
    }
}

/// Where exports, applications and adjustments disagree and nobody has said 確認済. An application older than the
/// exports reach back (R7), or approved after the newest export, finds no stay by nature and is passed over.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub async fn disputes(workspace: &Workspace, knowledge: &Knowledge) -> Result<Vec<Dispute>> {
    let settled = Settlements::load(workspace, knowledge).await?;
    let newest = knowledge.newest_export();
    let horizons = knowledge.horizons();
    let latest = horizons.iter().max().copied().unwrap_or(newest);
    let mut out = knowledge.timeline.disputes(knowledge.known_at)?;
    out.retain(|dispute| {
        let rank = dispute.association.and_then(|body| knowledge.associations.rank(body));
        let horizon = rank.map_or(latest, |rank| horizons[rank]);
        let in_reach = dispute.filed.is_none_or(|day| horizon <= day && day <= newest);
        let needs_stay = dispute.code == FindingCode::ApplicationWithoutStay;
        (in_reach || !needs_stay) && !settled.acknowledges(dispute)
    });
    Ok(out)
}

/// Applications whose number had stood for somebody else and nobody has said 確認済 (R27).
///
/// # Errors
/// When the store or the timeline cannot be read.
pub async fn reused_numbers_of_applications(workspace: &Workspace, knowledge: &Knowledge) -> Result<Vec<ReusedNumber>> {
    let settled = Settlements::load(workspace, knowledge).await?;
    let mut out = reused_numbers::of_applications(workspace, knowledge).await?;
    out.retain(|one| !settled.acknowledges(&one.dispute));
    Ok(out)
}

/// The same of adjustments.
///
/// # Errors
/// As [`reused_numbers_of_applications`].
pub async fn reused_numbers_of_adjustments(workspace: &Workspace, knowledge: &Knowledge) -> Result<Vec<ReusedNumber>> {
    let settled = Settlements::load(workspace, knowledge).await?;
    let mut out = reused_numbers::of_adjustments(workspace, knowledge).await?;
    out.retain(|one| !settled.acknowledges(&one.dispute));
    Ok(out)
}

/// Adjustments that hold at a day, by number and file.
///
/// # Errors
/// When the store cannot be read.
pub async fn adjustments(workspace: &Workspace, knowledge: &Knowledge) -> Result<Vec<AdjustmentVersion>> {
    let mut out = Vec::new();
    let known_at = knowledge.known_at.0;
    workspace
        .store
        .each_adjustment(|version| {
            if version.known_on(known_at) && !version.adjustment.is_revoked {
                out.push(version);
            }
        })
        .await?;
    let key =
        |version: &AdjustmentVersion| (version.source, version.adjustment.number.clone(), version.import, version.row);
    out.sort_by_cached_key(key);
    Ok(out)
}

/// Findings that are known at a day and that no adjustment of that day settles.
///
/// # Errors
/// When the store cannot be read.
pub async fn open_findings(workspace: &Workspace, knowledge: &Knowledge) -> Result<Vec<KnownFinding>> {
    let settled = Settlements::load(workspace, knowledge).await?;
    let mut out = workspace.store.findings(knowledge.known_at).await?;
    let merged = MergedStays::load(knowledge)?;
    merged.take_over(&mut out);
    leave_out_answered(knowledge, &mut out)?;
    out.retain(|known| !settled.settles(&known.finding, known.known_from));
    Ok(out)
}

/// The stays of persons with several numbers (同一人物), under the number that stays.
struct MergedStays {
    stays_as: BTreeMap<PhysicianId, PhysicianId>,
    stays: Vec<KnownStay>,
}

impl MergedStays {
    fn load(knowledge: &Knowledge) -> Result<Self> {
        let stays_as: BTreeMap<PhysicianId, PhysicianId> =
            knowledge.timeline.same_persons(knowledge.known_at).into_iter().collect();
        if stays_as.is_empty() {
            return Ok(Self { stays_as, stays: Vec::new() });
        }
        let keepers: BTreeSet<PhysicianId> = stays_as.values().copied().collect();
        let mut stays = knowledge.timeline.stays(knowledge.known_at, Voices::All, |_| true)?;
        stays.retain(|stay| keepers.contains(&stay.physician));
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

/// What adjustments have settled.
struct Settlements {
    adjustments: Vec<AdjustmentVersion>,
}

impl Settlements {
    async fn load(workspace: &Workspace, knowledge: &Knowledge) -> Result<Self> {
        let mut adjustments = adjustments(workspace, knowledge).await?;
        // One that fits no stay has no effect, so it answers nothing.
        let disputes = knowledge.timeline.disputes(knowledge.known_at)?;
        let idle = disputes.iter().filter(|dispute| dispute.code.is_about_adjustment());
        let idle: BTreeSet<(PhysicianId, &str)> = idle.map(|dispute| (dispute.physician, &*dispute.number)).collect();
        adjustments.retain(|version| {
            let adjustment = &version.adjustment;
            // An overtaken class still holds until the class that the export shows.
            adjustment.kind == AdjustmentKind::Class || !idle.contains(&(adjustment.physician, &*adjustment.number))
        });
        Ok(Self { adjustments })
    }

    /// Whether somebody looked at a disagreement since exports last said something new; a confirmation without a body is
    /// about every body.
    fn acknowledges(&self, dispute: &Dispute) -> bool {
        self.adjustments.iter().any(|version| {
            let adjustment = &version.adjustment;
            adjustment.finding == Some(dispute.code)
                && adjustment.physician == dispute.physician
                && adjustment.association.is_none_or(|body| Some(body) == dispute.association)
                && dispute.shown_since.is_none_or(|day| version.known_from >= day)
        })
    }

    /// Whether a person has dealt with a finding since it was raised. A stay that vanishes again raises a new one.
    fn settles(&self, finding: &Finding, raised_on: NaiveDate) -> bool {
        self.adjustments.iter().any(|version| {
            let adjustment = &version.adjustment;
            adjustment.physician == finding.physician
                && version.known_from >= raised_on
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
