//! Counting by any two dimensions at once: the kernel behind the tables of papers.
//!
//! An [`Axis`] says in which group a membership stands; [`crosstab`] counts memberships and heads of one day in one scan.
//! tests/oracle/frames.rs answers the same questions through polars. This module does not know names of groups.

use super::kernel::Memberships;
use crate::domain::class::NationalClass;
use crate::domain::day::{date_of, day_number};
use crate::domain::duty::{DutyGroup, DutyWords, Founder};
use crate::domain::grouping::ClassGroup;
use crate::domain::person::Sex;
use crate::timeline::PersonColumns;

/// Stands for a missing birth date.
const NO_BIRTH: i32 = i32::MAX;

/// Ages at which a new band begins.
const BAND_AGES: [u32; 7] = [30, 40, 50, 60, 70, 80, 90];

/// Number of age bands, the unknown one included.
pub const N_AGE_BANDS: usize = BAND_AGES.len() + 2;

/// What is known of the person behind each membership, in the order of the memberships.
#[derive(Debug, Default)]
pub struct PersonKeys {
    sex: Vec<Sex>,
    born_on: Vec<i32>,
    duty: Vec<DutyGroup>,
}

impl PersonKeys {
    /// Looks the persons of all memberships up; nothing is known of those that are missing.
    pub fn of(memberships: &Memberships, persons: &PersonColumns, duties: &DutyWords) -> Self {
        let mut words: std::collections::HashMap<&str, DutyGroup> = std::collections::HashMap::new();
        let mut out = Self::default();
        let (mut at, mut last) = (0, None);
        for physician in &memberships.physician {
            // Both stand by physician; memberships of one person stand together.
            if last != Some(*physician) {
                last = Some(*physician);
                at += persons.physician[at..].partition_point(|other| other < physician);
            }
            if persons.physician.get(at) == Some(physician) {
                let sex = u8::try_from(persons.sex[at]).ok().and_then(Sex::from_index).unwrap_or(Sex::Unknown);
                let duty = persons.duty[at].as_str();
                out.sex.push(sex);
                out.born_on.push(persons.born_on[at].unwrap_or(NO_BIRTH));
                out.duty.push(*words.entry(duty).or_insert_with(|| duties.group(duty)));
            } else {
                out.sex.push(Sex::Unknown);
                out.born_on.push(NO_BIRTH);
                out.duty.push(DutyGroup::Unknown);
            }
        }
        out
    }
}

/// In which group a membership stands; a group is a place from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Axis {
    /// All in one group.
    Whole,
    /// By the place of the body in official order; `None` = in no group. The number of groups follows.
    Body(Vec<Option<usize>>, usize),
    /// By class, in the order of [`NationalClass::ALL`].
    Class,
    /// By group of classes, in the order of [`ClassGroup::ALL`].
    ClassGroup,
    /// By the breakdown of class A①, in the order of [`Founder::ALL`]; other classes are in no group.
    Founder,
    /// By sex, in the order of [`Sex::ALL`].
    Sex,
    /// By age band, in the order of [`crate::domain::person::AGE_BANDS`].
    AgeBand,
    /// By group of 施設業務, in the order of [`DutyGroup::ALL`].
    DutyGroup,
}

impl Axis {
    /// Number of groups.
    pub fn len(&self) -> usize {
        match self {
            Self::Whole => 1,
            Self::Body(_, n) => *n,
            Self::Class => NationalClass::COUNT,
            Self::ClassGroup => ClassGroup::ALL.len(),
            Self::Founder => Founder::ALL.len(),
            Self::Sex => Sex::ALL.len(),
            Self::AgeBand => N_AGE_BANDS,
            Self::DutyGroup => DutyGroup::ALL.len(),
        }
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn group(&self, memberships: &Memberships, persons: &PersonKeys, bands: &[i32; 7], i: usize) -> Option<usize> {
        let class = || NationalClass::from_index(memberships.class[i]).unwrap_or(NationalClass::Unknown);
        match self {
            Self::Whole => Some(0),
            Self::Body(groups, _) => groups.get(memberships.rank[i] as usize).copied().flatten(),
            Self::Class => Some(usize::from(class().index())),
            Self::ClassGroup => Some(ClassGroup::of(class()).index()),
            Self::Founder => Founder::of(class(), persons.duty[i]).map(Founder::index),
            Self::Sex => Some(match persons.sex[i] {
                Sex::Male => 0,
                Sex::Female => 1,
                Sex::Unknown => 2,
            }),
            Self::AgeBand => Some(match persons.born_on[i] {
                NO_BIRTH => N_AGE_BANDS - 1,
                born_on => bands.iter().filter(|last| born_on <= **last).count(),
            }),
            Self::DutyGroup => Some(persons.duty[i].index()),
        }
    }
}

/// For each age at which a band begins the last birthday of those who have reached it on a day.
fn band_birthdays(day: i32) -> [i32; 7] {
    let on = date_of(day).unwrap_or_default();
    BAND_AGES.map(|age| {
        // A birthday on 29 February is kept on 1 March: the month arithmetic ends on 28 February, before it.
        let born = on.checked_sub_months(chrono::Months::new(age * 12));
        born.map_or(i32::MIN, day_number)
    })
}

/// Counts of one day by two axes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crosstab {
    /// Memberships by group of rows and of columns.
    pub cells: Vec<Vec<i64>>,
    /// Distinct persons by group of rows and of columns.
    pub heads: Vec<Vec<i64>>,
    /// Memberships of each group of rows, whatever their column.
    pub row_memberships: Vec<i64>,
    /// Distinct persons of each group of rows, whatever their column.
    pub row_heads: Vec<i64>,
    /// All memberships in force, also those in no group: the independent total.
    pub memberships: i64,
    /// Distinct persons among them.
    pub total_heads: i64,
    /// Memberships among them that the newest export no longer shows (R6).
    pub not_shown: i64,
}

