//! How days, bodies and places of files are written in the tables of a person.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::association::Associations;
use crate::domain::cell::Cell;
use crate::domain::document::{Column, Row, Table};
use crate::domain::ids::{AssociationId, ImportId};
use crate::domain::japanese_date::short_era_date;
use crate::domain::table_check::TableCheck;
use crate::service::known::vintage::Vintage;

/// What stands where nothing is told.
pub(super) const NOTHING: &str = "―";

/// Names of bodies and files as they are at known-at.
pub(super) struct Places<'a> {
    pub(super) associations: &'a Associations,
    files: BTreeMap<ImportId, (&'a str, &'a str)>,
    known_at: NaiveDate,
}

impl<'a> Places<'a> {
    pub(super) fn of(vintage: &'a Vintage) -> Self {
        let file = |import: &'a crate::store::ImportRecord| {
            (import.id, (import.source_name.as_str(), import.file_name.as_str()))
        };
        Self {
            associations: &vintage.associations,
            files: vintage.imports.iter().map(file).collect(),
            known_at: vintage.known_at.0,
        }
    }

    pub(super) fn tier(&self, body: AssociationId) -> Cell {
        Cell::text(self.associations.get(body).map_or("", |body| body.tier.label()))
    }

    pub(super) fn body(&self, body: AssociationId) -> Cell {
        Cell::text(self.associations.short_name_on(body, self.known_at))
    }

    pub(super) fn file(&self, import: ImportId) -> &str {
        self.files.get(&import).map_or("", |(_, file)| file)
    }

    /// File and row.
    pub(super) fn row(&self, import: ImportId, row: Option<u32>) -> Cell {
        match row {
            Some(row) => Cell::text(format!("{} {row}行目", self.file(import))),
            None => Cell::text(self.file(import)),
        }
    }

    /// A table of a person.
    pub(super) fn table(&self, id: &str, title: &str, columns: Vec<Column>, rows: Vec<Row>) -> Table {
        Table {
            id: id.into(),
            title: title.into(),
            // The day to know from stands above all of them.
            basis: Vec::new(),
            columns,
            rows,
            empty_text: "ありません".into(),
            notes: Vec::new(),
            proof: TableCheck::default(),
        }
    }
}

/// A day in both calendars, short: R7.12.1（2025-12-01）.
pub(super) fn day_text(day: NaiveDate) -> String {
    format!("{}（{day}）", short_era_date(day))
}

/// The same of a day that may not be told.
pub(super) fn day_cell(day: Option<NaiveDate>) -> Cell {
    day.map_or(Cell::Blank, |day| Cell::text(day_text(day)))
}
