//! Sums of rows on their way into a table, so that nobody has to read them back for the chain.
//!
//! They are those that `super::sums` reads back, as long as the rows follow each other without a gap.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::entry::ChainSum;
use super::parts::sums_of;
use super::statements::{Chained, Place, chained};
use crate::store::cells::Cell;
use crate::store::tables::Table;

/// What a transaction has appended so far, by table. One that is not chained, or whose rows are not known one by one, is not
/// in it.
#[derive(Debug, Default)]
pub(in crate::store) struct Appended(BTreeMap<&'static str, Option<Rows>>);

/// Rows with `after < id <= through`, all of them.
#[derive(Debug)]
struct Rows {
    after: i64,
    through: i64,
    facts: Sha256,
    persons: Sha256,
}

impl Appended {
    /// Adds rows with all columns of a table, the id first.
    pub(in crate::store) fn add(&mut self, table: &'static Table, rows: &[Vec<Cell>]) {
        let Some(chained) = chained(table.name) else { return };
        let Some(Cell::Number(first)) = rows.first().and_then(|row| row.first()) else { return };
        let told = self.0.entry(table.name).or_insert_with(|| Some(Rows::after(first - 1)));
        let is_told = told.as_mut().is_some_and(|told| told.add(&chained.places(), rows));
        if !is_told {
            *told = None;
        }
    }

    /// The sums of the rows of a table with `after < id <= through`; `None` unless just these were added.
    pub(super) fn sums(&self, chained: &Chained, after: i64, through: i64) -> Option<Vec<ChainSum>> {
        let rows = self.0.get(chained.name)?.as_ref()?;
        let hashes = (rows.facts.clone(), rows.persons.clone());
        let is_all = (rows.after, rows.through) == (after, through);
        is_all.then(|| sums_of(chained, (after, through), through - after, hashes))
    }
}

impl Rows {
    fn after(id: i64) -> Self {
        Self { after: id, through: id, facts: Sha256::new(), persons: Sha256::new() }
    }

    /// Says whether the rows go on where the last one ended, and each of their values has one text on both stores.
    fn add(&mut self, places: &[Place], rows: &[Vec<Cell>]) -> bool {
        let (mut facts, mut persons) = (String::new(), String::new());
        for row in rows {
            if row.first() != Some(&Cell::Number(self.through + 1)) {
                return false;
            }
            self.through += 1;
            for (cell, place) in row.iter().zip(places) {
                let is_told = match place {
                    Place::Facts => put(&mut facts, cell),
                    Place::Persons => put(&mut persons, cell),
                    Place::Both => put(&mut facts, cell) && put(&mut persons, cell),
                    Place::End => true,
                    Place::Unsure => false,
                };
                if !is_told {
                    return false;
                }
            }
            end_row(&mut facts);
            end_row(&mut persons);
        }
        self.facts.update(facts);
        self.persons.update(persons);
        true
    }
}

/// Appends a value as `super::statements` has it, and a blank. Each database has its own idea of a text with NUL in it.
fn put(out: &mut String, cell: &Cell) -> bool {
    match cell {
        Cell::Null => out.push('-'),
        Cell::Number(number) => put_number(out, *number),
        Cell::Text(text) if text.contains('\0') => return false,
        Cell::Text(text) => {
            put_number(out, i64::try_from(text.chars().count()).unwrap_or(i64::MAX));
            out.push(':');
            out.push_str(text);
        }
    }
    out.push(' ');
    true
}

fn put_number(out: &mut String, number: i64) {
    // Twenty digits at most, from the last; faster than the ways of `fmt`.
    let (mut digits, mut rest) = ([b'0'; 20], number.unsigned_abs());
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] += u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    out.extend(digits[first..].iter().copied().map(char::from));
}

/// Ends a row: the line end takes the place of the last blank.
fn end_row(out: &mut String) {
    if out.pop().is_some() {
        out.push('\n');
    }
}
