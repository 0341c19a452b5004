//! Items of many physicians, found by their number.

use std::ops::{Deref, Range};

use crate::domain::ids::PhysicianId;

/// Items in the order of their physicians. The numbers stand beside them on their own: whoever looks for one reads a few lines of
/// memory instead of the whole of twenty items.
#[derive(Debug)]
pub(super) struct ByPhysician<T> {
    physicians: Vec<PhysicianId>,
    items: Vec<T>,
}

impl<T> ByPhysician<T> {
    /// Items that ascend by physician.
    pub(super) fn new(items: Vec<T>, physician: impl Fn(&T) -> PhysicianId) -> Self {
        let physicians: Vec<PhysicianId> = items.iter().map(physician).collect();
        debug_assert!(physicians.is_sorted(), "items ascend by physician");
        Self { physicians, items }
    }

    /// What stands under a number.
    pub(super) fn of(&self, physician: PhysicianId) -> &[T] {
        let from = self.physicians.partition_point(|other| *other < physician);
        let n = self.physicians[from..].iter().take_while(|other| **other == physician).count();
        &self.items[from..from + n]
    }

    /// What stands under the numbers of a range, the end exclusive.
    pub(super) fn between(&self, range: &Range<PhysicianId>) -> &[T] {
        let from = self.physicians.partition_point(|other| *other < range.start);
        let to = self.physicians.partition_point(|other| *other < range.end);
        &self.items[from..to]
    }
}

impl<T> Default for ByPhysician<T> {
    fn default() -> Self {
        Self { physicians: Vec::new(), items: Vec::new() }
    }
}

impl<T> Deref for ByPhysician<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}
