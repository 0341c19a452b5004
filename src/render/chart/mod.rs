//! Charts as drawings: which lines, shades and texts stand where, for the paper and the page alike.
//!
//! Grey-safe: nothing is told by colour, and every value is printed. One file for each way of drawing, on what `drawing`
//! has. Start reading at [`drawings`].

mod columns;
pub(super) mod drawing;
mod funnel;
mod line;
mod rows;
mod steps;
mod tiles;

use self::drawing::Drawing;
use crate::domain::chart::{Chart, ChartShape};

/// Draws a chart into a width; nothing where it has no marks.
pub(super) fn drawings(chart: &Chart, width: f32) -> Vec<Drawing> {
    if chart.marks.is_empty() {
        return Vec::new();
    }
    match chart.shape {
        ChartShape::Columns => columns::draw(chart, width),
        ChartShape::Line => vec![line::draw(chart, width)],
        ChartShape::Rows => rows::draw(chart, width),
        ChartShape::Funnel => vec![funnel::draw(chart, width)],
        ChartShape::Steps => vec![steps::draw(chart, width)],
        ChartShape::Tiles => vec![tiles::draw(chart, width)],
    }
}

#[cfg(test)]
mod tests;
