//! The index of change points says what the scan says: of every cell, of heads, and of what is no longer shown.

use chrono::{Days, NaiveDate};
use kaiin::domain::as_of::{KnownAt, WithdrawalDayRule};
use kaiin::domain::association::{Associations, BodySet, Tier};
use kaiin::domain::day::day_number;
use kaiin::files::Readers;
use kaiin::stats::Memberships;
use kaiin::stats::change_points::{Cells, ChangeIndex, SummedDay, change_points, summed_days};
use kaiin::timeline::{ChangeColumns, ChangeFile, Timeline};

/// The change points of all that was known up to a day.
pub(super) fn found(
    timeline: &Timeline,
    associations: &Associations,
    newest: NaiveDate,
    rule: WithdrawalDayRule,
) -> ChangeColumns {
    let cells = Cells::new(associations);
    let found = change_points(timeline, associations, &cells, KnownAt(newest), rule).expect("the timeline is read");
    found.expect("no test is larger than is thought of")
}

/// Compares index and scan on some days as known on others and on the days after them, in memory and from the file.
pub(super) fn compare(
    timeline: &Timeline,
    associations: &Associations,
    (known_at_days, days): (&[NaiveDate], &[NaiveDate]),
    rule: WithdrawalDayRule,
) {
    let newest = *known_at_days.iter().max().expect("a day on which something is known");
    let changes = found(timeline, associations, newest, rule);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file =
        ChangeFile::of_head(folder.path(), "head", rule.code(), Cells::new(associations).names(), Readers::Owner);
    file.write(changes.clone()).expect("the folder can be written");
    let table = file.open().expect("it was written");
    let index = ChangeIndex::new(changes, Cells::new(associations).into());
    let cells = Cells::new(associations).into();
    let nexts = known_at_days.iter().map(|day| *day + Days::new(1)).filter(|day| *day <= newest);
    let mut days: Vec<i32> = days.iter().copied().map(day_number).collect();
    days.sort_unstable();
    days.dedup();
    for known_at in known_at_days.iter().copied().chain(nexts).map(KnownAt) {
        let memberships =
            Memberships::project(timeline, associations, known_at, rule, |_| true).expect("the timeline is read");
        let streamed = summed_days(&table, &cells, known_at, &days).expect("the file is read");
        for (day, streamed) in days.iter().zip(&streamed) {
            let pair = format!("day {day}, known at {}, {rule:?}", known_at.0);
            same(&index.on(known_at, *day), &memberships, associations, *day, &pair);
            same(streamed, &memberships, associations, *day, &format!("from the file, {pair}"));
        }
    }
}

fn same(sums: &SummedDay, memberships: &Memberships, associations: &Associations, day: i32, pair: &str) {
    assert_eq!(sums.counts(&BodySet::all(associations)), Some(memberships.count_on(day)), "{pair}");
    let national = memberships.national_by_prefecture(associations);
    let everywhere = BodySet::all(associations);
    assert_eq!(sums.national_by_prefecture(&everywhere), national.count_on(day), "by prefecture, {pair}");
    // One prefecture and one body on each day; all of them come in turn.
    let nth = usize::try_from(day).unwrap_or_default();
    let prefectures: Vec<&str> = associations.of_tier(Tier::Prefectural).map(|body| body.prefecture.as_str()).collect();
    let prefecture = prefectures[nth % prefectures.len()];
    let bodies = BodySet::of(associations, |body| body.prefecture == prefecture);
    let scanned = memberships.kept(|rank| bodies.has(rank));
    let counted = sums.counts(&bodies).expect("a prefecture is a group");
    assert_eq!(counted, scanned.count_on(day), "{prefecture}, {pair}");
    let with_national = scanned.together_with(&memberships.national_of_prefecture(associations, prefecture));
    let homes = bodies.of_tier(associations, Tier::Prefectural);
    let placed = national.kept(|rank| homes.has(rank)).count_on(day);
    assert_eq!(sums.national_by_prefecture(&homes), placed, "national members of {prefecture}, {pair}");
    let counted = sums.with_national_of(counted, &homes);
    assert_eq!(counted, with_national.count_on(day), "{prefecture} with its national members, {pair}");
    let rank = nth % associations.len();
    let scanned = memberships.kept(|other| other == rank).count_on(day);
    assert_eq!(sums.counts(&BodySet::one(associations, Some(rank))), Some(scanned), "body {rank}, {pair}");
}
