//! Counting straight from the files: each piece is read, projected, counted and given back, so that a count needs the memory
//! of one piece for each thread, however large the store is.
//!
//! The same kernel counts as for [`Memberships`] in memory, and figures are the same; whoever asks for more than one count of
//! one known-at is better served by those.

use std::ops::Range;

use super::counts::{Counts, Tally};
use super::kernel::{Memberships, Row, each_row, parts_of_pieces};
use super::places::{DayPlaces, Places};
use super::sweep::Sweep;
use super::threads::in_parallel;
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::association::{Associations, Tier};
use crate::timeline::{Timeline, TimelineError};

/// What was known at a day, of bodies in official order that `keep` accepts.
pub struct StreamCount<'t, K> {
    /// The files.
    pub timeline: &'t Timeline,
    /// The master.
    pub associations: &'t Associations,
    /// Known at.
    pub known_at: KnownAt,
    /// 退会日の扱い.
    pub rule: WithdrawalDayRule,
    /// Which bodies count, by their place in official order.
    pub keep: K,
}

impl<K: Fn(usize) -> bool + Sync> StreamCount<'_, K> {
    /// Counts the members of one day.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn count_on(&self, day: i32) -> Result<Counts, TimelineError> {
        let tiers: Vec<Tier> = self.associations.iter().map(|body| body.tier).collect();
        let take = |tally: &mut Tally, row: Row| {
            if row.starts <= day && day < row.ends {
                tally.add(row.physician, row.rank, row.class, row.not_shown);
            }
        };
        let tallies = self.each_row(|| Tally::of_tiers(&tiers), take, |_| {})?;
        let counts = tallies.into_iter().map(Tally::into_counts).reduce(|sum, other| sum.plus(&other));
        Ok(counts.unwrap_or_else(|| Tally::of_tiers(&tiers).into_counts()))
    }

    /// Counts the members of many days, ascending.
    ///
    /// # Errors
    /// [`TimelineError`] when the file cannot be read.
    pub fn count_series(&self, days: &[i32]) -> Result<Vec<Counts>, TimelineError> {
        let places = DayPlaces::new(days);
        let nothing = || (Sweep::nothing(self.associations.len(), &places), Memberships::of_tiers(self.associations));
        let sweep = |(sum, rows): &mut (Sweep, Memberships)| {
            rows.sweep(0..rows.len(), &places, sum);
            rows.clear();
        };
        let sums = self.each_row(nothing, |(_, rows), row| rows.push(row), sweep)?.into_iter().map(|(sum, _)| sum);
        Ok(sums.reduce(|sum, other| sum.plus(&other)).map_or_else(Vec::new, Sweep::into_counts))
    }

    /// Hands all rows to sums, one for each thread, which come back. `end_piece` comes after the rows of each piece.
    fn each_row<S: Send>(
        &self,
        nothing: impl Fn() -> S + Sync,
        take: impl Fn(&mut S, Row) + Sync,
        end_piece: impl Fn(&mut S) + Sync,
    ) -> Result<Vec<S>, TimelineError> {
        let places = Places::new(self.associations, self.known_at, &self.keep);
        let known = self.timeline.known(self.known_at, self.rule)?;
        let work = |pieces: &Range<usize>| {
            let mut sum = nothing();
            for nth in pieces.clone() {
                known.each_person(nth, |person| {
                    each_row(person, self.associations, &places, |row| take(&mut sum, row));
                })?;
                end_piece(&mut sum);
            }
            Ok(sum)
        };
        in_parallel(&parts_of_pieces(self.timeline, known.n_pieces()), work).into_iter().collect()
    }
}
