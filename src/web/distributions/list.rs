//! All distributions with their stage, and the form that makes another one.

use std::collections::BTreeMap;

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::words::{Told, instant, stage};
use super::working::NEW;
use crate::domain::access::Need;
use crate::domain::distribution::{DeliveryState, Distribution, Stage};
use crate::domain::japanese_date::short_era_date;
use crate::error::Failure;
use crate::service::publish::seen_overviews;
use crate::web::answer::Answer;
use crate::web::fault::status_of;
use crate::web::frame::Frame;
use crate::web::route::Visit;

/// What was written into the form.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) as_of: String,
    pub(super) issued_on: String,
}

#[derive(Template)]
#[template(path = "web/papers/distributions.html")]
struct ListPage {
    frame: Frame,
    told: Option<Told>,
    /// What is being made, and how many papers are done.
    going_on: Option<(&'static str, usize)>,
    rows: Vec<Row>,
    may_make: bool,
    typed: Typed,
}

struct Row {
    number: u32,
    as_of: String,
    stage: &'static str,
    is_open: bool,
    maker: String,
    made_at: String,
    approver: String,
    states: String,
}

/// The page.
pub(super) async fn show(visit: &Visit, typed: Typed, failure: Option<Failure>) -> Result<Answer> {
    let access = visit.access().clone();
    let pages = &visit.asked.pages;
    let all = pages.ask(async move |workspace| seen_overviews(workspace, &access).await).await?;
    let failure = failure.or_else(|| pages.under_way.take_failed(NEW, &visit.entered.account.login));
    let status = failure.as_ref().map_or(StatusCode::OK, status_of);
    let n = all.len();
    let page = ListPage {
        frame: visit.frame(),
        told: failure.as_ref().map(Told::of),
        going_on: pages.under_way.going_on(NEW),
        rows: all.into_iter().map(row).collect(),
        may_make: visit.access().may(Need::Make),
        typed,
    };
    Ok(Answer::page_with(status, &page)?.showing(n))
}

fn row((of, states): (Distribution, BTreeMap<DeliveryState, usize>)) -> Row {
    let states: Vec<String> = states.iter().map(|(state, n)| format!("{} {n}", state.label())).collect();
    Row {
        number: of.number,
        as_of: short_era_date(of.as_of),
        stage: stage(of.stage()),
        is_open: of.stage() == Stage::Prepared,
        made_at: instant(of.made_at),
        states: if of.stage() == Stage::Voided { of.void_reason } else { states.join("、") },
        maker: of.maker,
        approver: of.approver,
    }
}
