//! Roll-forwards by tier, prefecture, body and class: the answer of `kaiin movements`.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::as_of::{AsOf, Period};
use crate::domain::association::{Association, BodySet, Tier};
use crate::domain::class::NationalClass;
use crate::domain::grouping::Dimension;
use crate::domain::roll_forward::{FlowRow, RollForward};
use crate::error::Failure;
use crate::service::known::basis::Basis;
use crate::service::known::coverage::{AskedBodies, CoveredRows, IncompleteArea};
use crate::service::known::flows::roll_forwards_within;
use crate::service::known::map::MapChoice;
use crate::service::known::names;
use crate::service::known::vintage::Vintage;
use crate::service::questions::answer::Keys;
use crate::service::questions::question::{Question, asked};
use crate::service::questions::scope::Scope;

/// What movements can be broken down by.
pub const BREAKDOWNS: [Dimension; 3] = [Dimension::Prefecture, Dimension::Association, Dimension::Class];

/// One line of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MovementRow {
    /// Tier.
    pub tier: &'static str,
    /// Keys in the order asked for.
    #[serde(flatten)]
    pub keys: Keys,
    /// Opening, movements, closing.
    #[serde(flatten)]
    pub flows: FlowRow,
    /// False where the exports do not reach the opening day of the line (R7).
    #[serde(rename = "complete", skip_serializing_if = "is_true")]
    pub is_complete: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

/// The answer of `kaiin movements`.
#[derive(Debug, Clone, Serialize)]
pub struct MovementAnswer {
    /// First day of the period.
    pub from: NaiveDate,
    /// Last day, inclusive.
    pub to: NaiveDate,
    /// Opening day: the one before the first.
    pub opened_on: NaiveDate,
    /// Whether the exports reach back to the opening day in every area that the answer is about (R7).
    pub complete: bool,
    /// The areas that they do not reach on the opening day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub incomplete_areas: Vec<IncompleteArea>,
    /// Whether the last day lies after known-at (予定).
    pub future: bool,
    /// Dates and rules.
    #[serde(flatten)]
    pub basis: Basis,
    /// Lines in official order.
    pub rows: Vec<MovementRow>,
    /// The sums of the tiers, filters applied.
    pub totals: Vec<MovementRow>,
    /// Lines of bodies and classes that do not balance, of those that are asked about at least: always empty, unless the program is
    /// wrong.
    pub unbalanced: Vec<MovementRow>,
}

/// Rolls forward over a period. Of a question the breakdown, the filters and `zeros` count; the map is that of each day.
///
/// # Errors
/// [`Failure`] QRY-010 or QRY-011 when nothing is known of the period, QRY-005 for a breakdown other than by prefecture, body and class, QRY-004 when a filter names nothing,
/// QRY-007 for a reversed period; timeline errors.
pub fn movements(vintage: &Vintage, period: Period, question: &Question) -> Result<MovementAnswer> {
    if period.to < period.from {
        return Err(Failure::usage("QRY-007", format!("{} – {}", period.from, period.to)).into());
    }
    let opened_on = period.from.pred_opt().unwrap_or(period.from);
    let mut answers = movements_since(vintage, &[opened_on], period.to, question)?;
    answers.pop().context("one day has one answer")?
}

/// The same from each of some opening days, ascending, to one closing day. Of a period of which nothing is known there is the reason.
///
/// # Errors
/// As [`movements`], but for what is not known.
pub fn movements_since(
    vintage: &Vintage,
    opened_on: &[NaiveDate],
    to: NaiveDate,
    question: &Question,
) -> Result<Vec<Result<MovementAnswer>>> {
    if let Some(dimension) = question.by.iter().find(|by| !BREAKDOWNS.contains(by)) {
        return Err(names::no_breakdown(dimension.code(), &BREAKDOWNS).into());
    }
    let scope = Scope::new(question, &vintage.associations, to)?;
    let bodies = scope.bodies(&vintage.associations);
    let days: Vec<NaiveDate> = opened_on.iter().copied().chain([to]).collect();
    let parts = Arc::unwrap_or_clone(roll_forwards_within(vintage, &bodies, &days)?);
    let mut out = Vec::with_capacity(parts.len());
    let mut later: Option<RollForward> = None;
    for part in parts.into_iter().rev() {
        let whole = match &later {
            Some(later) => part.followed_by(later),
            None => part,
        };
        out.push(answer(vintage, &whole, &bodies, question));
        later = Some(whole);
    }
    out.reverse();
    Ok(out)
}

