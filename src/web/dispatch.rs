//! From a request to its answer: who asks, whether they may, what they sent, what they get, and what the ledger keeps of it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::{Error, Result};
use axum::Router;
use axum::extract::{ConnectInfo, Form, FromRequest, Query, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::{CsrfLayer, ProtectionError};

use super::answer::Answer;
use super::cookie::{self, Cookie};
use super::encoding::encoded;
use super::frame::Frame;
use super::nav::{FACTOR, frame_of};
use super::pages::Pages;
use super::route::{Answering, Asked, Fields, Gate, Handler, Route, Verb, Visit};
use super::upload::Upload;
use super::{fault, headers, upload};
use crate::error::{Failure, FailureKind};
use crate::service::accounts::Entered;

/// Bytes that a form may send.
const MOST_BYTES: usize = 64 * 1024;

/// All routes with what stands around them.
pub(super) fn router(pages: &Arc<Pages>, routes: &'static [Route]) -> Router {
    let mut router = Router::new();
    for route in routes {
        let pages = Arc::clone(pages);
        let filter = match route.verb() {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
        };
        let handler = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request| {
            let pages = Arc::clone(&pages);
            async move { answered(pages, route, peer.ip(), request).await }
        };
        router = router.route(route.path(), on(filter, handler));
    }
    let refused = |_: ProtectionError| fault::page(Frame::of_nobody(), StatusCode::FORBIDDEN, "WEB-004");
    router
        .fallback(|| async { fault::page(Frame::of_nobody(), StatusCode::NOT_FOUND, "WEB-006") })
        .method_not_allowed_fallback(|| async {
            fault::page(Frame::of_nobody(), StatusCode::METHOD_NOT_ALLOWED, "WEB-007")
        })
        .layer(CsrfLayer::new().with_rejection_response(refused))
        .layer(CatchPanicLayer::custom(|_| defect(Frame::of_nobody())))
        .layer(middleware::from_fn(headers::add))
}

/// The page of a defect, which tells nothing of it.
fn defect(frame: Frame) -> Response {
    fault::page(frame, StatusCode::INTERNAL_SERVER_ERROR, "WEB-013")
}

async fn answered(pages: Arc<Pages>, route: &'static Route, peer: IpAddr, request: Request) -> Response {
    let answering = answer(pages, route, peer, request);
    match tokio::time::timeout(route.patience(), answering).await {
        Ok(response) => response,
        Err(_) if route.takes_files() => fault::page(Frame::of_nobody(), StatusCode::REQUEST_TIMEOUT, "WEB-037"),
        Err(_) => fault::page(Frame::of_nobody(), StatusCode::SERVICE_UNAVAILABLE, "WEB-009"),
    }
}

async fn answer(pages: Arc<Pages>, route: &'static Route, peer: IpAddr, request: Request) -> Response {
    let from = pages.asking(peer, request.headers());
    let entered = match entered(&pages, route, request.headers()).await {
        Ok(entered) => entered,
        Err(error) => return failed(Frame::of_nobody(), &error),
    };
    let login = entered.as_ref().map(|entered| entered.account.login.clone()).unwrap_or_default();
    let frame = entered.as_ref().map_or_else(Frame::of_nobody, |entered| frame_of(entered, route.path()));
    let answer = match opened(&pages, route, from, entered, request).await {
        Ok(answer) => answer,
        Err(error) => failed(frame.clone(), &error).into(),
    };
    // The sheet of the pages says nothing of anybody.
    let is_page = route.path() != "/style.css";
    let status = answer.response.status().as_u16();
    if is_page && let Err(error) = pages.accounts.record(&login, &route.name(), status, answer.n_shown).await {
        // What cannot be recorded is not shown.
        return failed(frame, &error);
    }
    answer.response
}

/// Who is logged in; routes for anybody do not ask.
async fn entered(pages: &Pages, route: &Route, headers: &HeaderMap) -> Result<Option<Entered>> {
    if matches!(route.handler(), Handler::Open(_)) {
        return Ok(None);
    }
    match cookie::token(headers, Cookie::Session, pages.is_secure()) {
        Some(token) => pages.accounts.enter(token).await,
        None => Ok(None),
    }
}

/// Lets somebody in, or says why not.
async fn opened(
    pages: &Arc<Pages>,
    route: &'static Route,
    from: IpAddr,
    entered: Option<Entered>,
    request: Request,
) -> Result<Answer> {
    let account = entered.as_ref().map(|entered| (&entered.account.access, entered.stage));
    let gate = route.gate(account);
    if gate != Gate::Pass {
        let answer = match gate {
            Gate::Pass | Gate::LogIn if route.verb() == Verb::Post && !route.takes_files() => {
                return too_late(pages, route, request).await;
            }
            Gate::Pass | Gate::LogIn => to_login(pages, route, &request),
            Gate::ChangePassword => Answer::see("/password"),
            Gate::SetUpFactor => Answer::see(FACTOR),
            Gate::Refused => {
                let frame = entered.as_ref().map_or_else(Frame::of_nobody, |entered| frame_of(entered, route.path()));
                Ok(fault::page(frame, StatusCode::FORBIDDEN, "WEB-005").into())
            }
        };
        if route.takes_files() {
            // A browser that is still sending would not read the answer.
            upload::let_run_out(request.into_body()).await;
        }
        return answer;
    }
    let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri()).map(|Query(fields)| fields);
    let Ok(query) = query else { return Ok(unreadable(StatusCode::BAD_REQUEST, "WEB-010")) };
    let half = cookie::token(request.headers(), Cookie::Half, pages.is_secure());
    let (query, none) = (Fields(query), Fields::default());
    let asked = Asked { pages: Arc::clone(pages), from, path: route.path(), query, form: none, half };
    if let (Handler::Giving(handler), Some(entered)) = (route.handler(), entered.clone()) {
        return given(Visit { asked, entered }, handler, request).await;
    }
    let form = match route.verb() {
        Verb::Get => Fields::default(),
        Verb::Post => match form(request).await {
            Ok(form) => form,
            Err(answer) => return Ok(answer),
        },
    };
    let asked = Asked { form, ..asked };
    match (route.handler(), entered) {
        (Handler::Open(handler), _) => handler(asked).await,
        (Handler::Entered(handler), Some(entered)) => {
            if route.verb() == Verb::Post && asked.form.get("csrf") != entered.csrf() {
                return of_another_session(pages, route, &entered, asked.form);
            }
            handler(Visit { asked, entered }).await
        }
        // The gate lets nobody without an account through here.
        (Handler::Entered(_) | Handler::Giving(_), _) => to_login(pages, route, &Request::default()),
    }
}

