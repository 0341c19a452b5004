//! What somebody says of columns whose headings are not known.

use anyhow::Result;
use axum::http::StatusCode;

use super::decide::{Wrong, given, not_there, page};
use super::work::{Work, do_work};
use crate::error::Failure;
use crate::service::intake::giving::{SaidOfColumns, check_headings, told_of_failure};
use crate::web::answer::Answer;
use crate::web::kept_forms::COLUMN;
use crate::web::route::Visit;

/// Takes down what the columns are, and looks at the file once more.
pub(in crate::web) async fn say(visit: Visit) -> Result<Answer> {
    let form = &visit.asked.form;
    let given = match given(&visit, form.get("give"))? {
        Ok(given) => given,
        Err(answer) => return Ok(answer),
    };
    let Ok(nth) = given.nth(form.get("file")) else { return Ok(not_there(&visit)) };
    let said: SaidOfColumns = form
        .0
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(COLUMN)?.parse().ok()?, value.clone())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    match check_headings(&given, nth, &said) {
        Ok(()) => do_work(&visit, given.id, Work::Headings(nth, said)).await,
        Err(error) => match Failure::of(&error) {
            failure if failure.code == "WEB-026" => Ok(not_there(&visit)),
            failure => {
                let wrong = Wrong::of_headings(nth, told_of_failure(&failure), said);
                page(&visit, &given.id, (StatusCode::UNPROCESSABLE_ENTITY, false), wrong)
            }
        },
    }
}
