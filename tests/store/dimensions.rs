//! Every dimension and both units, counted three ways on random worlds: by the tables of papers (kernel), by polars, and by
//! the slow definition.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kaiin::domain::as_of::AsOf;
use kaiin::domain::as_of::WithdrawalDayRule::{FirstNonMemberDay, LastMemberDay};
use kaiin::domain::association::{BodySet, Tier};
use kaiin::domain::class::NationalClass;
use kaiin::domain::comparison::Comparison;
use kaiin::domain::day::{date_of, day_number};
use kaiin::domain::duty::Founder;
use kaiin::domain::grouping::{ClassGroup, Dimension};
use kaiin::domain::ids::PhysicianId;
use kaiin::domain::metric::Metric;
use kaiin::domain::person::{Sex, age_band};
use kaiin::domain::report::{TableSpec, TableUnit};
use kaiin::service::known::vintage::Vintage;
use kaiin::service::papers::figures::Figures;
use kaiin::stats::frames::{class_of_key, count_by};
use rstest::rstest;

use super::desk::Ledger;
use super::home::Home;
use super::worlds::{desk_of, for_worlds, import};
use crate::oracle::frames::{funnel_by, heads_by};
use crate::oracle::on_map::{home_prefecture, members_of_bodies};

/// Memberships by tier and group.
type Counted = BTreeMap<(String, String), i64>;

/// Dimensions that a table can have, with the tiers it can have them for.
fn questions() -> Vec<(Tier, Dimension)> {
    let all = Dimension::ALL.into_iter().filter(|dimension| *dimension != Dimension::Duty);
    let both = all.flat_map(|dimension| Tier::ALL.into_iter().map(move |tier| (tier, dimension)));
    both.filter(|(tier, dimension)| {
        *tier != Tier::National || !matches!(dimension, Dimension::Association | Dimension::Kind)
    })
    .collect()
}

fn spec(tier: Tier, unit: TableUnit, rows: Dimension) -> TableSpec {
    TableSpec {
        id: "t".into(),
        title: "試験".into(),
        tier,
        unit,
        rows,
        columns: None,
        metrics: Vec::new(),
        chart: None,
        subtotals: false,
        notes: Vec::new(),
    }
}

/// What the tables of papers say, with the total counted apart.
fn by_tables(vintage: &Vintage, as_of: NaiveDate, unit: TableUnit) -> (Counted, BTreeMap<(String, String), i64>) {
    let bodies = BodySet::all(&vintage.associations);
    let figures = Figures::new(vintage, AsOf(as_of), bodies).expect("the timeline can be read");
    let (mut counted, mut totals) = (Counted::new(), BTreeMap::new());
    for (tier, rows) in questions() {
        let table = figures.of_table(&spec(tier, unit, rows));
        for (at, group) in table.rows.iter().enumerate() {
            counted.insert((format!("{} {}", tier.code(), rows.code()), group.key.clone()), table.row(at));
        }
        totals.insert((tier.code().to_owned(), rows.code().to_owned()), table.total());
    }
    counted.retain(|_, n| *n != 0);
    (counted, totals)
}

/// What polars says, memberships only.
fn by_polars(vintage: &Vintage, as_of: NaiveDate) -> Counted {
    let all = vintage.memberships(|_| true).expect("the timeline is read");
    let persons = vintage.persons().expect("the timeline can be read");
    let mut counted = Counted::new();
    for (tier, dimension) in questions() {
        let with = Some((persons, &vintage.duties));
        let (rows, _) = count_by(&all, &all, &vintage.associations, with, day_number(as_of), &[dimension])
            .expect("frames can be grouped");
        for row in rows.into_iter().filter(|row| row.tier == tier) {
            let key = printed_key(vintage, dimension, &row.keys[0]);
            counted.insert((format!("{} {}", tier.code(), dimension.code()), key), row.memberships);
        }
    }
    counted
}

/// Distinct persons as polars counts them.
fn heads_by_polars(vintage: &Vintage, as_of: NaiveDate) -> Counted {
    let all = vintage.memberships(|_| true).expect("the timeline can be read");
    let persons = vintage.persons().expect("the timeline can be read");
    let mut counted = Counted::new();
    for dimension in questions().into_iter().map(|(_, dimension)| dimension).collect::<BTreeSet<_>>() {
        let with = (persons, &vintage.duties);
        let heads = heads_by(&all, &vintage.associations, with, day_number(as_of), dimension);
        for ((tier, key), n) in heads.expect("frames can be grouped") {
            if questions().contains(&(tier, dimension)) {
                let key = printed_key(vintage, dimension, &key);
                counted.insert((format!("{} {}", tier.code(), dimension.code()), key), n);
            }
        }
    }
    counted
}

