//! What the list of periods and the report of a run call things.

use crate::domain::ledger::VersionKind;
use crate::jobs::{CALENDAR, DISTRIBUTION, MEETING, MONTHLY_PAPERS, Routine, SURVEY, Waiting};
use crate::messages::{Lang, Message, message_of};

/// What a period waits for, and what to do.
pub(super) fn waiting_text(waiting: &Waiting, lang: Lang) -> Message {
    let last = waiting.cut_off.pred_opt().unwrap_or(waiting.cut_off);
    let words = [waiting.period.clone(), waiting.from.to_string(), last.to_string()];
    message_of("JOB-015", lang, &words)
}

/// What a job is called.
pub(super) fn job(name: &str, lang: Lang) -> &str {
    let routine = Routine::ALL.into_iter().find(|routine| routine.name() == name);
    match (name, routine) {
        _ if lang == Lang::En => name,
        (MONTHLY_PAPERS, _) => "月の資料",
        (SURVEY, _) => "会員数調査",
        (DISTRIBUTION, _) => "配布",
        (MEETING, _) => "会議の下書き",
        (CALENDAR, _) => "会議の予定",
        (_, Some(Routine::Backup)) => "控え",
        (_, Some(Routine::Verification)) => "照合",
        (_, Some(Routine::Purge)) => "消去",
        (_, Some(Routine::Watch)) => "退会の見回り",
        (name, None) => name,
    }
}

/// Why a version was made, as people read it.
pub(super) fn kind(kind: VersionKind, lang: Lang) -> &'static str {
    match (kind, lang) {
        (VersionKind::Early, Lang::Ja) => "速報",
        (VersionKind::Punctual, Lang::Ja) => "定時",
        (VersionKind::Released, Lang::Ja) => "待ちを解いた版",
        (VersionKind::Rerun, Lang::Ja) => "作り直し",
        (kind, Lang::En) => kind.code(),
    }
}
