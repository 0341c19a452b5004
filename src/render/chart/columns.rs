//! Upright bars with their values above them.
//!
//! Many bars go onto several panels with one common scale.

use super::drawing::{BAR, BLACK, Drawing, FIELD_HEIGHT, Scale, TEXT_GAP, TEXT_LINE, cut_open, text_width};
use crate::domain::chart::{Chart, ChartMark};
use crate::domain::document::Align;
use crate::render::geometry::Area;
use crate::render::scalar::count;

/// A chart with few bars keeps its bars near each other.
pub(super) const WIDEST_SLOT: f32 = 74.0;
/// Part of a slot that the bar takes.
pub(super) const BAR_PART: f32 = 0.5;
/// Bars that stand on another value than zero are cut this far above the axis.
const CUT_ABOVE_AXIS: f32 = 7.0;

pub(super) fn draw(chart: &Chart, width: f32) -> Vec<Drawing> {
    let per_panel = marks_per_panel(&chart.marks, width);
    let scale = Scale::of(chart);
    let slot = (width / count(per_panel)).min(WIDEST_SLOT);
    chart.marks.chunks(per_panel).map(|marks| panel(marks, &scale, slot)).collect()
}

/// As many bars as have room for their texts without condensing values and with labels condensed to 70 %.
fn marks_per_panel(marks: &[ChartMark], width: f32) -> usize {
    let needed = |mark: &ChartMark| text_width(&mark.printed()).max(text_width(&mark.label) * 0.7);
    let widest = marks.iter().map(needed).fold(1.0, f32::max) + TEXT_GAP;
    let most = (1..=marks.len()).take_while(|n| count(*n) * widest <= width).last().unwrap_or(1);
    let n_panels = marks.len().div_ceil(most).max(1);
    marks.len().div_ceil(n_panels).max(1)
}

fn panel(marks: &[ChartMark], scale: &Scale, slot: f32) -> Drawing {
    let width = slot * count(marks.len());
    let mut drawing = Drawing::blank(width, 2.0 * TEXT_LINE + FIELD_HEIGHT + 6.0);
    let foot = TEXT_LINE + FIELD_HEIGHT;
    let axis = foot - scale.place(scale.axis, FIELD_HEIGHT);
    for (at, mark) in marks.iter().enumerate() {
        let left = slot * count(at);
        let mut top = axis;
        if let Some(value) = mark.number() {
            top = foot - scale.place(value.max(scale.axis), FIELD_HEIGHT);
            let bottom = foot - scale.place(value.min(scale.axis), FIELD_HEIGHT);
            let area = Area::new(left + slot * (1.0 - BAR_PART) / 2.0, top, slot * BAR_PART, bottom - top);
            bar(&mut drawing, area, (axis, scale.axis));
        }
        let room = Area::new(left + TEXT_GAP / 2.0, top - TEXT_LINE, slot - TEXT_GAP, TEXT_LINE);
        drawing.text(room, Align::Centre, mark.printed());
        drawing.text(Area { y: foot + 3.0, ..room }, Align::Centre, mark.label.as_str());
    }
    drawing.line((0.0, axis), (width, axis), 0.8, BLACK);
    drawing
}

/// A bar on an axis; cut open where the axis is not zero.
pub(super) fn bar(drawing: &mut Drawing, area: Area, (axis, axis_value): (f32, i64)) {
    drawing.fill(area, BAR);
    if axis_value != 0 && area.height > 2.0 * CUT_ABOVE_AXIS {
        cut_open(drawing, (area.x, area.right()), axis - CUT_ABOVE_AXIS);
    }
}
