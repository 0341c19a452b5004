//! The rows of each person as they were known on every day on which anything was learnt of her.

use std::ops::Range;

use super::kernel::{Row, each_row};
use super::places::{ById, Places};
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::association::Associations;
use crate::domain::day::{date_of, day_number};
use crate::domain::ids::PhysicianId;
use crate::timeline::{Timeline, TimelineError};

/// All that was known up to a day.
pub(super) struct KnownRows<'t> {
    pub(super) timeline: &'t Timeline,
    pub(super) associations: &'t Associations,
    pub(super) newest: KnownAt,
    pub(super) rule: WithdrawalDayRule,
}

impl KnownRows<'_> {
    /// Calls `each` for the persons of some pieces, person by person, with each day, ascending, on which what is known of her
    /// may have become something else, and all rows that were known at the end of that day.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read; some may have been handed over then.
    pub(super) fn each_of_pieces(
        &self,
        pieces: Range<usize>,
        mut each: impl FnMut(PhysicianId, i32, &[Row]),
    ) -> Result<(), TimelineError> {
        let ended_from = ById::new(self.associations, |_, body| body.ended_on().map(day_number));
        let mut ends: Vec<i32> = self.associations.iter().filter_map(|body| body.ended_on().map(day_number)).collect();
        ends.sort_unstable();
        ends.dedup();
        // Bodies are the same between the ends of two of them.
        let mut places: Vec<Option<Places>> = (0..=ends.len()).map(|_| None).collect();
        let mut histories = self.timeline.histories(self.newest, self.rule)?;
        let mut rows = Vec::new();
        for nth in pieces {
            histories.each_of_piece(nth, &|body| ended_from.get(body), |physician, known, told| {
                let at = ends.partition_point(|end| *end <= known);
                let known_at = date_of(known).map_or(self.newest, KnownAt);
                let places = places[at].get_or_insert_with(|| Places::new(self.associations, known_at, |_| true));
                rows.clear();
                each_row(told, self.associations, places, |row| rows.push(row));
                each(physician, known, &rows);
            })?;
        }
        Ok(())
    }
}
