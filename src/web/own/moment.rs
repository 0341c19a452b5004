//! Instants as people read them.

use chrono::{DateTime, Utc};

use crate::clock::{tokyo, tokyo_day};
use crate::domain::japanese_date::short_era_date;

/// An instant in Japan, with both calendars: R8.2.1（2026-02-01） 09:00:05.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    let (day, time) = (tokyo_day(at), at.with_timezone(&tokyo()).format("%H:%M:%S"));
    format!("{}（{day}） {time}", short_era_date(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_told_in_japan() {
        let at = "2026-03-31T15:00:05Z".parse().expect("an instant");
        assert_eq!(moment(at), "R8.4.1（2026-04-01） 00:00:05");
    }
}
