//! The page of one's own account.

use anyhow::Result;
use askama::Template;

use super::moment::moment;
use crate::domain::account::Account;
use crate::domain::association::Tier;
use crate::service::accounts::OwnSession;
use crate::web::Frame;
use crate::web::answer::Answer;
use crate::web::nav::{ACCOUNT, FACTOR};
use crate::web::route::Visit;
use crate::web::start::named;

#[derive(Template)]
#[template(path = "web/own/account.html")]
struct AccountPage<'a> {
    frame: Frame,
    path: &'static str,
    /// Whether the others were ended just now.
    is_ended: bool,
    login: &'a str,
    name: &'a str,
    role: &'static str,
    area: String,
    tiers: String,
    persons: bool,
    lent: Vec<String>,
    made: String,
    /// Since when there is a second factor.
    factor_since: Option<String>,
    factor: &'static str,
    sessions: Vec<SessionView>,
    others: usize,
}

struct SessionView {
    begun: String,
    used: String,
    is_this: bool,
}

/// The page.
pub(crate) async fn account(visit: Visit) -> Result<Answer> {
    let pages = &visit.asked.pages;
    let Account { login, name, access, made_at, second_factor_at, .. } = &visit.entered.account;
    let sessions = pages.accounts.sessions(&visit.entered).await?;
    let (area, lent) = named(pages, access).await?;
    let tiers: Vec<&str> = access.tiers().iter().map(Tier::label).collect();
    let view =
        |one: &OwnSession| SessionView { begun: moment(one.begun_at), used: moment(one.used_at), is_this: one.is_this };
    Answer::page(&AccountPage {
        frame: visit.frame(),
        path: ACCOUNT,
        is_ended: !visit.asked.query.get("ended").is_empty(),
        login,
        name,
        role: access.role().label(),
        area,
        tiers: tiers.join("・"),
        persons: access.persons(),
        lent,
        made: moment(*made_at),
        factor_since: second_factor_at.map(moment),
        factor: FACTOR,
        others: sessions.iter().filter(|one| !one.is_this).count(),
        sessions: sessions.iter().map(view).collect(),
    })
}

/// Ends the other sessions.
pub(crate) async fn end_others(visit: Visit) -> Result<Answer> {
    visit.asked.pages.accounts.end_others(&visit.entered).await?;
    Answer::see("/account?ended=1")
}
