//! Report and pack definitions.

use chrono::{NaiveDate, Weekday};
use serde::Deserialize;

use super::{DefinitionError, DefinitionFolder, invalid, parse, report_tables};
use crate::domain::report::{
    AgendaContent, AgendaItemSpec, AgendaSpec, Content, GridSpec, Meeting, PackSpec, Part, ReportSpec,
};

const SHIPPED: [(&str, &str); 10] = [
    ("december-survey.toml", include_str!("../../reports/december-survey.toml")),
    ("mamis-difference.toml", include_str!("../../reports/mamis-difference.toml")),
    ("meeting-gunshi-kaicho.toml", include_str!("../../reports/meeting-gunshi-kaicho.toml")),
    ("meeting-rijikai.toml", include_str!("../../reports/meeting-rijikai.toml")),
    ("member-counts.toml", include_str!("../../reports/member-counts.toml")),
    ("monthly-statistics.toml", include_str!("../../reports/monthly-statistics.toml")),
    ("movements.toml", include_str!("../../reports/movements.toml")),
    ("tier-consistency.toml", include_str!("../../reports/tier-consistency.toml")),
    ("transfer-audit.toml", include_str!("../../reports/transfer-audit.toml")),
    ("withdrawal-audit.toml", include_str!("../../reports/withdrawal-audit.toml")),
];

const SHIPPED_TABLES: [(&str, &str); 2] = [
    ("aftercare_by_association.csv", include_str!("../../reports/tables/aftercare_by_association.csv")),
    ("clinics_by_association.csv", include_str!("../../reports/tables/clinics_by_association.csv")),
];

/// Files of the definitions folder that are no reports.
const NOT_REPORTS: [&str; 6] =
    ["vocabulary.toml", "kaiin.toml", "class-schemes.toml", "duties.toml", "seats.toml", "denominators.toml"];

/// A definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Definition {
    /// A report.
    Report(ReportSpec),
    /// A meeting pack.
    Pack(PackSpec),
}

impl Definition {
    /// Id.
    pub fn id(&self) -> &str {
        match self {
            Self::Report(report) => &report.id,
            Self::Pack(pack) => &pack.id,
        }
    }

    /// Title.
    pub fn title(&self) -> &str {
        match self {
            Self::Report(report) => &report.title,
            Self::Pack(pack) => &pack.title,
        }
    }
}

