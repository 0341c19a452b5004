//! `kaiin snapshot`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Subcommand;

use super::{Context, date_arg, output};
use crate::domain::as_of::AsOf;
use crate::domain::association::Tier;
use crate::domain::document::thousands;
use crate::domain::japanese_date::signed_count;
use crate::error::FailureKind;
use crate::messages::{Lang, message_of};
use crate::service::export::write_file;
use crate::service::query::Knowledge;
use crate::service::snapshot::{self, SnapshotCheck};
use crate::service::snapshot_diff::{SnapshotDifference, difference};

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
        SnapshotCommand::Diff { older, newer, out } => diff(context, older, newer, out.as_deref()).await,
    }
}

/// Counts on the screen, people only in a file. The causes always explain the difference, or the program is wrong.
async fn diff(context: &Context, older: &str, newer: &str, out: Option<&Path>) -> Result<ExitCode> {
    let found = difference(&context.workspace, older, newer).await?;
    if let Some(path) = out {
        write_file(path, &found.people_csv(&context.workspace).await?, context.workspace.readers())?;
    }
    if context.json {
        output::json(&found)?;
    } else {
        diff_table(&found, context.lang);
    }
    Ok(if found.balances() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn diff_table(found: &SnapshotDifference, lang: Lang) {
    let tier = |code: &str| match (lang, Tier::from_text(code)) {
        (Lang::Ja, Some(tier)) => tier.label().to_string(),
        _ => code.to_string(),
    };
    let kind = |code: &str| match (lang, code) {
        (Lang::Ja, "revision") => "改定".to_string(),
        (Lang::Ja, _) => "異動".to_string(),
        (Lang::En, _) => code.to_string(),
    };
    let rows: Vec<Vec<String>> = found
        .rows
        .iter()
        .map(|row| {
            let label = if lang == Lang::Ja { row.label } else { row.cause };
            vec![tier(row.tier), kind(row.kind), label.to_string(), thousands(row.n), signed_count(row.effect)]
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
        say!("{}: {before} {effect} {sign} {after}", tier(total.tier));
    }
}

/// What the office needs to put a snapshot right: its id, its folder, and the two dates it was taken for.
fn words_of(check: &SnapshotCheck) -> Vec<String> {
    let mut parts = check.id.split('_').map(str::to_string);
    let (as_of, known_at) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    vec![check.id.clone(), check.folder.display().to_string(), as_of, known_at]
}

fn is_changed(check: &SnapshotCheck) -> bool {
    !check.intact && check.unreadable.is_none()
}

fn verify(context: &Context) -> Result<ExitCode> {
    let checks = snapshot::verify(&context.workspace)?;
    if context.json {
        output::json(&checks)?;
    } else {
        for check in &checks {
            let word = match (check.intact, context.lang) {
                (false, Lang::Ja) if check.unreadable.is_some() => "読めない",
                (false, Lang::En) if check.unreadable.is_some() => "unreadable",
                (true, Lang::Ja) => "変わりなし",
                (false, Lang::Ja) => "変わっている",
                (true, Lang::En) => "intact",
                (false, Lang::En) => "changed",
            };
            say!("{}  {word}", check.id);
        }
        for check in checks.iter().filter(|check| check.unreadable.is_some()) {
            let words =
                [check.id.clone(), check.folder.display().to_string(), check.unreadable.clone().unwrap_or_default()];
            let text = message_of("ENV-023", context.lang, &words);
            eprintln!("ENV-023 {}\n  {}", text.text, text.remedy);
        }
        for check in checks.iter().filter(|check| is_changed(check)) {
            let text = message_of("SNP-004", context.lang, &words_of(check));
            eprintln!("SNP-004 {}\n  {}", text.text, text.remedy);
        }
    }
    Ok(match checks.iter().all(|check| check.intact) {
        true => ExitCode::SUCCESS,
        false if checks.iter().any(is_changed) => ExitCode::from(1),
        // Whether anything was changed is not known.
        false => ExitCode::from(FailureKind::Environment.exit_code()),
    })
}
