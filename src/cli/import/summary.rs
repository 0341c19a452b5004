//! What became of a file, as it is told to people.

use crate::cli::output;
use crate::domain::association::Tier;
use crate::domain::japanese_date::era_date;
use crate::domain::printed_number::thousands;
use crate::messages::{Lang, message, message_of};
use crate::service::intake::import::{CorrectionChanges, HeadlineEffect, ImportNote, ImportStatus, ImportSummary};
use crate::service::papers::revisions_due::ChangedMonth;

/// Rejects shown on screen; the file holds all of them.
const SHOWN_REJECTS: usize = 20;

pub(super) fn show(summary: &ImportSummary, lang: Lang) {
    let status = status_text(summary.status, lang);
    match lang {
        Lang::Ja => {
            eprintln!(
                "{}: {status}（{}、{}、出力日 {}）",
                summary.file,
                summary.layout,
                summary.encoding,
                era_date(summary.known_at)
            );
        }
        Lang::En => {
            eprintln!("{}: {status} ({}, {}, {})", summary.file, summary.layout, summary.encoding, summary.known_at);
        }
    }
    if summary.status == ImportStatus::Unchanged {
        show_list(summary, lang);
        return;
    }
    if summary.replaces {
        let text = match lang {
            Lang::Ja => "同じ出力日の前のファイルと置き換えました",
            Lang::En => "took the place of an earlier file of the same day",
        };
        eprintln!("  {text}");
    }
    if let Some(same) = &summary.same_content_as {
        let text = match lang {
            Lang::Ja => format!(
                "同じ内容を、出力日 {} としても取り込んでいます（{}）。その日付が誤りなら: kaiin import --take-back {} --reason",
                same.known_at, same.file, same.id
            ),
            Lang::En => format!(
                "the same content was taken in as of {} ({}); if that day was wrong: kaiin import --take-back {} --reason",
                same.known_at, same.file, same.id
            ),
        };
        eprintln!("  {text}");
    }
    match summary.corrections {
        Some(corrections) => show_corrections(summary, corrections, lang),
        None => show_numbers(summary, lang),
    }
    if let Some(headline) = &summary.headline {
        show_headline(headline, lang);
    }
    show_changed_months(&summary.changed_months, lang);
    for code in summary.warnings.keys().chain(summary.findings.keys()) {
        let n = summary.warnings.get(code).or_else(|| summary.findings.get(code)).copied().unwrap_or_default();
        eprintln!("  {code} {} {n}", message(code, lang, "").text);
        show_notes(summary, code, lang);
    }
    show_reused_numbers(summary, lang);
    if !summary.ignored_columns.is_empty() {
        let label = if lang == Lang::Ja { "使わない列" } else { "ignored columns" };
        eprintln!("  {label}: {}", summary.ignored_columns.join("、"));
    }
    show_rejects(summary, lang);
}

/// Where warnings of a code are, and what is said beside them.
fn show_notes(summary: &ImportSummary, code: &str, lang: Lang) {
    let notes: Vec<&ImportNote> = summary.notes.iter().filter(|note| note.code == code).collect();
    for note in notes.iter().take(SHOWN_REJECTS) {
        let row = note.row.map(|row| match lang {
            Lang::Ja => format!("{row}行目"),
            Lang::En => format!("row {row}"),
        });
        let hint = note.hint.as_deref().map(|hint| message_of(hint.code, lang, &hint.words).text);
        let parts: Vec<String> = row.into_iter().chain(hint).collect();
        eprintln!("    {}", parts.join(": "));
    }
    let remedy = message(code, lang, "").remedy;
    if !notes.is_empty() && !remedy.is_empty() {
        eprintln!("    {remedy}");
    }
    if notes.len() > SHOWN_REJECTS {
        eprintln!("    … +{}", notes.len() - SHOWN_REJECTS);
    }
}

fn status_text(status: ImportStatus, lang: Lang) -> &'static str {
    match (status, lang) {
        (ImportStatus::Stored, Lang::Ja) => "取り込みました",
        (ImportStatus::Unchanged, Lang::Ja) => "同じ内容を取込済みです。何も変わりません",
        (ImportStatus::DryRun, Lang::Ja) => "試し読み。何も保存していません",
        (ImportStatus::Stored, Lang::En) => "stored",
        (ImportStatus::Unchanged, Lang::En) => "the same content is stored already; nothing changed",
        (ImportStatus::DryRun, Lang::En) => "dry run; nothing was stored",
    }
}

fn show_numbers(summary: &ImportSummary, lang: Lang) {
    let n = |n: u32| thousands(i64::from(n));
    let stays = &summary.stays;
    match lang {
        Lang::Ja => eprintln!(
            "  行 {}　在籍記録: 追加 {} 変更 {} 退会日の追加 {} 退会日の消失 {} 変化なし {} 見えない {}",
            n(summary.rows),
            n(stays.added),
            n(stays.changed),
            n(stays.closed),
            n(stays.reopened),
            n(stays.unchanged),
            n(stays.absent),
        ),
        Lang::En => eprintln!(
            "  rows {}; stays: added {} changed {} closed {} reopened {} unchanged {} absent {}",
            n(summary.rows),
            n(stays.added),
            n(stays.changed),
            n(stays.closed),
            n(stays.reopened),
            n(stays.unchanged),
            n(stays.absent),
        ),
    }
}

