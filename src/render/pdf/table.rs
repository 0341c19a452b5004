//! Tables: measured once, then head and rows as strips.
//!
//! Numbers stand at the right in figures of equal width, names are condensed before they wrap, the head is
//! repeated on every page, and sums never stand at the top of a page without a row above them.
//! Start reading at [`MeasuredTable::strips`].

use std::rc::Rc;

use super::columns::{self, ColumnNeed, ColumnPlan};
use super::error::PdfError;
use super::flow::Orientation;
use super::fonts::Weight;
use super::kinsoku;
use super::strip::{Strip, keep_together};
use super::surroundings::Surroundings;
use super::table_cells::{MeasuredCell, measure, weight_of};
use super::table_rows::{empty_row, head_strip, row_strips};
use super::text::Typesetter;
use crate::domain::document::{Align, Column, LabelledText, Row, RowKind, Table};

/// A table whose rows take up less than this part of a page is not torn.
const UNTORN_PART: f32 = 0.3;

/// A table with its texts turned into measured glyphs.
pub(super) struct MeasuredTable<'a> {
    table: &'a Table,
    needs: Vec<ColumnNeed>,
    rows: Vec<Vec<MeasuredCell>>,
}

impl<'a> MeasuredTable<'a> {
    /// Measures all cells.
    ///
    /// # Errors
    /// [`PdfError::MissingGlyph`].
    pub fn new(setter: &mut Typesetter, table: &'a Table) -> Result<Self, PdfError> {
        surroundings(table, &[]).set_place(setter);
        let mut rows = Vec::with_capacity(table.rows.len());
        for (at, row) in table.rows.iter().enumerate() {
            setter.place.row = Some(at + 1);
            let weight = weight_of(row.kind);
            let cells = row.cells.iter().map(|cell| measure(setter, cell, weight));
            rows.push(cells.collect::<Result<Vec<_>, _>>()?);
        }
        setter.place.row = None;
        let mut needs = Vec::with_capacity(table.columns.len());
        for (at, column) in table.columns.iter().enumerate() {
            needs.push(need(setter, column, rows.iter().map(|row| &row[at]))?);
        }
        setter.place.table = None;
        Ok(Self { table, needs, rows })
    }

    /// Whether the cells cannot be set legibly on an upright sheet.
    pub fn needs_landscape(&self) -> bool {
        columns::plan(&self.needs, Orientation::Portrait.text_width()).is_none()
    }

    /// The table as strips; dates in `said` are not printed again.
    ///
    /// # Errors
    /// [`PdfError::MissingGlyph`].
    pub fn strips(
        &self,
        setter: &mut Typesetter,
        orientation: Orientation,
        said: &[LabelledText],
    ) -> Result<Vec<Strip>, PdfError> {
        let width = orientation.text_width();
        let surroundings = surroundings(self.table, said);
        let mut strips = surroundings.above(setter, width)?;
        let plan = columns::plan(&self.needs, width).unwrap_or_else(|| columns::last_resort(&self.needs, width));
        let mut head = head_strip(setter, &self.table.columns, &plan)?;
        head.gap_before = if strips.is_empty() { 0.0 } else { 5.0 };
        let repeat = Rc::new(surroundings.above_continued(setter, &head, width)?);
        strips.push(head);
        let mut rows = self.rows(setter, &plan, &repeat)?;
        if rows.iter().map(|row| row.height).sum::<f32>() < UNTORN_PART * orientation.text_height() {
            keep_together(&mut rows);
        }
        let notes = surroundings.below(setter, width)?;
        if let (Some(last), false) = (rows.last_mut(), notes.is_empty()) {
            last.keep_with_next = true;
        }
        strips.extend(rows);
        strips.extend(notes);
        Ok(strips)
    }

    fn rows(&self, setter: &mut Typesetter, plan: &ColumnPlan, repeat: &Rc<Strip>) -> Result<Vec<Strip>, PdfError> {
        if self.rows.is_empty() {
            return Ok(vec![empty_row(setter, &self.table.empty_text, plan)?]);
        }
        let mut strips = Vec::with_capacity(self.rows.len());
        for (at, (row, cells)) in self.table.rows.iter().zip(&self.rows).enumerate() {
            setter.place.row = Some(at + 1);
            let next = self.table.rows.get(at + 1).map(|row| row.kind);
            let mut row = row_strips(setter, &self.table.columns, (row.kind, next), cells, plan)?;
            row.iter_mut().for_each(|strip| strip.repeat = Some(repeat.clone()));
            if let Some(last) = row.last_mut() {
                last.keep_with_next = stays_with_next(&self.table.rows, at);
            }
            strips.append(&mut row);
        }
        Ok(strips)
    }
}

fn surroundings<'a>(table: &'a Table, said: &'a [LabelledText]) -> Surroundings<'a> {
    Surroundings { id: &table.id, title: &table.title, basis: &table.basis, said, notes: &table.notes }
}

/// The first two rows stay together, so do the last two, and a sum stays with the row above it.
fn stays_with_next(rows: &[Row], at: usize) -> bool {
    rows.get(at + 1).is_some_and(|next| at == 0 || at + 2 == rows.len() || next.kind != RowKind::Body)
}

fn need<'c>(
    setter: &mut Typesetter,
    column: &Column,
    cells: impl Iterator<Item = &'c MeasuredCell>,
) -> Result<ColumnNeed, PdfError> {
    let heading = setter.shape(&column.title, Weight::Bold)?;
    let mut need = ColumnNeed { weight: f32::from(column.weight), ..ColumnNeed::default() };
    need.heading = longest_piece(setter, &column.title)?.max(heading.width.min(3.0));
    for cell in cells {
        let rigid = cell.rigid || column.align == Align::Right;
        let widest = if rigid { &mut need.rigid } else { &mut need.soft };
        *widest = widest.max(cell.shaped.width);
    }
    Ok(need)
}

/// Width of the longest part of a heading; breaking inside words such as 前月比 is avoided up to 4 em.
fn longest_piece(setter: &mut Typesetter, title: &str) -> Result<f32, PdfError> {
    let mut longest = 0.0_f32;
    let mut start = 0;
    for end in kinsoku::opportunities(title).into_iter().chain([title.len()]) {
        longest = longest.max(setter.shape(&title[start..end], Weight::Bold)?.width);
        start = end;
    }
    Ok(longest)
}
