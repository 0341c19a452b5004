//! What lies in the folder of a meeting.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::domain::class_scheme::spelling_key;
use crate::domain::hex::hex;
use crate::domain::meeting::{CellPlace, MeetingFault};
use crate::domain::text::compose_marks;
use crate::error::{Failure, FailureKind};
use crate::files::names::name_of;
use crate::ingest::meeting::sheets;
use crate::ingest::meeting::{Faults, Sheet};
use crate::input;
use crate::service::papers::MeetingFile;

/// The workbook of a meeting, where there are several.
pub(super) const WORKBOOK: &str = "会議.xlsx";

/// Folder of the packs inside the folder of a meeting.
const PACKS: &str = "会議資料";

/// Whether a folder is not there, or nobody has put a workbook or a table of a meeting into it yet.
pub fn lacks_workbook(folder: &Path) -> bool {
    let is_of_meeting = |path: &PathBuf| {
        let ending = path.extension().map(std::ffi::OsStr::to_ascii_lowercase);
        ending.is_some_and(|ending| ["xlsx", "xlsm", "xls", "csv"].iter().any(|known| ending == *known))
    };
    match files_of(folder) {
        Ok(files) => !files.iter().any(is_of_meeting),
        Err(_) => !folder.exists(),
    }
}

/// Where the packs of a meeting go unless somebody says otherwise.
pub fn packs_of(folder: &Path) -> PathBuf {
    folder.join(PACKS)
}

/// The day with which the name of the folder of a meeting begins.
pub fn day_in(name: &str) -> Option<NaiveDate> {
    name.get(..10)?.parse().ok()
}

/// Files by kind.
#[derive(Default)]
pub(super) struct MeetingFolder {
    /// Sheets of the workbook, then those of CSV files, by name.
    pub(super) sheets: Vec<Sheet>,
    /// Names of hidden sheets of the workbook.
    pub(super) hidden: Vec<String>,
    /// PDF files, by name.
    pub(super) pdfs: Vec<PathBuf>,
    /// Names of files that are neither tables nor papers.
    pub(super) others: Vec<String>,
    /// Files that were read, with their hashes.
    pub(super) files: Vec<MeetingFile>,
}

/// The key under which names of sheets and files are compared: a Mac writes が as か and a mark.
pub(super) fn name_key(name: &str) -> String {
    spelling_key(&compose_marks(name))
}

/// The hash of a file that was used.
pub(super) fn used(name: &str, bytes: &[u8]) -> MeetingFile {
    MeetingFile { name: name.to_string(), sha256: hex(&Sha256::digest(bytes)) }
}

impl MeetingFolder {
    /// Reads the workbook and the CSV files, and lists the PDF files.
    ///
    /// # Errors
    /// [`Failure`] when the folder is not there or the workbook cannot be read.
    pub(super) fn read(folder: &Path, faults: &mut Faults) -> Result<Self> {
        let mut out = Self::default();
        let (mut workbooks, mut tables) = (Vec::new(), Vec::new());
        for path in files_of(folder)? {
            match path.extension().map(std::ffi::OsStr::to_ascii_lowercase) {
                Some(ending) if ending == "xlsx" || ending == "xlsm" => workbooks.push(path),
                Some(ending) if ending == "xls" => workbooks.push(path),
                Some(ending) if ending == "csv" => tables.push(path),
                Some(ending) if ending == "pdf" => out.pdfs.push(path),
                _ => out.others.push(name_of(&path)),
            }
        }
        if is_open_in_excel(folder)? {
            faults.add(CellPlace::of_file(WORKBOOK), MeetingFault::OpenInExcel);
        }
        if let Some(path) = the_workbook(workbooks, faults) {
            let name = name_of(&path);
            let read = sheets::of_workbook(&path, &name).map_err(|error| Failure::from_ingest(error, &name))?;
            out.sheets.extend(read.visible);
            out.hidden = read.hidden;
            out.note_used(&path)?;
        }
        for path in tables {
            let name = name_of(&path);
            out.sheets.push(sheets::of_csv(&path, &name).map_err(|error| Failure::from_ingest(error, &name))?);
            out.note_used(&path)?;
        }
        out.refuse_twice(faults);
        Ok(out)
    }

    /// The sheet of a name.
    pub(super) fn sheet(&self, name: &str) -> Option<&Sheet> {
        let wanted = name_key(name);
        self.sheets.iter().find(|sheet| name_key(&sheet.name) == wanted)
    }

    /// The PDF of a name, with or without its ending.
    pub(super) fn pdf(&self, name: &str) -> Option<&PathBuf> {
        let wanted = name_key(name);
        self.pdfs.iter().find(|path| {
            let key = name_key(&name_of(path));
            key == wanted || key.strip_suffix(".PDF").is_some_and(|stem| stem == wanted)
        })
    }

    fn note_used(&mut self, path: &Path) -> Result<()> {
        let name = name_of(path);
        let bytes = input::read_whole(path).map_err(|source| Failure::from_io(&source, &name))?;
        self.files.push(used(&name, &bytes));
        Ok(())
    }

    fn refuse_twice(&self, faults: &mut Faults) {
        for (at, path) in self.pdfs.iter().enumerate() {
            let name = name_of(path);
            if self.pdfs[..at].iter().any(|other| name_key(&name_of(other)) == name_key(&name)) {
                faults.add(CellPlace::of_file(&name), MeetingFault::NameTwice(name.clone()));
            }
        }
        for (at, sheet) in self.sheets.iter().enumerate() {
            let key = name_key(&sheet.name);
            if self.sheets[..at].iter().any(|other| name_key(&other.name) == key) {
                faults.add(sheet.place.clone(), MeetingFault::NameTwice(sheet.name.clone()));
            }
        }
    }
}

/// Files of a folder by name, without hidden ones and those that Excel keeps beside an open workbook.
pub(super) fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for path in entries(folder)? {
        let name = name_of(&path);
        if path.is_file() && !name.starts_with(['.', '~']) {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Err(Failure::new(FailureKind::Usage, "MTG-003", folder.display().to_string()).into());
    }
    let failed = |source: std::io::Error| Failure::from_io(&source, &folder.display().to_string());
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        out.push(entry.map_err(failed)?.path());
    }
    Ok(out)
}

/// Excel keeps a file beside a workbook that is open.
fn is_open_in_excel(folder: &Path) -> Result<bool> {
    Ok(entries(folder)?.iter().any(|path| name_of(path).starts_with("~$")))
}

/// The only workbook, or the one that is called 会議.xlsx.
fn the_workbook(mut workbooks: Vec<PathBuf>, faults: &mut Faults) -> Option<PathBuf> {
    if workbooks.len() < 2 {
        return workbooks.pop();
    }
    if let Some(at) = workbooks.iter().position(|path| name_key(&name_of(path)) == name_key(WORKBOOK)) {
        let chosen = workbooks.remove(at);
        let others: Vec<String> = workbooks.iter().map(|path| name_of(path)).collect();
        faults.add(CellPlace::of_file(WORKBOOK), MeetingFault::OtherWorkbooks(others.join("、")));
        return Some(chosen);
    }
    let names: Vec<String> = workbooks.iter().map(|path| name_of(path)).collect();
    faults.add(CellPlace::of_file(&names[0]), MeetingFault::SeveralWorkbooks(names.clone()));
    None
}
