//! Counts and series: the answers of `kaiin count` and `kaiin series`.

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::domain::as_of::{AsOf, month_ends};
use crate::domain::association::BodySet;
use crate::domain::day::day_number;
use crate::domain::grouping::Dimension;
use crate::error::Failure;
use crate::service::known::coverage::{AreaCoverage, AskedBodies, CoveredRows};
use crate::service::known::names;
use crate::service::known::totals::totals;
use crate::service::known::vintage::Vintage;
use crate::service::questions::answer::{AnswerMap, CountAnswer, SeriesAnswer, SeriesDay};
use crate::service::questions::question::{Question, asked};
use crate::service::questions::rows::{MadeKeys, RowBasis, cell_rows, personal_rows};
use crate::service::questions::scope::{Counted, Scope, adjusted};
use crate::stats::Counts;

/// Counts members of one day.
///
/// # Errors
/// [`Failure`] QRY-010 or QRY-011 when nothing is known of the day, QRY-004 when a filter names nothing; when the timeline
/// cannot be read.
pub fn count(vintage: &Vintage, as_of: AsOf, question: &Question) -> Result<CountAnswer> {
    let scope = Scope::new(question, &vintage.associations, as_of.0)?;
    let homes = homes(vintage, question, &[as_of.0])?.and_then(|mut homes| homes.pop());
    let is_personal = question.by.iter().any(|dimension| dimension.is_personal());
    let Counted { mut counts, moved, mapped } = Counted::of(vintage, question.map, &scope, &[as_of.0], is_personal)?;
    let map_on = mapped.as_ref().and_then(|mapped| mapped.map_on);
    let counts = counts.pop().context("one day has one count")?;
    let moved = moved.and_then(|mut moved| moved.pop());
    let told = Answered::of(vintage, question, &scope, map_on, as_of.0);
    let totals = totals(&vintage.associations, &counts).with_unknown(|tier| told.rows.of_tier(tier));
    vintage.refuse_unknown(&told.coverage, as_of.0, totals.n_members(), &asked(question))?;
    let basis = RowBasis::new(&vintage.associations, &scope, as_of.0, map_on, moved, told.rows).with_homes(homes);
    let rows = match mapped.as_ref().filter(|_| is_personal) {
        Some(mapped) => personal_rows(vintage, mapped, as_of, question, &basis)?,
        None => cell_rows(&basis, &counts, question, None, &mut MadeKeys::default()),
    };
    Ok(CountAnswer {
        as_of: as_of.0,
        complete: told.coverage.complete,
        incomplete_areas: told.coverage.incomplete,
        future: told.coverage.future,
        unit: "memberships",
        map: AnswerMap::of(map_on),
        basis: vintage.basis(),
        rows,
        totals,
        not_shown: counts.not_shown.iter().sum(),
        adjusted: adjusted(vintage, question.map, &scope, &[as_of.0])?.into_iter().sum(),
    })
}

/// Counts members of the month ends of a span, both months inclusive.
///
/// # Errors
/// As [`count`], of the first month end; [`Failure`] QRY-005 for a breakdown by attributes of persons, QRY-007 for a
/// reversed span.
pub fn series(vintage: &Vintage, from: NaiveDate, to: NaiveDate, question: &Question) -> Result<SeriesAnswer> {
    if let Some(dimension) = question.by.iter().find(|dimension| dimension.is_personal()) {
        let allowed: Vec<Dimension> = Dimension::ALL.into_iter().filter(|one| !one.is_personal()).collect();
        return Err(names::no_breakdown(dimension.code(), &allowed).into());
    }
    if to < from {
        return Err(Failure::usage("QRY-007", format!("{from} – {to}")).into());
    }
    let ends = month_ends(from, to);
    let last = ends.last().copied().unwrap_or(to);
    let scope = Scope::new(question, &vintage.associations, last)?;
    let homes = homes(vintage, question, &ends)?;
    let Counted { counts, moved, mapped } = Counted::of(vintage, question.map, &scope, &ends, false)?;
    let map_on = mapped.and_then(|mapped| mapped.map_on);
    let mut days = Vec::with_capacity(ends.len());
    let (mut rows, mut made) = (Vec::new(), MadeKeys::default());
    let adjusted = adjusted(vintage, question.map, &scope, &ends)?;
    for (nth, ((as_of, counts), adjusted)) in ends.into_iter().zip(counts).zip(adjusted).enumerate() {
        let told = Answered::of(vintage, question, &scope, map_on, as_of);
        let totals = totals(&vintage.associations, &counts).with_unknown(|tier| told.rows.of_tier(tier));
        if nth == 0 {
            vintage.refuse_unknown(&told.coverage, as_of, totals.n_members(), &asked(question))?;
        }
        days.push(SeriesDay {
            as_of,
            complete: told.coverage.complete,
            incomplete_areas: told.coverage.incomplete,
            future: told.coverage.future,
            totals,
            not_shown: counts.not_shown.iter().sum(),
            adjusted,
        });
        let moved = moved.as_ref().and_then(|moved| moved.get(nth)).cloned();
        let basis = RowBasis::new(&vintage.associations, &scope, as_of, map_on, moved, told.rows)
            .with_homes(homes.as_ref().and_then(|homes| homes.get(nth)).cloned());
        rows.extend(cell_rows(&basis, &counts, question, Some(as_of), &mut made));
    }
    let map = AnswerMap::of(map_on);
    Ok(SeriesAnswer { days, unit: "memberships", map, basis: vintage.basis(), rows })
}

/// How the day of an answer stands to what the exports tell of its bodies.
struct Answered {
    coverage: AreaCoverage,
    rows: CoveredRows,
}

impl Answered {
    fn of(vintage: &Vintage, question: &Question, scope: &Scope, map_on: Option<NaiveDate>, day: NaiveDate) -> Self {
        let asked = scope.on(map_on.unwrap_or(day)).bodies(&vintage.associations);
        let mut bodies = AskedBodies::new(vintage, &asked);
        if let Some(home) = scope.national_home() {
            bodies = bodies.with_national_of(vintage, home);
        }
        if map_on.is_some() {
            bodies = bodies.widened(vintage);
        }
        let rows = CoveredRows::of(vintage, &asked, question.map, day).with_national_of(scope.national_home());
        Self { coverage: vintage.coverage_of(&bodies, AsOf(day)), rows }
    }
}

/// National memberships by prefecture (R23) of some days, ascending, where a question asks for prefectures.
fn homes(vintage: &Vintage, question: &Question, days: &[NaiveDate]) -> Result<Option<Vec<Counts>>> {
    if !question.by.contains(&Dimension::Prefecture) {
        return Ok(None);
    }
    if let Some(sums) = vintage.sums(days)? {
        let everywhere = BodySet::all(&vintage.associations);
        return Ok(Some(sums.iter().map(|sums| sums.national_by_prefecture(&everywhere)).collect()));
    }
    let days: Vec<i32> = days.iter().copied().map(day_number).collect();
    Ok(Some(vintage.all_memberships()?.national_by_prefecture(&vintage.associations).count_series(&days)))
}
