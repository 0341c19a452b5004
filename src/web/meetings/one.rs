//! The page of one meeting: its agenda, what is wrong, its files, and its packs.

use anyhow::Result;
use askama::Template;
use axum::http::StatusCode;
use chrono::NaiveDate;

use super::words::{root, told_of, told_of_detail};
use crate::domain::japanese_date::{era_date, era_date_with_weekday, short_era_date};
use crate::domain::report::Definition;
use crate::error::{Detail, Failure};
use crate::service::intake::giving::Told;
use crate::service::meetings::{self, FileAtHand, PackAtHand, ReadMeeting, ShownItem};
use crate::service::papers::{self, Variant};
use crate::web::answer::Answer;
use crate::web::encoding::encoded;
use crate::web::frame::Frame;
use crate::web::giving::refused;
use crate::web::handing::size;
use crate::web::leafing::{handed, links};
use crate::web::nav::MEETINGS;
use crate::web::route::Visit;
use crate::web::upload::MOST_FILES;

#[derive(Template)]
#[template(path = "web/meetings/one.html")]
struct OnePage {
    frame: Frame,
    path: &'static str,
    /// Where files are sent.
    put: String,
    /// Name of the folder.
    meeting: String,
    heading: String,
    day: String,
    /// Why something that was asked for came to nothing.
    told: Vec<Told>,
    /// Why the folder cannot be read.
    unread: Vec<Told>,
    faults: Vec<Told>,
    notices: Vec<Told>,
    groups: Vec<(String, Vec<ShownItem>)>,
    files: Vec<FileRow>,
    packs: Vec<PackRow>,
    written: Written,
    most_files: usize,
    most_mb: u32,
}

struct FileRow {
    href: String,
    name: String,
    size: String,
}

struct PackRow {
    edition: String,
    as_of: String,
    known_at: String,
    variant: &'static str,
    pages: usize,
    files: Vec<(String, String, String)>,
}

/// What was written into the form for a pack.
#[derive(Debug, Clone, Default)]
pub(super) struct Written {
    pub(super) as_of: String,
    pub(super) is_internal: bool,
    pub(super) is_draft: bool,
    pub(super) replaced: String,
    pub(super) wrong_day: Option<Told>,
    pub(super) wrong_number: Option<Told>,
}

/// The page.
pub(in crate::web) async fn show(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let meeting = visit.asked.query.get("meeting").to_string();
    page(&visit, &meeting, (StatusCode::OK, Vec::new()), None).await
}

/// A file of the folder.
pub(in crate::web) async fn file(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let (meeting, name) = (visit.asked.query.get("meeting").to_string(), visit.asked.query.get("file").to_string());
    let called = name.clone();
    let root = root(&visit.asked.pages.shown);
    let bytes = visit
        .asked
        .pages
        .in_turn(async move || meetings::file_at_hand(&meetings::folder_called(&root, &meeting)?, &called))
        .await?;
    handed(&visit, &name, bytes).await
}

/// A file of a pack.
pub(in crate::web) async fn pack(visit: Visit) -> Result<Answer> {
    if let Some(answer) = refused(&visit) {
        return Ok(answer);
    }
    let query = &visit.asked.query;
    let (meeting, pack) = (query.get("meeting").to_string(), query.get("pack").to_string());
    let nth = query.get("file").parse::<usize>().ok().and_then(|nth| nth.checked_sub(1));
    let root = root(&visit.asked.pages.shown);
    let found = visit
        .asked
        .pages
        .in_turn(async move || {
            let folder = meetings::folder_called(&root, &meeting)?;
            meetings::pack_file(&folder, &pack, nth.unwrap_or(usize::MAX))
        })
        .await?;
    handed(&visit, &found.0, found.1).await
}

/// What stands in the folder of a meeting.
struct Looked {
    read: Result<ReadMeeting, Failure>,
    all: Vec<Definition>,
    files: Vec<FileAtHand>,
    packs: Vec<PackAtHand>,
    held_on: Option<NaiveDate>,
    suggested: Option<NaiveDate>,
}

