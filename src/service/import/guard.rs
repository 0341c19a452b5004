//! The drift guard: a truncated or shifted export must never change the membership quietly (A7).
//!
//! It looks at the members whom the previous export showed and who are in force on the export day, by body, in each
//! tier: how many of them this export no longer shows, shows as gone, or shows in another class.

use std::collections::BTreeMap;

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

/// A kind of drift: its code, the members concerned, and the limits in percent of a tier and of one body.
type Kind = (Problem, fn(&Tally) -> u64, u32, Option<u32>);

/// Says what is too much, the gravest first: members before and after, in whole tiers and in the bodies concerned.
pub(super) fn drift(
    presence: &Presence,
    associations: &Associations,
    limits: &ImportConfig,
) -> Option<(Problem, String)> {
    let (percent, of_body) = (limits.max_missing_percent, Some(limits.max_missing_percent_of_body));
    let kinds: [Kind; 3] = [
        (Problem::MembersMissing, |tally| tally.missing, percent, of_body),
        (Problem::MembersWithdrawn, |tally| tally.withdrawn, percent, of_body),
        (Problem::ClassesShifted, |tally| tally.reclassified, limits.max_reclassified_percent, None),
    ];
    kinds.into_iter().find_map(|(problem, concerned, percent, percent_of_body)| {
        let mut parts = Vec::new();
        for tier in Tier::ALL {
            let sum = presence.of_tier(associations, tier);
            let n = concerned(&sum);
            if n >= FEWEST && is_over(n, sum.before, percent) {
                parts.push(format!("{} {} → {}", tier.label(), sum.before, sum.before - n));
            }
        }
        for (body, tally) in &presence.by_body {
            let n = concerned(tally);
            if percent_of_body.is_some_and(|percent| tally.before > SMALL_BODY && is_over(n, tally.before, percent)) {
                let name = associations.get(*body).map_or("", |body| body.short_name.as_str());
                parts.push(format!("{name} {} → {}", tally.before, tally.before - n));
            }
        }
        (!parts.is_empty()).then(|| (problem, shortened(parts)))
    })
}

fn is_over(n: u64, before: u64, percent: u32) -> bool {
    n * 100 > before * u64::from(percent)
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
