//! The prefectures as tiles, each about where it lies: the darker, the larger its value.

use super::drawing::{Drawing, HAIR, TEXT_GAP, TEXT_LINE, text_width};
use crate::domain::chart::{Chart, ChartMark};
use crate::domain::document::Align;
use crate::render::geometry::{Area, Grey};
use crate::render::scalar::count;

/// Width of a tile, with the white space to the next one.
const TILE_WIDTH: f32 = 36.0;
/// Height of a tile, with the white space to the next one.
const TILE_HEIGHT: f32 = 25.0;
/// White space between tiles.
const BETWEEN: f32 = 1.6;
/// From the smallest values to the largest; black type is read on each of them.
const SHADES: [Grey; 5] = [Grey(1.0), Grey(0.92), Grey(0.83), Grey(0.73), Grey(0.62)];

/// Column and line of each prefecture, by its code from 01.
const PLACES: [(u8, u8); 47] = [
    (12, 0), // 北海道
    (12, 1), // 青森
    (12, 2), // 岩手
    (12, 3), // 宮城
    (11, 2), // 秋田
    (11, 3), // 山形
    (11, 4), // 福島
    (12, 5), // 茨城
    (11, 5), // 栃木
    (10, 5), // 群馬
    (10, 6), // 埼玉
    (12, 6), // 千葉
    (11, 6), // 東京
    (11, 7), // 神奈川
    (10, 4), // 新潟
    (9, 4),  // 富山
    (8, 4),  // 石川
    (7, 5),  // 福井
    (9, 6),  // 山梨
    (9, 5),  // 長野
    (8, 5),  // 岐阜
    (9, 7),  // 静岡
    (8, 6),  // 愛知
    (7, 7),  // 三重
    (7, 6),  // 滋賀
    (6, 5),  // 京都
    (5, 6),  // 大阪
    (5, 5),  // 兵庫
    (6, 6),  // 奈良
    (6, 7),  // 和歌山
    (4, 5),  // 鳥取
    (3, 5),  // 島根
    (4, 6),  // 岡山
    (3, 6),  // 広島
    (2, 6),  // 山口
    (4, 8),  // 徳島
    (4, 7),  // 香川
    (3, 7),  // 愛媛
    (3, 8),  // 高知
    (1, 7),  // 福岡
    (0, 7),  // 佐賀
    (0, 8),  // 長崎
    (1, 8),  // 熊本
    (2, 7),  // 大分
    (2, 8),  // 宮崎
    (1, 9),  // 鹿児島
    (0, 9),  // 沖縄
];

/// Lines of tiles.
const N_LINES: usize = 10;
/// Columns of tiles.
const N_COLUMNS: usize = 13;

pub(super) fn draw(chart: &Chart, width: f32) -> Drawing {
    let classes = Classes::of(chart);
    let tile_width = TILE_WIDTH.min(width / count(N_COLUMNS));
    let mut drawing = Drawing::blank(tile_width * count(N_COLUMNS), TILE_HEIGHT * count(N_LINES));
    for mark in &chart.marks {
        let Some((column, line)) = place(&mark.code) else { continue };
        let (left, top) = (tile_width * f32::from(column), TILE_HEIGHT * f32::from(line));
        let area = Area::new(left, top, tile_width - BETWEEN, TILE_HEIGHT - BETWEEN);
        drawing.fill(area, mark.number().map_or(SHADES[0], |n| SHADES[classes.class(n)]));
        drawing.frame(area, 0.4, HAIR);
        let text = Area::new(left, top + 0.4, area.width, TEXT_LINE);
        drawing.text(text, Align::Centre, mark.label.as_str());
        drawing.text(Area { y: text.y + TEXT_LINE - 0.6, ..text }, Align::Centre, mark.printed());
    }
    legend(&mut drawing, chart, &classes);
    drawing
}

fn place(code: &str) -> Option<(u8, u8)> {
    let number: usize = code.parse().ok()?;
    PLACES.get(number.checked_sub(1)?).copied()
}

/// Classes of equal width between the smallest and the largest value.
struct Classes {
    low: i64,
    high: i64,
}

impl Classes {
    fn of(chart: &Chart) -> Self {
        let numbers = || chart.marks.iter().filter_map(ChartMark::number);
        Self { low: numbers().min().unwrap_or(0), high: numbers().max().unwrap_or(0) }
    }

    fn n(&self) -> i64 {
        i64::try_from(SHADES.len()).unwrap_or(i64::MAX)
    }

    /// The least value of a class.
    fn from(&self, class: usize) -> i64 {
        let class = i64::try_from(class).unwrap_or(0);
        // Rounded up: a value on the border belongs to the upper class.
        let span = (self.high - self.low) * class;
        self.low + span / self.n() + i64::from(span % self.n() != 0)
    }

    fn class(&self, value: i64) -> usize {
        (1..SHADES.len()).rev().find(|class| value >= self.from(*class) && self.high > self.low).unwrap_or(0)
    }
}

/// Which shade stands for which values, in the empty field of the upper left.
fn legend(drawing: &mut Drawing, chart: &Chart, classes: &Classes) {
    const SWATCH: (f32, f32) = (18.0, 11.0);
    let Some(sample) = chart.marks.iter().find(|mark| mark.number().is_some()) else { return };
    let printed = |n: i64| ChartMark { value: like(sample, n), ..ChartMark::count("", n) }.printed();
    let shown: Vec<usize> = (0..SHADES.len()).filter(|class| *class == 0 || classes.high > classes.low).collect();
    for (nth, class) in shown.into_iter().rev().enumerate() {
        let top = (SWATCH.1 + 4.0) * count(nth);
        let swatch = Area::new(0.0, top, SWATCH.0, SWATCH.1);
        drawing.fill(swatch, SHADES[class]);
        drawing.frame(swatch, 0.4, HAIR);
        let text = format!("{}以上", printed(if class == 0 { classes.low } else { classes.from(class) }));
        let room = Area::new(SWATCH.0 + TEXT_GAP, top, text_width(&text), TEXT_LINE);
        drawing.text(room, Align::Left, text);
    }
}

/// A value that is printed as the values of the chart are.
fn like(sample: &ChartMark, n: i64) -> crate::domain::cell::Cell {
    use crate::domain::cell::Cell;
    match sample.value {
        Cell::PercentTenths(_) => Cell::PercentTenths(n),
        Cell::Difference(_) => Cell::Difference(n),
        _ => Cell::Count(n),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_prefecture_has_a_tile_of_its_own() {
        assert_eq!(PLACES.iter().collect::<HashSet<_>>().len(), 47);
        assert!(PLACES.iter().all(|(x, y)| usize::from(*x) < N_COLUMNS && usize::from(*y) < N_LINES));
        assert_eq!((place("01"), place("47"), place("13")), (Some((12, 0)), Some((0, 9)), Some((11, 6))));
        assert_eq!((place("00"), place("48"), place("")), (None, None, None));
    }

    #[test]
    fn classes_hold_both_ends() {
        let classes = Classes { low: 380, high: 700 };
        assert_eq!((classes.class(380), classes.class(700), classes.class(443), classes.class(444)), (0, 4, 0, 1));
        let one = Classes { low: 5, high: 5 };
        assert_eq!(one.class(5), 0);
    }
}
