//! The page on which files are given: a form, what was given, what lies in the inbox, and what was taken in.

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::work::refused;
use crate::clock::tokyo;
use crate::domain::japanese_date::era_date;
use crate::domain::printed_number::thousands;
use crate::error::Failure;
use crate::service::intake::giving::{AskingFile, Given, GivenFile, Told, Verdict, asking_files};
use crate::service::intake::import::{ListedImport, list};
use crate::service::intake::inbox::{RefusedFile, lying_in};
use crate::service::keep::given_files::KEPT_DAYS;
use crate::web::answer::Answer;
use crate::web::frame::Frame;
use crate::web::route::Visit;
use crate::web::upload::MOST_FILES;

/// Imports that are shown; the command line lists all.
const SHOWN_IMPORTS: usize = 30;

#[derive(Template)]
#[template(path = "web/giving/list.html")]
struct ListPage {
    frame: Frame,
    told: Option<Told>,
    most_mb: u32,
    most_files: usize,
    kept_days: u64,
    given: Vec<GivenLine>,
    inbox: Inbox,
    imports: Vec<ImportLine>,
    n_imports: usize,
}

struct GivenLine {
    id: String,
    at: String,
    names: String,
    state: &'static str,
    is_open: bool,
}

/// What lies in the inbox.
#[derive(Default)]
struct Inbox {
    waiting: usize,
    asking: Vec<AskingFile>,
    refused: Vec<RefusedFile>,
}

struct ImportLine {
    id: i64,
    kind: &'static str,
    file: String,
    day: String,
    rows: String,
    at: String,
    state: String,
    /// Whether it is the newest of its source that stands.
    is_newest: bool,
}

/// The page.
pub(in crate::web) async fn show(visit: Visit) -> Result<Answer> {
    match refused(&visit) {
        Some(answer) => Ok(answer),
        None => page(&visit, StatusCode::OK, None).await,
    }
}

/// The page, with what is wrong with something that was sent from it.
pub(super) async fn page(visit: &Visit, status: StatusCode, told: Option<Told>) -> Result<Answer> {
    let pages = &visit.asked.pages;
    let looked = pages.ask(async |workspace| {
        let lying = lying_in(workspace)?;
        let inbox = Inbox { waiting: lying.waiting, asking: asking_files(workspace)?, refused: lying.refused };
        Ok((inbox, list(workspace).await?))
    });
    let (inbox, imports) = match looked.await {
        Ok(looked) => looked,
        // Before the first file there is no store, and this page is where it comes from.
        Err(error) if Failure::of(&error).code == "ENV-013" => (Inbox::default(), Vec::new()),
        Err(error) => return Err(error),
    };
    let given = Given::all(&pages.shown.folder, &visit.entered.account.login);
    Answer::page_with(
        status,
        &ListPage {
            frame: visit.frame(),
            told,
            most_mb: pages.shown.config.web.upload_mb,
            most_files: MOST_FILES,
            kept_days: KEPT_DAYS,
            given: given.iter().map(given_line).collect(),
            inbox,
            n_imports: imports.len(),
            imports: import_lines(&imports),
        },
    )
}

fn given_line(given: &Given) -> GivenLine {
    let names: Vec<&str> = given.files.iter().map(|file| file.name.as_str()).collect();
    let verdicts: Vec<Option<Verdict>> = given.files.iter().map(GivenFile::verdict).collect();
    let has = |wanted: Verdict| verdicts.contains(&Some(wanted));
    let state = if verdicts.contains(&None) {
        "まだ確かめていません"
    } else if has(Verdict::Asks) {
        "答えを待っています"
    } else if has(Verdict::Ready) || has(Verdict::Waits) {
        "取り込めます（まだ取り込んでいません）"
    } else if has(Verdict::Refused) {
        "取り込めないものがあります"
    } else if has(Verdict::Stored) {
        "取り込みました"
    } else if has(Verdict::Same) {
        "取込済みの内容です"
    } else {
        "取り込みませんでした"
    };
    GivenLine {
        id: given.id.clone(),
        at: given.given_at.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M").to_string(),
        names: names.join("、"),
        state,
        is_open: given.is_open(),
    }
}

/// The newest first.
fn import_lines(imports: &[ListedImport]) -> Vec<ImportLine> {
    let is_of = |a: &ListedImport, b: &ListedImport| (a.kind, &a.source) == (b.kind, &b.source);
    let is_newest = |at: usize| {
        imports[at].state == "stands"
            && !imports[at + 1..].iter().any(|later| is_of(later, &imports[at]) && later.state != "taken_back")
    };
    let newest = imports.iter().enumerate().rev().take(SHOWN_IMPORTS);
    newest.map(|(at, import)| import_line(import, is_newest(at))).collect()
}

fn import_line(import: &ListedImport, is_newest: bool) -> ImportLine {
    let state = match import.state {
        "stands" => "有効".to_string(),
        "replaced" => "置換え済み".to_string(),
        _ => format!("取消（{}）", import.reason.as_deref().unwrap_or_default()),
    };
    ImportLine {
        id: import.id,
        kind: import.kind_label,
        file: import.file.clone(),
        day: era_date(import.known_at),
        rows: thousands(i64::from(import.rows)),
        at: import.imported_at.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M").to_string(),
        state,
        is_newest,
    }
}
