//! Tables in which the kernel looks things up for each row, where a search would take most of the time.

use crate::domain::as_of::KnownAt;
use crate::domain::association::Associations;
use crate::domain::body_days::is_limited;
use crate::domain::ids::AssociationId;

/// What the kernel asks about bodies, by id: for each span, so no search.
pub(super) struct Places {
    by_id: Vec<Option<Place>>,
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
        let mut places = Vec::new();
        for (rank, body) in associations.iter().enumerate() {
            let (Ok(at), Ok(narrow)) = (usize::try_from(body.id.0), u32::try_from(rank)) else { continue };
            if places.len() <= at {
                places.resize(at + 1, None);
            }
            places[at] = Some(Place {
                rank: narrow,
                is_kept: keep(rank),
                is_limited: is_limited(body),
                has_ended: body.has_ended_before(known_at.0),
            });
        }
        let are_limited = associations.iter().any(is_limited);
        Self { by_id: places, are_limited }
    }

    #[inline]
    fn place(&self, body: AssociationId) -> Option<Place> {
        self.by_id.get(usize::try_from(body.0).ok()?).copied().flatten()
    }

    /// A body that is counted.
    #[inline]
    pub(super) fn of(&self, body: AssociationId) -> Option<Place> {
        self.place(body).filter(|place| place.is_kept)
    }

    /// Whether any body does not exist on every day.
    #[inline]
    pub(super) fn are_limited(&self) -> bool {
        self.are_limited
    }

    #[inline]
    pub(super) fn is_limited(&self, body: AssociationId) -> bool {
        self.place(body).is_some_and(|place| place.is_limited)
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
