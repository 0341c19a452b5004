//! `kaiin snapshot`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Subcommand;

use super::context::Context;
use super::dates::date_arg;
use super::output;
use super::verify::{exit_of, tell};
use crate::domain::as_of::AsOf;
use crate::domain::association::Tier;
use crate::domain::printed_number::{signed_count, thousands};
use crate::messages::Lang;
use crate::service::keep::export::write_file;
use crate::service::keep::folders::{Finding, FolderCheck, State};
use crate::service::keep::handed_out::HandedFile;
use crate::service::keep::snapshot_folders;
use crate::service::known::snapshot;
use crate::service::known::vintage::Vintage;
use crate::service::questions::snapshot_diff::{SnapshotDifference, snapshot_difference};
use crate::service::questions::verify::verify_snapshots;

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
    /// 二つの固定したものの違いを、原因ごとに示す
    Diff {
        /// 前のもの（番号か、その初めの部分）
        #[arg(value_name = "A")]
        older: String,
        /// 後のもの
        #[arg(value_name = "B")]
        newer: String,
        /// 違いの元になった人を書き出すファイル（氏名を含む）
        #[arg(long, value_name = "FILE.csv")]
        out: Option<PathBuf>,
    },
}

pub(super) async fn run(context: &Context, command: &SnapshotCommand) -> Result<ExitCode> {
    match command {
        SnapshotCommand::Take { as_of, known_at } => {
            let _lock = context.workspace.lock_for_writing().await?;
            let vintage = Vintage::open(&context.workspace, *known_at).await?;
            context.workspace.check_facts().await?;
            let (manifest, files) = snapshot::take(&context.workspace, &vintage, AsOf(*as_of))?;
            if let Some(folder) = files.first().and_then(|file| file.parent()) {
                context.workspace.chain_snapshot(folder).await?;
            }
            if context.json {
                output::json(&manifest)?;
            } else {
                say!("{}  {}", manifest.id, manifest.n_rows);
            }
            Ok(ExitCode::SUCCESS)
        }
        SnapshotCommand::List => {
            let all = snapshot_folders::list(&context.workspace)?;
            if context.json {
                output::json(&all)?;
            } else {
                all.iter().for_each(|one| say!("{}  {}", one.id, one.n_rows));
            }
            Ok(ExitCode::SUCCESS)
        }
        SnapshotCommand::Verify => verify(context).await,
        SnapshotCommand::Diff { older, newer, out } => diff(context, older, newer, out.as_deref()).await,
    }
}

/// Counts on the screen, people only in a file. The causes always explain the difference, or the program is wrong.
async fn diff(context: &Context, older: &str, newer: &str, out: Option<&Path>) -> Result<ExitCode> {
    let found = snapshot_difference(&context.workspace, older, newer).await?;
    if let Some(path) = out {
        let bytes = found.people_csv(&context.workspace).await?;
        context.hands_out("snapshot diff", None, vec![HandedFile::at(path, &bytes)]);
        write_file(path, &bytes, context.workspace.readers())?;
    }
    if context.json {
        output::json(&found)?;
    } else {
        diff_table(&found, context.lang);
    }
    Ok(if found.balances() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn diff_table(found: &SnapshotDifference, lang: Lang) {
    let rows: Vec<Vec<String>> = found
        .rows
        .iter()
        .map(|row| {
            let label = if lang == Lang::Ja { row.label } else { row.cause };
            vec![
                tier_name(row.tier, lang),
                kind_name(row.kind, lang),
                label.to_string(),
                thousands(row.n),
                signed_count(row.effect),
            ]
        })
        .collect();
    let headings = match lang {
        Lang::Ja => ["階層", "種別", "原因", "件数", "増減"],
        Lang::En => ["tier", "kind", "cause", "number", "effect"],
    };
    output::table(&headings.map(str::to_string), &rows, &[false, false, false, true, true]);
    say!("");
    for total in &found.totals {
        let known = |n: Option<i64>| match (n, lang) {
            (Some(n), _) => thousands(n),
            (None, Lang::Ja) => "不明".to_string(),
            (None, Lang::En) => "unknown".to_string(),
        };
        let (before, effect, after) = (known(total.before), signed_count(total.effect), known(total.after));
        let sign = match total.balances() {
            Some(true) => "=",
            Some(false) => "≠",
            None => "→",
        };
        say!("{}: {before} {effect} {sign} {after}", tier_name(total.tier, lang));
    }
}

fn tier_name(code: &str, lang: Lang) -> String {
    match (lang, Tier::from_text(code)) {
        (Lang::Ja, Some(tier)) => tier.label().to_string(),
        _ => code.to_string(),
    }
}

fn kind_name(code: &str, lang: Lang) -> String {
    match (lang, code) {
        (Lang::Ja, "revision") => "改定".to_string(),
        (Lang::Ja, _) => "異動".to_string(),
        (Lang::En, _) => code.to_string(),
    }
}

async fn verify(context: &Context) -> Result<ExitCode> {
    let checks = verify_snapshots(&context.workspace).await?;
    if context.json {
        let rows: Vec<_> = checks
            .iter()
            .map(|check| {
                serde_json::json!({
                    "id": id_of(check),
                    "intact": check.findings.is_empty(),
                    "folder": check.folder.display().to_string(),
                    "findings": check.findings,
                })
            })
            .collect();
        output::json(&rows)?;
    } else {
        for check in &checks {
            say!("{}  {}", id_of(check), word_of(check, context.lang));
        }
    }
    let findings: Vec<Finding> = checks.into_iter().flat_map(|check| check.findings).collect();
    if !context.json {
        tell(&findings, context.lang);
    }
    Ok(exit_of(&findings))
}

fn id_of(check: &FolderCheck) -> String {
    let name = check.folder.file_name().unwrap_or_default().to_string_lossy();
    name.trim_start_matches("snapshot=").to_string()
}

/// What became of a snapshot, in a word; of several the first.
fn word_of(check: &FolderCheck, lang: Lang) -> &'static str {
    match (check.findings.first().map(|finding| finding.state), lang) {
        (None, Lang::Ja) => "変わりなし",
        (None, Lang::En) => "intact",
        (Some(State::Missing), Lang::Ja) => "足りない",
        (Some(State::Missing), Lang::En) => "missing",
        (Some(State::Changed), Lang::Ja) => "変わっている",
        (Some(State::Changed), Lang::En) => "changed",
        (Some(State::Swapped), Lang::Ja) => "入れ替わっている",
        (Some(State::Swapped), Lang::En) => "swapped",
        (Some(State::Added), Lang::Ja) => "加えられている",
        (Some(State::Added), Lang::En) => "added",
        (Some(State::Unreadable), Lang::Ja) => "読めない",
        (Some(State::Unreadable), Lang::En) => "unreadable",
    }
}
