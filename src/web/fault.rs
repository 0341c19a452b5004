//! Pages that say what happened and what to do, when what was asked for cannot be shown.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::frame::Frame;
use crate::error::{Failure, FailureKind};
use crate::messages::{Lang, Message, message};

#[derive(Template)]
#[template(path = "web/fault.html")]
struct FaultPage<'a> {
    frame: Frame,
    code: &'a str,
    told: Message,
    /// Where to log in, where that helps.
    login: Option<String>,
}

/// The page of a code of the catalogue.
pub(super) fn page(frame: Frame, status: StatusCode, code: &str) -> Response {
    made(&FaultPage { frame, code, told: message(code, Lang::Ja, ""), login: None }, status)
}

/// The page that asks to log in again, for the reason of a code; the address is followed afterwards.
pub(super) fn ended(code: &str, login: String) -> Response {
    let frame = Frame::of_nobody();
    let page = FaultPage { frame, code, told: message(code, Lang::Ja, ""), login: Some(login) };
    made(&page, StatusCode::UNAUTHORIZED)
}

/// The page of a failure. What somebody asked for wrongly is named; where something lies on the server is left to its log.
pub(super) fn of_failure(frame: Frame, failure: &Failure) -> Response {
    if failure.kind == FailureKind::Bug {
        return page(frame, StatusCode::INTERNAL_SERVER_ERROR, "WEB-013");
    }
    let status = status_of(failure);
    let is_own = matches!(failure.kind, FailureKind::Usage | FailureKind::Input);
    let detail = if is_own { failure.detail.as_str() } else { "…" };
    let told = message(failure.code, Lang::Ja, detail);
    made(&FaultPage { frame, code: failure.code, told, login: None }, status)
}

/// The status of a failure: by its code where that says more than its kind.
pub(super) fn status_of(failure: &Failure) -> StatusCode {
    match (failure.code, failure.kind) {
        // Nothing there, or not for this account: the answer does not tell which.
        ("WEB-040" | "WEB-043" | "WEB-071" | "WEB-080" | "WEB-081", _) => StatusCode::NOT_FOUND,
        ("WEB-045" | "PUB-015", _) => StatusCode::FORBIDDEN,
        // What was asked for was sound when the page was shown.
        ("WEB-044" | "PUB-003" | "PUB-014" | "PUB-017" | "PUB-018" | "PUB-021" | "PUB-042", _) => StatusCode::CONFLICT,
        (_, FailureKind::Usage | FailureKind::Input) => StatusCode::UNPROCESSABLE_ENTITY,
        (_, FailureKind::Data) => StatusCode::CONFLICT,
        (_, FailureKind::Environment) => StatusCode::SERVICE_UNAVAILABLE,
        (_, FailureKind::Bug) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn made(page: &FaultPage, status: StatusCode) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        // A template of fixed words that cannot be filled: the words alone are better than nothing.
        Err(_) => (status, format!("{} {}\n", page.code, page.told.text)).into_response(),
    }
}