fn answer(vintage: &Vintage, found: &RollForward, bodies: &BodySet, question: &Question) -> Result<MovementAnswer> {
    let (opened_on, to) = (found.opened_on, found.closed_on);
    let coverage = vintage.coverage_of(&AskedBodies::new(vintage, bodies), AsOf(opened_on));
    let reached = CoveredRows::of(vintage, bodies, MapChoice::AsOf, opened_on);
    let unbalanced = found.unbalanced().into_iter().filter_map(|(rank, class, flows)| {
        let body = vintage.associations.at_rank(rank)?;
        let by = [Dimension::Association, Dimension::Class];
        Some(MovementRow { tier: body.tier.code(), keys: keys(&by, body, class), flows, is_complete: true })
    });
    let totals = totals(vintage, found, bodies, &reached);
    let n_members = totals.iter().map(|row| row.flows.opening + row.flows.closing).sum();
    vintage.refuse_unknown(&coverage, opened_on, n_members, &asked(question))?;
    Ok(MovementAnswer {
        from: opened_on.succ_opt().unwrap_or(opened_on),
        to,
        opened_on,
        complete: coverage.complete,
        incomplete_areas: coverage.incomplete,
        future: AsOf(to).is_future(vintage.known_at),
        basis: vintage.basis(),
        rows: rows(vintage, found, bodies, question, &reached),
        totals,
        unbalanced: unbalanced.collect(),
    })
}

fn keys(by: &[Dimension], body: &Association, class: NationalClass) -> Keys {
    let value = |dimension: &Dimension| match dimension {
        Dimension::Prefecture => body.prefecture.clone(),
        Dimension::Association => body.code.clone(),
        _ => class.code().to_string(),
    };
    Keys::new(by.iter().map(|dimension| (dimension.code(), value(dimension))))
}

/// Groups the lines of bodies and classes, in the official order of the last day.
fn rows(
    vintage: &Vintage,
    found: &RollForward,
    bodies: &BodySet,
    question: &Question,
    reached: &CoveredRows,
) -> Vec<MovementRow> {
    let associations = &vintage.associations;
    let order = associations.order_on(found.closed_on);
    let mut groups: BTreeMap<(Tier, Vec<usize>), MovementRow> = BTreeMap::new();
    for (rank, (body, lines)) in associations.iter().zip(&found.cells).enumerate().filter(|(rank, _)| bodies.has(*rank))
    {
        for (class, line) in NationalClass::ALL.into_iter().zip(lines) {
            let place = |dimension: &Dimension| match dimension {
                // Bodies of a prefecture stand together in official order; the first of them says where.
                Dimension::Prefecture => {
                    let same = |other: &Association| (other.tier, &other.prefecture) == (body.tier, &body.prefecture);
                    associations.iter().position(same).unwrap_or(rank)
                }
                Dimension::Association => order[rank],
                _ => usize::from(class.index()),
            };
            let key = (body.tier, question.by.iter().map(place).collect());
            let row = groups.entry(key).or_insert_with(|| MovementRow {
                tier: body.tier.code(),
                keys: keys(&question.by, body, class),
                flows: FlowRow::default(),
                is_complete: true,
            });
            row.flows += *line;
            row.is_complete &= reached.of_row(&question.by, body.tier, Some(rank), &body.prefecture);
        }
    }
    groups.into_values().filter(|row| question.zeros || !row.flows.is_empty()).collect()
}

fn totals(vintage: &Vintage, found: &RollForward, bodies: &BodySet, reached: &CoveredRows) -> Vec<MovementRow> {
    let associations = &vintage.associations;
    let is_kept = |body: &Association| associations.rank(body.id).is_some_and(|rank| bodies.has(rank));
    let of_tier = |tier: Tier| MovementRow {
        tier: tier.code(),
        keys: Keys::default(),
        flows: found.sum(associations, |body| body.tier == tier && is_kept(body)),
        is_complete: reached.of_tier(tier),
    };
    let asked = Tier::ALL.into_iter().filter(|tier| associations.of_tier(*tier).any(is_kept));
    asked.map(of_tier).collect()
}
