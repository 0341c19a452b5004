//! The folders of meetings as a page shows them: which there are, what lies in each, the packs that were made; and files that are put
//! there.
//!
//! A folder is named by somebody on a page: it is one of those that lie below the root, or none.

use std::cmp::Reverse;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::folder::{day_in, files_of, packs_of};
use crate::clock::tokyo;
use crate::domain::as_of::{AsOf, Period};
use crate::domain::meeting::{ItemNote, Material, MeetingPlan, PlanItem};
use crate::domain::report::Definition;
use crate::error::Failure;
use crate::files::names::name_of;
use crate::files::{Readers, make_folder, write_new, write_whole};
use crate::input;
use crate::service::keep::Workspace;
use crate::service::keep::current_exports::export_days;
use crate::service::keep::export::not_writable;
use crate::service::keep::proved_file::proved_bytes;
use crate::service::papers::{self, Manifest};

/// Endings of the files that a meeting is made from.
const ENDINGS: [&str; 3] = ["xlsx", "csv", "pdf"];

/// Folder, inside that of a meeting, of what was taken out or replaced on a page.
const ASIDE: &str = "外したもの";

/// A meeting that has a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingAtHand {
    /// Name of the folder: 2026-01-22_郡市医師会長会議.
    pub name: String,
    /// The day with which the name begins.
    pub held_on: Option<NaiveDate>,
    /// Packs that were made.
    pub n_packs: usize,
}

/// A file that lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAtHand {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
}

/// A pack that was made of a meeting.
#[derive(Debug, Clone)]
pub struct PackAtHand {
    /// Name of its folder.
    pub name: String,
    /// What was made, and of what.
    pub manifest: Manifest,
}

/// An item of an agenda, with what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownItem {
    /// Number within its group.
    pub number: String,
    /// 件名.
    pub text: String,
    /// 資料3 診療・検査医療機関の指定状況（30行）; empty where there is nothing.
    pub behind: String,
}

/// The meetings below a root, the newest first; none where there is no such folder.
///
/// # Errors
/// [`Failure`] when the root cannot be read.
pub fn at_hand(root: &Path) -> Result<Vec<MeetingAtHand>> {
    let refused = |source: &std::io::Error| Failure::from_io(source, &root.display().to_string());
    let entries = match fs::read_dir(root) {
        Ok(entries) => entries,
        Err(source) if source.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(refused(&source).into()),
    };
    let mut out = Vec::new();
    for entry in entries {
        let path = entry.map_err(|source| refused(&source))?.path();
        let name = name_of(&path);
        if path.is_dir() && !name.starts_with('.') {
            out.push(MeetingAtHand { n_packs: packs_at_hand(&path).len(), held_on: day_in(&name), name });
        }
    }
    out.sort_by(|a, b| (b.held_on, &a.name).cmp(&(a.held_on, &b.name)));
    Ok(out)
}

/// The folder of a meeting, by its name.
///
/// # Errors
/// [`Failure`] WEB-080 when there is none; when the root cannot be read.
pub fn folder_called(root: &Path, name: &str) -> Result<PathBuf> {
    let is_there = at_hand(root)?.iter().any(|meeting| meeting.name == name);
    if is_there { Ok(root.join(name)) } else { Err(Failure::usage("WEB-080", name).into()) }
}

/// Files of a meeting, by name.
///
/// # Errors
/// [`Failure`] when the folder cannot be read.
pub fn files_at_hand(folder: &Path) -> Result<Vec<FileAtHand>> {
    let file =
        |path: &PathBuf| FileAtHand { name: name_of(path), size: fs::metadata(path).map_or(0, |data| data.len()) };
    Ok(files_of(folder)?.iter().map(file).collect())
}

/// A file of a meeting, by its name.
///
/// # Errors
/// [`Failure`] WEB-081 when there is none; when it cannot be read.
pub fn file_at_hand(folder: &Path, name: &str) -> Result<Vec<u8>> {
    let found = files_of(folder)?.into_iter().find(|path| name_of(path) == name);
    let path = found.ok_or_else(|| Failure::usage("WEB-081", name))?;
    Ok(input::read_whole(&path).map_err(|source| Failure::from_io(&source, name))?)
}

/// Puts files into the folder of a meeting; one of the same name takes the place of that before, which is put aside. All names are
/// looked at first.
///
/// # Errors
/// [`Failure`] WEB-082 for a file that no meeting is made from; when the folder cannot be written.
pub fn put_files(folder: &Path, files: &[(String, PathBuf)], now: DateTime<Utc>) -> Result<()> {
    let is_used = |name: &str| {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) && !name.starts_with(['.', '~'])
    };
    if let Some((name, _)) = files.iter().find(|(name, _)| !is_used(name)) {
        return Err(Failure::usage("WEB-082", name).into());
    }
    for (name, from) in files {
        let bytes = input::read_whole(from).map_err(|source| Failure::from_io(&source, name))?;
        match input::read_whole(&folder.join(name)) {
            Ok(before) if before == bytes => continue,
            Ok(before) => put_aside(folder, name, &before, now)?,
            Err(source) if source.kind() == ErrorKind::NotFound => {}
            Err(source) => return Err(Failure::from_io(&source, name).into()),
        }
        let put = write_whole(&folder.join(name), &bytes, Readers::ByUmask);
        put.map_err(|source| not_writable(folder, &source))?;
    }
    Ok(())
}

