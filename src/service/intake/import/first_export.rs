//! Is the first export of a source cut off, or damaged by a spreadsheet (R34)? Nothing can be compared with it, so it is judged
//! by itself and beside the master. What cannot be told from one file (rows missing in the middle or at the end of a file in no
//! order) is told by the next export, which shows people who had joined long before.
//!
//! Start reading at [`ask_about_the_first`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::inspected::Inspected;
use super::questions::{Questions, n_people};
use crate::domain::as_of::WithdrawalDayRule;
use crate::domain::association::{Association, Associations, Tier};
use crate::domain::ids::AssociationId;
use crate::domain::problem::Problem;
use crate::domain::stored_state::{Agreement, StateAndDays, StateContradiction};
use crate::ingest::members::{MemberRow, MemberRows};

/// Fewer rows too many than this are people who left and came back, not a damaged column.
const FEWEST_SURPLUS: usize = 5;

/// Files with fewer rows may lack bodies for any reason.
const LARGE_FILE: usize = 500;

/// Files with fewer rows are in order by chance.
const FEWEST_IN_ORDER: usize = 100;

/// Fewer equal cells under each other are chance.
const SHORTEST_FILL: usize = 20;

/// Fewer rows cannot tell whether a column is mixed.
const FEWEST_MIXED: usize = 50;

/// A run that so many shuffled files show once is no chance.
const CHANCE: f64 = 1e-6;

/// Asks about the first export of a source.
pub(super) fn ask_about_the_first(
    questions: &mut Questions,
    file: &Inspected<'_>,
    read: &MemberRows,
    associations: &Associations,
) {
    let rows = &read.rows;
    let ends_in_total = read
        .tally
        .warnings
        .iter()
        .any(|warning| warning.problem == Problem::TotalSkipped && warning.row == file.scan.n_rows);
    if file.scan.ends_open || (file.scan.ends_short && !ends_in_total) {
        questions.ask(Problem::LastLineOpen, file.scan.n_rows.to_string());
    }
    let people = n_people(rows);
    let without_concurrent = rows_without_concurrent(rows);
    if without_concurrent >= people + FEWEST_SURPLUS && people * 5 < without_concurrent * 4 {
        questions.ask(Problem::FewPeople, format!("{people} / {without_concurrent}"));
    }
    let strangers = strangers(rows);
    if strangers >= FEWEST_SURPLUS {
        questions.ask(Problem::NumberRepeated, strangers.to_string());
    }
    if let Some(detail) = bodies_missing(rows, associations, file.known_on) {
        questions.ask(Problem::BodiesMissing, detail);
    }
    if let Some((row, heading, n)) = filled_down(rows) {
        questions.ask(Problem::ColumnFilledDown, format!("{heading} {row}〜{}", row + n - 1));
    }
    let contradicting = rows.iter().filter(|row| contradicts(row, file.known_on)).count();
    if contradicting >= SHORTEST_FILL && contradicting * 5 >= rows.len() {
        questions.ask(Problem::StatesContradict, format!("{contradicting} / {}", rows.len()));
    }
}

/// Rows that are not there because one and the same person is in a second body (兼務).
fn rows_without_concurrent(rows: &[MemberRow]) -> usize {
    let mut by_person: BTreeMap<_, (usize, BTreeSet<_>)> = BTreeMap::new();
    for row in rows {
        let (n, bodies) = by_person.entry((row.number, row.digests.kana, row.person.born_on)).or_default();
        *n += 1;
        bodies.insert(row.shown.own.association);
    }
    by_person.values().map(|(n, bodies)| n - bodies.len() + 1).sum()
}

/// Rows whose number stands for somebody else further up: another birth date and another kana (R11).
fn strangers(rows: &[MemberRow]) -> usize {
    let mut first: BTreeMap<_, &MemberRow> = BTreeMap::new();
    let mut n = 0;
    for row in rows {
        let known = first.entry(row.number).or_insert(row);
        let births = (known.person.born_on, row.person.born_on);
        let is_other = matches!(births, (Some(one), Some(other)) if one != other);
        n += usize::from(is_other && known.digests.kana != row.digests.kana);
    }
    n
}

