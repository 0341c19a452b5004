//! `kaiin meeting`: the folder of a meeting, and the pack made of it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde_json::json;

use super::context::Context;
use super::dates::date_arg;
use super::formats::FormatArgs;
use super::output;
use super::report::VariantArg;
use crate::domain::as_of::AsOf;
use crate::domain::japanese_date::era_date_with_weekday;
use crate::domain::meeting::PlacedMeetingFault;
use crate::error::{Detail, Failure};
use crate::messages::Lang;
use crate::service::keep::meetings_root::MEETINGS;
use crate::service::keep::steadily;
use crate::service::known::vintage::Vintage;
use crate::service::meetings;
use crate::service::meetings::{MeetingRequest, ReadMeeting};
use crate::service::papers;
use crate::service::papers::Variant;

#[derive(Debug, Subcommand)]
pub(super) enum MeetingCommand {
    /// 会議のフォルダを作る（次第を書くブックが入る）
    New(NewArgs),
    /// 会議のフォルダを確かめる（何も作らない）
    Check(CheckArgs),
    /// 会議の資料を作る
    Build(BuildArgs),
}

#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// 会議の名前（例 郡市医師会長会議、理事会。定義にない名前なら、白紙の次第になる）
    #[arg(value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    name: String,
    /// 開催日
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    on: NaiveDate,
    /// 会議のフォルダを置く場所
    #[arg(long, value_name = "DIR", default_value = MEETINGS)]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// 会議のフォルダ
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// 基準日（省略時は開催日の医師会で確かめる）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    as_of: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub(super) struct BuildArgs {
    /// 会議のフォルダ
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// 基準日
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    as_of: NaiveDate,
    /// 知識時点（省略時は最新の出力日）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    known_at: Option<NaiveDate>,
    /// 発行日（省略時は知識時点）
    #[arg(long, value_name = "DATE", value_parser = date_arg)]
    issued_on: Option<NaiveDate>,
    #[command(flatten)]
    formats: FormatArgs,
    /// 出力先のフォルダ（省略時は会議のフォルダの中の「会議資料」）
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// 内部用（氏名あり）か外部配布用（件数だけ）か（省略時は外部配布用）
    #[arg(long, value_enum, default_value = "external")]
    variant: VariantArg,
    /// 各頁に「下書き」と印刷し、出力の届いていない日でも作る
    #[arg(long)]
    draft: bool,
    /// 印字できない文字があれば、〓 にせず、資料を作らない
    #[arg(long)]
    strict_characters: bool,
    /// 作った資料のうち、この資料番号だけを差替版にする（頁番号は元のまま。増えた頁は 12-1、12-2）
    #[arg(long, value_name = "N", conflicts_with_all = ["draft", "format", "archive", "known_at"])]
    replace_item: Option<u32>,
}

pub(super) async fn run(context: &Context, command: &MeetingCommand) -> Result<ExitCode> {
    match command {
        MeetingCommand::New(args) => new(context, args).await,
        MeetingCommand::Check(args) => check(context, args).await,
        MeetingCommand::Build(args) => build(context, args).await,
    }
}

