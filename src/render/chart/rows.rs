//! Lying bars in official order, each in parts where the chart names some.

use super::drawing::{BAR, BLACK, Drawing, HAIR, TEXT_GAP, TEXT_LINE, WHITE, text_width, widest};
use crate::domain::chart::{Chart, ChartMark};
use crate::domain::document::Align;
use crate::render::geometry::{Area, Grey};
use crate::render::scalar::{count, share};

/// Distance of two bars.
const ROW: f32 = 12.4;
/// Distance of two bars whose parts are printed.
const ROW_OF_PARTS: f32 = 16.0;
/// Height of a bar as part of its row.
const BAR_PART: f32 = 0.66;
/// More bars than this stand in two columns.
const MOST_IN_A_COLUMN: usize = 12;
/// White space between two columns of bars.
const COLUMN_GAP: f32 = 22.0;
/// Rows of bars to a piece, so that a long chart can be torn between pages.
const ROWS_TO_A_PIECE: usize = 24;
/// Shades of parts, neighbours well apart; repeated when there are more parts.
const SHADES: [Grey; 6] = [Grey(0.32), Grey(0.85), Grey(0.55), Grey(1.0), Grey(0.7), Grey(0.45)];
/// Names of parts get at most this part of the width.
const WIDEST_NAME: f32 = 0.4;

/// Where things stand from left to right in a row, and how long the longest bar is.
struct Lengths {
    left: f32,
    name: f32,
    bar: f32,
    value: f32,
    most: i64,
}

pub(super) fn draw(chart: &Chart, width: f32) -> Vec<Drawing> {
    let n_columns = if chart.parts.is_empty() && chart.marks.len() > MOST_IN_A_COLUMN { 2 } else { 1 };
    let mut out: Vec<Drawing> = legend(chart, width).into_iter().collect();
    let per_column = chart.marks.len().div_ceil(n_columns);
    let columns: Vec<&[ChartMark]> = chart.marks.chunks(per_column).collect();
    let row = if chart.parts.is_empty() { ROW } else { ROW_OF_PARTS };
    for from in (0..per_column).step_by(ROWS_TO_A_PIECE) {
        let to = (from + ROWS_TO_A_PIECE).min(per_column);
        let mut drawing = Drawing::blank(width, row * count(to - from));
        for (nth, marks) in columns.iter().enumerate() {
            let lengths = Lengths::of(chart, width, (nth, n_columns));
            let shown = marks.get(from..to.min(marks.len())).unwrap_or_default();
            for (at, mark) in shown.iter().enumerate() {
                one_row(&mut drawing, mark, &lengths, (row * count(at), row));
            }
            let height = row * count(shown.len());
            drawing.line((lengths.bar_left(), 0.0), (lengths.bar_left(), height), 0.8, BLACK);
        }
        out.push(drawing);
    }
    out
}

impl Lengths {
    fn of(chart: &Chart, width: f32, (nth, n_columns): (usize, usize)) -> Self {
        let whole = (width - COLUMN_GAP * count(n_columns - 1)) / count(n_columns);
        let name = widest(chart.marks.iter().map(|mark| mark.label.as_str())).min(whole * WIDEST_NAME);
        let printed: Vec<String> = chart.marks.iter().map(ChartMark::printed).collect();
        let value = widest(printed.iter().map(String::as_str));
        Self {
            left: (whole + COLUMN_GAP) * count(nth),
            name,
            bar: (whole - name - value - 3.0 * TEXT_GAP).max(1.0),
            value,
            most: chart.marks.iter().filter_map(ChartMark::number).fold(1, i64::max),
        }
    }

    fn bar_left(&self) -> f32 {
        self.left + self.name + TEXT_GAP
    }

    fn length(&self, n: i64) -> f32 {
        share(n, 0, self.most) * self.bar
    }
}

fn one_row(drawing: &mut Drawing, mark: &ChartMark, lengths: &Lengths, (top, row): (f32, f32)) {
    let text_top = top + (row - TEXT_LINE) / 2.0;
    drawing.text(Area::new(lengths.left, text_top, lengths.name, TEXT_LINE), Align::Right, mark.label.as_str());
    let whole = mark.number().unwrap_or(0).max(0);
    let height = row * BAR_PART;
    let bar = Area::new(lengths.bar_left(), top + (row - height) / 2.0, lengths.length(whole), height);
    if mark.parts.is_empty() {
        drawing.fill(bar, BAR);
    } else {
        parts(drawing, mark, lengths, bar);
    }
    let after = Area::new(bar.right() + TEXT_GAP, text_top, lengths.value, TEXT_LINE);
    drawing.text(after, Align::Left, mark.printed());
}

/// The parts of a bar, each with its number where that fits in.
fn parts(drawing: &mut Drawing, mark: &ChartMark, lengths: &Lengths, bar: Area) {
    let mut sum = 0;
    for (n, shade) in mark.parts.iter().zip(SHADES.iter().cycle()) {
        let from = bar.x + lengths.length(sum);
        sum += n;
        let area = Area::new(from, bar.y, bar.x + lengths.length(sum) - from, bar.height);
        drawing.fill(area, *shade);
        let text = ChartMark::count("", *n).printed();
        if text_width(&text) + TEXT_GAP <= area.width {
            let line = Area { y: bar.y + (bar.height - TEXT_LINE) / 2.0, height: TEXT_LINE, ..area };
            drawing.text_in(line, Align::Centre, text, on(*shade));
        }
        drawing.line((area.right(), bar.y), (area.right(), bar.bottom()), 0.5, BLACK);
    }
    drawing.frame(bar, 0.5, BLACK);
}

/// A text that can be read on a shade.
fn on(shade: Grey) -> Grey {
    if shade.0 < 0.6 { WHITE } else { BLACK }
}

/// Which shade is which part.
fn legend(chart: &Chart, width: f32) -> Option<Drawing> {
    const SWATCH: f32 = 9.0;
    const BETWEEN: f32 = 12.0;
    if chart.parts.is_empty() {
        return None;
    }
    let mut drawing = Drawing::blank(width, 0.0);
    let (mut x, mut y) = (0.0, 0.0);
    for (name, shade) in chart.parts.iter().zip(SHADES.iter().cycle()) {
        let needed = SWATCH + TEXT_GAP + text_width(name);
        if x > 0.0 && x + needed > width {
            (x, y) = (0.0, y + TEXT_LINE + 2.0);
        }
        let swatch = Area::new(x, y + 1.5, SWATCH, SWATCH - 1.0);
        drawing.fill(swatch, *shade);
        drawing.frame(swatch, 0.4, HAIR);
        let room = text_width(name).min(width - SWATCH - TEXT_GAP);
        drawing.text(Area::new(x + SWATCH + TEXT_GAP, y, room, TEXT_LINE), Align::Left, name.as_str());
        x += needed + BETWEEN;
    }
    drawing.height = y + TEXT_LINE;
    Some(drawing)
}