fn contradicts(row: &MemberRow, export_day: NaiveDate) -> bool {
    let facts = &row.shown.own.facts;
    let told = StateAndDays { status: facts.status, joined_on: facts.joined_on, left_on: facts.left_on };
    // Whether the last day counts decides nothing here: both rules read these the same way but on one day.
    match told.agreement(export_day, WithdrawalDayRule::default()) {
        // A column that is empty, or has words of its own, contradicts nothing.
        Agreement::Contradicts(kind) => row.shown.own.tier == Tier::Local && kind != StateContradiction::UnknownInForce,
        _ => false,
    }
}

/// Bodies of the master that nobody is in although others of their prefecture have members: those behind the last one of a file
/// that is sorted by body, or more than a fifth of a prefecture.
fn bodies_missing(rows: &[MemberRow], associations: &Associations, day: NaiveDate) -> Option<String> {
    let order = associations.order_on(day);
    let place = |id: AssociationId| associations.rank(id).map(|rank| order[rank]);
    let local = rows.iter().map(|row| &row.shown.own).filter(|stay| stay.tier == Tier::Local);
    let told: Vec<AssociationId> = local.map(|stay| stay.association).collect();
    let distinct: BTreeSet<AssociationId> = told.iter().copied().collect();
    let prefectures: BTreeSet<&str> =
        distinct.iter().filter_map(|id| associations.get(*id)).map(|body| body.prefecture.as_str()).collect();
    let mut missing: Vec<(Option<usize>, &Association)> = associations
        .of_tier(Tier::Local)
        .filter(|body| body.exists_on(day) && prefectures.contains(body.prefecture.as_str()))
        .filter(|body| !distinct.contains(&body.id))
        .map(|body| (place(body.id), body))
        .collect();
    missing.sort_by_key(|(place, _)| *place);
    let places: Vec<Option<usize>> = told.iter().map(|id| place(*id)).collect();
    let codes: Vec<&str> = told.iter().filter_map(|id| associations.get(*id)).map(|body| body.code.as_str()).collect();
    let is_in_order =
        told.len() >= FEWEST_IN_ORDER && distinct.len() >= 3 && (is_ascending(&places) || is_ascending(&codes));
    let last = (places.last().copied().flatten(), codes.last().copied().unwrap_or_default());
    let is_behind = |(place, body): &(Option<usize>, &Association)| *place > last.0 && body.code.as_str() > last.1;
    if is_in_order && let Some(first) = missing.iter().find(|one| is_behind(one)) {
        let n = missing.iter().filter(|one| is_behind(one)).count();
        return Some(format!("{} … {n}", first.1.short_name));
    }
    if told.len() < LARGE_FILE {
        return None;
    }
    prefectures.into_iter().find_map(|code| {
        let of_prefecture = associations.of_tier(Tier::Local).filter(|body| body.prefecture == code);
        let all = of_prefecture.filter(|body| body.exists_on(day)).count();
        let missing = missing.iter().filter(|(_, body)| body.prefecture == code).count();
        (all >= 10 && missing * 5 > all).then(|| format!("{code}: {missing} / {all}"))
    })
}

/// Whether cells are in ascending order, but for the few that a blank code has put elsewhere.
fn is_ascending<T: PartialOrd>(cells: &[T]) -> bool {
    let descents = cells.windows(2).filter(|two| two[0] > two[1]).count();
    descents * 20 <= cells.len()
}

/// A column in which one cell stands in many rows under each other, although the column is mixed otherwise: the row where it
/// begins, the heading, and how many.
fn filled_down(rows: &[MemberRow]) -> Option<(u32, &'static str, u32)> {
    let own = |row: &MemberRow| row.shown.own.clone();
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
    type Cell<'c> = &'c dyn Fn(&MemberRow) -> Option<String>;
    let columns: [(&'static str, Cell<'_>); 5] = [
        ("医師会", &|row| Some(format!("{:012}", own(row).association.0))),
        ("入会日", &|row| day(own(row).facts.joined_on)),
        ("退会日", &|row| day(own(row).facts.left_on)),
        ("会員区分", &|row| own(row).facts.class_text.as_deref().map(spelled)),
        ("会員状態", &|row| Some(format!("{:?}", own(row).facts.status))),
    ];
    columns.into_iter().find_map(|(heading, cell)| {
        let cells: Vec<Option<String>> = rows.iter().map(cell).collect();
        let (at, n) = long_run(&cells)?;
        Some((rows[at].shown.row, heading, u32::try_from(n).unwrap_or(u32::MAX)))
    })
}

