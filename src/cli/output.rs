//! How failures, tables and files are shown.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use serde::Serialize;

use crate::domain::fault::Fault;
use crate::error::{Detail, Failure, FailureKind};
use crate::messages::{Lang, in_japanese, message, message_of};
use crate::service::keep::Notices;

/// Shows a failure once and returns its exit code.
pub(super) fn failure(error: &anyhow::Error, lang: Lang, json: bool) -> ExitCode {
    let failure = Failure::of(error);
    let exit = failure.kind.exit_code();
    if json {
        let text = message(failure.code, lang, &spoken(&failure.detail, lang));
        let details = failure.details.iter().map(|detail| detail_texts(detail, lang));
        let (texts, remedies): (Vec<String>, Vec<String>) = details.unzip();
        let joined = |first: String, others: Vec<String>| std::iter::once(first).chain(others).collect::<Vec<_>>();
        let object = serde_json::json!({
            "error": {
                "code": failure.code,
                "message": joined(text.text, texts).join("\n"),
                "hint": joined(text.remedy, remedies.into_iter().filter(|one| !one.is_empty()).collect()).join("\n"),
                "file": failure.file,
                "row": failure.row,
                "column": failure.column,
            },
            "exit": exit,
        });
        eprintln!("{object}");
    } else {
        eprintln!("{}", failure_text(&failure, lang));
    }
    tracing::debug!(error = format!("{error:#}"), "failed");
    ExitCode::from(exit)
}

/// Shows what the office should hear of, once.
pub(super) fn notices(notices: &Notices, lang: Lang, json: bool) {
    notices.take().iter().for_each(|one| notice(one, lang, json));
}

/// Shows one of them.
pub(super) fn notice(notice: &Failure, lang: Lang, json: bool) {
    let text = message(notice.code, lang, &spoken(&notice.detail, lang));
    if json {
        let warning = serde_json::json!({ "code": notice.code, "message": text.text, "hint": text.remedy });
        eprintln!("{}", serde_json::json!({ "warning": warning }));
        return;
    }
    let label = if lang == Lang::Ja { "注意" } else { "warning" };
    eprintln!("{label} {}: {}\n  {}", notice.code, text.text, text.remedy);
}

/// Code, place, text and remedy of a failure.
pub(super) fn failure_text(failure: &Failure, lang: Lang) -> String {
    let text = message(failure.code, lang, &spoken(&failure.detail, lang));
    let place = place(failure, lang);
    let (label, remedy) = match lang {
        Lang::Ja => ("エラー", "直し方"),
        Lang::En => ("error", "remedy"),
    };
    let mut out = format!("{label} {}: {place}{}", failure.code, text.text);
    for (text, hint) in failure.details.iter().map(|detail| detail_texts(detail, lang)) {
        out.push_str(&format!("\n  {text}"));
        if !hint.is_empty() {
            out.push_str(&format!("\n    {remedy}: {hint}"));
        }
    }
    if !text.remedy.is_empty() {
        out.push_str(&format!("\n  {remedy}: {}", text.remedy));
    }
    out
}

/// One of several faults: place and text, and the remedy.
pub(super) fn detail_texts(detail: &Detail, lang: Lang) -> (String, String) {
    let mut parts: Vec<String> = (!detail.file.is_empty()).then(|| detail.file.clone()).into_iter().collect();
    parts.extend(detail.line.map(|line| match lang {
        Lang::Ja => format!("{line}行目"),
        Lang::En => format!("line {line}"),
    }));
    parts.extend((!detail.key.is_empty()).then(|| detail.key.clone()));
    let place = if parts.is_empty() { String::new() } else { format!("{}: ", parts.join(" ")) };
    let words: Vec<String> = detail.words.iter().map(|word| spoken(word, lang)).collect();
    let text = message_of(detail.code, lang, &words);
    let meant = detail.meant.iter().map(|word| message_of(Fault::DID_YOU_MEAN, lang, std::slice::from_ref(word)).text);
    let remedies: Vec<String> = meant.chain([text.remedy]).filter(|remedy| !remedy.is_empty()).collect();
    let joint = match lang {
        Lang::Ja => "。",
        Lang::En => " ",
    };
    // What only adds to the problem above it has a text and no code that anybody would look up.
    let code = if detail.code.starts_with("WHY-") { String::new() } else { format!(" [{}]", detail.code) };
    (format!("{place}{}{code}", text.text), remedies.join(joint))
}

