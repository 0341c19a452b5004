//! The only clock. Everything else is handed the time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, FixedOffset, Local, NaiveDate, Offset, Utc};

/// Japan has one time zone, nine hours east, and since 1952 no daylight saving time.
const TOKYO: FixedOffset = FixedOffset::east_opt(9 * 60 * 60).expect("nine hours east is a time zone");

/// Where the present instant comes from.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The clock of the machine.
    System,
    /// An instant that stands still, for tests and for `jobs tick --now`.
    Fixed(DateTime<Utc>),
    /// Milliseconds since 1970 that a test moves while the program runs.
    Moved(&'static AtomicI64),
}

impl Clock {
    /// The present instant.
    pub fn now(self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
            Self::System => Utc::now(),
            Self::Fixed(instant) => instant,
            Self::Moved(milliseconds) => {
                DateTime::from_timestamp_millis(milliseconds.load(Ordering::SeqCst)).unwrap_or_default()
            }
        }
    }
}

/// How long a file has stood still. Files carry the time of the machine, so this asks the machine as well, even
/// where [`Clock::Fixed`] rules.
pub fn age_of_file(modified: SystemTime) -> Duration {
    modified.elapsed().unwrap_or_default()
}

/// The calendar day of an instant in Asia/Tokyo; the only place where an instant becomes a date.
pub fn tokyo_day(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&tokyo()).date_naive()
}

/// How far the time of the machine's own zone is from universal time at an instant. No figure depends on it.
pub fn machine_offset(instant: DateTime<Utc>) -> FixedOffset {
    instant.with_timezone(&Local).offset().fix()
}

/// The time zone of all dates.
pub fn tokyo() -> FixedOffset {
    TOKYO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_turns_at_midnight_in_tokyo() {
        let instant = |text: &str| text.parse::<DateTime<Utc>>().expect("test instants are RFC 3339");
        assert_eq!(tokyo_day(instant("2025-12-31T14:59:59Z")).to_string(), "2025-12-31");
        assert_eq!(tokyo_day(instant("2025-12-31T15:00:00Z")).to_string(), "2026-01-01");
    }
}
