//! Bar charts: grey bars with their values above them, so that the chart carries its own table.
//!
//! Bars stand on the value the report names; when that is not zero, the foot of each bar is cut open and the
//! value is printed below. Many bars go onto several panels with one common scale.

use super::display::{Area, Draw, Grey};
use super::error::PdfError;
use super::scalar::{count, share};
use super::strip::{Strip, keep_together};
use super::style::{BAR, BLACK, CHART_TEXT, NOTE};
use super::surroundings::Surroundings;
use super::text::{Shaped, Typesetter};
use crate::domain::document::{Align, BarChart, LabelledText};
use crate::domain::printed_number::thousands;

/// Height of the field between the value of the tallest bar and the axis.
const FIELD_HEIGHT: f32 = 104.0;
/// A chart with few bars keeps its bars near each other.
const WIDEST_SLOT: f32 = 74.0;
/// Part of a slot that the bar takes.
const BAR_PART: f32 = 0.5;
/// White space between two texts of neighbouring bars.
const TEXT_GAP: f32 = 3.0;
/// Bars that stand on another value than zero are cut this far above the axis.
const CUT_ABOVE_AXIS: f32 = 7.0;

/// Lays out a chart; dates in `said` are not printed again.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn strips(
    setter: &mut Typesetter,
    chart: &BarChart,
    width: f32,
    said: &[LabelledText],
) -> Result<Vec<Strip>, PdfError> {
    let surroundings =
        Surroundings { id: &chart.id, title: &chart.title, basis: &chart.basis, said, notes: &chart.notes };
    let mut strips = surroundings.above(setter, width)?;
    let bars = measure(setter, chart)?;
    let per_panel = bars_per_panel(&bars, width);
    let scale = Scale::of(chart);
    for panel in bars.chunks(per_panel) {
        strips.push(panel_strip(setter, panel, &scale, width / count(per_panel.min(bars.len())))?);
    }
    let mut notes = surroundings.below(setter, width)?;
    if chart.axis_from != 0 && !bars.is_empty() {
        strips.push(axis_note(setter, chart.axis_from, width)?);
        notes.iter_mut().for_each(|note| note.gap_before = 0.0);
    }
    strips.extend(notes);
    keep_together(&mut strips);
    Ok(strips)
}

/// A bar with its texts.
struct MeasuredBar<'a> {
    label: &'a str,
    value: i64,
    printed: String,
    label_shape: Shaped,
    value_shape: Shaped,
}

/// The values at the ends of the field and at the axis.
struct Scale {
    low: i64,
    axis: i64,
    high: i64,
}

impl Scale {
    fn of(chart: &BarChart) -> Self {
        let values = || chart.bars.iter().map(|(_, value)| *value).chain([chart.axis_from]);
        Self { low: values().min().unwrap_or(0), axis: chart.axis_from, high: values().max().unwrap_or(0) }
    }

    /// Height of a value above the lower end of the field.
    fn height(&self, value: i64) -> f32 {
        share(value, self.low, self.high) * FIELD_HEIGHT
    }
}

fn measure<'a>(setter: &mut Typesetter, chart: &'a BarChart) -> Result<Vec<MeasuredBar<'a>>, PdfError> {
    let mut bars = Vec::with_capacity(chart.bars.len());
    for (at, (label, value)) in chart.bars.iter().enumerate() {
        setter.place.row = Some(at + 1);
        let printed = thousands(*value).replace('-', "▲");
        let label_shape = setter.shape(label, CHART_TEXT.weight)?;
        let value_shape = setter.shape(&printed, CHART_TEXT.weight)?;
        bars.push(MeasuredBar { label, value: *value, printed, label_shape, value_shape });
    }
    Ok(bars)
}

/// As many bars as have room for their texts without condensing values and with labels condensed to 70 %.
fn bars_per_panel(bars: &[MeasuredBar], width: f32) -> usize {
    let needed = |bar: &MeasuredBar| bar.value_shape.width.max(bar.label_shape.width * 0.7);
    let widest = bars.iter().map(needed).fold(1.0, f32::max) * CHART_TEXT.size + TEXT_GAP;
    let most = (1..=bars.len()).take_while(|n| count(*n) * widest <= width).last().unwrap_or(1);
    let n_panels = bars.len().div_ceil(most).max(1);
    bars.len().div_ceil(n_panels).max(1)
}

fn panel_strip(setter: &mut Typesetter, bars: &[MeasuredBar], scale: &Scale, slot: f32) -> Result<Strip, PdfError> {
    let slot = slot.min(WIDEST_SLOT);
    let text_height = CHART_TEXT.height(1);
    let mut strip = Strip { gap_before: 6.0, ..Strip::blank(2.0 * text_height + FIELD_HEIGHT + 6.0) };
    let foot = text_height + FIELD_HEIGHT;
    let axis = foot - scale.height(scale.axis);
    for (at, bar) in bars.iter().enumerate() {
        let left = slot * count(at);
        let top = foot - scale.height(bar.value.max(scale.axis));
        let bottom = foot - scale.height(bar.value.min(scale.axis));
        let area = Area::new(left + slot * (1.0 - BAR_PART) / 2.0, top, slot * BAR_PART, bottom - top);
        strip.fill(area, BAR);
        if scale.axis != 0 && area.height > 2.0 * CUT_ABOVE_AXIS {
            cut_open(&mut strip, area, axis);
        }
        let room = slot - TEXT_GAP;
        let inner = Area::new(left + TEXT_GAP / 2.0, top - text_height, room, text_height);
        strip.draws.extend(setter.one_line(&bar.printed, CHART_TEXT, inner, Align::Centre)?);
        let inner = Area::new(inner.x, foot + 3.0, room, text_height);
        strip.draws.extend(setter.one_line(bar.label, CHART_TEXT, inner, Align::Centre)?);
    }
    strip.rule(0.0, axis, slot * count(bars.len()), 0.8, BLACK);
    Ok(strip)
}

/// A white slanted gap near the foot: the bar does not start at zero.
fn cut_open(strip: &mut Strip, bar: Area, axis: f32) {
    let middle = axis - CUT_ABOVE_AXIS;
    let line = |dy: f32, width: f32, grey: Grey| Draw::Line {
        from: (bar.x - 2.0, middle + 2.0 + dy),
        to: (bar.right() + 2.0, middle - 2.0 + dy),
        width,
        grey,
    };
    strip.draws.push(line(0.0, 3.2, Grey(1.0)));
    strip.draws.push(line(-1.6, 0.5, BLACK));
    strip.draws.push(line(1.6, 0.5, BLACK));
}

fn axis_note(setter: &mut Typesetter, axis_from: i64, width: f32) -> Result<Strip, PdfError> {
    let text = format!("棒の下端は{}（0からではない）。", thousands(axis_from).replace('-', "▲"));
    let mut strip = Strip { gap_before: 4.0, ..Strip::blank(NOTE.height(1)) };
    strip.draws = setter.one_line(&text, NOTE, Area::new(0.0, 0.0, width, NOTE.height(1)), Align::Left)?;
    Ok(strip)
}
