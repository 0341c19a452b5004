//! Cells of a paper with their types: numbers are numbers, days are days, and both look as on paper.

use chrono::NaiveDate;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

use super::layout::WIDEST;
use super::lines::width_of;
use super::{WorkbookError, cut, excel_day, number, plain};
use crate::domain::cell::Cell;
use crate::domain::decimal::Decimal;
use crate::domain::document::RowKind;
use crate::domain::japanese_date::{era_month, parse_date, short_era_date};

/// Days look as on paper (R7.12.31) and are days all the same.
const ERA_DAY: &str = "[$-411]ge\\.m\\.d";

/// Months look as on paper (R7.12).
const ERA_MONTH: &str = "[$-411]ge\\.m";

/// Months look as on paper (令和7年12月).
const LONG_ERA_MONTH: &str = "[$-411]ggge\"年\"m\"月\"";

/// The formats of a sheet.
pub(super) struct Looks {
    /// The title at its top.
    pub(super) title: Format,
    /// Dates, rules and notes.
    pub(super) label: Format,
    /// A text.
    pub(super) text: Format,
    /// A text that may take several lines.
    pub(super) wrapped: Format,
    /// The number of an item.
    pub(super) ordinal: Format,
    /// A link to another sheet.
    pub(super) link: Format,
    /// The heading of a column of numbers or days.
    pub(super) heading: Format,
    /// The heading of a column of texts.
    pub(super) heading_of_texts: Format,
}

impl Looks {
    pub(super) fn new() -> Self {
        let heading = plain()
            .set_bold()
            .set_background_color(Color::RGB(0x00E7_E6E6))
            .set_border_bottom(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        Self {
            title: plain().set_bold().set_font_size(14),
            label: plain().set_font_color(Color::RGB(0x0040_4040)),
            text: plain().set_num_format("@"),
            wrapped: plain().set_num_format("@").set_text_wrap(),
            ordinal: plain().set_num_format("0").set_align(FormatAlign::Center),
            link: plain().set_hyperlink().set_text_wrap(),
            heading: heading.clone().set_align(FormatAlign::Center),
            heading_of_texts: heading,
        }
    }
}

/// How a spreadsheet shows a text that is a day or a month on paper; `None` for other cells.
pub(super) fn format_of_day(cell: &Cell) -> Option<&'static str> {
    match cell {
        Cell::Date(_) => Some(ERA_DAY),
        Cell::Text(text) => Month::read(text).map(|month| month.format),
        _ => None,
    }
}

/// Writes a cell of a row.
///
/// # Errors
/// [`WorkbookError`] for a place outside the sheet or a day that Excel does not have.
pub(super) fn write_cell(
    worksheet: &mut Worksheet,
    (line, column): (u32, u16),
    cell: &Cell,
    kind: RowKind,
) -> Result<(), WorkbookError> {
    let look = |number_format: &str| of_row(plain().set_num_format(number_format), kind);
    if let Some((value, number_format)) = as_number(cell) {
        worksheet.write_number_with_format(line, column, value, &look(&number_format))?;
        return Ok(());
    }
    match cell {
        Cell::Date(day) => {
            let centred = look(ERA_DAY).set_align(FormatAlign::Center);
            worksheet.write_datetime_with_format(line, column, excel_day(*day)?, &centred)?
        }
        Cell::Text(text) => {
            // Else it would touch the number at its left.
            let indented = if column > 0 { look("@").set_align(FormatAlign::Left).set_indent(1) } else { look("@") };
            let format = if is_long(text) { indented.set_text_wrap() } else { indented };
            worksheet.write_string_with_format(line, column, cut(text), &format)?
        }
        Cell::Blank => worksheet.write_blank(line, column, &look("@"))?,
        // A number that Excel could not keep exactly stays what is printed.
        _ => {
            let right = look("@").set_align(FormatAlign::Right);
            worksheet.write_string_with_format(line, column, cell.display(), &right)?
        }
    };
    Ok(())
}

/// Whether a text takes more than one line of its column.
pub(super) fn is_long(text: &str) -> bool {
    width_of(text) + 3 > WIDEST || text.contains('\n')
}