/// The page, with why something that was asked for from it came to nothing.
pub(super) async fn page(
    visit: &Visit,
    meeting: &str,
    (status, told): (StatusCode, Vec<Told>),
    written: Option<Written>,
) -> Result<Answer> {
    let called = meeting.to_string();
    let root = root(&visit.asked.pages.shown);
    let looked = visit.asked.pages.ask(async move |workspace| {
        let folder = meetings::folder_called(&root, &called)?;
        let read = match meetings::check(workspace, &folder, None).await {
            Ok(read) => Ok(read),
            Err(error) => match Failure::of(&error) {
                failure if failure.is_of_surroundings() => return Err(error),
                failure => Err(failure),
            },
        };
        // Of a folder that cannot be read only its name tells the day.
        let told = read.as_ref().ok().map(|read| read.plan.held_on).filter(|day| *day != NaiveDate::MIN);
        let held_on = told.or(meetings::day_in(&called));
        Ok(Looked {
            read,
            all: papers::list(workspace)?,
            files: meetings::files_at_hand(&folder)?,
            packs: meetings::packs_at_hand(&folder),
            suggested: meetings::suggested_day(workspace, held_on).await?,
            held_on,
        })
    });
    let looked = looked.await?;
    let plan = looked.read.as_ref().ok().map(|read| &read.plan);
    let name = plan.map(|plan| [plan.name.as_str(), &plan.number].join(" ")).unwrap_or_default();
    let (faults, notices) = match &looked.read {
        Ok(read) => (read.faults.as_slice(), read.notices.as_slice()),
        Err(_) => Default::default(),
    };
    let placed = |faults: &[_]| faults.iter().map(|one| told_of_detail(&Detail::of_meeting(one))).collect();
    let page = OnePage {
        frame: visit.frame(),
        path: MEETINGS,
        put: format!("{MEETINGS}/files?meeting={}", encoded(meeting)),
        meeting: meeting.to_string(),
        heading: if name.trim().is_empty() { meeting.to_string() } else { name.trim().to_string() },
        day: looked.held_on.map_or_else(String::new, era_date_with_weekday),
        told,
        unread: looked.read.as_ref().err().map_or_else(Vec::new, told_of),
        faults: placed(faults),
        notices: placed(notices),
        groups: plan.map_or_else(Vec::new, |plan| meetings::shown_agenda(plan, &looked.all)),
        files: looked.files.iter().map(|file| file_row(meeting, file)).collect(),
        packs: looked.packs.iter().map(|pack| pack_row(meeting, pack)).collect(),
        written: written.unwrap_or_else(|| Written {
            as_of: looked.suggested.map_or_else(String::new, era_date),
            ..Written::default()
        }),
        most_files: MOST_FILES,
        most_mb: visit.asked.pages.shown.config.web.upload_mb,
    };
    Answer::page_with(status, &page)
}

fn file_row(meeting: &str, file: &FileAtHand) -> FileRow {
    FileRow {
        href: format!("{MEETINGS}/file?meeting={}&file={}", encoded(meeting), encoded(&file.name)),
        name: file.name.clone(),
        size: size(usize::try_from(file.size).unwrap_or(usize::MAX)),
    }
}

fn pack_row(meeting: &str, pack: &PackAtHand) -> PackRow {
    let manifest = &pack.manifest;
    let day = |text: &str| text.parse().map_or_else(|_| text.to_string(), short_era_date);
    let ways = |nth: usize, name: &str, n_bytes: usize| {
        let (meeting, pack) = (encoded(meeting), encoded(&pack.name));
        let several = links(format!("{MEETINGS}/pack?meeting={meeting}&pack={pack}&file={}", nth + 1), name);
        several
            .into_iter()
            .map(move |link| (link.href, link.label, if link.is_view { String::new() } else { size(n_bytes) }))
    };
    let edition = match (manifest.draft, manifest.edition) {
        (true, _) => "下書き".to_string(),
        (false, 1) if manifest.edition_mark.is_empty() => "初版".to_string(),
        (false, n) if manifest.edition_mark.is_empty() => format!("第{n}版"),
        (false, _) => manifest.edition_mark.clone(),
    };
    let files = manifest.files.iter().enumerate();
    PackRow {
        edition,
        as_of: day(&manifest.as_of),
        known_at: day(&manifest.known_at),
        variant: if manifest.variant == Variant::External.code() { "外部配布" } else { "内部" },
        pages: manifest.n_pages,
        files: files
            .filter(|(_, file)| !file.name.ends_with(".json"))
            .flat_map(|(nth, file)| ways(nth, &file.name, file.size_bytes))
            .collect(),
    }
}
