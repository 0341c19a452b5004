//! Finding the change points of a timeline.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::cells::Cells;
use crate::domain::as_of::{KnownAt, WithdrawalDayRule};
use crate::domain::association::{Associations, Tier};
use crate::domain::day::{OPEN, date_of, day_number};
use crate::stats::homes::{homes_of_ranks, place_national};
use crate::stats::kernel::{Row, parts_of_pieces};
use crate::stats::known_rows::KnownRows;
use crate::stats::threads::in_parallel;
use crate::timeline::{ChangeColumns, Timeline, TimelineError};

/// Bits of a packed change, from the lowest: sign, cell, day of its month, day on which it was known, month.
const CELL: u32 = 1;
const DAY: u32 = CELL + 21;
const KNOWN: u32 = DAY + 5;
const MONTH: u32 = KNOWN + 20;

/// Days of a person in a figure: its number, first day, first day that no longer counts.
type Days = (u32, i32, i32);

/// All change points of what was known up to a day, by month, known, day, cell. `None` where a master, a day or a span of days
/// is larger than is thought of here (149,000 bodies, the year 9999, 2,870 years).
///
/// # Errors
/// [`TimelineError`] when the timeline cannot be read.
pub fn change_points(
    timeline: &Timeline,
    associations: &Associations,
    cells: &Cells,
    newest: KnownAt,
    rule: WithdrawalDayRule,
) -> Result<Option<ChangeColumns>, TimelineError> {
    let Some(first) = timeline.first_known(newest)? else { return Ok(Some(ChangeColumns::default())) };
    let known = KnownRows { timeline, associations, newest, rule };
    let finder = Finder { known, cells, packing: Packing { first } };
    let parts = in_parallel(&parts_of_pieces(timeline, timeline.n_pieces()), |pieces| finder.find(pieces.clone()));
    let mut all: Vec<u64> = Vec::new();
    for part in parts {
        match part? {
            Some(mut packed) => all.append(&mut packed),
            None => return Ok(None),
        }
    }
    // Each part is sorted by itself, on its thread; the stable sort finds that and merges them.
    all.sort();
    Ok(finder.packing.added_up(&all))
}

struct Finder<'f> {
    known: KnownRows<'f>,
    cells: &'f Cells,
    packing: Packing,
}

impl Finder<'_> {
    /// The changes of the persons of some pieces, packed, ascending.
    fn find(&self, pieces: Range<usize>) -> Result<Option<Vec<u64>>, TimelineError> {
        let mut of_person = PersonFigures::new(self.known.associations, self.cells);
        let (mut out, mut fits, mut person) = (Vec::new(), true, None);
        self.known.each_of_pieces(pieces, |physician, known, rows| {
            if person != Some(physician) {
                person = Some(physician);
                of_person.forget();
            }
            of_person.take(rows, |cell, day, is_more| match self.packing.pack(known, cell, day, is_more) {
                Some(packed) => out.push(packed),
                None => fits = false,
            });
        })?;
        out.sort_unstable();
        Ok(fits.then_some(out))
    }
}

/// What is known of one person, and what was known before.
struct PersonFigures<'f> {
    cells: &'f Cells,
    homes: Vec<Option<u32>>,
    now: Vec<Days>,
    heads: Vec<Days>,
    before: Vec<Days>,
}

impl<'f> PersonFigures<'f> {
    fn new(associations: &Associations, cells: &'f Cells) -> Self {
        let homes = homes_of_ranks(associations);
        Self { cells, homes, now: Vec::new(), heads: Vec::new(), before: Vec::new() }
    }

    /// Another person begins, of whom nothing is known.
    fn forget(&mut self) {
        self.before.clear();
    }

