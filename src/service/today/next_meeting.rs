//! The next meeting that has a folder: its day, and whether its pack is made and up to date.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::{Days, NaiveDate};

use super::task::{Subject, Task, typed};
use crate::definitions;
use crate::domain::report::Definition;
use crate::error::Failure;
use crate::files::names::name_of;
use crate::service::doctor::given::{Given, Opened};
use crate::service::keep::workspace::definition_folder;
use crate::service::meetings::{self, ReadMeeting};
use crate::service::papers::{self, Manifest};

/// A meeting may be put off by as many days without its folder being named anew; older ones are not opened.
const PUT_OFF: Days = Days::new(92);

/// How pages of a 資料 that was made anew are called: they are no pack.
const REPLACEMENT: &str = "差替版";

/// The next meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextMeeting {
    /// Its name.
    pub name: String,
    /// Its day.
    pub held_on: NaiveDate,
    /// Its folder.
    pub folder: PathBuf,
    /// What is wrong in the folder.
    pub n_faults: usize,
    /// Its pack, where one was made.
    pub pack: Option<Pack>,
}

/// A pack that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Number of its edition, from 1.
    pub edition: u32,
    /// 基準日.
    pub as_of: String,
    /// 知識時点.
    pub known_at: String,
    /// Whether the files of the folder are those that it was made from.
    pub has_files: bool,
    /// Whether nothing was taken in since that has a say about members.
    pub is_newest: bool,
}

/// The next meeting, and what there is to do about it.
pub(super) async fn next(
    given: &Given,
    opened: &Opened,
    (root, today, newest): (&Path, NaiveDate, Option<NaiveDate>),
) -> (Option<NextMeeting>, Vec<Task>) {
    let (found, mut tasks) = match coming(given, root, today) {
        Ok(found) => found,
        Err(error) => return (None, vec![Task::failed(Subject::Meeting, &Failure::of(&error))]),
    };
    let Some((folder, read, held_on)) = found else { return (None, tasks) };
    // A store that cannot be read is told elsewhere; then bodies are not proved.
    let checked = match opened {
        Opened::Store(workspace) => meetings::check(workspace, &folder, None).await.unwrap_or(read),
        Opened::NotMade | Opened::Unreadable(_) => read,
    };
    let meeting = NextMeeting {
        name: Some(checked.plan.name.clone()).filter(|name| !name.is_empty()).unwrap_or_else(|| name_of(&folder)),
        held_on,
        n_faults: checked.faults.len(),
        pack: pack(&folder, &checked, newest),
        folder,
    };
    let as_of = match opened {
        // Proposed from exports alone: an adjustment of today tells nothing of the month that no export reaches yet.
        Opened::Store(workspace) => meetings::suggested_day(workspace, Some(held_on)).await,
        Opened::NotMade | Opened::Unreadable(_) => Ok(None),
    };
    let as_of = as_of.unwrap_or_else(|error| {
        tasks.push(Task::failed(Subject::Meeting, &Failure::of(&error)));
        None
    });
    tasks.extend(task(&meeting, newest, as_of));
    (Some(meeting), tasks)
}

type Found = Option<(PathBuf, ReadMeeting, NaiveDate)>;

/// The first of the meetings that are still to come, and folders of such that cannot be read.
fn coming(given: &Given, root: &Path, today: NaiveDate) -> Result<(Found, Vec<Task>)> {
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(why) if why.kind() == ErrorKind::NotFound => return Ok((None, Vec::new())),
        Err(why) => return Err(Failure::from_io(&why, &root.display().to_string()).into()),
    };
    let all = reports(given);
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.retain(|path| path.is_dir() && !name_of(path).starts_with('.'));
    folders.sort();
    let (mut first, mut tasks): (Found, Vec<Task>) = (None, Vec::new());
    for folder in folders {
        let named = meetings::day_in(&name_of(&folder));
        if named.is_some_and(|day| day.checked_add_days(PUT_OFF).is_some_and(|last| last < today)) {
            continue;
        }
        match meetings::read(&folder, &all) {
            Ok(read) => {
                let day = held_on(&read, &folder);
                let is_nearer = first.as_ref().is_none_or(|(_, _, before)| day < *before);
                if day >= today && is_nearer {
                    first = Some((folder, read, day));
                }
            }
            // Of a folder that cannot be read only its name tells the day.
            Err(error) if named.is_some_and(|day| day >= today) => {
                tasks.push(Task::failed(Subject::Meeting, &Failure::of(&error)));
            }
            Err(_) => {}
        }
    }
    Ok((first, tasks))
}

