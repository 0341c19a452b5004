//! `kaiin doctor`.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;

use super::global::{Global, clock, read_config, settings_path, store_url};
use super::output;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::{Failure, FailureKind};
use crate::jobs;
use crate::messages::{Lang, message_of};
use crate::service::doctor::examine;
use crate::service::doctor::given::Given;
use crate::service::doctor::line::{Line, State, Subject, Told};

/// Cells of the longest word of a state, and of a subject, in front of what is said.
const STATE_CELLS: usize = 6;
const SUBJECT_CELLS: usize = 16;

pub(super) async fn run(global: &Global) -> Result<ExitCode> {
    let lang = Lang::from(global.lang);
    let mut examined = examine(given(global)).await;
    let condition = jobs::condition(&examined).await;
    let mut lines = std::mem::take(&mut examined.lines);
    examined.close().await;
    lines.push(condition);
    lines.sort_by_key(|line| line.subject);
    if global.json {
        output::json(&lines.iter().map(|line| as_json(line, lang)).collect::<Vec<_>>())?;
    } else {
        lines.iter().for_each(|line| show(line, lang));
        say!("{}", summary(&lines, lang));
    }
    let is_broken = lines.iter().any(|line| line.state() == State::Broken);
    Ok(if is_broken { ExitCode::from(FailureKind::Data.exit_code()) } else { ExitCode::SUCCESS })
}

/// What the arguments and the surroundings name. What cannot be read is looked over, and stops nothing.
pub(super) fn given(global: &Global) -> Given {
    let (config, settings_fault) = match read_config(global) {
        Ok(config) => (config, None),
        Err(error) => {
            let mut config = Config::default();
            config.store.url = store_url().ok().flatten();
            (config, Some(Failure::of(&error)))
        }
    };
    let (clock, clock_fault) = match clock() {
        Ok(clock) => (clock, None),
        Err(error) => (Clock::System, Some(Failure::of(&error))),
    };
    let settings = settings_path(global);
    Given { folder: global.data.clone(), settings, config, settings_fault, clock, clock_fault }
}

/// The schema that scripts rely on: texts are for people and may change.
fn as_json(line: &Line, lang: Lang) -> serde_json::Value {
    let (texts, remedies): (Vec<String>, Vec<String>) = line.told.iter().map(|told| texts(told, lang)).unzip();
    let remedies: Vec<String> = remedies.into_iter().filter(|one| !one.is_empty()).collect();
    json!({
        "id": line.subject.code(),
        "state": line.state().code(),
        "text": texts.join("\n"),
        "remedy": remedies.join("\n"),
    })
}

/// What is said of one thing: the first sentence beside its name, the others and the remedies below.
fn show(line: &Line, lang: Lang) {
    let label = if lang == Lang::Ja { "直し方" } else { "remedy" };
    let mut before =
        padded(state(line.state(), lang), STATE_CELLS) + &padded(subject(line.subject, lang), SUBJECT_CELLS);
    let margin = " ".repeat(STATE_CELLS + SUBJECT_CELLS);
    for (text, remedy) in line.told.iter().map(|told| texts(told, lang)) {
        for part in text.lines() {
            say!("{before}{part}");
            before.clone_from(&margin);
        }
        if !remedy.is_empty() {
            say!("{margin}  {label}: {remedy}");
        }
    }
}

/// Text and remedy of a sentence, what is wrong one by one in lines of their own.
fn texts(told: &Told, lang: Lang) -> (String, String) {
    let words: Vec<String> = told.words.iter().map(|word| output::spoken(word, lang)).collect();
    let message = message_of(told.code, lang, &words);
    let details: Vec<(String, String)> = told.details.iter().map(|detail| output::detail_texts(detail, lang)).collect();
    let mut text = message.text;
    for (detail, hint) in &details {
        text.push('\n');
        text.push_str(detail);
        if !hint.is_empty() {
            text.push_str(if lang == Lang::Ja { " → " } else { " -> " });
            text.push_str(hint);
        }
    }
    (text, message.remedy)
}

fn padded(word: &str, width: usize) -> String {
    format!("{word}{}", " ".repeat(width.saturating_sub(output::cells(word))))
}

fn state(state: State, lang: Lang) -> &'static str {
    match (state, lang) {
        (State::Well, _) => "OK",
        (State::Attention, Lang::Ja) => "注意",
        (State::Attention, Lang::En) => "WARN",
        (State::Broken, _) => "NG",
    }
}

fn subject(subject: Subject, lang: Lang) -> &'static str {
    let (ja, en) = match subject {
        Subject::Settings => ("設定", "settings"),
        Subject::Definitions => ("定義", "definitions"),
        Subject::DataFolder => ("データフォルダ", "data folder"),
        Subject::Disk => ("ディスク", "disk"),
        Subject::Clock => ("時計", "clock"),
        Subject::TimeZone => ("時間帯", "time zone"),
        Subject::Store => ("台帳", "store"),
        Subject::Schedule => ("予定", "schedule"),
        Subject::Inbox => ("受け取り口", "inbox"),
        Subject::Mail => ("メール", "mail"),
        Subject::Fonts => ("書体", "fonts"),
        Subject::Gaiji => ("外字", "gaiji"),
    };
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

fn summary(lines: &[Line], lang: Lang) -> String {
    let count = |state: State| lines.iter().filter(|line| line.state() == state).count();
    let [well, attention, broken] = [State::Well, State::Attention, State::Broken].map(count);
    match lang {
        Lang::Ja => format!("OK {well} 件、注意 {attention} 件、NG {broken} 件"),
        Lang::En => format!("OK: {well}, WARN: {attention}, NG: {broken}"),
    }
}
