//! `kaiin audit`.

use std::collections::HashMap;
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use super::{Context, Format, date_arg, output};
use crate::domain::as_of::{AsOf, Period, month_end, month_start};
use crate::domain::class::NationalClass;
use crate::domain::difference::{DifferenceCause, DifferenceTerms};
use crate::domain::enrolment::KnownStay;
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::settled::Dispute;
use crate::error::Failure;
use crate::messages::{Lang, message};
use crate::service::audit::{self, KnownFinding, KnownPerson, Withdrawal};
use crate::service::corrections::{self, FiledWithdrawal};
use crate::service::identity;
use crate::service::query::Knowledge;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum AuditKind {
    /// 退会（状態、遅れ、取消し・変更、在籍のまま消えた者）
    Withdrawals,
    /// 異動（県内、県外、転出後未入会、不要な退会入会、兼務）
    Transfers,
    /// MAMISの表示との差異
    MamisDifference,
    /// 申請（保留、承認漏れ、退会取消、代理申請、会員一覧との食い違い）
    Applications,
    /// 調整（効いている調整、出力との食い違い）
    Adjustments,
    /// 別の医籍登録番号の同一人物の候補
    SamePersons,
}

#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// 監査の種類
    #[arg(value_enum)]
    kind: AuditKind,
    /// 期間の始まり（省略時は知識時点の月の初日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    from: Option<NaiveDate>,
    /// 期間の終わり（省略時は知識時点の月の末日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    to: Option<NaiveDate>,
    /// 基準日（省略時は知識時点）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    as_of: Option<NaiveDate>,
    /// 知識時点（省略時は最新の出力日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    known_at: Option<NaiveDate>,
    /// 出力の形
    #[arg(long, value_enum)]
    format: Option<Format>,
}