/// What a parser or the system says, in the language of the screen.
pub(super) fn spoken(sentence: &str, lang: Lang) -> String {
    match lang {
        Lang::Ja => in_japanese(sentence),
        Lang::En => sentence.to_string(),
    }
}

fn place(failure: &Failure, lang: Lang) -> String {
    let mut parts: Vec<String> = failure.file.iter().cloned().collect();
    match lang {
        Lang::Ja => {
            parts.extend(failure.row.map(|row| format!("{row}行目")));
            parts.extend(failure.column.as_ref().map(|column| format!("{column}列")));
        }
        Lang::En => {
            parts.extend(failure.row.map(|row| format!("row {row}")));
            parts.extend(failure.column.as_ref().map(|column| format!("column {column}")));
        }
    }
    if parts.is_empty() { String::new() } else { format!("{}: ", parts.join(" ")) }
}

/// What is said after Ctrl-C.
pub(super) fn interrupted(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => {
            "中断しました。取込み中のファイルは、すべて保存されたか、まったく保存されていないかのどちらかです。\n  \
             もう一度実行すれば続きから始まります。"
        }
        Lang::En => {
            "interrupted; the file under way is stored as a whole or not at all.\n  Run the command again to go on."
        }
    }
}

/// Writes JSON and a line end to standard output.
pub(super) fn json<T: Serialize>(value: &T) -> Result<()> {
    let mut text = serde_json::to_vec(value)?;
    text.push(b'\n');
    bytes(&text);
    Ok(())
}

/// The first thing that could not be written to standard output or standard error.
static LOST: Mutex<Option<std::io::Error>> = Mutex::new(None);

/// Keeps why something could not be written, for [`finish`]. A reader that has gone away (`| head`) has seen enough.
pub(super) fn keep(written: std::io::Result<()>) {
    if let Err(error) = written
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        LOST.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// Writes bytes to standard output. What cannot be written is told by [`finish`].
pub(super) fn bytes(bytes: &[u8]) {
    keep(std::io::stdout().lock().write_all(bytes));
}

/// Writes a line to standard output.
pub(super) fn say(line: &str) {
    bytes(format!("{line}\n").as_bytes());
}

/// Writes a line to standard error.
pub(super) fn tell(line: &str) {
    keep(std::io::stderr().lock().write_all(format!("{line}\n").as_bytes()));
}

/// The exit code of a command that has done its work: that of the environment when what it said did not get out, whatever it
/// would have been. Data that was cut off must not look like all of it.
pub(super) fn finish(code: ExitCode, lang: Lang, json: bool) -> ExitCode {
    keep(std::io::stdout().lock().flush());
    let lost = LOST.lock().unwrap_or_else(PoisonError::into_inner).take();
    match lost {
        Some(error) => {
            let told = Failure::new(FailureKind::Environment, "ENV-024", error.to_string());
            failure(&told.into(), lang, json)
        }
        None => code,
    }
}

/// Prints a table with columns aligned for a terminal that shows Japanese in two cells.
pub(super) fn table(headings: &[String], rows: &[Vec<String>], right: &[bool]) {
    let widths: Vec<usize> = (0..headings.len())
        .map(|i| rows.iter().map(|row| cells(&row[i])).chain([cells(&headings[i])]).max().unwrap_or(0))
        .collect();
    for row in std::iter::once(headings).chain(rows.iter().map(Vec::as_slice)) {
        let mut line = String::new();
        for (i, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[i] - cells(cell));
            let (before, after) = if right[i] { (pad.as_str(), "") } else { ("", pad.as_str()) };
            line.push_str(before);
            line.push_str(cell);
            line.push_str(after);
            line.push_str("  ");
        }
        say(line.trim_end());
    }
}

/// Terminal cells of a text: ASCII and half-width kana take one, the rest two.
pub(super) fn cells(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() || ('\u{FF61}'..='\u{FF9F}').contains(&c) { 1 } else { 2 }).sum()
}

/// Whether people watch standard error.
pub(super) fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
