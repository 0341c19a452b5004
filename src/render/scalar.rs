//! The only place of the renderers where a number changes its type.
//!
//! Lengths are points (1/72 inch) in `f32`; counts of rows, columns and pages are small, so they pass through
//! `u16`, which `f32` holds exactly.

/// A count as a length factor; counts above 65,535 do not occur on a page and are held at that.
pub(in crate::render) fn count(n: usize) -> f32 {
    u16::try_from(n).map_or(f32::from(u16::MAX), f32::from)
}

/// The place of `value` between `low` and `high` as 0.0 to 1.0, in steps of 1/10,000.
pub(in crate::render) fn share(value: i64, low: i64, high: i64) -> f32 {
    let span = i128::from(high) - i128::from(low);
    if span <= 0 {
        return 0.0;
    }
    let steps = (i128::from(value) - i128::from(low)) * 10_000 / span;
    u16::try_from(steps.clamp(0, 10_000)).map_or(0.0, |steps| f32::from(steps) / 10_000.0)
}

/// A length in thousandths of a point, in points.
pub(in crate::render) fn points(thousandths: u32) -> f32 {
    let (whole, rest) = (thousandths / 1000, thousandths % 1000);
    let as_length = |n: u32| u16::try_from(n).map_or(f32::from(u16::MAX), f32::from);
    as_length(whole) + as_length(rest) / 1000.0
}

/// A share of 0.0 to 1.0 as the nearest of 256 levels.
pub(super) fn level(share: f32) -> u8 {
    let wanted = share * f32::from(u8::MAX);
    (0..u8::MAX).find(|level| f32::from(*level) + 0.5 > wanted).unwrap_or(u8::MAX)
}

/// An index as the signed integer that PDF objects hold.
pub(in crate::render) fn integer(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_is_the_nearest_one_and_stays_between_its_ends() {
        assert_eq!([-1.0, 0.0, 0.001, 0.5, 0.92, 0.999, 1.0, 2.0].map(level), [0, 0, 0, 128, 235, 255, 255, 255]);
    }

    #[test]
    fn share_stays_between_its_ends() {
        let ends = [share(5, 5, 10), share(10, 5, 10), share(0, 5, 10), share(i64::MAX, i64::MIN, i64::MAX)];
        assert_eq!(ends.map(|share| share.to_string()), ["0", "1", "0", "1"]);
        assert_eq!(share(1, 1, 1).to_string(), "0");
    }
}
