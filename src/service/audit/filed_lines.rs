//! Lines about what was filed: applications, adjustments, and candidates for one person.

use anyhow::Result;
use serde_json::{Value, json};

use super::context::AuditContext;
use super::line::{AuditLine, OTHER_NUMBER};
use super::sources;
use super::withdrawals::WithdrawalAudit;
use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::{ApplicationVersion, Filer};
use crate::domain::audit::withdrawal_state::WithdrawalState;
use crate::domain::audit::withdrawals::Withdrawal;
use crate::domain::audit::{AuditCode, AuditFinding, CheckCode};
use crate::domain::class::NationalClass;
use crate::domain::finding::FindingCode;
use crate::domain::ids::PhysicianId;
use crate::domain::person::KnownPerson;
use crate::domain::resolved::Dispute;
use crate::service::known::reused_numbers::ReusedNumber;
use crate::service::known::{corrections, identity};

/// The applications behind the ledger of withdrawals, each with the state of its withdrawal, then what disagrees with the
/// member list, then where member lists disagree.
pub(super) fn of_applications(context: &AuditContext<'_>, audit: &WithdrawalAudit) -> Result<Vec<AuditLine>> {
    let mut filed: Vec<(&Withdrawal, &ApplicationVersion)> =
        audit.withdrawals.iter().flat_map(|one| one.applications.iter().map(move |version| (one, version))).collect();
    filed.sort_by_key(|(one, version)| {
        let application = &version.application;
        let place = context.vintage.associations.rank(application.association);
        (printing_order(one.state), application.effective_on, place, &application.number)
    });
    let mut out: Vec<AuditLine> = filed.into_iter().map(|(one, version)| of_filed(one, version)).collect();
    let disputes = disputes(context, false)?;
    let reused = corrections::reused_numbers_of_applications(context.vintage)?;
    let of_number = reused.iter().filter(|one| keeps_dispute(context, &one.dispute));
    let of_number = of_number.map(|one| (&one.dispute, of_reused_number(one)));
    let findings = disputes.iter().map(|dispute| (dispute, of_dispute(dispute))).chain(of_number);
    out.extend(findings.map(|(dispute, finding)| {
        let extra = vec![
            ("state", json!("finding")),
            ("number", json!(dispute.number)),
            ("shown", json!(dispute.shown)),
            ("filed", json!(dispute.filed)),
            ("filer", Value::Null),
            ("has_evidence", Value::Null),
            ("reason", Value::Null),
        ];
        AuditLine { finding, extra }
    }));
    out.extend(sources::contradictions(context, |_| true)?.into_iter().map(|(_, finding)| {
        let keys = ["number", "shown", "filed", "filer", "has_evidence", "reason"];
        let nothing = keys.map(|key| (key, Value::Null));
        AuditLine { finding, extra: [("state", json!("finding"))].into_iter().chain(nothing).collect() }
    }));
    Ok(out)
}

fn keeps_dispute(context: &AuditContext<'_>, dispute: &Dispute) -> bool {
    dispute.association.is_none_or(|body| context.keeps(body))
}

/// Both rows are named, so that whoever mistyped a number finds it.
fn of_reused_number(reused: &ReusedNumber) -> AuditFinding {
    let [row, other] = &reused.rows;
    AuditFinding {
        detail: format!("番号 {}、{row}。もう一つは {other}", reused.dispute.number),
        ..of_dispute(&reused.dispute)
    }
}

/// What is open comes first.
fn printing_order(state: WithdrawalState) -> usize {
    use WithdrawalState as State;
    let order = [State::Pending, State::Overdue, State::Cancelled, State::Ahead, State::Past, State::Death];
    order.iter().position(|one| *one == state).unwrap_or(order.len())
}

fn of_filed(one: &Withdrawal, version: &ApplicationVersion) -> AuditLine {
    let application = &version.application;
    let extra = vec![
        ("state", json!(one.state.code())),
        ("number", json!(application.number)),
        ("shown", Value::Null),
        ("filed", json!(application.effective_on)),
        ("filer", json!(application.filer)),
        ("has_evidence", json!(!application.note.is_empty())),
        ("reason", json!(application.reason.code())),
    ];
    // An association that wrote down no evidence is asked for it, unless approval is more urgent.
    let lacks_evidence = application.filer == Filer::Proxy && application.note.is_empty();
    let code = match one.audit_code() {
        AuditCode::WithdrawalOverdue => AuditCode::WithdrawalOverdue,
        _ if lacks_evidence => AuditCode::ProxyEvidence,
        other => other,
    };
    let unknown_day = if application.effective_on.is_none() { "、適用日不明" } else { "" };
    let finding = AuditFinding {
        before: application.effective_on,
        learnt_on: Some(version.known_from),
        detail: format!("申請番号 {}{unknown_day}", application.number),
        ..AuditFinding::new(code, application.physician, Some(application.association))
    };
    AuditLine { finding, extra }
}

