//! Tables of the office inside meeting packs: one figure for each body, in CSV files beside the definitions.

use chrono::NaiveDate;
use serde::Deserialize;

use super::error::DefinitionError;
use super::folder::DefinitionFolder;
use super::source::Source;
use crate::domain::fault::{Fault, PlacedFault, ValueKind};
use crate::domain::report::GridSpec;

pub(super) const SHIPPED_TABLES: [(&str, &str); 2] = [
    ("aftercare_by_association.csv", include_str!("../../reports/tables/aftercare_by_association.csv")),
    ("clinics_by_association.csv", include_str!("../../reports/tables/clinics_by_association.csv")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GridFile {
    pub(super) id: String,
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

/// Reads a table of the office. `None` when it cannot be used; the faults are noted.
pub(super) fn grid_spec(
    folder: &DefinitionFolder,
    source: &mut Source<'_>,
    file: &str,
    nth: usize,
    grid: &GridFile,
) -> Option<GridSpec> {
    let as_of: Option<NaiveDate> = grid.as_of.parse().ok();
    if as_of.is_none() {
        source.refuse(format!("grids[{nth}].as_of"), Fault::WrongValue(ValueKind::Date, grid.as_of.clone()));
    }
    if grid.per_row == 0 {
        source.refuse(format!("grids[{nth}].per_row"), Fault::Below(0, 1));
    }
    let name = format!("tables/{}", grid.file);
    let shipped = SHIPPED_TABLES.iter().find(|(name, _)| *name == grid.file).map_or("", |(_, text)| text);
    let rows = folder.file(&name, shipped).and_then(|text| grid_rows(&name, file, grid, &text));
    let rows = rows.map_err(|error| source.refuse_with(error)).ok();
    Some(GridSpec {
        id: grid.id.clone(),
        title: grid.title.clone(),
        as_of: as_of?,
        unit: grid.unit.clone(),
        source: grid.source.clone(),
        per_row: grid.per_row,
        name_heading: grid.name.clone(),
        value_heading: grid.value.clone(),
        subset_heading: grid.subset.clone(),
        total_parts: grid.total_parts.iter().map(|part| (part.label.clone(), part.value)).collect(),
        rows: rows?,
        notes: grid.notes.clone(),
    })
}

/// Reads the table of the office. It is written by us or by an engineer: plain UTF-8 without quotes.
fn grid_rows(
    table: &str,
    file: &str,
    grid: &GridFile,
    text: &str,
) -> Result<Vec<(String, i64, Option<i64>)>, DefinitionError> {
    let mut faults = Vec::new();
    let mut lines = text.lines().zip(1_u32..).filter(|(line, _)| !line.trim().is_empty());
    let headings: Vec<&str> = lines.next().unwrap_or_default().0.split(',').map(str::trim).collect();
    let mut column = |heading: &String| {
        let found = headings.iter().position(|other| other == heading);
        if found.is_none() {
            faults.push(in_line(table, 1, Fault::ColumnMissing(heading.clone(), file.into())));
        }
        found
    };
    let columns = (column(&grid.name), column(&grid.value), grid.subset.as_ref().map(&mut column));
    let (Some(name), Some(value), None | Some(Some(_))) = columns else { return Err(DefinitionError { faults }) };
    let subset = columns.2.flatten();
    let mut rows = Vec::new();
    for (line, row) in lines {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let mut number = |at: usize| {
            let found = cells.get(at).and_then(|cell| cell.parse::<i64>().ok());
            found.unwrap_or_else(|| {
                faults.push(in_line(table, row, Fault::CellNotNumber(headings[at].to_string())));
                0
            })
        };
        let name = cells.get(name).copied().unwrap_or_default();
        rows.push((name.to_string(), number(value), subset.map(&mut number)));
    }
    if faults.is_empty() { Ok(rows) } else { Err(DefinitionError { faults }) }
}

fn in_line(table: &str, line: u32, fault: Fault) -> PlacedFault {
    PlacedFault { file: table.into(), line: Some(line), key: String::new(), fault }
}
