//! Who may give files, and the work on them, which goes on although the browser has left.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::http::StatusCode;

use crate::error::Failure;
use crate::service::intake::giving::{
    Decision, Given, SaidOfColumns, Told, ToldOfFile, add_known_headings, check, take, tell_trouble, told,
};
use crate::service::keep::definition_files::Settings;
use crate::web::answer::Answer;
use crate::web::fault;
use crate::web::pages::Pages;
use crate::web::route::Visit;

/// What an account may have given without deciding about it.
const MOST_OPEN: usize = 20;

/// How long a page waits for work, before it says that it goes on: shorter than the patience of any proxy.
const WAITING: Duration = Duration::from_secs(12);

/// The page for whoever may not give files, because they do not see all members.
pub(in crate::web) fn refused(visit: &Visit) -> Option<Answer> {
    let may = visit.access().sees_everybody();
    (!may).then(|| fault::page(visit.frame(), StatusCode::FORBIDDEN, "WEB-020").into())
}

/// Why no more can be given: what an account has given is to be decided first. `None` where there is room.
pub(in crate::web) fn no_room(visit: &Visit) -> Option<Told> {
    let given = Given::all(&visit.asked.pages.shown.folder, &visit.entered.account.login);
    let n_open = given.iter().filter(|given| given.is_open()).count();
    (n_open >= MOST_OPEN).then(|| told("WEB-025", &n_open.to_string()))
}

/// What is to be done.
pub(in crate::web) enum Work {
    /// Looked at; with what somebody has told of a file.
    Check(Option<(usize, ToldOfFile)>),
    /// The columns of a file are what somebody says they are; then looked at.
    Headings(usize, SaidOfColumns),
    /// Decided.
    Take(Decision),
}

/// Does work on what was given, and leads to its page. Where it takes long the page is shown before it is done.
pub(in crate::web) async fn do_work(visit: &Visit, id: String, work: Work) -> Result<Answer> {
    let pages = &visit.asked.pages;
    let login = visit.entered.account.login.clone();
    // What is decided while something else goes on is decided after it, or not at all: the page says that it goes on.
    if !pages.works.wait(&id, WAITING).await {
        return Answer::see(&address(&id));
    }
    pages.works.begin(&id, done(Arc::clone(pages), id.clone(), login, work));
    pages.works.wait(&id, WAITING).await;
    Answer::see(&address(&id))
}

/// Waits for the work on what was given; says whether it is done.
pub(super) async fn is_done(visit: &Visit, id: &str) -> bool {
    visit.asked.pages.works.wait(id, WAITING).await
}

/// Address of the page of what was given.
pub(super) fn address(id: &str) -> String {
    format!("/files/check?give={id}")
}

async fn done(pages: Arc<Pages>, id: String, login: String, work: Work) {
    let Err(error) = carried_out(&pages, (id.clone(), login.clone()), work).await else { return };
    let failure = Failure::of(&error);
    tracing::warn!(code = failure.code, error = format!("{error:#}"), "work on files that were given failed");
    if let Err(error) = tell_trouble(&pages.shown.folder, &id, &login, &failure) {
        tracing::warn!(error = format!("{error:#}"), "it could not be told either");
    }
}

async fn carried_out(pages: &Pages, (id, login): (String, String), work: Work) -> Result<()> {
    match work {
        Work::Check(told) => pages.fill(async move |workspace| check(workspace, &id, &login, told).await).await,
        Work::Take(decision) => pages.fill(async move |workspace| take(workspace, &id, &login, &decision).await).await,
        Work::Headings(nth, said) => {
            let (of, by) = (id.clone(), login.clone());
            let path = pages.shown.settings.clone();
            let added = pages.fill(async move |workspace| {
                let settings = Settings { path: &path, config: &workspace.config };
                add_known_headings(workspace, settings, (&of, &by, nth), &said).await
            });
            if added.await? {
                pages.definitions_were_named()?;
            }
            // Opened anew, with the layout as it stands now.
            pages.fill(async move |workspace| check(workspace, &id, &login, None).await).await
        }
    }
}
