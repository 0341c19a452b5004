//! Counting with polars: by any attribute, and as the second answer beside the kernel.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::kernel::Memberships;
use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::day::date_of;
use crate::domain::duty::{DutyGroup, DutyWords, Founder};
use crate::domain::grouping::{ClassGroup, Dimension};

use crate::domain::person::{Sex, age_band};
use crate::timeline::PersonColumns;

/// One row of a grouped count; the keys stand in the order of the dimensions asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupedCount {
    /// Tier.
    pub tier: Tier,
    /// Keys: place in official order for a body, stored number for a class, text otherwise.
    pub keys: Vec<String>,
    /// Memberships.
    pub memberships: i64,
}

/// Counts memberships in force on a day by tier and the given dimensions, and heads by tier, with polars.
///
/// `persons` are needed for personal dimensions only. A national membership stands in the prefecture of R23 when
/// prefectures are asked for: that of the stays among `everything`. Memberships without a group (A①内訳 of other classes) are left out of the rows, not of the
/// heads. Rows come sorted by tier and keys.
///
/// # Errors
/// [`PolarsError`] when a frame operation fails.
pub fn count_by(
    memberships: &Memberships,
    everything: &Memberships,
    associations: &Associations,
    persons: Option<(&PersonColumns, &DutyWords)>,
    day: i32,
    dimensions: &[Dimension],
) -> PolarsResult<(Vec<GroupedCount>, [i64; 3])> {
    let frame = on_day(memberships, associations, day)?;
    let frame = match persons {
        Some((persons, duties)) => with_persons(&frame, persons, duties, day)?,
        None => frame,
    };
    let heads = heads(&frame)?;
    let frame = with_groups(frame, &|| on_day(everything, associations, day), dimensions)?;
    let names: Vec<&str> = std::iter::once("tier").chain(dimensions.iter().map(|d| d.code())).collect();
    let counted = frame.group_by(names.clone())?.select(["physician"]).count()?;
    let mut rows = Vec::with_capacity(counted.height());
    let tiers = counted.column("tier")?.i32()?;
    let counts = counted.column("physician_count")?.cast(&DataType::Int64)?;
    let counts = counts.i64()?;
    let keys: Vec<Column> =
        names[1..].iter().map(|name| counted.column(name)?.cast(&DataType::String)).collect::<PolarsResult<_>>()?;
    let keys: Vec<&StringChunked> = keys.iter().map(Column::str).collect::<PolarsResult<_>>()?;
    for i in 0..counted.height() {
        rows.push(GroupedCount {
            tier: tier_of(tiers.get(i)),
            keys: keys.iter().map(|column| column.get(i).unwrap_or_default().to_string()).collect(),
            memberships: counts.get(i).unwrap_or_default(),
        });
    }
    rows.sort_by(|a, b| (a.tier, &a.keys).cmp(&(b.tier, &b.keys)));
    Ok((rows, heads))
}

/// Counts the distinct persons of each group of a dimension on a day, by tier and key, with polars: what the tables of
/// papers count otherwise.
///
/// # Errors
/// As [`count_by`].
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
///
/// # Errors
/// As [`count_by`].
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

/// Adds what dimensions need beyond bodies and persons: prefectures of R23, the breakdown of A①.
fn with_groups(
    frame: DataFrame,
    everything: &dyn Fn() -> PolarsResult<DataFrame>,
    dimensions: &[Dimension],
) -> PolarsResult<DataFrame> {
    let is_by_prefecture = dimensions.contains(&Dimension::Prefecture);
    let frame = if is_by_prefecture { with_homes(&frame, &everything()?)? } else { frame };
    if dimensions.contains(&Dimension::Founder) { with_founders(&frame) } else { Ok(frame) }
}

fn tier_of(index: Option<i32>) -> Tier {
    index.and_then(|index| usize::try_from(index).ok()).and_then(|i| Tier::ALL.get(i).copied()).unwrap_or(Tier::Local)
}

fn heads(frame: &DataFrame) -> PolarsResult<[i64; 3]> {
    let distinct = frame.group_by(["tier", "physician"])?.select(["rank"]).count()?;
    let distinct = distinct.group_by(["tier"])?.select(["physician"]).count()?;
    let counts = distinct.column("physician_count")?.cast(&DataType::Int64)?;
    let mut out = [0; 3];
    for (tier, n) in distinct.column("tier")?.i32()?.iter().zip(counts.i64()?.iter()) {
        out[tier_of(tier).index()] = n.unwrap_or_default();
    }
    Ok(out)
}

