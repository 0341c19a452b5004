//! Logging in, with the code of the second factor where there is one, and out.

use std::time::Duration;

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::answer::Answer;
use super::cookie::{self, Cookie};
use super::encoding::{encoded, own_path};
use super::frame::Frame;
use super::route::{Asked, Visit};
use crate::messages::{Lang, Message, message};
use crate::service::accounts::{Half, LogIn, SecondStep};

/// Address of the page that asks for the code.
pub(super) const CODE: &str = "/login/code";

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

#[derive(Template)]
#[template(path = "web/factor/code.html")]
struct CodePage<'a> {
    frame: Frame,
    path: &'static str,
    told: Option<Message>,
    /// Where to go afterwards.
    next: &'a str,
    csrf: String,
}

/// The page.
pub(super) async fn show(asked: Asked) -> Result<Answer> {
    let next = own_path(asked.query.get("next"));
    let codes = [("ended", "WEB-003"), ("late", "WEB-014")];
    let told = codes.into_iter().find(|(name, _)| !asked.query.get(name).is_empty());
    let told = told.map(|(_, code)| message(code, Lang::Ja, ""));
    Answer::page(&LoginPage { frame: Frame::of_nobody(), told, next, login: "" })
}

/// Tries to log in.
pub(super) async fn send(asked: Asked) -> Result<Answer> {
    let (pages, form) = (&asked.pages, &asked.form);
    let (login, next) = (form.get("login"), own_path(form.get("next")));
    let (status, told) = match pages.accounts.log_in(asked.from, login, &form.secret("password")).await? {
        LogIn::Begun(token) => {
            return Ok(Answer::see(next)?.with_cookie(cookie::set(&token, Cookie::Session, pages.is_secure())));
        }
        LogIn::Half(token) => {
            let code = Answer::see(&format!("{CODE}?next={}", encoded(next)))?;
            return Ok(code.with_cookie(cookie::set(&token, Cookie::Half, pages.is_secure())));
        }
        LogIn::Refused => (StatusCode::UNAUTHORIZED, message("WEB-001", Lang::Ja, "")),
        LogIn::TooOften(wait) => (StatusCode::TOO_MANY_REQUESTS, too_often(wait)),
    };
    Answer::page_with(status, &LoginPage { frame: Frame::of_nobody(), told: Some(told), next, login })
}

/// The page that asks for the code, for whoever has written the password.
pub(super) async fn ask_code(asked: Asked) -> Result<Answer> {
    let next = own_path(asked.query.get("next"));
    match half(&asked).await? {
        Some(half) => code_page(&half, next, StatusCode::OK, None),
        None => too_late(&asked, next),
    }
}

/// Ends the login with the code.
pub(super) async fn send_code(asked: Asked) -> Result<Answer> {
    let (pages, next) = (&asked.pages, own_path(asked.form.get("next")));
    let Some(half) = half(&asked).await? else { return too_late(&asked, next) };
    if asked.form.get("csrf") != half.csrf() {
        return code_page(&half, next, StatusCode::FORBIDDEN, Some(message("WEB-004", Lang::Ja, "")));
    }
    match pages.accounts.second_step(&half, asked.from, asked.form.secret("code").reveal()).await? {
        SecondStep::Begun(token) => {
            let session = cookie::set(&token, Cookie::Session, pages.is_secure());
            Ok(Answer::see(next)?.with_cookie(cookie::clear(Cookie::Half, pages.is_secure())).with_cookie(session))
        }
        SecondStep::Refused => code_page(&half, next, StatusCode::UNAUTHORIZED, Some(message("ACC-014", Lang::Ja, ""))),
        SecondStep::TooOften(wait) => code_page(&half, next, StatusCode::TOO_MANY_REQUESTS, Some(too_often(wait))),
    }
}

/// Whose code is asked for.
async fn half(asked: &Asked) -> Result<Option<Half>> {
    match asked.half.clone() {
        Some(token) => asked.pages.accounts.half(token).await,
        None => Ok(None),
    }
}

fn code_page(half: &Half, next: &str, status: StatusCode, told: Option<Message>) -> Result<Answer> {
    let page = CodePage { frame: Frame::of_nobody(), path: CODE, told, next, csrf: half.csrf() };
    Answer::page_with(status, &page)
}

/// Back to the password.
fn too_late(asked: &Asked, next: &str) -> Result<Answer> {
    let login = Answer::see(&format!("/login?next={}&late=1", encoded(next)))?;
    Ok(login.with_cookie(cookie::clear(Cookie::Half, asked.pages.is_secure())))
}

/// Logs out.
pub(super) async fn leave(visit: Visit) -> Result<Answer> {
    let pages = &visit.asked.pages;
    pages.accounts.log_out(&visit.entered).await?;
    Ok(Answer::see("/login")?.with_cookie(cookie::clear(Cookie::Session, pages.is_secure())))
}

/// That there were too many tries, with the minutes to wait, rounded up.
pub(super) fn too_often(wait: Duration) -> Message {
    message("WEB-002", Lang::Ja, &wait.as_secs().div_ceil(60).max(1).to_string())
}
