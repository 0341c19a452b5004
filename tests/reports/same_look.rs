//! Pages as pictures, and whether two of them show the same.
//!
//! poppler puts glyphs on quarters of a pixel. Of two files that place a glyph at the same point one may therefore show it a
//! quarter of a pixel farther on, where that point lies between two quarters. What may differ is what this explains, and no more.

use super::pdf_tools::pixmaps;

/// Resolution of the pictures: no simple part of 72, else edges that papers put on round lengths lie between two pixels.
const DPI: u32 = 61;
/// Levels by which a pixel at an edge may differ: a quarter of black, and a little for rounding.
const QUARTER: u8 = 72;
/// Levels by which an even area may differ.
const SAME_SHADE: u8 = 2;
/// Anything darker is printed; the lightest shade of a paper is at 246.
const PAPER: u8 = 253;

/// A page in levels of grey, row by row from the top; 0 is black.
pub struct Picture {
    width: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// All pages of a file.
    #[track_caller]
    pub fn of(pdf: &[u8]) -> Vec<Self> {
        pixmaps(pdf, DPI).into_iter().map(|(width, pixels)| Self { width, pixels }).collect()
    }

    /// The darkest and the lightest level of a pixel and those around it.
    fn around(&self, at: usize) -> (u8, u8) {
        let (row, column) = (at / self.width, at % self.width);
        let height = self.pixels.len() / self.width;
        let rows = row.saturating_sub(1)..=(row + 1).min(height - 1);
        let columns = column.saturating_sub(1)..=(column + 1).min(self.width - 1);
        let levels = rows.flat_map(|row| columns.clone().map(move |column| self.pixels[row * self.width + column]));
        levels.fold((u8::MAX, 0), |(low, high), level| (low.min(level), high.max(level)))
    }

    /// What this one shows at a pixel and another does not show there or beside it.
    fn strays(&self, at: usize, other: &Self) -> bool {
        let (level, (low, high)) = (self.pixels[at], other.around(at));
        let (own_low, own_high) = self.around(at);
        let is_off = level < low.saturating_sub(QUARTER) || level > high.saturating_add(QUARTER);
        let is_alone = level < PAPER && low >= PAPER;
        let is_of_another_shade = own_low == own_high && low == high && level.abs_diff(low) > SAME_SHADE;
        is_off || is_alone || is_of_another_shade
    }
}

/// Describes how two pages differ; `None` where a person sees the same.
pub fn difference(one: &Picture, other: &Picture) -> Option<String> {
    if (one.width, one.pixels.len()) != (other.width, other.pixels.len()) {
        return Some("sheets of other sizes".into());
    }
    let other_levels = (0..one.pixels.len()).filter(|at| one.pixels[*at] != other.pixels[*at]);
    let strays: Vec<usize> = other_levels.filter(|at| one.strays(*at, other) || other.strays(*at, one)).collect();
    let first = strays.first()?;
    let (column, row) = (first % one.width, first / one.width);
    Some(format!("{} pixels, the first in column {column} of row {row}", strays.len()))
}

/// The mean of how far the levels of two pages of one size are apart, in thousandths of a level.
pub fn mean_distance(one: &Picture, other: &Picture) -> usize {
    let apart = one.pixels.iter().zip(&other.pixels).map(|(one, other)| usize::from(one.abs_diff(*other)));
    apart.sum::<usize>() * 1000 / one.pixels.len().max(1)
}

#[test]
fn pictures_differ_by_a_line_a_shade_or_a_spot_and_not_by_a_quarter_of_a_pixel() {
    let page = |draw: &dyn Fn(usize, usize) -> u8| Picture {
        width: 20,
        pixels: (0..400).map(|at| draw(at / 20, at % 20)).collect(),
    };
    let bar = |edge: u8| page(&|_, column| if column == 5 { edge } else { u8::from(column != 6) * 255 });
    assert_eq!(difference(&bar(255), &bar(191)), None);
    let spot = |level: u8| page(&|row, column| if (row, column) == (9, 9) { level } else { 255 });
    assert!(difference(&spot(200), &spot(100)).is_some());
    let blank = page(&|_, _| 255);
    for faint in [page(&|row, _| if row == 7 { 246 } else { 255 }), page(&|_, _| 246)] {
        assert!(difference(&blank, &faint).is_some() && difference(&faint, &blank).is_some());
    }
    assert!(difference(&page(&|_, _| 235), &page(&|_, _| 246)).is_some());
    assert!(difference(&page(&|_, _| 235), &page(&|_, _| 236)).is_none());
    assert_eq!((mean_distance(&blank, &blank), mean_distance(&blank, &page(&|_, _| 254))), (0, 1000));
}
