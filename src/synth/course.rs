//! The course of a world: who is there at the beginning, and how many movements each month brings.

use super::bodies::Bodies;
use super::cell::Cell;
use super::movements::Movement;
use super::people::{Filing, Physician};
use super::population::{Mix, resolve_before, somebody, unsettle};
use super::random::Draws;
use super::spec::{Spec, SynthError};
use crate::domain::day::day_number;

/// How often somebody is drawn for a movement before it is left for the next month.
const TRIES: usize = 600;

/// Rates are a year's movements in so many members; a month has a twelfth.
pub(super) const UNIT: u64 = 100_000 * 12;

/// There are so many six-digit registration numbers to give.
const NUMBERS: usize = 899_000;

/// A world while it is made.
#[derive(Debug)]
pub(super) struct Course {
    pub(super) bodies: Bodies,
    pub(super) physicians: Vec<Physician>,
    pub(super) filings: Vec<Filing>,
    pub(super) draws: Draws,
    pub(super) mix: Mix,
    /// Day of the first export.
    pub(super) start: i32,
    /// Day of the last export: what happened by then is known by then.
    pub(super) end: i32,
    /// Day of the last target that was resolved.
    pub(super) resolved: Option<i32>,
    /// Parts of movements that are due, by kind.
    pub(super) due: Vec<u64>,
    pub(super) size: u64,
}

impl Course {
    /// Everybody who is there at the first export.
    pub(super) fn begin(spec: &Spec) -> Self {
        let mut course = Self {
            bodies: Bodies::found(spec),
            physicians: Vec::new(),
            filings: Vec::new(),
            draws: Draws::new(spec.seed, 2),
            mix: Mix::of(&spec.targets, spec.physicians),
            start: day_number(spec.first_export),
            end: day_number(spec.last_export),
            resolved: None,
            // One of each kind is due at once, so that also a small world has them all.
            due: vec![UNIT; Movement::ALL.len()],
            size: u64::from(spec.physicians),
        };
        let kept = i32::try_from(spec.ended_rows_kept_days).unwrap_or(i32::MAX);
        for _ in 0..spec.physicians {
            let nth = course.add_resolved(None);
            let start = course.start;
            unsettle(&mut course.physicians[nth], start, kept, &mut course.draws);
        }
        course
    }

    /// Somebody who joined before the first export; `cell` says class and duty, else both are drawn.
    pub(super) fn add_resolved(&mut self, cell: Option<Cell>) -> usize {
        let draws = &mut self.draws;
        let class = cell.map_or_else(|| self.mix.class(draws), |cell| cell.class);
        let duty = cell.and_then(|cell| cell.duty).unwrap_or_else(|| self.mix.duty(class, draws));
        let tiers = if cell.is_some() { (true, true) } else { self.mix.tiers(draws) };
        let mut person = somebody(self.physicians.len(), class, duty, (self.start, false), draws);
        resolve_before(&mut person, self.start, tiers, &self.bodies, draws);
        self.physicians.push(person);
        self.physicians.len() - 1
    }

    /// A day of the month.
    pub(super) fn day(&mut self, (first, last): (i32, i32)) -> i32 {
        self.draws.between(first, last)
    }

    /// The day on which something of `day` becomes known that takes so long: no later than the last export, when it has
    /// happened by then.
    pub(super) fn known(&self, day: i32, lag: i32) -> i32 {
        let known = day.saturating_add(lag);
        if day <= self.end { known.min(self.end.max(day)) } else { known }
    }

    /// Somebody with an open local stay to whom nothing else happens around the days from `first` to `last`.
    pub(super) fn find(&mut self, (first, last): (i32, i32), accept: impl Fn(&Physician) -> bool) -> Option<usize> {
        if first <= self.start {
            return None;
        }
        (0..TRIES).map(|_| self.draws.place(self.physicians.len())).find(|at| {
            let person = &self.physicians[*at];
            person.free_from <= first
                && person.open().next().is_some()
                && accept(person)
                && !person.open().any(|stay| {
                    let body = self.bodies.on(person.local[stay].body, first, person.number);
                    self.bodies.is_still(body, first, last)
                })
        })
    }

    /// Whether registration numbers sufficed.
    pub(super) fn check_numbers(&self) -> Result<(), SynthError> {
        if self.physicians.len() <= NUMBERS {
            return Ok(());
        }
        Err(SynthError::OutOfRange { option: "--physicians", range: format!("{} > {NUMBERS}", self.physicians.len()) })
    }
}
