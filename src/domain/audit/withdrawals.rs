//! The ledger of withdrawals: each in exactly one of the six states of R22, from exports and applications together.
//!
//! A stay with a 退会日 is a withdrawal, whoever told it; an application about the same stay belongs to it. What is
//! filed and not approved, or was taken back, is a withdrawal of its own. What a merger closed is none (組織変更).
//! Audits, papers and forecasts all ask here: there is no second reading of an application.

use chrono::NaiveDate;

use super::AuditCode;
use super::withdrawal_state::WithdrawalState;
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion};
use crate::domain::as_of::{AsOf, WithdrawalDayRule};
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{KnownStay, WithdrawalReason};
use crate::domain::ids::{AssociationId, PhysicianId};

/// An application whose day lies further from the end that exports tell is about something else, as a transfer would be
/// (R20).
const NEAR_DAYS: i64 = 90;

/// One withdrawal from a local body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The person.
    pub physician: PhysicianId,
    /// The body.
    pub association: AssociationId,
    /// Its only state on the as-of day.
    pub state: WithdrawalState,
    /// 退会日, or the 適用日 of the application; `None` where that gives none (適用日不明).
    pub left_on: Option<NaiveDate>,
    /// Why.
    pub reason: WithdrawalReason,
    /// The stay that ends, or would; `None` for an application to which no stay is known.
    pub stay: Option<KnownStay>,
    /// The applications about it, the one that speaks first: an approved one before others.
    pub applications: Vec<ApplicationVersion>,
    /// How far it has come.
    pub standing: WithdrawalStage,
    /// Day of the file that first told it.
    pub recorded_on: NaiveDate,
    /// Days from the 退会日 to the day of that file; negative when it was announced before. `None` when the first
    /// export of the source told it: nobody knows since when.
    pub lag_days: Option<i64>,
}

/// How far a withdrawal has come, whatever its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawalStage {
    /// It ends a membership, now or on its day: figures count it.
    Counts,
    /// Filed and not approved, its day ahead or not given.
    Open,
    /// Filed and not approved, its day past.
    Overdue,
    /// Taken back.
    Cancelled,
}

impl Withdrawal {
    /// Class last shown.
    pub fn class(&self) -> Option<NationalClass> {
        self.stay.map(|stay| stay.class)
    }

    /// Whether figures count it: it ends a membership, now or on its day.
    pub fn counts(&self) -> bool {
        self.standing == WithdrawalStage::Counts
    }

    /// Whether it waits for approval, whatever its day.
    pub fn is_open(&self) -> bool {
        matches!(self.standing, WithdrawalStage::Open | WithdrawalStage::Overdue)
    }

    /// Its state as if nobody knew its reason: a death is told like any other withdrawal.
    pub fn state_without_reason(&self, as_of: AsOf, rule: WithdrawalDayRule) -> WithdrawalState {
        match (self.state, self.standing, self.left_on) {
            (WithdrawalState::Death, WithdrawalStage::Counts, Some(day)) => {
                approved(WithdrawalReason::Other, day, as_of, rule)
            }
            (WithdrawalState::Death, WithdrawalStage::Counts, None) => WithdrawalState::Past,
            (WithdrawalState::Death, WithdrawalStage::Open, _) => WithdrawalState::Pending,
            (WithdrawalState::Death, WithdrawalStage::Overdue, _) => WithdrawalState::Overdue,
            (WithdrawalState::Death, WithdrawalStage::Cancelled, _) => WithdrawalState::Cancelled,
            (state, ..) => state,
        }
    }

    /// The application that speaks.
    pub fn application(&self) -> Option<&Application> {
        self.applications.first().map(|version| &version.application)
    }

    /// The day by which it belongs to a period: its own, else the one on which it was taken back or filed.
    pub fn period_day(&self) -> Option<NaiveDate> {
        let filed = || self.application().and_then(|filed| filed.cancelled_on.or(filed.applied_on));
        self.left_on.or_else(filed)
    }

    /// What it asks for. A death that nobody approved yet waits like any other withdrawal.
    pub fn audit_code(&self) -> AuditCode {
        match self.standing {
            WithdrawalStage::Overdue => AuditCode::WithdrawalOverdue,
            WithdrawalStage::Open => AuditCode::WithdrawalPending,
            WithdrawalStage::Counts | WithdrawalStage::Cancelled => self.state.audit_code(),
        }
    }
}

/// What is known of the withdrawals of one person.
#[derive(Debug, Clone, Copy)]
pub struct PersonFacts<'a> {
    /// Local stays, those that a merger closed left out.
    pub stays: &'a [KnownStay],
    /// Applications as known; kinds other than withdrawals are passed over.
    pub applications: &'a [ApplicationVersion],
}

