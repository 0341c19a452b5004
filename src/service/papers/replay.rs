//! A paper made once more from its manifest: the same bytes, or what has changed since.

use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::build::{build_from, build_meeting};
use super::defined::list;
use super::kept::{CONTENT, Series};
use super::manifest::{MANIFEST, Manifest};
use super::publish::{as_edition, rendered, sha256_of};
use super::request::{PaperRequest, Variant};
use crate::domain::as_of::AsOf;
use crate::domain::association::Tier;
use crate::domain::document::ReportDocument;
use crate::domain::errata::{ChangedCell, errata};
use crate::domain::hex::hex;
use crate::domain::meeting::MeetingPlan;
use crate::domain::paper_content::PaperContent;
use crate::error::{Failure, FailureKind};
use crate::input;
use crate::render::printable::printable;
use crate::service::keep::Workspace;
use crate::service::known::area::Area;
use crate::service::known::vintage::Vintage;

/// What came of making a paper once more. Nothing is written.
#[derive(Debug)]
pub struct Replayed {
    /// Folder of the paper.
    pub folder: PathBuf,
    /// Files that have the same bytes, by name.
    pub same: Vec<String>,
    /// Files that would have others.
    pub different: Vec<String>,
    /// Cells of tables that would say something else; where the head of the store, the rule of the 退会日 or the program is another
    /// one, that may be why.
    pub cells: Vec<ChangedCell>,
    /// What is other than it was: 台帳, 退会日の扱い, プログラム; each with its words before and now.
    pub others: Vec<(&'static str, String, String)>,
}

impl Replayed {
    /// Whether every file has the same bytes.
    pub fn is_same(&self) -> bool {
        self.different.is_empty()
    }
}

/// Reads the manifest of a paper, by its path or that of its folder.
///
/// # Errors
/// [`Failure`] RPT-031 when there is none that can be read.
pub fn manifest_of(path: &Path) -> Result<(PathBuf, Manifest)> {
    let file = if path.is_dir() { path.join(MANIFEST) } else { path.to_path_buf() };
    let read = input::read_whole(&file).ok().and_then(|text| serde_json::from_slice(&text).ok());
    let Some(manifest) = read else {
        return Err(Failure::new(FailureKind::Usage, "RPT-032", file.display().to_string()).into());
    };
    Ok((file.parent().unwrap_or(Path::new(".")).to_path_buf(), manifest))
}

/// Makes a paper once more from the store as it was known then; `plan` is the meeting of a pack that was made from a folder.
///
/// # Errors
/// As making the paper.
pub async fn replay(
    workspace: &Workspace,
    (folder, manifest): (&Path, &Manifest),
    plan: Option<&MeetingPlan>,
) -> Result<Replayed> {
    let all = list(workspace)?;
    let known_at = manifest.known_at.parse().ok();
    let vintage = Vintage::open(workspace, known_at).await?;
    let request = request(&vintage, manifest)?;
    let document = match plan {
        Some(plan) => build_meeting(workspace, &vintage, &all, (plan, &request)).await?,
        None => build_from(workspace, &vintage, &all, &request).await?,
    };
    compared((folder, manifest), &document, &request, &vintage)
}

fn request(vintage: &Vintage, manifest: &Manifest) -> Result<PaperRequest> {
    let unread = || Failure::new(FailureKind::Usage, "RPT-032", manifest.report.clone());
    let area = match &manifest.area {
        None => Area::All,
        Some(code) => match vintage.associations.by_code(code).map(|body| body.tier) {
            Some(Tier::Prefectural) => Area::Prefecture(code.clone()),
            _ => Area::Association(code.clone()),
        },
    };
    let suffix = manifest.area.as_ref().map(|code| format!("_{code}")).unwrap_or_default();
    Ok(PaperRequest {
        name: manifest.report.strip_suffix(&suffix).unwrap_or(&manifest.report).to_string(),
        as_of: AsOf(manifest.as_of.parse().map_err(|_| unread())?),
        known_at: Some(vintage.known_at.0),
        issued_on: manifest.issued_on.parse().ok(),
        variant: if manifest.variant == Variant::External.code() { Variant::External } else { Variant::Internal },
        area,
        draft: manifest.draft,
        strict_characters: false,
        meeting: manifest.meeting.clone(),
    })
}

fn compared(
    (folder, manifest): (&Path, &Manifest),
    document: &ReportDocument,
    request: &PaperRequest,
    vintage: &Vintage,
) -> Result<Replayed> {
    let printed = printable(document, &document.gaiji).document;
    let stem = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let base = stem.strip_suffix(&format!("_v{}", manifest.edition)).unwrap_or(&stem);
    let series = Series::read(folder.parent().unwrap_or(folder), base)?;
    let (edition, _) = as_edition(document, &printed, &series, manifest.edition, (&manifest.known_at, request.as_of))?;
    let files = rendered(&edition, &manifest.formats(), &stem)?.files;
    let mut out = Replayed {
        folder: folder.to_path_buf(),
        same: Vec::new(),
        different: Vec::new(),
        cells: Vec::new(),
        others: others(manifest, vintage),
    };
    for file in manifest.files.iter().filter(|file| file.name != CONTENT) {
        let made = made_again(&files, &file.name);
        let is_same = made.is_some_and(|bytes| hex(&Sha256::digest(bytes)) == file.sha256);
        if is_same { out.same.push(file.name.clone()) } else { out.different.push(file.name.clone()) }
    }
    if sha256_of(document, &printed)? != manifest.content_sha256 {
        let kept = input::read_whole(&folder.join(CONTENT)).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let kept: PaperContent = kept.unwrap_or(PaperContent { tables: Vec::new() });
        out.cells = errata(&kept.without_errata(), &PaperContent::of(&printed)).cells;
    }
    Ok(out)
}

/// The file that was made once more, by its name; one of a numbered table by its number where it is called by its title now.
fn made_again<'f>(files: &'f [(PathBuf, Vec<u8>)], name: &str) -> Option<&'f [u8]> {
    let slashed = |path: &PathBuf| path.to_string_lossy().replace('\\', "/");
    let number = name.find('_').map(|at| &name[..=at]).filter(|_| name.ends_with(".csv"));
    let by_number = |path: &PathBuf| number.is_some_and(|number| slashed(path).starts_with(number));
    let same = files.iter().find(|(path, _)| slashed(path) == name);
    same.or_else(|| files.iter().find(|(path, _)| by_number(path))).map(|(_, bytes)| bytes.as_slice())
}

/// What papers are made by, where it is other than it was.
fn others(manifest: &Manifest, vintage: &Vintage) -> Vec<(&'static str, String, String)> {
    let now = [
        ("台帳", manifest.head.clone(), vintage.head.clone()),
        ("退会日の扱い", manifest.withdrawal_day_rule.clone(), vintage.rule.code().to_string()),
        ("プログラム", manifest.program.clone(), env!("CARGO_PKG_VERSION").to_string()),
    ];
    now.into_iter().filter(|(_, before, now)| before != now).collect()
}