/// Codes in place of stored numbers.
fn printed_key(vintage: &Vintage, dimension: Dimension, key: &str) -> String {
    match dimension {
        Dimension::Class => class_of_key(key).code().to_owned(),
        Dimension::Association => {
            let rank: usize = key.parse().expect("the key of a body is its place");
            vintage.associations.at_rank(rank).expect("a body").code.clone()
        }
        _ => key.to_owned(),
    }
}

/// Dimensions of the funnel.
const FUNNELS: [Dimension; 3] = [Dimension::DutyGroup, Dimension::Sex, Dimension::AgeBand];

/// Members of local bodies who are also members above: by the tables of papers, by polars, and person by person.
fn compare_funnel(ledger: &Ledger, reference: &BTreeMap<(String, String), Vec<PhysicianId>>, as_of: NaiveDate) {
    let vintage = &ledger.vintage;
    let bodies = BodySet::all(&vintage.associations);
    let figures = Figures::new(vintage, AsOf(as_of), bodies).expect("the timeline can be read");
    let all = vintage.memberships(|_| true).expect("the timeline can be read");
    let persons = vintage.persons().expect("the timeline can be read");
    let of_tier = |tier: Tier| -> BTreeSet<PhysicianId> {
        let class = format!("{} class", tier.code());
        reference.iter().filter(|((key, _), _)| *key == class).flat_map(|(_, ids)| ids).copied().collect()
    };
    let tiers = Tier::ALL.map(of_tier);
    for dimension in FUNNELS {
        let (groups, counted) = figures.funnel(dimension);
        let cells = |at: usize| [counted.local[at], counted.prefectural[at], counted.national[at]];
        let tables = groups.iter().enumerate().map(|(at, group)| (group.key.clone(), cells(at)));
        let tables: BTreeMap<String, [i64; 3]> = tables.filter(|(_, cells)| *cells != [0; 3]).collect();
        let key = format!("local {}", dimension.code());
        let of_groups = reference.iter().filter(|((of, _), _)| *of == key);
        let expected = of_groups.map(|((_, group), ids)| {
            let ids: BTreeSet<PhysicianId> = ids.iter().copied().collect();
            (group.clone(), [0, 1, 2].map(|tier| n(ids.intersection(&tiers[tier]))))
        });
        assert_eq!(tables, expected.collect(), "funnel by {dimension:?}, as of {as_of}");
        let with = (persons, &vintage.duties);
        let polars = funnel_by(&all, &vintage.associations, with, day_number(as_of), dimension);
        assert_eq!(tables, polars.expect("frames can be joined"), "funnel by {dimension:?} in polars, as of {as_of}");
    }
    let whole = figures.whole_funnel();
    let expected = [0, 1, 2].map(|tier| n(tiers[0].intersection(&tiers[tier])));
    assert_eq!([whole.local[0], whole.prefectural[0], whole.national[0]], expected, "as of {as_of}");
}

/// What the slow definition says: the persons behind each group.
fn by_reference(ledger: &Ledger, as_of: NaiveDate) -> BTreeMap<(String, String), Vec<PhysicianId>> {
    let Vintage { associations, known_at, rule, duties, .. } = &ledger.vintage;
    let persons = ledger.vintage.persons().expect("the timeline can be read");
    let mut out: BTreeMap<(String, String), Vec<PhysicianId>> = BTreeMap::new();
    for ((body, class), members) in
        members_of_bodies(&ledger.told_by_all(), associations, AsOf(as_of), *known_at, *rule)
    {
        let body = associations.get(body).expect("facts name bodies of the master");
        for id in members {
            let at = persons.physician.iter().position(|other| *other == id.0).expect("a described person");
            let sex = u8::try_from(persons.sex[at]).ok().and_then(Sex::from_index).expect("a stored sex");
            let duty = duties.group(&persons.duty[at]);
            for (tier, dimension) in questions().into_iter().filter(|(tier, _)| *tier == body.tier) {
                let key = match dimension {
                    Dimension::Prefecture if tier == Tier::National => {
                        home_prefecture(id, &ledger.told_by_all(), associations, AsOf(as_of), *known_at, *rule)
                            .unwrap_or_else(|| "unknown".to_owned())
                    }
                    Dimension::Prefecture => body.prefecture.clone(),
                    Dimension::Association => body.code.clone(),
                    Dimension::Kind => body.span_on(as_of).kind.clone(),
                    Dimension::Class => class.code().to_owned(),
                    Dimension::ClassGroup => match class {
                        NationalClass::A2B | NationalClass::B => ClassGroup::Employed.code().to_owned(),
                        NationalClass::A2C | NationalClass::C => ClassGroup::Trainees.code().to_owned(),
                        NationalClass::A1 => ClassGroup::Founders.code().to_owned(),
                        NationalClass::Unknown => "unknown".to_owned(),
                    },
                    Dimension::Founder => match Founder::of(class, duty) {
                        Some(founder) => founder.code().to_owned(),
                        None => continue,
                    },
                    Dimension::Sex => sex.code().to_owned(),
                    Dimension::AgeBand => age_band(persons.born_on[at].and_then(date_of), as_of).to_owned(),
                    Dimension::DutyGroup => duty.code().to_owned(),
                    Dimension::Duty => continue,
                };
                out.entry((format!("{} {}", tier.code(), dimension.code()), key)).or_default().push(id);
            }
        }
    }
    out
}

