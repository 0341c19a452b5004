//! Changing the password of one's own account.

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::answer::Answer;
use super::cookie::{self, Cookie};
use super::frame::Frame;
use super::login::too_often;
use super::route::Visit;
use crate::messages::{Lang, Message, message};
use crate::service::accounts::PasswordChange;

#[derive(Template)]
#[template(path = "web/password.html")]
struct PasswordPage<'a> {
    frame: Frame,
    told: Option<Message>,
    must_change: bool,
    login: &'a str,
}

impl<'a> PasswordPage<'a> {
    fn of(visit: &'a Visit, told: Option<Message>) -> Self {
        let account = &visit.entered.account;
        Self { frame: visit.frame(), told, must_change: account.must_change, login: &account.login }
    }
}

/// The page.
pub(super) async fn show(visit: Visit) -> Result<Answer> {
    Answer::page(&PasswordPage::of(&visit, None))
}

/// Changes it. All sessions end; whoever changed it goes on with a new one.
pub(super) async fn send(visit: Visit) -> Result<Answer> {
    let asked = &visit.asked;
    let [present, new, again] = ["present", "new", "again"].map(|name| asked.form.secret(name));
    let accounts = &asked.pages.accounts;
    let (status, told) = match accounts.change_password(&visit.entered, asked.from, &present, [&new, &again]).await? {
        PasswordChange::Done(token) => {
            return Ok(Answer::see("/?changed=1")?.with_cookie(cookie::set(
                &token,
                Cookie::Session,
                asked.pages.is_secure(),
            )));
        }
        PasswordChange::Unfit(failure) => {
            (StatusCode::UNPROCESSABLE_ENTITY, message(failure.code, Lang::Ja, &failure.detail))
        }
        PasswordChange::TooOften(wait) => (StatusCode::TOO_MANY_REQUESTS, too_often(wait)),
    };
    Answer::page_with(status, &PasswordPage::of(&visit, Some(told)))
}
