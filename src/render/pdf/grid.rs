//! Grids: bodies side by side, names in a shaded row and their values under them.
//!
//! A long name is condensed, then set smaller, and wrapped only when both do not help. The boxes after the
//! last body are joined and struck through, as Japanese forms do with fields that stay empty on purpose.

use super::display::Draw;
use super::error::PdfError;
use super::scalar::count;
use super::strip::{Strip, keep_together};
use super::style::{FRAME, FRAME_WIDTH, GRID_NAME, GRID_VALUE, SHADE};
use super::surroundings::Surroundings;
use super::text::{Fit, Fitted, Style, Typesetter, draw_in_box};
use crate::domain::cell::LabelledText;
use crate::domain::document::{Align, Grid, GridItem};
use crate::render::geometry::Area;

/// White space at the left and right of a name.
const PADDING: f32 = 2.5;
/// Height of the names, with one line.
const NAME_HEIGHT: f32 = 16.0;
/// Height of the values.
const VALUE_HEIGHT: f32 = 19.0;
/// Names that stay too long when condensed are set this much smaller before they wrap.
const SMALLER: f32 = 0.84;
/// Grids of up to this many rows are not torn.
const UNTORN_ROWS: usize = 6;

/// Lays out a grid; dates in `said` are not printed again.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn strips(
    setter: &mut Typesetter,
    grid: &Grid,
    width: f32,
    said: &[LabelledText],
) -> Result<Vec<Strip>, PdfError> {
    let surroundings = Surroundings { id: &grid.id, title: &grid.title, basis: &grid.basis, said, notes: &grid.notes };
    let mut strips = surroundings.above(setter, width)?;
    let mut rows = Vec::new();
    for (at, items) in grid.items.chunks(grid.per_row).enumerate() {
        rows.push(row(setter, items, at * grid.per_row, grid.per_row, width)?);
    }
    if let (Some(first), false) = (rows.first_mut(), strips.is_empty()) {
        first.gap_before = 4.0;
    }
    if rows.len() <= UNTORN_ROWS {
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

/// One row of boxes; `before` items stand in earlier rows.
fn row(
    setter: &mut Typesetter,
    items: &[GridItem],
    before: usize,
    per_row: usize,
    width: f32,
) -> Result<Strip, PdfError> {
    let box_width = width / count(per_row);
    let room = box_width - 2.0 * PADDING;
    let mut names = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        setter.place.row = Some(before + at + 1);
        names.push(fit_name(setter, &item.name, room)?);
    }
    let n_lines = names.iter().map(|(name, _)| name.lines.len()).max().unwrap_or(1);
    let name_height = NAME_HEIGHT + GRID_NAME.height(n_lines - 1);
    let height = name_height + VALUE_HEIGHT;
    let used = box_width * count(items.len());
    let mut strip = Strip::blank(height);
    strip.fill(Area::new(0.0, 0.0, used, name_height), SHADE);
    for (at, (item, (name, style))) in items.iter().zip(&names).enumerate() {
        let left = box_width * count(at) + PADDING;
        strip.draws.extend(draw_in_box(name, *style, Area::new(left, 0.0, room, name_height), Align::Centre));
        setter.place.row = Some(before + at + 1);
        let area = Area::new(left, name_height, room, VALUE_HEIGHT);
        strip.draws.extend(setter.one_line(&item.text, GRID_VALUE, area, Align::Centre)?);
    }
    draw_frame(&mut strip, items.len(), box_width, name_height);
    strike_rest(&mut strip, used, width);
    Ok(strip)
}

fn fit_name(setter: &mut Typesetter, name: &str, room: f32) -> Result<(Fitted, Style), PdfError> {
    let fitted = setter.fit(name, GRID_NAME.weight, room / GRID_NAME.size, Fit::CondenseThenWrap)?;
    if fitted.lines.len() == 1 {
        return Ok((fitted, GRID_NAME));
    }
    let smaller = Style { size: GRID_NAME.size * SMALLER, ..GRID_NAME };
    Ok((setter.fit(name, smaller.weight, room / smaller.size, Fit::CondenseThenWrap)?, smaller))
}

fn draw_frame(strip: &mut Strip, n_items: usize, box_width: f32, name_height: f32) {
    let used = box_width * count(n_items);
    for y in [0.0, name_height, strip.height] {
        strip.rule(0.0, y, used, FRAME_WIDTH, FRAME);
    }
    for at in 0..=n_items {
        let x = box_width * count(at);
        strip.draws.push(Draw::Line { from: (x, 0.0), to: (x, strip.height), width: FRAME_WIDTH, grey: FRAME });
    }
}

fn strike_rest(strip: &mut Strip, used: f32, width: f32) {
    if width - used < 1.0 {
        return;
    }
    let height = strip.height;
    strip.frame(Area::new(used, 0.0, width - used, height), FRAME_WIDTH, FRAME);
    strip.draws.push(Draw::Line { from: (width, 0.0), to: (used, height), width: FRAME_WIDTH, grey: FRAME });
}
