//! What stands behind the items of an agenda: reports, sheets and files of the folder.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;

use super::folder::{MeetingFolder, name_key, used};
use crate::domain::attachment::AttachedFile;
use crate::domain::meeting::{CellPlace, ItemNote, Material, MeetingFault, MeetingPlan, PlanGroup, PlanItem};
use crate::domain::report::Definition;
use crate::error::Failure;
use crate::files::names::name_of;
use crate::ingest::meeting::agenda::AGENDA;
use crate::ingest::meeting::{AgendaDraft, Faults, ItemDraft, Sheet, SheetContent, content};
use crate::input;
use crate::render::pdf;
use crate::render::pdf::AttachmentFault;

/// A larger file is no paper for a meeting.
const MOST_BYTES: u64 = 100 << 20;

/// Sheets that explain how the others are filled in.
pub(super) const GUIDE: &str = "記入のしかた";

/// Headings of columns that tell of people one by one.
const PERSONAL: [&str; 6] = ["氏名", "医師名", "会員名", "医籍登録番号", "生年月日", "理由"];

/// What stands in examples where an office writes its own words.
const PLACEHOLDER: &str = "○○";

/// First word of sheets that show how one is made.
pub(super) const EXAMPLE: &str = "見本";

/// The plan of a meeting. Faults are noted; what is sound is given all the same.
///
/// # Errors
/// [`Failure`] when a file cannot be read.
pub(super) fn planned(
    draft: AgendaDraft,
    folder: &mut MeetingFolder,
    all: &[Definition],
    faults: &mut Faults,
) -> Result<MeetingPlan> {
    let mut finder = Finder { folder, all, taken: BTreeSet::new() };
    let mut groups = Vec::new();
    for group in draft.groups {
        let mut items = Vec::new();
        for item in group.items {
            items.push(finder.item(item, faults)?);
        }
        groups.push(PlanGroup { heading: group.heading, remark: group.remark, items });
    }
    // Of an agenda that could not be read it is no wonder.
    if faults.0.iter().all(|placed| placed.fault.is_notice()) {
        finder.note_unused(faults);
    }
    let held_on = draft.held_on.unwrap_or(NaiveDate::MIN);
    Ok(MeetingPlan {
        id: format!("{}_{held_on}", draft.name),
        title: format!("{}資料", draft.name),
        name: draft.name,
        number: draft.number,
        held_on,
        time: draft.time,
        place: draft.place,
        printing: draft.printing,
        groups,
    })
}

/// Looks for what items name.
struct Finder<'f> {
    folder: &'f mut MeetingFolder,
    all: &'f [Definition],
    /// Keys of what items have used.
    taken: BTreeSet<String>,
}

/// What a word can mean.
enum Meant {
    Report(String),
    Sheet(Box<Sheet>),
    Pdf(PathBuf),
}

