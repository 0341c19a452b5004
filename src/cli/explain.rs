//! `kaiin explain`.

use std::collections::HashMap;
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};

use super::context::{Context, Format};
use super::dates::date_arg;
use super::output;
use crate::domain::as_of::month_start;
use crate::domain::association::{Association, Associations};
use crate::domain::class::NationalClass;
use crate::domain::ids::PhysicianId;
use crate::domain::japanese_date::{era_date, short_era_date};
use crate::domain::person::KnownPerson;
use crate::domain::printed_number::{signed_count, thousands};
use crate::error::Failure;
use crate::messages::Lang;
use crate::service::keep::steadily;
use crate::service::known::names;
use crate::service::known::vintage::Vintage;
use crate::service::questions::explain::{AskedFigure, Event, Explanation, Member, Source, explain};

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// 医師会（名称かコード、例 浦和、11-001）
    #[arg(value_name = "BODY", required_unless_present = "association", conflicts_with = "association")]
    body: Option<String>,
    /// 医師会（名称かコード）。名称だけを書いても同じ
    #[arg(long, value_name = "CODE|NAME")]
    association: Option<String>,
    /// 基準日
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    as_of: NaiveDate,
    /// 知識時点（省略時は最新の出力日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    known_at: Option<NaiveDate>,
    /// この日の末から説明する（省略時は基準日の月の前月末）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    from: Option<NaiveDate>,
    /// 階層: 郡市区等 local、都道府県 prefectural、日医 national（医師会の階層と合わなければ誤り）
    #[arg(long, value_name = "TIER")]
    tier: Option<String>,
    /// 会員区分: A①, A②(B), A②(C), B, C, 不明（A1, A2B, A2C, unknown とも書ける）
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// 出力の形
    #[arg(long, value_enum, ignore_case = true)]
    format: Option<Format>,
}

/// The persons of an explanation by surrogate id.
type Persons = HashMap<PhysicianId, KnownPerson>;

