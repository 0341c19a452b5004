//! The routes of a person.

use std::sync::Arc;

use anyhow::Result;
use axum::http::StatusCode;

use super::page::{HitsView, KnownField, PersonPage, RecordView};
use crate::domain::access::Need;
use crate::domain::ids::PhysicianId;
use crate::messages::{Lang, message};
use crate::service::persons::{Asker, Hits, MOST_HITS, PersonAnswer, SearchAnswer};
use crate::web::answer::Answer;
use crate::web::nav::{ADJUSTMENTS, PERSON, PERSONS};
use crate::web::route::Visit;

/// The page of one person, or the form alone.
pub(crate) async fn show(visit: Visit) -> Result<Answer> {
    let (key, known) = (visit.asked.query.get("key").to_string(), without_controls(visit.asked.query.get("known")));
    if key.is_empty() {
        return Answer::page(&empty(&visit, ""));
    }
    let (access, kept) = (visit.access().clone(), Arc::clone(&visit.asked.pages.kept));
    let (id, day) = (physician(&key), known.clone());
    let answer = visit
        .asked
        .pages
        .ask(async move |workspace| Asker { workspace, kept: &kept, access: &access }.person(id, &day).await)
        .await?;
    let page = empty(&visit, "");
    let field = |wrong| Some(KnownField { key: &key, written: &known, wrong });
    match answer {
        PersonAnswer::Found(record) => {
            let record = Some(RecordView::of(&record));
            let may_adjust = visit.access().may(Need::Make) && visit.access().sees_everybody();
            let adjust = may_adjust.then(|| format!("{ADJUSTMENTS}?person={}", id.map_or(0, |id| id.0)));
            Ok(Answer::page(&PersonPage { record, adjust, known: field(None), ..page })?.showing(1))
        }
        PersonAnswer::Nobody => nobody(page),
        PersonAnswer::Wrong(code, told) => {
            let page = PersonPage { known: field(Some((code, told))), ..page };
            Answer::page_with(StatusCode::BAD_REQUEST, &page)
        }
    }
}

/// Looks for somebody. What is found stands under an address without names.
pub(crate) async fn look_for(visit: Visit) -> Result<Answer> {
    let text = without_controls(visit.asked.form.get("text"));
    let (access, kept) = (visit.access().clone(), Arc::clone(&visit.asked.pages.kept));
    let typed = text.clone();
    let answer = visit
        .asked
        .pages
        .ask(async move |workspace| Asker { workspace, kept: &kept, access: &access }.search(&text).await)
        .await?;
    match answer {
        SearchAnswer::Found(hits) => match hits.listed.as_slice() {
            [] => nobody(empty(&visit, &typed)),
            [one] => Answer::see(&format!("{PERSON}?key={}", one.physician)),
            several => {
                let keys: Vec<String> = several.iter().map(|hit| hit.physician.to_string()).collect();
                Answer::see(&format!("{PERSONS}?keys={}&of={}", keys.join("."), hits.total))
            }
        },
        SearchAnswer::Wrong(code, told) => {
            let page = PersonPage { told: Some((code, told)), ..empty(&visit, &typed) };
            Answer::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// Those who were found.
pub(crate) async fn list(visit: Visit) -> Result<Answer> {
    let keys = visit.asked.query.get("keys");
    let mut ids: Vec<PhysicianId> = keys.split('.').take(MOST_HITS).filter_map(physician).collect();
    ids.sort_unstable();
    let total: usize = visit.asked.query.get("of").parse().unwrap_or(0);
    let (access, kept) = (visit.access().clone(), Arc::clone(&visit.asked.pages.kept));
    let answer = visit
        .asked
        .pages
        .ask(async move |workspace| Asker { workspace, kept: &kept, access: &access }.listed(&ids).await)
        .await?;
    let page = empty(&visit, "");
    match answer {
        SearchAnswer::Found(Hits { listed, .. }) if listed.is_empty() => nobody(page),
        SearchAnswer::Found(hits) => {
            let page = PersonPage { hits: Some(HitsView::of(&hits, total)), ..page };
            Ok(Answer::page(&page)?.showing(hits.listed.len()))
        }
        SearchAnswer::Wrong(code, told) => {
            Answer::page_with(StatusCode::BAD_REQUEST, &PersonPage { told: Some((code, told)), ..page })
        }
    }
}

fn empty<'a>(visit: &Visit, typed: &'a str) -> PersonPage<'a> {
    let frame = visit.frame();
    PersonPage { frame, path: PERSON, told: None, typed, hits: None, record: None, adjust: None, known: None }
}

/// That there is nobody: the same page whether there is no such person or she is out of sight.
fn nobody(page: PersonPage<'_>) -> Result<Answer> {
    let told = message("WEB-061", Lang::Ja, "");
    Answer::page_with(StatusCode::NOT_FOUND, &PersonPage { told: Some(("WEB-061", told)), ..page })
}

/// What somebody wrote, without what no page may hold.
fn without_controls(written: &str) -> String {
    written.chars().filter(|letter| !letter.is_control()).collect()
}

/// Whom a key means. One that is no number means nobody.
fn physician(key: &str) -> Option<PhysicianId> {
    let is_number = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    key.parse().ok().filter(|_| is_number).map(PhysicianId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_numbers_and_nothing_else() {
        assert_eq!(physician("12"), Some(PhysicianId(12)));
        for key in ["", "-1", "+1", "1.0", "１２", "1 OR 1=1", "9999999999999999999999", "架空"] {
            assert_eq!(physician(key), None, "{key}");
        }
    }
}
