//! Numbers as offices write them: `1,153`, `２１`, `▲0.5`, `(+39,866)`.

use std::fmt;

use serde::Serialize;

use super::printed_number::thousands_unsigned;
use super::text::fold_width;

/// Digits after the point that are kept; more come from sums of a spreadsheet and say nothing.
const MOST_PLACES: usize = 4;

/// A number with a fixed count of digits after the point: `0.5` is 5 with one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Decimal {
    /// The number without its point.
    pub scaled: i64,
    /// Digits after the point, 0 to 4.
    pub places: u8,
}

impl Decimal {
    /// A whole number.
    pub fn whole(n: i64) -> Self {
        Self { scaled: n, places: 0 }
    }

    /// Reads a number as it stands in a cell: with separators, in full width, signed with + − ▲ △, in brackets, followed by
    /// its unit. `None` for anything else.
    pub fn read(text: &str, unit: &str) -> Option<Self> {
        let folded = fold_width(text);
        let bare = folded.trim();
        let bare = bare.strip_suffix(unit).filter(|_| !unit.is_empty()).unwrap_or(bare).trim();
        let bare = bare.strip_suffix('%').unwrap_or(bare).trim();
        let inner = bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(bare).trim();
        let (is_negative, digits) = match inner.chars().next()? {
            '-' | '−' | '－' | '▲' | '△' => (true, &inner[inner.chars().next()?.len_utf8()..]),
            '+' => (false, &inner[1..]),
            _ => (false, inner),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = ungrouped(whole.trim())?;
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_digits(part) || digits.ends_with('.') {
            return None;
        }
        let (whole, part) = rounded(&whole, part)?;
        let part = part.trim_end_matches('0');
        let places = u8::try_from(part.len()).ok()?;
        let scaled: i64 = format!("{whole}{part}").parse().ok()?;
        Some(Self { scaled: if is_negative { -scaled } else { scaled }, places })
    }

    /// The number where it has no digits after the point.
    pub fn as_whole(self) -> Option<i64> {
        (self.places == 0).then_some(self.scaled)
    }

    /// The same number with at least so many digits after the point.
    #[must_use]
    pub fn with_places(self, places: u8) -> Self {
        let more = places.saturating_sub(self.places);
        match 10_i64.checked_pow(u32::from(more)).and_then(|factor| self.scaled.checked_mul(factor)) {
            Some(scaled) => Self { scaled, places: self.places + more },
            None => self,
        }
    }

    /// The sum; `None` when it is too large.
    pub fn plus(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        let (one, two) = (self.with_places(places), other.with_places(places));
        (one.places == two.places).then_some(())?;
        Some(Self { scaled: one.scaled.checked_add(two.scaled)?, places })
    }

    /// Whether two numbers are the same, however they are written.
    pub fn equals(self, other: Self) -> bool {
        let places = self.places.max(other.places);
        self.with_places(places) == other.with_places(places)
    }

    /// With a sign: `+39,866`, `▲5`, `0`.
    pub fn signed(self) -> String {
        let sign = if self.scaled > 0 { "+" } else { "" };
        format!("{sign}{self}")
    }

    /// For programs: `-0.5`.
    pub fn machine(self) -> String {
        let text = self.digits(false);
        if self.scaled < 0 { format!("-{text}") } else { text }
    }

    fn digits(self, is_grouped: bool) -> String {
        let factor = 10_u64.pow(u32::from(self.places));
        let (whole, part) = (self.scaled.unsigned_abs() / factor, self.scaled.unsigned_abs() % factor);
        let whole = if is_grouped { thousands_unsigned(whole) } else { whole.to_string() };
        let width = usize::from(self.places);
        if self.places == 0 { whole } else { format!("{whole}.{part:0width$}") }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.scaled < 0 { "▲" } else { "" };
        write!(f, "{sign}{}", self.digits(true))
    }
}

/// Digits without their separators; `None` where a separator stands anywhere but before three digits.
fn ungrouped(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split(',').collect();
    let is_digits = |group: &&str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let is_sound = groups.iter().all(is_digits)
        && (groups.len() == 1 || groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    is_sound.then(|| groups.concat())
}

/// At most [`MOST_PLACES`] digits after the point, half up: a spreadsheet writes 0.1 + 0.2 as 0.30000000000000004.
fn rounded(whole: &str, part: &str) -> Option<(String, String)> {
    if part.len() <= MOST_PLACES {
        return Some((whole.to_string(), part.to_string()));
    }
    let (kept, rest) = part.split_at(MOST_PLACES);
    let scaled: i64 = format!("{whole}{kept}").parse().ok()?;
    let scaled = scaled.checked_add(i64::from(rest.as_bytes().first().is_some_and(|digit| *digit >= b'5')))?;
    let text = format!("{scaled:0width$}", width = MOST_PLACES + 1);
    let (whole, part) = text.split_at(text.len() - MOST_PLACES);
    Some((whole.to_string(), part.to_string()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("153", "153")]
    #[case::separators("1,153", "1,153")]
    #[case::full_width("１，１５３", "1,153")]
    #[case::unit("21機関", "21")]
    #[case::percent("25.6%", "25.6")]
    #[case::bracket("(4)", "4")]
    #[case::wide_bracket("（４）", "4")]
    #[case::signed("(+39,866)", "39,866")]
    #[case::triangle("▲5", "▲5")]
    #[case::white_triangle("△0.5", "▲0.5")]
    #[case::minus("-0.5", "▲0.5")]
    #[case::wide_minus("－3", "▲3")]
    #[case::noise("0.30000000000000004", "0.3")]
    #[case::noise_below("5.0999999999999996", "5.1")]
    #[case::carried("0.99999", "1")]
    #[case::zero("0", "0")]
    #[case::point_zero("12.0", "12")]
    fn numbers_of_offices_are_read(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(Decimal::read(text, "機関").expect("a number").to_string(), expected);
    }

    #[rstest]
    #[case("")]
    #[case("約20")]
    #[case("1,15")]
    #[case("12,3456")]
    #[case(",123")]
    #[case("1.2.3")]
    #[case("1.")]
    #[case("2023-07-26")]
    #[case("21(4)")]
    #[case("99999999999999999999")]
    fn anything_else_is_no_number(#[case] text: &str) {
        assert_eq!(Decimal::read(text, "機関"), None);
    }

    #[test]
    fn sums_keep_the_finer_digits() {
        let sum = Decimal::read("0.5", "").zip(Decimal::read("12", "")).and_then(|(one, two)| one.plus(two));
        assert_eq!(sum.map(|sum| sum.to_string()), Some("12.5".into()));
        assert!(Decimal { scaled: 120, places: 1 }.equals(Decimal::whole(12)));
        assert_eq!(Decimal::whole(39_866).signed(), "+39,866");
        assert_eq!((Decimal::whole(-5).signed(), Decimal::whole(0).signed()), ("▲5".into(), "0".into()));
        assert_eq!(Decimal { scaled: -5, places: 1 }.machine(), "-0.5");
    }
}