/// One line of an audit: keys in a fixed order, the same for all lines of an audit.
type Line = Vec<(&'static str, Value)>;

/// A finished audit.
struct Audit {
    lines: Vec<(PhysicianId, Line)>,
    terms: Option<Value>,
    needs_person: bool,
}

pub(super) async fn run(context: &Context, args: &AuditArgs) -> Result<ExitCode> {
    let knowledge = Knowledge::open(&context.workspace, args.known_at).await?;
    let known_at = knowledge.known_at.0;
    let period = Period {
        from: args.from.unwrap_or_else(|| month_start(known_at)),
        to: args.to.unwrap_or_else(|| month_end(known_at)),
    };
    if period.to < period.from {
        return Err(Failure::usage("QRY-007", format!("{} – {}", period.from, period.to)).into());
    }
    let as_of = AsOf(args.as_of.unwrap_or(known_at));
    let audit = match args.kind {
        AuditKind::Withdrawals => withdrawals(context, &knowledge, as_of, period).await?,
        AuditKind::Transfers => transfers(&knowledge, period)?,
        AuditKind::MamisDifference => mamis_difference(&knowledge)?,
        AuditKind::Applications => applications(context, &knowledge, as_of, period).await?,
        AuditKind::Adjustments => adjustments(context, &knowledge).await?,
        AuditKind::SamePersons => same_persons(context, &knowledge).await?,
    };
    let lines = with_persons(context, &knowledge, audit.lines).await?;
    match context.format(args.format) {
        Format::Json => output::json(&json!({
            "audit": args.kind.to_possible_value().map(|value| value.get_name().to_string()),
            "from": period.from,
            "to": period.to,
            "as_of": as_of.0,
            "known_at": known_at,
            "head": knowledge.head,
            "needs_person": audit.needs_person,
            "terms": audit.terms,
            "findings": lines.iter().map(object).collect::<Vec<_>>(),
        }))?,
        Format::Csv => csv(&lines)?,
        Format::Table => table(&lines, audit.terms.as_ref(), context.lang),
    }
    Ok(if audit.needs_person { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

async fn withdrawals(context: &Context, knowledge: &Knowledge, as_of: AsOf, period: Period) -> Result<Audit> {
    let audit = audit::withdrawals(&context.workspace, knowledge, as_of, period).await?;
    let mut lines: Vec<(PhysicianId, Line)> = audit
        .withdrawals
        .iter()
        .map(|withdrawal| (withdrawal.stay.physician, withdrawal_line(knowledge, withdrawal)))
        .collect();
    // Late ones of earlier months are told as well: they change figures that were given out.
    for withdrawal in audit.late.iter().filter(|late| !audit.withdrawals.contains(late)) {
        lines.push((withdrawal.stay.physician, withdrawal_line(knowledge, withdrawal)));
    }
    for known in audit.changed.iter().chain(&audit.vanished) {
        lines.push((known.finding.physician, finding_line(knowledge, known)));
    }
    Ok(Audit { lines, terms: None, needs_person: audit.needs_person() })
}

fn withdrawal_line(knowledge: &Knowledge, withdrawal: &Withdrawal) -> Line {
    let stay = &withdrawal.stay;
    vec![
        ("state", json!(withdrawal.state.code())),
        ("association", body(knowledge, stay.association)),
        ("class", json!(stay.class.code())),
        ("joined_on", json!(stay.joined_on)),
        ("left_on", json!(withdrawal.left_on)),
        ("reason", json!(reason(stay))),
        ("known_from", json!(stay.left_known_from)),
        ("lag_days", json!(withdrawal.lag_days)),
        ("overtaken_export", json!(withdrawal.overtaken_export)),
        ("code", Value::Null),
        ("next_step", Value::Null),
    ]
}

fn reason(stay: &KnownStay) -> &'static str {
    stay.reason.code()
}

fn finding_line(knowledge: &Knowledge, known: &KnownFinding) -> Line {
    let code = known.finding.code.code();
    vec![
        ("state", json!("finding")),
        ("association", known.finding.association.map_or(Value::Null, |id| body(knowledge, id))),
        ("class", Value::Null),
        ("joined_on", Value::Null),
        ("left_on", json!(known.finding.date_after)),
        ("reason", Value::Null),
        ("known_from", json!(known.known_from)),
        ("lag_days", Value::Null),
        ("overtaken_export", Value::Null),
        ("code", json!(code)),
        ("next_step", json!(message(code, Lang::Ja, "").remedy)),
    ]
}

/// Withdrawals as they were filed, then what disagrees with the member list.
async fn applications(context: &Context, knowledge: &Knowledge, as_of: AsOf, period: Period) -> Result<Audit> {
    let filed = corrections::filed_withdrawals(&context.workspace, knowledge, as_of, period).await?;
    let disputes = disputes(context, knowledge, false).await?;
    let needs_person = filed.iter().any(FiledWithdrawal::needs_person) || !disputes.is_empty();
    let mut lines: Vec<(PhysicianId, Line)> = filed
        .iter()
        .map(|filed| {
            let application = filed.application();
            let line: Line = vec![
                ("state", json!(filed.state.code())),
                ("number", json!(application.number)),
                ("association", body(knowledge, application.association)),
                ("shown", Value::Null),
                ("filed", json!(application.effective_on)),
                ("filer", json!(application.filer)),
                ("has_evidence", json!(!application.note.is_empty())),
                ("reason", json!(application.reason.code())),
                ("needs_person", json!(filed.needs_person())),
                ("code", Value::Null),
                ("next_step", Value::Null),
            ];
            (application.physician, line)
        })
        .collect();
    lines.extend(disputes.iter().map(|dispute| {
        let code = dispute.code.code();
        let line: Line = vec![
            ("state", json!("finding")),
            ("number", json!(dispute.number)),
            ("association", dispute.association.map_or(Value::Null, |id| body(knowledge, id))),
            ("shown", json!(dispute.shown)),
            ("filed", json!(dispute.filed)),
            ("filer", Value::Null),
            ("has_evidence", Value::Null),
            ("reason", Value::Null),
            ("needs_person", json!(true)),
            ("code", json!(code)),
            ("next_step", json!(message(code, Lang::Ja, "").remedy)),
        ];
        (dispute.physician, line)
    }));
    Ok(Audit { lines, terms: None, needs_person })
}

/// Disagreements about adjustments, or about applications.
async fn disputes(context: &Context, knowledge: &Knowledge, of_adjustments: bool) -> Result<Vec<Dispute>> {
    let mut found = corrections::disputes(&context.workspace, knowledge).await?;
    found.retain(|dispute| dispute.code.is_about_adjustment() == of_adjustments);
    Ok(found)
}

async fn adjustments(context: &Context, knowledge: &Knowledge) -> Result<Audit> {
    let holding = corrections::adjustments(&context.workspace, knowledge).await?;
    let disputes = disputes(context, knowledge, true).await?;
    let lines = holding
        .iter()
        .map(|version| {
            let adjustment = &version.adjustment;
            let dispute = disputes.iter().find(|dispute| dispute.number == adjustment.number);
            let code = dispute.map(|dispute| dispute.code.code());
            let line: Line = vec![
                ("number", json!(adjustment.number)),
                ("kind", json!(adjustment.kind.code())),
                ("association", adjustment.association.map_or(Value::Null, |id| body(knowledge, id))),
                ("stay_joined_on", json!(adjustment.stay_joined_on)),
                ("day", json!(adjustment.day)),
                ("class", json!(adjustment.class.map(NationalClass::code))),
                ("finding", json!(adjustment.finding.map(FindingCode::code))),
                ("known_from", json!(version.known_from)),
                ("why", json!(adjustment.why)),
                ("approver", json!(adjustment.approver)),
                ("code", json!(code)),
                ("next_step", json!(code.map(|code| message(code, Lang::Ja, "").remedy))),
            ];
            (adjustment.physician, line)
        })
        .collect();
    Ok(Audit { lines, terms: None, needs_person: !disputes.is_empty() })
}

/// Candidates only: a merge is an adjustment (同一人物) that a person approves.
async fn same_persons(context: &Context, knowledge: &Knowledge) -> Result<Audit> {
    let pairs = identity::candidates(&context.workspace, knowledge).await?;
    let lines: Vec<(PhysicianId, Line)> = pairs
        .iter()
        .map(|pair| {
            let line: Line = vec![
                ("other_number", json!(pair.other.0)),
                ("likeness", json!(pair.likeness.code())),
                ("overlap", json!(pair.overlaps)),
                ("code", json!(FindingCode::PossiblySamePerson.code())),
                ("next_step", json!(message(FindingCode::PossiblySamePerson.code(), Lang::Ja, "").remedy)),
            ];
            (pair.physician, line)
        })
        .collect();
    Ok(Audit { needs_person: !lines.is_empty(), lines, terms: None })
}

fn transfers(knowledge: &Knowledge, period: Period) -> Result<Audit> {
    let audit = audit::transfers(knowledge, period)?;
    let needs_person = audit.movements.iter().any(|one| one.movement.needs_person());
    let half = |half: Option<(AssociationId, NaiveDate)>| match half {
        Some((id, day)) => (body(knowledge, id), json!(day)),
        None => (Value::Null, Value::Null),
    };
    let lines = audit
        .movements
        .iter()
        .map(|one| {
            let (left, left_on) = half(one.movement.exit);
            let (entered, joined_on) = half(one.movement.entry);
            let line: Line = vec![
                ("kind", json!(one.movement.kind.code())),
                ("left", left),
                ("left_on", left_on),
                ("entered", entered),
                ("joined_on", joined_on),
                ("gap_days", json!(one.movement.gap_days)),
                ("needs_person", json!(one.movement.needs_person())),
            ];
            (one.physician, line)
        })
        .collect();
    Ok(Audit { lines, terms: None, needs_person })
}

fn mamis_difference(knowledge: &Knowledge) -> Result<Audit> {
    let audit = audit::mamis_difference(knowledge)?;
    let lines = audit
        .people
        .iter()
        .map(|person| {
            let line: Line = vec![
                ("cause", json!(cause_code(person.cause))),
                ("association", body(knowledge, person.stay.association)),
                ("joined_on", json!(person.stay.joined_on)),
                ("left_on", json!(person.stay.left_on)),
                ("effect", json!(person.effect)),
            ];
            (person.stay.physician, line)
        })
        .collect();
    let by_body: Vec<Value> = audit
        .bodies
        .iter()
        .map(|(id, terms)| {
            let mut object = terms_object(terms);
            object.insert("association".into(), body(knowledge, *id));
            Value::Object(object)
        })
        .collect();
    let mut terms = terms_object(&audit.total);
    terms.insert("export_day".into(), json!(audit.export_day));
    terms.insert("by_association".into(), Value::Array(by_body));
    Ok(Audit {
        lines,
        needs_person: audit.total.remainder != 0 || has_remainder(&audit),
        terms: Some(Value::Object(terms)),
    })
}

/// Remainders of opposite sign must not hide each other.
fn has_remainder(audit: &audit::DifferenceAudit) -> bool {
    audit.people.iter().any(|person| person.cause == DifferenceCause::Unexplained)
}

fn cause_code(cause: DifferenceCause) -> &'static str {
    match cause {
        DifferenceCause::WithdrawalAhead => "withdrawal_ahead",
        DifferenceCause::JoinAhead => "join_ahead",
        DifferenceCause::NotShown => "not_shown",
        DifferenceCause::Corrected => "corrected",
        DifferenceCause::BodyNotThere => "body_not_there",
        DifferenceCause::Unexplained => "unexplained",
    }
}

fn terms_object(terms: &DifferenceTerms) -> Map<String, Value> {
    let values = [
        ("source_count", terms.source_count),
        ("withdrawals_ahead", terms.withdrawals_ahead),
        ("joins_ahead", terms.joins_ahead),
        ("not_shown", terms.not_shown),
        ("corrected", terms.corrected),
        ("remainder", terms.remainder),
        ("ours", terms.ours),
    ];
    // Hardly any day has it; the keys of all others stay as they were.
    let reorganised = (terms.bodies_not_there != 0).then_some(("bodies_not_there", terms.bodies_not_there));
    values.into_iter().chain(reorganised).map(|(key, value)| (key.to_string(), json!(value))).collect()
}

fn body(knowledge: &Knowledge, id: AssociationId) -> Value {
    json!(knowledge.associations.get(id).map(|body| body.code.as_str()))
}

/// Puts number and name in front of each line.
async fn with_persons(context: &Context, knowledge: &Knowledge, lines: Vec<(PhysicianId, Line)>) -> Result<Vec<Line>> {
    let mut ids: Vec<PhysicianId> = lines.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    let persons = context.workspace.store.persons(&ids, knowledge.known_at).await?;
    let persons: HashMap<PhysicianId, KnownPerson> =
        persons.into_iter().map(|person| (person.physician, person)).collect();
    Ok(lines
        .into_iter()
        .map(|(id, line)| {
            let person = persons.get(&id);
            let number = json!(person.map(|known| known.number.0));
            let name = json!(person.map(|known| known.person.texts().name));
            [("registration_number", number), ("name", name)].into_iter().chain(line).collect()
        })
        .collect())
}

fn object(line: &Line) -> Value {
    Value::Object(line.iter().map(|(key, value)| ((*key).to_string(), value.clone())).collect())
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn csv(lines: &[Line]) -> Result<()> {
    let Some(first) = lines.first() else { return Ok(()) };
    let headings: Vec<String> = first.iter().map(|(key, _)| (*key).to_string()).collect();
    let rows = lines.iter().map(|line| line.iter().map(|(_, value)| text(value)).collect());
    output::bytes(&crate::service::export::rows_csv(&headings, rows)?)
}

fn table(lines: &[Line], terms: Option<&Value>, lang: Lang) {
    match lines.first() {
        None => say!("{}", if lang == Lang::Ja { "※件数 0 件" } else { "no findings" }),
        Some(first) => {
            let headings: Vec<String> = first.iter().map(|(key, _)| (*key).to_string()).collect();
            let rows: Vec<Vec<String>> =
                lines.iter().map(|line| line.iter().map(|(_, value)| text(value)).collect()).collect();
            output::table(&headings, &rows, &vec![false; headings.len()]);
        }
    }
    if let Some(Value::Object(terms)) = terms {
        let n = |key: &str| terms.get(key).map(text).unwrap_or_default();
        say!("");
        let (source, ahead, joins) = (n("source_count"), n("withdrawals_ahead"), n("joins_ahead"));
        let (silent, corrected, rest, ours) = (n("not_shown"), n("corrected"), n("remainder"), n("ours"));
        let gone = n("bodies_not_there");
        let gone = match lang {
            _ if gone.is_empty() => String::new(),
            Lang::Ja => format!(" － 廃止・新設前の医師会の行 {gone}"),
            Lang::En => format!(" - rows of bodies not there {gone}"),
        };
        match lang {
            Lang::Ja => say!(
                "会員数 {ours} ＝ MAMISの表示 {source} ＋ 退会日未到来 {ahead} － 入会日未到来 {joins}{gone} ＋ 出力に見えない {silent} ＋ 申請・調整 {corrected} ＋ 残差 {rest}"
            ),
            Lang::En => say!(
                "ours {ours} = source {source} + withdrawals ahead {ahead} - joins ahead {joins}{gone} + not shown {silent} + corrected {corrected} + remainder {rest}"
            ),
        }
    }
}
