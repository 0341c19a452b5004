//! `kaiin purge`.

use std::process::ExitCode;

use anyhow::Result;
use clap::{ArgGroup, Args};

use super::backup::thousands_of;
use super::context::Context;
use super::output;
use crate::clock::tokyo;
use crate::domain::printed_number::thousands;
use crate::messages::Lang;
use crate::service::purge::report::{ListedPurge, PurgeReport, Reminder};
use crate::service::purge::run::{list, notices, purge, rehearse};

/// Folders that are named on screen; `--json` names all.
const SHOWN_FOLDERS: usize = 20;

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").args(["confirm", "list"]))]
pub(super) struct PurgeArgs {
    /// 消す（なければ、何が消えるかを示すだけで、何も変えない）
    #[arg(long, requires = "reason")]
    confirm: bool,
    /// 消す理由（記録に残る。氏名を書かない）
    #[arg(long, value_name = "TEXT", requires = "confirm")]
    reason: Option<String>,
    /// これまでに消したものの記録を示す
    #[arg(long)]
    list: bool,
}

pub(super) async fn run(context: &Context, args: &PurgeArgs) -> Result<ExitCode> {
    if args.list {
        return show_list(context, &list(&context.workspace).await?);
    }
    let report = match args.confirm {
        true => purge(&context.workspace, args.reason.as_deref().unwrap_or_default()).await?,
        false => rehearse(&context.workspace).await?,
    };
    if context.json {
        output::json(&report)?;
        return Ok(ExitCode::SUCCESS);
    }
    show(&report, context.lang);
    for notice in notices(&report) {
        output::notice(&notice, context.lang, false);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(report: &PurgeReport, lang: Lang) {
    let files = thousands_of(report.n_files().try_into().unwrap_or(u64::MAX));
    let persons = thousands_of(report.n_persons().try_into().unwrap_or(u64::MAX));
    let PurgeReport { counted_from, raw_files_days, persons_days, .. } = report;
    let days = |days: &Option<u32>, unit: &str, none: &str| {
        days.map_or_else(|| none.to_string(), |days| format!("{}{unit}", thousands(days.into())))
    };
    match lang {
        Lang::Ja => {
            let (raw, of_persons) = (days(raw_files_days, " 日", "消さない"), days(persons_days, " 日", "消さない"));
            say!("保存日数: ファイル {raw}、退会した人 {of_persons}（{counted_from} から数える）");
            let verb = if report.done { "消したもの" } else { "消すもの" };
            say!("{verb}: ファイル {files} 件、氏名・医籍登録番号など {persons} 人分");
        }
        Lang::En => {
            let (raw, of_persons) = (days(raw_files_days, "", "for ever"), days(persons_days, "", "for ever"));
            say!("days kept: files {raw}, those who have left {of_persons} (counted from {counted_from})");
            let verb = if report.done { "removed" } else { "to be removed" };
            say!("{verb}: {files} files, names and numbers of {persons} persons");
        }
    }
    for of_day in &report.files {
        let (n, size) = (of_day.files, thousands_of(of_day.size_bytes));
        match lang {
            Lang::Ja => say!("  {} {}: {n} 件（{size} バイト）", of_day.day, of_day.label),
            Lang::En => say!("  {} {}: {n} ({size} bytes)", of_day.day, of_day.kind),
        }
    }
    for of_day in &report.persons {
        match lang {
            Lang::Ja => say!("  {} を最後とする人: {} 人", of_day.day, of_day.persons),
            Lang::En => say!("  {} persons: {}", of_day.day, of_day.persons),
        }
    }
    show_kept(report, lang);
    conclude(report, lang);
}

fn show_kept(report: &PurgeReport, lang: Lang) {
    let (adjusted, candidates) = (report.kept_for_adjustments, report.kept_as_candidates);
    if adjusted + candidates > 0 {
        match lang {
            Lang::Ja => {
                say!("日数を過ぎても残す人: 調整のある人 {adjusted} 人、同一人物かもしれない人 {candidates} 人");
            }
            Lang::En => {
                say!("kept although due: {adjusted} with adjustments, {candidates} who may be somebody else too");
            }
        }
    }
    if report.persons_days.is_some() {
        match lang {
            Lang::Ja => say!("残すもの: 会員数・異動のもとになる日付・区分・性別・生年月日、ハッシュ値、取込みの記録"),
            Lang::En => say!("kept: dates, classes, sex and birth days behind all figures, hashes, records of imports"),
        }
    }
    show_reminders(&report.reminders, lang);
}

fn show_reminders(reminders: &[Reminder], lang: Lang) {
    for reminder in reminders.iter().take(SHOWN_FOLDERS) {
        let kind = if lang == Lang::Ja { reminder.kind.label() } else { reminder.kind.code() };
        match lang {
            Lang::Ja => say!("  事務局で確かめるもの: {kind} {}（{}）", reminder.place, reminder.day),
            Lang::En => say!("  to be looked at: {kind} {} ({})", reminder.place, reminder.day),
        }
    }
    if let Some(more) = reminders.len().checked_sub(SHOWN_FOLDERS).filter(|more| *more > 0) {
        match lang {
            Lang::Ja => say!("  ほか {more} 件（--json で全件）"),
            Lang::En => say!("  {more} more (all with --json)"),
        }
    }
}

fn conclude(report: &PurgeReport, lang: Lang) {
    let unfinished = report.unfinished.iter().map(i64::to_string).collect::<Vec<_>>().join("、");
    if report.done && !unfinished.is_empty() {
        match lang {
            Lang::Ja => say!("途中で止まっていた第{unfinished}回の残りも消しました"),
            Lang::En => say!("finished what purge {unfinished} had left"),
        }
    }
    match (report.done, report.number, lang) {
        (false, _, Lang::Ja) => say!("何も変えていません。消すには: kaiin purge --confirm --reason \"理由\""),
        (false, _, Lang::En) => say!("nothing was changed; to remove: kaiin purge --confirm --reason TEXT"),
        (true, Some(number), Lang::Ja) => {
            say!("第{number}回として記録しました。会員数は変わりません（確かめ: kaiin verify）");
        }
        (true, Some(number), Lang::En) => {
            say!("recorded as purge {number}; no figure changes (to prove it: kaiin verify)");
        }
        (true, None, Lang::Ja) => say!("今日の分はありませんでした"),
        (true, None, Lang::En) => say!("nothing was due today"),
    }
}

fn show_list(context: &Context, purges: &[ListedPurge]) -> Result<ExitCode> {
    if context.json {
        output::json(&purges)?;
        return Ok(ExitCode::SUCCESS);
    }
    let headings = match context.lang {
        Lang::Ja => ["回", "日時", "数えた日", "日数（ファイル）", "ファイル", "日数（人）", "人", "状態", "理由"],
        Lang::En => {
            ["no.", "begun", "counted from", "days (files)", "files", "days (persons)", "persons", "state", "reason"]
        }
    };
    let rows: Vec<Vec<String>> = purges.iter().map(|purge| row(purge, context.lang)).collect();
    let right = [true, false, false, true, true, true, true, false, false];
    output::table(&headings.map(String::from), &rows, &right);
    Ok(ExitCode::SUCCESS)
}

fn row(purge: &ListedPurge, lang: Lang) -> Vec<String> {
    let days = |days: Option<u32>| days.map_or_else(|| "－".to_string(), |days| thousands(days.into()));
    let state = match (purge.ended_at.is_some(), lang) {
        (true, Lang::Ja) => "済み",
        (true, Lang::En) => "done",
        (false, Lang::Ja) => "途中",
        (false, Lang::En) => "unfinished",
    };
    vec![
        purge.number.to_string(),
        purge.begun_at.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M").to_string(),
        purge.counted_from.to_string(),
        days(purge.raw_files_days),
        thousands_of(purge.files),
        days(purge.persons_days),
        thousands_of(purge.persons),
        state.to_string(),
        purge.reason.clone(),
    ]
}
