//! `kaiin import`.

mod taken;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Args;

use super::progress::Progress;
use super::{Context, date_arg, output};
use crate::domain::association::Tier;
use crate::domain::document::thousands;
use crate::domain::japanese_date::era_date;
use crate::domain::problem::Problem;
use crate::error::{Detail, Failure};
use crate::messages::{Lang, message, message_of};
use crate::service::definition_files::no_layout;
use crate::service::import::{
    CorrectionChanges, HeadlineEffect, ImportNote, ImportOptions, ImportProgress, ImportRun, ImportStatus,
    ImportSummary, LayoutReport, Silent, explain_layout, import_files, name_of,
};
use crate::service::inbox::{self, put_away_answered};
use crate::service::revisions_due::ChangedMonth;

/// Rejects shown on screen; the file holds all of them.
const SHOWN_REJECTS: usize = 20;

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// 医師会マスタ、会員一覧、申請履歴、調整のファイル（CSV、XLSX）。順番は問わない
    #[arg(required_unless_present_any = ["list", "take_back"], value_name = "FILE")]
    files: Vec<PathBuf>,
    /// 取り込んだものの一覧（番号・源・出力日・状態）
    #[arg(long, conflicts_with_all = ["files", "take_back"])]
    list: bool,
    /// 源のいちばん新しい取込みを取り消す（--reason が必要）。番号かファイル名で指定
    #[arg(long, value_name = "FILE|ID", requires = "reason", conflicts_with = "files")]
    take_back: Option<String>,
    /// 出力日（省略時はファイル名の日付）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    known_at: Option<NaiveDate>,
    /// レイアウトの名前（省略時は見出しから判断）
    #[arg(long, value_name = "NAME")]
    layout: Option<String>,
    /// 源の名前（都道府県ごとに出力する場合など）
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// 何も保存せず、結果だけを見る
    #[arg(long)]
    dry_run: bool,
    /// 取り込めない行が一つでもあれば保存しない
    #[arg(long)]
    atomic: bool,
    /// 多くの会員が見えない出力でも取り込む（--reason が必要）
    #[arg(long, requires = "reason")]
    accept_drop: bool,
    /// 人数の減る置換え、作成済みの資料の数字が変わるもの、途中で切れたように見える出力でも取り込む（--reason が必要）
    #[arg(long, requires = "reason")]
    accept_change: bool,
    /// 取り込む・取り消す理由（記録される）
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// 取り込まず、どの列が何になるかだけを見る
    #[arg(long)]
    explain_layout: bool,
}

impl ImportArgs {
    /// Whether nothing is to be made where nothing is: only an import of files makes a data folder.
    pub(super) fn makes_nothing(&self) -> bool {
        self.list || self.explain_layout || self.take_back.is_some()
    }
}

pub(super) async fn run(context: &Context, args: &ImportArgs) -> Result<ExitCode> {
    let workspace = &context.workspace;
    if args.explain_layout {
        return explain_layouts(context, args);
    }
    if args.list {
        return taken::list(context).await;
    }
    if let (Some(which), Some(reason)) = (&args.take_back, &args.reason) {
        return taken::take_back(context, which, reason, args.accept_change).await;
    }
    if args.reason.as_deref().is_some_and(|reason| reason.trim().is_empty()) {
        return Err(Failure::usage("IMP-286", "").into());
    }
    let lock = workspace.lock_for_writing().await?;
    if let Some(name) = &args.layout
        && !workspace.layouts.iter().any(|layout| layout.name == *name)
    {
        let names: Vec<String> = workspace.layouts.iter().map(|layout| layout.name.clone()).collect();
        return Err(no_layout(name, &names).into());
    }
    let options = ImportOptions {
        known_at: args.known_at,
        layout: args.layout.clone(),
        source: args.source.clone(),
        dry_run: args.dry_run,
        atomic: args.atomic,
        accept_drop: args.reason.clone().filter(|_| args.accept_drop),
        accept_change: args.reason.clone().filter(|_| args.accept_change),
        holds: match args.accept_change || args.dry_run {
            true => Vec::new(),
            false => inbox::waiting(workspace, &args.files),
        },
        ..ImportOptions::default()
    };
    let progress: Box<dyn ImportProgress> =
        if context.json { Box::new(Silent) } else { Box::new(Progress::new(context.lang)) };
    let run = import_files(workspace, &lock, &args.files, &options, progress.as_ref()).await;
    // A question of the inbox may have been answered.
    put_away_answered(workspace).await?;
    if context.json {
        output::json(&run.summaries)?;
    }
    for summary in &run.summaries {
        if !context.json {
            show(summary, context.lang);
        }
    }
    refusal(run).map_or(Ok(ExitCode::SUCCESS), Err)
}

