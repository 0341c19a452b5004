//! Logging in and out.

use std::time::Duration;

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::answer::Answer;
use super::cookie;
use super::encoding::own_path;
use super::frame::Frame;
use super::route::{Asked, Visit};
use crate::messages::{Lang, Message, message};
use crate::service::accounts::LogIn;

#[derive(Template)]
#[template(path = "web/login.html")]
struct LoginPage<'a> {
    frame: Frame,
    told: Option<Message>,
    /// Where to go afterwards.
    next: &'a str,
    /// What was written already.
    login: &'a str,
}

/// The page.
pub(super) async fn show(asked: Asked) -> Result<Answer> {
    let next = own_path(asked.query.get("next"));
    let told = (!asked.query.get("ended").is_empty()).then(|| message("WEB-003", Lang::Ja, ""));
    Answer::page(&LoginPage { frame: Frame::of_nobody(), told, next, login: "" })
}

/// Tries to log in.
pub(super) async fn send(asked: Asked) -> Result<Answer> {
    let (pages, form) = (&asked.pages, &asked.form);
    let (login, next) = (form.get("login"), own_path(form.get("next")));
    let (status, told) = match pages.accounts.log_in(asked.from, login, &form.secret("password")).await? {
        LogIn::Begun(token) => {
            return Ok(Answer::see(next)?.with_cookie(cookie::set(&token, pages.is_secure())));
        }
        LogIn::Refused => (StatusCode::UNAUTHORIZED, message("WEB-001", Lang::Ja, "")),
        LogIn::TooOften(wait) => (StatusCode::TOO_MANY_REQUESTS, too_often(wait)),
    };
    Answer::page_with(status, &LoginPage { frame: Frame::of_nobody(), told: Some(told), next, login })
}

/// Logs out.
pub(super) async fn leave(visit: Visit) -> Result<Answer> {
    let pages = &visit.asked.pages;
    pages.accounts.log_out(&visit.entered).await?;
    Ok(Answer::see("/login")?.with_cookie(cookie::clear(pages.is_secure())))
}

/// That there were too many tries, with the minutes to wait, rounded up.
pub(super) fn too_often(wait: Duration) -> Message {
    message("WEB-002", Lang::Ja, &wait.as_secs().div_ceil(60).max(1).to_string())
}
