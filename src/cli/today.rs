//! `kaiin` without a command: what there is to do now (今月やること).

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};

use super::doctor::given;
use super::global::Global;
use super::output;
use crate::clock::tokyo_day;
use crate::domain::japanese_date::{era_date_with_weekday, short_era_date};
use crate::error::FailureKind;
use crate::jobs;
use crate::messages::{Lang, message_of};
use crate::service::doctor::given::Opened;
use crate::service::doctor::line::minute;
use crate::service::keep::meetings_root::meetings_root;
use crate::service::today::{Coming, Looked, NextMeeting, Subject, Task, look};

/// How commands begin in the catalogue.
const PROGRAM: &str = "kaiin";

pub(super) async fn run(global: &Global) -> Result<ExitCode> {
    let given = given(global);
    let meetings = meetings_root(&given.folder, &given.config.jobs);
    let mut looked = look(given, &meetings).await;
    let (tasks, coming) = jobs::to_do(&looked).await;
    looked.tasks.extend(tasks);
    // Sorting keeps the order of those of one subject.
    looked.tasks.sort_by_key(|task| task.subject);
    // A damaged store says so of every part.
    let mut told: Vec<&'static str> = Vec::new();
    looked.tasks.retain(|task| {
        let is_told = is_of_store(task) && told.contains(&task.code);
        told.push(task.code);
        !is_told
    });
    let lang = Lang::from(global.lang);
    let program = program(global);
    if global.json {
        let said: Vec<Value> = looked.tasks.iter().map(|task| as_json(task, lang, &program)).collect();
        output::json(&json!({
            "today": tokyo_day(looked.given.clock.now()),
            "newest": looked.newest,
            "tasks": said,
            "next": coming.as_ref().map(coming_json),
            "meeting": looked.meeting.as_ref().map(meeting_json),
        }))?;
    } else {
        show(&looked, coming.as_ref(), lang, &program);
    }
    let is_unreadable = matches!(looked.opened, Opened::Unreadable(_)) || looked.tasks.iter().any(is_of_store);
    looked.close().await;
    Ok(if is_unreadable { ExitCode::from(FailureKind::Environment.exit_code()) } else { ExitCode::SUCCESS })
}

/// Whether something says that the store cannot be read.
fn is_of_store(task: &Task) -> bool {
    task.subject == Subject::Store || task.code.starts_with("STO-")
}

/// The program with the options that lead to the same data folder.
fn program(global: &Global) -> String {
    let mut out = PROGRAM.to_string();
    let quoted = |path: &Path| {
        let path = path.display().to_string();
        if path.contains(char::is_whitespace) { format!("\"{path}\"") } else { path }
    };
    if global.data != Path::new(super::global::DATA) {
        out.push_str(&format!(" --data {}", quoted(&global.data)));
    }
    out.extend(global.config.as_deref().map(|path| format!(" --config {}", quoted(path))));
    out
}

/// Things to do with their commands, then what comes by itself.
fn show(looked: &Looked, coming: Option<&Coming>, lang: Lang, program: &str) {
    say!("{}", heading(looked, lang));
    for (task, nth) in looked.tasks.iter().zip(1..) {
        let (text, details, commands, remedy) = texts(task, lang, program);
        let before = format!("{nth:>2} ");
        let margin = " ".repeat(before.len() + 2);
        say!("{before}{text}");
        details.iter().for_each(|line| say!("{margin}{line}"));
        commands.iter().for_each(|line| say!("{margin}{line}"));
        if !remedy.is_empty() {
            say!("{margin}{}: {remedy}", if lang == Lang::Ja { "直し方" } else { "remedy" });
        }
    }
    let is_asked = looked.tasks.iter().any(|task| task.subject == Subject::Export);
    let comes = coming.map(|one| coming_text(one, is_asked, lang));
    if looked.tasks.is_empty() {
        let nothing = message_of("TDY-070", lang, &[]).text;
        let parts: Vec<String> = std::iter::once(nothing).chain(comes).collect();
        say!("{}", parts.join(if lang == Lang::Ja { "。" } else { "; " }));
    } else {
        comes.iter().for_each(|line| say!("{line}"));
    }
    looked.meeting.iter().filter_map(|one| meeting_text(one, lang)).for_each(|line| say!("{line}"));
}

fn heading(looked: &Looked, lang: Lang) -> String {
    let today = tokyo_day(looked.given.clock.now());
    match (lang, looked.newest) {
        (Lang::Ja, Some(day)) => {
            format!("今月やること（{}、最新の出力 {}）", era_date_with_weekday(today), short_era_date(day))
        }
        (Lang::Ja, None) => format!("今月やること（{}）", era_date_with_weekday(today)),
        (Lang::En, Some(day)) => format!("to do on {today} (newest export {day})"),
        (Lang::En, None) => format!("to do on {today}"),
    }
}

