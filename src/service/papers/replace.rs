//! One paper of a pack made anew in place of its pages (差替え): the pages around it keep their bytes and numbers.
//!
//! What is replaced is a 資料 with all that stands on the same pages. It has the numbers of the pages that it takes the place of,
//! marks what changed, and lies in a folder of its own beside the pack. Start reading at [`publish_replacement`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::build::build_meeting;
use super::defined::list;
use super::external;
use super::kept::{CONTENT, Edition, Series, content_bytes};
use super::manifest::{EditionNote, MANIFEST, Manifest, ManifestSection};
use super::publish::{Published, base_name, rendered, sha256_of};
use super::request::{MeetingNote, PaperRequest, Variant};
use super::shorten;
use crate::domain::cell::Cell;
use crate::domain::document::{Block, ReportDocument, Row};
use crate::domain::meeting::MeetingPlan;
use crate::domain::page_numbering::PageNumbering;
use crate::domain::paper_content::{ContentTable, PaperContent};
use crate::error::{Failure, FailureKind};
use crate::files::Readers;
use crate::render::printable::printable;
use crate::service::keep::Workspace;
use crate::service::known::vintage::Vintage;

/// Stands before what is other than it was.
const CHANGED: char = '＊';

/// A pack that was made, as far as a replacement needs it.
#[derive(Debug)]
pub struct FrozenPack {
    edition: Edition,
}

impl FrozenPack {
    /// The newest edition of the pack of a meeting in an output folder.
    ///
    /// # Errors
    /// [`Failure`] MTG-005 when there is none with pages; RPT-025 where it was changed by hand.
    pub fn newest(out: &Path, request: &PaperRequest) -> Result<Self> {
        let base = base_name(&request.name, request);
        let edition = Series::read(out, &base)?.into_newest().filter(|edition| !edition.manifest.sections.is_empty());
        let Some(edition) = edition else {
            return Err(Failure::new(FailureKind::Usage, "MTG-005", base).into());
        };
        edition.check_untouched()?;
        Ok(Self { edition })
    }

    /// 知識時点 of the pack, at which its replacements are made as well.
    pub fn known_at(&self) -> &str {
        &self.edition.manifest.known_at
    }

    /// The sections of a 資料 and all that share their pages, in order.
    fn replaced(&self, number: u32) -> Vec<&ManifestSection> {
        let all = &self.edition.manifest.sections;
        let mark = format!("資料{number}");
        let is_of = |one: &&ManifestSection| one.mark == mark || one.mark.starts_with(&format!("{mark}-"));
        let Some((first, last)) = span(all.iter().filter(is_of)) else { return Vec::new() };
        all.iter().filter(|one| one.first_page <= last && one.last_page >= first).collect()
    }
}

/// First and last page of some sections.
fn span<'s>(sections: impl Iterator<Item = &'s ManifestSection>) -> Option<(usize, usize)> {
    sections.fold(None, |span, one| match span {
        None => Some((one.first_page, one.last_page)),
        Some((first, last)) => Some((one.first_page.min(first), one.last_page.max(last))),
    })
}

/// Makes one 資料 of a pack anew.
///
/// # Errors
/// [`Failure`] MTG-006 when the pack or the meeting has no such 資料, MTG-007 when it says what it said; as making a pack.
pub async fn publish_replacement(
    workspace: &Workspace,
    vintage: &Vintage,
    (plan, request): (&MeetingPlan, &PaperRequest),
    (pack, number, out): (&FrozenPack, u32, &Path),
) -> Result<Published> {
    let all = list(workspace)?;
    let document = build_meeting(workspace, vintage, &all, (plan, request)).await?;
    if request.variant == Variant::External {
        external::check(&document)?;
    }
    workspace.check_head(&vintage.store_head).await?;
    let replaced = pack.replaced(number);
    let marks: Vec<&str> = replaced.iter().map(|one| one.mark.as_str()).collect();
    let Some((first, last)) = span(replaced.iter().copied()).filter(|_| has_all(&document, &marks)) else {
        return Err(Failure::new(FailureKind::Usage, "MTG-006", format!("資料{number}")).into());
    };
    let of = pack.edition.manifest.n_pages;
    let before = pack.edition.content()?;
    let now = PaperContent::of(&printable(&part_of(document.clone(), &marks), &document.gaiji).document);
    if !differs(&before, &now) {
        return Err(Failure::new(FailureKind::Data, "MTG-007", format!("資料{number}")).into());
    }
    let series_request = of_series(request, number);
    let series = Series::read(out, &base_name(&request.name, &series_request))?;
    let edition = series.next();
    let mut document = document;
    mark_changes(&mut document, &marks, &before);
    // As in the pack: what another paper of it shows is referred to.
    shorten::for_reading(&mut document);
    let mut document = part_of(document, &marks);
    let mark = format!("差替版{edition}");
    document.sections.iter_mut().for_each(|section| section.mark = format!("{}　{mark}", section.mark));
    document.title = format!("{}（{}　{mark}）", document.title, marks.join("・"));
    document.foot_text = format!("{}　{mark}", document.foot_text);
    document.numbering = Some(PageNumbering { first, last, of });
    let paper = written(&document, vintage, &series_request, (&series, edition, &mark, pack), out)?;
    workspace.chain_paper(&paper.folder).await?;
    Ok(paper)
}

