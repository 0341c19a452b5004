//! The stays that audits look through, resolved on several threads.

use std::ops::Range;

use super::kernel::parts_of_pieces;
use super::threads::in_parallel;
use crate::domain::as_of::KnownAt;
use crate::domain::ids::{AssociationId, PhysicianId};
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

/// The persons of whom exports or applications have ever told anything in one of the bodies that `is_asked` accepts, and those whom
/// adjustments concern, wherever: numbers that stay as known at a day, ascending, each once.
///
/// # Errors
/// [`TimelineError`] when the file cannot be read.
pub fn persons_in(
    timeline: &Timeline,
    known_at: KnownAt,
    is_asked: impl Fn(AssociationId) -> bool + Sync,
) -> Result<Vec<PhysicianId>, TimelineError> {
    let walk = |pieces: &Range<usize>| timeline.persons_in(pieces.clone(), known_at, &is_asked);
    let of_parts: Result<Vec<_>, _> =
        in_parallel(&parts_of_pieces(timeline, timeline.n_pieces()), walk).into_iter().collect();
    let mut out: Vec<PhysicianId> = of_parts?.into_iter().flatten().collect();
    out.sort_unstable();
    out.dedup();
    Ok(out)
}
