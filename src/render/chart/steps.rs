//! From the first mark to the last, each change between them from where the one before ended.
//!
//! What adds is a full bar, what takes away an empty one: black and white tell them apart.

use super::columns::{BAR_PART, WIDEST_SLOT, bar};
use super::drawing::{BAR, BLACK, Drawing, FIELD_HEIGHT, HAIR, Scale, TEXT_GAP, TEXT_LINE, WHITE, widest};
use crate::domain::chart::Chart;
use crate::domain::document::Align;
use crate::render::geometry::Area;
use crate::render::scalar::count;

pub(super) fn draw(chart: &Chart, width: f32) -> Drawing {
    let steps = steps(chart);
    let named = widest(chart.marks.iter().map(|mark| mark.label.as_str())) + 2.0 * TEXT_GAP;
    let slot = (width / count(steps.len())).min(WIDEST_SLOT.max(named));
    let width = slot * count(steps.len());
    let mut drawing = Drawing::blank(width, 2.0 * TEXT_LINE + FIELD_HEIGHT + 6.0);
    let foot = TEXT_LINE + FIELD_HEIGHT;
    let scale = Scale::new(steps.iter().flat_map(|(from, to)| [*from, *to]), chart.axis_from);
    let height = |value: i64| foot - scale.place(value, FIELD_HEIGHT);
    for (at, (mark, (from, to))) in chart.marks.iter().zip(&steps).enumerate() {
        let (top, bottom) = (height(*from.max(to)), height(*from.min(to)));
        let area = Area::new(slot * (count(at) + (1.0 - BAR_PART) / 2.0), top, slot * BAR_PART, bottom - top);
        if at == 0 || at + 1 == steps.len() {
            bar(&mut drawing, area, (height(scale.axis), scale.axis));
        } else {
            drawing.fill(area, if to > from { BAR } else { WHITE });
            drawing.frame(area, 0.6, BLACK);
        }
        if at + 1 < steps.len() {
            let (left, level) = (area.right(), height(*to));
            drawing.line((left, level), (left + slot * (1.0 - BAR_PART), level), 0.5, HAIR);
        }
        let room = Area::new(slot * count(at) + TEXT_GAP / 2.0, top - TEXT_LINE, slot - TEXT_GAP, TEXT_LINE);
        drawing.text(room, Align::Centre, mark.printed());
        drawing.text(Area { y: foot + 3.0, ..room }, Align::Centre, mark.label.as_str());
    }
    drawing.line((0.0, foot), (width, foot), 0.8, BLACK);
    drawing
}

/// Where each mark begins and ends: the first and the last from the axis, the others from where the one before ended.
fn steps(chart: &Chart) -> Vec<(i64, i64)> {
    let last = chart.marks.len() - 1;
    let mut level = chart.axis_from;
    let mut out = Vec::with_capacity(chart.marks.len());
    for (at, mark) in chart.marks.iter().enumerate() {
        let value = mark.number().unwrap_or(0);
        let (from, to) = if at == 0 || at == last { (chart.axis_from, value) } else { (level, level + value) };
        out.push((from, to));
        level = to;
    }
    out
}
