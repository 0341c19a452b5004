//! Looking at the pages of a PDF (頁を見る) where it is handed out: side by side as images, without a program for PDF.
//!
//! Whoever may have the file may look at its pages: the address is that of the file, with `view` behind it. Each page is drawn from the
//! bytes that were proved for it.

use std::sync::Arc;

use anyhow::Result;
use askama::Template;
use axum::http::header;
use axum::response::IntoResponse;

use super::answer::Answer;
use super::encoding::encoded;
use super::frame::Frame;
use super::handing::{file, label};
use super::nav::MEETINGS;
use super::noting::{Noted, note};
use super::route::Visit;
use crate::error::Failure;
use crate::service::keep::handed_out::HandedDelivery;
use crate::service::papers::page_images::{n_pages, page_image};

/// Field of an address: all pages, or the number of one.
const VIEW: &str = "view";

/// Field of an address: the first page of those that are shown.
const FROM: &str = "from";

/// What the field says for all pages.
const ALL: &str = "pages";

/// Pages that are shown at once.
const AT_ONCE: usize = 10;

#[derive(Template)]
#[template(path = "web/papers/pages.html")]
struct PagesPage {
    frame: Frame,
    name: String,
    /// Address of the list from which it was opened.
    back: String,
    /// Address of the PDF.
    whole: String,
    n_pages: usize,
    /// Number and address of each page that is shown.
    pages: Vec<(usize, String)>,
    steps: Vec<Step>,
}

/// Some pages that can be shown at once.
struct Step {
    label: String,
    href: String,
    is_here: bool,
}

/// A file, its pages, or one of them: what the address asks for.
///
/// # Errors
/// [`Failure`] WEB-040 where it is no PDF or there is no such page, WEB-048 where its pages cannot be shown.
pub(super) async fn handed(visit: &Visit, name: &str, bytes: Vec<u8>) -> Result<Answer> {
    handed_of(visit, (name, bytes), None).await
}

/// As [`handed`], of what was sent to a recipient who takes it now.
///
/// # Errors
/// As [`handed`].
pub(super) async fn handed_of(
    visit: &Visit,
    (name, bytes): (&str, Vec<u8>),
    delivery: Option<HandedDelivery>,
) -> Result<Answer> {
    let view = visit.asked.query.get(VIEW).to_string();
    let number: Option<usize> = view.parse().ok();
    if !view.is_empty() && (!is_pdf(name) || view != ALL && number.is_none()) {
        return Err(Failure::usage("WEB-040", "").into());
    }
    // What cannot be shown was not handed out.
    let bytes = Arc::new(bytes);
    let (drawn, turn) = (Arc::clone(&bytes), &visit.asked.pages);
    let shown = match number {
        Some(number) => Shown::Page(turn.in_turn(async move || Ok(page_image(&drawn, number)?)).await?),
        None if view == ALL => Shown::All(turn.in_turn(async move || Ok(n_pages(&drawn)?)).await?),
        None => Shown::File,
    };
    note(visit, name, &bytes, Noted { delivery, is_piece: number.is_some(), persons: None }).await?;
    match shown {
        Shown::File => file(name, Arc::unwrap_or_clone(bytes)),
        Shown::All(n) => Answer::page(&all_pages(visit, name, n)),
        Shown::Page(image) => Ok(Answer::from(([(header::CONTENT_TYPE, "image/svg+xml")], image).into_response())),
    }
}

/// What an address asks for, once it is there.
enum Shown {
    File,
    /// All pages, of which there are so many.
    All(usize),
    /// One of them, as an image.
    Page(String),
}

fn all_pages(visit: &Visit, name: &str, n_pages: usize) -> PagesPage {
    let whole = address(visit);
    let wanted: usize = visit.asked.query.get(FROM).parse().unwrap_or(1);
    // A page that is not there is as the first.
    let here = wanted.checked_sub(1).filter(|place| *place < n_pages).unwrap_or_default() / AT_ONCE;
    let last = |step: usize| ((step + 1) * AT_ONCE).min(n_pages);
    let step = |step: usize| {
        let first = step * AT_ONCE + 1;
        let label = if first == last(step) { first.to_string() } else { format!("{first}–{}", last(step)) };
        Step { label, href: format!("{whole}&{VIEW}={ALL}&{FROM}={first}"), is_here: step == here }
    };
    let shown = here * AT_ONCE + 1..=last(here);
    PagesPage {
        frame: visit.frame(),
        name: name.to_string(),
        back: back(visit),
        n_pages,
        pages: shown.map(|number| (number, format!("{whole}&{VIEW}={number}"))).collect(),
        steps: (0..n_pages.div_ceil(AT_ONCE)).map(step).collect(),
        whole,
    }
}

/// The address of the file itself.
fn address(visit: &Visit) -> String {
    let fields = visit.asked.query.0.iter().filter(|(name, _)| name != VIEW && name != FROM);
    let fields: Vec<String> = fields.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    format!("{}?{}", visit.asked.path, fields.join("&"))
}

/// Where whoever has looked goes back to.
fn back(visit: &Visit) -> String {
    let (path, query) = (visit.asked.path, &visit.asked.query);
    let list = path.rsplit_once('/').map_or("/", |(list, _)| list);
    match (query.get("number"), query.get("meeting")) {
        ("", "") => list.to_string(),
        ("", meeting) => format!("{MEETINGS}/one?meeting={}", encoded(meeting)),
        (number, _) => format!("{list}?number={}", encoded(number)),
    }
}

fn is_pdf(name: &str) -> bool {
    name.ends_with(".pdf")
}

/// A link to a file.
pub(super) struct Link {
    pub(super) href: String,
    pub(super) label: String,
    /// Whether it shows the pages and does not hand out the file.
    pub(super) is_view: bool,
}

/// All links to a file: to its pages where it is a PDF, and to itself.
pub(super) fn links(href: String, name: &str) -> Vec<Link> {
    let view =
        |href: &str| Link { href: format!("{href}&{VIEW}={ALL}"), label: "頁を見る".to_string(), is_view: true };
    let view = is_pdf(name).then(|| view(&href));
    view.into_iter().chain([Link { href, label: label(name), is_view: false }]).collect()
}
