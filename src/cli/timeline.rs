//! `kaiin timeline`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Subcommand;

use super::context::Context;
use super::dates::date_arg;
use super::output;
use crate::domain::printed_number::thousands;
use crate::messages::Lang;
use crate::service::keep::handed_out::HandedFile;
use crate::service::questions::timeline_export::{ExportManifest, ExportRequest, Vintages, export_timeline};

#[derive(Debug, Subcommand)]
pub(super) enum TimelineCommand {
    /// ほかの集計エンジン（DuckDB、Spark など）が同じ数を数えられる形で、会員期間を書き出す（氏名・医籍登録番号は含まない）
    Export {
        /// 書き出すフォルダ（ないか、空のもの）
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// 知識時点（省略時は最新の出力日）
        #[arg(long, value_name = "DATE", value_parser = date_arg)]
        known_at: Option<NaiveDate>,
        /// すべての知識時点を書き出す
        #[arg(long, conflicts_with = "known_at")]
        all: bool,
        /// そのフォルダに前の書き出しがあれば、置き換える
        #[arg(long)]
        replace: bool,
    },
}

pub(super) async fn run(context: &Context, command: &TimelineCommand) -> Result<ExitCode> {
    let TimelineCommand::Export { out, known_at, all, replace } = command;
    let vintages = if *all { Vintages::All } else { Vintages::One(*known_at) };
    let request = ExportRequest { out: out.clone(), vintages, replace: *replace };
    let manifest = export_timeline(&context.workspace, &request).await?;
    let files = manifest.files.iter().map(|file| HandedFile { name: file.path.clone(), sha256: file.sha256.clone() });
    context.hands_out(&format!("timeline export → {}", out.display()), None, files.collect());
    if context.json {
        output::json(&manifest)?;
    } else {
        show(&manifest, out, context.lang);
    }
    Ok(ExitCode::SUCCESS)
}

fn show(manifest: &ExportManifest, out: &Path, lang: Lang) {
    let (known_at, out) = (manifest.known_at, out.display());
    match (lang, manifest.all_known_at) {
        (Lang::Ja, false) => say!("{out}: 知識時点 {known_at} の会員期間を書き出しました"),
        (Lang::Ja, true) => say!("{out}: 知識時点 {known_at} までのすべての会員期間を書き出しました"),
        (Lang::En, false) => say!("{out}: memberships as known at {known_at}"),
        (Lang::En, true) => say!("{out}: memberships as known at all days up to {known_at}"),
    }
    for table in &manifest.rows {
        say!("  {:<28}{:>14}", table.table, thousands(i64::try_from(table.rows).unwrap_or(i64::MAX)));
    }
}
