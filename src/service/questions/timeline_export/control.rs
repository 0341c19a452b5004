//! Control totals, and the proof that the files count as the program does.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anyhow::Result;
use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::changes::{Change, KnownChanges, Place};
use super::request::Vintages;
use super::tables::prefecture_key;
use crate::domain::as_of::{AsOf, KnownAt, month_start};
use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::day::day_number;
use crate::error::{Failure, FailureKind};
use crate::service::keep::current_exports::telling_days;
use crate::service::known::snapshot::totals_on;
use crate::service::known::vintage::Vintage;
use crate::stats::Counts;
use crate::stats::known_segments::{KnownSegment, SegmentsOfPlace};

/// Memberships and heads of a day as known at another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// As of.
    pub as_of: NaiveDate,
    /// Known at.
    pub known_at: NaiveDate,
    /// By tier, as `kaiin count` prints them; `null` where nothing is known (R7).
    pub totals: serde_json::Value,
}

/// Counts some days, and compares what the files will say on them.
///
/// # Errors
/// [`Failure`] EXP-003 when the files would say something else; when the timeline cannot be read.
pub(super) fn control(
    vintage: &mut Vintage,
    vintages: Vintages,
    memberships: &[SegmentsOfPlace],
    changes: &KnownChanges,
) -> Result<Vec<Control>> {
    let (newest, rule) = (vintage.known_at, vintage.rule);
    let mut out = Vec::new();
    for known_at in known_days(vintage, vintages) {
        if known_at != vintage.known_at {
            vintage.look_from(known_at, rule)?;
        }
        for day in control_days(known_at.0) {
            let counts = vintage.count_on(|_| true, day)?;
            let at = (known_at, day_number(day));
            let told = Told::of(memberships, known_at, at.1);
            if let Some(differing) = told.differing(&vintage.associations, &counts, changes, at) {
                let detail = format!("{day}, known at {}: {differing}", known_at.0);
                return Err(Failure::new(FailureKind::Bug, "EXP-003", detail).into());
            }
            let totals = serde_json::to_value(totals_on(vintage, &counts, AsOf(day)))?;
            out.push(Control { as_of: day, known_at: known_at.0, totals });
        }
    }
    if vintage.known_at != newest {
        vintage.look_from(newest, rule)?;
    }
    Ok(out)
}

/// The newest known-at; of all also the first one and one in the middle.
fn known_days(vintage: &Vintage, vintages: Vintages) -> Vec<KnownAt> {
    if vintages != Vintages::All {
        return vec![vintage.known_at];
    }
    let first = vintage.exports.iter().map(|export| export.day).min();
    let days: Vec<NaiveDate> =
        telling_days(&vintage.imports).into_iter().filter(|day| first.is_none_or(|first| first <= *day)).collect();
    let chosen = [0, days.len() / 2, days.len().saturating_sub(1)].into_iter().filter_map(|at| days.get(at));
    chosen.copied().collect::<BTreeSet<NaiveDate>>().into_iter().rev().map(KnownAt).collect()
}

/// The day itself, the first of its month and the day before, the turn of the year of account, and a year ahead.
fn control_days(known_at: NaiveDate) -> BTreeSet<NaiveDate> {
    let year = known_at.year() - i32::from(known_at.month() < 4);
    let turn = NaiveDate::from_ymd_opt(year, 4, 1);
    let first = month_start(known_at);
    let ahead = known_at.checked_add_months(Months::new(12));
    let days = [Some(known_at), Some(first), first.pred_opt(), turn, turn.and_then(|turn| turn.pred_opt()), ahead];
    days.into_iter().flatten().collect()
}

/// What the files say on a day as known at another.
struct Told {
    /// Memberships by tier, prefecture, body and class.
    members: BTreeMap<(Tier, String, u32, u8), i64>,
    /// Heads by tier and prefecture.
    heads_of_prefectures: BTreeMap<(Tier, String), i64>,
    heads: [i64; 3],
}