async fn new(context: &Context, args: &NewArgs) -> Result<ExitCode> {
    let made = meetings::make(&context.workspace, &args.out, &args.name, args.on).await?;
    if context.json {
        output::json(&json!({ "folder": shown(&made.folder), "workbook": shown(&made.workbook), "kind": made.kind }))?;
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("{}", made.workbook.display());
    let folder = made.folder.display();
    match (context.lang, &made.kind) {
        (Lang::Ja, Some(kind)) => eprintln!("  次第は「{kind}」の定義のものです"),
        (Lang::Ja, None) => eprintln!("  「{}」の定義はないので、白紙の次第です", args.name),
        (Lang::En, Some(kind)) => eprintln!("  the agenda is the one of {kind}"),
        (Lang::En, None) => eprintln!("  there is no definition of {}; the agenda is empty", args.name),
    }
    match context.lang {
        Lang::Ja => eprintln!(
            "  Excel で次第と表を書き、PDF はこのフォルダに置いて、kaiin meeting check {folder} で確かめてください"
        ),
        Lang::En => eprintln!("  fill it in with Excel, put PDF files beside it, and run kaiin meeting check {folder}"),
    }
    Ok(ExitCode::SUCCESS)
}

async fn check(context: &Context, args: &CheckArgs) -> Result<ExitCode> {
    let folder = folder_of(&args.folder);
    let meeting = meetings::check(&context.workspace, folder, args.as_of.map(AsOf)).await?;
    if !meeting.faults.is_empty() {
        notices(context, &meeting.notices);
        return Err(Failure::of_meeting(&meeting.faults).into());
    }
    if context.json {
        output::json(&as_json(context, &meeting))?;
        return Ok(ExitCode::SUCCESS);
    }
    notices(context, &meeting.notices);
    show(context, &meeting)?;
    match context.lang {
        Lang::Ja => {
            eprintln!("誤りはありません。kaiin meeting build {} --as-of 基準日 で資料を作れます", folder.display());
        }
        Lang::En => eprintln!("no faults; kaiin meeting build {} --as-of DATE makes the pack", folder.display()),
    }
    Ok(ExitCode::SUCCESS)
}

/// The agenda with what stands behind each item, as it will be printed.
fn show(context: &Context, meeting: &ReadMeeting) -> Result<()> {
    let plan = &meeting.plan;
    let all = papers::list(&context.workspace)?;
    let day = era_date_with_weekday(plan.held_on);
    let facts = [plan.name.as_str(), &plan.number, &day, &plan.time].into_iter().filter(|text| !text.is_empty());
    say!("{}", facts.collect::<Vec<_>>().join("　"));
    for (heading, items) in meetings::shown_agenda(plan, &all) {
        say!("{heading}");
        for item in items {
            say!("{}", format!("  {}　{}　{}", item.number, item.text, item.behind).trim_end());
        }
    }
    Ok(())
}

fn as_json(context: &Context, meeting: &ReadMeeting) -> serde_json::Value {
    let plan = &meeting.plan;
    let items = plan.groups.iter().flat_map(|group| group.items.iter().map(move |item| (group, item)));
    let items = items.map(|(group, item)| {
        json!({ "group": group.heading, "number": item.number, "text": item.text, "materials": item.materials.len() })
    });
    let notices = meeting.notices.iter().map(|placed| {
        let detail = Detail::of_meeting(placed);
        json!({ "code": detail.code, "message": output::detail_texts(&detail, context.lang).0 })
    });
    json!({
        "name": plan.name,
        "held_on": plan.held_on.to_string(),
        "items": items.collect::<Vec<_>>(),
        "notices": notices.collect::<Vec<_>>(),
    })
}

async fn build(context: &Context, args: &BuildArgs) -> Result<ExitCode> {
    let request = MeetingRequest {
        folder: folder_of(&args.folder).to_path_buf(),
        as_of: AsOf(args.as_of),
        known_at: args.known_at,
        issued_on: args.issued_on,
        variant: Variant::from(args.variant),
        draft: args.draft,
        strict_characters: args.strict_characters,
        replaced: args.replace_item,
    };
    let formats = args.formats.formats()?;
    let out = args.out.clone().unwrap_or_else(|| meetings::packs_of(&request.folder));
    let known_at = match args.replace_item {
        Some(_) => meetings::known_at_of_pack(&context.workspace, &request, &out)?,
        None => args.known_at,
    };
    let (paper, meeting) = steadily(&context.workspace, async || {
        let vintage = Vintage::open(&context.workspace, known_at).await?;
        meetings::build(&context.workspace, &vintage, &request, (&formats, &out)).await
    })
    .await?;
    if args.draft {
        context.hands_out_drafts("meeting build --draft", std::iter::once(&paper));
    }
    if context.json {
        output::json(&json!({
            "folder": shown(&paper.folder),
            "edition": paper.edition,
            "unchanged": !paper.is_new,
            "files": paper.files.iter().map(|path| shown(path)).collect::<Vec<_>>(),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    notices(context, &meeting.notices);
    super::report::show_paper(context, &paper, "");
    Ok(ExitCode::SUCCESS)
}

/// The folder of a meeting, for which people may give its workbook.
fn folder_of(path: &Path) -> &Path {
    if path.is_file() {
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    } else {
        path
    }
}

/// What a person should look at.
fn notices(context: &Context, notices: &[PlacedMeetingFault]) {
    let label = if context.lang == Lang::Ja { "注意" } else { "warning" };
    for placed in notices {
        let (text, remedy) = output::detail_texts(&Detail::of_meeting(placed), context.lang);
        eprintln!("{label} {text}\n  {remedy}");
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