/// The memberships in force on a day: tier, prefecture, association (place in official order), kind, class (stored
/// number), class_group, physician, begun_on (first day of the run in the body).
fn on_day(memberships: &Memberships, associations: &Associations, day: i32) -> PolarsResult<DataFrame> {
    let all = df!(
        "physician" => &memberships.physician,
        "rank" => memberships.rank.iter().map(|rank| i64::from(*rank)).collect::<Vec<_>>(),
        "class" => memberships.class.iter().map(|class| i32::from(*class)).collect::<Vec<_>>(),
        "class_group" => memberships.class.iter().map(|class| class_group(*class)).collect::<Vec<_>>(),
        "begun_on" => begun_on(memberships),
        "starts" => &memberships.starts,
        "ends" => &memberships.ends,
    )?;
    let started = all.column("starts")?.i32()?.lt_eq(day);
    let not_ended = all.column("ends")?.i32()?.gt(day);
    let frame = all.filter(&(started & not_ended))?;
    let on = date_of(day).unwrap_or_default();
    let bodies: Vec<_> = associations.iter().collect();
    let ranks = (0..bodies.len()).filter_map(|rank| i64::try_from(rank).ok()).collect::<Vec<_>>();
    let tiers: Vec<i32> = bodies.iter().filter_map(|body| i32::try_from(body.tier.index()).ok()).collect();
    let master = df!(
        "rank" => &ranks,
        "association" => &ranks,
        "tier" => tiers,
        "prefecture" => bodies.iter().map(|body| body.prefecture.as_str()).collect::<Vec<_>>(),
        "kind" => bodies.iter().map(|body| body.span_on(on).kind.as_str()).collect::<Vec<_>>(),
    )?;
    frame.join(&master, ["rank"], ["rank"], JoinArgs::new(JoinType::Left), None)
}

/// For each membership the first day of its run: segments of one person in one body that touch.
fn begun_on(memberships: &Memberships) -> Vec<i32> {
    let mut first: BTreeMap<(i64, u32, i32), i32> = BTreeMap::new();
    let mut order: Vec<usize> = (0..memberships.len()).collect();
    order.sort_by_key(|i| (memberships.physician[*i], memberships.rank[*i], memberships.starts[*i]));
    let mut out = vec![0; memberships.len()];
    for i in order {
        let (person, body) = (memberships.physician[i], memberships.rank[i]);
        let begun = first.remove(&(person, body, memberships.starts[i])).unwrap_or(memberships.starts[i]);
        out[i] = begun;
        first.insert((person, body, memberships.ends[i]), begun);
    }
    out
}

fn class_group(class: u8) -> &'static str {
    ClassGroup::of(NationalClass::from_index(class).unwrap_or(NationalClass::Unknown)).code()
}

/// Puts national memberships in the prefecture of the prefectural stay in force, else of the local one, else in
/// `unknown` (R23): the stay that began last, then official order.
fn with_homes(frame: &DataFrame, everything: &DataFrame) -> PolarsResult<DataFrame> {
    let order = SortMultipleOptions::default().with_order_descending_multi([false, true, true, false]);
    let below = everything.filter(&everything.column("tier")?.i32()?.lt(2))?;
    let below = below.sort(["physician", "tier", "begun_on", "association"], order)?;
    let homes = below.unique_stable(Some(&["physician".to_string()]), UniqueKeepStrategy::First, None)?;
    let mut homes = homes.select(["physician", "prefecture"])?;
    homes.rename("prefecture", "home".into())?;
    let mut joined = frame.join(&homes, ["physician"], ["physician"], JoinArgs::new(JoinType::Left), None)?;
    let own = joined.column("prefecture")?.str()?.clone();
    let home = joined.column("home")?.str()?.clone();
    let tiers = joined.column("tier")?.i32()?.clone();
    let placed: StringChunked = (0..joined.height())
        .map(|i| if tiers.get(i) == Some(2) { home.get(i).or(Some("unknown")) } else { own.get(i) })
        .collect();
    joined.with_column(placed.with_name("prefecture".into()).into_series().into())?;
    Ok(joined)
}

/// Keeps the memberships of class A① and adds their place in its breakdown.
fn with_founders(frame: &DataFrame) -> PolarsResult<DataFrame> {
    let a1 = frame.column("class")?.i32()?.equal(i32::from(NationalClass::A1.index()));
    let mut frame = frame.filter(&a1)?;
    let groups = frame.column("duty_group")?.str()?.clone();
    let places: StringChunked = groups
        .iter()
        .map(|code| {
            let group = code.and_then(DutyGroup::from_code).unwrap_or(DutyGroup::Unknown);
            Founder::of(NationalClass::A1, group).map(Founder::code)
        })
        .collect();
    frame.with_column(places.with_name("a1".into()).into_series().into())?;
    Ok(frame)
}

/// Adds sex, age_band, duty and duty_group of the persons, unknown where nothing is known.
fn with_persons(frame: &DataFrame, persons: &PersonColumns, duties: &DutyWords, day: i32) -> PolarsResult<DataFrame> {
    let on = date_of(day).unwrap_or_default();
    let sexes: Vec<&str> = persons
        .sex
        .iter()
        .map(|sex| u8::try_from(*sex).ok().and_then(Sex::from_index).unwrap_or(Sex::Unknown).code())
        .collect();
    let bands: Vec<&str> = persons.born_on.iter().map(|born_on| age_band(born_on.and_then(date_of), on)).collect();
    let attributes = df!(
        "physician" => &persons.physician,
        "sex" => sexes,
        "age_band" => bands,
        "duty" => &persons.duty,
        "duty_group" => persons.duty.iter().map(|duty| duties.group(duty).code()).collect::<Vec<_>>(),
    )?;
    frame.join(&attributes, ["physician"], ["physician"], JoinArgs::new(JoinType::Left), None)
}

/// The class of a key that [`count_by`] returned.
pub fn class_of_key(key: &str) -> NationalClass {
    key.parse().ok().and_then(NationalClass::from_index).unwrap_or(NationalClass::Unknown)
}
