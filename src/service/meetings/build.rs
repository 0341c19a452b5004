//! Proving a meeting and making its pack.

use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::NaiveDate;

use super::read::{ReadMeeting, read};
use crate::domain::as_of::AsOf;
use crate::error::Failure;
use crate::service::keep::Workspace;
use crate::service::known::area::Area;
use crate::service::known::vintage::Vintage;
use crate::service::papers;
use crate::service::papers::{FrozenPack, MeetingNote, PaperFormat, PaperRequest, Published, Variant};

/// A pack that is asked for.
#[derive(Debug, Clone)]
pub struct MeetingRequest {
    /// Folder of the meeting.
    pub folder: PathBuf,
    /// 基準日 of the reports in it.
    pub as_of: AsOf,
    /// 知識時点; by default the newest export.
    pub known_at: Option<NaiveDate>,
    /// 発行日; by default known-at.
    pub issued_on: Option<NaiveDate>,
    /// Who it is for.
    pub variant: Variant,
    /// Prints 下書き on every page and lets an incomplete day pass.
    pub draft: bool,
    /// A character that no font has stops the pack.
    pub strict_characters: bool,
    /// The number of the 資料 that is made anew in place of its pages in the pack of before; `None` for the whole pack.
    pub replaced: Option<u32>,
}

/// Reads and proves the folder of a meeting; bodies are proved as they were on a day, where the master has any.
///
/// # Errors
/// As [`read`]; when the store cannot be read.
pub async fn check(workspace: &Workspace, folder: &Path, day: Option<AsOf>) -> Result<ReadMeeting> {
    let all = papers::list(workspace)?;
    let mut meeting = read(folder, &all)?;
    let associations = workspace.store.associations().await?;
    if !associations.is_empty() {
        let day = day.unwrap_or(AsOf(meeting.plan.held_on));
        let area = meeting.prefecture.clone().map_or(Area::All, Area::Prefecture);
        meeting.faults.extend(papers::office_faults(&associations, &meeting.plan, &area, day)?);
    }
    Ok(meeting)
}

/// The known-at at which a 資料 is made anew: that of its pack, so that nothing else changes.
///
/// # Errors
/// As [`read`]; [`Failure`] MTG-005 when there is no pack.
pub fn known_at_of_pack(workspace: &Workspace, request: &MeetingRequest, out: &Path) -> Result<Option<NaiveDate>> {
    let meeting = read(&request.folder, &papers::list(workspace)?)?;
    let pack = FrozenPack::newest(out, &paper_request(&meeting, request))?;
    Ok(pack.known_at().parse().ok())
}

/// Makes the pack of a meeting below a folder.
///
/// # Errors
/// [`Failure`] MTG-001 with everything that is wrong in the folder; as reports are for the reports in it.
pub async fn build(
    workspace: &Workspace,
    vintage: &Vintage,
    request: &MeetingRequest,
    (formats, out): (&[PaperFormat], &Path),
) -> Result<(Published, ReadMeeting)> {
    let meeting = check(workspace, &request.folder, Some(request.as_of)).await?;
    if !meeting.faults.is_empty() {
        return Err(Failure::of_meeting(&meeting.faults).into());
    }
    let paper = paper_request(&meeting, request);
    let published = match request.replaced {
        Some(number) => {
            let pack = FrozenPack::newest(out, &paper)?;
            papers::publish_replacement(workspace, vintage, (&meeting.plan, &paper), (&pack, number, out)).await?
        }
        None => papers::publish_meeting(workspace, vintage, (&meeting.plan, &paper), (formats, out)).await?,
    };
    Ok((published, meeting))
}

/// The pack as papers ask for it.
fn paper_request(meeting: &ReadMeeting, request: &MeetingRequest) -> PaperRequest {
    let note = MeetingNote {
        name: meeting.plan.id.clone(),
        held_on: meeting.plan.held_on,
        reports: meeting.plan.reports().map(str::to_string).collect(),
        files: meeting.files.clone(),
    };
    PaperRequest {
        name: meeting.plan.id.clone(),
        as_of: request.as_of,
        known_at: request.known_at,
        issued_on: request.issued_on,
        variant: request.variant,
        area: meeting.prefecture.clone().map_or(Area::All, Area::Prefecture),
        draft: request.draft,
        strict_characters: request.strict_characters,
        meeting: Some(note),
    }
}
