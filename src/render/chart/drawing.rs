//! What all charts are drawn with: shapes on a field, and the scale of it.
//!
//! Widths of texts are those of a type whose Japanese characters are twice as wide as digits; a text that is wider all the
//! same is condensed by whoever sets it.

use crate::domain::chart::{Chart, ChartMark};
use crate::domain::document::Align;
use crate::render::geometry::{Area, Grey};
use crate::render::scalar::{count, share};

/// Type size of all texts in a chart.
pub(in crate::render) const TEXT_SIZE: f32 = 8.6;
/// Height of a line of text.
pub(in crate::render) const TEXT_LINE: f32 = TEXT_SIZE * 1.3;
/// Height of the field between the value of the tallest bar and the axis.
pub(super) const FIELD_HEIGHT: f32 = 96.0;
/// White space between two texts side by side.
pub(super) const TEXT_GAP: f32 = 3.0;

pub(super) const BLACK: Grey = Grey(0.0);
pub(super) const WHITE: Grey = Grey(1.0);
/// Bars.
pub(super) const BAR: Grey = Grey(0.62);
/// Lines that lead the eye and carry no value.
pub(super) const HAIR: Grey = Grey(0.6);

/// A piece of a chart that is never torn.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::render) struct Drawing {
    /// Width of what is drawn.
    pub width: f32,
    /// Height of what is drawn.
    pub height: f32,
    /// From back to front.
    pub shapes: Vec<Shape>,
}

/// A thing that is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::render) enum Shape {
    /// A filled rectangle.
    Fill(Area, Grey),
    /// A straight line.
    Line {
        /// Start, x then y.
        from: (f32, f32),
        /// End, x then y.
        to: (f32, f32),
        /// Thickness.
        width: f32,
        /// Shade.
        grey: Grey,
    },
    /// A line of text in a box as high as the line.
    Text {
        /// The box.
        area: Area,
        /// Where in the box.
        align: Align,
        /// What it says.
        text: String,
        /// Shade.
        grey: Grey,
    },
}

impl Drawing {
    pub(super) fn blank(width: f32, height: f32) -> Self {
        Self { width, height, shapes: Vec::new() }
    }

    pub(super) fn fill(&mut self, area: Area, grey: Grey) {
        self.shapes.push(Shape::Fill(area, grey));
    }

    pub(super) fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, grey: Grey) {
        self.shapes.push(Shape::Line { from, to, width, grey });
    }

    pub(super) fn frame(&mut self, area: Area, width: f32, grey: Grey) {
        let (left, top, right, bottom) = (area.x, area.y, area.right(), area.bottom());
        // Half a thickness more at both ends closes the corners.
        let half = width / 2.0;
        for y in [top, bottom] {
            self.line((left - half, y), (right + half, y), width, grey);
        }
        for x in [left, right] {
            self.line((x, top), (x, bottom), width, grey);
        }
    }

    pub(super) fn text(&mut self, area: Area, align: Align, text: impl Into<String>) {
        self.text_in(area, align, text, BLACK);
    }

    pub(super) fn text_in(&mut self, area: Area, align: Align, text: impl Into<String>, grey: Grey) {
        let text = text.into();
        if !text.is_empty() {
            self.shapes.push(Shape::Text { area, align, text, grey });
        }
    }
}

/// The values at the ends of the field and at the axis.
pub(super) struct Scale {
    low: i64,
    pub(super) axis: i64,
    high: i64,
}

impl Scale {
    pub(super) fn new(values: impl Iterator<Item = i64> + Clone, axis: i64) -> Self {
        let low = values.clone().fold(axis, i64::min);
        Self { low, axis, high: values.fold(axis, i64::max) }
    }

    pub(super) fn of(chart: &Chart) -> Self {
        Self::new(chart.marks.iter().filter_map(ChartMark::number), chart.axis_from)
    }

    /// Distance of a value from the low end, of a field this long.
    pub(super) fn place(&self, value: i64, field: f32) -> f32 {
        share(value, self.low, self.high) * field
    }
}

/// Width of a text in points.
pub(super) fn text_width(text: &str) -> f32 {
    let halves: usize = text.chars().map(|c| if c.is_ascii() || matches!(c, '｡'..='ﾟ') { 1 } else { 2 }).sum();
    count(halves) * TEXT_SIZE / 2.0
}

pub(super) fn widest<'t>(texts: impl Iterator<Item = &'t str>) -> f32 {
    texts.map(text_width).fold(0.0, f32::max)
}

/// A white slanted gap in an upright thing from `left` to `right`: it does not begin at zero.
pub(super) fn cut_open(drawing: &mut Drawing, (left, right): (f32, f32), middle: f32) {
    for (dy, width, grey) in [(0.0, 3.2, WHITE), (-1.6, 0.5, BLACK), (1.6, 0.5, BLACK)] {
        drawing.line((left - 2.0, middle + 2.0 + dy), (right + 2.0, middle - 2.0 + dy), width, grey);
    }
}
