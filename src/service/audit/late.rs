//! Late and backdated changes, and the figures given out that they change (E5).
//!
//! Given out are the month ends that an export had reached, snapshots, and the monthly papers of the ledger. A change
//! counts only where the person was, or was not, among the members as counted then, and it is the other way round now.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;

use super::context::{AuditContext, rank};
use crate::domain::application::{Application, ApplicationKind};
use crate::domain::as_of::{KnownAt, Period, month_before, month_end, month_ends};
use crate::domain::audit::AuditFinding;
use crate::domain::audit::late::{ChangeKind, GivenOut, GivenOutDay, LateChange, late_changes};
use crate::domain::day::{day_number, next_day};
use crate::domain::enrolment::{KnownStay, ReportedBy};
use crate::domain::ids::{AssociationId, PhysicianId, SourceId};
use crate::domain::ledger::VersionKind;
use crate::service::keep::snapshot_folders::SnapshotManifest;
use crate::service::keep::{Workspace, ledger, snapshot_folders};
use crate::service::known::memo::Memo;
use crate::service::known::records::Records;
use crate::service::known::vintage::Vintage;
use crate::stats::Memberships;

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

/// Audits the changes that files of a period told late. For a paper only month ends that exports had reached count as given
/// out: what snapshots were taken and which papers were made by then must not change what a paper of one known-at says (R19).
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn audit(context: &AuditContext<'_>) -> Result<LateAudit> {
    let (vintage, period) = (context.vintage, context.period);
    let all = vintage
        .answers
        .of::<LateChanges>()
        .0
        .get_or(period, || findings(vintage, period, &month_ends_given_out(vintage, &[])))?;
    Ok(narrowed(&all, context))
}

/// The same with all days that were given out.
///
/// # Errors
/// As [`audit`].
pub(super) fn audit_beside(given_out: &GivenOutOtherwise, context: &AuditContext<'_>) -> Result<LateAudit> {
    let vintage = context.vintage;
    let all = findings(vintage, context.period, &given_out.with_month_ends(vintage))?;
    Ok(narrowed(&all, context))
}

/// Late changes as papers tell them, by period.
#[derive(Debug, Default)]
struct LateChanges(Memo<Period, Vec<LateFinding>>);

/// The changes that files of a period told late, in all bodies; by code, day, body, person.
///
/// # Errors
/// When the timeline cannot be read.
fn findings(vintage: &Vintage, period: Period, given_out: &[GivenOutDay]) -> Result<Vec<LateFinding>> {
    let first = vintage.first_exports();
    let stays = vintage.local_stays()?;
    let of_stay = |stay| late_changes(stay, vintage.rule, first_of(&first, stay));
    let changes = stays.stays.iter().flat_map(of_stay).filter(|change| period.contains(change.learnt_on));
    let changes: Vec<LateChange> = changes.collect();
    let counts = Counted::of(vintage, &changes, given_out)?;
    let records = vintage.records()?;
    let mut findings: Vec<LateFinding> = changes
        .into_iter()
        .map(|change| LateFinding {
            figures: counts.changed_by(vintage, &change),
            application: application_about(records, &change),
            approver: approver_of(records, &change),
            change,
        })
        .collect();
    findings.sort_by_key(|one| {
        let stay = &one.change.stay;
        let code = one.change.audit_code(!one.figures.is_empty());
        (code, one.change.day, rank(vintage, stay.association), stay.physician)
    });
    Ok(findings)
}

/// Those of an area.
fn narrowed(all: &[LateFinding], context: &AuditContext<'_>) -> LateAudit {
    let of_area = |one: &&LateFinding| context.keeps(one.change.stay.association);
    LateAudit { period: context.period, findings: all.iter().filter(of_area).cloned().collect() }
}

fn first_of(first: &BTreeMap<SourceId, NaiveDate>, stay: &KnownStay) -> Option<NaiveDate> {
    first.get(&stay.source).copied()
}

/// Which days were given out otherwise than by an export.
#[derive(Debug)]
pub(super) struct GivenOutOtherwise {
    /// Month ends of the monthly papers that were made, with what was known by them.
    papers: Vec<(NaiveDate, NaiveDate)>,
    /// Days of snapshots under the rule of the vintage, with what was known by them.
    snapshots: Vec<(NaiveDate, NaiveDate)>,
}

