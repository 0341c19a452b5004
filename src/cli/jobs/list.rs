//! `kaiin jobs list` and `kaiin jobs next`.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::wording::{job, kind, waiting_text};
use crate::cli::context::Context;
use crate::cli::dates::tokyo_text;
use crate::cli::output;
use crate::domain::ledger::{JobPaper, JobRevision, JobState, JobVersion, VersionKind};
use crate::jobs::{self, ListedRun, ListedVersion, MONTHLY_PAPERS};
use crate::messages::{Lang, Message, codes, message, message_of};

pub(super) async fn list(context: &Context, last: Option<usize>) -> Result<ExitCode> {
    let mut runs = jobs::list(&context.workspace).await?;
    if let Some(last) = last {
        runs = newest_of_each(runs, last);
    }
    if context.json {
        output::json(&runs.iter().map(|run| run_json(run, context.lang)).collect::<Vec<_>>())?;
        return Ok(ExitCode::SUCCESS);
    }
    let headings = match context.lang {
        Lang::Ja => ["仕事", "期間", "状態", "予定（締切）", "始め", "終わり", "版", "ファイル", "知識時点", "理由"],
        Lang::En => {
            ["job", "period", "state", "scheduled (cut-off)", "start", "end", "version", "files", "known at", "reason"]
        }
    };
    let rows: Vec<Vec<String>> = runs.iter().flat_map(|run| rows(run, context.lang)).collect();
    let right = [false, false, false, false, false, false, true, true, false, false];
    output::table(&headings.map(String::from), &rows, &right);
    Ok(ExitCode::SUCCESS)
}

/// The newest periods of each job.
fn newest_of_each(runs: Vec<ListedRun>, last: usize) -> Vec<ListedRun> {
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    let mut out: Vec<ListedRun> = Vec::new();
    for run in runs.into_iter().rev() {
        let left = left.entry(run.run.job.clone()).or_insert(last);
        if *left > 0 {
            *left -= 1;
            out.push(run);
        }
    }
    out.reverse();
    out
}

/// The period in the first line, with its newest version; the versions before it below, newest first.
fn rows(listed: &ListedRun, lang: Lang) -> Vec<Vec<String>> {
    let run = &listed.run;
    let mut versions = listed.versions.iter().rev();
    let newest = versions.next();
    let instant = |instant: Option<DateTime<Utc>>| instant.map_or_else(String::new, tokyo_text);
    // Before its time comes a month is still to be made, whatever was made of it early.
    let newest_state = match (&listed.revision, lang) {
        (None, _) => state(run.state, lang).to_string(),
        (Some(_), Lang::Ja) => format!("{}・要改定", state(run.state, lang)),
        (Some(_), Lang::En) => format!("{}, to be revised", state(run.state, lang)),
    };
    let mut first =
        vec![job(&run.job, lang).to_string(), run.period.clone(), newest_state, tokyo_text(run.scheduled_at)];
    first.extend([instant(run.started_at), instant(run.finished_at)]);
    first.extend(newest.map_or_else(|| vec![String::new(); 3], |one| version_cells(&one.version)));
    first.push(reason(listed, newest, lang));
    let mut out = vec![first];
    for one in versions {
        let version = &one.version;
        let mut row = vec![String::new(), String::new(), kind(version.kind, lang).to_string(), String::new()];
        row.extend([tokyo_text(version.started_at), instant(version.finished_at)]);
        row.extend(version_cells(version));
        row.push(joined([version.reason.clone(), missing(one, lang), version.folder.clone()]));
        out.push(row);
    }
    out
}

fn version_cells(version: &JobVersion) -> Vec<String> {
    let known_at = version.known_at.map_or_else(String::new, |day| day.to_string());
    vec![version.version.to_string(), version.n_files.to_string(), known_at]
}

/// Why it waits, why it was made in this way, what is missing, and where it lies.
fn reason(listed: &ListedRun, newest: Option<&ListedVersion>, lang: Lang) -> String {
    let waiting = listed.waiting.as_ref().map_or_else(String::new, |waiting| waiting_text(waiting, lang).text);
    let missing = newest.map_or_else(String::new, |one| missing(one, lang));
    // The note repeats in short what is said here in full.
    let is_reported = !waiting.is_empty() || !missing.is_empty();
    let note = if is_reported { String::new() } else { note_text(&listed.run.note, lang) };
    let version = newest.map(|one| &one.version);
    let asked = version.filter(|one| one.kind != VersionKind::Punctual).map_or_else(String::new, |one| {
        let kind = kind(one.kind, lang);
        if one.reason.is_empty() { kind.to_string() } else { format!("{kind}: {}", one.reason) }
    });
    let revision = listed.revision.as_ref().map_or_else(String::new, |one| revision_text(one, lang).text);
    joined([revision, waiting, asked, missing, note, version.map_or_else(String::new, |one| one.folder.clone())])
}

/// Which papers are to be made once more, since when and because of what.
fn revision_text(revision: &JobRevision, lang: Lang) -> Message {
    let words =
        [revision.period.clone(), revision.cause.clone(), tokyo_text(revision.noted_at), revision.papers.join("、")];
    message_of("JOB-035", lang, &words)
}

