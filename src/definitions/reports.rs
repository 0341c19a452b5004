//! Report and pack definitions.

use chrono::Weekday;
use serde::Deserialize;

use super::error::{DefinitionError, kept};
use super::folder::DefinitionFolder;
use super::report_files::{self, Kind, NOT_REPORTS, SHIPPED};
use super::report_tables;
use super::source::{Source, line_of, owned};
use crate::domain::fault::{Fault, PlacedFault};
use crate::domain::file_name::{code_fault, shown};
use crate::domain::layout::FileKind;
use crate::domain::report::Definition;
use crate::domain::report::{
    AgendaContent, AgendaItemSpec, AgendaSpec, Content, Meeting, PackSpec, Part, ReportSpec, TableSpec,
};

/// A quarter: what lies further ahead stands in the list of all planned withdrawals.
const MOST_DAYS_AHEAD: u32 = 92;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportFile {
    #[expect(dead_code, reason = "read before, to choose this struct")]
    kind: String,
    id: String,
    title: String,
    parts: Vec<String>,
    #[serde(default)]
    of_one_body: Vec<String>,
    days_ahead: Option<u32>,
    #[serde(default)]
    tables: Vec<report_tables::TableFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    #[expect(dead_code, reason = "read before, to choose this struct")]
    kind: String,
    id: String,
    title: String,
    meeting: MeetingFile,
    agenda: Vec<AgendaFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MeetingFile {
    name: String,
    nth: u32,
    weekday: String,
    #[serde(default)]
    months_without: Vec<u32>,
    time: String,
    place: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AgendaFile {
    heading: String,
    #[serde(default)]
    remark: String,
    #[serde(default)]
    items: Vec<ItemFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemFile {
    text: String,
    #[serde(default)]
    officer: String,
    report: Option<String>,
    cases: Option<u32>,
    sheets: Option<u32>,
}

/// All definitions, sorted by file name.
///
/// # Errors
/// [`DefinitionError`] with everything that is wrong, by file and key: unknown keys, parts or reports, a table that
/// does not fit.
pub fn reports(folder: &DefinitionFolder) -> Result<Vec<Definition>, DefinitionError> {
    let (sound, faults) = sound_reports(folder);
    if faults.is_empty() { Ok(sound) } else { Err(DefinitionError { faults }) }
}

/// The definitions in which nothing is wrong, sorted by file name, and what is wrong in the others: a report that is wrong
/// costs that report (R31).
pub fn sound_reports(folder: &DefinitionFolder) -> (Vec<Definition>, Vec<PlacedFault>) {
    let mut faults = Vec::new();
    let mut read: Vec<(String, String, Definition)> = Vec::new();
    for (file, text) in folder.files("", &SHIPPED, &mut faults) {
        if NOT_REPORTS.contains(&file.as_str()) {
            continue;
        }
        let Some(definition) = kept(definition(&file, &text), &mut faults) else { continue };
        if read.iter().any(|(_, _, other)| other.id() == definition.id()) {
            let fault = Fault::Twice(definition.id().to_string());
            faults.push(PlacedFault { file: file.clone(), line: line_of(&text, "id"), key: "id".into(), fault });
        }
        read.push((file, text, definition));
    }
    // A report that is wrong itself is not missing besides; a pack that names it cannot be made all the same.
    let all_read = faults.is_empty();
    let mut lacking = Vec::new();
    for (file, text, definition) in &read {
        let Definition::Pack(pack) = definition else { continue };
        let mut source = Source::new(file, text);
        check_references(&mut source, pack, &read);
        if let Err(error) = source.done(()) {
            lacking.push(file.clone());
            faults.extend(error.faults.into_iter().filter(|_| all_read));
        }
    }
    let n_of = |id: &str| read.iter().filter(|(.., one)| one.id() == id).count();
    let twice: Vec<String> = read.iter().map(|(.., one)| one.id().to_string()).filter(|id| n_of(id) > 1).collect();
    let mut sound = Vec::with_capacity(read.len());
    for (file, _, definition) in read {
        if !lacking.contains(&file) && !twice.iter().any(|id| id == definition.id()) {
            sound.push(definition);
        }
    }
    (sound, faults)
}

fn definition(file: &str, text: &str) -> Result<Definition, DefinitionError> {
    let mut source = Source::new(file, text);
    let kind = source.parse::<Kind>()?.kind;
    match kind.as_deref() {
        Some("report") => return report(source).map(Definition::Report),
        Some("pack") => return pack(source).map(Definition::Pack),
        Some(other) if FileKind::ALL.iter().any(|kind| kind.code() == other) => {
            source.refuse("", Fault::WrongFolder(format!("layouts/{file}")));
        }
        Some(other) => source.refuse("kind", Fault::NotOneOf(other.into(), owned(["report", "pack"]))),
        None if SHIPPED.iter().any(|(name, _)| *name == file) => {
            source.refuse("kind", Fault::MissingKey("kind".into()));
        }
        None => source.refuse("", Fault::UnknownFile(file.into(), report_files::known())),
    }
    Err(source.end())
}

/// Files and folders are named by it.
fn check_id(source: &mut Source<'_>, key: &str, id: &str) {
    if code_fault(id).is_some() {
        source.refuse(key, Fault::NotAFileName(shown(id)));
    }
}

fn report(mut source: Source<'_>) -> Result<ReportSpec, DefinitionError> {
    let read: ReportFile = source.parse()?;
    check_id(&mut source, "id", &read.id);
    for (nth, table) in read.tables.iter().enumerate() {
        check_id(&mut source, &format!("tables[{nth}].id"), &table.id);
    }
    let ids: Vec<&str> = read.tables.iter().map(|table| table.id.as_str()).collect();
    let tables = read.tables.iter().enumerate().map(|(nth, table)| report_tables::table(&mut source, nth, table));
    let tables: Vec<Option<TableSpec>> = tables.collect();
    let all = contents(&mut source, "parts", &read.parts, &ids, &tables);
    let of_one_body = contents(&mut source, "of_one_body", &read.of_one_body, &ids, &tables);
    let is_printed = |id: &str| read.parts.iter().chain(&read.of_one_body).any(|part| *part == format!("table:{id}"));
    for (nth, id) in ids.iter().enumerate().filter(|(_, id)| !is_printed(id)) {
        source.refuse(format!("tables[{nth}].id"), Fault::TableNotPrinted((*id).to_string()));
    }
    if read.parts.is_empty() {
        source.refuse("parts", Fault::Empty);
    }
    let days_ahead = read.days_ahead.unwrap_or(ReportSpec::DAYS_AHEAD);
    if !(1..=MOST_DAYS_AHEAD).contains(&days_ahead) {
        source.refuse("days_ahead", Fault::Outside(days_ahead.into(), 1, MOST_DAYS_AHEAD.into()));
    }
    source.done(ReportSpec { id: read.id, title: read.title, contents: all, of_one_body, days_ahead })
}

/// The parts and tables that a key lists.
fn contents(
    source: &mut Source<'_>,
    key: &str,
    parts: &[String],
    ids: &[&str],
    tables: &[Option<TableSpec>],
) -> Vec<Content> {
    let mut printed = vec![false; ids.len()];
    let mut contents = Vec::with_capacity(parts.len());
    for (nth, id) in parts.iter().enumerate() {
        let key = format!("{key}[{nth}]");
        if let Some(part) = Part::from_id(id) {
            contents.push(Content::Part(part));
            continue;
        }
        let Some(at) = id.strip_prefix("table:").and_then(|wanted| ids.iter().position(|id| *id == wanted)) else {
            let tables = ids.iter().map(|id| format!("table:{id}"));
            let all = Part::ALL.iter().map(|part| part.id().to_string()).chain(tables).collect();
            source.refuse(key, Fault::NotOneOf(id.clone(), all));
            continue;
        };
        if std::mem::replace(&mut printed[at], true) {
            source.refuse(key, Fault::Twice(id.clone()));
        }
        contents.extend(tables[at].clone().map(Content::Table));
    }
    contents
}

fn pack(mut source: Source<'_>) -> Result<PackSpec, DefinitionError> {
    let read: PackFile = source.parse()?;
    check_id(&mut source, "id", &read.id);
    let weekday: Weekday = read.meeting.weekday.parse().unwrap_or_else(|_| {
        let all = owned(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
        source.refuse("meeting.weekday", Fault::NotOneOf(read.meeting.weekday.clone(), all));
        Weekday::Mon
    });
    if !(1..=4).contains(&read.meeting.nth) {
        source.refuse("meeting.nth", Fault::Outside(read.meeting.nth.into(), 1, 4));
    }
    for month in read.meeting.months_without.iter().filter(|month| !(1..=12).contains(*month)) {
        source.refuse("meeting.months_without", Fault::Outside((*month).into(), 1, 12));
    }
    let groups = read.agenda.into_iter().enumerate();
    let agenda = groups.map(|(nth, group)| agenda(&mut source, nth, group)).collect();
    let meeting = Meeting {
        name: read.meeting.name,
        nth: read.meeting.nth,
        weekday,
        months_without: read.meeting.months_without,
        time: read.meeting.time,
        place: read.meeting.place,
    };
    source.done(PackSpec { id: read.id, title: read.title, meeting, agenda })
}

fn agenda(source: &mut Source<'_>, nth: usize, group: AgendaFile) -> AgendaSpec {
    let items = group.items.into_iter().enumerate();
    let items = items.map(|(at, item)| agenda_item(source, &format!("agenda[{nth}].items[{at}]"), item)).collect();
    AgendaSpec { heading: group.heading, remark: group.remark, items }
}

fn agenda_item(source: &mut Source<'_>, key: &str, item: ItemFile) -> AgendaItemSpec {
    let content = match (item.report, item.cases, item.sheets) {
        (None, None, None) => AgendaContent::Spoken,
        (Some(report), None, None) => AgendaContent::Report(report),
        (None, Some(cases), None) => AgendaContent::Cases(cases),
        (None, None, Some(sheets)) => AgendaContent::Sheets(sheets),
        _ => {
            source.refuse(key, Fault::AtMostOne(&["report", "cases", "sheets"]));
            AgendaContent::Spoken
        }
    };
    AgendaItemSpec { text: item.text, officer: item.officer, content }
}

/// Reports that a pack names must exist.
fn check_references(source: &mut Source<'_>, pack: &PackSpec, all: &[(String, String, Definition)]) {
    let reports = all.iter().map(|(.., one)| one).filter(|one| matches!(one, Definition::Report(_)));
    let reports = owned(reports.map(Definition::id));
    for (group, at) in pack.agenda.iter().zip(0_usize..) {
        for (item, nth) in group.items.iter().zip(0_usize..) {
            let AgendaContent::Report(id) = &item.content else { continue };
            if !reports.contains(id) {
                let key = format!("agenda[{at}].items[{nth}].report");
                source.refuse(key, Fault::NotOneOf(id.clone(), reports.clone()));
            }
        }
    }
}
