//! Head, rows and the empty body of a table as strips.

use super::columns::{ColumnPlan, PADDING};
use super::error::PdfError;
use super::fonts::Weight;
use super::strip::Strip;
use super::style::{BLACK, FIRM_WIDTH, HAIR, HAIR_WIDTH, LIGHT_SHADE, SHADE, table_cell};
use super::table_cells::{MeasuredCell, weight_of};
use super::text::{Fit, Fitted, Style, Typesetter, draw_in_box};
use crate::domain::document::{Align, Column, RowKind};
use crate::render::geometry::Area;

/// Height of a row with one line, in type sizes.
const ROW_HEIGHT: f32 = 1.76;
/// White space above and below the lines of a row with several, in type sizes, together.
const ROW_AIR: f32 = 0.62;
/// Rows of more lines than this are cut; about two thirds of a landscape page.
const MOST_LINES: usize = 24;
/// Distance of the rule under a spanning heading from the neighbouring columns.
const GROUP_INSET: f32 = 3.0;

/// The shaded head, with a second row of headings when columns are grouped.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn head_strip(setter: &mut Typesetter, columns: &[Column], plan: &ColumnPlan) -> Result<Strip, PdfError> {
    let style = table_cell(plan.size, Weight::Bold);
    let mut titles = Vec::with_capacity(columns.len());
    for (column, width) in columns.iter().zip(&plan.widths) {
        let room = (width - 2.0 * PADDING) / style.size;
        titles.push(setter.fit(&column.title, style.weight, room, Fit::CondenseThenWrap)?);
    }
    let title_height = row_height(style, titles.iter(), plan.tightness);
    let grouped = columns.iter().any(|column| !column.group.is_empty());
    let group_height = if grouped { style.size * ROW_HEIGHT } else { 0.0 };
    let height = group_height + title_height;
    let mut strip = Strip { keep_with_next: true, ..Strip::blank(height) };
    strip.fill(Area::new(0.0, 0.0, plan.total(), height), SHADE);
    for ((column, fitted), (left, width)) in columns.iter().zip(&titles).zip(plan.lefts().into_iter().zip(&plan.widths))
    {
        let top = if column.group.is_empty() { 0.0 } else { group_height };
        let area = Area::new(left + PADDING, top, width - 2.0 * PADDING, height - top);
        strip.draws.extend(draw_in_box(fitted, style, area, column.align));
    }
    group_titles(setter, &mut strip, columns, plan, style, group_height)?;
    strip.rule(0.0, 0.0, plan.total(), FIRM_WIDTH, BLACK);
    strip.rule(0.0, height, plan.total(), 0.6, BLACK);
    Ok(strip)
}

fn group_titles(
    setter: &mut Typesetter,
    strip: &mut Strip,
    columns: &[Column],
    plan: &ColumnPlan,
    style: Style,
    height: f32,
) -> Result<(), PdfError> {
    let mut left = 0.0;
    let mut at = 0;
    for group in columns.chunk_by(|one, other| one.group == other.group) {
        let width: f32 = plan.widths[at..at + group.len()].iter().sum();
        if !group[0].group.is_empty() {
            let area = Area::new(left + PADDING, 0.0, width - 2.0 * PADDING, height);
            let fitted = setter.fit(&group[0].group, style.weight, area.width / style.size, Fit::OneLine)?;
            strip.draws.extend(draw_in_box(&fitted, style, area, Align::Centre));
            strip.rule(left + GROUP_INSET, height, width - 2.0 * GROUP_INSET, 0.5, BLACK);
        }
        left += width;
        at += group.len();
    }
    Ok(())
}

