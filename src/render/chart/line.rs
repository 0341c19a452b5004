//! A line through the values of several days, each with its value where there is room for it.

use std::cmp::Ordering;

use super::drawing::{BLACK, Drawing, FIELD_HEIGHT, HAIR, Scale, TEXT_GAP, TEXT_LINE, cut_open, text_width, widest};
use crate::domain::chart::Chart;
use crate::domain::document::Align;
use crate::render::geometry::Area;
use crate::render::scalar::count;

/// Few days stay near each other.
const WIDEST_SLOT: f32 = 90.0;
/// Size of the marks on the line.
const POINT: f32 = 4.2;
/// Room under the lowest point for its value.
const BELOW: f32 = TEXT_LINE + POINT;
/// Where the axis is cut open when it does not begin at zero, above the foot.
const CUT_ABOVE_FOOT: f32 = 6.0;

/// A day of the chart.
struct Point {
    x: f32,
    y: f32,
    value: i64,
    at: usize,
}

pub(super) fn draw(chart: &Chart, width: f32) -> Drawing {
    let slot = (width / count(chart.marks.len())).min(WIDEST_SLOT);
    let width = slot * count(chart.marks.len());
    let foot = TEXT_LINE + FIELD_HEIGHT + BELOW;
    let mut drawing = Drawing::blank(width, foot + TEXT_LINE + 6.0);
    let points = points(chart, slot, foot);
    drawing.line((0.0, foot), (width, foot), 0.8, BLACK);
    drawing.line((0.0, TEXT_LINE), (0.0, foot), 0.8, BLACK);
    if chart.axis_from != 0 {
        cut_open(&mut drawing, (-1.0, 1.0), foot - CUT_ABOVE_FOOT);
    }
    for point in &points {
        drawing.line((point.x, foot), (point.x, foot + 2.5), 0.5, HAIR);
    }
    for two in points.windows(2) {
        // A day without a value between them is no line.
        if two[1].at == two[0].at + 1 {
            drawing.line((two[0].x, two[0].y), (two[1].x, two[1].y), 1.2, BLACK);
        }
    }
    for point in &points {
        let half = POINT / 2.0;
        drawing.fill(Area::new(point.x - half, point.y - half, POINT, POINT), BLACK);
    }
    values(&mut drawing, chart, &points, slot);
    days(&mut drawing, chart, slot, foot + 3.0);
    drawing
}

fn points(chart: &Chart, slot: f32, foot: f32) -> Vec<Point> {
    let scale = Scale::of(chart);
    let point = |(at, mark): (usize, &crate::domain::chart::ChartMark)| {
        let value = mark.number()?;
        let y = foot - BELOW - scale.place(value, FIELD_HEIGHT);
        Some(Point { x: slot * (count(at) + 0.5), y, value, at })
    };
    chart.marks.iter().enumerate().filter_map(point).collect()
}

/// Values stand above the line, in a valley below it. Where they are too many, those at the ends, the largest and the
/// smallest stand there.
fn values(drawing: &mut Drawing, chart: &Chart, points: &[Point], slot: f32) {
    let printed: Vec<String> = points.iter().map(|point| chart.marks[point.at].printed()).collect();
    let has_room = widest(printed.iter().map(String::as_str)) + TEXT_GAP <= slot;
    let told = told(points);
    for (nth, (point, text)) in points.iter().zip(&printed).enumerate() {
        if !has_room && !told.contains(&nth) {
            continue;
        }
        let y = if is_valley(points, nth) { point.y + POINT / 2.0 + 1.0 } else { point.y - POINT / 2.0 - TEXT_LINE };
        let half = (text_width(text) / 2.0).max(slot / 2.0 - TEXT_GAP);
        let left = (point.x - half).clamp(0.0, (drawing.width - 2.0 * half).max(0.0));
        drawing.text(Area::new(left, y, 2.0 * half, TEXT_LINE), Align::Centre, text.as_str());
    }
}

/// Whether the line goes up from a point to all sides.
fn is_valley(points: &[Point], nth: usize) -> bool {
    let before = nth.checked_sub(1).map(|before| &points[before]);
    let mut beside = before.into_iter().chain(points.get(nth + 1)).peekable();
    beside.peek().is_some() && beside.all(|other| other.value > points[nth].value)
}

/// Places of the first and last point, and of the first that is largest and smallest.
fn told(points: &[Point]) -> Vec<usize> {
    let extreme = |wanted: Ordering| {
        let better =
            |best: usize, at: usize| if points[at].value.cmp(&points[best].value) == wanted { at } else { best };
        (1..points.len()).fold(0, better)
    };
    vec![0, points.len().saturating_sub(1), extreme(Ordering::Greater), extreme(Ordering::Less)]
}

/// Names of the days; every second, third … where there is no room for all, counted from the last.
fn days(drawing: &mut Drawing, chart: &Chart, slot: f32, y: f32) {
    let needed = widest(chart.marks.iter().map(|mark| mark.label.as_str())) * 0.8 + TEXT_GAP;
    let step = (1..=chart.marks.len()).find(|step| count(*step) * slot >= needed).unwrap_or(1);
    let last = chart.marks.len() - 1;
    for (at, mark) in chart.marks.iter().enumerate().filter(|(at, _)| (last - at).is_multiple_of(step)) {
        let room = slot * count(step) - TEXT_GAP;
        let left = (slot * (count(at) + 0.5) - room / 2.0).clamp(0.0, (drawing.width - room).max(0.0));
        drawing.text(Area::new(left, y, room, TEXT_LINE), Align::Centre, mark.label.as_str());
    }
}
