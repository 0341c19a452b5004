//! The adjustments that hold, and what can be written.

use anyhow::Result;
use askama::Template;

use super::fields::explained;
use crate::domain::adjustment::AdjustmentKind;
use crate::domain::japanese_date::era_date;
use crate::domain::printed_number::thousands;
use crate::service::intake::adjusting::{AdjustmentColumn, SaidAdjustment, said};
use crate::web::answer::Answer;
use crate::web::encoding::encoded;
use crate::web::frame::Frame;
use crate::web::giving::refused;
use crate::web::nav::{ADJUSTMENTS, FILES, PERSON};
use crate::web::route::Visit;

/// Adjustments that are shown, the newest.
const SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "web/adjusting/list.html")]
struct ListPage {
    frame: Frame,
    files: &'static str,
    kinds: Vec<Kind>,
    total: String,
    is_cut: bool,
    rows: Vec<Row>,
}

/// A kind that can be written.
struct Kind {
    href: String,
    label: &'static str,
    explained: &'static str,
}

struct Row {
    number: String,
    kind: &'static str,
    person: String,
    name: String,
    href: String,
    body: String,
    decided: String,
    why: String,
    approver: String,
    day: String,
    /// Where it is taken back; empty for one that comes from files of another source.
    back: String,
}

/// The page.
pub(in crate::web) async fn show(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let all = visit.asked.pages.ask(async |workspace| said(workspace).await).await?;
    let person = visit.asked.query.get("person");
    let person = if person.is_empty() { String::new() } else { format!("&person={}", encoded(person)) };
    let kind = |kind: AdjustmentKind| Kind {
        href: format!("{ADJUSTMENTS}/new?kind={}{person}", kind.code()),
        label: kind.label(),
        explained: explained(kind),
    };
    let rows: Vec<Row> = all.iter().take(SHOWN).map(row).collect();
    let n = rows.len();
    let page = ListPage {
        frame: visit.frame(),
        files: FILES,
        kinds: AdjustmentKind::ALL.into_iter().map(kind).collect(),
        total: thousands(i64::try_from(all.len())?),
        is_cut: all.len() > n,
        rows,
    };
    Ok(Answer::page(&page)?.showing(n))
}

fn row(one: &SaidAdjustment) -> Row {
    let adjustment = &one.version.adjustment;
    let cell = |column| one.cell(column).to_string();
    let back =
        || format!("{ADJUSTMENTS}/back?person={}&number={}", adjustment.physician.0, encoded(&adjustment.number));
    Row {
        number: adjustment.number.to_string(),
        kind: adjustment.kind.label(),
        person: cell(AdjustmentColumn::Person),
        name: one.person.1.clone(),
        href: format!("{PERSON}?key={}", adjustment.physician.0),
        body: one.body.clone(),
        decided: decided(one),
        why: adjustment.why.to_string(),
        approver: adjustment.approver.to_string(),
        day: era_date(one.version.known_from),
        back: if one.is_of_pages { back() } else { String::new() },
    }
}

/// What was decided beside the kind: days, classes, numbers.
pub(super) fn decided(one: &SaidAdjustment) -> String {
    let adjustment = &one.version.adjustment;
    let told = [
        adjustment.stay_joined_on.map(|day| format!("{}入会の在籍", era_date(day))),
        adjustment.day.map(era_date),
        adjustment.class.map(|class| class.label().to_string()),
        Some(one.cell(AdjustmentColumn::Reason)).filter(|reason| !reason.is_empty()).map(str::to_string),
        Some(one.cell(AdjustmentColumn::OtherPerson))
            .filter(|number| !number.is_empty())
            .map(|number| format!("{number} を統合")),
        adjustment.finding.map(|finding| finding.code().to_string()),
    ];
    told.into_iter().flatten().collect::<Vec<_>>().join("、")
}