/// Puts each withdrawal of one person in exactly one state, by day and body.
///
/// `first_export` says the day of the first export of the source of a stay.
pub fn withdrawals(
    facts: PersonFacts<'_>,
    as_of: AsOf,
    rule: WithdrawalDayRule,
    first_export: impl Fn(&KnownStay) -> Option<NaiveDate>,
) -> Vec<Withdrawal> {
    let mut out: Vec<Withdrawal> = Vec::new();
    for one in facts.stays.iter().filter_map(|stay| of_stay(stay, as_of, rule, &first_export)) {
        // Who is shown twice in one body leaves it once (R1, R15).
        if !out.iter().any(|other| (other.association, other.left_on) == (one.association, one.left_on)) {
            out.push(one);
        }
    }
    for version in facts.applications {
        let application = &version.application;
        if application.kind != ApplicationKind::Withdrawal {
            continue;
        }
        let Some(day) = application.effective_on else {
            match ended_without_day(&out, facts.stays, application) {
                Some(at) => {
                    add_application(&mut out[at].applications, version);
                    take_reason(&mut out[at], application);
                }
                None => out.extend(without_day(version)),
            }
            continue;
        };
        let stay = newest_before(facts.stays, application, day);
        match stay.and_then(|stay| told_already(&out, stay, application, day, |left| rule.ended_on(left) <= as_of.0)) {
            Some(at) => {
                add_application(&mut out[at].applications, version);
                take_reason(&mut out[at], application);
            }
            None => out.extend(of_application(version, day, stay, as_of, rule)),
        }
    }
    out.sort_by_key(|one| (one.left_on.is_none(), one.left_on, one.association, one.state));
    out
}

/// Of several applications the first that was approved speaks.
fn add_application(applications: &mut Vec<ApplicationVersion>, version: &ApplicationVersion) {
    let is_approved = |one: &ApplicationVersion| one.application.status == ApplicationStatus::Approved;
    let speaks = is_approved(version) && !applications.first().is_some_and(is_approved);
    let at = if speaks { 0 } else { applications.len() };
    applications.insert(at, version.clone());
}

/// A reason that the list leaves blank is that of the approved application of the same stay; 死亡 goes before any other
/// state, whoever told it (R22).
fn take_reason(withdrawal: &mut Withdrawal, application: &Application) {
    let is_approved = application.status == ApplicationStatus::Approved;
    if is_approved && withdrawal.reason == WithdrawalReason::None {
        withdrawal.reason = application.reason;
    }
    let holds = is_approved || application.status == ApplicationStatus::Pending;
    if holds && application.reason == WithdrawalReason::Death {
        withdrawal.state = WithdrawalState::Death;
    }
}

/// The place of the withdrawal that an approved application without 適用日 is about: that of the last stay of the body, where
/// it has ended. The person is not withdrawn a second time.
fn ended_without_day(out: &[Withdrawal], stays: &[KnownStay], application: &Application) -> Option<usize> {
    if application.status != ApplicationStatus::Approved {
        return None;
    }
    let stay = newest_before(stays, application, NaiveDate::MAX)?;
    out.iter().position(|one| one.stay.is_some_and(|other| other.enrolment == stay.enrolment))
}

/// What is filed without 適用日 ends nothing, approved or not: 保留（適用日不明）.
fn without_day(version: &ApplicationVersion) -> Option<Withdrawal> {
    let application = &version.application;
    let (state, standing) = match application.status {
        ApplicationStatus::Unknown => return None,
        ApplicationStatus::Cancelled => (WithdrawalState::Cancelled, WithdrawalStage::Cancelled),
        _ if application.reason == WithdrawalReason::Death => (WithdrawalState::Death, WithdrawalStage::Open),
        _ => (WithdrawalState::Pending, WithdrawalStage::Open),
    };
    Some(filed(version, None, None, (state, standing)))
}

/// The withdrawal that exports, applications or adjustments tell of a stay.
fn of_stay(
    stay: &KnownStay,
    as_of: AsOf,
    rule: WithdrawalDayRule,
    first_export: &impl Fn(&KnownStay) -> Option<NaiveDate>,
) -> Option<Withdrawal> {
    let (left_on, recorded_on) = (stay.left_on?, stay.left_known_from?);
    stay.joined_on?;
    let lag_days = (first_export(stay) != Some(recorded_on)).then(|| (recorded_on - left_on).num_days());
    Some(Withdrawal {
        physician: stay.physician,
        association: stay.association,
        state: approved(stay.reason, left_on, as_of, rule),
        left_on: Some(left_on),
        reason: stay.reason,
        stay: Some(*stay),
        applications: Vec::new(),
        standing: WithdrawalStage::Counts,
        recorded_on,
        lag_days,
    })
}

fn approved(reason: WithdrawalReason, left_on: NaiveDate, as_of: AsOf, rule: WithdrawalDayRule) -> WithdrawalState {
    match reason {
        WithdrawalReason::Death => WithdrawalState::Death,
        _ if as_of.0 < rule.ended_on(left_on) => WithdrawalState::Ahead,
        _ => WithdrawalState::Past,
    }
}

