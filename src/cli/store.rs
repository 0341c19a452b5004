//! `kaiin store`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use super::global::{Global, clock, read_config, store_url};
use super::output;
use crate::config::Config;
use crate::domain::store_url::StoreUrl;
use crate::error::Failure;
use crate::messages::Lang;
use crate::service::keep::Workspace;
use crate::service::questions::store_copy::{CopyReport, StoreStatus, copy, refuse_empty, status};

#[derive(Debug, Subcommand)]
pub(super) enum StoreCommand {
    /// 台帳の場所と中身の件数
    Status,
    /// 台帳のすべてを空の台帳に写し、同じであることを確かめる
    Copy {
        /// 写し元: sqlite（データフォルダの中）、postgres（設定の store.url）、またはアドレス
        #[arg(long, value_name = "STORE")]
        from: String,
        /// 写し先: 同じ書き方
        #[arg(long, value_name = "STORE")]
        to: String,
    },
}

pub(super) async fn run(global: &Global, command: &StoreCommand) -> Result<ExitCode> {
    let lang = Lang::from(global.lang);
    match command {
        StoreCommand::Status => {
            let workspace = Workspace::open_to_ask(&global.data, read_config(global)?, clock()?).await?;
            let status = status(&workspace).await;
            let closed = workspace.store.clone().close().await;
            let status = status?;
            closed?;
            if global.json {
                output::json(&status)?;
            } else {
                show_status(&status, lang);
            }
        }
        StoreCommand::Copy { from, to } => {
            let from = Workspace::open_to_ask(&global.data, named(global, from)?, clock()?).await?;
            refuse_empty(&from).await?;
            let to = Workspace::open_to_fill(&global.data, named(global, to)?, clock()?).await?;
            let report = copy(&from, &to).await;
            let closed = [from.store.clone().close().await, to.store.clone().close().await];
            let report = report?;
            closed.into_iter().collect::<Result<(), _>>()?;
            if global.json {
                output::json(&report)?;
            } else {
                show_copy(&report, lang);
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The settings with the store that a word names. A word that is none is not repeated when it may be an address.
fn named(global: &Global, word: &str) -> Result<Config> {
    let mut config = read_config(global)?;
    let unknown = || Failure::usage("STO-004", if word.contains([':', '@']) { "…" } else { word });
    config.store.url = match word {
        "sqlite" => None,
        "postgres" => Some(store_url()?.or(config.store.url).ok_or_else(unknown)?),
        address => Some(StoreUrl::try_from(address.to_string()).map_err(|_| unknown())?),
    };
    Ok(config)
}

fn show_status(status: &StoreStatus, lang: Lang) {
    let words = match lang {
        Lang::Ja => ["種類", "場所", "台帳", "取込み"],
        Lang::En => ["kind", "place", "head", "imports"],
    };
    say!("{}: {}", words[0], status.kind);
    say!("{}: {}", words[1], status.place);
    say!("{}: {}", words[2], status.head);
    say!("{}: {}", words[3], status.imports);
    for table in &status.tables {
        say!("{:<20}{:>12}", table.table, table.rows);
    }
}

fn show_copy(report: &CopyReport, lang: Lang) {
    for table in &report.tables {
        say!("{:<20}{:>12}  {}", table.table, table.rows, &table.sha256[..16]);
    }
    let CopyReport { from, to, head, equal_counts, .. } = report;
    match lang {
        Lang::Ja => say!(
            "{from} から {to} へ写しました。件数と照合値はすべての表で一致し、{equal_counts} 組の日付で会員数も一致しました（台帳 {head}）"
        ),
        Lang::En => say!(
            "copied {from} to {to}: rows and hashes of all tables are equal, and so are the counts at {equal_counts} pairs of days (head {head})"
        ),
    }
}
