//! Heads and funnels with polars: a second answer to what the tables of papers count in one scan.
//!
//! It groups the frame that `stats::frames` makes of the memberships in force on a day, and counts otherwise.

use std::collections::BTreeMap;

use kaiin::domain::association::{Associations, Tier};
use kaiin::domain::duty::DutyWords;
use kaiin::domain::grouping::Dimension;
use kaiin::stats::Memberships;
use kaiin::stats::frames::{on_day, tier_of, with_groups, with_persons};
use kaiin::timeline::PersonColumns;
use polars::prelude::*;

/// Counts the distinct persons of each group of a dimension on a day, by tier and key, with polars: what the tables of
/// papers count otherwise.
pub fn heads_by(
    memberships: &Memberships,
    associations: &Associations,
    (persons, duties): (&PersonColumns, &DutyWords),
    day: i32,
    dimension: Dimension,
) -> PolarsResult<BTreeMap<(Tier, String), i64>> {
    let frame = with_persons(&on_day(memberships, associations, day)?, persons, duties, day)?;
    let frame = with_groups(frame, &|| on_day(memberships, associations, day), &[dimension])?;
    let counted = persons_by(&frame, &["tier", dimension.code()])?;
    let (tiers, keys) = (counted.column("tier")?.i32()?, counted.column(dimension.code())?.cast(&DataType::String)?);
    let keys = tiers.iter().zip(keys.str()?.iter()).map(|(tier, key)| (tier_of(tier), key.unwrap_or_default().into()));
    Ok(keys.zip(numbers(&counted)?).collect())
}

/// Counts the members of local bodies by the groups of a personal dimension: all, those who are in a prefectural body on
/// the day, and those who are in the national one. Groups with nobody are left out.
pub fn funnel_by(
    memberships: &Memberships,
    associations: &Associations,
    (persons, duties): (&PersonColumns, &DutyWords),
    day: i32,
    dimension: Dimension,
) -> PolarsResult<BTreeMap<String, [i64; 3]>> {
    let frame = with_persons(&on_day(memberships, associations, day)?, persons, duties, day)?;
    let of_tier = |tier: Tier| -> PolarsResult<DataFrame> {
        let tier = i32::try_from(tier.index()).unwrap_or_default();
        frame.filter(&frame.column("tier")?.i32()?.equal(tier))
    };
    let local = of_tier(Tier::Local)?;
    let mut out: BTreeMap<String, [i64; 3]> = BTreeMap::new();
    for (place, tier) in Tier::ALL.into_iter().enumerate() {
        let also = of_tier(tier)?.select(["physician"])?;
        let also = also.unique_stable(None, UniqueKeepStrategy::First, None)?;
        let both = local.join(&also, ["physician"], ["physician"], JoinArgs::new(JoinType::Inner), None)?;
        let counted = persons_by(&both, &[dimension.code()])?;
        for (key, n) in counted.column(dimension.code())?.str()?.iter().zip(numbers(&counted)?) {
            out.entry(key.unwrap_or_default().to_string()).or_default()[place] = n;
        }
    }
    Ok(out)
}

/// Each group with its number of distinct persons (physician_count).
fn persons_by(frame: &DataFrame, keys: &[&str]) -> PolarsResult<DataFrame> {
    let persons = [keys, &["physician"]].concat();
    let columns: Vec<String> = persons.iter().map(|name| (*name).to_string()).collect();
    let distinct = frame.select(persons)?.unique_stable(Some(&columns), UniqueKeepStrategy::First, None)?;
    distinct.group_by(keys.to_vec())?.select(["physician"]).count()
}

fn numbers(counted: &DataFrame) -> PolarsResult<Vec<i64>> {
    let counts = counted.column("physician_count")?.cast(&DataType::Int64)?;
    Ok(counts.i64()?.iter().map(Option::unwrap_or_default).collect())
}
