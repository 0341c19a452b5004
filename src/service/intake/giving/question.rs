//! Files of the inbox that ask (確認待ち): answered on a page as if they had been given there.

use std::path::PathBuf;

use anyhow::Result;

use super::given::{Given, GivenFile, Place, final_folder, new_given, sum_of};
use super::report::Told;
use super::told::told;
use crate::clock::tokyo;
use crate::error::Failure;
use crate::files::NewFolder;
use crate::files::{Readers, make_folder};
use crate::input;
use crate::service::intake::import::name_of;
use crate::service::intake::inbox::{inbox_of, lying, reason_of};
use crate::service::keep::Workspace;
use crate::service::keep::given_files::{GIVEN, clear_away_given};

/// A file of the inbox that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskingFile {
    /// Its name.
    pub name: String,
    /// SHA-256 of its bytes, by which it is known.
    pub sha256: String,
    /// What it asks, in a line.
    pub question: String,
    pub(super) path: PathBuf,
}

/// All files of the inbox that ask, by name. One that cannot be read is left out: looking at the inbox tells of it.
///
/// # Errors
/// When the inbox cannot be read.
pub fn asking_files(workspace: &Workspace) -> Result<Vec<AskingFile>> {
    let inbox = inbox_of(workspace);
    let asking = match lying(&inbox) {
        Ok(lying) => lying.asking,
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(source) => return Err(Failure::from_io(&source, &name_of(&inbox)).into()),
    };
    let file = |path: PathBuf| {
        let (name, text) = (name_of(&path), input::read_text(&reason_of(&path)).unwrap_or_default());
        let (sha256, _) = sum_of(&path, &name).ok()?;
        let question = text.lines().next().unwrap_or_default().to_string();
        Some(AskingFile { name, sha256, question, path })
    };
    Ok(asking.into_iter().filter_map(file).collect())
}

/// Lets an account answer a file of the inbox that asks; the id under which it is known from now on.
///
/// # Errors
/// [`Failure`] WEB-032 where no such file asks any more; when the data folder cannot be written.
pub async fn adopt(workspace: &Workspace, sha256: &str, login: &str) -> Result<String> {
    let path = asking_path(workspace, sha256).await?;
    let path = path.map_err(|told| Failure::usage("WEB-032", told.place))?;
    // Whoever opens it twice finds what they have begun.
    let is_same = |given: &Given| {
        given.is_open() && given.files.iter().any(|file| file.place == Place::Inbox && file.sha256 == sha256)
    };
    if let Some(begun) = Given::all(workspace.folder(), login).into_iter().find(is_same) {
        return Ok(begun.id);
    }
    let name = name_of(&path);
    let (sha256, size) = sum_of(&path, &name)?;
    let file = GivenFile {
        name,
        sha256,
        size,
        place: Place::Inbox,
        known_at: None,
        source: None,
        layout: None,
        report: None,
        note: None,
        read_as: Vec::new(),
    };
    let given = new_given(workspace.folder(), login, workspace.clock.now(), vec![file])?;
    let refused = |source: std::io::Error| Failure::from_writing(&source, GIVEN);
    let above = workspace.folder().join(GIVEN);
    make_folder(&above, Readers::Owner).map_err(refused)?;
    clear_away_given(workspace.folder());
    let folder = NewFolder::within(&above, Readers::Owner).map_err(refused)?;
    folder.write(Given::text_name(), &given.text()?).map_err(refused)?;
    folder.finish(final_folder(&given)).map_err(refused)?;
    Ok(given.id)
}

/// Where a file of the inbox lies that asks; else what became of it.
pub(super) async fn asking_path(workspace: &Workspace, sha256: &str) -> Result<Result<PathBuf, Told>> {
    if let Some(file) = asking_files(workspace)?.into_iter().find(|file| file.sha256 == sha256) {
        return Ok(Ok(file.path));
    }
    let imports = workspace.store.imports().await?;
    let taken = imports.iter().rev().find(|import| import.sha256 == sha256 && import.stands());
    let became = match taken {
        Some(import) => {
            let at = import.imported_at.with_timezone(&tokyo()).format("%Y-%m-%d %H:%M");
            format!("{at} に取り込まれました。番号 {}", import.id.0)
        }
        None => "確認待ちのフォルダから、なくなりました".to_string(),
    };
    Ok(Err(Told { place: became.clone(), ..told("WEB-032", &became) }))
}