/// A form of another session than that of the cookie: somebody has logged in anew in another window meanwhile. What was written in it
/// is shown once more, with a button of this session; nothing is done before that is pressed.
fn of_another_session(pages: &Pages, route: &Route, entered: &Entered, form: Fields) -> Result<Answer> {
    let kept = match form.get("csrf") {
        "" => None,
        _ => pages.kept_forms.keep(route.path(), form.0, pages.shown.clock.now())?,
    };
    match kept {
        Some(again) => Answer::see(&again),
        None => Ok(fault::page(frame_of(entered, route.path()), StatusCode::FORBIDDEN, "WEB-004").into()),
    }
}

/// Files that are sent with a form. That the form is of the session is told by its first field, before anything is kept.
async fn given(visit: Visit, handler: fn(Visit, Upload) -> Answering, request: Request) -> Result<Answer> {
    let mut upload = match Upload::of(request, visit.asked.pages.shown.config.web.upload_mb).await {
        Ok(upload) => upload,
        Err(body) => {
            upload::let_run_out(body).await;
            return Ok(fault::page(visit.frame(), StatusCode::BAD_REQUEST, "WEB-010").into());
        }
    };
    if upload.first_field("csrf").await.as_deref() != Some(visit.entered.csrf().as_str()) {
        upload.let_run_out().await;
        return Ok(fault::page(visit.frame(), StatusCode::FORBIDDEN, "WEB-004").into());
    }
    handler(visit, upload).await
}

/// To the login, and from there back to what was asked for.
fn to_login(pages: &Pages, route: &Route, request: &Request) -> Result<Answer> {
    let next = match (route.verb(), request.uri().path_and_query()) {
        (Verb::Get, Some(asked)) => asked.as_str(),
        _ => "/",
    };
    let login = login_for(next, had_session(pages, request));
    match route.verb() {
        Verb::Get => Answer::see(&login),
        Verb::Post => Ok(fault::ended("WEB-003", login).into()),
    }
}

/// A form whose session has ended: what somebody wrote in it is kept, to be sent once they are logged in.
async fn too_late(pages: &Pages, route: &Route, request: Request) -> Result<Answer> {
    let had_session = had_session(pages, &request);
    let kept = match had_session {
        true => match form(request).await {
            Ok(form) => pages.kept_forms.keep(route.path(), form.0, pages.shown.clock.now())?,
            Err(answer) => return Ok(answer),
        },
        false => None,
    };
    let code = if kept.is_some() { "WEB-057" } else { "WEB-003" };
    Ok(fault::ended(code, login_for(kept.as_deref().unwrap_or("/"), had_session)).into())
}

/// Whether the browser has a session, which may have ended.
fn had_session(pages: &Pages, request: &Request) -> bool {
    cookie::token(request.headers(), Cookie::Session, pages.is_secure()).is_some()
}

/// Address of the login that leads on to another.
fn login_for(next: &str, had_session: bool) -> String {
    let ended = if had_session { "&ended=1" } else { "" };
    format!("/login?next={}{ended}", encoded(next))
}

/// What a form sends; else the page that says why it cannot be read.
async fn form(request: Request) -> Result<Fields, Answer> {
    let too_large = || unreadable(StatusCode::PAYLOAD_TOO_LARGE, "WEB-008");
    let told = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if told.is_some_and(|length: usize| length > MOST_BYTES) {
        return Err(too_large());
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST_BYTES).await else { return Err(too_large()) };
    let request = Request::from_parts(parts, body.into());
    match Form::<Vec<(String, String)>>::from_request(request, &()).await {
        Ok(Form(fields)) => Ok(Fields(fields)),
        Err(_) => Err(unreadable(StatusCode::BAD_REQUEST, "WEB-010")),
    }
}

fn unreadable(status: StatusCode, code: &str) -> Answer {
    fault::page(Frame::of_nobody(), status, code).into()
}

/// The page of an error. It is logged here, by its code: a chain may name places of the server, and never a member.
fn failed(frame: Frame, error: &Error) -> Response {
    let failure = Failure::of(error);
    if matches!(failure.kind, FailureKind::Bug | FailureKind::Environment) {
        tracing::warn!(code = failure.code, error = format!("{error:#}"), "a page failed");
    }
    fault::of_failure(frame, &failure)
}
