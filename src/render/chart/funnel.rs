//! What is left at each stage of the whole: bars in the middle, each joined to the one below it.

use super::drawing::{BAR, BLACK, Drawing, HAIR, TEXT_GAP, TEXT_LINE, text_width, widest};
use crate::domain::chart::{Chart, ChartMark};
use crate::domain::document::Align;
use crate::render::geometry::Area;
use crate::render::scalar::{count, share};

const BAR_HEIGHT: f32 = 17.0;
/// Between two bars.
const BETWEEN: f32 = 8.0;
/// The longest bar.
const LONGEST: f32 = 300.0;

pub(super) fn draw(chart: &Chart, width: f32) -> Drawing {
    let name = widest(chart.marks.iter().map(|mark| mark.label.as_str())).min(width * 0.35);
    let field = (width - name - 3.0 * TEXT_GAP).min(LONGEST);
    let most = chart.marks.iter().filter_map(ChartMark::number).fold(1, i64::max);
    let height = (BAR_HEIGHT + BETWEEN) * count(chart.marks.len()) - BETWEEN;
    let mut drawing = Drawing::blank(name + 3.0 * TEXT_GAP + field, height);
    let middle = name + 3.0 * TEXT_GAP + field / 2.0;
    let bar = |at: usize, mark: &ChartMark| {
        let length = share(mark.number().unwrap_or(0), 0, most) * field;
        Area::new(middle - length / 2.0, (BAR_HEIGHT + BETWEEN) * count(at), length, BAR_HEIGHT)
    };
    let bars: Vec<Area> = chart.marks.iter().enumerate().map(|(at, mark)| bar(at, mark)).collect();
    for two in bars.windows(2) {
        drawing.line((two[0].x, two[0].bottom()), (two[1].x, two[1].y), 0.5, HAIR);
        drawing.line((two[0].right(), two[0].bottom()), (two[1].right(), two[1].y), 0.5, HAIR);
    }
    for (mark, bar) in chart.marks.iter().zip(bars) {
        drawing.fill(bar, BAR);
        let y = bar.y + (BAR_HEIGHT - TEXT_LINE) / 2.0;
        drawing.text(Area::new(0.0, y, name, TEXT_LINE), Align::Right, mark.label.as_str());
        let text = mark.printed();
        // A value wider than its bar stands over it, black on whatever is there.
        let half = (text_width(&text) / 2.0).max(bar.width / 2.0);
        drawing.text_in(Area::new(middle - half, y, 2.0 * half, TEXT_LINE), Align::Centre, text, BLACK);
    }
    drawing
}