    /// Takes the rows that are known now and calls `each` with what became more or less by them: figure, day, more.
    fn take(&mut self, rows: &[Row], mut each: impl FnMut(u32, i32, bool)) {
        self.find_days(rows);
        let mut change = |(cell, starts, ends): Days, is_more: bool| {
            each(cell, starts, is_more);
            if ends != OPEN {
                each(cell, ends, !is_more);
            }
        };
        let (mut new, mut old) = (self.now.iter().copied().peekable(), self.before.iter().copied().peekable());
        loop {
            match (new.peek(), old.peek()) {
                (None, None) => break,
                (Some(now), Some(before)) if now == before => {
                    new.next();
                    old.next();
                }
                (Some(now), before) if before.is_none_or(|before| now < before) => {
                    new.next().into_iter().for_each(|now| change(now, true));
                }
                _ => old.next().into_iter().for_each(|before| change(before, false)),
            }
        }
        std::mem::swap(&mut self.now, &mut self.before);
    }

    /// The days of the person in each figure, sorted.
    fn find_days(&mut self, rows: &[Row]) {
        let cells = self.cells;
        self.now.clear();
        for row in rows {
            self.now.push(days_of(cells.members(row.rank, row.class), row));
            if row.not_shown {
                self.now.push(days_of(cells.not_shown(row.rank), row));
            }
        }
        if rows.iter().any(|row| cells.tier(row.rank) == Tier::National) {
            let (now, homes) = (&mut self.now, &self.homes);
            place_national(
                rows,
                |rank| cells.tier(rank),
                homes,
                |row| {
                    now.push(days_of(cells.national(row.rank, row.class), &row));
                    if row.not_shown {
                        now.push(days_of(cells.national_not_shown(row.rank), &row));
                    }
                },
            );
        }
        self.heads.clear();
        for row in rows {
            self.heads.push(days_of(cells.heads(cells.tier(row.rank)), row));
            self.heads.extend(cells.heads_of_prefecture(row.rank).map(|cell| days_of(cell, row)));
        }
        self.heads.sort_unstable();
        let of_heads = self.now.len();
        for &(cell, starts, ends) in &self.heads {
            // A person of several bodies is one head, on the days of all of them.
            match self.now[of_heads..].last_mut() {
                Some(last) if last.0 == cell && starts <= last.2 => last.2 = last.2.max(ends),
                _ => self.now.push((cell, starts, ends)),
            }
        }
        self.now.sort_unstable();
    }
}

fn days_of(cell: usize, row: &Row) -> Days {
    // Whoever packs it says whether it fits.
    (u32::try_from(cell).unwrap_or(u32::MAX), row.starts, row.ends)
}

/// How a change is packed into a number, so that many are sorted fast.
struct Packing {
    /// The first day on which anything was known.
    first: i32,
}

impl Packing {
    fn pack(&self, known: i32, cell: u32, day: i32, is_more: bool) -> Option<u64> {
        let date = date_of(day)?;
        let month = u64::try_from(date.year()).ok()? * 12 + u64::from(date.month0());
        let known = u64::try_from(known - self.first).ok()?;
        let fits = |value: u64, from: u32, to: u32| (value < 1 << (to - from)).then_some(value << from);
        Some(
            fits(month, MONTH, u64::BITS)?
                | fits(known, KNOWN, MONTH)?
                | fits(u64::from(date.day0()), DAY, KNOWN)?
                | fits(cell.into(), CELL, DAY)?
                | u64::from(is_more),
        )
    }

    /// The sums of sorted changes of one figure, day and known day. What nothing is left of is left out. `None` for what
    /// [`Self::pack`] did not pack.
    fn added_up(&self, sorted: &[u64]) -> Option<ChangeColumns> {
        let mut out = ChangeColumns::default();
        for same in sorted.chunk_by(|a, b| a >> CELL == b >> CELL) {
            let more = same.iter().filter(|packed| **packed & 1 == 1).count();
            let change = i32::try_from(2 * more).ok()? - i32::try_from(same.len()).ok()?;
            if change == 0 {
                continue;
            }
            let part = |from: u32, to: u32| i32::try_from((same[0] >> from) & ((1 << (to - from)) - 1)).ok();
            let month = part(MONTH, u64::BITS)?;
            let first = NaiveDate::from_ymd_opt(month / 12, u32::try_from(month % 12).ok()? + 1, 1)?;
            out.known.push(self.first + part(KNOWN, MONTH)?);
            out.day.push(day_number(first) + part(DAY, KNOWN)?);
            out.cell.push(part(CELL, DAY)?);
            out.change.push(change);
        }
        Some(out)
    }
}
