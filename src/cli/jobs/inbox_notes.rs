//! What lies in the inbox and was not taken in, as it is told.

use serde_json::{Value, json};

use crate::cli::output::spoken;
use crate::jobs::TickReport;
use crate::messages::{Lang, message};
use crate::service::intake::inbox::{InboxNote, InboxState};

/// State, reason and remedy of each.
pub(super) fn inbox_json(report: &TickReport, lang: Lang) -> Vec<Value> {
    let one = |note: &InboxNote| {
        let text = message(note.code, lang, &spoken(&note.detail, lang));
        json!({
            "name": note.name, "state": note.state.code(), "code": note.code, "message": text.text, "hint": text.remedy,
            "waits_for": note.waits_for,
        })
    };
    report.notes.iter().map(one).collect()
}

/// Each on a line of its own: a name alone helps nobody.
pub(super) fn tell_inbox(report: &TickReport, lang: Lang) {
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
        eprintln!(
            "{label}: {}: {} {}",
            note.name,
            note.code,
            message(note.code, lang, &spoken(&note.detail, lang)).text
        );
    }
}

/// What a person has to do about those that stay or ask, one line each; what was refused has its own.
pub(super) fn inbox_todo(report: &TickReport, lang: Lang) -> impl Iterator<Item = String> {
    let waits = |note: &&InboxNote| matches!(note.state, InboxState::Asks | InboxState::Stays);
    report
        .notes
        .iter()
        .filter(waits)
        .map(move |note| format!("{}: {}", note.name, message(note.code, lang, &spoken(&note.detail, lang)).remedy))
}
