//! Setting up one's own second factor.

use anyhow::Result;
use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use super::answer::Answer;
use super::cookie::{self, Cookie};
use super::frame::Frame;
use super::login::too_often;
use super::nav::FACTOR;
use super::qr::svg;
use super::route::Visit;
use crate::domain::account::Stage;
use crate::error::{Failure, FailureKind};
use crate::messages::{Lang, Message, message};
use crate::service::accounts::{Offer, SettingUp};

/// Address to which somebody asks for a secret.
pub(super) const OFFER: &str = "/second-factor/offer";

/// Address of the picture that the app reads.
pub(super) const PICTURE: &str = "/second-factor/code.svg";

#[derive(Template)]
#[template(path = "web/factor/set_up.html")]
struct FactorPage<'a> {
    frame: Frame,
    told: Option<Message>,
    /// Whether no other page opens before it is set up.
    is_needed: bool,
    /// Whether there is one already, which is to be replaced.
    has_one: bool,
    login: &'a str,
    offer: Option<OfferView>,
    factor: &'static str,
    ask: &'static str,
    picture: &'static str,
}

/// A secret as it is shown this once.
struct OfferView {
    groups: Vec<String>,
    address: String,
}

/// The page: what the app is to read if that was asked for, else how to begin.
pub(super) async fn show(visit: Visit) -> Result<Answer> {
    let offer = visit.asked.pages.accounts.offered(&visit.entered).await?;
    page(&visit, offer.as_ref(), StatusCode::OK, None)
}

/// Asks for a secret.
pub(super) async fn offer(visit: Visit) -> Result<Answer> {
    let (accounts, form) = (&visit.asked.pages.accounts, &visit.asked.form);
    let (password, code) = (form.secret("password"), form.secret("present"));
    match accounts.offer(&visit.entered, visit.asked.from, &password, code.reveal()).await? {
        SettingUp::Done(()) => Answer::see(FACTOR),
        SettingUp::Unfit(failure) => page(&visit, None, StatusCode::UNPROCESSABLE_ENTITY, Some(told(&failure))),
        SettingUp::TooOften(wait) => page(&visit, None, StatusCode::TOO_MANY_REQUESTS, Some(too_often(wait))),
    }
}

/// Sets it up with the first code. All sessions end; whoever did it goes on with a new one.
pub(super) async fn set_up(visit: Visit) -> Result<Answer> {
    let (pages, form) = (&visit.asked.pages, &visit.asked.form);
    let (status, told) =
        match pages.accounts.set_up(&visit.entered, visit.asked.from, form.secret("code").reveal()).await? {
            SettingUp::Done(token) => {
                let session = cookie::set(&token, Cookie::Session, pages.is_secure());
                return Ok(Answer::see("/?set-up=1")?.with_cookie(session));
            }
            SettingUp::Unfit(failure) => (StatusCode::UNPROCESSABLE_ENTITY, told(&failure)),
            SettingUp::TooOften(wait) => (StatusCode::TOO_MANY_REQUESTS, too_often(wait)),
        };
    let offer = pages.accounts.offered(&visit.entered).await?;
    page(&visit, offer.as_ref(), status, Some(told))
}

/// The picture of what is offered to the session. Like every answer without an age it is stored nowhere (`headers.rs`).
pub(super) async fn picture(visit: Visit) -> Result<Answer> {
    let Some(offer) = visit.asked.pages.accounts.offered(&visit.entered).await? else {
        return Err(Failure::new(FailureKind::Usage, "ACC-015", "").into());
    };
    let headers = [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, svg(&offer.address())?).into_response().into())
}

fn page(visit: &Visit, offer: Option<&Offer>, status: StatusCode, told: Option<Message>) -> Result<Answer> {
    let account = &visit.entered.account;
    let view = |offer: &Offer| OfferView {
        groups: offer.groups().into_iter().map(String::from).collect(),
        address: offer.address(),
    };
    let page = FactorPage {
        frame: visit.frame(),
        told,
        is_needed: visit.entered.stage == Stage::WithoutFactor,
        has_one: account.second_factor_at.is_some(),
        login: &account.login,
        offer: offer.map(view),
        factor: FACTOR,
        ask: OFFER,
        picture: PICTURE,
    };
    Answer::page_with(status, &page)
}

fn told(failure: &Failure) -> Message {
    message(failure.code, Lang::Ja, &failure.detail)
}
