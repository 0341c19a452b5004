//! A cell as the text that the office sees, in one form: dates as 2025-09-30, numbers without `.0`.

use std::fmt::Write;

use calamine::{CellErrorType, DataRef, ExcelDateTime, Style};

/// How the number format of a style shows numbers and dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// As they are; dates with their day, whatever part of them the format shows: the cell holds it all.
    Plain,
    /// Whole numbers with leading zeros, so many digits at least (`000000`).
    Digits(usize),
    /// So many digits after the point (`0.0`, `#,##0.00`).
    Fixed(usize),
    /// In percent, with so many digits after the point (`0.0%`).
    Percent(usize),
}

impl Look {
    pub(super) fn of(style: &Style) -> Self {
        let Some(format) = &style.number_format else { return Self::Plain };
        Self::of_code(&format.format_code)
    }

    /// As the sheet shows it: what an office reads there is what it means to print.
    pub(super) fn as_shown(style: &Style) -> Self {
        let Some(format) = &style.number_format else { return Self::Plain };
        // The second part of a format is for negative numbers.
        let code = format.format_code.split(';').next().unwrap_or_default();
        let places = code.split_once('.').map_or(0, |(_, rest)| rest.bytes().take_while(|byte| *byte == b'0').count());
        match Self::of_code(code) {
            Self::Plain if code.contains('%') => Self::Percent(places),
            Self::Plain if places > 0 || code.contains("#,##0") || code == "0" => Self::Fixed(places),
            look => look,
        }
    }

    fn of_code(code: &str) -> Self {
        if code.len() > 1 && code.bytes().all(|byte| byte == b'0') {
            return Self::Digits(code.len());
        }
        Self::Plain
    }
}

/// What a cell holds.
pub(super) enum Text<'a> {
    /// A text that stands in the table of texts.
    Shared(&'a str),
    /// A text that was written into the buffer.
    Written,
    /// Nothing.
    Empty,
    /// An error, as Excel shows it.
    Error(&'static str),
}

/// The text of a cell. Anything but a shared text is written into `buffer`, which is cleared first.
pub(super) fn text_of<'a>(value: &DataRef<'a>, look: Look, buffer: &mut String) -> Text<'a> {
    buffer.clear();
    match value {
        DataRef::SharedString(text) => return Text::Shared(text),
        DataRef::Empty => return Text::Empty,
        DataRef::Error(error) => return Text::Error(error_text(error)),
        DataRef::String(text) | DataRef::DurationIso(text) => buffer.push_str(text),
        DataRef::DateTimeIso(text) => buffer.push_str(text.strip_suffix("T00:00:00").unwrap_or(text)),
        // As Excel shows them.
        DataRef::Bool(value) => buffer.push_str(if *value { "TRUE" } else { "FALSE" }),
        DataRef::Int(value) => buffer.push_str(&value.to_string()),
        DataRef::Float(value) => push_number(*value, look, buffer),
        DataRef::DateTime(value) => push_date(value, buffer),
    }
    Text::Written
}

fn push_number(value: f64, look: Look, buffer: &mut String) {
    /// Up to here a whole number is exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_whole = value.fract() == 0.0 && value.abs() < EXACT;
    // Writing into a String cannot fail.
    let _ = match look {
        Look::Digits(n) if is_whole && value >= 0.0 => write!(buffer, "{value:0n$.0}"),
        Look::Fixed(n) => write!(buffer, "{:.n$}", value + 0.0),
        Look::Percent(n) => write!(buffer, "{:.n$}%", value * 100.0 + 0.0),
        _ if is_whole => write!(buffer, "{:.0}", value + 0.0),
        _ => write!(buffer, "{value}"),
    };
}

/// A serial number as a date. Whole days lose their midnight, parts of a day their date, and what Excel shows as
/// ##### stays a number.
fn push_date(value: &ExcelDateTime, buffer: &mut String) {
    /// The day after 9999-12-31.
    const END: f64 = 2_958_466.0;
    let serial = value.as_f64();
    // Excel shows 0 as 1900/1/0, which is what a link to a blank cell gives: no date.
    if serial == 0.0 || !(0.0..END).contains(&serial) || value.is_duration() {
        return push_number(serial, Look::Plain, buffer);
    }
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let _ = match (serial < 1.0 && serial > 0.0, (hour, minute, second)) {
        (true, _) => write!(buffer, "{hour:02}:{minute:02}:{second:02}"),
        (false, (0, 0, 0)) => write!(buffer, "{year:04}-{month:02}-{day:02}"),
        (false, _) => write!(buffer, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    };
}

fn error_text(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;
    use rstest::rstest;

    fn shown(value: &DataRef<'_>, look: Look) -> String {
        let mut buffer = String::new();
        match text_of(value, look, &mut buffer) {
            Text::Shared(text) | Text::Error(text) => text.to_string(),
            Text::Written => buffer,
            Text::Empty => String::new(),
        }
    }

    fn date(serial: f64, is_1904: bool) -> DataRef<'static> {
        DataRef::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904))
    }

    #[rstest]
    #[case::whole(123_456.0, "123456")]
    #[case::negative(-5.0, "-5")]
    #[case::negative_zero(-0.0, "0")]
    #[case::part(0.1, "0.1")]
    #[case::large(1.23e20, "123000000000000000000")]
    fn numbers_lose_their_point(#[case] value: f64, #[case] expected: &str) {
        assert_eq!(shown(&DataRef::Float(value), Look::Plain), expected);
    }

    #[test]
    fn leading_zeros_of_a_format_stay() {
        assert_eq!(shown(&DataRef::Float(12_345.0), Look::Digits(6)), "012345");
        assert_eq!(shown(&DataRef::Float(1.0), Look::Digits(2)), "01");
    }

    #[rstest]
    #[case::day(45_930.0, false, "2025-09-30")]
    #[case::time(45_930.75, false, "2025-09-30 18:00:00")]
    #[case::first_reiwa_day(43_586.0, false, "2019-05-01")]
    #[case::mac(44_468.0, true, "2025-09-30")]
    #[case::day_that_never_was(60.0, false, "1900-02-29")]
    #[case::time_alone(0.5, false, "12:00:00")]
    #[case::last(2_958_465.0, false, "9999-12-31")]
    #[case::past_the_last(2_958_466.0, false, "2958466")]
    #[case::negative(-1.0, false, "-1")]
    fn serial_numbers_become_dates(#[case] serial: f64, #[case] is_1904: bool, #[case] expected: &str) {
        assert_eq!(shown(&date(serial, is_1904), Look::Plain), expected);
    }

    #[rstest]
    #[case("yyyy\"年\"m\"月\"", Look::Plain)]
    #[case("[$-411]ggge\"年\"m\"月\"d\"日\";@", Look::Plain)]
    #[case("[$-ja-JP-x-gannen]ggge\"年\"m\"月\"d\"日\"", Look::Plain)]
    #[case("yyyy/mm/dd", Look::Plain)]
    #[case("mm:ss", Look::Plain)]
    #[case("000000", Look::Digits(6))]
    #[case("0", Look::Plain)]
    #[case("General", Look::Plain)]
    fn format_tells_how_a_number_looks(#[case] code: &str, #[case] expected: Look) {
        assert_eq!(Look::of_code(code), expected);
    }
}