impl GivenOutOtherwise {
    /// Reads the ledger and the folder of snapshots. Papers are those of every version but those made before the cut-off, which
    /// were for a look (R29).
    ///
    /// # Errors
    /// When the store or a snapshot cannot be read.
    pub(super) async fn read(workspace: &Workspace, vintage: &Vintage) -> Result<Self> {
        let versions = ledger::versions(workspace).await?;
        let papers = versions.iter().filter(|version| version.kind != VersionKind::Early && version.n_files > 0);
        let papers = papers.filter_map(|version| {
            let month: NaiveDate = format!("{}-01", version.period).parse().ok()?;
            Some((month_end(month), version.known_at?))
        });
        let of_rule = |manifest: &SnapshotManifest| manifest.withdrawal_day_rule == vintage.rule.code();
        let snapshots = snapshot_folders::list(workspace)?;
        let days = |manifest: SnapshotManifest| Some((manifest.as_of.parse().ok()?, manifest.known_at.parse().ok()?));
        Ok(Self {
            papers: papers.collect(),
            snapshots: snapshots.into_iter().filter(of_rule).filter_map(days).collect(),
        })
    }

    /// All days whose figures were given out by known-at, with what was known then; by day.
    fn with_month_ends(&self, vintage: &Vintage) -> Vec<GivenOutDay> {
        let mut out: BTreeMap<(NaiveDate, NaiveDate), BTreeSet<GivenOut>> = BTreeMap::new();
        for one in month_ends_given_out(vintage, &self.papers) {
            out.insert((one.as_of, one.known_at), one.ways);
        }
        let papers = self.papers.iter().map(|days| (days, GivenOut::Papers));
        let all = papers.chain(self.snapshots.iter().map(|days| (days, GivenOut::Snapshot)));
        for (days, way) in all.filter(|((_, known), _)| *known <= vintage.known_at.0) {
            out.entry(*days).or_default().insert(way);
        }
        out.into_iter().map(|((as_of, known_at), ways)| GivenOutDay { as_of, known_at, ways }).collect()
    }
}

/// Month ends with the first export that had reached them, if it came before the next month end (R19); those of `papers` are left
/// out, since these say themselves what they were made from.
fn month_ends_given_out(vintage: &Vintage, papers: &[(NaiveDate, NaiveDate)]) -> Vec<GivenOutDay> {
    let known_at = vintage.known_at.0;
    let exports: BTreeSet<NaiveDate> = vintage.exports.iter().map(|export| export.day).collect();
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
    out
}

/// For each day given out who of the persons concerned was counted then, and is now; and all members by body on those days whose
/// figures changed.
struct Counted {
    days: Vec<CountedDay>,
}

/// One day given out.
struct CountedDay {
    day: GivenOutDay,
    then: Members,
    now: Members,
    /// Members of each body in official order as known then, and now; empty where no figure changed.
    sums: [Vec<i64>; 2],
}

/// Persons with the bodies in which they count.
type Members = BTreeSet<(PhysicianId, AssociationId)>;

impl Counted {
    /// Counts the days given out that one of the changes concerns.
    fn of(vintage: &Vintage, changes: &[LateChange], given_out: &[GivenOutDay]) -> Result<Self> {
        let mut persons: Vec<PhysicianId> = changes.iter().map(|change| change.stay.physician).collect();
        persons.sort_unstable();
        persons.dedup();
        let now = vintage.all_memberships()?.of_persons(&persons);
        let mut days = Vec::new();
        for of_vintage in by_known_at(changes, given_out) {
            let then = memberships_then(vintage, &persons, KnownAt(of_vintage[0].known_at))?;
            for day in of_vintage {
                let on = |memberships: &Memberships| members_on(vintage, memberships, day.as_of);
                let mut counted =
                    CountedDay { day: day.clone(), then: on(&then), now: on(&now), sums: [vec![], vec![]] };
                if changes.iter().any(|change| counted.is_changed_by(change)) {
                    counted.sums = sums(vintage, day)?;
                }
                days.push(counted);
            }
        }
        days.sort_by(|a, b| a.day.cmp(&b.day));
        Ok(Self { days })
    }

