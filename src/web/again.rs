//! The page that sends a form whose session had ended.

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::answer::Answer;
use super::fault;
use super::frame::Frame;
use super::route::Visit;

#[derive(Template)]
#[template(path = "web/again.html")]
struct AgainPage {
    frame: Frame,
    path: &'static str,
    written: Vec<(&'static str, String)>,
    fields: Vec<(String, String)>,
}

/// The page: what was written, and a button that sends it.
pub(super) async fn show(visit: Visit) -> Result<Answer> {
    let pages = &visit.asked.pages;
    let Some(form) = pages.kept_forms.find(visit.asked.query.get("form"), pages.shown.clock.now()) else {
        return Ok(fault::page(visit.frame(), StatusCode::NOT_FOUND, "WEB-058").into());
    };
    let written = form.written();
    Answer::page(&AgainPage { frame: visit.frame(), path: form.path, written, fields: form.fields })
}