fn show_corrections(summary: &ImportSummary, corrections: CorrectionChanges, lang: Lang) {
    let n = |n: u32| thousands(i64::from(n));
    let CorrectionChanges { added, changed, unchanged } = corrections;
    let (rows, added, changed, unchanged) = (n(summary.rows), n(added), n(changed), n(unchanged));
    match lang {
        Lang::Ja => eprintln!("  行 {rows}　追加 {added} 変更 {changed} 変化なし {unchanged}"),
        Lang::En => eprintln!("  rows {rows}; added {added} changed {changed} unchanged {unchanged}"),
    }
}

fn show_headline(headline: &HeadlineEffect, lang: Lang) {
    let tiers = [
        (Tier::Local, headline.before.local, headline.after.local),
        (Tier::Prefectural, headline.before.prefectural, headline.after.prefectural),
        (Tier::National, headline.before.national, headline.after.national),
    ];
    let parts = tiers.map(|(tier, before, after)| {
        let name = if lang == Lang::Ja { tier.label() } else { tier.code() };
        format!("{name} {} → {}", thousands(before.memberships), thousands(after.memberships))
    });
    match lang {
        Lang::Ja => eprintln!("  {} 現在の会員数: {}", era_date(headline.as_of), parts.join("、")),
        Lang::En => eprintln!("  members on {}: {}", headline.as_of, parts.join(", ")),
    }
}

/// Papers that are to be made once more, with the command that does it.
pub(super) fn show_changed_months(changed: &[ChangedMonth], lang: Lang) {
    for day in changed {
        let mark = if lang == Lang::Ja { "要改定 " } else { "to be revised " };
        for (nth, detail) in day.details().iter().enumerate() {
            let mark = if nth == 0 { mark } else { "  " };
            eprintln!("  {mark}{}", output::detail_texts(detail, lang).0);
        }
        match (&day.period, lang) {
            (Some(period), Lang::Ja) => eprintln!("    作り直す: kaiin jobs rerun {period} --reason \"…\""),
            (Some(period), Lang::En) => eprintln!("    make it once more: kaiin jobs rerun {period} --reason TEXT"),
            (None, Lang::Ja) => eprintln!("    作り直す: 前と同じ指定で kaiin report（訂正版になります）"),
            (None, Lang::En) => eprintln!("    make them once more: kaiin report as before (a corrected edition)"),
        }
    }
}

/// Each with both rows, so that whoever mistyped a number finds it.
fn show_reused_numbers(summary: &ImportSummary, lang: Lang) {
    for reused in summary.reused_numbers.iter().take(SHOWN_REJECTS) {
        let (place, other) = match lang {
            Lang::Ja => (format!("{}行目 {}列（{}）", reused.row, reused.column, reused.heading), reused.other()),
            Lang::En => (
                format!("row {} column {} ({})", reused.row, reused.column, reused.heading),
                format!("{} row {}", reused.other_file, reused.other_row),
            ),
        };
        let text = message(reused.code, lang, &other);
        eprintln!("    {place} {}: {}。{}", reused.code, text.text, text.remedy);
    }
    if summary.reused_numbers.len() > SHOWN_REJECTS {
        eprintln!("    … +{}", summary.reused_numbers.len() - SHOWN_REJECTS);
    }
}

fn show_rejects(summary: &ImportSummary, lang: Lang) {
    if summary.rejected.is_empty() {
        return;
    }
    match lang {
        Lang::Ja => eprintln!("  取込不可 {} 行（うち在籍 {}）", summary.rejected_rows, summary.rejected_active_rows),
        Lang::En => eprintln!("  rejected rows {} ({} say 在籍)", summary.rejected_rows, summary.rejected_active_rows),
    }
    for reject in summary.rejected.iter().take(SHOWN_REJECTS) {
        let text = message(reject.code, lang, "");
        let place = match lang {
            Lang::Ja => format!("{}行目 {}列（{}）", reject.row, reject.column, reject.heading),
            Lang::En => format!("row {} column {} ({})", reject.row, reject.column, reject.heading),
        };
        let hint = reject.hint.as_deref().map(|hint| message_of(hint.code, lang, &hint.words).text);
        let joint = if lang == Lang::Ja { "。" } else { ". " };
        let parts: Vec<String> = std::iter::once(text.text).chain(hint).chain([text.remedy]).collect();
        eprintln!("    {place} {}: {}", reject.code, parts.join(joint));
    }
    if summary.rejected.len() > SHOWN_REJECTS {
        eprintln!("    … +{}", summary.rejected.len() - SHOWN_REJECTS);
    }
    show_list(summary, lang);
}

/// Where the workbook for the office lies.
fn show_list(summary: &ImportSummary, lang: Lang) {
    if let Some(file) = &summary.rejects_file {
        let label = if lang == Lang::Ja { "行の写しと直し方" } else { "rows and remedies" };
        eprintln!("    {label}: {file}");
    }
}
