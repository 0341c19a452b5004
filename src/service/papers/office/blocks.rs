//! A table of the office as blocks, by its shape.

use anyhow::Result;

use super::bodies::Bodies;
use super::faults::TableFaults;
use super::{by_body, list, matrix, table};
use crate::domain::as_of::AsOf;
use crate::domain::association::Associations;
use crate::domain::document::Block;
use crate::domain::file_name::code_fault;
use crate::domain::meeting::{Material, MeetingPlan, OfficeTable, PlacedMeetingFault, Shape};
use crate::service::known::area::{Area, Extent};

/// A table as blocks of a paper. `number` tells tables apart whose names cannot be file names.
///
/// # Errors
/// Everything that is wrong in it.
pub(in crate::service::papers) fn blocks(
    table: &OfficeTable,
    number: usize,
    bodies: &Bodies<'_>,
) -> Result<Vec<Block>, Vec<PlacedMeetingFault>> {
    let mut faults = TableFaults::default();
    let id = id_of(table, number);
    let blocks = match &table.shape {
        Shape::ByBody(numbers) => by_body::blocks(table, numbers, id, bodies, &mut faults),
        Shape::Table { base, changes, bodies: column, is_whole } => table::blocks(
            table,
            &table::Roles { base: *base, changes, bodies: *column, is_whole: *is_whole },
            id,
            bodies,
            &mut faults,
        ),
        Shape::Matrix => matrix::blocks(table, id, &mut faults),
        Shape::List { tally, bodies: column } => list::blocks(table, (*tally, *column), id, bodies, &mut faults),
    };
    if faults.0.is_empty() { Ok(blocks) } else { Err(faults.0) }
}

/// What is wrong in the tables of a meeting, as the master has its bodies on a day.
///
/// # Errors
/// [`Failure`](crate::error::Failure) QRY-004 when nothing has the code or name of the area.
pub fn office_faults(
    associations: &Associations,
    plan: &MeetingPlan,
    area: &Area,
    day: AsOf,
) -> Result<Vec<PlacedMeetingFault>> {
    let area = Extent::new(area, associations, day)?;
    let bodies = Bodies { associations, area: &area, day: day.0 };
    let materials = plan.groups.iter().flat_map(|group| &group.items).flat_map(|item| &item.materials);
    let tables = materials.filter_map(|material| match material {
        Material::Table(table) => Some(table),
        Material::Report(_) | Material::Letter { .. } | Material::File(_) => None,
    });
    Ok(tables.filter_map(|table| blocks(table, 0, &bodies).err()).flatten().collect())
}

/// The name of the sheet where it can be part of a file name.
pub(in crate::service::papers) fn id_of(table: &OfficeTable, number: usize) -> String {
    if code_fault(&table.name).is_none() { table.name.clone() } else { format!("office-{number}") }
}