/// Text, reasons, commands and what else helps.
fn texts(task: &Task, lang: Lang, program: &str) -> (String, Vec<String>, Vec<String>, String) {
    let words: Vec<String> = task.words.iter().map(|word| output::spoken(word, lang)).collect();
    let message = message_of(task.code, lang, &words);
    let is_command = |line: &&str| line.starts_with("kaiin ") && task.code.starts_with("TDY-");
    let (commands, others): (Vec<&str>, Vec<&str>) = message.remedy.lines().partition(is_command);
    let commands = commands.into_iter().map(|line| line.replacen(PROGRAM, program, 1)).collect();
    let details = task.details.iter().map(|detail| {
        let (text, hint) = output::detail_texts(detail, lang);
        let arrow = if lang == Lang::Ja { " → " } else { " -> " };
        if hint.is_empty() { text } else { format!("{text}{arrow}{hint}") }
    });
    (message.text, details.collect(), commands, others.join(" "))
}

/// The schema that scripts rely on: texts are for people and may change.
fn as_json(task: &Task, lang: Lang, program: &str) -> Value {
    let (text, details, commands, remedy) = texts(task, lang, program);
    json!({
        "id": task.subject.code(),
        "code": task.code,
        "count": task.n,
        "text": text,
        "reasons": details,
        "commands": commands,
        "remedy": remedy,
    })
}

/// What the clock does next, and what it needs unless that is asked for already.
fn coming_text(one: &Coming, is_asked: bool, lang: Lang) -> String {
    let words = [minute(one.scheduled_at), one.period.clone(), one.as_of.to_string(), one.last.to_string()];
    let code = match (one.is_export_there, is_asked) {
        (true, _) => "TDY-071",
        (false, false) => "TDY-072",
        (false, true) => "TDY-074",
    };
    message_of(code, lang, &words).text
}

fn coming_json(one: &Coming) -> Value {
    json!({
        "period": one.period,
        "as_of": one.as_of,
        "last_export_day": one.last,
        "scheduled_at": one.scheduled_at,
        "export_is_there": one.is_export_there,
    })
}

/// A meeting whose pack is up to date; any other is among the things to do.
fn meeting_text(one: &NextMeeting, lang: Lang) -> Option<String> {
    let pack = one.pack.as_ref().filter(|pack| one.n_faults == 0 && pack.has_files && pack.is_newest)?;
    let words = [one.held_on.to_string(), one.name.clone(), pack.edition.to_string(), pack.as_of.clone()];
    Some(message_of("TDY-073", lang, &words).text)
}

fn meeting_json(one: &NextMeeting) -> Value {
    let pack = one.pack.as_ref().map(|pack| {
        json!({
            "edition": pack.edition,
            "as_of": pack.as_of,
            "known_at": pack.known_at,
            "up_to_date": pack.has_files && pack.is_newest,
        })
    });
    json!({
        "name": one.name,
        "held_on": one.held_on,
        "folder": one.folder.display().to_string(),
        "faults": one.n_faults,
        "pack": pack,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Cli;
    use crate::messages::codes;

    /// Words of a line as a shell takes it.
    fn words(line: &str) -> Vec<String> {
        let mut out = vec![String::new()];
        let mut is_quoted = false;
        for letter in line.chars() {
            match letter {
                '"' => is_quoted = !is_quoted,
                ' ' if !is_quoted => out.push(String::new()),
                letter => out.last_mut().expect("never empty").push(letter),
            }
        }
        out
    }

    #[test]
    fn every_command_is_taken_by_the_program() {
        let mut n = 0;
        for code in codes().filter(|code| code.starts_with("TDY-")) {
            for lang in [Lang::Ja, Lang::En] {
                // A word may be a number, a month or a day.
                let all = ["1", "2025-12", "2025-12-31"].map(|word| message_of(code, lang, &vec![word.to_string(); 6]));
                for at in 0..all[0].remedy.lines().count() {
                    let lines: Vec<&str> = all.iter().filter_map(|told| told.remedy.lines().nth(at)).collect();
                    let is_taken = lines.iter().any(|line| Cli::try_parse_from(words(line)).is_ok());
                    assert!(is_taken, "{code}: {lines:?}");
                    n += 1;
                }
            }
        }
        assert!(n > 40, "{n}");
    }
}
