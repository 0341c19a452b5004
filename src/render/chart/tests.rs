//! What is drawn stays where it belongs, and every value is printed.

use rstest::rstest;

use super::drawing::{Drawing, Shape};
use super::*;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::chart::ChartMark;
use crate::render::geometry::Area;

/// Width of the text of an upright sheet.
const WIDTH: f32 = 487.0;

fn chart(shape: ChartShape, marks: Vec<ChartMark>) -> Chart {
    Chart::new("c", "会員数", vec![LabelledText::new("単位", "人")], shape, marks)
}

fn marks(n: i64) -> Vec<ChartMark> {
    (0..n).map(|at| ChartMark::count(format!("R{}.{}.30", 1 + at / 12, 1 + at % 12), 2_700 + at * 137 % 90)).collect()
}

fn texts(drawings: &[Drawing]) -> Vec<&str> {
    let shapes = drawings.iter().flat_map(|drawing| &drawing.shapes);
    shapes.filter_map(|shape| if let Shape::Text { text, .. } = shape { Some(text.as_str()) } else { None }).collect()
}

/// Everything stands within its drawing, whatever the values.
fn inside(drawings: &[Drawing]) {
    const SLACK: f32 = 3.0;
    for drawing in drawings {
        let fits =
            |x: f32, y: f32| x >= -SLACK && y >= -SLACK && x <= drawing.width + SLACK && y <= drawing.height + SLACK;
        assert!(drawing.width <= WIDTH + 0.1, "{} is too wide", drawing.width);
        for shape in &drawing.shapes {
            let inside = match shape {
                Shape::Fill(area, _) | Shape::Text { area, .. } => {
                    fits(area.x, area.y) && fits(area.right(), area.bottom()) && area.width >= 0.0 && area.height >= 0.0
                }
                Shape::Line { from, to, .. } => fits(from.0, from.1) && fits(to.0, to.1),
            };
            assert!(inside, "{shape:?} leaves {} × {}", drawing.width, drawing.height);
        }
    }
}

#[rstest]
#[case::columns(ChartShape::Columns)]
#[case::line(ChartShape::Line)]
#[case::rows(ChartShape::Rows)]
#[case::funnel(ChartShape::Funnel)]
#[case::steps(ChartShape::Steps)]
#[case::tiles(ChartShape::Tiles)]
fn everything_stays_within_the_drawing(#[case] shape: ChartShape) {
    for n in [0, 1, 2, 3, 13, 47, 120] {
        for axis_from in [0, 2_600] {
            let mut chart = chart(shape, marks(n));
            chart.axis_from = axis_from;
            for (mark, code) in chart.marks.iter_mut().zip(1..) {
                mark.code = format!("{code:02}");
            }
            inside(&drawings(&chart, WIDTH));
            assert_eq!(drawings(&chart, WIDTH).is_empty(), n == 0);
            // Long names, huge and missing values, and falls below the axis.
            if let Some(first) = chart.marks.first_mut() {
                first.label = "医療法人社団見本会架空記念総合病院附属第二診療所長の会".into();
                first.value = Cell::Count(i64::from(i32::MAX));
            }
            if let Some(last) = chart.marks.last_mut() {
                last.value = Cell::NotApplicable;
            }
            inside(&drawings(&chart, WIDTH));
        }
    }
}

#[rstest]
#[case::columns(ChartShape::Columns, 40)]
#[case::few_days(ChartShape::Line, 13)]
#[case::rows(ChartShape::Rows, 60)]
#[case::steps(ChartShape::Steps, 6)]
fn every_value_is_printed(#[case] shape: ChartShape, #[case] n: i64) {
    let chart = chart(shape, marks(n));
    let drawn = drawings(&chart, WIDTH);
    let printed = texts(&drawn);
    for mark in &chart.marks {
        assert!(printed.contains(&mark.printed().as_str()), "{} is not printed", mark.label);
    }
}

#[test]
fn long_line_tells_its_ends_and_extremes() {
    let mut marks = marks(60);
    marks[20].value = Cell::Count(9_999);
    marks[40].value = Cell::Count(1);
    let drawn = drawings(&chart(ChartShape::Line, marks), WIDTH);
    let printed = texts(&drawn);
    assert!(["9,999", "1", "2,700"].iter().all(|text| printed.contains(text)), "{printed:?}");
    assert!(printed.contains(&"R5.12.30"), "the last day is always named: {printed:?}");
}

#[test]
fn line_is_broken_where_a_day_has_no_value() {
    let n_lines = |chart: &Chart| {
        let drawn = drawings(chart, WIDTH);
        let is_thick = |shape: &&Shape| matches!(shape, Shape::Line { width, .. } if *width > 1.0 && *width < 2.0);
        drawn[0].shapes.iter().filter(is_thick).count()
    };
    let mut one = chart(ChartShape::Line, marks(5));
    assert_eq!(n_lines(&one), 4);
    one.marks[2].value = Cell::NotApplicable;
    assert_eq!(n_lines(&one), 2);
}

#[test]
fn parts_fill_their_bar_and_have_a_legend() {
    let mut one = chart(ChartShape::Rows, marks(3));
    one.parts = vec!["A①".into(), "B".into()];
    for mark in &mut one.marks {
        let n = mark.number().expect("a number");
        mark.parts = vec![n - 700, 700];
    }
    let drawn = drawings(&one, WIDTH);
    assert_eq!(drawn.len(), 2);
    assert_eq!(texts(&drawn[..1]), ["A①", "B"]);
    assert!(texts(&drawn[1..]).contains(&"700"));
}

#[test]
fn steps_start_where_the_one_before_ended() {
    let step = |label: &str, n: i64| ChartMark::new(label, Cell::Difference(n));
    let marks = vec![ChartMark::count("期首", 100), step("入会", 5), step("退会", -8), ChartMark::count("期末", 97)];
    let drawn = drawings(&chart(ChartShape::Steps, marks), WIDTH);
    let bars: Vec<Area> = drawn[0]
        .shapes
        .iter()
        .filter_map(|shape| if let Shape::Fill(area, _) = shape { Some(*area) } else { None })
        .collect();
    let near = |one: f32, other: f32| (one - other).abs() < 0.05;
    assert_eq!(bars.len(), 4);
    assert!(near(bars[1].bottom(), bars[0].y) && near(bars[2].y, bars[1].y) && near(bars[2].bottom(), bars[3].y));
}
