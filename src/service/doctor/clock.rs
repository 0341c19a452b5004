//! The clock of the machine, and its time zone.

use std::ops::RangeInclusive;

use anyhow::Result;
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc};

use super::given::{Given, Opened};
use super::line::{Line, Subject, Told, minute};
use crate::clock::{Clock, machine_offset, tokyo, tokyo_day};
use crate::service::keep::Workspace;
use crate::service::keep::current_exports::telling_days;

/// Years that a clock can show: one that was never set shows an earlier one.
const YEARS: RangeInclusive<i32> = 2020..=2099;

/// By how much clocks of several machines at one store may differ.
const DRIFT: Duration = Duration::minutes(5);

/// What is said of the clock.
pub(super) async fn clock(given: &Given, opened: &Opened) -> Line {
    let now = given.clock.now();
    let latest = match opened {
        // A store that cannot be read is told elsewhere.
        Opened::Store(workspace) => latest(workspace).await.unwrap_or_default(),
        Opened::NotMade | Opened::Unreadable(_) => Latest::default(),
    };
    let told = match (&given.clock_fault, latest.ahead_of(now)) {
        (Some(fault), _) => Told::failed(fault),
        (None, _) if !YEARS.contains(&tokyo_day(now).year()) => Told::broken("DOC-043", &[&minute(now)]),
        (None, Some(ahead)) => Told::broken("DOC-042", &[&minute(now), &ahead]),
        (None, None) if matches!(given.clock, Clock::Fixed(_)) => Told::well("DOC-041", &[&minute(now)]),
        (None, None) => Told::well("DOC-040", &[&minute(now)]),
    };
    Line::of(Subject::Clock, told)
}

/// The latest of what was recorded.
#[derive(Debug, Default)]
struct Latest {
    instant: Option<DateTime<Utc>>,
    export: Option<NaiveDate>,
}

impl Latest {
    /// What was recorded after an instant, as people read it.
    fn ahead_of(&self, now: DateTime<Utc>) -> Option<String> {
        let recorded = self.instant.filter(|latest| *latest > now + DRIFT).map(minute);
        // A file may be a day ahead of the clock (R24).
        let last = tokyo_day(now).checked_add_days(Days::new(1))?;
        recorded.or_else(|| self.export.filter(|day| *day > last).map(|day| day.to_string()))
    }
}

async fn latest(workspace: &Workspace) -> Result<Latest> {
    let imports = workspace.store.imports().await?;
    let runs = workspace.store.job_runs().await?;
    let imported = imports.iter().map(|import| import.imported_at);
    let taken_back = imports.iter().filter_map(|import| Some(import.taken_back.as_ref()?.taken_back_at));
    let made = runs.iter().flat_map(|run| [run.started_at, run.finished_at]).flatten();
    Ok(Latest { instant: imported.chain(taken_back).chain(made).max(), export: telling_days(&imports).last().copied() })
}

/// What is said of the time zone. No figure and no schedule depends on it.
pub(super) fn time_zone(given: &Given) -> Line {
    let offset = machine_offset(given.clock.now());
    let code = if offset == tokyo() { "DOC-050" } else { "DOC-051" };
    Line::of(Subject::TimeZone, Told::well(code, &[&offset]))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::later("2026-01-05T00:00:01Z", None, None)]
    #[case::within_the_drift("2026-01-04T23:55:00Z", None, None)]
    #[case::before("2026-01-04T23:54:59Z", None, Some("2026-01-05 09:00"))]
    #[case::export_of_tomorrow("2026-01-05T01:00:00Z", Some("2026-01-06"), None)]
    #[case::export_of_the_day_after("2026-01-05T01:00:00Z", Some("2026-01-07"), Some("2026-01-07"))]
    fn clock_is_behind_what_was_recorded(
        #[case] now: &str,
        #[case] export: Option<&str>,
        #[case] expected: Option<&str>,
    ) {
        let instant = |text: &str| text.parse::<DateTime<Utc>>().expect("test instants are RFC 3339");
        let export = export.map(|day| day.parse().expect("a day"));
        let latest = Latest { instant: Some(instant("2026-01-05T00:00:00Z")), export };
        assert_eq!(latest.ahead_of(instant(now)).as_deref(), expected);
    }
}