/// Why not all files were taken in, with the names of those that were not dealt with.
fn refusal(run: ImportRun) -> Option<anyhow::Error> {
    let waiting = run.held.first().map(|(path, by)| {
        let failure = Failure::input(Problem::OlderWaits, &name_of(path), by.as_str());
        (path.clone(), failure.into())
    });
    let (stopped_by, error) = run.failures.into_iter().next().or(waiting)?;
    let detail = |path: &PathBuf, by: &str| Detail::of_words("IMP-291", vec![name_of(path), by.to_string()]);
    let first = name_of(&stopped_by);
    let untouched = run.untouched.iter().map(|path| detail(path, &first));
    let held = run.held.iter().filter(|(path, _)| *path != stopped_by).map(|(path, by)| detail(path, by));
    let details: Vec<Detail> = untouched.chain(held).collect();
    if details.is_empty() {
        return Some(error);
    }
    let failure = Failure::of(&error);
    let details = failure.details.iter().cloned().chain(details).collect();
    Some(Failure { details, ..failure }.into())
}

fn show(summary: &ImportSummary, lang: Lang) {
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

/// One report for each file; the first file that would be refused decides the exit code.
fn explain_layouts(context: &Context, args: &ImportArgs) -> Result<ExitCode> {
    let mut reports = Vec::with_capacity(args.files.len());
    let mut refused = None;
    for path in &args.files {
        let mut report = explain_layout(&context.workspace, path, args.layout.as_deref())?;
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(problem) = report.problem.take() {
            refused = refused.or(Some(Failure::from_ingest(problem.into(), &file)));
        }
        if !context.json {
            show_layout(&file, &report, context.lang);
        }
        reports.push(report);
    }
    if context.json {
        output::json(&reports)?;
    }
    match refused {
        Some(failure) => Err(failure.into()),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn show_layout(file: &str, report: &LayoutReport, lang: Lang) {
    let kind = report.kind.label();
    match lang {
        Lang::Ja => say!("{file}: {}（{kind}）", report.layout),
        Lang::En => say!("{file}: {} ({})", report.layout, report.kind.code()),
    }
    let (missing, required, unused) = match lang {
        Lang::Ja => ("なし", "必要", "使わない"),
        Lang::En => ("missing", "required", "ignored"),
    };
    let headings: Vec<String> = match lang {
        Lang::Ja => ["列", "見出し", "項目", ""].map(String::from).to_vec(),
        Lang::En => ["column", "heading", "field", ""].map(String::from).to_vec(),
    };
    let mut rows: Vec<Vec<String>> = report
        .fields
        .iter()
        .map(|place| {
            let accepted = place.accepted.first().cloned().unwrap_or_default();
            vec![
                place.column.clone().unwrap_or_else(|| missing.into()),
                place.heading.clone().unwrap_or_default(),
                accepted,
                if place.is_required { required.into() } else { String::new() },
            ]
        })
        .collect();
    rows.extend(
        report
            .ignored
            .iter()
            .map(|ignored| vec![ignored.column.clone(), ignored.heading.clone(), String::new(), unused.to_string()]),
    );
    output::table(&headings, &rows, &[false; 4]);
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
fn show_changed_months(changed: &[ChangedMonth], lang: Lang) {
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
