//! `kaiin snapshot`.

use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Subcommand;

use super::{Context, date_arg, output};
use crate::domain::as_of::AsOf;
use crate::messages::Lang;
use crate::service::query::Knowledge;
use crate::service::snapshot;

#[derive(Debug, Subcommand)]
pub(super) enum SnapshotCommand {
    /// ある日の在籍を固定する
    Take {
        /// 基準日
        #[arg(long, value_name = "DATE", value_parser = date_arg)]
        as_of: NaiveDate,
        /// 知識時点（省略時は最新の出力日）
        #[arg(long, value_name = "DATE", value_parser = date_arg)]
        known_at: Option<NaiveDate>,
    },
    /// 固定したものの一覧
    List,
    /// 固定したものが変わっていないか確かめる
    Verify,
}

pub(super) async fn run(context: &Context, command: &SnapshotCommand) -> Result<ExitCode> {
    match command {
        SnapshotCommand::Take { as_of, known_at } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let knowledge = Knowledge::open(&context.workspace, *known_at).await?;
            let (manifest, _) = snapshot::take(&context.workspace, &knowledge, AsOf(*as_of))?;
            if context.json {
                output::json(&manifest)?;
            } else {
                say!("{}  {}", manifest.id, manifest.n_rows);
            }
            Ok(ExitCode::SUCCESS)
        }
        SnapshotCommand::List => {
            let all = snapshot::list(&context.workspace)?;
            if context.json {
                output::json(&all)?;
            } else {
                all.iter().for_each(|one| say!("{}  {}", one.id, one.n_rows));
            }
            Ok(ExitCode::SUCCESS)
        }
        SnapshotCommand::Verify => verify(context),
    }
}

fn verify(context: &Context) -> Result<ExitCode> {
    let checks = snapshot::verify(&context.workspace)?;
    if context.json {
        output::json(&checks)?;
    } else {
        for check in &checks {
            let word = match (check.intact, context.lang) {
                (true, Lang::Ja) => "変わりなし",
                (false, Lang::Ja) => "変わっている",
                (true, Lang::En) => "intact",
                (false, Lang::En) => "changed",
            };
            say!("{}  {word}", check.id);
        }
    }
    Ok(if checks.iter().all(|check| check.intact) { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
