//! Counting with polars: by any attribute, and as the second answer beside the kernel.

use polars::prelude::*;

use super::kernel::Memberships;
use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::day::date_of;
use crate::domain::person::{Sex, age_band};
use crate::timeline::PersonColumns;

/// What a count can be broken down by, besides the tier that is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Prefecture code of the body.
    Prefecture,
    /// The body.
    Association,
    /// Class.
    Class,
    /// Sex of the person as known then.
    Sex,
    /// Age band of the person on the as-of day.
    AgeBand,
    /// 施設業務 as known then.
    Duty,
}

impl Dimension {
    /// Machine name, the key in JSON and the word after `--by`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Prefecture => "prefecture",
            Self::Association => "association",
            Self::Class => "class",
            Self::Sex => "sex",
            Self::AgeBand => "age_band",
            Self::Duty => "duty",
        }
    }

    /// Whether it is an attribute of the person rather than of the membership.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Sex | Self::AgeBand | Self::Duty)
    }
}

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
/// `persons` is needed for personal dimensions only. Rows come sorted by tier and keys.
///
/// # Errors
/// [`PolarsError`] when a frame operation fails.
pub fn count_by(
    memberships: &Memberships,
    associations: &Associations,
    persons: Option<&PersonColumns>,
    day: i32,
    dimensions: &[Dimension],
) -> PolarsResult<(Vec<GroupedCount>, [i64; 3])> {
    let frame = on_day(memberships, associations, day)?;
    let frame = match persons {
        Some(persons) => with_persons(&frame, persons, day)?,
        None => frame,
    };
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
    Ok((rows, heads(&frame)?))
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

/// The memberships in force on a day: tier, prefecture, association (place in official order), class (stored
/// number), physician.
fn on_day(memberships: &Memberships, associations: &Associations, day: i32) -> PolarsResult<DataFrame> {
    let all = df!(
        "physician" => &memberships.physician,
        "rank" => memberships.rank.iter().map(|rank| i64::from(*rank)).collect::<Vec<_>>(),
        "class" => memberships.class.iter().map(|class| i32::from(*class)).collect::<Vec<_>>(),
        "starts" => &memberships.starts,
        "ends" => &memberships.ends,
    )?;
    let started = all.column("starts")?.i32()?.lt_eq(day);
    let not_ended = all.column("ends")?.i32()?.gt(day);
    let frame = all.filter(&(started & not_ended))?;
    let bodies: Vec<_> = associations.iter().collect();
    let ranks = (0..bodies.len()).filter_map(|rank| i64::try_from(rank).ok()).collect::<Vec<_>>();
    let tiers: Vec<i32> = bodies.iter().filter_map(|body| i32::try_from(body.tier.index()).ok()).collect();
    let master = df!(
        "rank" => &ranks,
        "association" => &ranks,
        "tier" => tiers,
        "prefecture" => bodies.iter().map(|body| body.prefecture.as_str()).collect::<Vec<_>>(),
    )?;
    frame.join(&master, ["rank"], ["rank"], JoinArgs::new(JoinType::Left), None)
}

/// Adds sex, age_band and duty of the persons, unknown where nothing is known.
fn with_persons(frame: &DataFrame, persons: &PersonColumns, day: i32) -> PolarsResult<DataFrame> {
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
    )?;
    frame.join(&attributes, ["physician"], ["physician"], JoinArgs::new(JoinType::Left), None)
}

/// The class of a key that [`count_by`] returned.
pub fn class_of_key(key: &str) -> NationalClass {
    key.parse().ok().and_then(NationalClass::from_index).unwrap_or(NationalClass::Unknown)
}
