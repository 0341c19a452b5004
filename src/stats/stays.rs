//! The stays that audits look through, resolved on several threads.

use std::ops::Range;

use super::kernel::parts_of_pieces;
use super::threads::in_parallel;
use crate::domain::as_of::KnownAt;
use crate::domain::ids::AssociationId;
use crate::timeline::{ResolvedStays, Timeline, TimelineError};

/// The stays of the bodies that `keep` accepts as known at a day, by physician, body, enrolment, with all that disagrees about any
/// stay.
///
/// # Errors
/// [`TimelineError`] when the file cannot be read.
pub fn resolved_stays(
    timeline: &Timeline,
    known_at: KnownAt,
    keep: impl Fn(AssociationId) -> bool + Sync,
) -> Result<ResolvedStays, TimelineError> {
    let walk = |pieces: &Range<usize>| timeline.resolved_stays(pieces.clone(), known_at, &keep);
    in_parallel(&parts_of_pieces(timeline, timeline.n_pieces()), walk)
        .into_iter()
        .reduce(|first, then| Ok(first?.followed_by(then?)))
        .unwrap_or_else(|| Ok(ResolvedStays::default()))
}
