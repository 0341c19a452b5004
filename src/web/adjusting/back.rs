//! Taking an adjustment back.

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::fields::{FieldView, of_whole, typed};
use super::list::decided;
use crate::domain::ids::PhysicianId;
use crate::error::Failure;
use crate::service::intake::adjusting::{
    AdjustmentColumn, ColumnFault, Proposed, SaidAdjustment, TakingBack, Typed, propose_taking_back, said,
};
use crate::service::intake::giving::Told;
use crate::web::answer::Answer;
use crate::web::frame::Frame;
use crate::web::giving::{Work, do_work, no_room, refused};
use crate::web::nav::ADJUSTMENTS;
use crate::web::route::{Fields, Visit};

/// What is written when one is taken back.
const ASKED: [AdjustmentColumn; 2] = [AdjustmentColumn::Why, AdjustmentColumn::Approver];

#[derive(Template)]
#[template(path = "web/adjusting/back.html")]
struct BackPage {
    frame: Frame,
    list: &'static str,
    number: String,
    person: i64,
    facts: Vec<(&'static str, String)>,
    told: Vec<Told>,
    is_wrong: bool,
    fields: Vec<FieldView>,
}

/// What was decided, and a form.
pub(in crate::web) async fn show(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let of = of(&visit.asked.query);
    page(&visit, StatusCode::OK, &of, (Typed::new(), &[])).await
}

/// Gives a file that takes it back, and looks at it.
pub(in crate::web) async fn send(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let of = of(&visit.asked.form);
    let typed = typed(&ASKED, &visit.asked.form);
    if let Some(told) = no_room(&visit) {
        let faults = [ColumnFault { column: None, told }];
        return page(&visit, StatusCode::CONFLICT, &of, (typed, &faults)).await;
    }
    let login = visit.entered.account.login.clone();
    let taking = TakingBack { of: of.clone(), typed: typed.clone() };
    let proposed =
        visit.asked.pages.ask(async move |workspace| propose_taking_back(workspace, &login, &taking).await).await?;
    match proposed {
        Proposed::Given(id) => do_work(&visit, id, Work::Check(None)).await,
        Proposed::Faulty(faults) => page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &of, (typed, &faults)).await,
    }
}

/// Number and person of an adjustment, as an address and a form tell them. Nobody has the number 0.
fn of(fields: &Fields) -> (String, PhysicianId) {
    (fields.get("number").to_string(), PhysicianId(fields.get("person").parse().unwrap_or_default()))
}

async fn page(
    visit: &Visit,
    status: StatusCode,
    of: &(String, PhysicianId),
    (typed, faults): (Typed, &[ColumnFault]),
) -> Result<Answer> {
    let all = visit.asked.pages.ask(async |workspace| said(workspace).await).await?;
    let is_of = |one: &&SaidAdjustment| {
        one.is_of_pages && *one.version.adjustment.number == *of.0 && one.version.adjustment.physician == of.1
    };
    let Some(one) = all.iter().find(is_of) else {
        return Err(Failure::usage("WEB-071", &of.0).into());
    };
    let page = BackPage {
        frame: visit.frame(),
        list: ADJUSTMENTS,
        number: of.0.clone(),
        person: of.1.0,
        facts: facts(one),
        told: of_whole(&ASKED, faults),
        is_wrong: !faults.is_empty(),
        fields: FieldView::of(&ASKED, one.version.adjustment.kind, &typed, faults),
    };
    Ok(Answer::page_with(status, &page)?.showing(1))
}

fn facts(one: &SaidAdjustment) -> Vec<(&'static str, String)> {
    let adjustment = &one.version.adjustment;
    let person = format!("{} {}", one.cell(AdjustmentColumn::Person), one.person.1);
    let facts = [
        ("調整番号", adjustment.number.to_string()),
        ("調整種別", adjustment.kind.label().to_string()),
        ("会員", person),
        ("医師会", one.body.clone()),
        ("決めたこと", decided(one)),
        ("理由", adjustment.why.to_string()),
        ("承認者", adjustment.approver.to_string()),
    ];
    facts.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect()
}
