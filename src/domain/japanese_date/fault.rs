//! Why a text is no date, so that an office is told what to mend and not only that something is wrong.

use chrono::{Datelike, NaiveDate, Weekday};

use super::weekday_of;

/// Why a text is no date of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// The month of that year has fewer days: year, month, its last day.
    NoSuchDay(i32, u32, u32),
    /// There is no such month.
    NoSuchMonth(u32),
    /// The era begins later: its name and first day.
    EraNotBegun(&'static str, NaiveDate),
    /// The era ended earlier: its name and last day.
    EraOver(&'static str, NaiveDate),
    /// The weekday beside the date is another than that of the date.
    WrongWeekday(Weekday),
    /// A year and a month without a day.
    NoDay,
    /// A year of one or two digits without an era.
    ShortYear,
    /// Before 1868 or after 2200.
    YearOutOfReach,
    /// A number as Excel keeps days, without the format that shows it as one.
    SerialNumber(NaiveDate),
    /// A time of day with a zone that is not understood.
    UnknownZone,
    /// Anything else.
    NotADate,
}

impl DateFault {
    /// Stable code of its text; the texts are in `messages`. `None` where there is nothing to add to "not a date".
    pub fn code(self) -> Option<&'static str> {
        Some(match self {
            Self::NoSuchDay(..) => "WHY-001",
            Self::NoSuchMonth(_) => "WHY-002",
            Self::EraNotBegun(..) => "WHY-003",
            Self::EraOver(..) => "WHY-004",
            Self::WrongWeekday(_) => "WHY-005",
            Self::NoDay => "WHY-006",
            Self::ShortYear => "WHY-007",
            Self::YearOutOfReach => "WHY-008",
            Self::SerialNumber(_) => "WHY-009",
            Self::UnknownZone => "WHY-010",
            Self::NotADate => return None,
        })
    }

    /// What the text of the code leaves open.
    pub fn words(self) -> Vec<String> {
        let parts = |day: NaiveDate| [day.year().to_string(), day.month().to_string(), day.day().to_string()];
        match self {
            Self::NoSuchDay(year, month, last) => vec![year.to_string(), month.to_string(), last.to_string()],
            Self::NoSuchMonth(month) => vec![month.to_string()],
            Self::EraNotBegun(era, day) | Self::EraOver(era, day) => {
                std::iter::once(era.to_string()).chain(parts(day)).collect()
            }
            Self::WrongWeekday(weekday) => vec![weekday_of(weekday).to_string(), weekday.to_string()],
            Self::SerialNumber(day) => vec![day.to_string()],
            Self::NoDay | Self::ShortYear | Self::YearOutOfReach | Self::UnknownZone | Self::NotADate => Vec::new(),
        }
    }
}