impl Finder<'_> {
    fn item(&mut self, item: ItemDraft, faults: &mut Faults) -> Result<PlanItem> {
        let mut materials = Vec::new();
        for word in self.words(&item.materials) {
            materials.extend(self.material(&word, &item.place, faults)?);
        }
        Ok(PlanItem {
            number: item.number,
            text: item.text,
            remark: item.remark,
            officer: item.officer,
            note: item.note,
            materials,
        })
    }

    /// The papers that a cell names: one, or one a line, or several with 、 between them.
    fn words(&self, cell: &str) -> Vec<String> {
        let lines = cell.lines().map(str::trim).filter(|line| !line.is_empty());
        let split = |line: &str| match self.meanings(line).is_empty() {
            true => line.split('、').map(|word| word.trim().to_string()).filter(|word| !word.is_empty()).collect(),
            false => vec![line.to_string()],
        };
        lines.flat_map(split).collect::<Vec<String>>()
    }

    fn meanings(&self, word: &str) -> Vec<Meant> {
        let key = name_key(word);
        let is_report = |one: &&Definition| {
            matches!(one, Definition::Report(_)) && [one.id(), one.title()].iter().any(|name| name_key(name) == key)
        };
        let mut meanings: Vec<Meant> =
            self.all.iter().filter(is_report).map(|one| Meant::Report(one.id().to_string())).collect();
        let is_agenda = key == name_key(AGENDA);
        meanings.extend(self.folder.sheet(word).filter(|_| !is_agenda).cloned().map(|it| Meant::Sheet(Box::new(it))));
        meanings.extend(self.folder.pdf(word).cloned().map(Meant::Pdf));
        meanings
    }

    fn material(&mut self, word: &str, place: &CellPlace, faults: &mut Faults) -> Result<Option<Material>> {
        if note_like(word) {
            faults.add(place.clone(), MeetingFault::NoteBesideMaterial(word.into()));
            return Ok(None);
        }
        let mut meanings = self.meanings(word);
        let (Some(meant), true) = (meanings.pop(), meanings.is_empty()) else {
            let is_called = |name: &String| name_key(name) == name_key(word);
            let fault = match meanings.is_empty() {
                true if self.folder.hidden.iter().any(is_called) => MeetingFault::SheetHidden(word.into()),
                true if self.folder.others.iter().any(is_called) => MeetingFault::NotPdf(word.into()),
                true => MeetingFault::MaterialUnknown(word.into(), self.names()),
                false => MeetingFault::MaterialAmbiguous(word.into()),
            };
            faults.add(place.clone(), fault);
            return Ok(None);
        };
        let name = match &meant {
            Meant::Report(id) => id.clone(),
            Meant::Sheet(sheet) => sheet.name.clone(),
            Meant::Pdf(path) => name_of(path),
        };
        if !self.taken.insert(name_key(&name)) {
            faults.add(place.clone(), MeetingFault::MaterialTwice(word.into()));
            return Ok(None);
        }
        match meant {
            Meant::Report(id) => Ok(Some(Material::Report(id))),
            Meant::Sheet(sheet) => {
                let read = content::read(&sheet, faults);
                if let Some(read) = &read {
                    note_doubtful(&sheet, read, faults);
                }
                Ok(read.map(|read| match read {
                    SheetContent::Table(table) => Material::Table(table),
                    SheetContent::Letter(letter) => Material::Letter { name: sheet.name.clone(), letter },
                }))
            }
            Meant::Pdf(path) => Ok(self.attached(&path, faults)?.map(Material::File)),
        }
    }

    /// What could have been named.
    fn names(&self) -> Vec<String> {
        let sheets = self.folder.sheets.iter().filter(|sheet| !is_for_people(&sheet.name));
        let mut names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
        names.extend(self.folder.pdfs.iter().map(|path| name_of(path)));
        let reports = self.all.iter().filter(|one| matches!(one, Definition::Report(_)));
        names.extend(reports.map(|one| one.title().to_string()));
        names
    }

    fn attached(&mut self, path: &Path, faults: &mut Faults) -> Result<Option<AttachedFile>> {
        let name = name_of(path);
        let place = CellPlace::of_file(&name);
        let failed = |source: std::io::Error| Failure::from_io(&source, &name);
        let size = std::fs::metadata(path).map_err(failed)?.len();
        if size > MOST_BYTES {
            faults.add(place, MeetingFault::FileTooLarge(format!("{} MB > {} MB", size >> 20, MOST_BYTES >> 20)));
            return Ok(None);
        }
        let bytes = input::read_whole(path).map_err(failed)?;
        let pages = match pdf::inspect(&bytes) {
            Ok(inspected) => {
                if inspected.n_unseen > 0 {
                    faults.add(place.clone(), MeetingFault::Unseen(inspected.n_unseen));
                }
                inspected.pages
            }
            Err(fault) => {
                faults.add(place, fault_of(fault));
                return Ok(None);
            }
        };
        let odd: Vec<String> = (1..)
            .zip(&pages)
            .filter(|(_, size)| !size.is_a4())
            .map(|(number, size)| format!("{number}頁 {}", size.shown()))
            .collect();
        if !odd.is_empty() {
            faults.add(place, MeetingFault::OddSize(shortened(&odd)));
        }
        let file = used(&name, &bytes);
        self.folder.files.push(file.clone());
        Ok(Some(AttachedFile { name, sha256: file.sha256, pages, bytes: Arc::new(bytes) }))
    }

    /// Sheets and files that no item names: somebody may have forgotten them.
    fn note_unused(&self, faults: &mut Faults) {
        for sheet in self.folder.sheets.iter().filter(|sheet| !is_for_people(&sheet.name)) {
            if !self.taken.contains(&name_key(&sheet.name)) {
                faults.add(sheet.place.clone(), MeetingFault::SheetUnused);
            }
        }
        for path in &self.folder.pdfs {
            if !self.taken.contains(&name_key(&name_of(path))) {
                faults.add(CellPlace::of_file(&name_of(path)), MeetingFault::FileUnused);
            }
        }
    }
}

/// Notes what an office would not want on paper: names in papers for others, and words that were never filled in.
fn note_doubtful(sheet: &Sheet, content: &SheetContent, faults: &mut Faults) {
    if let SheetContent::Table(table) = content {
        let headings = table.headings.iter().map(|heading| heading.text.as_str());
        let personal: Vec<&str> = headings.filter(|text| PERSONAL.iter().any(|word| text.contains(word))).collect();
        if !personal.is_empty() {
            faults.add(sheet.place.clone(), MeetingFault::NamesPeople(personal.join("、")));
        }
    }
    let cells =
        sheet.rows().flat_map(|(number, cells)| cells.iter().enumerate().map(move |(at, text)| (number, at, text)));
    if let Some((row, column, text)) = cells.into_iter().find(|(.., text)| text.contains(PLACEHOLDER)) {
        faults.add(sheet.place.at(row, column), MeetingFault::Placeholder(text.clone()));
    }
}

/// Whether a sheet is no paper: the agenda itself, the guide, and examples.
fn is_for_people(name: &str) -> bool {
    let key = name_key(name);
    key == name_key(AGENDA) || key == name_key(GUIDE) || key.starts_with(&name_key(EXAMPLE))
}

/// 41枚 and 0件 stand alone.
fn note_like(word: &str) -> bool {
    crate::ingest::meeting::agenda::note_of(word) != ItemNote::None
}

fn fault_of(fault: AttachmentFault) -> MeetingFault {
    match fault {
        AttachmentFault::Damaged => MeetingFault::PdfDamaged,
        AttachmentFault::Encrypted => MeetingFault::PdfEncrypted,
        AttachmentFault::Empty => MeetingFault::PdfEmpty,
    }
}

/// The first few, and how many there are.
fn shortened(all: &[String]) -> String {
    const MOST: usize = 5;
    let told = all.iter().take(MOST).cloned().collect::<Vec<_>>().join("、");
    if all.len() > MOST { format!("{told} ほか（計{}頁）", all.len()) } else { told }
}
