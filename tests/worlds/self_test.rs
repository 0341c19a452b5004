//! The generator tested on itself.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::history::{Class, Person, Tier};
use super::{World, worlds};

#[test]
fn same_seed_gives_the_same_world() {
    let (once, again) = (World::from_seed(7, 40, 6), World::from_seed(7, 40, 6));
    assert_eq!(format!("{once:?}"), format!("{again:?}"));
    assert_eq!(once.master_csv(), again.master_csv());
    for (a, b) in once.exports().iter().zip(&again.exports()) {
        assert_eq!((a.day, &a.file_name, &a.bytes), (b.day, &b.file_name, &b.bytes));
    }
}

#[test]
fn another_seed_gives_another_world() {
    assert_ne!(format!("{:?}", World::from_seed(7, 40, 6)), format!("{:?}", World::from_seed(8, 40, 6)));
}

#[test]
fn every_story_is_told() {
    let world = World::from_seed(1, 3_000, 6);
    let told: BTreeSet<&str> = world.people.iter().map(|person| person.story).collect();
    assert_eq!(told.len(), 27, "26 stories and the anchor: {told:?}");
}

#[test]
fn no_story_gives_up_however_few_exports() {
    for n_exports in 1..=3 {
        let world = World::from_seed(3, 1_000, n_exports);
        let anchors = world.people.iter().filter(|person| person.story == "anchor").count();
        assert_eq!(anchors, 1, "{n_exports} exports");
    }
}

#[test]
fn every_class_tier_and_kind_of_silence_occurs() {
    let world = World::from_seed(2, 1_000, 6);
    let views = || world.people.iter().flat_map(Person::stays).flat_map(|stay| stay.views.iter().flatten());
    for class in [Class::A1, Class::A2B, Class::A2C, Class::B, Class::C, Class::Unknown] {
        assert!(views().any(|view| view.class == class), "{class:?}");
    }
    for tier in Tier::ALL {
        let mut stays = world.people.iter().flat_map(Person::stays).filter(|stay| stay.tier == tier);
        let returns =
            |views: &[Option<_>]| views.windows(3).any(|w| w[0].is_some() && w[1].is_none() && w[2].is_some());
        assert!(stays.any(|stay| returns(&stay.views)), "{tier:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// A head is never counted twice, and memberships are the sum of their rows.
    #[test]
    fn heads_never_exceed_persons_or_memberships(world in worlds()) {
        let persons = u64::try_from(world.people.len()).unwrap();
        for known_at in world.exports.clone() {
            for as_of in world.interesting_days() {
                let truth = world.truth(as_of, known_at);
                for tier in Tier::ALL.map(Tier::name) {
                    let rows: u64 = truth.rows.iter().filter(|(key, _)| key.0 == tier).map(|(_, n)| n).sum();
                    prop_assert_eq!(rows, truth.memberships_by_tier[tier]);
                    prop_assert!(truth.heads[tier] <= rows && truth.heads[tier] <= persons);
                    prop_assert_eq!(truth.heads[tier] == 0, rows == 0);
                }
                prop_assert_eq!(truth.heads["national"], truth.memberships_by_tier["national"]);
            }
        }
    }

    /// The truth of a world is the sum of the truths of its persons: nobody depends on anybody else.
    #[test]
    fn persons_are_independent(world in worlds()) {
        let known_at = world.exports[world.exports.len() - 1];
        for as_of in world.interesting_days() {
            let alone = world.people.iter().map(|person| {
                World { people: vec![person.clone()], ..world.clone() }.truth(as_of, known_at).heads["local"]
            });
            prop_assert_eq!(alone.sum::<u64>(), world.truth(as_of, known_at).heads["local"]);
        }
    }

    /// Later exports never change what was known: leaving them out is a fair way to shrink.
    #[test]
    fn later_exports_never_change_an_earlier_truth(world in worlds()) {
        let known_at = world.exports[0];
        let first_only = world.clone().first_exports(1);
        for as_of in world.interesting_days() {
            prop_assert_eq!(world.truth(as_of, known_at), first_only.truth(as_of, known_at));
        }
    }

    /// Each export has the anchor's row, and every line that is not inside quotes ends alike.
    #[test]
    fn every_export_has_rows(world in worlds()) {
        for export in world.exports() {
            let text = String::from_utf8(export.bytes).unwrap();
            prop_assert!(text.lines().count() >= 2);
            prop_assert_eq!(export.file_name, format!("members_{}.csv", export.day));
        }
    }
}
