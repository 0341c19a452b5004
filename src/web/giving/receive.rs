//! Files as they are sent, and files of the inbox whose question somebody wants to answer.

use anyhow::Result;
use axum::http::StatusCode;

use super::list::page;
use super::work::{Work, do_work, no_room, refused};
use crate::error::Failure;
use crate::service::intake::giving::{Receiving, adopt, told};
use crate::web::answer::Answer;
use crate::web::route::Visit;
use crate::web::upload::Upload;

/// Receives files, and looks at them.
pub(in crate::web) async fn send(visit: Visit, mut upload: Upload) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        upload.let_run_out().await;
        return Ok(answer);
    }
    let (shown, login) = (&visit.asked.pages.shown, visit.entered.account.login.clone());
    if let Some(told) = no_room(&visit) {
        upload.let_run_out().await;
        return page(&visit, StatusCode::CONFLICT, Some(told)).await;
    }
    let mut receiving = Receiving::begin(&shown.folder, &login)?;
    if let Err(broken) = upload.receive(&mut receiving).await {
        drop(receiving);
        upload.let_run_out().await;
        let (status, told) = broken.told(shown.config.web.upload_mb)?;
        return page(&visit, status, Some(told)).await;
    }
    if receiving.n_files() == 0 {
        return wrong(&visit, StatusCode::UNPROCESSABLE_ENTITY, "WEB-021", "").await;
    }
    let id = receiving.finish(shown.clock.now())?;
    do_work(&visit, id, Work::Check(None)).await
}

/// Looks at a file of the inbox that asks.
pub(in crate::web) async fn ask(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let (sha256, login) = (visit.asked.form.get("file").to_string(), visit.entered.account.login.clone());
    let adopted = visit.asked.pages.change(async move |workspace| adopt(workspace, &sha256, &login).await).await;
    match adopted {
        Ok(id) => do_work(&visit, id, Work::Check(None)).await,
        Err(error) => match Failure::of(&error) {
            failure if failure.code == "WEB-032" => {
                wrong(&visit, StatusCode::CONFLICT, failure.code, &failure.detail).await
            }
            _ => Err(error),
        },
    }
}

/// The page with the form, which says what is wrong.
async fn wrong(visit: &Visit, status: StatusCode, code: &str, detail: &str) -> Result<Answer> {
    page(visit, status, Some(told(code, detail))).await
}
