//! Tables in which the kernel looks things up for each row, where a search would take most of the time.

use crate::domain::as_of::KnownAt;
use crate::domain::association::{Association, Associations};
use crate::domain::body_days::is_limited;
use crate::domain::ids::AssociationId;

/// Something about each body, by its id: no search.
pub(super) struct ById<T>(Vec<Option<T>>);

impl<T: Copy> ById<T> {
    /// `of` is asked with the place of each body in official order.
    pub(super) fn new(associations: &Associations, of: impl Fn(usize, &Association) -> Option<T>) -> Self {
        let mut out = Vec::new();
        for (rank, body) in associations.iter().enumerate() {
            let Ok(at) = usize::try_from(body.id.0) else { continue };
            if out.len() <= at {
                out.resize(at + 1, None);
            }
            out[at] = of(rank, body);
        }
        Self(out)
    }

    #[inline]
    pub(super) fn get(&self, body: AssociationId) -> Option<T> {
        self.0.get(usize::try_from(body.0).ok()?).copied().flatten()
    }
}

/// What the kernel asks about bodies.
pub(super) struct Places {
    by_id: ById<Place>,
    /// Whether any body does not exist on every day.
    are_limited: bool,
}

#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Place in official order.
    pub(super) rank: u32,
    is_kept: bool,
    is_limited: bool,
    /// Whether the body is no more at known-at.
    pub(super) has_ended: bool,
}

impl Places {
    pub(super) fn new(associations: &Associations, known_at: KnownAt, keep: impl Fn(usize) -> bool) -> Self {
        let place = |rank: usize, body: &Association| {
            Some(Place {
                rank: u32::try_from(rank).ok()?,
                is_kept: keep(rank),
                is_limited: is_limited(body),
                has_ended: body.has_ended_before(known_at.0),
            })
        };
        Self { by_id: ById::new(associations, place), are_limited: associations.iter().any(is_limited) }
    }

    /// A body that is counted.
    #[inline]
    pub(super) fn of(&self, body: AssociationId) -> Option<Place> {
        self.by_id.get(body).filter(|place| place.is_kept)
    }

    /// Whether any body does not exist on every day.
    #[inline]
    pub(super) fn are_limited(&self) -> bool {
        self.are_limited
    }

    #[inline]
    pub(super) fn is_limited(&self, body: AssociationId) -> bool {
        self.by_id.get(body).is_some_and(|place| place.is_limited)
    }
}

/// How many of the days of a series lie before a day: a table, for a search in every row would take most of the time.
pub(super) struct DayPlaces {
    first: i32,
    /// By days after the first.
    before: Vec<u32>,
    /// Number of days.
    pub(super) n_days: usize,
}

impl DayPlaces {
    /// `days` ascend.
    pub(super) fn new(days: &[i32]) -> Self {
        let first = days.first().copied().unwrap_or_default();
        let last = days.last().copied().unwrap_or_default();
        let before = (first..=last).map(|day| days.partition_point(|other| *other < day));
        let before = before.map(|n| u32::try_from(n).unwrap_or(u32::MAX)).collect();
        Self { first, before, n_days: days.len() }
    }

    pub(super) fn of(&self, day: i32) -> usize {
        match usize::try_from(i64::from(day) - i64::from(self.first)) {
            Err(_) => 0,
            Ok(after) => self.before.get(after).map_or(self.n_days, |n| *n as usize),
        }
    }
}
