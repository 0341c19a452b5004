//! `kaiin synth`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::Args;

use super::global::{Global, clock, read_config};
use super::output;
use crate::domain::document::thousands;
use crate::domain::japanese_date::parse_date;
use crate::error::Failure;
use crate::messages::Lang;
use crate::service::keep::Workspace;
use crate::service::synth::{FillProgress, Prepared, SynthReport, SynthRequest, fill, prepare};

#[derive(Debug, Args)]
pub(super) struct SynthArgs {
    /// ファイルの出力先のフォルダ
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// 始めの会員数（省略時は目標に要る数、目標もなければ 10000）
    #[arg(long, value_name = "N")]
    physicians: Option<u32>,
    /// 都道府県コード（11,13,26 のように。全国は all）
    #[arg(long, value_name = "CODES", default_value = "all")]
    prefectures: String,
    /// 郡市区等医師会の数（省略時は全国で約 900）
    #[arg(long, value_name = "N")]
    bodies: Option<u32>,
    /// 最初の月（2016-01 のように）
    #[arg(long, value_name = "MONTH", default_value = "2025-01")]
    from: String,
    /// 最後の月
    #[arg(long, value_name = "MONTH", default_value = "2025-12")]
    to: String,
    /// この月からファイルにする（省略時は、--fill がなければすべて、あればなし）
    #[arg(long, value_name = "MONTH")]
    files_from: Option<String>,
    /// 同じ数からは同じ世界ができる
    #[arg(long, value_name = "N", default_value = "1")]
    seed: u64,
    /// 指定した日の会員数の目標（TOML）
    #[arg(long, value_name = "FILE")]
    targets: Option<PathBuf>,
    /// ファイルにしない月を、ファイルなしで --data の台帳に入れる（空の台帳だけ）
    #[arg(long)]
    fill: bool,
}

/// Tells on standard error which month is under way.
struct ProgressLines(Lang);

impl FillProgress for ProgressLines {
    fn month(&self, export: NaiveDate, n_rows: u32) {
        match self.0 {
            Lang::Ja => eprintln!("{export} 現在 {n_rows} 行"),
            Lang::En => eprintln!("{export}: {n_rows} rows"),
        }
    }
}

pub(super) async fn run(global: &Global, args: &SynthArgs) -> Result<ExitCode> {
    let lang = Lang::from(global.lang);
    let config = read_config(global)?;
    let prepared = prepare(&config, &request(args)?)?;
    if args.fill {
        let workspace = Workspace::open(&global.data, config, clock()?).await?;
        let filled = filled(&workspace, &prepared, lang).await;
        let closed = workspace.store.clone().close().await;
        filled?;
        closed?;
    }
    let report = prepared.report(prepared.write(args.out.as_deref())?);
    if global.json {
        output::json(&report)?;
    } else {
        show(&report, lang);
    }
    Ok(ExitCode::SUCCESS)
}

async fn filled(workspace: &Workspace, prepared: &Prepared, lang: Lang) -> Result<()> {
    let lock = workspace.lock_for_writing().await?;
    fill(workspace, &lock, prepared, &ProgressLines(lang)).await
}

fn request(args: &SynthArgs) -> Result<SynthRequest> {
    Ok(SynthRequest {
        physicians: args.physicians,
        prefectures: args.prefectures.clone(),
        bodies: args.bodies,
        from: month(&args.from)?,
        to: month(&args.to)?,
        files_from: args.files_from.as_deref().map(month).transpose()?,
        seed: args.seed,
        targets: args.targets.clone(),
        fill: args.fill,
    })
}

/// A month, or any day of it.
fn month(text: &str) -> Result<NaiveDate> {
    let first = parse_date(text).or_else(|| parse_date(&format!("{text}-01")));
    first.ok_or_else(|| Failure::usage("QRY-006", text).into())
}

fn show(report: &SynthReport, lang: Lang) {
    let physicians = thousands(i64::try_from(report.physicians).unwrap_or(i64::MAX));
    let months = report.filled.len();
    match lang {
        Lang::Ja => say!(
            "架空の医師 {physicians} 人（期間中に一度でも出る者）。台帳に {months} か月、ファイル {} 件",
            report.files.len()
        ),
        Lang::En => {
            say!("{physicians} invented physicians in all; {months} months stored, {} files", report.files.len());
        }
    }
    report.files.iter().for_each(|file| say!("  {}", file.display()));
}
