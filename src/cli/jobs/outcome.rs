//! What a run of jobs came to: shown to people, written for machines, and the exit code that follows.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};

use super::inbox_notes::{inbox_json, inbox_todo, tell_inbox};
use super::others::{failed_others, others_json, others_todo, tell_others};
use super::wording::{kind, waiting_text};
use crate::cli::context::Context;
use crate::cli::dates::tokyo_text;
use crate::cli::output;
use crate::domain::ledger::VersionKind;
use crate::error::{Failure, FailureKind};
use crate::jobs::{self, MadeVersion, MissingPaper, TickReport, UnprintablePaper, Waiting};
use crate::messages::{Lang, Message, message, message_of};

pub(super) fn show(context: &Context, report: &TickReport) -> Result<ExitCode> {
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
pub(super) fn failure(report: &TickReport, lang: Lang) -> Option<Failure> {
    papers_failure(report, lang).or_else(|| report.trouble.as_ref().map(|trouble| trouble_failure(trouble, lang)))
}

/// What kept the inbox from being dealt with to its end.
pub(super) fn trouble_failure(trouble: &Failure, lang: Lang) -> Failure {
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
    let Some((period, reason)) = report.failed.first() else {
        let kind = failed_others(report, lang).next()?.1.told.kind;
        let all: Vec<String> = failed_others(report, lang).map(|(name, one)| said(&name, &one.told, lang)).collect();
        return Some(Failure::new(kind, "JOB-004", all.join(" / ")));
    };
    let mut missing = report.missing.iter().map(|one| one.failure.kind);
    let of_data = !report.missing.is_empty() && missing.any(|kind| kind != FailureKind::Environment);
    let kind = if of_data { FailureKind::Data } else { reason.kind };
    Some(Failure { details: reason.details.clone(), ..Failure::new(kind, "JOB-004", said(period, reason, lang)) })
}

/// A period and why it could not be finished.
pub(super) fn said(period: &str, reason: &Failure, lang: Lang) -> String {
    format!("{period}: {} {}", reason.code, message(reason.code, lang, &reason.detail).text)
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

/// The months that have no row any more, each kind with its reason.
fn dropped_texts(report: &TickReport, lang: Lang) -> impl Iterator<Item = Message> {
    let is_early = |period: &&String| report.early.contains(period);
    let (early, before): (Vec<&String>, Vec<&String>) = report.dropped.iter().partition(is_early);
    let text = move |(code, periods): (&'static str, Vec<&String>)| {
        let (first, last) = (periods.first()?, periods.last()?);
        let span = if first == last { (*first).clone() } else { format!("{first} – {last}") };
        Some(message_of(code, lang, &[span, periods.len().to_string()]))
    };
    [("JOB-018", before), ("JOB-024", early)].into_iter().filter_map(text)
}

fn report_json(context: &Context, report: &TickReport) -> Value {
    let lang = context.lang;
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
        "made": report.made.iter().map(version_json).collect::<Vec<_>>(),
        "there": report.there.iter().map(version_json).collect::<Vec<_>>(),
        "waiting": report.waiting.iter().map(waiting).collect::<Vec<_>>(),
        "partial": report.partial.iter().map(|one| &one.period).collect::<Vec<_>>(),
        "failed": failed,
        "missing": report.missing.iter().map(|one| missing_json(one, lang)).collect::<Vec<_>>(),
        "unprintable": report.unprintable.iter().map(unprintable).collect::<Vec<_>>(),
        "moved": report.moved,
        "dropped": report.dropped,
        "ahead": report.ahead,
        "others": others_json(report, lang),
        "unknown_reports": unknown,
        "todo": todo(report, lang),
        "inbox": inbox_json(report, lang),
        "trouble": report.trouble.as_ref().map(|one| trouble_json(one, lang)),
    })
}

fn version_json(made: &MadeVersion) -> Value {
    let one = &made.version;
    let paper = |(report, folder): &(String, String)| json!({ "report": report, "folder": folder });
    json!({
        "period": one.period, "version": one.version, "kind": one.kind.code(), "known_at": one.known_at,
        "folder": one.folder, "files": one.n_files, "reason": one.reason,
        "papers": made.papers.iter().map(paper).collect::<Vec<_>>(),
    })
}

fn missing_json(one: &MissingPaper, lang: Lang) -> Value {
    let text = message(one.failure.code, lang, &one.failure.detail);
    json!({
        "period": one.period, "version": one.version, "report": one.report, "title": one.title, "area": "all",
        "code": one.failure.code, "reason": text.text, "remedy": text.remedy,
    })
}

fn trouble_json(trouble: &Failure, lang: Lang) -> Value {
    let failure = trouble_failure(trouble, lang);
    let text = message(failure.code, lang, &failure.detail);
    json!({ "code": trouble.code, "message": text.text, "hint": text.remedy })
}

pub(super) fn tell(report: &TickReport, lang: Lang) {
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
    tell_others(report, lang);
    for text in dropped_texts(report, lang) {
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
        let (period, kind) = (&version.period, kind(version.kind, lang));
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
    out.extend(others_todo(report, lang));
    out
}
