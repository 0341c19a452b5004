//! `kaiin restore`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{ArgGroup, Args};

use super::backup::{seconds, thousands_of};
use super::global::{Global, clock, read_config, read_settings};
use super::output;
use super::verify::{exit_of, tell};
use crate::clock::tokyo;
use crate::messages::Lang;
use crate::service::keep::Workspace;
use crate::service::keep::restored::confirm;
use crate::service::questions::backup::restore::{RestoreReport, rehearse, restore_into};

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").args(["rehearse", "into", "confirm"]).required(true))]
pub(super) struct RestoreArgs {
    /// 控えのフォルダ（kaiin-backup_日時）
    #[arg(value_name = "BACKUP", required_unless_present = "confirm", conflicts_with = "confirm")]
    from: Option<PathBuf>,
    /// 仮の場所に戻して確かめ、消す。使っているデータには何もしない
    #[arg(long)]
    rehearse: bool,
    /// このフォルダに戻す（ないか、空のもの）
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// 戻したデータフォルダ（--data）を、使い続けてよいと記録する
    #[arg(long, requires = "reason")]
    confirm: bool,
    /// そうしてよい理由
    #[arg(long, value_name = "TEXT", requires = "confirm", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    reason: Option<String>,
}

pub(super) async fn run(global: &Global, args: &RestoreArgs) -> Result<ExitCode> {
    let lang = Lang::from(global.lang);
    let report = match (&args.from, &args.into) {
        (Some(from), Some(into)) => restore_into(from, into, read_settings, clock()?).await?,
        (Some(from), None) => rehearse(from, read_settings, clock()?).await?,
        (None, _) => return confirmed(global, args.reason.as_deref().unwrap_or_default()).await,
    };
    if global.json {
        output::json(&report)?;
    } else {
        show(&report, lang);
        tell(&report.findings, lang);
        conclude(&report, args.into.as_deref(), lang);
    }
    Ok(exit_of(&report.findings))
}

/// Records that a person has looked at a restored data folder.
async fn confirmed(global: &Global, reason: &str) -> Result<ExitCode> {
    let workspace = Workspace::open_to_ask(&global.data, read_config(global)?, clock()?).await?;
    let closing = workspace.closing();
    let done = async {
        let _lock = workspace.lock_for_writing().await?;
        confirm(workspace.folder(), workspace.readers(), workspace.clock.now(), reason)
    };
    let done = done.await;
    closing.close().await;
    let name = done?;
    if global.json {
        output::json(&serde_json::json!({ "confirmed": name, "reason": reason }))?;
        return Ok(ExitCode::SUCCESS);
    }
    match Lang::from(global.lang) {
        Lang::Ja => say!("使い続けてよいと記録しました: {}", global.data.join(&name).display()),
        Lang::En => say!("recorded that it may go on: {}", global.data.join(&name).display()),
    }
    Ok(ExitCode::SUCCESS)
}

fn show(report: &RestoreReport, lang: Lang) {
    let made_at = report.made_at.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M:%S");
    let [size, rows] = [report.size_bytes, report.rows].map(thousands_of);
    let RestoreReport { backup, program, files, imports, chain_entries, snapshots, papers, .. } = report;
    let RestoreReport { answers, answers_equal, .. } = report;
    match lang {
        Lang::Ja => {
            say!("控え: {backup}（日本時間 {made_at} に kaiin {program} で作成）");
            say!("ファイル: {files} 件、{size} バイト");
            if report.opened {
                say!("台帳: {rows} 行、取込 {imports} 件、連鎖 {chain_entries} 件");
                say!("固定した在籍: {snapshots} 件、帳票: {papers} 件");
                say!("質問の答え: {answers} 問中 {answers_equal} 問が控えたときと同じ");
            }
            say!("かかった時間: {} 秒", seconds(report.milliseconds));
        }
        Lang::En => {
            say!("backup: {backup} (made {made_at} in Japan by kaiin {program})");
            say!("files: {files}, {size} bytes");
            if report.opened {
                say!("store: {rows} rows, {imports} imports, {chain_entries} entries of the chain");
                say!("snapshots: {snapshots}, papers: {papers}");
                say!("answers: {answers_equal} of {answers} are those of the backup");
            }
            say!("time: {} s", seconds(report.milliseconds));
        }
    }
}

/// What it comes to, and what a person does next.
fn conclude(report: &RestoreReport, asked: Option<&Path>, lang: Lang) {
    let place = |path: &Path| path.display().to_string();
    match (lang, &report.into, report.well, asked.is_some()) {
        (Lang::Ja, _, false, true) => say!("上のとおり違いがあるため、戻していません"),
        (Lang::En, _, false, true) => say!("because of what differs above, nothing was restored"),
        (Lang::Ja, _, false, false) => say!("上のとおり違いがあります。使っているデータには何もしていません"),
        (Lang::En, _, false, false) => say!("something differs, see above; the data in use was not touched"),
        (Lang::Ja, None, true, _) => say!("この控えから戻せます。使っているデータには何もしていません"),
        (Lang::En, None, true, _) => say!("this backup can be restored; the data in use was not touched"),
        (Lang::Ja, Some(into), true, _) => {
            say!("戻しました: {}", place(into));
            say!("控えの後にあったことを確かめてから: kaiin --data {} restore --confirm --reason 理由", place(into));
        }
        (Lang::En, Some(into), true, _) => {
            say!("restored to {}", place(into));
            say!("when you know what happened after it: kaiin --data {} restore --confirm --reason TEXT", place(into));
        }
    }
    if let Some(beside) = &report.beside {
        match lang {
            Lang::Ja => say!("データフォルダの外にあったもの: {}", place(beside)),
            Lang::En => say!("what lay outside of the data folder: {}", place(beside)),
        }
    }
    if report.into.is_some() && report.names_server {
        match lang {
            Lang::Ja => say!(
                "設定の store.url はサーバーの台帳を指しています。戻した台帳を使うには、その行を消すか、空のデータベースに kaiin store copy してください"
            ),
            Lang::En => say!(
                "store.url of the settings names a store on a server: to use the restored one remove that line, or kaiin store copy into an empty database"
            ),
        }
    }
}
