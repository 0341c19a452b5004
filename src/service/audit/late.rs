//! Late and backdated changes, and the figures given out that they change (E5).
//!
//! Given out are the month ends that an export had reached, snapshots, and the monthly papers of the ledger. A change
//! counts only where the person was, or was not, among the members as counted then, and it is the other way round now.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;

use super::context::{AuditContext, first_exports, known_applications, local_stays};
use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::{Application, ApplicationKind, ApplicationVersion};
use crate::domain::as_of::{KnownAt, Period, month_before, month_end, month_ends};
use crate::domain::association::Tier;
use crate::domain::audit::AuditFinding;
use crate::domain::audit::late::{ChangeKind, GivenOut, GivenOutDay, LateChange, late_changes};
use crate::domain::day::{day_number, next_day};
use crate::domain::enrolment::{KnownStay, ReportedBy};
use crate::domain::ids::{AssociationId, PhysicianId, SourceId};
use crate::domain::ledger::VersionKind;
use crate::service::keep::{ledger, snapshot_folders};
use crate::service::known::corrections;
use crate::stats::Memberships;
use crate::timeline::Evidence;

/// A figure that was given out and is another one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFigure {
    /// Its two dates, and how it was given out.
    pub day: GivenOutDay,
    /// Memberships of the body as counted then.
    pub before: i64,
    /// As counted now.
    pub now: i64,
}

/// A late change with what it changes and who filed it.
#[derive(Debug, Clone)]
pub struct LateFinding {
    /// The change.
    pub change: LateChange,
    /// Figures that it changes, by day.
    pub figures: Vec<ChangedFigure>,
    /// The application about it, if one is known.
    pub application: Option<Application>,
    /// Who approved the adjustment that tells it.
    pub approver: Option<String>,
}

impl LateFinding {
    /// The change as a finding.
    pub fn finding(&self) -> AuditFinding {
        let stay = &self.change.stay;
        let mut parts = vec![match self.change.kind {
            ChangeKind::Exit => format!("退会等 {}", stay.reason.label()).trim_end().to_string(),
            ChangeKind::Entry => "入会".to_string(),
        }];
        parts.extend(self.figures.iter().map(|one| {
            let ways: Vec<&str> = one.day.ways.iter().map(|way| way.label()).collect();
            format!("{} {} {}→{}", one.day.as_of, ways.join("・"), one.before, one.now)
        }));
        if let Some(application) = &self.application {
            parts.push(format!("申請 {}", application.filer.label()).trim_end().to_string());
            parts.extend(application.approved_on.map(|day| format!("承認日 {day}")));
        }
        parts.extend(self.approver.as_ref().map(|approver| format!("調整の承認者 {approver}")));
        AuditFinding {
            before: Some(self.change.day),
            learnt_on: Some(self.change.learnt_on),
            days: Some(self.change.lag_days),
            detail: parts.join("、"),
            ..AuditFinding::new(
                self.change.audit_code(!self.figures.is_empty()),
                stay.physician,
                Some(stay.association),
            )
        }
    }
}

/// The audit of late changes.
#[derive(Debug)]
pub struct LateAudit {
    /// Period, both ends inclusive: files of these days told the changes.
    pub period: Period,
    /// Changes by code, day, body, person.
    pub findings: Vec<LateFinding>,
}

/// Audits the changes that files of a period told late.
///
/// # Errors
/// When the store, the timeline or a snapshot cannot be read.
pub(in crate::service) async fn audit(context: &AuditContext<'_>) -> Result<LateAudit> {
    audit_of(context, &given_out(context).await?).await
}

/// The same for a paper: only month ends that exports had reached count as given out. What snapshots were taken and which papers
/// were made by then must not change what a paper of one known-at says (R19).
///
/// # Errors
/// As [`audit`].
pub(in crate::service) async fn audit_of_paper(context: &AuditContext<'_>) -> Result<LateAudit> {
    audit_of(context, &month_ends_given_out(context, &[]).await?).await
}