/// Files of a replacement lie beside the pack under the name of its 資料.
fn of_series(request: &PaperRequest, number: u32) -> PaperRequest {
    let meeting = request.meeting.clone();
    let meeting = meeting.map(|note| MeetingNote { name: format!("{}_資料{number}差替", note.name), ..note });
    PaperRequest { meeting, ..request.clone() }
}

fn has_all(document: &ReportDocument, marks: &[&str]) -> bool {
    marks.iter().all(|mark| document.sections.iter().any(|section| section.mark == *mark))
}

/// The document of some sections, without its cover.
fn part_of(mut document: ReportDocument, marks: &[&str]) -> ReportDocument {
    document.cover = None;
    document.sections.retain(|section| marks.contains(&section.mark.as_str()));
    if let Some(first) = document.sections.first_mut() {
        first.new_page = true;
    }
    document
}

/// Whether a table says something else than one of its id did, or is new.
fn differs(before: &PaperContent, now: &PaperContent) -> bool {
    let same = |table: &ContentTable| {
        before.tables.iter().any(|other| other.id == table.id && other.rows == table.rows && other.title == table.title)
    };
    !now.tables.iter().all(same)
}

/// Marks cells that say something else than they did, and says what the mark means.
fn mark_changes(document: &mut ReportDocument, marks: &[&str], before: &PaperContent) {
    let old: BTreeMap<&str, &ContentTable> = before.tables.iter().map(|table| (table.id.as_str(), table)).collect();
    for section in document.sections.iter_mut().filter(|section| marks.contains(&section.mark.as_str())) {
        if section.blocks.iter_mut().map(|block| mark_block(block, &old)).fold(false, |any, one| any | one) {
            section.blocks.push(Block::Notes(vec![format!("{CHANGED}は、差替えで変わったところ。")]));
        }
    }
}

fn mark_block(block: &mut Block, old: &BTreeMap<&str, &ContentTable>) -> bool {
    match block {
        Block::Table(table) => {
            let Some(old) = old.get(table.id.as_str()) else { return false };
            table.rows.iter_mut().map(|row| mark_row(row, old)).fold(false, |any, one| any | one)
        }
        Block::Grid(grid) => {
            let Some(old) = old.get(grid.id.as_str()) else { return false };
            let mut any = false;
            for item in &mut grid.items {
                let is_same = old.rows.iter().any(|row| row.as_slice() == [item.name.clone(), item.text.clone()]);
                if !is_same {
                    item.text.insert(0, CHANGED);
                    any = true;
                }
            }
            any
        }
        _ => false,
    }
}

/// Marks the cells of a row that differ from the row of the same name; all of one that is new.
fn mark_row(row: &mut Row, old: &ContentTable) -> bool {
    let shown: Vec<String> = row.cells.iter().map(Cell::display).collect();
    if old.rows.contains(&shown) {
        return false;
    }
    let name = |cells: &[String]| cells.iter().find(|text| text.parse::<i64>().is_err()).cloned().unwrap_or_default();
    let before = old.rows.iter().find(|other| name(other) == name(&shown));
    for (at, cell) in row.cells.iter_mut().enumerate() {
        if before.and_then(|before| before.get(at)) != shown.get(at) && *cell != Cell::Blank {
            *cell = Cell::text(format!("{CHANGED}{}", shown[at]));
        }
    }
    true
}

fn written(
    document: &ReportDocument,
    vintage: &Vintage,
    request: &PaperRequest,
    (series, edition, mark, pack): (&Series, u32, &str, &FrozenPack),
    out: &Path,
) -> Result<Published> {
    let stem = series.name(edition);
    let printed = printable(document, &document.gaiji);
    // Of a pack for the archive the replacement is for the archive too.
    let rendered = rendered(document, &[pack.edition.manifest.pdf_format()], &stem)?;
    let mut files = rendered.files;
    files.push((PathBuf::from(CONTENT), content_bytes(&PaperContent::of(&printed.document))?));
    let compared_with = pack.edition.folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut note = EditionNote::new(edition, mark.to_string(), compared_with);
    note.content_sha256 = sha256_of(document, &printed.document)?;
    note.unprintable.clone_from(&printed.unprintable);
    let mut manifest = Manifest::of(document, vintage, request, note).with(&files);
    manifest.pdf_standard.clone_from(&pack.edition.manifest.pdf_standard);
    files.push((PathBuf::from(MANIFEST), manifest.to_bytes()?));
    let readers = if request.variant == Variant::External { Readers::ByUmask } else { vintage.readers };
    series.write(edition, &files, readers)?.put(None)?;
    let folder = out.join(&stem);
    Ok(Published { files: manifest.paths(&folder), folder, edition, is_new: true, unprintable: printed.unprintable })
}