/// One row; `kinds` are its own weight and that of the row after it. A row of very many lines is cut into
/// several strips, so that it can run over the end of a page.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn row_strips(
    setter: &mut Typesetter,
    columns: &[Column],
    kinds: (RowKind, Option<RowKind>),
    cells: &[MeasuredCell],
    plan: &ColumnPlan,
) -> Result<Vec<Strip>, PdfError> {
    let style = table_cell(plan.size, weight_of(kinds.0));
    let mut fitted = Vec::with_capacity(cells.len());
    for (cell, width) in cells.iter().zip(&plan.widths) {
        let fit = if cell.rigid { Fit::OneLine } else { Fit::CondenseThenWrap };
        let room = (width - 2.0 * PADDING) / style.size;
        fitted.push(setter.fit_shaped(&cell.text, cell.shaped.clone(), style.weight, room, fit)?);
    }
    let n_lines = fitted.iter().map(|cell| cell.lines.len()).max().unwrap_or(1);
    let mut strips = Vec::with_capacity(1);
    for from in (0..n_lines).step_by(MOST_LINES) {
        let part: Vec<Fitted> = fitted.iter().map(|cell| lines_from(cell, from)).collect();
        strips.push(part_strip(columns, kinds.0, &part, style, plan));
    }
    if let Some(last) = strips.last_mut() {
        closing_rule(last, kinds, plan.total());
    }
    Ok(strips)
}

fn part_strip(columns: &[Column], kind: RowKind, cells: &[Fitted], style: Style, plan: &ColumnPlan) -> Strip {
    let height = row_height(style, cells.iter(), plan.tightness);
    let mut strip = Strip::blank(height);
    shade(&mut strip, kind, Area::new(0.0, 0.0, plan.total(), height));
    for ((column, fitted), (left, width)) in columns.iter().zip(cells).zip(plan.lefts().into_iter().zip(&plan.widths)) {
        let area = Area::new(left + PADDING, 0.0, width - 2.0 * PADDING, height);
        strip.draws.extend(draw_in_box(fitted, style, area, column.align));
    }
    strip
}

/// At most [`MOST_LINES`] lines of a cell.
fn lines_from(cell: &Fitted, from: usize) -> Fitted {
    let lines = cell.lines.iter().skip(from).take(MOST_LINES).cloned().collect();
    Fitted { lines, scale: cell.scale }
}

/// What stands in place of the body when there are no rows.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn empty_row(setter: &mut Typesetter, text: &str, plan: &ColumnPlan) -> Result<Strip, PdfError> {
    let style = table_cell(plan.size, Weight::Regular);
    let room = plan.total() - 2.0 * PADDING;
    let lines = setter.wrap(text, style.weight, room / style.size)?;
    let fitted = Fitted { lines, scale: 1.0 };
    let height = row_height(style, [&fitted].into_iter(), plan.tightness) + style.size * 0.6;
    let mut strip = Strip::blank(height);
    strip.draws = draw_in_box(&fitted, style, Area::new(PADDING, 0.0, room, height), Align::Centre);
    closing_rule(&mut strip, (RowKind::Body, None), plan.total());
    Ok(strip)
}

fn row_height<'f>(style: Style, cells: impl Iterator<Item = &'f Fitted>, tightness: f32) -> f32 {
    let n_lines = cells.map(|cell| cell.lines.len()).max().unwrap_or(1);
    if n_lines <= 1 { style.size * ROW_HEIGHT * tightness } else { style.height(n_lines) + style.size * ROW_AIR }
}

fn shade(strip: &mut Strip, kind: RowKind, area: Area) {
    match kind {
        RowKind::Body => {}
        RowKind::Subtotal => strip.fill(area, LIGHT_SHADE),
        RowKind::Total => strip.fill(area, SHADE),
    }
}

/// The rule under a row: firm at the end of the table, black around sums, a hair line otherwise.
fn closing_rule(strip: &mut Strip, (kind, next): (RowKind, Option<RowKind>), length: f32) {
    let (width, grey) = match (kind, next) {
        (_, None) => (FIRM_WIDTH, BLACK),
        (_, Some(RowKind::Total)) | (RowKind::Total, _) => (0.6, BLACK),
        _ => (HAIR_WIDTH, HAIR),
    };
    let y = strip.height;
    strip.rule(0.0, y, length, width, grey);
}
