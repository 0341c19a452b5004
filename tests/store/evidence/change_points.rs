//! The index of change points in small random worlds of exports, applications and adjustments, on maps of all sorts.

use chrono::NaiveDate;
use kaiin::domain::as_of::WithdrawalDayRule::{FirstNonMemberDay, LastMemberDay};
use rstest::rstest;

use super::flows::{Body, DISSOLVED, LOCAL, MERGED, TAKEN_IN, THREE_TIERS, TWICE, TWO_PREFECTURES, master};
use super::small_world::SmallWorld;
use super::{Written, for_small_worlds, written};
use crate::store::change_points;

#[rstest]
#[case::local(&LOCAL)]
#[case::two_prefectures(&TWO_PREFECTURES)]
#[case::three_tiers(&THREE_TIERS)]
#[case::taken_in(&TAKEN_IN)]
#[case::merged(&MERGED)]
#[case::twice(&TWICE)]
#[case::dissolved(&DISSOLVED)]
fn change_points_add_up_to_what_the_scan_says(#[case] map: &[Body; 3]) {
    let associations = master(map, 3);
    for_small_worlds(5, |world| {
        let Written { timeline, _folder } = written(world);
        let days: Vec<NaiveDate> = SmallWorld::days().collect();
        for rule in [LastMemberDay, FirstNonMemberDay] {
            change_points::compare(&timeline, &associations, (&world.known_at_days(), &days), rule);
        }
    });
}