fn revision_json(revision: &JobRevision, lang: Lang) -> Value {
    let text = revision_text(revision, lang);
    json!({
        "version": revision.version, "since": revision.noted_at, "cause": revision.cause, "papers": revision.papers,
        "code": "JOB-035", "message": text.text, "hint": text.remedy,
    })
}

/// The note of a period that could not be run at all: code and detail, as the ledger keeps them.
fn note_text(note: &str, lang: Lang) -> String {
    match note.split_once(": ") {
        Some((code, detail)) if codes().any(|known| known == code) => {
            format!("{code} {}", message(code, lang, detail).text)
        }
        _ => note.to_string(),
    }
}

fn missing(listed: &ListedVersion, lang: Lang) -> String {
    let said = |paper: &JobPaper| {
        format!("{} {} {}", paper.report, paper.code, message(&paper.code, lang, &paper.detail).text)
    };
    let papers: Vec<String> = listed.missing.iter().map(said).collect();
    match (papers.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Ja) => format!("足りないもの: {}", papers.join("、")),
        (false, Lang::En) => format!("missing: {}", papers.join(", ")),
    }
}

fn joined<const N: usize>(parts: [String; N]) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" / ")
}

fn run_json(listed: &ListedRun, lang: Lang) -> Value {
    let run = &listed.run;
    let newest = listed.versions.last();
    let versions: Vec<Value> = listed.versions.iter().map(|one| version_json(one, lang)).collect();
    json!({
        "job": run.job,
        "period": run.period,
        "scheduled_at": run.scheduled_at,
        "state": run.state.code(),
        "needs_revision": listed.revision.is_some(),
        "revision": listed.revision.as_ref().map(|one| revision_json(one, lang)),
        "attempts": run.attempts,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "files": newest.map_or(0, |one| one.version.n_files),
        "known_at": newest.and_then(|one| one.version.known_at),
        "version": newest.map(|one| one.version.version),
        "kind": newest.map(|one| one.version.kind.code()),
        "folder": newest.map(|one| one.version.folder.clone()),
        "reason": newest.map_or("", |one| one.version.reason.as_str()),
        "note": listed.waiting.as_ref().map_or_else(|| run.note.clone(), |one| waiting_text(one, lang).text),
        "missing": newest.map_or_else(Vec::new, |one| missing_json(one, lang)),
        "versions": versions,
    })
}

fn version_json(listed: &ListedVersion, lang: Lang) -> Value {
    let version = &listed.version;
    let paper = |(report, folder): &(String, String)| json!({ "report": report, "folder": folder });
    json!({
        "version": version.version,
        "kind": version.kind.code(),
        "known_at": version.known_at,
        "head": version.head,
        "folder": version.folder,
        "files": version.n_files,
        "reason": version.reason,
        "started_at": version.started_at,
        "finished_at": version.finished_at,
        "papers": listed.papers.iter().map(paper).collect::<Vec<_>>(),
        "missing": missing_json(listed, lang),
    })
}

fn missing_json(listed: &ListedVersion, lang: Lang) -> Vec<Value> {
    let one = |paper: &JobPaper| {
        let text = message(&paper.code, lang, &paper.detail);
        json!({
            "report": paper.report, "area": "all", "code": paper.code, "reason": text.text, "remedy": text.remedy,
        })
    };
    listed.missing.iter().map(one).collect()
}

/// The state of a period as people read it.
fn state(state: JobState, lang: Lang) -> &'static str {
    match (state, lang) {
        (JobState::Due, Lang::Ja) => "これから",
        (JobState::Waiting, Lang::Ja) => "待っている",
        (JobState::Running, Lang::Ja) => "行っている",
        (JobState::Partial, Lang::Ja) => "一部失敗",
        (JobState::Done, Lang::Ja) => "終わった",
        (JobState::Failed, Lang::Ja) => "終えられなかった",
        (JobState::Skipped, Lang::Ja) => "行わなかった",
        (state, Lang::En) => state.code(),
    }
}

pub(super) async fn next(context: &Context) -> Result<ExitCode> {
    let occurrences = jobs::next(&context.workspace, 12).await?;
    let others = jobs::next_of_others(&context.workspace)?;
    if context.json {
        let others = others
            .iter()
            .map(|one| json!({ "job": one.job, "period": one.period, "as_of": null, "scheduled_at": one.at }));
        let rows: Vec<_> = occurrences
            .iter()
            .map(|one| {
                json!({
                    "job": MONTHLY_PAPERS, "period": one.period, "as_of": one.as_of, "scheduled_at": one.scheduled_at,
                })
            })
            .chain(others)
            .collect();
        output::json(&rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    for one in occurrences {
        say!("{}  {}  {}", tokyo_text(one.scheduled_at), job(MONTHLY_PAPERS, context.lang), one.period);
    }
    for one in others {
        let period = one.period.map_or_else(String::new, |period| format!("  {period}"));
        say!("{}  {}{period}", tokyo_text(one.at), job(one.job, context.lang));
    }
    Ok(ExitCode::SUCCESS)
}
