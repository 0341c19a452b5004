//! Writing an adjustment.

use std::sync::Arc;

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;

use super::fields::{FieldView, explained, of_whole, typed};
use crate::domain::adjustment::AdjustmentKind;
use crate::domain::ids::PhysicianId;
use crate::service::asked::{BodyChoice, Viewer, choices};
use crate::service::intake::adjusting::{
    AdjustmentColumn, ColumnFault, Proposed, Typed, Written, propose, registered_as,
};
use crate::service::intake::giving::Told;
use crate::web::answer::Answer;
use crate::web::fault;
use crate::web::frame::Frame;
use crate::web::giving::{Work, do_work, no_room, refused};
use crate::web::nav::ADJUSTMENTS;
use crate::web::route::Visit;

#[derive(Template)]
#[template(path = "web/adjusting/new.html")]
struct NewPage {
    frame: Frame,
    list: &'static str,
    kind: &'static str,
    label: &'static str,
    explained: &'static str,
    /// What is wrong with none of the fields.
    told: Vec<Told>,
    is_wrong: bool,
    fields: Vec<FieldView>,
    bodies: Vec<BodyChoice>,
    /// The box for all bodies, of a 退会, and whether it is ticked.
    everywhere: Option<(&'static str, bool)>,
}

/// The box that ends the stays in all bodies.
const EVERYWHERE: &str = "adjust-everywhere";

/// The form of a kind.
pub(in crate::web) async fn show(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let Some(kind) = AdjustmentKind::from_code(visit.asked.query.get("kind")) else { return Ok(no_kind(&visit)) };
    let mut typed = Typed::new();
    if let Ok(person) = visit.asked.query.get("person").parse().map(PhysicianId) {
        let number = visit.asked.pages.ask(async move |workspace| registered_as(workspace, person).await).await?;
        typed.extend(number.map(|number| (AdjustmentColumn::Person, number)));
    }
    page(&visit, StatusCode::OK, (kind, typed, false), &[]).await
}

/// Gives what was written as a file, and looks at it.
pub(in crate::web) async fn send(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let form = &visit.asked.form;
    let Some(kind) = AdjustmentKind::from_code(form.get("kind")) else { return Ok(no_kind(&visit)) };
    let typed = typed(&AdjustmentColumn::asked_by(kind), form);
    let is_everywhere = kind == AdjustmentKind::Left && !form.get(EVERYWHERE).is_empty();
    if let Some(told) = no_room(&visit) {
        return page(&visit, StatusCode::CONFLICT, (kind, typed, is_everywhere), &[ColumnFault { column: None, told }])
            .await;
    }
    let login = visit.entered.account.login.clone();
    let written = Written { kind, typed: typed.clone(), is_everywhere };
    let proposed = visit.asked.pages.ask(async move |workspace| propose(workspace, &login, &written).await).await?;
    match proposed {
        Proposed::Given(id) => do_work(&visit, id, Work::Check(None)).await,
        Proposed::Faulty(faults) => {
            page(&visit, StatusCode::UNPROCESSABLE_ENTITY, (kind, typed, is_everywhere), &faults).await
        }
    }
}

fn no_kind(visit: &Visit) -> Answer {
    fault::page(visit.frame(), StatusCode::BAD_REQUEST, "WEB-070").into()
}

async fn page(
    visit: &Visit,
    status: StatusCode,
    (kind, typed, is_everywhere): (AdjustmentKind, Typed, bool),
    faults: &[ColumnFault],
) -> Result<Answer> {
    let columns = AdjustmentColumn::asked_by(kind);
    let bodies = match columns.contains(&AdjustmentColumn::BodyName) {
        true => suggested(visit).await?,
        false => Vec::new(),
    };
    let page = NewPage {
        frame: visit.frame(),
        list: ADJUSTMENTS,
        kind: kind.code(),
        label: kind.label(),
        explained: explained(kind),
        told: of_whole(&columns, faults),
        is_wrong: !faults.is_empty(),
        fields: FieldView::of(&columns, kind, &typed, faults),
        bodies,
        everywhere: (kind == AdjustmentKind::Left).then_some((EVERYWHERE, is_everywhere)),
    };
    Answer::page_with(status, &page)
}

/// All bodies, as the page of a question suggests them: who comes here sees all.
async fn suggested(visit: &Visit) -> Result<Vec<BodyChoice>> {
    let kept = Arc::clone(&visit.asked.pages.kept);
    let viewer = Viewer::of_everything();
    visit.asked.pages.ask(async move |workspace| Ok(choices((workspace, &kept), &viewer).await?.bodies.clone())).await
}