impl Crosstab {
    /// Nobody, in a number of groups.
    fn empty(n_rows: usize, n_columns: usize) -> Self {
        Self {
            cells: vec![vec![0; n_columns]; n_rows],
            heads: vec![vec![0; n_columns]; n_rows],
            row_memberships: vec![0; n_rows],
            row_heads: vec![0; n_rows],
            memberships: 0,
            total_heads: 0,
            not_shown: 0,
        }
    }
}

/// Counts the memberships in force on a day that `keep` accepts by their place among all.
pub fn crosstab(
    memberships: &Memberships,
    persons: &PersonKeys,
    day: i32,
    keep: impl Fn(usize) -> bool,
    rows: &Axis,
    columns: &Axis,
) -> Crosstab {
    let (n_rows, n_columns) = (rows.len(), columns.len());
    let bands = band_birthdays(day);
    let mut out = Crosstab::empty(n_rows, n_columns);
    // Memberships stand by physician: a person is new to a group when the last head of the group was another one.
    let mut last_of_cell = vec![i64::MIN; n_rows * n_columns];
    let mut last_of_row = vec![i64::MIN; n_rows];
    let mut last = i64::MIN;
    for i in memberships.rows_on(day).filter(|i| keep(*i)) {
        let physician = memberships.physician[i];
        out.memberships += 1;
        out.not_shown += i64::from(memberships.not_shown[i]);
        out.total_heads += i64::from(std::mem::replace(&mut last, physician) != physician);
        let Some(row) = rows.group(memberships, persons, &bands, i) else { continue };
        out.row_memberships[row] += 1;
        out.row_heads[row] += i64::from(std::mem::replace(&mut last_of_row[row], physician) != physician);
        let Some(column) = columns.group(memberships, persons, &bands, i) else { continue };
        out.cells[row][column] += 1;
        let cell = &mut last_of_cell[row * n_columns + column];
        out.heads[row][column] += i64::from(std::mem::replace(cell, physician) != physician);
    }
    out
}

/// Who of the members of local bodies is also a member above, on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funnel {
    /// Distinct persons in the local tier, by group.
    pub local: Vec<i64>,
    /// Those of them in any prefectural body on the day.
    pub prefectural: Vec<i64>,
    /// Those of them in the national body on the day.
    pub national: Vec<i64>,
}

/// Counts the funnel of a day by the groups of an axis; the group is that of the local membership. All tiers must be
/// among the memberships; `keep` chooses local bodies by their place in official order.
pub fn funnel(
    memberships: &Memberships,
    persons: &PersonKeys,
    day: i32,
    keep: impl Fn(usize) -> bool,
    groups: &Axis,
) -> Funnel {
    let n = groups.len();
    let bands = band_birthdays(day);
    let mut out = Funnel { local: vec![0; n], prefectural: vec![0; n], national: vec![0; n] };
    let mut of_person: Vec<usize> = Vec::new();
    let mut above = [false; 2];
    let mut person = i64::MIN;
    let mut flush = |of_person: &mut Vec<usize>, above: [bool; 2]| {
        of_person.sort_unstable();
        of_person.dedup();
        for group in of_person.drain(..) {
            out.local[group] += 1;
            out.prefectural[group] += i64::from(above[0]);
            out.national[group] += i64::from(above[1]);
        }
    };
    for i in memberships.rows_on(day) {
        if memberships.physician[i] != person {
            flush(&mut of_person, above);
            (person, above) = (memberships.physician[i], [false; 2]);
        }
        let rank = memberships.rank[i] as usize;
        match memberships.tiers[rank].index() {
            0 if keep(rank) => of_person.extend(groups.group(memberships, persons, &bands, i)),
            1 => above[0] = true,
            2 => above[1] = true,
            _ => {}
        }
    }
    flush(&mut of_person, above);
    out
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use rstest::rstest;

    use super::*;
    use crate::domain::person::{AGE_BANDS, age_band};

    #[rstest]
    #[case::ordinary("2025-12-01")]
    #[case::leap_day("2024-02-29")]
    #[case::day_before_march("2025-02-28")]
    #[case::first_march("2025-03-01")]
    fn age_bands_agree_with_the_definition(#[case] day: &str) {
        let on: NaiveDate = day.parse().expect("a day");
        let bands = band_birthdays(day_number(on));
        let first: NaiveDate = "1925-01-01".parse().expect("a day");
        for born_on in first.iter_days().take_while(|born_on| *born_on < on).step_by(3) {
            let index = bands.iter().filter(|last| day_number(born_on) <= **last).count();
            assert_eq!(AGE_BANDS[index], age_band(Some(born_on), on), "{born_on} on {on}");
        }
        for born_on in ["1944-02-29", "1954-02-28", "1956-02-29", "1956-03-01", "1995-03-01", "1996-02-29"] {
            let born_on: NaiveDate = born_on.parse().expect("a day");
            let index = bands.iter().filter(|last| day_number(born_on) <= **last).count();
            assert_eq!(AGE_BANDS[index], age_band(Some(born_on), on), "{born_on} on {on}");
        }
    }
}
