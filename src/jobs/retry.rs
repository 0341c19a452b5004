//! When something that failed is tried again, and whether something was ended by a clock that was ahead.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::ledger::{JobRun, JobState};

/// After the first failure.
const FIRST: TimeDelta = TimeDelta::minutes(10);

/// However often it fails.
const LONGEST: TimeDelta = TimeDelta::hours(6);

/// Whether a period may be tried now. After a failure it waits, twice as long after each further one and six hours at most; what
/// a process that died has left behind waits for nothing, nor does a clock that was set back keep it waiting.
pub(super) fn may_be_tried(run: &JobRun, now: DateTime<Utc>) -> bool {
    let (JobState::Failed, Some(failed_at)) = (run.state, run.finished_at) else { return true };
    now < failed_at || failed_at + pause(run.attempts) <= now
}

/// Whether a period was ended more than a day from now, by a clock that was ahead.
pub(super) fn was_ended_ahead(run: &JobRun, now: DateTime<Utc>) -> bool {
    run.finished_at.is_some_and(|at| at > now + TimeDelta::days(1))
}

/// How long to wait after the n-th attempt has failed.
fn pause(attempts: u32) -> TimeDelta {
    // More doublings than the longest pause has room for say nothing.
    let doublings = attempts.saturating_sub(1).min(10);
    (FIRST * (1 << doublings)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(1, 10)]
    #[case(2, 20)]
    #[case(3, 40)]
    #[case(6, 320)]
    #[case(7, 360)]
    #[case(u32::MAX, 360)]
    fn pauses_grow_to_six_hours(#[case] attempts: u32, #[case] minutes: i64) {
        assert_eq!(pause(attempts), TimeDelta::minutes(minutes));
    }

    #[rstest]
    #[case::too_early("2026-01-05T00:09:59Z", JobState::Failed, false)]
    #[case::time("2026-01-05T00:10:00Z", JobState::Failed, true)]
    #[case::clock_set_back("2026-01-04T00:00:00Z", JobState::Failed, true)]
    #[case::left_behind("2026-01-05T00:00:01Z", JobState::Running, true)]
    fn failure_is_tried_again_after_its_pause(#[case] now: &str, #[case] state: JobState, #[case] expected: bool) {
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        let run = JobRun {
            job: "backup".into(),
            period: "2026-01-05".into(),
            scheduled_at: at("2026-01-04T16:30:00Z"),
            state,
            attempts: 1,
            started_at: Some(at("2026-01-05T00:00:00Z")),
            finished_at: Some(at("2026-01-05T00:00:00Z")),
            note: String::new(),
        };
        assert_eq!(may_be_tried(&run, at(now)), expected);
    }
}
