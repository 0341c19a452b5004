//! Taking back the newest import of a source: what it would change first, then the confirmation.

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::decide::reason;
use super::work::refused;
use crate::clock::tokyo;
use crate::domain::japanese_date::era_date;
use crate::error::{Detail, Failure, FailureKind};
use crate::messages::{Lang, message_of};
use crate::service::intake::giving::{Effect, Told, effect_of, told, told_of_failure};
use crate::service::intake::import::{TriedTakingBack, take_back, try_taking_back};
use crate::service::papers::revisions_due::ChangedMonth;
use crate::web::answer::Answer;
use crate::web::fault;
use crate::web::frame::Frame;
use crate::web::route::Visit;

/// Papers that are named.
const SHOWN_PAPERS: usize = 50;

#[derive(Template)]
#[template(path = "web/giving/back.html")]
struct BackPage {
    frame: Frame,
    id: i64,
    head: String,
    file: String,
    facts: Vec<(&'static str, String)>,
    is_taken_back: bool,
    refused: Option<Told>,
    effect: Option<Effect>,
    /// Months of which papers would say something else.
    changed: Vec<String>,
    papers: Vec<String>,
    n_papers: usize,
    /// What is wrong with what was sent.
    wrong: Option<Told>,
    wrong_reason: Option<Told>,
    written: String,
}

/// What was sent, and what is wrong with it.
#[derive(Default)]
struct Sent {
    wrong: Option<Told>,
    wrong_reason: Option<Told>,
    written: String,
}

/// The page.
pub(in crate::web) async fn show(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    page(&visit, visit.asked.query.get("import"), StatusCode::OK, Sent::default()).await
}

/// Takes it back.
pub(in crate::web) async fn take(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let form = &visit.asked.form;
    let (id, head, written) =
        (form.get("import").to_string(), form.get("head").to_string(), form.get("reason").to_string());
    let why = match reason(&written) {
        Ok(why) => format!("{why}（{}）", visit.entered.account.login),
        Err(told) => {
            let sent = Sent { wrong_reason: Some(told), written, ..Sent::default() };
            return page(&visit, &id, StatusCode::UNPROCESSABLE_ENTITY, sent).await;
        }
    };
    if id.parse::<i64>().is_err() {
        return Ok(not_there(&visit));
    }
    let which = id.clone();
    let done = visit.asked.pages.change(async move |workspace| {
        let lock = workspace.lock_for_writing().await?;
        // What the person saw holds of that head alone, and so does their word that papers may change.
        if workspace.head().await? != head {
            return Err(Failure::new(FailureKind::Data, "WEB-035", "").into());
        }
        take_back(workspace, &lock, &which, &why, true).await.map(drop)
    });
    let failure = match done.await {
        Ok(()) => return Answer::see(&format!("/files/back?import={id}")),
        Err(error) => match Failure::of(&error) {
            failure if failure.code == "WEB-035" || failure.kind == FailureKind::Usage => failure,
            failure if failure.code == "ENV-001" => Failure::new(FailureKind::Environment, "ENV-001", ""),
            _ => return Err(error),
        },
    };
    let (status, told) = match failure.kind {
        FailureKind::Environment => (StatusCode::SERVICE_UNAVAILABLE, busy()),
        _ => (StatusCode::CONFLICT, told_of_failure(&failure)),
    };
    page(&visit, &id, status, Sent { wrong: Some(told), written, ..Sent::default() }).await
}

/// That something else is being written, in words that fit here.
fn busy() -> Told {
    Told {
        remedy: "少し待ってから、もう一度押してください。まだ取り消していません".into(), ..told("ENV-001", "")
    }
}

fn not_there(visit: &Visit) -> Answer {
    fault::page(visit.frame(), StatusCode::NOT_FOUND, "WEB-036").into()
}

async fn page(visit: &Visit, id: &str, status: StatusCode, sent: Sent) -> Result<Answer> {
    let Ok(number) = id.parse::<i64>() else { return Ok(not_there(visit)) };
    let tried = visit.asked.pages.ask(async move |workspace| try_taking_back(workspace, number).await).await?;
    let Some(tried) = tried else { return Ok(not_there(visit)) };
    Answer::page_with(status, &filled(visit.frame(), &tried, sent))
}

fn filled(frame: Frame, tried: &TriedTakingBack, sent: Sent) -> BackPage {
    let import = &tried.import;
    let is_taken_back = import.state == "taken_back";
    let at = import.imported_at.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M").to_string();
    let mut facts =
        vec![("種類", import.kind_label.to_string()), ("出力日", era_date(import.known_at)), ("取込み", at)];
    facts.extend(import.reason.iter().map(|reason| ("取消の理由", reason.clone())));
    let months = tried.changed_months.iter().flat_map(ChangedMonth::details);
    let words = |detail: Detail| message_of(detail.code, Lang::Ja, &detail.words).text;
    BackPage {
        frame,
        id: import.id,
        head: tried.head.clone(),
        file: import.file.clone(),
        facts,
        is_taken_back,
        refused: tried.refused.as_ref().filter(|_| !is_taken_back).map(told_of_failure),
        effect: tried.headline.as_ref().map(effect_of),
        changed: months.map(words).collect(),
        n_papers: tried.papers.len(),
        papers: tried.papers.iter().take(SHOWN_PAPERS).cloned().collect(),
        wrong: sent.wrong,
        wrong_reason: sent.wrong_reason,
        written: sent.written,
    }
}
