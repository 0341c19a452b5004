//! Charts on paper: the drawings of `render::chart` as strips between their title and notes.

use super::display::Draw;
use super::error::PdfError;
use super::strip::{Strip, keep_together};
use super::style::{CHART_TEXT, NOTE};
use super::surroundings::Surroundings;
use super::text::{Style, Typesetter};
use crate::domain::cell::LabelledText;
use crate::domain::chart::Chart;
use crate::domain::document::Align;
use crate::render::chart::drawing::{Drawing, Shape};
use crate::render::chart::drawings;
use crate::render::geometry::Area;

/// Charts of up to this many pieces stay on one page.
const UNTORN_PIECES: usize = 2;

/// Lays out a chart; dates in `said` are not printed again.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn strips(
    setter: &mut Typesetter,
    chart: &Chart,
    width: f32,
    said: &[LabelledText],
) -> Result<Vec<Strip>, PdfError> {
    let surroundings =
        Surroundings { id: &chart.id, title: &chart.title, basis: &chart.basis, said, notes: &chart.notes };
    let mut strips = surroundings.above(setter, width)?;
    let pieces = drawings(chart, width);
    let is_torn = pieces.len() > UNTORN_PIECES;
    for (nth, piece) in pieces.iter().enumerate() {
        let mut strip = drawn(setter, piece)?;
        strip.gap_before = if nth == 0 { 6.0 } else { 3.0 };
        // The title, and what the shades mean, are read with the first bars.
        strip.keep_with_next = is_torn && nth == 0;
        strips.push(strip);
    }
    let mut notes = surroundings.below(setter, width)?;
    if let Some(text) = chart.axis_note() {
        strips.push(axis_note(setter, &text, width)?);
        notes.iter_mut().for_each(|note| note.gap_before = 0.0);
    }
    strips.extend(notes);
    if !is_torn {
        keep_together(&mut strips);
    }
    Ok(strips)
}

fn drawn(setter: &mut Typesetter, drawing: &Drawing) -> Result<Strip, PdfError> {
    let mut strip = Strip::blank(drawing.height);
    for shape in &drawing.shapes {
        match shape {
            Shape::Fill(area, grey) => strip.fill(*area, *grey),
            Shape::Line { from, to, width, grey } => {
                strip.draws.push(Draw::Line { from: *from, to: *to, width: *width, grey: *grey });
            }
            Shape::Text { area, align, text, grey } => {
                let style = Style { grey: *grey, ..CHART_TEXT };
                strip.draws.extend(setter.one_line(text, style, *area, *align)?);
            }
        }
    }
    Ok(strip)
}

fn axis_note(setter: &mut Typesetter, text: &str, width: f32) -> Result<Strip, PdfError> {
    let mut strip = Strip { gap_before: 4.0, ..Strip::blank(NOTE.height(1)) };
    strip.draws = setter.one_line(text, NOTE, Area::new(0.0, 0.0, width, NOTE.height(1)), Align::Left)?;
    Ok(strip)
}