    /// The figures that a change changes: those in which the person was counted the other way round.
    fn changed_by(&self, vintage: &Vintage, change: &LateChange) -> Vec<ChangedFigure> {
        let rank = rank(vintage, change.stay.association);
        let changed = self.days.iter().filter(|one| one.is_changed_by(change));
        changed
            .map(|one| {
                let [before, now] = one.sums.each_ref().map(|sums| sums.get(rank).copied().unwrap_or_default());
                ChangedFigure { day: one.day.clone(), before, now }
            })
            .collect()
    }
}

impl CountedDay {
    fn is_changed_by(&self, change: &LateChange) -> bool {
        let key = (change.stay.physician, change.stay.association);
        let is_exit = change.kind == ChangeKind::Exit;
        change.concerns(&self.day) && self.then.contains(&key) == is_exit && self.now.contains(&key) != is_exit
    }
}

/// The days given out that one of the changes concerns, those of one known-at together.
fn by_known_at<'d>(changes: &[LateChange], given_out: &'d [GivenOutDay]) -> Vec<Vec<&'d GivenOutDay>> {
    let mut out: BTreeMap<NaiveDate, Vec<&GivenOutDay>> = BTreeMap::new();
    for day in given_out.iter().filter(|day| changes.iter().any(|change| change.concerns(day))) {
        out.entry(day.known_at).or_default().push(day);
    }
    out.into_values().collect()
}

/// The memberships of some persons as known at an earlier day.
fn memberships_then(vintage: &Vintage, persons: &[PhysicianId], known_at: KnownAt) -> Result<Memberships> {
    let segments = vintage.timeline()?.chosen(persons, known_at, vintage.rule)?.segments;
    let mut out = Memberships::of_tiers(&vintage.associations);
    out.take(&vintage.associations, known_at, |_| true, |each| segments.into_iter().for_each(each));
    Ok(out)
}

/// Who counts on a day.
fn members_on(vintage: &Vintage, memberships: &Memberships, as_of: NaiveDate) -> Members {
    let member = |i: usize| {
        let body = vintage.associations.at_rank(usize::try_from(memberships.rank[i]).ok()?)?;
        Some((PhysicianId(memberships.physician[i]), body.id))
    };
    memberships.rows_on(day_number(as_of)).filter_map(member).collect()
}

/// Members of each body on a day given out, as known then and now.
fn sums(vintage: &Vintage, day: &GivenOutDay) -> Result<[Vec<i64>; 2]> {
    let then = vintage.count_known_at(KnownAt(day.known_at), day.as_of)?;
    let now = vintage.count_known_at(vintage.known_at, day.as_of)?;
    Ok([then, now].map(|counts| counts.cells.iter().map(|cells| cells.iter().sum()).collect()))
}

/// The application that tells the same day, else the newest about the same person, body and kind.
fn application_about(records: &Records, change: &LateChange) -> Option<Application> {
    let kind = match change.kind {
        ChangeKind::Exit => ApplicationKind::Withdrawal,
        ChangeKind::Entry => ApplicationKind::Joining,
    };
    let own = records.applications_of(change.stay.physician).iter().map(|version| &version.application);
    own.filter(|one| one.kind == kind && one.association == change.stay.association)
        .max_by_key(|one| (one.effective_on == Some(change.day), one.applied_on))
        .cloned()
}

/// Who approved the adjustment that tells the day, where one does.
fn approver_of(records: &Records, change: &LateChange) -> Option<String> {
    let told_by = match change.kind {
        ChangeKind::Exit => change.stay.told.left_on,
        ChangeKind::Entry => change.stay.told.joined_on,
    };
    if told_by != ReportedBy::Adjustment {
        return None;
    }
    let mut about = records.holding().map(|version| &version.adjustment).filter(|one| {
        one.physician == change.stay.physician
            && one.association == Some(change.stay.association)
            && one.day == Some(change.day)
    });
    about.next_back().map(|one| one.approver.to_string())
}
