//! The day to know from, as somebody writes it.

use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;

use crate::clock::tokyo_day;
use crate::domain::day_words::read_day_words;
use crate::error::Failure;
use crate::messages::{Lang, Message, message_of};
use crate::service::keep::Workspace;
use crate::service::known::kept_vintages::KeptVintages;
use crate::service::known::vintage::Vintage;

/// What became of a day to know from.
#[derive(Debug)]
pub enum KnownDay {
    /// What was known then.
    Known(Arc<Vintage>),
    /// It is no such day; what is wrong, and how to mend it.
    Wrong(&'static str, Message),
}

/// Opens what was known on a day that somebody wrote; nothing is the newest.
///
/// # Errors
/// When the store or the timeline cannot be read.
pub async fn read_known((workspace, kept): (&Workspace, &KeptVintages), written: &str) -> Result<KnownDay> {
    let wrong = |code, words: Vec<String>| Ok(KnownDay::Wrong(code, message_of(code, Lang::Ja, &words)));
    let today = tokyo_day(workspace.clock.now());
    let written = written.trim();
    let day = match written {
        "" | "最新" => None,
        _ => match read_day_words(written, today) {
            Ok(day) if day > today => return wrong("ASK-003", vec![day.to_string(), today.to_string()]),
            Ok(day) => Some(day),
            Err(_) => return wrong("ASK-002", vec![short(written)]),
        },
    };
    let said = |day: Option<NaiveDate>| day.map_or("…".to_string(), |day| day.to_string());
    match kept.vintage(workspace, day).await {
        Ok(vintage) => Ok(KnownDay::Known(vintage)),
        Err(error) => match Failure::of(&error).code {
            "QRY-001" | "QRY-002" => {
                let newest = kept.vintage(workspace, None).await?;
                match day.is_some_and(|day| day > newest.known_at.0) {
                    true => wrong("ASK-005", vec![said(day), newest.known_at.0.to_string()]),
                    false => wrong("ASK-004", vec![said(day), said(newest.export_days().first().copied())]),
                }
            }
            "QRY-003" => wrong("ASK-032", Vec::new()),
            _ => Err(error),
        },
    }
}

/// As much of a word as is repeated to whoever wrote it.
fn short(written: &str) -> String {
    const LETTERS: usize = 40;
    let start: String = written.chars().filter(|letter| !letter.is_control()).take(LETTERS).collect();
    if written.chars().count() > LETTERS { format!("{start}…") } else { start }
}
