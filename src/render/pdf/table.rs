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
use super::scalar::count;
use super::strip::{Strip, keep_together, moved};
use super::surroundings::Surroundings;
use super::table_cells::{MeasuredCell, measure, weight_of};
use super::table_rows::{empty_row, head_strip, row_strips};
use super::text::Typesetter;
use crate::domain::cell::LabelledText;
use crate::domain::document::{Align, Column, Row, RowKind, Table};

/// A table whose rows take up less than this part of a page is not torn.
const UNTORN_PART: f32 = 0.3;

/// Heights of rows, as parts of the usual one, for a table that is hardly too long for its page.
const TIGHTER: [f32; 3] = [0.95, 0.9, 0.86];

/// So many rows at least stand before and after the end of a page.
const ROWS_TOGETHER: usize = 4;

/// Tables of so many rows are set in parts side by side where their columns are narrow; longer ones are torn by pages.
const FEWEST_BESIDE: usize = 9;
const MOST_BESIDE: usize = 60;

/// Tables of more columns are not.
const MOST_COLUMNS_BESIDE: usize = 3;

/// White space between the parts.
const GAP_BESIDE: f32 = 16.0;

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

    /// The table as strips; dates in `said` are not printed again. With its `room` a table that is hardly too long for it is
    /// set a little tighter.
    ///
    /// # Errors
    /// [`PdfError::MissingGlyph`].
    pub fn strips(
        &self,
        setter: &mut Typesetter,
        orientation: Orientation,
        (said, room): (&[LabelledText], Option<f32>),
    ) -> Result<Vec<Strip>, PdfError> {
        let width = orientation.text_width();
        let mut plan = columns::plan(&self.needs, width).unwrap_or_else(|| columns::last_resort(&self.needs, width));
        let mut strips = self.set(setter, orientation, said, &plan)?;
        let height = |strips: &[Strip]| strips.iter().map(|strip| strip.gap_before + strip.height).sum::<f32>();
        let Some(room) = room.filter(|room| height(&strips) > *room) else { return Ok(strips) };
        for tightness in TIGHTER {
            plan.tightness = tightness;
            let tighter = self.set(setter, orientation, said, &plan)?;
            if height(&tighter) <= room {
                strips = tighter;
                break;
            }
        }
        Ok(strips)
    }

    fn set(
        &self,
        setter: &mut Typesetter,
        orientation: Orientation,
        said: &[LabelledText],
        plan: &ColumnPlan,
    ) -> Result<Vec<Strip>, PdfError> {
        let width = orientation.text_width();
        let surroundings = surroundings(self.table, said);
        let mut strips = surroundings.above(setter, width)?;
        if let Some(mut beside) = self.beside_each_other(setter, width)? {
            beside[0].gap_before = if strips.is_empty() { 0.0 } else { 5.0 };
            return self.with_notes(setter, strips, beside, &surroundings, width);
        }
        let mut head = head_strip(setter, &self.table.columns, plan)?;
        head.gap_before = if strips.is_empty() { 0.0 } else { 5.0 };
        let repeat = Rc::new(surroundings.above_continued(setter, &head, width)?);
        strips.push(head);
        let mut rows = self.rows(setter, plan, &repeat)?;
        if rows.iter().map(|row| row.height).sum::<f32>() < UNTORN_PART * orientation.text_height() {
            keep_together(&mut rows);
        }
        self.with_notes(setter, strips, rows, &surroundings, width)
    }

    fn with_notes(
        &self,
        setter: &mut Typesetter,
        mut strips: Vec<Strip>,
        mut rows: Vec<Strip>,
        surroundings: &Surroundings<'_>,
        width: f32,
    ) -> Result<Vec<Strip>, PdfError> {
        let notes = surroundings.below(setter, width)?;
        if let (Some(last), false) = (rows.last_mut(), notes.is_empty()) {
            last.keep_with_next = true;
        }
        strips.extend(rows);
        strips.extend(notes);
        Ok(strips)
    }

    /// A long table of few narrow columns in two or three parts side by side, each under its own head; `None` where it would
    /// not help or a part would be torn.
    fn beside_each_other(&self, setter: &mut Typesetter, width: f32) -> Result<Option<Vec<Strip>>, PdfError> {
        let rows = &self.table.rows;
        let is_plain = rows.iter().all(|row| row.kind != RowKind::Subtotal)
            && self.table.columns.iter().all(|column| column.group.is_empty());
        if !is_plain
            || self.table.columns.len() > MOST_COLUMNS_BESIDE
            || !(FEWEST_BESIDE..=MOST_BESIDE).contains(&rows.len())
        {
            return Ok(None);
        }
        let parts = [3_usize, 2].into_iter().find_map(|n_parts| {
            let gaps = GAP_BESIDE * count(n_parts - 1);
            Some((n_parts, columns::beside_each_other(&self.needs, (width - gaps) / count(n_parts))?))
        });
        let Some((n_parts, plan)) = parts else { return Ok(None) };
        let per_part = rows.len().div_ceil(n_parts);
        let head = head_strip(setter, &self.table.columns, &plan)?;
        let mut strips: Vec<Strip> = vec![Strip::blank(head.height); 1];
        strips.resize_with(per_part + 1, Strip::default);
        for (part, rows_of_part) in (0..rows.len()).collect::<Vec<_>>().chunks(per_part).enumerate() {
            let left = (plan.total() + GAP_BESIDE) * count(part);
            strips[0].draws.extend(head.draws.iter().map(|draw| moved(draw, left, 0.0)));
            for (line, at) in rows_of_part.iter().enumerate() {
                setter.place.row = Some(at + 1);
                let is_last = line + 1 == rows_of_part.len();
                let next = rows.get(at + 1).filter(|_| !is_last).map(|row| row.kind);
                let row = row_strips(setter, &self.table.columns, (rows[*at].kind, next), &self.rows[*at], &plan)?;
                let [row] = row.as_slice() else { return Ok(None) };
                let strip = &mut strips[line + 1];
                strip.height = strip.height.max(row.height);
                strip.draws.extend(row.draws.iter().map(|draw| moved(draw, left, 0.0)));
            }
        }
        keep_together(&mut strips);
        Ok(Some(strips))
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

/// The first rows stay together, so do the last ones, and a sum stays with the row above it.
fn stays_with_next(rows: &[Row], at: usize) -> bool {
    let is_edge = at + 1 < ROWS_TOGETHER || at + ROWS_TOGETHER >= rows.len();
    rows.get(at + 1).is_some_and(|next| is_edge || next.kind != RowKind::Body)
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
