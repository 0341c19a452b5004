//! `kaiin report` and `kaiin reports`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};
use indicatif::ProgressBar;

use super::context::Context;
use super::dates::date_arg;
use super::formats::FormatArgs;
use super::opened::open_first;
use super::{output, replay};
use crate::domain::as_of::AsOf;
use crate::domain::association::Tier;
use crate::domain::report::Definition;
use crate::error::Failure;
use crate::jobs;
use crate::messages::{Lang, message};
use crate::service::keep::steadily;
use crate::service::known::area::Area;
use crate::service::known::vintage::Vintage;
use crate::service::papers;
use crate::service::papers::{EachReport, PaperRequest, Published, Variant};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum VariantArg {
    #[value(aliases = ["内部", "内部用"])]
    Internal,
    #[value(aliases = ["外部", "外部配布", "外部配布用"])]
    External,
}

impl From<VariantArg> for Variant {
    fn from(arg: VariantArg) -> Self {
        match arg {
            VariantArg::Internal => Self::Internal,
            VariantArg::External => Self::External,
        }
    }
}

/// For which bodies a paper of their own is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EachArg {
    #[value(aliases = ["都道府県", "都道府県別"])]
    Prefecture,
    #[value(aliases = ["医師会", "医師会別", "郡市区等医師会"])]
    Association,
}

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// 帳票の名前か表題（例 member-counts、会員数報告。一覧は kaiin reports list）
    #[arg(value_name = "NAME", required_unless_present = "replay")]
    name: Option<String>,
    /// 基準日
    #[arg(long, value_name = "DATE", value_parser = date_arg, required_unless_present = "replay")]
    as_of: Option<NaiveDate>,
    /// 前に作った帳票を、その目録（manifest.json かフォルダ）からもう一度作って比べる（何も書かない。違えば終了コード 1）
    #[arg(long, value_name = "FOLDER|FILE", conflicts_with_all = ["name", "as_of", "known_at", "out", "prefecture", "association", "each", "variant", "archive"])]
    replay: Option<PathBuf>,
    /// 知識時点（省略時は最新の出力日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    known_at: Option<NaiveDate>,
    /// 発行日（省略時は知識時点）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    issued_on: Option<NaiveDate>,
    #[command(flatten)]
    formats: FormatArgs,
    /// 出力先のフォルダ
    #[arg(long, value_name = "DIR", default_value = "output")]
    out: PathBuf,
    /// 内部用（氏名あり）か外部配布用（件数だけ）か（省略時、会議資料は外部配布用、ほかは内部用）
    #[arg(long, value_enum)]
    variant: Option<VariantArg>,
    /// この都道府県の医師会だけ（名称かコード、例 埼玉県、11）
    #[arg(long, value_name = "CODE|NAME", conflicts_with = "association")]
    prefecture: Option<String>,
    /// この医師会とその下の医師会だけ（名称かコード、例 浦和、11-001）
    #[arg(long, value_name = "CODE|NAME")]
    association: Option<String>,
    /// 都道府県ごと、郡市区等医師会ごとに一つずつ作る（--prefecture があれば、その都道府県のものだけ）
    #[arg(long, value_enum, value_delimiter = ',', conflicts_with = "association")]
    each: Vec<EachArg>,
    /// 各頁に「下書き」と印刷し、数が合わなくても書き出す
    #[arg(long)]
    draft: bool,
    /// 印字できない文字があれば、〓 にせず、その帳票を作らない
    #[arg(long)]
    strict_characters: bool,
    /// できた帳票（PDF、なければ HTML、Excel、CSV の順の最初の一つ）を、いつものプログラムで開く
    #[arg(long, conflicts_with = "replay")]
    open: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum ReportsCommand {
    /// 帳票の一覧
    List,
    /// 定義ファイルと、設定の jobs.reports を確かめる
    Check,
    /// 付属の定義を、そのまま画面に出す（手元の定義と比べるとき）
    Show {
        /// 定義の名前か表題（例 member-counts、用語表）
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// 帳票・用語表・レイアウトなどの定義を、直せるように手元のフォルダへ写す（すでにあれば写さない）
    Copy {
        /// 定義の名前か表題（例 member-counts、会員数報告、用語表）。省略すると一覧を出す
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
}

pub(super) async fn run(context: &Context, args: &ReportArgs) -> Result<ExitCode> {
    if let Some(path) = &args.replay {
        return replay::run(context, path).await;
    }
    let (Some(name), Some(as_of)) = (&args.name, args.as_of) else {
        // Both were asked for when the arguments were read.
        return Err(Failure::usage("RPT-001", "").into());
    };
    let all = papers::list(&context.workspace)?;
    let definition = papers::find(&all, name)?;
    let request = PaperRequest {
        name: definition.id().to_string(),
        as_of: AsOf(as_of),
        known_at: args.known_at,
        issued_on: args.issued_on,
        variant: args.variant.map_or_else(|| papers::usual_variant(definition), Variant::from),
        area: Area::All,
        draft: args.draft,
        strict_characters: args.strict_characters,
        meeting: None,
    };
    let formats = args.formats.formats()?;
    let wanted = (&request, formats.as_slice(), args.out.as_path());
    // An import that comes in between makes the rest from what is known then; papers that were made stay as they are (R36).
    let mut report = steadily(&context.workspace, async || {
        let vintage = Vintage::open(&context.workspace, args.known_at).await?;
        let areas = areas(args, as_of, &vintage)?;
        let progress = papers_bar(areas.len());
        let made = papers::publish_each(&context.workspace, vintage, &all, wanted, areas, || progress.inc(1)).await;
        progress.finish_and_clear();
        made
    })
    .await?;
    if args.each.is_empty() && !report.failed.is_empty() {
        // One paper was asked for: its failure is that of the command.
        return Err(report.failed.swap_remove(0).failure.into());
    }
    if args.draft {
        context.hands_out_drafts("report --draft", report.published.iter().map(|one| &one.paper));
    }
    show(context, definition.id(), &report)?;
    if args.open {
        let papers: Vec<&Published> = report.published.iter().map(|one| &one.paper).collect();
        open_first(context, &papers, &formats);
    }
    Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Files that were written, papers that were there already, and at the end what could not be made.
fn show(context: &Context, name: &str, report: &EachReport) -> Result<()> {
    if context.json {
        return output::json(&as_json(context, name, report));
    }
    report.published.iter().for_each(|one| show_files(context, &one.paper));
    report.published.iter().for_each(|one| show_unprintable(context, &one.paper, &one.area));
    if !report.failed.is_empty() {
        let (n, n_made) = (report.failed.len(), report.published.len());
        match context.lang {
            Lang::Ja => eprintln!("{n_made} 件を作りました。次の {n} 件は作れませんでした"),
            Lang::En => eprintln!("{n_made} papers were made; these {n} were not"),
        }
    }
    for one in &report.failed {
        eprintln!("{}\n  {}", one.area, output::failure_text(&one.failure, context.lang));
    }
    Ok(())
}

/// What became of one paper.
pub(super) fn show_paper(context: &Context, paper: &Published, area: &str) {
    show_files(context, paper);
    show_unprintable(context, paper, area);
}

fn show_files(context: &Context, paper: &Published) {
    if paper.is_new {
        paper.files.iter().for_each(|path| eprintln!("{}", path.display()));
        return;
    }
    let folder = paper.folder.display();
    match context.lang {
        Lang::Ja => eprintln!("{folder}: 同じ内容の帳票があるので、何も書いていません"),
        Lang::En => eprintln!("{folder}: the same paper is there already; nothing was written"),
    }
}

fn show_unprintable(context: &Context, paper: &Published, area: &str) {
    if !paper.unprintable.is_empty() {
        let text = message("FNT-003", context.lang, &papers::places_sentence(&paper.unprintable));
        eprintln!("FNT-003 {area} {}\n  {}", text.text, text.remedy);
    }
}

fn as_json(context: &Context, id: &str, report: &EachReport) -> serde_json::Value {
    let name = |path: &Path| path.display().to_string();
    let files = report.published.iter().flat_map(|one| &one.paper.files).map(|path| name(path));
    let made = report.published.iter().map(|one| {
        serde_json::json!({
            "area": one.area,
            "folder": name(&one.paper.folder),
            "edition": one.paper.edition,
            "unchanged": !one.paper.is_new,
            "findings": one.paper.unprintable.iter().map(|found| serde_json::json!({
                "code": "FND-028",
                "character": found.character,
                "section": found.section,
                "table": found.table,
                "row": found.row,
                "column": found.column,
            })).collect::<Vec<_>>(),
        })
    });
    let failed = report.failed.iter().map(|one| {
        let text = message(one.failure.code, context.lang, &one.failure.detail);
        serde_json::json!({
            "area": one.area,
            "code": one.failure.code,
            "message": text.text,
            "hint": text.remedy,
        })
    });
    serde_json::json!({
        "report": id,
        "files": files.collect::<Vec<_>>(),
        "papers": made.collect::<Vec<_>>(),
        "failed": failed.collect::<Vec<_>>(),
    })
}

/// A bar for many papers on a terminal; nothing for one, or where nobody watches.
fn papers_bar(n_papers: usize) -> ProgressBar {
    let length = u64::try_from(n_papers).unwrap_or(u64::MAX);
    if n_papers > 1 && output::is_watched() { ProgressBar::new(length) } else { ProgressBar::hidden() }
}

/// The areas that papers are made for: those of `--each`, of one prefecture where it is given, else the one of the filters.
fn areas(args: &ReportArgs, as_of: NaiveDate, vintage: &Vintage) -> Result<Vec<Area>> {
    let one = match (&args.prefecture, &args.association) {
        (Some(code), _) => Area::Prefecture(code.clone()),
        (None, Some(body)) => Area::Association(body.clone()),
        (None, None) => Area::All,
    };
    if args.each.is_empty() {
        return Ok(vec![one]);
    }
    let tier = |each: &EachArg| match each {
        EachArg::Prefecture => Tier::Prefectural,
        EachArg::Association => Tier::Local,
    };
    let within = |each: &EachArg| papers::areas(vintage, AsOf(as_of), tier(each), &one);
    let found: Result<Vec<Vec<Area>>> = args.each.iter().map(within).collect();
    Ok(found?.into_iter().flatten().collect())
}

pub(super) async fn run_reports(context: &Context, command: &ReportsCommand) -> Result<ExitCode> {
    let all = papers::list(&context.workspace)?;
    if matches!(command, ReportsCommand::Check) {
        papers::check_bodies(&context.workspace).await?;
        jobs::check_reports(&context.workspace)?;
    }
    if context.json {
        let rows: Vec<_> = all
            .iter()
            .map(|one| serde_json::json!({ "id": one.id(), "title": one.title(), "kind": kind(one) }))
            .collect();
        output::json(&rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    match command {
        ReportsCommand::List => {
            let rows: Vec<Vec<String>> =
                all.iter().map(|one| vec![one.id().into(), one.title().into(), kind(one).into()]).collect();
            let headings = match context.lang {
                Lang::Ja => ["名前", "表題", "種類"],
                Lang::En => ["name", "title", "kind"],
            };
            output::table(&headings.map(String::from), &rows, &[false; 3]);
        }
        // They need no opened data folder and were done before.
        ReportsCommand::Copy { .. } | ReportsCommand::Show { .. } => {}
        ReportsCommand::Check => match context.lang {
            Lang::Ja => eprintln!("定義 {} 件に誤りはありません", all.len()),
            Lang::En => eprintln!("{} definitions are sound", all.len()),
        },
    }
    Ok(ExitCode::SUCCESS)
}

fn kind(definition: &Definition) -> &'static str {
    match definition {
        Definition::Report(_) => "report",
        Definition::Pack(_) => "pack",
    }
}
