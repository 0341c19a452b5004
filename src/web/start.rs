//! The first page: who am I, what may I see, where can I go.

use anyhow::Result;
use askama::Template;

use super::answer::Answer;
use super::frame::{Frame, NavEntry};
use super::meetings::root;
use super::pages::Pages;
use super::route::Visit;
use crate::clock::tokyo_day;
use crate::domain::access::{Access, AccessArea, Need};
use crate::domain::account::Account;
use crate::domain::association::{Associations, Tier};
use crate::domain::japanese_date::era_date;
use crate::service::doctor::given::Given;
use crate::service::today::look;

/// The area of all bodies.
const EVERYWHERE: &str = "すべての医師会";

#[derive(Template)]
#[template(path = "web/start.html")]
struct StartPage<'a> {
    frame: Frame,
    is_changed: bool,
    /// Whether the second factor was set up just now.
    is_set_up: bool,
    /// How many things wait for a person; `None` for whoever has nothing to do with them.
    to_do: Option<usize>,
    links: Vec<NavEntry>,
    name: &'a str,
    login: &'a str,
    role: &'static str,
    area: String,
    tiers: String,
    persons: bool,
    lent: Vec<String>,
}

/// The page.
pub(super) async fn show(visit: Visit) -> Result<Answer> {
    let pages = &visit.asked.pages;
    let Account { login, name, .. } = &visit.entered.account;
    let access = visit.access();
    let to_do = if access.may(Need::Make) || access.may(Need::Approve) { Some(to_do(pages).await?) } else { None };
    let (area, lent) = named(pages, access).await?;
    let frame = visit.frame();
    let nav = frame.visitor.iter().flat_map(|visitor| visitor.nav.clone());
    let tiers: Vec<&str> = access.tiers().iter().map(Tier::label).collect();
    Answer::page(&StartPage {
        links: nav.filter(|entry| !entry.is_here).collect(),
        is_changed: !visit.asked.query.get("changed").is_empty(),
        is_set_up: !visit.asked.query.get("set-up").is_empty(),
        to_do,
        frame,
        name,
        login,
        role: access.role().label(),
        area,
        tiers: tiers.join("・"),
        persons: access.persons(),
        lent,
    })
}

/// How many things wait for a person, without the scheduled work.
async fn to_do(pages: &Pages) -> Result<usize> {
    let shown = pages.shown.clone();
    pages
        .in_turn(async move || {
            let meetings = root(&shown);
            let (folder, settings, config, clock) = (shown.folder, shown.settings, shown.config, shown.clock);
            let given = Given { folder, settings, config, settings_fault: None, clock, clock_fault: None };
            let looked = look(given, &meetings).await;
            let n = looked.tasks.iter().map(|task| task.n).sum();
            looked.close().await;
            Ok(n)
        })
        .await
}

/// Names of the area and of what was lent.
pub(super) async fn named(pages: &Pages, access: &Access) -> Result<(String, Vec<String>)> {
    let today = tokyo_day(pages.shown.clock.now());
    let (area, lent) = (access.area().clone(), access.lent_on(today).cloned().collect::<Vec<_>>());
    if area == AccessArea::Everywhere && lent.is_empty() {
        return Ok((EVERYWHERE.into(), Vec::new()));
    }
    pages
        .ask(async move |workspace| {
            let masters: Associations = workspace.store.associations().await?;
            let name = |area: &AccessArea| match area {
                AccessArea::Everywhere => EVERYWHERE.to_string(),
                other => other.name_on(&masters, today).unwrap_or(other.code()).to_string(),
            };
            let lent = lent.iter().map(|right| {
                let what = if right.persons && right.until >= today { "名簿も" } else { "数だけ" };
                format!("{}（{what}、{}まで）", name(&right.area), era_date(right.until))
            });
            Ok((name(&area), lent.collect()))
        })
        .await
}