fn of_dispute(dispute: &Dispute) -> AuditFinding {
    AuditFinding {
        before: dispute.filed,
        after: dispute.shown,
        learnt_on: dispute.shown_since,
        detail: format!("番号 {}", dispute.number),
        ..AuditFinding::new(CheckCode::Finding(dispute.code), dispute.physician, dispute.association)
    }
}

/// Disagreements about adjustments, or about applications, in the area.
fn disputes(context: &AuditContext<'_>, of_adjustments: bool) -> Result<Vec<Dispute>> {
    let is_asked =
        |dispute: &&Dispute| dispute.code.is_about_adjustment() == of_adjustments && keeps_dispute(context, dispute);
    Ok(corrections::disputes(context.vintage)?.iter().filter(is_asked).cloned().collect())
}

pub(super) fn of_adjustments(context: &AuditContext<'_>) -> Result<Vec<AuditLine>> {
    let of_area = |version: &&AdjustmentVersion| version.adjustment.association.is_none_or(|body| context.keeps(body));
    let holding = context.vintage.records()?.holding().filter(of_area);
    let disputes = disputes(context, true)?;
    let mut out: Vec<AuditLine> = holding.map(|version| of_adjustment(version, &disputes)).collect();
    let reused = corrections::reused_numbers_of_adjustments(context.vintage)?;
    out.extend(reused.iter().filter(|one| keeps_dispute(context, &one.dispute)).map(|one| {
        let keys = ["kind", "stay_joined_on", "day", "class", "finding", "known_from", "why", "approver"];
        let mut extra = vec![("number", json!(one.dispute.number))];
        extra.extend(keys.map(|key| (key, Value::Null)));
        AuditLine { finding: of_reused_number(one), extra }
    }));
    Ok(out)
}

/// An adjustment that holds, or what disagrees with it.
fn of_adjustment(version: &AdjustmentVersion, disputes: &[Dispute]) -> AuditLine {
    let adjustment = &version.adjustment;
    // A number may be used again for somebody else (R27).
    let is_about = |one: &&Dispute| (one.physician, &one.number) == (adjustment.physician, &adjustment.number);
    let dispute = disputes.iter().find(is_about);
    let code = dispute.map_or(CheckCode::Audit(AuditCode::AdjustmentHolds), |one| CheckCode::Finding(one.code));
    let extra = vec![
        ("number", json!(adjustment.number)),
        ("kind", json!(adjustment.kind.code())),
        ("stay_joined_on", json!(adjustment.stay_joined_on)),
        ("day", json!(adjustment.day)),
        ("class", json!(adjustment.class.map(NationalClass::code))),
        ("finding", json!(adjustment.finding.map(FindingCode::code))),
        ("known_from", json!(version.known_from)),
        ("why", json!(adjustment.why)),
        ("approver", json!(adjustment.approver)),
    ];
    let finding = AuditFinding {
        before: adjustment.day,
        after: adjustment.stay_joined_on,
        learnt_on: Some(version.known_from),
        detail: format!("{} {}、承認者 {}", adjustment.number, adjustment.kind.label(), adjustment.approver),
        ..AuditFinding::new(code, adjustment.physician, adjustment.association)
    };
    AuditLine { finding, extra }
}

/// Candidates only: a merge is an adjustment (同一人物) that a person approves.
pub(super) fn of_same_persons(context: &AuditContext<'_>, persons: &[KnownPerson]) -> Result<Vec<AuditLine>> {
    let pairs = identity::candidates(context.vintage, persons)?;
    let stays = context.vintage.local_stays()?;
    // Where each of the two was last taken in tells the office whom to ask.
    let last = |person: PhysicianId| {
        let from = stays.stays.partition_point(|stay| stay.physician < person);
        let own = stays.stays[from..].iter().take_while(|stay| stay.physician == person);
        let joined = own.filter(|stay| stay.joined_on.is_some());
        joined.max_by_key(|stay| (stay.joined_on, stay.left_on.is_none(), stay.association))
    };
    let of_pair = |pair: &identity::CandidatePair| {
        let extra = vec![
            (OTHER_NUMBER, json!(pair.other.0)),
            ("likeness", json!(pair.likeness.code())),
            ("overlap", json!(pair.overlaps)),
        ];
        let (one, other) = (last(pair.physician), last(pair.other_physician));
        let overlap = if pair.overlaps { "在籍が重なる" } else { "在籍は重ならない" };
        let code = CheckCode::Finding(FindingCode::PossiblySamePerson);
        let finding = AuditFinding {
            other: other.map(|stay| stay.association),
            before: one.and_then(|stay| stay.joined_on),
            after: other.and_then(|stay| stay.joined_on),
            // The other number is what the list is for; it stays in files and off the screen like the first.
            detail: format!("{}。{overlap}", pair.likeness.label()),
            ..AuditFinding::new(code, pair.physician, one.map(|stay| stay.association))
        };
        AuditLine { finding, extra }
    };
    let mut lines: Vec<AuditLine> = pairs.iter().map(of_pair).collect();
    lines.retain(|line| {
        let mut bodies = [line.finding.association, line.finding.other].into_iter().flatten().peekable();
        bodies.peek().is_none() || bodies.any(|body| context.keeps(body))
    });
    Ok(lines)
}
