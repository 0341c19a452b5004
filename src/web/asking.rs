//! The routes of a question: its page, and the two files of its answer.

use std::sync::Arc;

use anyhow::Result;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse};

use super::answer::Answer;
use super::handing;
use super::nav::QUESTION;
use super::noting::{Noted, note};
use super::question::{QuestionPage, question_page};
use super::route::Visit;
use crate::clock::tokyo_day;
use crate::domain::access::{Access, AccessArea};
use crate::domain::association::{Associations, BodySet, Tier};
use crate::service::asked::{
    AskedText, Bodies, Choices, Extent, Outcome, Viewer, answer_csv, answer_workbook, ask, choices,
};
use crate::service::keep::Workspace;
use crate::service::known::kept_vintages::KeptVintages;

/// A file of an answer.
#[derive(Clone, Copy)]
enum File {
    Csv,
    Workbook,
}

/// The page.
pub(super) async fn show(visit: Visit) -> Result<Answer> {
    let (text, outcome, choices) = asked(&visit, Extent::Page).await?;
    page(&visit, &text, &outcome, &choices)
}

/// The answer as CSV.
pub(super) async fn csv(visit: Visit) -> Result<Answer> {
    file(visit, File::Csv).await
}

/// The answer as a workbook.
pub(super) async fn workbook(visit: Visit) -> Result<Answer> {
    file(visit, File::Workbook).await
}

async fn file(visit: Visit, file: File) -> Result<Answer> {
    let (text, outcome, choices) = asked(&visit, Extent::Whole).await?;
    // What cannot be answered is told on the page, with its form.
    let Outcome::Answered(answer) = &outcome else { return page(&visit, &text, &outcome, &choices) };
    let (bytes, ending) = match file {
        File::Csv => (answer_csv(answer)?, "csv"),
        File::Workbook => (answer_workbook(answer)?, "xlsx"),
    };
    let name = format!("会員数_{}_{}.{ending}", answer.on, answer.number);
    let persons = n_shown(&outcome);
    if persons > 0 {
        note(&visit, &name, &bytes, Noted { persons: Some(persons), ..Noted::default() }).await?;
    }
    Ok(handing::file(&name, bytes)?.showing(persons))
}

fn page(visit: &Visit, text: &AskedText, outcome: &Outcome, choices: &Choices) -> Result<Answer> {
    let html = question_page(&QuestionPage { frame: &visit.frame(), path: QUESTION, text, outcome, choices })?;
    let status = StatusCode::from_u16(outcome.status())?;
    Ok(Answer::from((status, Html(html)).into_response()).showing(n_shown(outcome)))
}

/// Persons that are shown by name.
fn n_shown(outcome: &Outcome) -> usize {
    let Outcome::Answered(answer) = outcome else { return 0 };
    answer.persons.as_ref().map_or(0, |(_, pages)| pages.shown)
}

async fn asked(visit: &Visit, extent: Extent) -> Result<(AskedText, Outcome, Arc<Choices>)> {
    let text = AskedText::of_pairs(visit.asked.query.0.clone());
    let access = visit.access().clone();
    let kept = Arc::clone(&visit.asked.pages.kept);
    visit
        .asked
        .pages
        .ask(async move |workspace| {
            let viewers = Viewers::of((workspace, &kept), &access).await?;
            let choices = choices((workspace, &kept), &viewers.chooser()).await?;
            let outcome = viewers.ask((workspace, &kept), &text, extent).await?;
            Ok((text.clone(), outcome, choices))
        })
        .await
}

/// What an account may see: by name, and as numbers, which may be more (a right that was lent for numbers only).
struct Viewers {
    persons: Option<Viewer>,
    numbers: Viewer,
}

impl Viewers {
    async fn of((workspace, kept): (&Workspace, &KeptVintages), access: &Access) -> Result<Self> {
        let associations = kept.associations(workspace).await?;
        let today = tokyo_day(workspace.clock.now());
        let viewer = |bodies: &BodySet, persons| Viewer {
            bodies: bodies_of(access, bodies, &associations),
            national: access.area() == &AccessArea::Everywhere && access.tiers().has(Tier::National),
            persons,
        };
        let persons = access.persons().then(|| viewer(&access.persons_of(&associations, today), true));
        Ok(Self { persons, numbers: viewer(&access.numbers_of(&associations, today), false) })
    }

    /// Answers with names where the account may see those of all that is asked about, else with numbers.
    async fn ask(&self, asked: (&Workspace, &KeptVintages), text: &AskedText, extent: Extent) -> Result<Outcome> {
        if let Some(viewer) = &self.persons {
            let outcome = ask(asked, text, viewer, extent).await?;
            if outcome.status() != StatusCode::FORBIDDEN || self.numbers.bodies == viewer.bodies {
                return Ok(outcome);
            }
        }
        ask(asked, text, &self.numbers, extent).await
    }

    /// Everything that can be chosen: all bodies, and what is only for names where some may be seen.
    fn chooser(&self) -> Viewer {
        Viewer { persons: self.persons.is_some(), ..self.numbers.clone() }
    }
}

fn bodies_of(access: &Access, seen: &BodySet, associations: &Associations) -> Bodies {
    let tiers = access.tiers();
    if access.area() == &AccessArea::Everywhere && tiers.has(Tier::Local) && tiers.has(Tier::Prefectural) {
        return Bodies::All;
    }
    let below = seen.bodies(associations).filter(|(_, body)| body.tier != Tier::National);
    Bodies::Only(below.map(|(_, body)| body.code.clone()).collect())
}
