//! The one place where a ratio becomes a printed number: one decimal, half up, each cell on its own.
//!
//! Source: all 86 cells of ten published survey years of the Japan Medical Association follow this rule.

/// Share of `part` in `whole` in tenths of a percent, rounded half up; `None` when `whole` is 0 (printed …).
///
/// `part` may be negative (a rate of change); halves are then rounded away from zero, so that −0.25 % and
/// +0.25 % print the same digits.
pub fn percent_tenths(part: i64, whole: i64) -> Option<i64> {
    if whole == 0 {
        return None;
    }
    let numerator = i128::from(part) * 1000;
    let denominator = i128::from(whole);
    let negative = (numerator < 0) != (denominator < 0);
    let (numerator, denominator) = (numerator.abs(), denominator.abs());
    let rounded = (numerator * 2 + denominator) / (denominator * 2);
    i64::try_from(if negative { -rounded } else { rounded }).ok()
}

/// The mean of `n` numbers that add up to `sum`, in tenths, rounded half up; `None` for no numbers.
pub fn mean_tenths(sum: i64, n: i64) -> Option<i64> {
    percent_tenths(sum, n.checked_mul(100)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    /// The 2019 and 2021 surveys (日本医師会会員数調査, 12月1日現在).
    #[rstest]
    #[case(83_368, 172_763, 483)]
    #[case(39_781, 172_763, 230)]
    #[case(2_360, 172_763, 14)]
    #[case(43_747, 172_763, 253)]
    #[case(3_507, 172_763, 20)]
    #[case(70_473, 83_368, 845)]
    #[case(82_946, 173_895, 477)]
    #[case(43_281, 173_895, 249)]
    fn published_shares_come_out(#[case] part: i64, #[case] whole: i64, #[case] tenths: i64) {
        assert_eq!(percent_tenths(part, whole), Some(tenths));
    }

    #[test]
    fn halves_go_up_and_zero_base_has_no_value() {
        assert_eq!(percent_tenths(1, 2000), Some(1));
        assert_eq!(percent_tenths(-1, 2000), Some(-1));
        assert_eq!(percent_tenths(1, 0), None);
    }

    #[test]
    fn mean_has_one_decimal() {
        assert_eq!(mean_tenths(2_705, 30), Some(902));
        assert_eq!((mean_tenths(1, 4), mean_tenths(3, 0)), (Some(3), None));
    }
}
