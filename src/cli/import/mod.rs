//! `kaiin import`.

mod layout;
mod summary;
mod taken;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Args;

use super::context::Context;
use super::dates::date_arg;
use super::output;
use super::progress::Progress;
use crate::domain::problem::Problem;
use crate::error::{Detail, Failure};
use crate::service::intake::import::{ImportOptions, ImportProgress, ImportRun, Silent, import_files, name_of};
use crate::service::intake::inbox;
use crate::service::intake::inbox::put_away_answered;
use crate::service::keep::definition_files::no_layout;

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
        return layout::explain_layouts(context, &args.files, args.layout.as_deref());
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
            summary::show(summary, context.lang);
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