async fn audit_of(context: &AuditContext<'_>, given_out: &[GivenOutDay]) -> Result<LateAudit> {
    let first = first_exports(context).await?;
    let stays = local_stays(context.vintage, context.vintage.known_at, Evidence::All)?;
    let changes: Vec<LateChange> = stays
        .iter()
        .filter(|stay| context.keeps(stay.association))
        .flat_map(|stay| late_changes(stay, context.vintage.rule, first_of(&first, stay)))
        .filter(|change| context.period.contains(change.learnt_on))
        .collect();
    let counts = Counted::of(context, &changes, given_out)?;
    let applications = known_applications(context).await?;
    let adjustments = corrections::adjustments(context.workspace, context.vintage).await?;
    let mut findings: Vec<LateFinding> = changes
        .into_iter()
        .map(|change| LateFinding {
            figures: counts.changed_by(&change),
            application: application_about(&applications, &change),
            approver: approver_of(&adjustments, &change),
            change,
        })
        .collect();
    findings.sort_by_key(|one| {
        let stay = &one.change.stay;
        let code = one.change.audit_code(!one.figures.is_empty());
        (code, one.change.day, context.rank(stay.association), stay.physician)
    });
    Ok(LateAudit { period: context.period, findings })
}

fn first_of(first: &BTreeMap<SourceId, NaiveDate>, stay: &KnownStay) -> Option<NaiveDate> {
    first.get(&stay.source).copied()
}

/// All days whose figures were given out by known-at, with what was known then; by day.
async fn given_out(context: &AuditContext<'_>) -> Result<Vec<GivenOutDay>> {
    let known_at = context.vintage.known_at.0;
    let papers = papers_given_out(context).await?;
    let mut out: BTreeMap<(NaiveDate, NaiveDate), BTreeSet<GivenOut>> = BTreeMap::new();
    for one in month_ends_given_out(context, &papers).await? {
        out.insert((one.as_of, one.known_at), one.ways);
    }
    let mut add = |as_of: NaiveDate, known: NaiveDate, way: GivenOut| {
        if known <= known_at {
            out.entry((as_of, known)).or_default().insert(way);
        }
    };
    papers.into_iter().for_each(|(as_of, known)| add(as_of, known, GivenOut::Papers));
    for manifest in snapshot_folders::list(context.workspace)? {
        let rule = manifest.withdrawal_day_rule == context.vintage.rule.code();
        if let (true, Ok(as_of), Ok(known)) = (rule, manifest.as_of.parse(), manifest.known_at.parse()) {
            add(as_of, known, GivenOut::Snapshot);
        }
    }
    Ok(out.into_iter().map(|((as_of, known_at), ways)| GivenOutDay { as_of, known_at, ways }).collect())
}

/// Month ends with the first export that had reached them, if it came before the next month end (R19); those of `papers` are left
/// out, since these say themselves what they were made from.
async fn month_ends_given_out(
    context: &AuditContext<'_>,
    papers: &[(NaiveDate, NaiveDate)],
) -> Result<Vec<GivenOutDay>> {
    let known_at = context.vintage.known_at.0;
    let exports = ledger::export_days(context.workspace).await?;
    let first = exports.first().copied().unwrap_or(known_at);
    let mut out = Vec::new();
    for as_of in month_ends(month_before(first), known_at) {
        let next = month_end(next_day(as_of));
        let reached = exports.iter().find(|day| as_of <= **day && **day < next).filter(|day| **day <= known_at);
        if let Some(known) = reached
            && !papers.iter().any(|(month, _)| *month == as_of)
        {
            out.push(GivenOutDay { as_of, known_at: *known, ways: BTreeSet::from([GivenOut::MonthEnd]) });
        }
    }
    Ok(out)
}

/// Month ends of the monthly papers that were made, with what was known by them: every version but those made before
/// the cut-off, which were for a look (R29).
async fn papers_given_out(context: &AuditContext<'_>) -> Result<Vec<(NaiveDate, NaiveDate)>> {
    let versions = ledger::versions(context.workspace).await?;
    let papers = versions.iter().filter(|version| version.kind != VersionKind::Early && version.n_files > 0);
    Ok(papers
        .filter_map(|version| {
            let month: NaiveDate = format!("{}-01", version.period).parse().ok()?;
            Some((month_end(month), version.known_at?))
        })
        .collect())
}

/// Memberships by body, and who of the persons concerned is among them: for each day given out as known then and now.
struct Counted {
    days: Vec<(GivenOutDay, OnDay, OnDay)>,
}

/// Memberships of one day as known at one day.
struct OnDay {
    sums: BTreeMap<AssociationId, i64>,
    members: BTreeSet<(PhysicianId, AssociationId)>,
}

