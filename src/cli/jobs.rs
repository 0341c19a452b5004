//! `kaiin serve` and `kaiin jobs`.

use std::process::ExitCode;

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use serde_json::{Value, json};

use super::{Context, NotAnInstant, output};
use crate::clock::{Clock, tokyo};
use crate::domain::as_of::{month_ends, month_start};
use crate::error::{Failure, FailureKind};
use crate::jobs::{self, MONTHLY_PAPERS, Schedule, TickReport};
use crate::messages::{Lang, message};
use crate::service::inbox::{InboxNote, InboxState};
use crate::service::ledger;

#[derive(Debug, Subcommand)]
pub(super) enum JobsCommand {
    /// 台帳（仕事と期間ごとの状態）
    List,
    /// これからの予定（12回分）
    Next,
    /// 一つの期間を今すぐ行う
    Run {
        /// 仕事の名前（monthly-papers）
        job: String,
        /// 期間（例 2025-12）
        period: String,
    },
    /// 期間の幅をまとめて行う
    Backfill {
        /// 仕事の名前（monthly-papers）
        job: String,
        /// 始まりの月（例 2025-04）
        #[arg(long)]
        from: String,
        /// 終わりの月（例 2025-12）
        #[arg(long)]
        to: String,
    },
    /// 鐘を一度だけ鳴らす（拒否したファイル、確認待ち、待っている期間があれば終了コード 1）
    Tick {
        /// 時刻（例 2026-01-05T06:00:00+09:00。省略時は今）
        #[arg(long, value_name = "INSTANT", value_parser = instant_arg)]
        now: Option<DateTime<Utc>>,
    },
}

impl JobsCommand {
    /// Whether it only asks.
    pub(super) fn makes_nothing(&self) -> bool {
        matches!(self, Self::List | Self::Next)
    }
}

fn instant_arg(text: &str) -> Result<DateTime<Utc>, NotAnInstant> {
    let instant = DateTime::parse_from_rfc3339(text).map_err(|_| NotAnInstant(text.into()))?;
    Ok(instant.with_timezone(&Utc))
}

pub(super) async fn run(mut context: Context, command: JobsCommand) -> Result<ExitCode> {
    match command {
        JobsCommand::List => list(&context).await,
        JobsCommand::Next => next(&context),
        JobsCommand::Run { job, period } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let report = jobs::run_one(&context.workspace, &job, &period).await?;
            show(&context, &report)
        }
        JobsCommand::Backfill { job, from, to } => backfill(&context, &job, &from, &to).await,
        JobsCommand::Tick { now } => {
            if let Some(now) = now {
                context.workspace.clock = Clock::Fixed(now);
            }
            let lock = context.workspace.lock_for_writing().await?;
            let report = jobs::tick(&context.workspace, &lock).await?;
            show(&context, &report)
        }
    }
}

async fn backfill(context: &Context, job: &str, from: &str, to: &str) -> Result<ExitCode> {
    let month = |text: &str| format!("{text}-01").parse().map(month_start).map_err(|_| Failure::usage("JOB-002", text));
    let (from, to) = (month(from)?, month(to)?);
    if to < from {
        return Err(Failure::usage("QRY-007", format!("{} – {}", from.format("%Y-%m"), to.format("%Y-%m"))).into());
    }
    let _lock = context.workspace.lock_for_writing().await?;
    let mut all = TickReport::default();
    for day in month_ends(from, to) {
        let report = jobs::run_one(&context.workspace, job, &day.format("%Y-%m").to_string()).await?;
        all.done.extend(report.done);
        all.waiting.extend(report.waiting);
        all.failed.extend(report.failed);
    }
    show(context, &all)
}