/// Takes a file out of the folder of a meeting; it is put aside.
///
/// # Errors
/// [`Failure`] WEB-081 when there is none of this name; when it cannot be moved.
pub fn remove_file(folder: &Path, name: &str, now: DateTime<Utc>) -> Result<()> {
    let bytes = file_at_hand(folder, name)?;
    put_aside(folder, name, &bytes, now)?;
    Ok(fs::remove_file(folder.join(name)).map_err(|source| not_writable(folder, &source))?)
}

/// Keeps a file under its name and the time, so that nothing that somebody has made is lost by a press.
fn put_aside(folder: &Path, name: &str, bytes: &[u8], now: DateTime<Utc>) -> Result<()> {
    let aside = folder.join(ASIDE);
    make_folder(&aside, Readers::ByUmask).map_err(|source| not_writable(folder, &source))?;
    let time = now.with_timezone(&tokyo()).format("%Y%m%d-%H%M%S").to_string();
    let names = std::iter::once(format!("{time}_{name}")).chain((2..).map(|nth| format!("{time}-{nth}_{name}")));
    for place in names.map(|name| aside.join(name)) {
        match write_new(&place, bytes, Readers::ByUmask) {
            Err(source) if source.kind() == ErrorKind::AlreadyExists => {}
            written => return Ok(written.map_err(|source| not_writable(&aside, &source))?),
        }
    }
    Ok(())
}

/// The packs that were made of a meeting, the newest first. What has no manifest is none.
pub fn packs_at_hand(folder: &Path) -> Vec<PackAtHand> {
    let entries = fs::read_dir(packs_of(folder)).into_iter().flatten().flatten();
    let mut out: Vec<PackAtHand> = entries
        .filter_map(|entry| {
            let (_, manifest) = papers::manifest_of(&entry.path()).ok()?;
            Some(PackAtHand { name: name_of(&entry.path()), manifest })
        })
        .filter(|pack| pack.manifest.meeting.is_some())
        .collect();
    out.sort_by_key(|pack| {
        let manifest = &pack.manifest;
        Reverse((manifest.as_of.clone(), manifest.known_at.clone(), manifest.edition, pack.name.clone()))
    });
    out
}

/// A file of a pack, by its place in the manifest from 0, if its bytes are those that were made.
///
/// # Errors
/// [`Failure`] WEB-081 when there is none, WEB-041 when it is not what was made.
pub fn pack_file(folder: &Path, pack: &str, nth: usize) -> Result<(String, Vec<u8>)> {
    let found = packs_at_hand(folder).into_iter().find(|one| one.name == pack);
    let file = found.as_ref().and_then(|pack| pack.manifest.files.get(nth));
    let file = file.ok_or_else(|| Failure::usage("WEB-081", pack))?;
    let bytes = proved_bytes(&packs_of(folder).join(pack).join(&file.name), file.size_bytes, &file.sha256)?;
    Ok((file.name.clone(), bytes))
}

/// The 基準日 that a pack is usually asked for: the last day of the month before the meeting, or of that of the newest export where
/// that is earlier. `None` while nothing is known.
///
/// # Errors
/// When the store cannot be read.
pub async fn suggested_day(workspace: &Workspace, held_on: Option<NaiveDate>) -> Result<Option<NaiveDate>> {
    let newest = export_days(&workspace.store.imports().await?).iter().map(|export| export.day).max();
    Ok(newest.map(|newest| usual_day(newest, held_on)))
}

/// As [`suggested_day`], where the newest export is known.
pub fn usual_day(newest: NaiveDate, held_on: Option<NaiveDate>) -> NaiveDate {
    Period::of_paper(AsOf(held_on.map_or(newest, |day| day.min(newest)))).to
}

/// The agenda with what stands behind each item, as it will be printed: headings with their items.
pub fn shown_agenda(plan: &MeetingPlan, all: &[Definition]) -> Vec<(String, Vec<ShownItem>)> {
    let title = |id: &str| all.iter().find(|one| one.id() == id).map_or(id, Definition::title).to_string();
    let mut number = 0;
    let mut item = |item: &PlanItem| {
        number += usize::from(!item.materials.is_empty());
        ShownItem { number: item.number.to_string(), text: item.text.clone(), behind: behind(item, number, &title) }
    };
    plan.groups.iter().map(|group| (group.heading.clone(), group.items.iter().map(&mut item).collect())).collect()
}

/// 資料3 診療・検査医療機関の指定状況（30行）
fn behind(item: &PlanItem, number: usize, title: &impl Fn(&str) -> String) -> String {
    let told = item.materials.iter().map(|material| match material {
        Material::Report(id) => format!("帳票 {}", title(id)),
        Material::Table(table) => format!("{}（{}行）", table.name, table.rows.len()),
        Material::Letter { name, .. } => format!("{name}（文書）"),
        Material::File(file) => format!("{}（PDF {}頁）", file.name, file.pages.len()),
    });
    let told: Vec<String> = told.collect();
    match item.note {
        ItemNote::Cases(n) => format!("※件数 {n} 件"),
        ItemNote::Sheets(n) => format!("（{n}枚）"),
        ItemNote::None if told.is_empty() => String::new(),
        ItemNote::None => format!("資料{number}: {}", told.join("、")),
    }
}
