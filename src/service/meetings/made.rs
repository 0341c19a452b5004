//! The folder of a new meeting: its workbook with the agenda of its kind, and how the rest is filled in.

use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::NaiveDate;

use super::folder::{WORKBOOK, lacks_workbook, name_key};
use super::form;
use crate::domain::association::{Association, Tier};
use crate::domain::report::{Definition, PackSpec};
use crate::error::{Failure, FailureKind};
use crate::files::names::file_name;
use crate::files::{NewFolder, Readers, make_folder, write_new};
use crate::render::xlsx::form_workbook;
use crate::service::keep::Workspace;
use crate::service::keep::export::not_writable;
use crate::service::papers;

/// The folder of a new meeting.
#[derive(Debug)]
pub struct NewMeeting {
    /// Where it is.
    pub folder: PathBuf,
    /// The workbook in it.
    pub workbook: PathBuf,
    /// Title of the definition whose agenda it has; `None` where there is none of that name and the agenda is empty.
    pub kind: Option<String>,
}

/// Makes the folder of a meeting below `root`: `2026-01-22_郡市医師会長会議/会議.xlsx`. A meeting of a kind has its agenda, any other
/// an empty one. Bodies of the master stand in the example of a table, where there are any. A folder in which no workbook and no table
/// lies yet gets the workbook.
///
/// # Errors
/// [`Failure`] MTG-002 when there is such a folder with one already; when it cannot be written.
pub async fn make(workspace: &Workspace, root: &Path, word: &str, held_on: NaiveDate) -> Result<NewMeeting> {
    let all = papers::list(workspace)?;
    let spec = kind(&all, word);
    let name = spec.map_or(word, |spec| spec.meeting.name.as_str());
    let folder = root.join(folder_name(&all, word, held_on));
    if !lacks_workbook(&folder) {
        return Err(Failure::new(FailureKind::Usage, "MTG-002", folder.display().to_string()).into());
    }
    let associations = workspace.store.associations().await?;
    let on_day: Vec<&Association> = associations.on(held_on);
    let bodies = on_day.iter().filter(|body| body.tier == Tier::Local && body.span_on(held_on).kind == "地域");
    let mut prefectures: Vec<&str> = bodies.clone().map(|body| body.prefecture.as_str()).collect();
    prefectures.dedup();
    // The bodies of a whole country would be no example.
    let one_prefecture = prefectures.iter().all(|code| *code == prefectures[0]);
    let names: Vec<String> = match one_prefecture {
        true => bodies.map(|body| body.span_on(held_on).short_name.clone()).collect(),
        false => Vec::new(),
    };
    let reports = all.iter().filter(|one| matches!(one, Definition::Report(_))).map(|one| one.title().to_string());
    let sheets = form::sheets(&form::Form {
        name,
        spec,
        all: &all,
        held_on,
        reports: reports.collect(),
        bodies: names,
        is_of_one_prefecture: one_prefecture,
    });
    let bytes = form_workbook(name, held_on, &sheets)?;
    put(root, &folder, &bytes).map_err(|source| not_writable(root, &source))?;
    Ok(NewMeeting { workbook: folder.join(WORKBOOK), folder, kind: spec.map(|spec| spec.title.clone()) })
}

/// What the folder of a meeting is called: 2026-01-22_郡市医師会長会議.
pub fn folder_name(all: &[Definition], word: &str, held_on: NaiveDate) -> String {
    let name = kind(all, word).map_or(word, |spec| spec.meeting.name.as_str());
    file_name(&format!("{held_on}_{name}"))
}

/// The folder appears as a whole or not at all; one that is there gets the workbook.
fn put(root: &Path, folder: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if folder.is_dir() {
        return write_new(&folder.join(WORKBOOK), bytes, Readers::ByUmask);
    }
    make_folder(root, Readers::ByUmask)?;
    let new = NewFolder::within(root, Readers::ByUmask)?;
    new.write(Path::new(WORKBOOK), bytes)?;
    new.finish(folder)
}

/// The definition of a kind of meeting, by its id, its title or the name of the meeting.
fn kind<'d>(all: &'d [Definition], word: &str) -> Option<&'d PackSpec> {
    let wanted = name_key(word);
    all.iter().find_map(|one| match one {
        Definition::Pack(spec) => {
            let names = [&spec.id, &spec.title, &spec.meeting.name];
            names.iter().any(|name| name_key(name) == wanted).then_some(spec)
        }
        Definition::Report(_) => None,
    })
}
