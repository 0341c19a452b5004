//! `kaiin jobs backfill`.

use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::outcome::show;
use super::wording::kind;
use crate::cli::context::Context;
use crate::cli::output;
use crate::domain::as_of::{month_ends, month_start};
use crate::error::Failure;
use crate::jobs::{self, Foreseen, TickReport};
use crate::messages::Lang;

pub(super) async fn backfill(
    context: &Context,
    job: &str,
    (from, to): (&str, &str),
    is_rehearsal: bool,
) -> Result<ExitCode> {
    let month = |text: &str| format!("{text}-01").parse().map(month_start).map_err(|_| Failure::usage("JOB-002", text));
    let (from, to) = (month(from)?, month(to)?);
    if to < from {
        return Err(Failure::usage("QRY-007", format!("{} – {}", from.format("%Y-%m"), to.format("%Y-%m"))).into());
    }
    if is_rehearsal {
        return rehearse(context, job, (from, to)).await;
    }
    let _lock = context.workspace.lock_for_writing().await?;
    let mut all = TickReport::default();
    for period in periods(from, to) {
        let report = jobs::run_one(&context.workspace, job, &period).await?;
        all.append(report);
    }
    show(context, &all)
}

fn periods(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = String> {
    month_ends(from, to).into_iter().map(|day| day.format("%Y-%m").to_string())
}

/// Says what would be done about each month.
async fn rehearse(context: &Context, job: &str, (from, to): (NaiveDate, NaiveDate)) -> Result<ExitCode> {
    let mut found = Vec::new();
    for period in periods(from, to) {
        let foreseen = jobs::foresee(&context.workspace, job, &period).await?;
        found.push((period, foreseen));
    }
    if context.json {
        output::json(&found.iter().map(|(period, foreseen)| foreseen_json(period, *foreseen)).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    for (period, foreseen) in found {
        say!("{period}  {}", words(foreseen, context.lang));
    }
    Ok(ExitCode::SUCCESS)
}

fn foreseen_json(period: &str, foreseen: Foreseen) -> Value {
    match foreseen {
        Foreseen::There(version) => json!({ "period": period, "would": "nothing", "version": version }),
        Foreseen::Make(known_at, kind) => {
            json!({ "period": period, "would": "make", "known_at": known_at, "kind": kind.code() })
        }
        Foreseen::Wait => json!({ "period": period, "would": "wait" }),
    }
}

fn words(foreseen: Foreseen, lang: Lang) -> String {
    match (foreseen, lang) {
        (Foreseen::There(version), Lang::Ja) => format!("作成済み（第{version}版）"),
        (Foreseen::There(version), Lang::En) => format!("made already (version {version})"),
        (Foreseen::Make(known_at, of), Lang::Ja) => format!("作る（{}、知識時点 {known_at}）", kind(of, lang)),
        (Foreseen::Make(known_at, of), Lang::En) => format!("would be made ({}, known at {known_at})", kind(of, lang)),
        (Foreseen::Wait, Lang::Ja) => "月末以後の会員一覧を待つ".to_string(),
        (Foreseen::Wait, Lang::En) => "waits for a member list of its last day or later".to_string(),
    }
}
