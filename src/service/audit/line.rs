//! Lines of an audit: the finding, and what its kind has to say beside it for programs.
//!
//! Keys and codes of JSON are a contract; they are English and never change their meaning.

use std::collections::HashMap;

use anyhow::Result;
use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::context::AuditContext;
use super::difference::DifferenceAudit;
use super::kind::AuditKind;
use super::late::{LateAudit, LateFinding};
use super::proxy::{ProxyAudit, of_filing, of_reappearance};
use super::tiers::TierAudit;
use super::transfers::TransferAudit;
use super::withdrawals::WithdrawalAudit;
use crate::domain::association::Associations;
use crate::domain::audit::AuditFinding;
use crate::domain::audit::withdrawals::Withdrawal;
use crate::domain::class::NationalClass;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::person::KnownPerson;
use crate::domain::resolved::Contradiction;
use crate::domain::stored_state::StateContradiction;
use crate::messages::{Lang, message};
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;

/// Key of the number of a second person.
pub(super) const OTHER_NUMBER: &str = "other_number";

/// Keys and values of a line, in a fixed order.
pub(super) type Extra = Vec<(&'static str, Value)>;

/// A finished audit.
#[derive(Debug)]
pub struct Audited {
    /// Which audit.
    pub kind: AuditKind,
    /// One line for each finding.
    pub lines: Vec<AuditLine>,
    /// The law of R15: all bodies, then each; only of the MAMIS difference.
    pub terms: Option<DifferenceAudit>,
    /// Whether a person must look at something.
    pub needs_person: bool,
}

/// One line of an audit.
#[derive(Debug, Clone)]
pub struct AuditLine {
    /// The finding.
    pub finding: AuditFinding,
    /// What only this kind of audit says; keys are the same for all lines of one kind.
    pub extra: Vec<(&'static str, Value)>,
}

/// The persons of an audit.
pub type LinePeople = HashMap<PhysicianId, KnownPerson>;

/// Reads the persons of an audit as known.
///
/// # Errors
/// When the store cannot be read.
pub async fn people(workspace: &Workspace, vintage: &Vintage, audited: &Audited) -> Result<LinePeople> {
    let mut ids: Vec<PhysicianId> = audited.lines.iter().map(|line| line.finding.physician).collect();
    ids.sort_unstable();
    ids.dedup();
    let persons = workspace.store.persons(&ids, vintage.known_at).await?;
    Ok(persons.into_iter().map(|person| (person.physician, person)).collect())
}

impl AuditLine {
    /// The line as an object, with number and name of the person when `people` has them.
    pub fn object(&self, associations: &Associations, people: Option<&LinePeople>) -> Value {
        let finding = &self.finding;
        let mut out = Map::new();
        if let Some(people) = people {
            let person = people.get(&finding.physician);
            out.insert("registration_number".into(), json!(person.and_then(|known| known.number.known())));
            out.insert("name".into(), json!(person.map(|known| known.person.texts().name)));
        }
        // The number of a second person goes where the first one goes.
        for (key, value) in self.extra.iter().filter(|(key, _)| people.is_some() || *key != OTHER_NUMBER) {
            out.insert((*key).to_string(), value.clone());
        }
        let code = finding.code.code();
        let body = |id: Option<AssociationId>| code_of(associations, id);
        let common = [
            ("association", body(finding.association)),
            ("other_association", body(finding.other)),
            ("date", json!(finding.before)),
            ("other_date", json!(finding.after)),
            ("learnt_on", json!(finding.learnt_on)),
            ("days", json!(finding.days)),
            ("code", json!(code)),
            ("severity", json!(finding.code.severity().code())),
            ("needs_person", json!(finding.needs_person())),
            ("detail", json!(finding.detail)),
            ("next_step", json!(message(code, Lang::Ja, "").remedy)),
        ];
        for (key, value) in common {
            out.entry(key).or_insert(value);
        }
        Value::Object(out)
    }
}

fn code_of(associations: &Associations, id: Option<AssociationId>) -> Value {
    json!(id.and_then(|id| associations.get(id)).map(|body| body.code.as_str()))
}

/// Findings beside what else a kind says of each; both lists are of one length.
pub(super) fn lines(findings: Vec<AuditFinding>, extra: impl Iterator<Item = Extra>) -> Vec<AuditLine> {
    findings.into_iter().zip(extra).map(|(finding, extra)| AuditLine { finding, extra }).collect()
}

/// The ledger, then what exports took back or lost, then what sources disagree about.
pub(super) fn of_withdrawals(
    context: &AuditContext<'_>,
    audit: &WithdrawalAudit,
    disagree: Vec<(Contradiction, AuditFinding)>,
) -> Vec<AuditLine> {
    let associations = &context.vintage.associations;
    let of_ledger = audit.withdrawals.iter().map(|one| withdrawal(associations, one));
    let of_export = |body: Option<AssociationId>, joined_on: Value, left_on: Value, known_from: NaiveDate| {
        vec![
            ("state", json!("finding")),
            ("association", code_of(associations, body)),
            ("class", Value::Null),
            ("joined_on", joined_on),
            ("left_on", left_on),
            ("reason", Value::Null),
            ("known_from", json!(known_from)),
            ("lag_days", Value::Null),
            ("told_by", Value::Null),
            ("number", Value::Null),
            ("filer", Value::Null),
            ("applied_on", Value::Null),
            ("approved_on", Value::Null),
        ]
    };
    let of_exports = audit.changed.iter().chain(&audit.vanished).map(|known| {
        of_export(known.finding.association, Value::Null, json!(known.finding.date_after), known.known_from)
    });
    let mut out = lines(audit.findings(), of_ledger.chain(of_exports));
    out.extend(disagree.into_iter().map(|(one, finding)| {
        let (joined_on, left_on) = (one.speaker.joined_on, one.speaker.left_on);
        let extra = of_export(Some(one.association), json!(joined_on), json!(left_on), one.since);
        AuditLine { finding: AuditFinding { before: left_on, after: joined_on, ..finding }, extra }
    }));
    out
}

pub(super) fn withdrawal(associations: &Associations, one: &Withdrawal) -> Extra {
    let application = one.application();
    vec![
        ("state", json!(one.state.code())),
        ("association", code_of(associations, Some(one.association))),
        ("class", json!(one.class().map(NationalClass::code))),
        ("joined_on", json!(one.stay.and_then(|stay| stay.joined_on))),
        ("left_on", json!(one.left_on)),
        ("reason", json!(one.reason.code())),
        ("known_from", json!(one.recorded_on)),
        ("lag_days", json!(one.lag_days)),
        ("told_by", json!(one.stay.filter(|_| one.counts()).map(|stay| stay.told.left_on.code()))),
        ("number", json!(application.map(|filed| &*filed.number))),
        ("filer", json!(application.map(|filed| filed.filer))),
        ("applied_on", json!(application.and_then(|filed| filed.applied_on))),
        ("approved_on", json!(application.and_then(|filed| filed.approved_on))),
    ]
}

pub(super) fn of_late(audit: &LateAudit) -> Vec<AuditLine> {
    let findings = audit.findings.iter().map(LateFinding::finding).collect();
    let extra = audit.findings.iter().map(|one| -> Extra {
        let figures: Vec<Value> = one
            .figures
            .iter()
            .map(|figure| {
                let ways: Vec<&str> = figure.day.ways.iter().map(|way| way.code()).collect();
                json!({
                    "as_of": figure.day.as_of, "known_at": figure.day.known_at, "given_out_as": ways,
                    "before": figure.before, "now": figure.now,
                })
            })
            .collect();
        let filed = one.application.as_ref();
        vec![
            ("kind", json!(one.change.kind.code())),
            ("booked_on", json!(one.change.booked_on)),
            ("lag_days", json!(one.change.lag_days)),
            ("figures", json!(figures)),
            ("filer", json!(filed.map(|filed| filed.filer))),
            ("approved_on", json!(filed.and_then(|filed| filed.approved_on))),
            ("approver", json!(one.approver)),
        ]
    });
    lines(findings, extra)
}

pub(super) fn of_proxy(audit: &ProxyAudit) -> Vec<AuditLine> {
    let filed = audit.filings.iter().flat_map(|filing| {
        filing.codes.iter().map(|code| {
            let application = &filing.version.application;
            let extra: Extra = vec![
                ("number", json!(application.number)),
                ("kind", json!(application.kind)),
                ("status", json!(application.status)),
                ("reason", json!(application.reason.code())),
                ("has_evidence", json!(!application.note.trim().is_empty())),
                ("applied_on", json!(application.applied_on)),
            ];
            AuditLine { finding: of_filing(filing, *code), extra }
        })
    });
    let seen = audit.reappeared.iter().map(|one| {
        let keys = ["number", "kind", "status", "reason", "has_evidence", "applied_on"];
        AuditLine { finding: of_reappearance(one), extra: keys.map(|key| (key, Value::Null)).to_vec() }
    });
    filed.chain(seen).collect()
}

pub(super) fn of_transfers(context: &AuditContext<'_>, audit: &TransferAudit) -> Vec<AuditLine> {
    let associations = &context.vintage.associations;
    let of_transfer = |one: &super::PersonTransfer| {
        let (exit, entry) = (one.transfer.exit, one.transfer.entry);
        let extra = vec![
            ("kind", json!(one.transfer.kind.code())),
            ("left", code_of(associations, exit.map(|(body, _)| body))),
            ("left_on", json!(exit.map(|(_, day)| day))),
            ("entered", code_of(associations, entry.map(|(body, _)| body))),
            ("joined_on", json!(entry.map(|(_, day)| day))),
            ("gap_days", json!(one.days_between)),
        ];
        AuditLine { finding: one.finding(), extra }
    };
    audit.transfers.iter().map(of_transfer).collect()
}

/// Breaks, then what sources disagree about above the local tier.
pub(super) fn of_tiers(audit: &TierAudit, disagree: Vec<(Contradiction, AuditFinding)>) -> Vec<AuditLine> {
    let of_break = |one: &super::PersonBreak| {
        let extra = vec![("from", json!(one.tier_break.from)), ("until", json!(one.tier_break.until))];
        AuditLine { finding: one.finding(), extra }
    };
    let of_sources = disagree.into_iter().map(|(_, finding)| {
        let extra = ["from", "until"].map(|key| (key, Value::Null)).to_vec();
        AuditLine { finding, extra }
    });
    audit.breaks.iter().map(of_break).chain(of_sources).collect()
}

pub(super) fn of_difference(audit: &DifferenceAudit) -> Vec<AuditLine> {
    let extra = audit.people.iter().map(|person| -> Extra {
        vec![
            ("cause", json!(person.cause.term().code)),
            ("joined_on", json!(person.stay.joined_on)),
            ("left_on", json!(person.stay.left_on)),
            ("effect", json!(person.effect)),
            ("contradiction", json!(person.contradiction.map(StateContradiction::code))),
        ]
    });
    lines(audit.findings(), extra)
}
