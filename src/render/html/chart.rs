//! Charts on a page: the drawings of `render::chart` as inline pictures, with their numbers as a table to open.

use super::caption::{CaptionView, Place};
use crate::domain::cell::Cell;
use crate::domain::chart::Chart;
use crate::domain::document::Align;
use crate::render::chart::drawing::{Drawing, Shape, TEXT_LINE, TEXT_SIZE};
use crate::render::chart::drawings;
use crate::render::geometry::{Area, Grey};

/// Width of a drawing in points; the page scales it.
const WIDTH: f32 = 487.0;

/// Baseline of a text below the top of its line, in parts of the line.
const BASELINE: f32 = 0.78;

/// A chart as the template prints it.
pub(super) struct ChartView<'a> {
    pub(super) chart: &'a Chart,
    pub(super) caption: CaptionView<'a>,
    pub(super) axis: Option<String>,
    pub(super) alternative: String,
    pub(super) pictures: Vec<Picture>,
    pub(super) rows: Vec<Vec<String>>,
}

/// A drawing.
pub(super) struct Picture {
    pub(super) width: String,
    pub(super) height: String,
    pub(super) view: String,
    pub(super) type_size: String,
    pub(super) shapes: Vec<ShapeView>,
}

/// A shape with its lengths written out.
pub(super) enum ShapeView {
    Fill { x: String, y: String, width: String, height: String, grey: String },
    Line { from: (String, String), to: (String, String), width: String, grey: String },
    Text { x: String, y: String, anchor: &'static str, text: String, grey: String },
}

impl<'a> ChartView<'a> {
    pub(super) fn of(chart: &'a Chart, place: &mut Place<'a, '_>) -> Self {
        let row = |mark: &crate::domain::chart::ChartMark| {
            let parts = mark.parts.iter().map(|n| Cell::Count(*n).display());
            [mark.label.clone(), mark.printed()].into_iter().chain(parts).collect()
        };
        Self {
            chart,
            caption: CaptionView::of_chart(&chart.id, &chart.title, &chart.basis, place),
            axis: chart.axis_note(),
            alternative: chart.alternative(),
            pictures: drawings(chart, WIDTH).iter().map(Picture::of).collect(),
            rows: chart.marks.iter().map(row).collect(),
        }
    }
}

impl Picture {
    fn of(drawing: &Drawing) -> Self {
        // Lines at the edges are as thick outside as inside.
        let (width, height) = (drawing.width + 4.0, drawing.height + 2.0);
        Self {
            view: format!("-2 -1 {} {}", length(width), length(height)),
            type_size: length(TEXT_SIZE),
            width: length(width),
            height: length(height),
            shapes: drawing.shapes.iter().map(ShapeView::of).collect(),
        }
    }
}

impl ShapeView {
    fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Fill(area, shade) => Self::Fill {
                x: length(area.x),
                y: length(area.y),
                width: length(area.width),
                height: length(area.height),
                grey: grey(*shade),
            },
            Shape::Line { from, to, width, grey: shade } => Self::Line {
                from: (length(from.0), length(from.1)),
                to: (length(to.0), length(to.1)),
                width: length(*width),
                grey: grey(*shade),
            },
            Shape::Text { area, align, text, grey: shade } => {
                let (x, anchor) = anchor(*area, *align);
                let y = length(area.y + TEXT_LINE * BASELINE);
                Self::Text { x, y, anchor, text: text.clone(), grey: grey(*shade) }
            }
        }
    }
}

fn anchor(area: Area, align: Align) -> (String, &'static str) {
    match align {
        Align::Left => (length(area.x), "start"),
        Align::Centre => (length(area.x + area.width / 2.0), "middle"),
        Align::Right => (length(area.right()), "end"),
    }
}

fn length(points: f32) -> String {
    let text = format!("{points:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

fn grey(shade: Grey) -> String {
    let percent = format!("{:.0}%", shade.0 * 100.0);
    format!("rgb({percent},{percent},{percent})")
}
