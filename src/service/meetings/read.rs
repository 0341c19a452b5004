//! From the folder of a meeting to its plan, with everything that is wrong in it.

use std::path::Path;

use anyhow::Result;

use super::folder::MeetingFolder;
use super::plan::planned;
use crate::domain::meeting::{CellPlace, MeetingFault, MeetingPlan, PlacedMeetingFault};
use crate::domain::report::Definition;
use crate::ingest::meeting::{Faults, agenda};
use crate::service::papers::MeetingFile;

/// A meeting as its folder has it.
#[derive(Debug)]
pub struct ReadMeeting {
    /// The meeting, as far as it is sound.
    pub plan: MeetingPlan,
    /// The prefecture whose bodies it is about, by name or code; `None` for all bodies.
    pub prefecture: Option<String>,
    /// Files that it was made from, by name.
    pub files: Vec<MeetingFile>,
    /// What is wrong: no pack is made.
    pub faults: Vec<PlacedMeetingFault>,
    /// What a person should look at.
    pub notices: Vec<PlacedMeetingFault>,
}

/// Reads the folder of a meeting.
///
/// # Errors
/// [`Failure`](crate::error::Failure) when the folder is not there, or its workbook cannot be read at all.
pub fn read(folder: &Path, all: &[Definition]) -> Result<ReadMeeting> {
    let mut faults = Faults::default();
    let mut files = MeetingFolder::read(folder, &mut faults)?;
    let (plan, prefecture) = match files.sheet(agenda::AGENDA).cloned() {
        Some(sheet) => {
            let draft = agenda::read(&sheet, &mut faults);
            let prefecture = Some(draft.prefecture.clone()).filter(|name| !name.is_empty());
            (planned(draft, &mut files, all, &mut faults)?, prefecture)
        }
        None => {
            faults.add(CellPlace::of_file(&folder.display().to_string()), MeetingFault::NoAgenda);
            (MeetingPlan::of_reports("", chrono::NaiveDate::MIN, &[]), None)
        }
    };
    let (notices, faults) = faults.0.into_iter().partition(|placed| placed.fault.is_notice());
    files.files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(ReadMeeting { plan, prefecture, files: files.files, faults, notices })
}
