//! Days as numbers: days since 1970-01-01 in the calendar of Asia/Tokyo, as columns and the store keep them.

use chrono::{Datelike, Days, NaiveDate};

/// 1970-01-01 counted in days from the first day of the common era.
const EPOCH_FROM_CE: i32 = 719_163;

/// The number that stands for an open end. No date of the calendar has it.
pub const OPEN: i32 = i32::MAX;

/// Days since 1970-01-01.
pub fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce() - EPOCH_FROM_CE
}

/// The date of a day number; `None` outside the calendar.
pub fn date_of(day: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(day.checked_add(EPOCH_FROM_CE)?)
}

/// The day after.
pub fn next_day(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::written::day;

    #[test]
    fn day_numbers_come_back() {
        for text in ["1868-01-25", "1969-12-31", "1970-01-01", "2024-02-29", "2200-12-31"] {
            assert_eq!(date_of(day_number(day(text))), Some(day(text)));
        }
        assert_eq!(day_number(day("1970-01-02")), 1);
        assert_eq!(date_of(OPEN), None);
    }
}
