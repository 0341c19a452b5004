//! `kaiin serve` and `kaiin jobs`.

use std::process::ExitCode;

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use serde_json::{Value, json};

use super::inbox_notes::{inbox_json, inbox_todo, tell_inbox};
use super::{Context, NotAnInstant, jobs_list, output};
use crate::clock::{Clock, tokyo};
use crate::domain::as_of::{month_ends, month_start};
use crate::error::{Failure, FailureKind};
use crate::jobs::{self, MadeVersion, MissingPaper, TickReport, UnprintablePaper, Waiting};
use crate::messages::{Lang, Message, message, message_of};
use crate::service::intake::inbox::InboxNote;
use crate::service::keep::ledger::VersionKind;

#[derive(Debug, Subcommand)]
pub(super) enum JobsCommand {
    /// 台帳（仕事と期間ごとの状態）
    List,
    /// これからの予定（12回分）
    Next,
    /// 一つの期間を今すぐ行う（締切の前なら速報を作り、定時の版は後で作る）
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
    /// 作成済みの期間を、今知っていることで、次の版に作り直す（前の版は残る）
    Rerun {
        /// 期間（例 2025-12）
        period: String,
        /// なぜ作り直すか（台帳に残る）
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 待っている期間や終えられなかった期間を、今知っていることで作る
    Release {
        /// 期間（例 2025-12）
        period: String,
        /// なぜ待たずに作るか（台帳に残る）
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 帳票を書くところを、このデータフォルダに移す（サーバーの台帳を複数の機械で使うとき）
    MoveHere {
        /// なぜ移すか（台帳に残る）
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 鐘を一度だけ鳴らす（拒否したファイル、確認待ち、待っている期間があれば終了コード 1）
    Tick {
        /// 時刻（例 2026-01-05T06:00:00+09:00。省略時は今）
        #[arg(long, value_name = "INSTANT", value_parser = instant_arg)]
        now: Option<DateTime<Utc>>,
    },
}

impl JobsCommand {
    /// Whether it makes nothing where there is no store: what only asks, or does something about months that are there.
    /// The bell may ring in a new folder, whose first files lie in the inbox.
    pub(super) fn makes_nothing(&self) -> bool {
        !matches!(self, Self::Tick { .. })
    }
}

fn instant_arg(text: &str) -> Result<DateTime<Utc>, NotAnInstant> {
    let instant = DateTime::parse_from_rfc3339(text).map_err(|_| NotAnInstant(text.into()))?;
    Ok(instant.with_timezone(&Utc))
}

pub(super) async fn run(mut context: Context, command: JobsCommand) -> Result<ExitCode> {
    if !matches!(command, JobsCommand::List) {
        warn_of_reports(&context);
    }
    match command {
        JobsCommand::List => jobs_list::list(&context).await,
        JobsCommand::Next => jobs_list::next(&context).await,
        JobsCommand::Run { job, period } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let report = jobs::run_one(&context.workspace, &job, &period).await?;
            show(&context, &report)
        }
        JobsCommand::Rerun { period, reason } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let report = jobs::rerun(&context.workspace, &period, &reason).await?;
            show(&context, &report)
        }
        JobsCommand::Release { period, reason } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let report = jobs::release(&context.workspace, &period, &reason).await?;
            show(&context, &report)
        }
        JobsCommand::MoveHere { reason } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let (before, lacking) = jobs::move_here(&context.workspace, &reason).await?;
            moved_here(&context, before.map_or_else(|| "-".to_string(), |home| home.place), lacking)
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

/// Says where papers were written before, and that those which lie there should be brought along.
fn moved_here(context: &Context, before: String, lacking: usize) -> Result<ExitCode> {
    if context.json {
        output::json(&json!({ "before": before, "folders_lacking": lacking }))?;
    } else {
        let text = message_of("JOB-021", context.lang, &[before, lacking.to_string()]);
        eprintln!("{}\n  {}", text.text, text.remedy);
    }
    Ok(ExitCode::SUCCESS)
}

/// Names reports of the settings that are not there before the run that will lack them.
fn warn_of_reports(context: &Context) {
    if let Some(failure) = jobs::unknown_reports(&context.workspace).filter(|_| !context.json) {
        let text = message(failure.code, context.lang, &failure.detail);
        let label = if context.lang == Lang::Ja { "注意" } else { "warning" };
        let meant: String =
            failure.details.iter().filter_map(|one| one.meant.as_deref()).fold(String::new(), |all, word| {
                all + &message_of("DEF-099", context.lang, &[word.to_string()]).text + " "
            });
        eprintln!("{label} {}: {}\n  {meant}{}", failure.code, text.text, text.remedy);
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
        all.append(report);
    }
    show(context, &all)
}

/// The zone is always said: servers run in UTC, people live in Tokyo.
pub(super) fn tokyo_text(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M JST").to_string()
}

fn show(context: &Context, report: &TickReport) -> Result<ExitCode> {
    if context.json {
        output::json(&report_json(context, report))?;
    } else {
        tell(report, context.lang);
    }
    // Where months fail as well, their failure is the one that ends the command.
    if let (Some(trouble), Some(_), false) = (&report.trouble, papers_failure(report, context.lang), context.json) {
        eprintln!("{}", output::failure_text(&trouble_failure(trouble, context.lang), context.lang));
    }
    match failure(report, context.lang) {
        Some(failure) => Err(failure.into()),
        None if report.needs_a_person() => Ok(ExitCode::from(FailureKind::Data.exit_code())),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// The failure of what could not be made. Where a part was made, or the reasons lie in data and settings, the exit code is
/// that of data (R31).
fn failure(report: &TickReport, lang: Lang) -> Option<Failure> {
    papers_failure(report, lang).or_else(|| report.trouble.as_ref().map(|trouble| trouble_failure(trouble, lang)))
}

/// What kept the inbox from being dealt with to its end.
fn trouble_failure(trouble: &Failure, lang: Lang) -> Failure {
    let text = message(trouble.code, lang, &output::spoken(&trouble.detail, lang)).text;
    let failure = Failure::new(trouble.kind, "JOB-032", format!("{} {text}", trouble.code));
    Failure { details: trouble.details.clone(), file: trouble.file.clone(), ..failure }
}

/// The failure of the months, see [`failure`].
fn papers_failure(report: &TickReport, lang: Lang) -> Option<Failure> {
    if !report.partial.is_empty() {
        let names: Vec<String> = report.missing.iter().map(|one| format!("{}: {}", one.period, one.report)).collect();
        return Some(Failure::new(FailureKind::Data, "JOB-016", names.join(", ")));
    }
    let (period, reason) = report.failed.first()?;
    let mut missing = report.missing.iter().map(|one| one.failure.kind);
    let of_data = !report.missing.is_empty() && missing.any(|kind| kind != FailureKind::Environment);
    let kind = if of_data { FailureKind::Data } else { reason.kind };
    Some(Failure { details: reason.details.clone(), ..Failure::new(kind, "JOB-004", said(period, reason, lang)) })
}

/// A period and why it could not be finished.
fn said(period: &str, reason: &Failure, lang: Lang) -> String {
    format!("{period}: {} {}", reason.code, message(reason.code, lang, &reason.detail).text)
}

/// What a period waits for, and what to do.
pub(super) fn waiting_text(waiting: &Waiting, lang: Lang) -> Message {
    let last = waiting.cut_off.pred_opt().unwrap_or(waiting.cut_off);
    let words = [waiting.period.clone(), waiting.from.to_string(), last.to_string()];
    message_of("JOB-015", lang, &words)
}

/// Where a period lies that is made already, and how to make it once more.
fn there_text(there: &MadeVersion, lang: Lang) -> Message {
    let version = &there.version;
    let known_at = version.known_at.map_or_else(|| "-".to_string(), |day| day.to_string());
    let (number, n_files) = (version.version.to_string(), version.n_files.to_string());
    message_of("JOB-007", lang, &[version.period.clone(), number, known_at, n_files, places(there, lang)])
}

/// The folders of the papers of a version; the folder of the month where it is not said.
fn places(made: &MadeVersion, lang: Lang) -> String {
    let folder = &made.version.folder;
    let papers: Vec<String> = made.papers.iter().map(|(_, paper)| format!("{folder}/{paper}")).collect();
    let divider = if lang == Lang::Ja { "、" } else { ", " };
    if papers.is_empty() { folder.clone() } else { papers.join(divider) }
}

/// The months that have no row any more.
fn dropped_text(dropped: &[String], lang: Lang) -> Option<Message> {
    let (first, last) = (dropped.first()?, dropped.last()?);
    let span = if first == last { first.clone() } else { format!("{first} – {last}") };
    Some(message_of("JOB-018", lang, &[span, dropped.len().to_string()]))
}

fn report_json(context: &Context, report: &TickReport) -> Value {
    let lang = context.lang;
    let version = |made: &MadeVersion| {
        let one = &made.version;
        let paper = |(report, folder): &(String, String)| json!({ "report": report, "folder": folder });
        json!({
            "period": one.period, "version": one.version, "kind": one.kind.code(), "known_at": one.known_at,
            "folder": one.folder, "files": one.n_files, "reason": one.reason,
            "papers": made.papers.iter().map(paper).collect::<Vec<_>>(),
        })
    };
    let missing = |one: &MissingPaper| {
        let text = message(one.failure.code, lang, &one.failure.detail);
        json!({
            "period": one.period, "version": one.version, "report": one.report, "title": one.title, "area": "all",
            "code": one.failure.code, "reason": text.text, "remedy": text.remedy,
        })
    };
    let unprintable = |one: &UnprintablePaper| json!({ "period": one.period, "report": one.report, "code": "FND-028", "places": one.places });
    let waiting = |one: &Waiting| json!([one.period, waiting_text(one, lang).text]);
    let failed: Vec<_> = report.failed.iter().map(|(period, reason)| (period, reason.to_string())).collect();
    let unknown = jobs::unknown_reports(&context.workspace);
    let unknown: Vec<&String> =
        unknown.iter().flat_map(|one| &one.details).filter_map(|one| one.words.first()).collect();
    json!({
        "taken": report.taken,
        "refused": report.refused,
        "left": report.left,
        "done": report.done,
        "made": report.made.iter().map(version).collect::<Vec<_>>(),
        "there": report.there.iter().map(version).collect::<Vec<_>>(),
        "waiting": report.waiting.iter().map(waiting).collect::<Vec<_>>(),
        "partial": report.partial.iter().map(|one| &one.period).collect::<Vec<_>>(),
        "failed": failed,
        "missing": report.missing.iter().map(missing).collect::<Vec<_>>(),
        "unprintable": report.unprintable.iter().map(unprintable).collect::<Vec<_>>(),
        "moved": report.moved,
        "dropped": report.dropped,
        "ahead": report.ahead,
        "unknown_reports": unknown,
        "todo": todo(report, lang),
        "inbox": inbox_json(report, lang),
        "trouble": report.trouble.as_ref().map(|one| trouble_json(one, lang)),
    })
}

fn trouble_json(trouble: &Failure, lang: Lang) -> Value {
    let failure = trouble_failure(trouble, lang);
    let text = message(failure.code, lang, &failure.detail);
    json!({ "code": trouble.code, "message": text.text, "hint": text.remedy })
}

fn tell(report: &TickReport, lang: Lang) {
    let (taken, waiting, partial, failed, moved) = match lang {
        Lang::Ja => {
            ("取り込んだファイル", "待っている期間", "一部失敗の期間", "終えられなかった期間", "予定の移った期間")
        }
        Lang::En => {
            ("files taken in", "periods waiting", "periods done in part", "periods failed", "periods with another time")
        }
    };
    if report.there.is_empty() {
        eprintln!("{taken}: {}", report.taken);
    }
    tell_inbox(report, lang);
    for (period, scheduled_at) in &report.moved {
        eprintln!("{moved}: {period} → {}", tokyo_text(*scheduled_at));
    }
    tell_versions(report, lang);
    for version in &report.partial {
        let made = if lang == Lang::Ja { "作れたもの" } else { "made" };
        eprintln!("{partial}: {}（{made}: {}）", version.period, version.folder);
    }
    for (period, reason) in &report.failed {
        eprintln!("{failed}: {}", said(period, reason, lang));
    }
    for one in &report.waiting {
        eprintln!("{waiting}: {}", waiting_text(one, lang).text);
    }
    if let Some(text) = dropped_text(&report.dropped, lang) {
        eprintln!("{}\n  {}", text.text, text.remedy);
    }
    for period in &report.ahead {
        let text = message("JOB-023", lang, period);
        eprintln!("{}\n  {}", text.text, text.remedy);
    }
    let todo = todo(report, lang);
    if !todo.is_empty() {
        eprintln!("{}", if lang == Lang::Ja { "次にすること:" } else { "what to do:" });
    }
    for (nth, line) in (1..).zip(&todo) {
        eprintln!("  {nth}. {line}");
    }
}

/// What was made and where it lies, and what was there.
fn tell_versions(report: &TickReport, lang: Lang) {
    for one in &report.made {
        let version = &one.version;
        let known_at = version.known_at.map_or_else(String::new, |day| day.to_string());
        let (number, n_files, folder) = (version.version, version.n_files, places(one, lang));
        let (period, kind) = (&version.period, jobs_list::kind(version.kind, lang));
        let line = match lang {
            Lang::Ja => format!(
                "作成した期間: {period}（第{number}版・{kind}、知識時点 {known_at}、ファイル {n_files}）: {folder}"
            ),
            Lang::En => format!(
                "period made: {period} (version {number}, {kind}, known at {known_at}, files: {n_files}): {folder}"
            ),
        };
        eprintln!("{line}");
        if let Some(note) = version_note(version.kind, lang) {
            eprintln!("  {note}");
        }
        if !one.kept.is_empty() {
            let kept: Vec<String> = one.kept.iter().map(|one| one.version.to_string()).collect();
            match lang {
                Lang::Ja => eprintln!("  前の版（第{}版）は、そのまま残してあります", kept.join("・")),
                Lang::En => eprintln!("  the versions before it stay as they are: {}", kept.join(", ")),
            }
        }
    }
    for version in &report.there {
        let text = there_text(version, lang);
        eprintln!("{}\n  {}", text.text, text.remedy);
    }
}

/// What a version is made from, where that is not what was known at its cut-off.
fn version_note(kind: VersionKind, lang: Lang) -> Option<&'static str> {
    match (kind, lang) {
        (VersionKind::Punctual, _) => None,
        (VersionKind::Early, Lang::Ja) => Some("締切の前なので速報です。締切の後に、定時の版を次の版として作ります"),
        (VersionKind::Early, Lang::En) => Some("preliminary; the punctual version follows after the cut-off"),
        (_, Lang::Ja) => Some("締切の時点ではなく、今知っていることで作りました"),
        (_, Lang::En) => Some("made from what is known now, not at the cut-off"),
    }
}

/// What people have to do, one line each.
fn todo(report: &TickReport, lang: Lang) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in &report.refused {
        out.push(match lang {
            Lang::Ja => format!(
                "{name}: 受け取り口の refused にある「{name}.理由.txt」のとおりに直し、もう一度 inbox に置いてください"
            ),
            Lang::En => format!("{name}: mend it as refused/{name}.理由.txt says, and put it into the inbox again"),
        });
    }
    out.extend(inbox_todo(report, lang));
    for one in &report.missing {
        let text = message(one.failure.code, lang, &one.failure.detail);
        let (area, arrow) = if lang == Lang::Ja { ("全体", "。") } else { ("all", ". ") };
        let name = if one.title.is_empty() { one.report.clone() } else { format!("{}（{}）", one.title, one.report) };
        let code = one.failure.code;
        let faults = one.failure.details.iter().map(|detail| output::detail_texts(detail, lang).0);
        let faults: Vec<String> = faults.collect();
        let faults = if faults.is_empty() { String::new() } else { format!(" [{}]", faults.join(" / ")) };
        out.push(format!("{} {name}・{area}: {code} {}{faults}{arrow}{}", one.period, text.text, text.remedy));
    }
    for one in &report.unprintable {
        let text = message("FNT-003", lang, &one.places);
        let arrow = if lang == Lang::Ja { "。" } else { ". " };
        out.push(format!("{} {}: FNT-003 {}{arrow}{}", one.period, one.report, text.text, text.remedy));
    }
    out.extend(report.waiting.iter().map(|one| format!("{}: {}", one.period, waiting_text(one, lang).remedy)));
    out
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
    warn_of_reports(context);
    // Listening begins before the first tick, so that a signal during it is heard after it.
    let stop = tokio::spawn(stop_signal());
    let stop = async {
        // The listener ends by hearing the signal; were it to break, stopping is right as well.
        let _ = stop.await;
    };
    let notices = context.workspace.notices();
    jobs::serve(&context.workspace, jobs::LOOKS_EVERY, stop, |result| {
        match result {
            Ok(report) if is_news(report) => {
                tell(report, lang);
                if let Some(trouble) = &report.trouble {
                    eprintln!("{}", output::failure_text(&trouble_failure(trouble, lang), lang));
                }
            }
            Ok(_) => {}
            // A tick that could not run is told and tried again at the next ring.
            Err(error) => drop(output::failure(error, lang, json)),
        }
        output::notices(&notices, lang, json);
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}

/// Months that wait are told by `jobs list`, not at every ring; what lies in the inbox and needs a person is.
fn is_news(report: &TickReport) -> bool {
    if report.trouble.is_some() || report.notes.iter().any(InboxNote::is_news) {
        return true;
    }
    let periods = [report.made.len(), report.partial.len(), report.failed.len(), report.moved.len()];
    report.taken + report.refused.len() + report.dropped.len() + report.ahead.len() + periods.iter().sum::<usize>() > 0
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