impl Counted {
    /// Counts the days given out that one of the changes concerns.
    fn of(context: &AuditContext<'_>, changes: &[LateChange], given_out: &[GivenOutDay]) -> Result<Self> {
        let concerned: BTreeSet<(PhysicianId, AssociationId)> =
            changes.iter().map(|change| (change.stay.physician, change.stay.association)).collect();
        let days: Vec<&GivenOutDay> =
            given_out.iter().filter(|day| changes.iter().any(|change| change.concerns(day))).collect();
        if days.is_empty() {
            return Ok(Self { days: Vec::new() });
        }
        let now = memberships(context, context.vintage.known_at)?;
        let mut out = Vec::with_capacity(days.len());
        let mut by_knowledge: BTreeMap<NaiveDate, Vec<&GivenOutDay>> = BTreeMap::new();
        days.into_iter().for_each(|day| by_knowledge.entry(day.known_at).or_default().push(day));
        for (known_at, days) in by_knowledge {
            let then = memberships(context, KnownAt(known_at))?;
            for day in days {
                let on = |memberships: &Memberships| OnDay::of(context, memberships, day.as_of, &concerned);
                out.push((day.clone(), on(&then), on(&now)));
            }
        }
        out.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(Self { days: out })
    }

    /// The figures that a change changes: those in which the person was counted the other way round.
    fn changed_by(&self, change: &LateChange) -> Vec<ChangedFigure> {
        let key = (change.stay.physician, change.stay.association);
        let is_exit = change.kind == ChangeKind::Exit;
        self.days
            .iter()
            .filter(|(day, then, now)| {
                change.concerns(day) && then.members.contains(&key) == is_exit && now.members.contains(&key) != is_exit
            })
            .map(|(day, then, now)| {
                let sum = |on: &OnDay| on.sums.get(&key.1).copied().unwrap_or_default();
                ChangedFigure { day: day.clone(), before: sum(then), now: sum(now) }
            })
            .collect()
    }
}

fn memberships(context: &AuditContext<'_>, known_at: KnownAt) -> Result<Memberships> {
    let kept: Vec<bool> =
        context.vintage.associations.iter().map(|body| body.tier == Tier::Local && context.keeps(body.id)).collect();
    let vintage = context.vintage;
    let keep = |rank: usize| kept[rank];
    Ok(Memberships::project(&vintage.timeline, &vintage.associations, known_at, vintage.rule, keep)?)
}

impl OnDay {
    fn of(
        context: &AuditContext<'_>,
        memberships: &Memberships,
        as_of: NaiveDate,
        concerned: &BTreeSet<(PhysicianId, AssociationId)>,
    ) -> Self {
        let associations = &context.vintage.associations;
        let day = day_number(as_of);
        let counts = memberships.count_on(day);
        let sums = associations.iter().zip(&counts.cells).map(|(body, cells)| (body.id, cells.iter().sum())).collect();
        let mut members = BTreeSet::new();
        for (at, physician) in memberships.physician.iter().enumerate() {
            if memberships.starts[at] > day || day >= memberships.ends[at] {
                continue;
            }
            let body = usize::try_from(memberships.rank[at]).ok().and_then(|rank| associations.at_rank(rank));
            let key = body.map(|body| (PhysicianId(*physician), body.id));
            members.extend(key.filter(|key| concerned.contains(key)));
        }
        Self { sums, members }
    }
}

/// The application that tells the same day, else the newest about the same person, body and kind.
fn application_about(
    applications: &BTreeMap<PhysicianId, Vec<ApplicationVersion>>,
    change: &LateChange,
) -> Option<Application> {
    let kind = match change.kind {
        ChangeKind::Exit => ApplicationKind::Withdrawal,
        ChangeKind::Entry => ApplicationKind::Joining,
    };
    let own = applications.get(&change.stay.physician)?.iter().map(|version| &version.application);
    own.filter(|one| one.kind == kind && one.association == change.stay.association)
        .max_by_key(|one| (one.effective_on == Some(change.day), one.applied_on))
        .cloned()
}

/// Who approved the adjustment that tells the day, where one does.
fn approver_of(adjustments: &[AdjustmentVersion], change: &LateChange) -> Option<String> {
    let reported_by = match change.kind {
        ChangeKind::Exit => change.stay.told.left_on,
        ChangeKind::Entry => change.stay.told.joined_on,
    };
    if reported_by != ReportedBy::Adjustment {
        return None;
    }
    let mut about = adjustments.iter().map(|version| &version.adjustment).filter(|one| {
        one.physician == change.stay.physician
            && one.association == Some(change.stay.association)
            && one.day == Some(change.day)
    });
    about.next_back().map(|one| one.approver.to_string())
}