async fn list(context: &Context) -> Result<ExitCode> {
    let runs = ledger::runs(&context.workspace).await?;
    if context.json {
        let rows: Vec<_> = runs
            .iter()
            .map(|run| {
                json!({
                    "job": run.job, "period": run.period, "scheduled_at": run.scheduled_at,
                    "state": run.state.code(), "attempts": run.attempts, "note": run.note,
                })
            })
            .collect();
        output::json(&rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    let headings = match context.lang {
        Lang::Ja => ["仕事", "期間", "予定", "状態", "回数", "備考"],
        Lang::En => ["job", "period", "scheduled", "state", "attempts", "note"],
    };
    let rows: Vec<Vec<String>> = runs
        .iter()
        .map(|run| {
            vec![
                run.job.clone(),
                run.period.clone(),
                tokyo_text(run.scheduled_at),
                state(run.state.code(), context.lang).into(),
                run.attempts.to_string(),
                run.note.clone(),
            ]
        })
        .collect();
    output::table(&headings.map(String::from), &rows, &[false; 6]);
    Ok(ExitCode::SUCCESS)
}

/// The state of a run as people read it.
fn state(code: &'static str, lang: Lang) -> &'static str {
    match (code, lang) {
        ("due", Lang::Ja) => "これから",
        ("waiting", Lang::Ja) => "待っている",
        ("running", Lang::Ja) => "行っている",
        ("done", Lang::Ja) => "終わった",
        ("failed", Lang::Ja) => "終えられなかった",
        _ => code,
    }
}

fn next(context: &Context) -> Result<ExitCode> {
    let schedule = Schedule::of(&context.workspace.config.jobs)?;
    let occurrences = schedule.next(context.workspace.clock.now(), 12)?;
    if context.json {
        let rows: Vec<_> = occurrences
            .iter()
            .map(|one| json!({ "job": MONTHLY_PAPERS, "period": one.period, "as_of": one.as_of, "scheduled_at": one.scheduled_at }))
            .collect();
        output::json(&rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    for one in occurrences {
        say!("{}  {MONTHLY_PAPERS}  {}", tokyo_text(one.scheduled_at), one.period);
    }
    Ok(ExitCode::SUCCESS)
}

/// The zone is always said: servers run in UTC, people live in Tokyo.
fn tokyo_text(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M JST").to_string()
}

fn show(context: &Context, report: &TickReport) -> Result<ExitCode> {
    if context.json {
        output::json(&json!({
            "taken": report.taken, "refused": report.refused, "left": report.left, "done": report.done,
            "waiting": report.waiting, "failed": failed_texts(report), "inbox": inbox_json(report, context.lang),
        }))?;
    } else {
        tell(report, context.lang);
    }
    if let Some((period, reason)) = report.failed.first() {
        let said = said(period, reason, context.lang);
        return Err(Failure { details: reason.details.clone(), ..Failure::new(reason.kind, "JOB-004", said) }.into());
    }
    Ok(if report.needs_a_person() { ExitCode::from(FailureKind::Data.exit_code()) } else { ExitCode::SUCCESS })
}

/// What lies in the inbox and was not taken in, with reason and remedy.
fn inbox_json(report: &TickReport, lang: Lang) -> Vec<Value> {
    let one = |note: &InboxNote| {
        let text = message(note.code, lang, &note.detail);
        json!({
            "name": note.name, "state": note.state.code(), "code": note.code, "message": text.text, "hint": text.remedy,
        })
    };
    report.notes.iter().map(one).collect()
}

/// Each thing in the inbox that was not taken in on a line of its own: a name alone helps nobody.
fn tell_inbox(report: &TickReport, lang: Lang) {
    for note in &report.notes {
        let label = match (note.state, lang) {
            (InboxState::Refused, Lang::Ja) => "拒否したファイル",
            (InboxState::Asks, Lang::Ja) => "確認待ちのファイル",
            (InboxState::Stays, Lang::Ja) => "取り込めないもの",
            (InboxState::Left, Lang::Ja) => "次に回したファイル",
            (InboxState::Refused, Lang::En) => "file refused",
            (InboxState::Asks, Lang::En) => "file that asks",
            (InboxState::Stays, Lang::En) => "not taken in",
            (InboxState::Left, Lang::En) => "file left for the next time",
        };
        let text = message(note.code, lang, &note.detail);
        let stop = if lang == Lang::Ja { "。" } else { ". " };
        eprintln!("{label}: {}: {} {}{stop}{}", note.name, note.code, text.text, text.remedy);
    }
}

/// A period and why it could not be finished.
fn said(period: &str, reason: &Failure, lang: Lang) -> String {
    format!("{period}: {} {}", reason.code, message(reason.code, lang, &reason.detail).text)
}

fn failed_texts(report: &TickReport) -> Vec<(String, String)> {
    report.failed.iter().map(|(period, reason)| (period.clone(), reason.to_string())).collect()
}

fn tell(report: &TickReport, lang: Lang) {
    let (taken, done, waiting, failed) = match lang {
        Lang::Ja => ("取り込んだファイル", "終えた期間", "待っている期間", "終えられなかった期間"),
        Lang::En => ("files taken in", "periods done", "periods waiting", "periods failed"),
    };
    eprintln!("{taken}: {}", report.taken);
    tell_inbox(report, lang);
    if !report.done.is_empty() {
        eprintln!("{done}: {}", report.done.join(", "));
    }
    for (period, reason) in &report.waiting {
        eprintln!("{waiting}: {period}（{reason}）");
    }
    for (period, reason) in &report.failed {
        eprintln!("{failed}: {}", said(period, reason, lang));
    }
    if !report.waiting.is_empty() {
        eprintln!(
            "  {}",
            match lang {
                Lang::Ja => "待っている期間は、その間の出力を取り込むか、受け取り口（inbox）に置くと行います",
                Lang::En => "a waiting period is done once an export of those days is taken in or lies in the inbox",
            }
        );
    }
}

pub(super) async fn serve(context: &Context) -> Result<ExitCode> {
    let (lang, json) = (context.lang, context.json);
    if !json {
        eprintln!(
            "{}",
            if lang == Lang::Ja {
                "kaiin は動いています。Ctrl-C で止まります"
            } else {
                "kaiin is running; Ctrl-C stops it"
            }
        );
    }
    // Listening begins before the first tick, so that a signal during it is heard after it.
    let stop = tokio::spawn(stop_signal());
    let stop = async {
        // The listener ends by hearing the signal; were it to break, stopping is right as well.
        let _ = stop.await;
    };
    jobs::serve(&context.workspace, stop, |result| match result {
        Ok(report) if is_news(report) => tell(report, lang),
        Ok(_) => {}
        // A tick that could not run is told and tried again at the next ring.
        Err(error) => drop(output::failure(error, lang, json)),
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}

/// Months that wait are told by `jobs list`, not at every ring; what lies in the inbox and needs a person is.
fn is_news(report: &TickReport) -> bool {
    let needs_a_person = report.notes.iter().any(|note| note.state.needs_a_person());
    report.taken > 0 || !report.done.is_empty() || !report.failed.is_empty() || needs_a_person
}

/// Ctrl-C, or the termination signal of a service manager.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler there is nothing to wait for but the end of the process.
    let _ = tokio::signal::ctrl_c().await;
}
