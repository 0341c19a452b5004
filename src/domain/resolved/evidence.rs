//! What is known beside the exports, and since when it has been said.

use chrono::NaiveDate;

use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::as_of::KnownAt;

/// What was learnt about one person beside the member files: all versions, in any order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Corrections<'a> {
    /// Versions of applications.
    pub applications: &'a [ApplicationVersion],
    /// Versions of adjustments.
    pub adjustments: &'a [AdjustmentVersion],
}

/// What is known beside the exports, each list in the order in which it was learnt.
pub(super) struct Evidence<'a> {
    pub(super) applications: Vec<(NaiveDate, &'a ApplicationVersion)>,
    pub(super) adjustments: Vec<(NaiveDate, &'a AdjustmentVersion)>,
}

impl<'a> Evidence<'a> {
    pub(super) fn known(corrections: &Corrections<'a>, known_at: KnownAt) -> Self {
        let mut applications: Vec<(NaiveDate, &ApplicationVersion)> = corrections
            .applications
            .iter()
            .filter(|version| version.known_on(known_at.0))
            .map(|version| (application_learnt_on(corrections.applications, version), version))
            .collect();
        applications.sort_by_key(|(learnt, version)| (*learnt, version.application.key()));
        let mut adjustments: Vec<(NaiveDate, &AdjustmentVersion)> = corrections
            .adjustments
            .iter()
            .filter(|version| version.known_on(known_at.0) && !version.adjustment.is_revoked)
            .map(|version| (adjustment_learnt_on(corrections.adjustments, version), version))
            .collect();
        adjustments.sort_by_key(|(learnt, version)| (*learnt, version.import, version.row));
        Self { applications, adjustments }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.applications.is_empty() && self.adjustments.is_empty()
    }
}

/// The day since which an adjustment has been saying what it says: versions before it that say the same without a break
/// are the same word, also where a replaced file of a later day brought a copy of it.
///
/// `all` are all versions that were ever known for a day or more, of this adjustment and others.
pub fn adjustment_learnt_on(all: &[AdjustmentVersion], version: &AdjustmentVersion) -> NaiveDate {
    let same = |other: &&AdjustmentVersion| {
        other.source == version.source && other.adjustment.says_the_same(&version.adjustment)
    };
    let spans: Vec<_> = all.iter().filter(same).map(|other| (other.known_from, other.known_until)).collect();
    start_of_run(&spans, version.known_from)
}

/// The same of an application.
fn application_learnt_on(all: &[ApplicationVersion], version: &ApplicationVersion) -> NaiveDate {
    let same = |other: &&ApplicationVersion| {
        other.source == version.source && other.application.says_the_same(&version.application)
    };
    let spans: Vec<_> = all.iter().filter(same).map(|other| (other.known_from, other.known_until)).collect();
    start_of_run(&spans, version.known_from)
}

/// Follows spans of days back over those that end where the next begins.
fn start_of_run(spans: &[(NaiveDate, Option<NaiveDate>)], from: NaiveDate) -> NaiveDate {
    let mut start = from;
    while let Some((earlier, _)) = spans.iter().find(|(begin, end)| *begin < start && *end == Some(start)) {
        start = *earlier;
    }
    start
}