fn n<T>(list: impl IntoIterator<Item = T>) -> i64 {
    i64::try_from(list.into_iter().count()).expect("few persons")
}

/// Compares the three on a day, and the sums that must hold.
fn compare(ledger: &Ledger, as_of: NaiveDate) {
    let vintage = &ledger.vintage;
    let pair = format!("as of {as_of}, known at {}, {:?}", vintage.known_at.0, vintage.rule);
    let reference = by_reference(ledger, as_of);
    let memberships: Counted = reference.iter().map(|(key, ids)| (key.clone(), n(ids))).collect();
    let heads: Counted =
        reference.iter().map(|(key, ids)| (key.clone(), n(ids.iter().collect::<BTreeSet<_>>()))).collect();
    let (tables, totals) = by_tables(vintage, as_of, TableUnit::Memberships);
    assert_eq!(tables, memberships, "memberships, {pair}");
    assert_eq!(by_tables(vintage, as_of, TableUnit::Heads).0, heads, "heads, {pair}");
    assert_eq!(by_polars(vintage, as_of), memberships, "polars, {pair}");
    assert_eq!(heads_by_polars(vintage, as_of), heads, "heads in polars, {pair}");
    compare_funnel(ledger, &reference, as_of);
    // Bodies, prefectures, classes … each add up to the same total, which was counted apart from them.
    for ((tier, dimension), total) in totals {
        let of = format!("{tier} {dimension}");
        let sum: i64 = memberships.iter().filter(|((key, _), _)| *key == of).map(|(_, n)| n).sum();
        assert_eq!(sum, total, "{of}, {pair}");
    }
}

#[rstest]
#[case::sqlite(Home::Sqlite, 6)]
#[case::postgres(Home::Postgres, 2)]
fn every_dimension_is_counted_three_ways(#[case] home: Home, #[case] cases: u32) {
    if home.is_skipped() {
        return;
    }
    for_worlds(cases, &async |world| {
        let desk = desk_of(world, home).await;
        for export in world.exports() {
            import(&desk, export.day, &export.bytes).await;
        }
        let mut ledger = desk.ledger().await;
        let days = world.interesting_days();
        for (nth, export) in world.exports().into_iter().enumerate() {
            ledger.look_from(export.day, if nth % 2 == 0 { LastMemberDay } else { FirstNonMemberDay });
            days.iter().skip(nth).step_by(37).for_each(|as_of| compare(&ledger, *as_of));
        }
    });
}

/// What tables compare with are the counts of the days compared with (R18). Where the exports reach everything it is always
/// told, elsewhere only of areas that they reach (R7).
#[test]
fn figures_compared_are_counts_of_their_days() {
    let metrics = vec![Metric::MonthChange, Metric::YearChange, Metric::FiscalChange];
    for_worlds(10, &async |world| {
        let desk = desk_of(world, Home::Sqlite).await;
        for export in world.exports() {
            import(&desk, export.day, &export.bytes).await;
        }
        let mut ledger = desk.ledger().await;
        let newest = world.exports().last().expect("a world has exports").day;
        ledger.look_from(newest, LastMemberDay);
        let vintage = &ledger.vintage;
        for as_of in world.interesting_days().into_iter().step_by(11) {
            let bodies = BodySet::all(&vintage.associations);
            let figures = Figures::new(vintage, AsOf(as_of), bodies).expect("the timeline can be read");
            for tier in Tier::ALL {
                let spec =
                    TableSpec { metrics: metrics.clone(), ..spec(tier, TableUnit::Memberships, Dimension::Class) };
                let table = figures.of_table(&spec);
                for comparison in Comparison::BESIDE_ROWS {
                    let day = comparison.day(AsOf(as_of));
                    let reached = vintage.coverage(AsOf(day)).complete;
                    let reference = by_reference(&ledger, day);
                    let of_class =
                        |class: &str| reference.get(&(format!("{} class", tier.code()), class.to_owned())).map_or(0, n);
                    for (row, group) in table.rows.iter().enumerate() {
                        let told = table.row_before(comparison, row);
                        assert!(told.is_some() || !reached, "{as_of} {day} {}", group.key);
                        assert!(
                            told.is_none_or(|n| n == of_class(&group.key)),
                            "{as_of} {day} {}: {told:?}",
                            group.key
                        );
                    }
                    let all: i64 = NationalClass::ALL.map(|class| of_class(class.code())).iter().sum();
                    let told = table.total_before(comparison);
                    assert!(told.is_some() || !reached, "{as_of} {day}");
                    assert!(told.is_none_or(|n| n == all), "{as_of} {day}: {told:?}");
                }
            }
        }
    });
}
