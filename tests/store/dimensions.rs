//! Every dimension and both units, counted three ways on random worlds: by the tables of papers (kernel), by polars, and by
//! the slow definition.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kaiin::domain::as_of::AsOf;
use kaiin::domain::as_of::WithdrawalDayRule::{FirstNonMemberDay, LastMemberDay};
use kaiin::domain::association::Tier;
use kaiin::domain::class::NationalClass;
use kaiin::domain::day::{date_of, day_number};
use kaiin::domain::duty::Founder;
use kaiin::domain::grouping::{ClassGroup, Dimension};
use kaiin::domain::ids::PhysicianId;
use kaiin::domain::map_count::{home_prefecture, members_of_bodies};
use kaiin::domain::person::{Sex, age_band};
use kaiin::domain::report::{TableSpec, TableUnit};
use kaiin::service::figures::Figures;
use kaiin::service::query::Knowledge;
use kaiin::stats::frames::{class_of_key, count_by};
use rstest::rstest;

use super::desk::Ledger;
use super::home::Home;
use super::worlds::{desk_of, for_worlds, import};

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

/// What the tables of papers say, with the total counted apart.
fn by_tables(knowledge: &Knowledge, as_of: NaiveDate, unit: TableUnit) -> (Counted, BTreeMap<(String, String), i64>) {
    let kept = vec![true; knowledge.associations.len()];
    let figures = Figures::new(knowledge, AsOf(as_of), kept).expect("the timeline can be read");
    let (mut counted, mut totals) = (Counted::new(), BTreeMap::new());
    for (tier, rows) in questions() {
        let spec = TableSpec {
            id: "t".into(),
            title: "試験".into(),
            tier,
            unit,
            rows,
            columns: None,
            metrics: Vec::new(),
            subtotals: false,
            notes: Vec::new(),
        };
        let table = figures.of_table(&spec);
        for (at, group) in table.rows.iter().enumerate() {
            counted.insert((format!("{} {}", tier.code(), rows.code()), group.key.clone()), table.row(at));
        }
        totals.insert((tier.code().to_owned(), rows.code().to_owned()), table.total());
    }
    counted.retain(|_, n| *n != 0);
    (counted, totals)
}

/// What polars says, memberships only.
fn by_polars(knowledge: &Knowledge, as_of: NaiveDate) -> Counted {
    let all = knowledge.memberships(|_| true).expect("the timeline is read");
    let persons = knowledge.timeline.persons(knowledge.known_at).expect("the timeline can be read");
    let mut counted = Counted::new();
    for (tier, dimension) in questions() {
        let with = Some((&persons, &knowledge.duties));
        let (rows, _) = count_by(&all, &all, &knowledge.associations, with, day_number(as_of), &[dimension])
            .expect("frames can be grouped");
        for row in rows.into_iter().filter(|row| row.tier == tier) {
            let key = match dimension {
                Dimension::Class => class_of_key(&row.keys[0]).code().to_owned(),
                Dimension::Association => {
                    let rank: usize = row.keys[0].parse().expect("the key of a body is its place");
                    knowledge.associations.at_rank(rank).expect("a body").code.clone()
                }
                _ => row.keys[0].clone(),
            };
            counted.insert((format!("{} {}", tier.code(), dimension.code()), key), row.memberships);
        }
    }
    counted
}

/// What the slow definition says: the persons behind each group.
fn by_reference(ledger: &Ledger, as_of: NaiveDate) -> BTreeMap<(String, String), Vec<PhysicianId>> {
    let Knowledge { associations, known_at, rule, timeline, duties, .. } = &ledger.knowledge;
    let persons = timeline.persons(*known_at).expect("the timeline can be read");
    let mut out: BTreeMap<(String, String), Vec<PhysicianId>> = BTreeMap::new();
    for ((body, class), members) in members_of_bodies(&ledger.versions, associations, AsOf(as_of), *known_at, *rule) {
        let body = associations.get(body).expect("facts name bodies of the master");
        for id in members {
            let at = persons.physician.iter().position(|other| *other == id.0).expect("a described person");
            let sex = u8::try_from(persons.sex[at]).ok().and_then(Sex::from_index).expect("a stored sex");
            let duty = duties.group(&persons.duty[at]);
            for (tier, dimension) in questions().into_iter().filter(|(tier, _)| *tier == body.tier) {
                let key = match dimension {
                    Dimension::Prefecture if tier == Tier::National => {
                        home_prefecture(id, &ledger.versions, associations, AsOf(as_of), *known_at, *rule)
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
    let knowledge = &ledger.knowledge;
    let pair = format!("as of {as_of}, known at {}, {:?}", knowledge.known_at.0, knowledge.rule);
    let reference = by_reference(ledger, as_of);
    let memberships: Counted = reference.iter().map(|(key, ids)| (key.clone(), n(ids))).collect();
    let heads: Counted =
        reference.iter().map(|(key, ids)| (key.clone(), n(ids.iter().collect::<BTreeSet<_>>()))).collect();
    let (tables, totals) = by_tables(knowledge, as_of, TableUnit::Memberships);
    assert_eq!(tables, memberships, "memberships, {pair}");
    assert_eq!(by_tables(knowledge, as_of, TableUnit::Heads).0, heads, "heads, {pair}");
    assert_eq!(by_polars(knowledge, as_of), memberships, "polars, {pair}");
    // Bodies, prefectures, classes … each add up to the same total, which was counted apart from them.
    for ((tier, dimension), total) in totals {
        let of = format!("{tier} {dimension}");
        let sum: i64 = memberships.iter().filter(|((key, _), _)| *key == of).map(|(_, n)| n).sum();
        assert_eq!(sum, total, "{of}, {pair}");
    }
}

#[rstest]
#[case::sqlite(Home::Sqlite, 25)]
#[case::postgres(Home::Postgres, 2)]
fn every_dimension_is_counted_three_ways(#[case] home: Home, #[case] cases: u32) {
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
