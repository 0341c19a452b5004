//! The drift guard: a truncated or shifted export must never change the membership quietly (A7).
//!
//! It looks at the members whom the previous export showed and who are in force on the export day, by body, in each
//! tier: how many of them this export no longer shows, shows as gone, or shows in another class.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use crate::config::ImportConfig;
use crate::domain::association::{Associations, Tier};
use crate::domain::ids::AssociationId;
use crate::domain::problem::Problem;

/// Fewer members than this never stop an import as a whole: in a small body two retirements are ten per cent.
const FEWEST: u64 = 20;

/// Bodies up to this size are not judged on their own.
const SMALL_BODY: u64 = 20;

/// What this export says about a member of the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// Still a member, in the same class.
    Same,
    /// Still a member, in another class.
    Reclassified,
    /// Shown with a 退会日 that has passed.
    Withdrawn,
    /// Not shown.
    Missing,
}

/// Members of one body by what this export says about them.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    before: u64,
    reclassified: u64,
    withdrawn: u64,
    missing: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.before += other.before;
        self.reclassified += other.reclassified;
        self.withdrawn += other.withdrawn;
        self.missing += other.missing;
    }
}

/// Members of the previous export, by body.
#[derive(Debug, Default)]
pub(super) struct Presence {
    by_body: BTreeMap<AssociationId, Tally>,
}

impl Presence {
    pub(super) fn note(&mut self, body: AssociationId, fate: Fate) {
        let tally = self.by_body.entry(body).or_default();
        tally.before += 1;
        match fate {
            Fate::Same => {}
            Fate::Reclassified => tally.reclassified += 1,
            Fate::Withdrawn => tally.withdrawn += 1,
            Fate::Missing => tally.missing += 1,
        }
    }

    fn of_tier(&self, associations: &Associations, tier: Tier) -> Tally {
        let mut sum = Tally::default();
        for (body, tally) in &self.by_body {
            if associations.get(*body).is_some_and(|body| body.tier == tier) {
                sum.add(*tally);
            }
        }
        sum
    }
}

/// A kind of drift: its code, the members concerned, and the limits of a tier and of one body.
type Kind = (Problem, fn(&Tally) -> u64, Limit, Option<Limit>);

/// A limit in half percents.
#[derive(Debug, Clone, Copy)]
struct Limit(u64);

impl Limit {
    /// No growing limit goes beyond a quarter (R35).
    const MOST: u64 = 50;

    /// The percentage of the settings for the first month, and half a point more for each further one (R35).
    fn after(percent: u32, months: u32) -> Self {
        let set = u64::from(percent) * 2;
        Self(set.max(Self::MOST.min(set + u64::from(months.saturating_sub(1)))))
    }

    fn is_exceeded(self, n: u64, before: u64) -> bool {
        n * 200 > before * self.0
    }
}

/// Whole months from one export day to another: month end to month end is one, whatever their lengths.
pub(super) fn months_between(from: NaiveDate, to: NaiveDate) -> u32 {
    let has_passed = |months: &u32| from.checked_add_months(Months::new(*months)).is_some_and(|day| day <= to);
    (1..).take_while(has_passed).last().unwrap_or_default()
}

/// Says what is too much, the gravest first: members before and after, in whole tiers and in the bodies concerned.
/// `months` have passed since the export that this one is compared with.
pub(super) fn drift(
    presence: &Presence,
    associations: &Associations,
    limits: &ImportConfig,
    months: u32,
) -> Option<(Problem, String)> {
    let percent = Limit::after(limits.max_missing_percent, months);
    let of_body = Some(Limit::after(limits.max_missing_percent_of_body, months));
    let of_classes = Limit::after(limits.max_reclassified_percent, months);
    let kinds: [Kind; 3] = [
        (Problem::MembersMissing, |tally| tally.missing, percent, of_body),
        (Problem::MembersWithdrawn, |tally| tally.withdrawn, percent, of_body),
        (Problem::ClassesShifted, |tally| tally.reclassified, of_classes, None),
    ];
    kinds.into_iter().find_map(|(problem, concerned, limit, limit_of_body)| {
        let mut parts = Vec::new();
        for tier in Tier::ALL {
            let sum = presence.of_tier(associations, tier);
            let n = concerned(&sum);
            if n >= FEWEST && limit.is_exceeded(n, sum.before) {
                parts.push(format!("{} {} → {}", tier.label(), sum.before, sum.before - n));
            }
        }
        for (body, tally) in &presence.by_body {
            let n = concerned(tally);
            if limit_of_body.is_some_and(|limit| tally.before > SMALL_BODY && limit.is_exceeded(n, tally.before)) {
                let name = associations.get(*body).map_or("", |body| body.short_name.as_str());
                parts.push(format!("{name} {} → {}", tally.before, tally.before - n));
            }
        }
        (!parts.is_empty()).then(|| (problem, shortened(parts)))
    })
}

/// The first few tell the story; a list of thirty hides it.
fn shortened(mut parts: Vec<String>) -> String {
    const SHOWN: usize = 6;
    let more = parts.len().saturating_sub(SHOWN);
    parts.truncate(SHOWN);
    if more > 0 {
        parts.push(format!("+{more}"));
    }
    parts.join("、")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::written::day;

    #[rstest]
    #[case::same_day("2025-11-30", "2025-11-30", 0)]
    #[case::day_before_a_month("2025-11-15", "2025-12-14", 0)]
    #[case::month_to_the_day("2025-11-15", "2025-12-15", 1)]
    #[case::into_the_short_month("2025-01-31", "2025-02-28", 1)]
    #[case::out_of_the_short_month("2025-02-28", "2025-03-31", 1)]
    #[case::year("2024-12-31", "2025-12-31", 12)]
    fn months_are_counted_as_the_calendar_has_them(#[case] from: &str, #[case] to: &str, #[case] months: u32) {
        assert_eq!(months_between(day(from), day(to)), months);
    }

    /// 5 % of 1,000 are 50 members; each further month allows five more, up to a quarter.
    #[rstest]
    #[case::same_day(5, 0, 50)]
    #[case::first_month(5, 1, 50)]
    #[case::second_month(5, 2, 55)]
    #[case::year(5, 12, 105)]
    #[case::forty_one_months(5, 41, 250)]
    #[case::far_later(5, 400, 250)]
    #[case::body(20, 1, 200)]
    #[case::body_after_a_year(20, 12, 250)]
    #[case::set_above_a_quarter(40, 12, 400)]
    fn limit_grows_with_time_up_to_a_quarter(#[case] percent: u32, #[case] months: u32, #[case] most: u64) {
        let limit = Limit::after(percent, months);
        assert!(!limit.is_exceeded(most, 1000) && limit.is_exceeded(most + 1, 1000));
    }
}