/// A number and how it looks; `None` for other cells, and for numbers that Excel could not keep exactly.
fn as_number(cell: &Cell) -> Option<(f64, String)> {
    match cell {
        Cell::Count(n) => Some((number(*n)?, "#,##0".into())),
        Cell::Difference(n) => Some((number(*n)?, "+#,##0;▲#,##0;0".into())),
        Cell::PercentTenths(tenths) => Some((number(*tenths)? / 10.0, "#,##0.0;▲#,##0.0;0.0".into())),
        Cell::Decimal(decimal) => {
            let point = places_of(decimal);
            Some((value_of(decimal)?, format!("#,##0{point};▲#,##0{point};0{point}")))
        }
        Cell::StatedChange(decimal) => {
            let point = places_of(decimal);
            Some((value_of(decimal)?, format!("(+#,##0{point});(▲#,##0{point});(0{point})")))
        }
        Cell::Text(_) | Cell::Date(_) | Cell::NotApplicable | Cell::Blank => None,
    }
}

fn value_of(decimal: &Decimal) -> Option<f64> {
    Some(number(decimal.scaled)? / 10_f64.powi(decimal.places.into()))
}

fn places_of(decimal: &Decimal) -> String {
    if decimal.places == 0 { String::new() } else { format!(".{}", "0".repeat(decimal.places.into())) }
}

fn of_row(format: Format, kind: RowKind) -> Format {
    match kind {
        RowKind::Body => format,
        RowKind::Subtotal => format.set_bold().set_border_top(FormatBorder::Hair),
        RowKind::Total => {
            format.set_bold().set_border_top(FormatBorder::Thin).set_background_color(Color::RGB(0x00F2_F2F2))
        }
    }
}

/// A month that is printed as such, and the format that prints it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Month {
    first: NaiveDate,
    format: &'static str,
}

impl Month {
    /// The month of a text; `None` unless Excel shows it in the same characters.
    pub(super) fn read(text: &str) -> Option<Self> {
        if let Some(first) = parse_date(&format!("{text}.1")).filter(|day| short_era_date(*day) == format!("{text}.1"))
        {
            return Some(Self { first, format: ERA_MONTH });
        }
        let first = parse_date(&format!("{text}1日"))?;
        let is_shown = era_month(first) == text && !text.contains('元');
        is_shown.then_some(Self { first, format: LONG_ERA_MONTH })
    }

    /// Whether all texts of a column are months: one word among others may look like a month and be a number of a rule.
    pub(super) fn are_all<'a>(mut cells: impl Iterator<Item = &'a Cell>) -> bool {
        let mut n_months = 0;
        let is_month = |cell: &Cell| match cell {
            Cell::Text(text) => {
                n_months += 1;
                Self::read(text).is_some()
            }
            Cell::Blank => true,
            _ => false,
        };
        cells.all(is_month) && n_months > 0
    }

    /// Writes its first day, shown as the month.
    ///
    /// # Errors
    /// As [`write_cell`].
    pub(super) fn write(
        self,
        worksheet: &mut Worksheet,
        (line, column): (u32, u16),
        kind: RowKind,
    ) -> Result<(), WorkbookError> {
        let look = of_row(plain().set_num_format(self.format).set_align(FormatAlign::Center), kind);
        worksheet.write_datetime_with_format(line, column, excel_day(self.first)?, &look)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::short("R7.12", Some(ERA_MONTH))]
    #[case::long("令和7年12月", Some(LONG_ERA_MONTH))]
    #[case::first_year("令和元年5月", None)]
    #[case::day("R7.12.31", None)]
    #[case::no_month("R7.13", None)]
    #[case::other_spelling("R07.12", None)]
    #[case::month_alone("12月", None)]
    #[case::words("浦和", None)]
    fn month_is_read_where_excel_shows_the_same(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(Month::read(text).map(|month| month.format), expected);
    }

    #[test]
    fn column_with_other_words_has_no_months() {
        let cells = |texts: &[&str]| texts.iter().map(|text| Cell::text(*text)).collect::<Vec<_>>();
        assert!(Month::are_all(cells(&["R7.11", "R7.12"]).iter()));
        assert!(!Month::are_all(cells(&["R7.11", "計"]).iter()));
        assert!(!Month::are_all([Cell::Blank].iter()));
    }
}
