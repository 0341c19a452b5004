//! The drift guard: a truncated export must never become a mass withdrawal, not even a quiet one (A7).

use std::collections::BTreeMap;

use crate::config::ImportConfig;
use crate::domain::association::Associations;
use crate::domain::ids::AssociationId;

/// Fewer missing members than this never stop an import as a whole: in a small body two retirements are ten per
/// cent.
const FEWEST_MISSING: u64 = 20;

/// Bodies up to this size are not judged on their own.
const SMALL_BODY: u64 = 20;

/// Local members in force on the export day that the previous export showed, and how many of them this one no
/// longer shows, by body.
#[derive(Debug, Default)]
pub(super) struct Presence {
    by_body: BTreeMap<AssociationId, (u64, u64)>,
}

impl Presence {
    pub(super) fn note(&mut self, body: AssociationId, missing: bool) {
        let (before, gone) = self.by_body.entry(body).or_default();
        *before += 1;
        *gone += u64::from(missing);
    }
}

/// Says what is missing when it is too much: numbers before and after, and the bodies concerned.
pub(super) fn too_many_missing(
    presence: &Presence,
    associations: &Associations,
    limits: &ImportConfig,
) -> Option<String> {
    let over = |(before, gone): (u64, u64), percent: u32| gone * 100 > before * u64::from(percent);
    let total = presence.by_body.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let mut parts = Vec::new();
    if total.1 >= FEWEST_MISSING && over(total, limits.max_missing_percent) {
        parts.push(format!("{} → {}", total.0, total.0 - total.1));
    }
    for (body, counts) in &presence.by_body {
        if counts.0 > SMALL_BODY && over(*counts, limits.max_missing_percent_of_body) {
            let name = associations.get(*body).map_or("", |body| body.short_name.as_str());
            parts.push(format!("{name} {} → {}", counts.0, counts.0 - counts.1));
        }
    }
    // The first few bodies tell the story; a list of thirty hides it.
    const SHOWN: usize = 5;
    let more = parts.len().saturating_sub(SHOWN);
    parts.truncate(SHOWN);
    if more > 0 {
        parts.push(format!("+{more}"));
    }
    (!parts.is_empty()).then(|| parts.join("、"))
}
