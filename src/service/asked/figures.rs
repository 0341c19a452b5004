//! The figures of a question, tier by tier, as `kaiin count` gives them.

use anyhow::Result;
use chrono::NaiveDate;

use super::resolve::Asked;
use super::scope::TierScope;
use crate::domain::as_of::AsOf;
use crate::domain::association::Tier;
use crate::domain::class::NationalClass;
use crate::domain::grouping::Dimension;
use crate::error::Failure;
use crate::service::known::coverage::IncompleteArea;
use crate::service::known::totals::TierTotal;
use crate::service::known::vintage::Vintage;
use crate::service::questions::answer::{CountAnswer, CountRow};
use crate::service::questions::count::count;

/// The number of one tier on a day.
#[derive(Debug, Clone)]
pub(super) struct TierFigure {
    pub(super) tier: Tier,
    /// `None` where nothing is known of the day.
    pub(super) memberships: Option<i64>,
    /// Distinct persons; `None` where that is not known, or not counted (of one class in several bodies).
    pub(super) heads: Option<i64>,
    pub(super) complete: bool,
    pub(super) incomplete: Vec<IncompleteArea>,
    /// Members whom the newest export no longer shows, and what adjustments add; of a class that is not told.
    pub(super) not_shown: Option<i64>,
    pub(super) adjusted: Option<i64>,
    /// The rows of the breakdown.
    pub(super) rows: Vec<CountRow>,
    /// Whether the number is known and not shown, and the newest day before on which it is.
    pub(super) is_masked: bool,
    pub(super) shown_before: Option<(NaiveDate, i64)>,
    /// The same of each row; none where nothing is masked.
    pub(super) masked_rows: Vec<bool>,
}

/// Counts a tier on the day of a question.
///
/// # Errors
/// When the timeline cannot be read.
pub(super) fn tier_figure(vintage: &Vintage, asked: &Asked, scope: &TierScope) -> Result<TierFigure> {
    let of_class = asked.class.map(|_| Dimension::Class);
    let whole = answered(vintage, scope, of_class.into_iter().collect(), asked.on)?;
    let Some(whole) = whole else { return Ok(TierFigure::unknown(scope.tier)) };
    let total = total_of(&whole, scope.tier);
    let is_one_body = scope.bodies.ranks().nth(1).is_none();
    let (memberships, heads) = match asked.class {
        None => (total.memberships, Some(total.heads)),
        Some(class) => {
            let n = n_of_class(&whole.rows, class);
            // A member of one body is one head there.
            (n, is_one_body.then_some(n))
        }
    };
    // Of a class nobody is known of where the exports do not reach the day.
    let known = !total.is_unknown && (asked.class.is_none() || memberships != 0 || whole.complete);
    Ok(TierFigure {
        tier: scope.tier,
        memberships: known.then_some(memberships),
        heads: heads.filter(|_| known),
        complete: whole.complete,
        incomplete: whole.incomplete_areas,
        not_shown: asked.class.is_none().then_some(whole.not_shown),
        adjusted: asked.class.is_none().then_some(whole.adjusted),
        rows: if asked.by.is_empty() { Vec::new() } else { rows(vintage, asked, scope)? },
        is_masked: false,
        shown_before: None,
        masked_rows: Vec::new(),
    })
}

/// The number of a tier on another day; `None` where nothing, or not all, is known of it.
///
/// # Errors
/// When the timeline cannot be read.
pub(super) fn number_on(vintage: &Vintage, asked: &Asked, scope: &TierScope, day: NaiveDate) -> Result<Option<i64>> {
    let by = asked.class.map(|_| Dimension::Class).into_iter().collect();
    let answer = answered(vintage, scope, by, day)?.filter(|answer| answer.complete);
    Ok(answer.map(|answer| match asked.class {
        None => total_of(&answer, scope.tier).memberships,
        Some(class) => n_of_class(&answer.rows, class),
    }))
}

/// The members of each body of a tier, by its code, in the order of the list.
///
/// # Errors
/// When the timeline cannot be read.
pub(super) fn by_body(vintage: &Vintage, asked: &Asked, scope: &TierScope) -> Result<Vec<(String, i64)>> {
    let asked = Asked { by: vec![Dimension::Association], ..asked.clone() };
    let rows = rows(vintage, &asked, scope)?;
    let code = |row: &CountRow| row.keys.0.iter().find(|(key, _)| *key == "association").map(|(_, code)| code.clone());
    Ok(rows.iter().filter_map(|row| Some((code(row)?, row.memberships))).collect())
}

/// What `count` says of a day; `None` where nothing is known of it.
pub(super) fn answered(
    vintage: &Vintage,
    scope: &TierScope,
    by: Vec<Dimension>,
    day: NaiveDate,
) -> Result<Option<CountAnswer>> {
    match count(vintage, AsOf(day), &scope.question(by)) {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if is_unknown(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether an error says that nothing is known of the bodies or the day.
pub(super) fn is_unknown(error: &anyhow::Error) -> bool {
    matches!(Failure::of(error).code, "QRY-010" | "QRY-011")
}

/// The rows of the breakdown; of one class those of it, and without its key where nobody asked for that.
fn rows(vintage: &Vintage, asked: &Asked, scope: &TierScope) -> Result<Vec<CountRow>> {
    let mut by = asked.by.clone();
    let adds_class = asked.class.is_some() && !by.contains(&Dimension::Class);
    if adds_class {
        by.push(Dimension::Class);
    }
    let Some(answer) = answered(vintage, scope, by, asked.on)? else { return Ok(Vec::new()) };
    let rows = answer.rows.into_iter().filter(|row| asked.class.is_none_or(|class| is_of(row, class)));
    let without_class = |row: CountRow| {
        let keys = row.keys.0.iter().filter(|(key, _)| *key != Dimension::Class.code()).cloned();
        CountRow { keys: crate::service::questions::answer::Keys::new(keys), ..row }
    };
    Ok(if adds_class { rows.map(without_class).collect() } else { rows.collect() })
}

fn is_of(row: &CountRow, class: NationalClass) -> bool {
    row.keys.0.iter().any(|(key, value)| *key == Dimension::Class.code() && value == class.code())
}

fn n_of_class(rows: &[CountRow], class: NationalClass) -> i64 {
    rows.iter().filter(|row| is_of(row, class)).map(|row| row.memberships).sum()
}

fn total_of(answer: &CountAnswer, tier: Tier) -> TierTotal {
    match tier {
        Tier::Local => answer.totals.local,
        Tier::Prefectural => answer.totals.prefectural,
        Tier::National => answer.totals.national,
    }
}

impl TierFigure {
    fn unknown(tier: Tier) -> Self {
        Self {
            tier,
            memberships: None,
            heads: None,
            complete: false,
            incomplete: Vec::new(),
            not_shown: None,
            adjusted: None,
            rows: Vec::new(),
            is_masked: false,
            shown_before: None,
            masked_rows: Vec::new(),
        }
    }
}
