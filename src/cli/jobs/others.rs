//! What became of periods of jobs that make no papers of a month, as it is told.

use serde_json::{Value, json};

use super::wording::job;
use crate::cli::output::spoken;
use crate::domain::ledger::JobState;
use crate::jobs::{CALENDAR, JobOutcome, TickReport};
use crate::messages::{Lang, Message, message};

pub(super) fn others_json(report: &TickReport, lang: Lang) -> Vec<Value> {
    let one = |one: &JobOutcome| {
        let text = text_of(one, lang);
        json!({
            "job": one.job, "period": one.period, "state": one.state.code(), "code": one.told.code,
            "message": text.text, "hint": text.remedy,
        })
    };
    report.others.iter().map(one).collect()
}

/// Each on a line of its own. Of those that could not be finished the reason stands in the failure of the command, or in what is
/// to be done.
pub(super) fn tell_others(report: &TickReport, lang: Lang) {
    for one in report.others.iter().filter(|one| one.state != JobState::Failed) {
        eprintln!("{}: {}", name_of(one, lang), text_of(one, lang).text);
    }
}

/// What a person has to do about those that wait or could not be finished.
pub(super) fn others_todo(report: &TickReport, lang: Lang) -> impl Iterator<Item = String> {
    let said = move |one: &JobOutcome| (name_of(one, lang), text_of(one, lang).remedy);
    let todo = report.others.iter().map(said).filter(|(_, remedy)| !remedy.is_empty());
    todo.map(|(name, remedy)| format!("{name}: {remedy}"))
}

/// What could not be finished: a job with its period, and why.
pub(super) fn failed_others(report: &TickReport, lang: Lang) -> impl Iterator<Item = (String, &JobOutcome)> {
    report.others.iter().filter(|one| one.state == JobState::Failed).map(move |one| (name_of(one, lang), one))
}

/// The job with its period; the calendar has but one.
fn name_of(one: &JobOutcome, lang: Lang) -> String {
    let name = job(&one.job, lang);
    if one.job == CALENDAR { name.to_string() } else { format!("{name} {}", one.period) }
}

fn text_of(one: &JobOutcome, lang: Lang) -> Message {
    message(one.told.code, lang, &spoken(&one.told.detail, lang))
}