pub(super) async fn run(context: &Context, args: &ExplainArgs) -> Result<ExitCode> {
    let answered = steadily(&context.workspace, async || {
        let vintage = Vintage::open(&context.workspace, args.known_at).await?;
        let (body, figure) = figure(context, args, &vintage)?;
        let explanation = explain(&context.workspace, &vintage, figure).await?;
        let persons = persons(context, &vintage, &explanation).await?;
        context.workspace.check_head(&vintage.store_head).await?;
        Ok((vintage, body, figure, explanation, persons))
    });
    let (vintage, body, figure, explanation, persons) = answered.await?;
    let AskedFigure { class, opened_on, .. } = figure;
    context.hands_out(&format!("explain {}", body.code), Some(persons.len()), Vec::new());
    match context.format(args.format) {
        Format::Json => {
            let of_event = |event| event_json(event, &persons, &vintage.associations);
            let answer = json!({
                "association": body.code,
                "tier": body.tier.code(),
                "class": class.map(NationalClass::code),
                "as_of": args.as_of,
                "known_at": vintage.known_at.0,
                "head": vintage.head,
                "withdrawal_day_rule": vintage.rule.code(),
                "complete": explanation.coverage.complete,
                "flows": explanation.flows,
                "opening": {"as_of": opened_on, "memberships": explanation.opening},
                "events": explanation.events.iter().map(of_event).collect::<Vec<_>>(),
                "closing": {"as_of": args.as_of, "memberships": explanation.closing},
                "members": explanation.members.iter().map(|member| member_json(member, &persons)).collect::<Vec<_>>(),
            });
            output::json(&answer)?;
        }
        Format::Csv => csv(&explanation, &persons)?,
        Format::Table => {
            let name = body.span_on(args.as_of).name.clone();
            table(&name, figure, &vintage, &explanation, &persons, context.lang);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The body and the figure that are asked for.
fn figure(context: &Context, args: &ExplainArgs, vintage: &Vintage) -> Result<(Association, AskedFigure)> {
    let wanted = args.body.as_ref().or(args.association.as_ref()).map_or("", String::as_str);
    let tier = args.tier.as_deref().map(names::tier).transpose()?;
    let body = names::association_preferring(&vintage.associations, wanted, tier, args.as_of)?;
    if let Some(tier) = tier.filter(|tier| *tier != body.tier) {
        let (body, is) = (names::named(body, args.as_of), body.tier.label());
        return Err(Failure::usage("QRY-016", format!("{body} {is} ≠ --tier {}", tier.label())).into());
    }
    let class = args.class.as_deref().map(|text| names::class(&context.workspace.vocabulary, text)).transpose()?;
    let eve = |day: NaiveDate| day.pred_opt().unwrap_or(day);
    let opened_on = args.from.unwrap_or_else(|| eve(month_start(args.as_of)));
    if opened_on >= args.as_of {
        return Err(Failure::usage("QRY-007", format!("{opened_on} – {}", args.as_of)).into());
    }
    Ok((body.clone(), AskedFigure { association: body.id, class, opened_on, as_of: args.as_of }))
}

async fn persons(context: &Context, vintage: &Vintage, explanation: &Explanation) -> Result<Persons> {
    let events = explanation.events.iter().map(|event| event.physician);
    let mut ids: Vec<PhysicianId> = events.chain(explanation.members.iter().map(|member| member.physician)).collect();
    ids.sort_unstable();
    ids.dedup();
    let known = context.workspace.store.persons(&ids, vintage.known_at).await?;
    Ok(known.into_iter().map(|person| (person.physician, person)).collect())
}

fn number(persons: &Persons, id: PhysicianId) -> Value {
    json!(persons.get(&id).and_then(|person| person.number.known()))
}

fn name(persons: &Persons, id: PhysicianId) -> String {
    persons.get(&id).map_or(String::new(), |person| person.person.texts().name)
}

fn event_json(event: &Event, persons: &Persons, associations: &Associations) -> Value {
    json!({
        "day": event.day,
        "kind": event.kind,
        "label": event.kind.label(),
        "other": event.other.map(|other| json!({
            "association": associations.get(other.association).map(|body| body.code.clone()),
            "day": other.day,
            "gap_days": other.gap_days,
        })),
        "registration_number": number(persons, event.physician),
        "name": name(persons, event.physician),
        "class_before": event.class_before.map(NationalClass::code),
        "class_after": event.class_after.map(NationalClass::code),
        "joined_on": event.stay.joined_on,
        "left_on": event.stay.left_on,
        "effect": event.effect,
        "source": event.source,
    })
}

fn member_json(member: &Member, persons: &Persons) -> Value {
    json!({
        "registration_number": number(persons, member.physician),
        "name": name(persons, member.physician),
        "class": member.class.code(),
        "joined_on": member.stay.joined_on,
        "left_on": member.stay.left_on,
        "source": member.source,
    })
}

/// What an event is, with the other end of a pair: 「転出（→ 大宮、間 3 日）」.
fn kind_text(event: &Event, associations: &Associations, lang: Lang) -> String {
    let kind = if lang == Lang::Ja { event.kind.label().to_string() } else { event.kind.code().replace('_', " ") };
    let Some(other) = event.other else { return kind };
    let arrow = if event.class_after.is_some() { "←" } else { "→" };
    let day = other.day.unwrap_or(event.day);
    let body = associations.get(other.association).map_or("", |body| match lang {
        Lang::Ja => body.span_on(day).short_name.as_str(),
        Lang::En => body.code.as_str(),
    });
    match (other.gap_days, lang) {
        (None, Lang::Ja) => format!("{kind}（{arrow} {body}）"),
        (None, Lang::En) => format!("{kind} ({arrow} {body})"),
        (Some(gap), Lang::Ja) if gap < 0 => format!("{kind}（{arrow} {body}、重複 {} 日）", -gap),
        (Some(gap), Lang::Ja) => format!("{kind}（{arrow} {body}、間 {gap} 日）"),
        (Some(gap), Lang::En) => format!("{kind} ({arrow} {body}, gap {gap} days)"),
    }
}

fn place(source: &Source, lang: Lang) -> String {
    let Some(file) = &source.file else { return String::new() };
    match (source.row, lang) {
        (Some(row), Lang::Ja) => format!("{file} {row}行目"),
        (Some(row), Lang::En) => format!("{file} row {row}"),
        (None, Lang::Ja) => format!("{file}（出力に見えない）"),
        (None, Lang::En) => format!("{file} (not shown)"),
    }
}

/// Members behind the figure, for machines and spreadsheets.
fn csv(explanation: &Explanation, persons: &Persons) -> Result<()> {
    let headings = ["registration_number", "name", "class", "joined_on", "left_on", "told_by", "file", "row", "import"];
    let headings: Vec<String> = headings.map(String::from).to_vec();
    let text = |value: Option<String>| value.unwrap_or_default();
    let rows = explanation.members.iter().map(|member| {
        let source = &member.source;
        vec![
            text(persons.get(&member.physician).map(|person| person.number.to_string())),
            name(persons, member.physician),
            member.class.code().to_string(),
            text(member.stay.joined_on.map(|day| day.to_string())),
            text(member.stay.left_on.map(|day| day.to_string())),
            source.reported_by.to_string(),
            text(source.file.clone()),
            text(source.row.map(|row| row.to_string())),
            text(source.import.map(|import| import.to_string())),
        ]
    });
    output::bytes(&crate::service::keep::export::rows_csv(&headings, rows)?);
    Ok(())
}

fn table(body: &str, figure: AskedFigure, vintage: &Vintage, explanation: &Explanation, persons: &Persons, lang: Lang) {
    let class = figure.class.map_or(String::new(), |class| format!("　{}", class.label()));
    let day = |day: NaiveDate| if lang == Lang::Ja { era_date(day) } else { day.to_string() };
    let opening = thousands(explanation.opening);
    say!("{body}{class}");
    match lang {
        Lang::Ja => say!("{} 現在 {opening} 人", day(figure.opened_on)),
        Lang::En => say!("{}: {opening} members", day(figure.opened_on)),
    }
    let headings: Vec<String> = match lang {
        Lang::Ja => ["日", "異動", "医籍登録番号", "氏名", "会員区分", "増減", "根拠"].map(String::from).to_vec(),
        Lang::En => ["day", "event", "number", "name", "class", "effect", "source"].map(String::from).to_vec(),
    };
    let rows: Vec<Vec<String>> = explanation
        .events
        .iter()
        .map(|event| {
            let label = |class: Option<NationalClass>| class.map_or("", NationalClass::label);
            let class = match (event.class_before, event.class_after) {
                (Some(before), Some(after)) if before != after => format!("{} → {}", before.label(), after.label()),
                (before, after) => label(after.or(before)).to_string(),
            };
            vec![
                if lang == Lang::Ja { short_era_date(event.day) } else { event.day.to_string() },
                kind_text(event, &vintage.associations, lang),
                number(persons, event.physician).to_string(),
                name(persons, event.physician),
                class,
                signed_count(event.effect),
                place(&event.source, lang),
            ]
        })
        .collect();
    if rows.is_empty() {
        say!("{}", if lang == Lang::Ja { "  異動なし" } else { "  no events" });
    } else {
        output::table(&headings, &rows, &[false, false, true, false, false, true, false]);
    }
    foot(vintage, explanation, &day(figure.as_of), lang);
}

/// Closing figure, dates and rules.
fn foot(vintage: &Vintage, explanation: &Explanation, as_of: &str, lang: Lang) {
    let closing = thousands(explanation.closing);
    if !explanation.coverage.complete {
        let areas = explanation.coverage.sentence(lang);
        match lang {
            Lang::Ja => say!("不完全: 出力が及ばない（{areas}）"),
            Lang::En => say!("incomplete: {areas}"),
        }
    }
    match lang {
        Lang::Ja => {
            say!("{} 現在 {closing} 人（名簿 {} 人）", as_of, explanation.members.len());
            say!(
                "知識時点 {}　退会日の扱い {}　台帳 {}　名簿は --format csv",
                era_date(vintage.known_at.0),
                vintage.rule.label(),
                vintage.head
            );
        }
        Lang::En => {
            say!("{}: {closing} members ({} in the list)", as_of, explanation.members.len());
            say!(
                "known at {}, withdrawal day rule {}, head {}; the list comes with --format csv",
                vintage.known_at.0,
                vintage.rule.code(),
                vintage.head
            );
        }
    }
}