/// Reports that can stand in a pack; definitions that cannot be read are told elsewhere.
fn reports(given: &Given) -> Vec<Definition> {
    let folder = definition_folder(&given.config);
    folder.and_then(|folder| definitions::reports(&folder)).unwrap_or_default()
}

/// The day of a meeting; where its workbook tells none, that of the name of its folder.
fn held_on(meeting: &ReadMeeting, folder: &Path) -> NaiveDate {
    let told = meeting.plan.held_on;
    if told == NaiveDate::MIN { meetings::day_in(&name_of(folder)).unwrap_or(told) } else { told }
}

/// The newest pack of a meeting, whoever it is for.
fn pack(folder: &Path, meeting: &ReadMeeting, newest: Option<NaiveDate>) -> Option<Pack> {
    let entries = fs::read_dir(meetings::packs_of(folder)).ok()?;
    let made: Vec<Manifest> = entries
        .filter_map(|entry| papers::manifest_of(&entry.ok()?.path()).ok())
        .map(|(_, manifest)| manifest)
        .filter(|manifest| manifest.meeting.is_some() && !manifest.draft)
        .collect();
    let packs = made.iter().filter(|manifest| !manifest.edition_mark.starts_with(REPLACEMENT));
    let pack = packs.max_by(|a, b| (&a.known_at, a.edition).cmp(&(&b.known_at, b.edition)))?;
    let is_of_files = |manifest: &Manifest| manifest.meeting.as_ref().is_some_and(|note| note.files == meeting.files);
    let known_at: Option<NaiveDate> = pack.known_at.parse().ok();
    Some(Pack {
        edition: pack.edition,
        as_of: pack.as_of.clone(),
        known_at: pack.known_at.clone(),
        // What changed may stand in pages that were made anew.
        has_files: made.iter().any(is_of_files),
        is_newest: known_at >= newest,
    })
}

/// What there is to do about a meeting; nothing where its pack is up to date. `as_of` is the 基準日 that a first pack is proposed for.
fn task(meeting: &NextMeeting, newest: Option<NaiveDate>, as_of: Option<NaiveDate>) -> Option<Task> {
    let NextMeeting { name, held_on, n_faults, pack, folder } = meeting;
    let folder = typed(folder);
    if *n_faults > 0 {
        return Some(Task::new(Subject::Meeting, "TDY-060", *n_faults, &[held_on, name, &folder, n_faults]));
    }
    match (pack, newest) {
        // Nothing can be made of nothing; the export that is lacking is told.
        (_, None) => None,
        (None, Some(_)) => {
            as_of.map(|as_of| Task::new(Subject::Meeting, "TDY-061", 1, &[held_on, name, &folder, &as_of]))
        }
        (Some(pack), _) if !pack.has_files => {
            Some(Task::new(Subject::Meeting, "TDY-062", 1, &[held_on, name, &folder, &pack.as_of]))
        }
        (Some(pack), Some(newest)) if !pack.is_newest => {
            let words: [&dyn std::fmt::Display; 6] = [held_on, name, &folder, &pack.as_of, &pack.known_at, &newest];
            Some(Task::new(Subject::Meeting, "TDY-063", 1, &words))
        }
        (Some(_), Some(_)) => None,
    }
}