impl Told {
    fn of(all: &[SegmentsOfPlace], known_at: KnownAt, day: i32) -> Self {
        let known = day_number(known_at.0);
        let mut out = Self { members: BTreeMap::new(), heads_of_prefectures: BTreeMap::new(), heads: [0; 3] };
        let mut persons: [HashSet<i64>; 3] = Default::default();
        for SegmentsOfPlace { tier, prefecture, segments } in all {
            let key = prefecture_key(prefecture).to_string();
            let mut here: HashSet<i64> = HashSet::new();
            let holds = |one: &&KnownSegment| {
                one.starts <= day && day < one.ends && one.known_from <= known && known < one.known_before
            };
            let mut of_body: BTreeMap<(u32, u8), i64> = BTreeMap::new();
            for one in segments.iter().filter(holds) {
                *of_body.entry((one.rank, one.class)).or_default() += 1;
                here.insert(one.physician);
            }
            out.members.extend(of_body.into_iter().map(|((rank, class), n)| ((*tier, key.clone(), rank, class), n)));
            if !here.is_empty() {
                out.heads_of_prefectures.insert((*tier, key), n_of(&here));
            }
            persons[tier.index()].extend(here);
        }
        out.heads = persons.each_ref().map(n_of);
        out
    }

    /// The first figure of which counts, memberships and change points do not say the same.
    fn differing(
        &self,
        associations: &Associations,
        counts: &Counts,
        changes: &KnownChanges,
        (known_at, day): (KnownAt, i32),
    ) -> Option<String> {
        if self.heads != counts.heads {
            return Some(format!("heads {:?} ≠ {:?}", self.heads, counts.heads));
        }
        let mut cells = vec![[0; NationalClass::COUNT]; associations.len()];
        self.members.iter().for_each(|((_, _, rank, class), n)| cells[*rank as usize][usize::from(*class)] += n);
        let bodies = associations.iter().zip(cells.iter().zip(&counts.cells));
        if let Some((body, (ours, theirs))) = bodies.into_iter().find(|(_, (ours, theirs))| ours != theirs) {
            return Some(format!("{} {ours:?} ≠ {theirs:?}", body.code));
        }
        let code = |rank: u32| associations.at_rank(rank as usize).map(|body| body.code.clone());
        let members = self.members.iter().map(|((tier, prefecture, rank, class), n)| {
            (Place { tier: *tier, prefecture: Some(prefecture.clone()), body: code(*rank), class: *class }, *n)
        });
        let heads = Tier::ALL.map(|tier| (Place::of_heads(tier, None), self.heads[tier.index()]));
        let of_prefectures = self.heads_of_prefectures.iter();
        let of_prefectures =
            of_prefectures.map(|((tier, prefecture), n)| (Place::of_heads(*tier, Some(prefecture.clone())), *n));
        unlike(members.collect(), &changes.memberships, changes, (known_at, day))
            .or_else(|| unlike(heads.into_iter().collect(), &changes.heads, changes, (known_at, day)))
            .or_else(|| unlike(of_prefectures.collect(), &changes.heads_of_prefectures, changes, (known_at, day)))
    }
}

/// The first figure that the change points of a table tell otherwise.
fn unlike(
    mut told: BTreeMap<Place, i64>,
    table: &[Change],
    changes: &KnownChanges,
    (known_at, day): (KnownAt, i32),
) -> Option<String> {
    told.retain(|_, n| *n != 0);
    let summed = changes.on(table, known_at, day);
    let places: BTreeSet<&Place> = told.keys().chain(summed.keys().copied()).collect();
    let of = |place: &Place| (told.get(place).copied().unwrap_or(0), summed.get(place).copied().unwrap_or(0));
    let differs = places.into_iter().map(|place| (place, of(place))).find(|(_, (ours, theirs))| ours != theirs);
    differs.map(|(place, (ours, theirs))| format!("change points of {place:?}: {ours} ≠ {theirs}"))
}

fn n_of(persons: &HashSet<i64>) -> i64 {
    i64::try_from(persons.len()).unwrap_or(i64::MAX)
}