#[derive(Deserialize)]
struct Kind {
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportFile {
    #[expect(dead_code, reason = "read before, to choose this struct")]
    kind: String,
    id: String,
    title: String,
    parts: Vec<String>,
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
    #[serde(default)]
    grids: Vec<GridFile>,
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
    grid: Option<String>,
    cases: Option<u32>,
    sheets: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GridFile {
    id: String,
    title: String,
    as_of: String,
    unit: String,
    source: String,
    file: String,
    per_row: usize,
    name: String,
    value: String,
    subset: Option<String>,
    #[serde(default)]
    total_parts: Vec<TotalPart>,
    #[serde(default)]
    notes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TotalPart {
    label: String,
    value: i64,
}

/// All definitions, sorted by file name.
///
/// # Errors
/// [`DefinitionError`] naming file and key: unknown keys, parts, reports or grids, a table that does not fit.
pub fn reports(folder: &DefinitionFolder) -> Result<Vec<Definition>, DefinitionError> {
    let mut out: Vec<Definition> = Vec::new();
    for (file, text) in folder.files("", &SHIPPED)? {
        if NOT_REPORTS.contains(&file.as_str()) {
            continue;
        }
        let definition = match parse::<Kind>(&file, &text)?.kind.as_str() {
            "report" => Definition::Report(report(&file, &text)?),
            "pack" => Definition::Pack(pack(folder, &file, &text)?),
            other => return Err(invalid(&file, format!("kind: \"{other}\" is neither report nor pack"))),
        };
        if out.iter().any(|other| other.id() == definition.id()) {
            return Err(invalid(&file, format!("id: \"{}\" is used by another definition", definition.id())));
        }
        out.push(definition);
    }
    check_references(&out)?;
    Ok(out)
}

fn report(file: &str, text: &str) -> Result<ReportSpec, DefinitionError> {
    let read: ReportFile = parse(file, text)?;
    let mut tables =
        read.tables.iter().map(|table| report_tables::table(file, table)).collect::<Result<Vec<_>, _>>()?;
    let mut contents = Vec::with_capacity(read.parts.len());
    for id in &read.parts {
        let Some(wanted) = id.strip_prefix("table:") else {
            let part = Part::from_id(id).ok_or_else(|| invalid(file, format!("parts: there is no part \"{id}\"")))?;
            contents.push(Content::Part(part));
            continue;
        };
        let Some(at) = tables.iter().position(|table| table.id == wanted) else {
            let message = format!("parts: there is no table \"{wanted}\" under tables, or it stands twice");
            return Err(invalid(file, message));
        };
        contents.push(Content::Table(tables.remove(at)));
    }
    if let Some(table) = tables.first() {
        return Err(invalid(file, format!("tables.{}: parts does not name it", table.id)));
    }
    if contents.is_empty() {
        return Err(invalid(file, "parts is empty"));
    }
    Ok(ReportSpec { id: read.id, title: read.title, contents })
}

fn pack(folder: &DefinitionFolder, file: &str, text: &str) -> Result<PackSpec, DefinitionError> {
    let read: PackFile = parse(file, text)?;
    let weekday: Weekday = read
        .meeting
        .weekday
        .parse()
        .map_err(|_| invalid(file, format!("meeting.weekday: \"{}\" is not mon … sun", read.meeting.weekday)))?;
    if !(1..=4).contains(&read.meeting.nth) {
        return Err(invalid(file, "meeting.nth is not 1 to 4"));
    }
    let grids = read.grids.iter().map(|grid| grid_spec(folder, file, grid)).collect::<Result<Vec<_>, _>>()?;
    let agenda = read.agenda.into_iter().map(|group| agenda(file, group)).collect::<Result<Vec<_>, _>>()?;
    Ok(PackSpec {
        id: read.id,
        title: read.title,
        meeting: Meeting {
            name: read.meeting.name,
            nth: read.meeting.nth,
            weekday,
            months_without: read.meeting.months_without,
            time: read.meeting.time,
            place: read.meeting.place,
        },
        agenda,
        grids,
    })
}

fn agenda(file: &str, group: AgendaFile) -> Result<AgendaSpec, DefinitionError> {
    let items = group.items.into_iter().map(|item| agenda_item(file, item)).collect::<Result<Vec<_>, _>>()?;
    Ok(AgendaSpec { heading: group.heading, remark: group.remark, items })
}

fn agenda_item(file: &str, item: ItemFile) -> Result<AgendaItemSpec, DefinitionError> {
    let content = match (item.report, item.grid, item.cases, item.sheets) {
        (None, None, None, None) => AgendaContent::Spoken,
        (Some(report), None, None, None) => AgendaContent::Report(report),
        (None, Some(grid), None, None) => AgendaContent::Grid(grid),
        (None, None, Some(cases), None) => AgendaContent::Cases(cases),
        (None, None, None, Some(sheets)) => AgendaContent::Sheets(sheets),
        _ => {
            let message = format!("agenda.items \"{}\": give at most one of report, grid, cases, sheets", item.text);
            return Err(invalid(file, message));
        }
    };
    Ok(AgendaItemSpec { text: item.text, officer: item.officer, content })
}

fn grid_spec(folder: &DefinitionFolder, file: &str, grid: &GridFile) -> Result<GridSpec, DefinitionError> {
    let as_of: NaiveDate =
        grid.as_of.parse().map_err(|_| invalid(file, format!("grids.{}.as_of is not a date", grid.id)))?;
    if grid.per_row == 0 {
        return Err(invalid(file, format!("grids.{}.per_row is 0", grid.id)));
    }
    let Some((_, shipped)) = SHIPPED_TABLES.iter().find(|(name, _)| *name == grid.file) else {
        return grid_rows(file, grid, &folder.file(&format!("tables/{}", grid.file), "")?, as_of);
    };
    let text = folder.file(&format!("tables/{}", grid.file), shipped)?;
    grid_rows(file, grid, &text, as_of)
}

/// Reads the table of the office. It is written by us or by an engineer: plain UTF-8 without quotes.
fn grid_rows(file: &str, grid: &GridFile, text: &str, as_of: NaiveDate) -> Result<GridSpec, DefinitionError> {
    let table = format!("tables/{}", grid.file);
    let mut lines = text.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim().is_empty());
    let headings: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
    let column = |heading: &str| {
        headings
            .iter()
            .position(|other| *other == heading)
            .ok_or_else(|| invalid(&table, format!("there is no column {heading} (asked for by {file})")))
    };
    let (name, value) = (column(&grid.name)?, column(&grid.value)?);
    let subset = grid.subset.as_deref().map(column).transpose()?;
    let mut rows = Vec::new();
    for (line, row) in lines.zip(2..) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let number = |at: usize| {
            cells
                .get(at)
                .and_then(|cell| cell.parse::<i64>().ok())
                .ok_or_else(|| invalid(&table, format!("row {row}: column {} is not a number", at + 1)))
        };
        let Some(body) = cells.get(name) else { return Err(invalid(&table, format!("row {row}: no name"))) };
        rows.push(((*body).to_string(), number(value)?, subset.map(number).transpose()?));
    }
    Ok(GridSpec {
        id: grid.id.clone(),
        title: grid.title.clone(),
        as_of,
        unit: grid.unit.clone(),
        source: grid.source.clone(),
        per_row: grid.per_row,
        name_heading: grid.name.clone(),
        value_heading: grid.value.clone(),
        subset_heading: grid.subset.clone(),
        total_parts: grid.total_parts.iter().map(|part| (part.label.clone(), part.value)).collect(),
        rows,
        notes: grid.notes.clone(),
    })
}

/// Reports and grids that packs name must exist.
fn check_references(all: &[Definition]) -> Result<(), DefinitionError> {
    for definition in all {
        let Definition::Pack(pack) = definition else { continue };
        for item in pack.agenda.iter().flat_map(|group| &group.items) {
            let (what, id, known) = match &item.content {
                AgendaContent::Report(id) => {
                    ("report", id, all.iter().any(|d| matches!(d, Definition::Report(r) if r.id == *id)))
                }
                AgendaContent::Grid(id) => ("grid", id, pack.grids.iter().any(|grid| grid.id == *id)),
                _ => continue,
            };
            if !known {
                return Err(invalid(&pack.id, format!("agenda.items: there is no {what} \"{id}\"")));
            }
        }
    }
    Ok(())
}
