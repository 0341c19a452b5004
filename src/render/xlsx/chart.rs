//! Bars as a chart of Excel beside their numbers, from which it is drawn: grey, without a legend, with the numbers in
//! words for those who do not see it.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartFormat, ChartLine, ChartSolidFill, Color, ObjectMovement, Worksheet,
};

use super::layout::{EMPTY_COLUMN, LINE};
use super::{FONT, WorkbookError, cut_to, number};
use crate::domain::document::{BarChart, Cell};

/// Excel reads out so much of a chart.
const MOST_WORDS: usize = 255;

/// More numbers than these would stand on each other; they are in the cells beside.
const MOST_LABELS: usize = 24;

const HEIGHT: u32 = 12 * LINE;

/// Where the numbers of a chart stand.
pub(super) struct Place<'a> {
    /// Name of the sheet.
    pub(super) sheet: &'a str,
    /// Line of the headings; labels are in the first column, values in the second.
    pub(super) heading_line: u32,
    /// Title of the chart.
    pub(super) title: &'a str,
    /// How its labels look where they are days or months.
    pub(super) format_of_days: Option<&'static str>,
}

/// Pixels across a chart.
pub(super) fn width(chart: &BarChart) -> u32 {
    const NARROWEST: u32 = 420;
    const WIDEST: u32 = 960;
    let n_bars = u32::try_from(chart.bars.len()).unwrap_or(WIDEST);
    n_bars.saturating_mul(44).clamp(NARROWEST, WIDEST)
}

/// Draws a chart that has bars at the right of its numbers; the last line that it covers comes back.
///
/// # Errors
/// [`WorkbookError`] for more bars than a sheet has rows.
pub(super) fn draw(worksheet: &mut Worksheet, bars: &BarChart, place: &Place<'_>) -> Result<u32, WorkbookError> {
    let n_bars = u32::try_from(bars.bars.len()).map_err(|_| WorkbookError::TooLarge(place.sheet.to_string()))?;
    let (first, last) = (place.heading_line + 1, place.heading_line + n_bars);
    let mut chart = Chart::new_column();
    let series = chart.add_series();
    series
        .set_categories((place.sheet, first, 0, last, 0))
        .set_values((place.sheet, first, 1, last, 1))
        .set_name((place.sheet, place.heading_line, 1))
        .set_gap(60)
        .set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(0x007F_7F7F))));
    if bars.bars.len() <= MOST_LABELS {
        series.set_data_label(ChartDataLabel::new().show_value().set_num_format("#,##0").set_font(&font(9)));
    }
    axes(&mut chart, bars, place.format_of_days);
    chart.title().set_name(place.title).set_font(&title_font());
    chart.legend().set_hidden();
    chart.set_width(width(bars)).set_height(HEIGHT).set_alt_text(words(bars, place.title));
    chart.set_object_movement(ObjectMovement::MoveButDontSizeWithCells);
    worksheet.insert_chart_with_offset(place.heading_line, 2, &chart, EMPTY_COLUMN / 2, 0)?;
    Ok(place.heading_line + HEIGHT / LINE)
}

/// The foot of the bars is where the paper says, else 0: left alone, Excel begins where the smallest bar ends.
fn axes(chart: &mut Chart, bars: &BarChart, format_of_days: Option<&str>) {
    let line = ChartLine::new().set_color(Color::RGB(0x00D9_D9D9)).set_width(0.75).clone();
    let y_axis = chart.y_axis();
    y_axis.set_num_format("#,##0").set_font(&font(9)).set_major_gridlines(true).set_major_gridlines_line(&line);
    let is_below = |value: i64| value < bars.axis_from;
    if !bars.bars.iter().any(|(_, value)| is_below(*value)) {
        if let Some(foot) = number(bars.axis_from) {
            y_axis.set_min(foot);
        }
    } else if bars.axis_from == 0 && bars.bars.iter().all(|(_, value)| *value <= 0) {
        y_axis.set_max(0);
    }
    // Bars stand side by side as on paper, also where a month is missing between two days.
    let x_axis = chart.x_axis();
    x_axis.set_text_axis(true).set_font(&font(9));
    if let Some(format) = format_of_days {
        x_axis.set_num_format(format);
    }
}

fn font(size: u32) -> ChartFont {
    ChartFont::new().set_name(FONT).set_size(size).clone()
}

fn title_font() -> ChartFont {
    font(11).set_bold().clone()
}

/// The numbers in words: all of them, or the first and the last where there is no room for all.
fn words(chart: &BarChart, title: &str) -> String {
    let bar = |(label, value): &(String, i64)| format!("{label} {}", Cell::Count(*value).display());
    let units = chart.basis.iter().filter(|item| item.label == "単位");
    let unit: String = units.map(|item| format!("単位：{}。", item.text)).collect();
    let foot = match chart.axis_from {
        0 => String::new(),
        from => format!("縦軸は{}から。", Cell::Count(from).display()),
    };
    let all: Vec<String> = chart.bars.iter().map(bar).collect();
    let with = |numbers: String| format!("棒グラフ「{title}」。{unit}{foot}{numbers}。");
    let full = with(all.join("、"));
    if full.encode_utf16().count() <= MOST_WORDS {
        return full;
    }
    let ends = chart.bars.first().zip(chart.bars.last());
    let short = ends.map(|(first, last)| with(format!("{}本、{}から{}まで", all.len(), bar(first), bar(last))));
    cut_to(&short.unwrap_or_default(), MOST_WORDS).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn chart_is_said_in_its_numbers() {
        let said = words(&sample::chart(), "会員数の推移");
        assert_eq!(
            said,
            "棒グラフ「会員数の推移」。単位：人。縦軸は2,600から。R7.9.30 2,785、R7.10.31 2,767、R7.11.30 2,756、R7.12.31 2,730。"
        );
    }

    #[test]
    fn many_bars_are_said_by_their_ends() {
        let mut chart = sample::chart();
        chart.bars = (1..=300).map(|n| (format!("第{n}"), n)).collect();
        let said = words(&chart, "x");
        assert!(said.ends_with("300本、第1 1から第300 300まで。"), "{said}");
        assert!(words(&chart, &"長".repeat(400)).encode_utf16().count() <= MOST_WORDS);
    }
}
