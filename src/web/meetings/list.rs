//! The meetings that have a folder, and a form for a new one.

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::words::{root, told_of};
use crate::domain::japanese_date::{era_date_with_weekday, parse_date};
use crate::domain::report::Definition;
use crate::error::Failure;
use crate::service::intake::giving::{Told, told};
use crate::service::meetings::{self, MeetingAtHand};
use crate::service::papers;
use crate::web::answer::Answer;
use crate::web::encoding::encoded;
use crate::web::frame::Frame;
use crate::web::giving::refused;
use crate::web::nav::MEETINGS;
use crate::web::route::Visit;

#[derive(Template)]
#[template(path = "web/meetings/list.html")]
struct ListPage {
    frame: Frame,
    path: &'static str,
    /// Kinds whose agenda is there.
    kinds: Vec<String>,
    rows: Vec<Row>,
    told: Vec<Told>,
    wrong_name: Option<Told>,
    wrong_day: Option<Told>,
    name: String,
    on: String,
}

struct Row {
    href: String,
    name: String,
    day: String,
    n_packs: usize,
}

/// What was written for a new meeting, and what is wrong with it.
#[derive(Default)]
struct Sent {
    told: Vec<Told>,
    wrong_name: Option<Told>,
    wrong_day: Option<Told>,
    name: String,
    on: String,
}

/// The page.
pub(in crate::web) async fn show(visit: Visit) -> Result<Answer> {
    match refused(&visit) {
        Some(answer) => Ok(answer),
        None => page(&visit, StatusCode::OK, Sent::default()).await,
    }
}

/// Makes the folder of a new meeting.
pub(in crate::web) async fn make(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let form = &visit.asked.form;
    let name: String = form.get("name").chars().filter(|letter| !letter.is_control()).collect();
    let (name, on) = (name.trim().to_string(), form.get("on").trim().to_string());
    let day = parse_date(&on);
    let Some(day) = day.filter(|_| !name.is_empty()) else {
        let sent = Sent {
            wrong_name: name.is_empty().then(|| told("WEB-083", "")),
            wrong_day: day.is_none().then(|| told("WEB-084", &on)),
            name,
            on,
            ..Sent::default()
        };
        return page(&visit, StatusCode::UNPROCESSABLE_ENTITY, sent).await;
    };
    let called = name.clone();
    let root = root(&visit.asked.pages.shown);
    let made = visit.asked.pages.ask(async move |workspace| meetings::make(workspace, &root, &called, day).await).await;
    match made {
        Ok(made) => {
            let name = made.folder.file_name().unwrap_or_default().to_string_lossy();
            Answer::see(&format!("{MEETINGS}/one?meeting={}", encoded(&name)))
        }
        Err(error) => match Failure::of(&error) {
            failure if failure.code == "MTG-002" => {
                let sent = Sent { told: told_of(&failure), name, on, ..Sent::default() };
                page(&visit, StatusCode::CONFLICT, sent).await
            }
            _ => Err(error),
        },
    }
}

async fn page(visit: &Visit, status: StatusCode, sent: Sent) -> Result<Answer> {
    let root = root(&visit.asked.pages.shown);
    let looked = visit.asked.pages.ask(async move |workspace| {
        let kinds = papers::list(workspace)?.into_iter().filter_map(|one| match one {
            Definition::Pack(spec) => Some(spec.meeting.name),
            Definition::Report(_) => None,
        });
        Ok((kinds.collect::<Vec<_>>(), meetings::at_hand(&root)?))
    });
    let (kinds, found) = looked.await?;
    let rows: Vec<Row> = found.iter().map(row).collect();
    let n = rows.len();
    let Sent { told, wrong_name, wrong_day, name, on } = sent;
    let page = ListPage { frame: visit.frame(), path: MEETINGS, kinds, rows, told, wrong_name, wrong_day, name, on };
    Ok(Answer::page_with(status, &page)?.showing(n))
}

fn row(meeting: &MeetingAtHand) -> Row {
    Row {
        href: format!("{MEETINGS}/one?meeting={}", encoded(&meeting.name)),
        name: meeting.name.get(11..).filter(|_| meeting.held_on.is_some()).unwrap_or(&meeting.name).to_string(),
        day: meeting.held_on.map_or_else(String::new, era_date_with_weekday),
        n_packs: meeting.n_packs,
    }
}