/// The stay that an application is about: of those of the body that had begun by its day the one that ends on that day,
/// else the last to begin (docs/rules.md, "How three kinds of evidence meet").
fn newest_before<'s>(stays: &'s [KnownStay], application: &Application, day: NaiveDate) -> Option<&'s KnownStay> {
    stays
        .iter()
        .filter(|stay| stay.association == application.association && stay.joined_on.is_some_and(|from| from <= day))
        .max_by_key(|stay| (stay.left_on == Some(day), stay.joined_on, stay.enrolment))
}

/// The place of the withdrawal that an application is about, where the stay tells one: an approved application is about
/// it whatever its day, any other one when the days agree. One whose day has passed unapproved is also about an end that has
/// passed and lies near its day: nobody is left to be withdrawn.
fn told_already(
    out: &[Withdrawal],
    stay: &KnownStay,
    application: &Application,
    day: NaiveDate,
    has_passed: impl Fn(NaiveDate) -> bool,
) -> Option<usize> {
    let is_approved = application.status == ApplicationStatus::Approved;
    let is_pending = application.status == ApplicationStatus::Pending;
    let is_near = |left: NaiveDate| (left - day).num_days().abs() <= NEAR_DAYS;
    let same_stay =
        |one: &&Withdrawal| one.stay.is_some_and(|other| other.enrolment == stay.enrolment && other.left_on.is_some());
    let at = out.iter().position(|one| same_stay(&one))?;
    let left_on = out[at].left_on?;
    let is_about =
        is_approved || left_on == day || (is_pending && has_passed(day) && has_passed(left_on) && is_near(left_on));
    is_about.then_some(at)
}

/// A withdrawal that only an application tells; `None` for one without effect, or whose stay exports have reopened.
fn of_application(
    version: &ApplicationVersion,
    left_on: NaiveDate,
    stay: Option<&KnownStay>,
    as_of: AsOf,
    rule: WithdrawalDayRule,
) -> Option<Withdrawal> {
    let application = &version.application;
    let has_passed = rule.ended_on(left_on) <= as_of.0;
    let is_death = application.reason == WithdrawalReason::Death;
    let states = match application.status {
        ApplicationStatus::Unknown => return None,
        ApplicationStatus::Pending if is_death && has_passed => (WithdrawalState::Death, WithdrawalStage::Overdue),
        ApplicationStatus::Pending if is_death => (WithdrawalState::Death, WithdrawalStage::Open),
        ApplicationStatus::Pending if has_passed => (WithdrawalState::Overdue, WithdrawalStage::Overdue),
        ApplicationStatus::Pending => (WithdrawalState::Pending, WithdrawalStage::Open),
        ApplicationStatus::Cancelled => (WithdrawalState::Cancelled, WithdrawalStage::Cancelled),
        // Exports took the day back and are the newer word (R5): the stay goes on, and a finding says so.
        ApplicationStatus::Approved if stay.is_some() => return None,
        ApplicationStatus::Approved => (approved(application.reason, left_on, as_of, rule), WithdrawalStage::Counts),
    };
    Some(filed(version, Some(left_on), stay, states))
}

fn filed(
    version: &ApplicationVersion,
    left_on: Option<NaiveDate>,
    stay: Option<&KnownStay>,
    (state, standing): (WithdrawalState, WithdrawalStage),
) -> Withdrawal {
    Withdrawal {
        physician: version.application.physician,
        association: version.application.association,
        state,
        left_on,
        reason: version.application.reason,
        stay: stay.copied(),
        applications: vec![version.clone()],
        standing,
        recorded_on: version.known_from,
        lag_days: None,
    }
}

/// How late withdrawals became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LagStatistics {
    /// Withdrawals whose day of becoming known is known.
    pub n: usize,
    /// Those that became known after their day.
    pub n_late: usize,
    /// Median of the late ones in days; of an even number the mean of the middle two, half up. `None` without any.
    pub median_days: Option<i64>,
    /// Longest of the late ones in days.
    pub longest_days: Option<i64>,
    /// Those later than 30 days.
    pub n_over_30: usize,
}

/// Sums up lags in days; `None` is one that nobody knows and is left out.
pub fn lag_statistics(lags: impl Iterator<Item = Option<i64>>) -> LagStatistics {
    let known: Vec<i64> = lags.flatten().collect();
    let mut late: Vec<i64> = known.iter().copied().filter(|days| *days > 0).collect();
    late.sort_unstable();
    let middle = late.len() / 2;
    let median_days = match late.len() {
        0 => None,
        n if n % 2 == 1 => Some(late[middle]),
        // Both are above zero, so adding one before halving rounds half up.
        _ => Some((late[middle - 1] + late[middle] + 1) / 2),
    };
    LagStatistics {
        n: known.len(),
        n_late: late.len(),
        median_days,
        longest_days: late.last().copied(),
        n_over_30: late.iter().filter(|days| **days > 30).count(),
    }
}

#[cfg(test)]
mod tests;