/// A class without the spelling of the day.
fn spelled(text: &str) -> String {
    crate::domain::class_scheme::spelling_key(text)
}

/// The longest run of one text, if chance does not explain it in a column as mixed as the rest of this one is. In a column that
/// is in order, equal cells stand under each other by themselves.
fn long_run(cells: &[Option<String>]) -> Option<(usize, usize)> {
    let (at, n) = longest_run(cells)?;
    let rest: Vec<&Option<String>> = cells[..at].iter().chain(&cells[at + n..]).collect();
    if n < SHORTEST_FILL || rest.len() < FEWEST_MIXED {
        return None;
    }
    let mut counts: BTreeMap<&Option<String>, usize> = BTreeMap::new();
    rest.iter().for_each(|cell| *counts.entry(cell).or_default() += 1);
    let share = |n: usize| ratio(n, rest.len());
    let same = counts.values().map(|n| share(*n) * share(*n)).sum::<f64>();
    let pairs = || rest.windows(2).filter(|two| two[0] != two[1]);
    let (n_changes, n_up) = (pairs().count(), pairs().filter(|two| two[0] < two[1]).count());
    let expected = (1.0 - same) * ratio(rest.len(), 1);
    let is_mixed = ratio(n_changes, 1) * 2.0 >= expected && (n_up * 10 > n_changes * 3) && (n_up * 10 < n_changes * 7);
    let of_cell = share(counts.get(&cells[at]).copied().unwrap_or_default());
    let exponent = i32::try_from(n).unwrap_or(i32::MAX);
    (is_mixed && of_cell.powi(exponent) * ratio(cells.len(), 1) < CHANCE).then_some((at, n))
}

/// The longest run of one text that is there.
fn longest_run(cells: &[Option<String>]) -> Option<(usize, usize)> {
    let mut best = None;
    let mut at = 0;
    for run in cells.chunk_by(|one, other| one == other) {
        if run[0].is_some() && best.is_none_or(|(_, n)| run.len() > n) {
            best = Some((at, run.len()));
        }
        at += run.len();
    }
    best
}

fn ratio(n: usize, of: usize) -> f64 {
    let exact = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    exact(n) / exact(of)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Letters as a shuffled file has them, the first one `percent` times in a hundred.
    fn mixed(n: usize, percent: u64) -> Vec<Option<String>> {
        let mut state = 7_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % 100
        };
        (0..n).map(|_| if draw() < percent { Some("a".into()) } else { Some(format!("b{}", draw() % 9)) }).collect()
    }

    #[rstest]
    #[case::few_of_it(5, 20, true)]
    #[case::half_of_it(50, 60, true)]
    #[case::half_of_it_and_short(50, 22, false)]
    #[case::nearly_all_of_it(95, 100, false)]
    #[case::nearly_all_of_it_and_long(95, 700, true)]
    fn run_in_a_mixed_column_is_told_from_chance(#[case] percent: u64, #[case] n: usize, #[case] is_reported: bool) {
        let mut cells = mixed(3_000, percent);
        assert_eq!(long_run(&cells), None);
        cells[1_000..1_000 + n].iter_mut().for_each(|cell| *cell = Some("a".into()));
        assert_eq!(long_run(&cells).is_some(), is_reported);
    }

    /// Sorted, grouped, sorted within groups, all equal: equal cells stand under each other by themselves.
    #[test]
    fn runs_in_a_column_in_order_are_none() {
        let mut sorted = mixed(3_000, 20);
        sorted.sort();
        assert_eq!(long_run(&sorted), None);
        let mut within = mixed(3_000, 20);
        within.chunks_mut(300).for_each(<[Option<String>]>::sort);
        assert_eq!(long_run(&within), None);
        assert_eq!(long_run(&vec![Some("a".into()); 3_000]), None);
        assert_eq!(long_run(&vec![None; 3_000]), None);
    }
}
