//! What is done with a meeting: files put into its folder and removed, its pack made.

use anyhow::Result;
use axum::http::StatusCode;

use super::one::{Written, page};
use super::words::{root, told_of};
use crate::domain::as_of::AsOf;
use crate::domain::japanese_date::parse_date;
use crate::error::Failure;
use crate::service::intake::giving::{Receiving, Told, told};
use crate::service::keep::steadily;
use crate::service::known::vintage::Vintage;
use crate::service::meetings::{self, MeetingRequest};
use crate::service::papers::{PaperFormat, Variant};
use crate::web::answer::Answer;
use crate::web::encoding::encoded;
use crate::web::giving::refused;
use crate::web::nav::MEETINGS;
use crate::web::route::Visit;
use crate::web::upload::Upload;

/// Puts files into the folder of a meeting.
pub(in crate::web) async fn put(visit: Visit, mut upload: Upload) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        upload.let_run_out().await;
        return Ok(answer);
    }
    let meeting = visit.asked.query.get("meeting").to_string();
    let folder = match meetings::folder_called(&root(&visit.asked.pages.shown), &meeting) {
        Ok(folder) => folder,
        Err(error) => {
            upload.let_run_out().await;
            return Err(error);
        }
    };
    let (shown, login) = (&visit.asked.pages.shown, visit.entered.account.login.clone());
    let mut receiving = Receiving::begin(&shown.folder, &login)?;
    let received = upload.receive(&mut receiving).await;
    upload.let_run_out().await;
    let wrong = match received {
        Err(broken) => Some(broken.told(shown.config.web.upload_mb)?),
        Ok(()) if receiving.n_files() == 0 => Some((StatusCode::UNPROCESSABLE_ENTITY, told("WEB-021", ""))),
        Ok(()) => None,
    };
    if let Some((status, told)) = wrong {
        return page(&visit, &meeting, (status, vec![told]), None).await;
    }
    let now = shown.clock.now();
    let put = visit.asked.pages.in_turn(async move || meetings::put_files(&folder, &receiving.files(), now)).await;
    match put {
        Ok(()) => Answer::see(&address(&meeting)),
        Err(error) => match Failure::of(&error) {
            failure if failure.code == "WEB-082" => {
                let told = vec![told(failure.code, &failure.detail)];
                page(&visit, &meeting, (StatusCode::UNPROCESSABLE_ENTITY, told), None).await
            }
            _ => Err(error),
        },
    }
}

/// Removes a file from the folder of a meeting.
pub(in crate::web) async fn remove(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let form = &visit.asked.form;
    let (meeting, name) = (form.get("meeting").to_string(), form.get("file").to_string());
    let folder = meetings::folder_called(&root(&visit.asked.pages.shown), &meeting)?;
    let now = visit.asked.pages.shown.clock.now();
    visit.asked.pages.in_turn(async move || meetings::remove_file(&folder, &name, now)).await?;
    Answer::see(&address(&meeting))
}

/// Makes the pack, or one item of it anew.
pub(in crate::web) async fn build(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let form = &visit.asked.form;
    let meeting = form.get("meeting").to_string();
    let folder = meetings::folder_called(&root(&visit.asked.pages.shown), &meeting)?;
    let (as_of, replaced) = (form.get("as_of").trim().to_string(), form.get("replaced").trim().to_string());
    let number = if replaced.is_empty() { Some(None) } else { number(&replaced).map(Some) };
    let written = Written {
        is_internal: form.get("variant") == Variant::Internal.code(),
        is_draft: !form.get("draft").is_empty(),
        wrong_day: parse_date(&as_of).is_none().then(|| told("WEB-084", &as_of)),
        wrong_number: number.is_none().then(|| told("WEB-085", &replaced)),
        as_of,
        replaced,
    };
    let (Some(day), Some(replaced)) = (parse_date(&written.as_of), number) else {
        return page(&visit, &meeting, (StatusCode::UNPROCESSABLE_ENTITY, Vec::new()), Some(written)).await;
    };
    let request = MeetingRequest {
        folder: folder.clone(),
        as_of: AsOf(day),
        known_at: None,
        issued_on: None,
        variant: if written.is_internal { Variant::Internal } else { Variant::External },
        draft: written.is_draft,
        strict_characters: false,
        replaced,
    };
    let out = meetings::packs_of(&folder);
    let made = visit.asked.pages.change(async move |workspace| {
        let known_at = match request.replaced {
            Some(_) => meetings::known_at_of_pack(workspace, &request, &out)?,
            None => None,
        };
        let formats = [PaperFormat::Pdf, PaperFormat::Xlsx];
        steadily(workspace, async || {
            let vintage = Vintage::open(workspace, known_at).await?;
            meetings::build(workspace, &vintage, &request, (&formats, &out)).await.map(drop)
        })
        .await
    });
    match made.await {
        Ok(()) => Answer::see(&format!("{}#packs", address(&meeting))),
        Err(error) => {
            let failure = Failure::of(&error);
            if failure.is_of_surroundings() {
                return Err(error);
            }
            let told: Vec<Told> = told_of(&failure);
            page(&visit, &meeting, (StatusCode::UNPROCESSABLE_ENTITY, told), Some(written)).await
        }
    }
}

/// A number from 1.
fn number(text: &str) -> Option<u32> {
    text.parse().ok().filter(|number| *number > 0)
}

fn address(meeting: &str) -> String {
    format!("{MEETINGS}/one?meeting={}", encoded(meeting))
}
