//! `kaiin serve` and `kaiin jobs`.

mod backfill;
mod inbox_notes;
mod list;
mod others;
mod outcome;
mod serve;
mod unknown_reports;
mod wording;

use std::process::ExitCode;

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use serde_json::json;

use self::outcome::show;
pub(super) use self::serve::serve;
use self::unknown_reports::warn_of_reports;
use super::context::Context;
use super::dates::instant_arg;
use super::output;
use crate::clock::Clock;
use crate::jobs;
use crate::messages::message_of;

#[derive(Debug, Subcommand)]
pub(super) enum JobsCommand {
    /// 台帳（仕事と期間ごとの状態）
    List {
        /// それぞれの仕事の、新しい期間をこの数だけ
        #[arg(long, value_name = "N")]
        last: Option<usize>,
    },
    /// これからの予定（12回分）
    Next,
    /// 一つの期間を今すぐ行う（締切の前なら速報を作り、定時の版は後で作る）
    Run {
        /// 仕事の名前（monthly-papers）
        job: String,
        /// 期間（例 2025-12）
        period: String,
    },
    /// 期間の幅をまとめて行う
    Backfill {
        /// 仕事の名前（monthly-papers）
        job: String,
        /// 始まりの月（例 2025-04）
        #[arg(long)]
        from: String,
        /// 終わりの月（例 2025-12）
        #[arg(long)]
        to: String,
        /// どの月をどうするかを示すだけで、何も作らない
        #[arg(long)]
        dry_run: bool,
    },
    /// 作成済みの期間を、今知っていることで、次の版に作り直す（前の版は残る）
    Rerun {
        /// 期間（例 2025-12）
        period: String,
        /// なぜ作り直すか（台帳に残る）
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 待っている期間や終えられなかった期間を、今知っていることで作る
    Release {
        /// 期間（例 2025-12）
        period: String,
        /// なぜ待たずに作るか（台帳に残る）
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 帳票を書くところを、このデータフォルダに移す（サーバーの台帳を複数の機械で使うとき）
    MoveHere {
        /// なぜ移すか（台帳に残る）
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// 鐘を一度だけ鳴らす（拒否したファイル、確認待ち、待っている期間があれば終了コード 1）
    Tick {
        /// 時刻（例 2026-01-05T06:00:00+09:00。省略時は今）
        #[arg(long, value_name = "INSTANT", value_parser = instant_arg)]
        now: Option<DateTime<Utc>>,
    },
}

impl JobsCommand {
    /// Whether it makes nothing where there is no store: what only asks, or does something about months that are there.
    /// The bell may ring in a new folder, whose first files lie in the inbox.
    pub(super) fn makes_nothing(&self) -> bool {
        !matches!(self, Self::Tick { .. })
    }
}

pub(super) async fn run(mut context: Context, command: JobsCommand) -> Result<ExitCode> {
    if !matches!(command, JobsCommand::List { .. }) {
        warn_of_reports(&context);
    }
    match command {
        JobsCommand::List { last } => list::list(&context, last).await,
        JobsCommand::Next => list::next(&context).await,
        JobsCommand::Run { job, period } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let report = jobs::run_one(&context.workspace, &job, &period).await?;
            show(&context, &report)
        }
        JobsCommand::Rerun { period, reason } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let report = jobs::rerun(&context.workspace, &period, &reason).await?;
            show(&context, &report)
        }
        JobsCommand::Release { period, reason } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let report = jobs::release(&context.workspace, &period, &reason).await?;
            show(&context, &report)
        }
        JobsCommand::MoveHere { reason } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let (before, lacking) = jobs::move_here(&context.workspace, &reason).await?;
            moved_here(&context, before.map_or_else(|| "-".to_string(), |home| home.place), lacking)
        }
        JobsCommand::Backfill { job, from, to, dry_run } => {
            backfill::backfill(&context, &job, (&from, &to), dry_run).await
        }
        JobsCommand::Tick { now } => {
            if let Some(now) = now {
                context.workspace.clock = Clock::Fixed(now);
            }
            let lock = context.workspace.lock_for_writing().await?;
            let report = jobs::tick(&context.workspace, &lock).await?;
            show(&context, &report)
        }
    }
}

/// Says where papers were written before, and that those which lie there should be brought along.
fn moved_here(context: &Context, before: String, lacking: usize) -> Result<ExitCode> {
    if context.json {
        output::json(&json!({ "before": before, "folders_lacking": lacking }))?;
    } else {
        let text = message_of("JOB-021", context.lang, &[before, lacking.to_string()]);
        eprintln!("{}\n  {}", text.text, text.remedy);
    }
    Ok(ExitCode::SUCCESS)
}
