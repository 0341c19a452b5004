//! Charts of Excel beside their numbers, from which they are drawn: grey, with the numbers in words for those who do not see
//! them. Steps and maps of tiles are none: Excel has no simple chart for them.

use rust_xlsxwriter::{
    Chart as ExcelChart, ChartDataLabel, ChartFont, ChartFormat, ChartLine, ChartSolidFill, ChartType, Color,
    ObjectMovement, Worksheet,
};

use super::layout::{EMPTY_COLUMN, LINE};
use super::{FONT, WorkbookError, cut_to, number};
use crate::domain::chart::{Chart, ChartMark, ChartShape};

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

/// Greys of the parts of a mark, neighbours well apart.
const GREYS: [u32; 6] = [0x0052_5252, 0x00D9_D9D9, 0x008C_8C8C, 0x00F2_F2F2, 0x00B2_B2B2, 0x0073_7373];

/// From this grey on black type is read.
const LIGHT: u32 = 0x0090_9090;

/// Whether Excel draws it.
pub(super) fn is_native(chart: &Chart) -> bool {
    !chart.marks.is_empty() && kind(chart).is_some()
}

fn kind(chart: &Chart) -> Option<ChartType> {
    match chart.shape {
        ChartShape::Columns => Some(ChartType::Column),
        ChartShape::Line => Some(ChartType::Line),
        ChartShape::Rows if chart.parts.is_empty() => Some(ChartType::Bar),
        ChartShape::Rows => Some(ChartType::BarStacked),
        ChartShape::Funnel => Some(ChartType::Bar),
        ChartShape::Steps | ChartShape::Tiles => None,
    }
}

fn is_lying(chart: &Chart) -> bool {
    matches!(chart.shape, ChartShape::Rows | ChartShape::Funnel)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Pixels across a chart.
pub(super) fn width(chart: &Chart) -> u32 {
    const NARROWEST: u32 = 420;
    const WIDEST: u32 = 960;
    if is_lying(chart) { 600 } else { count(chart.marks.len()).saturating_mul(44).clamp(NARROWEST, WIDEST) }
}

/// Pixels down a chart; lying bars take a line each.
fn height(chart: &Chart) -> u32 {
    const TALLEST: u32 = 80;
    if is_lying(chart) { LINE * (count(chart.marks.len()) + 5).min(TALLEST) } else { HEIGHT }
}

/// Draws a chart at the right of its numbers; the last line that it covers comes back.
///
/// # Errors
/// [`WorkbookError`] for more marks than a sheet has rows.
pub(super) fn draw(worksheet: &mut Worksheet, given: &Chart, place: &Place<'_>) -> Result<u32, WorkbookError> {
    let n_marks = u32::try_from(given.marks.len()).map_err(|_| WorkbookError::TooLarge(place.sheet.to_string()))?;
    let (first, last) = (place.heading_line + 1, place.heading_line + n_marks);
    let mut chart = ExcelChart::new(kind(given).unwrap_or(ChartType::Column));
    let columns = if given.parts.is_empty() { 1..2 } else { 2..2 + u16::try_from(given.parts.len()).unwrap_or(0) };
    for (column, grey) in columns.clone().zip(GREYS.iter().cycle()) {
        let series = chart.add_series();
        series
            .set_categories((place.sheet, first, 0, last, 0))
            .set_values((place.sheet, first, column, last, column))
            .set_name((place.sheet, place.heading_line, column))
            .set_format(&mut look(given, *grey));
        if given.shape != ChartShape::Line {
            series.set_gap(60);
        }
        if given.marks.len() <= MOST_LABELS {
            let mut label = font(9);
            if !given.parts.is_empty() && *grey < LIGHT {
                label.set_color(Color::White);
            }
            series.set_data_label(ChartDataLabel::new().show_value().set_num_format("#,##0").set_font(&label));
        }
    }
    axes(&mut chart, given, place.format_of_days);
    chart.title().set_name(place.title).set_font(&title_font());
    if given.parts.is_empty() {
        chart.legend().set_hidden();
    }
    chart.set_width(width(given)).set_height(height(given)).set_alt_text(words(given, place.title));
    chart.set_object_movement(ObjectMovement::MoveButDontSizeWithCells);
    worksheet.insert_chart_with_offset(place.heading_line, columns.end, &chart, EMPTY_COLUMN / 2, 0)?;
    Ok(place.heading_line + height(given) / LINE)
}

fn look(chart: &Chart, grey: u32) -> ChartFormat {
    let mut look = ChartFormat::new();
    if chart.shape == ChartShape::Line {
        look.set_line(ChartLine::new().set_color(Color::RGB(0x0026_2626)).set_width(1.75));
    } else {
        let shade = if chart.parts.is_empty() { 0x007F_7F7F } else { grey };
        look.set_solid_fill(ChartSolidFill::new().set_color(Color::RGB(shade)));
        look.set_border(ChartLine::new().set_color(Color::RGB(0x0040_4040)).set_width(0.5));
    }
    look
}

/// The foot of the marks is where the paper says, else 0: left alone, Excel begins where the smallest one ends.
fn axes(chart: &mut ExcelChart, given: &Chart, format_of_days: Option<&str>) {
    let line = ChartLine::new().set_color(Color::RGB(0x00D9_D9D9)).set_width(0.75).clone();
    // The axes of lying bars keep the names of where they lie.
    let value_axis = if is_lying(given) { chart.x_axis() } else { chart.y_axis() };
    value_axis.set_num_format("#,##0").set_font(&font(9)).set_major_gridlines(true).set_major_gridlines_line(&line);
    let foot = if is_lying(given) { 0 } else { given.axis_from };
    let mut values = given.marks.iter().filter_map(ChartMark::number);
    if values.clone().all(|value| value >= foot) {
        if let Some(foot) = number(foot) {
            value_axis.set_min(foot);
        }
    } else if foot == 0 && values.all(|value| value <= 0) {
        value_axis.set_max(0);
    }
    // Marks stand side by side as on paper, also where a month is missing between two days; lying ones from the top.
    let names_axis = if is_lying(given) { chart.y_axis() } else { chart.x_axis() };
    names_axis.set_text_axis(true).set_font(&font(9)).set_major_gridlines(false);
    if is_lying(given) {
        names_axis.set_reverse();
    }
    if let Some(format) = format_of_days {
        names_axis.set_num_format(format);
    }
}

fn font(size: u32) -> ChartFont {
    ChartFont::new().set_name(FONT).set_size(size).clone()
}

fn title_font() -> ChartFont {
    font(11).set_bold().clone()
}

/// The numbers in words, as far as Excel reads them out.
fn words(chart: &Chart, title: &str) -> String {
    let units = chart.basis.iter().filter(|item| item.label == "単位");
    let unit: String = units.map(|item| format!("単位：{}。", item.text)).collect();
    let titled = Chart { title: title.to_string(), ..chart.clone() };
    let foot = chart.axis_note().unwrap_or_default();
    cut_to(&format!("{}{unit}{foot}", titled.alternative()), MOST_WORDS).to_string()
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
            "棒グラフ。会員数の推移。R7.9.30 2,785、R7.10.31 2,767、R7.11.30 2,756、R7.12.31 2,730。単位：人。棒の下端は2,600（0からではない）。"
        );
    }

    #[test]
    fn many_marks_are_said_by_their_ends() {
        let mut chart = sample::chart();
        chart.marks = (1..=300).map(|n| ChartMark::count(format!("第{n}"), n)).collect();
        let said = words(&chart, "x");
        assert!(said.contains("300時点。第1 1から第300 300まで。"), "{said}");
        assert!(words(&chart, &"長".repeat(400)).encode_utf16().count() <= MOST_WORDS);
    }

    #[test]
    fn steps_and_maps_have_no_chart_of_excel() {
        let of = |shape| Chart { shape, ..sample::chart() };
        let shapes = [ChartShape::Steps, ChartShape::Tiles, ChartShape::Line, ChartShape::Rows, ChartShape::Funnel];
        assert_eq!(shapes.map(|shape| is_native(&of(shape))), [false, false, true, true, true]);
    }
}
