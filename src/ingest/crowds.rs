//! Numbers that stand on more rows of a file than one person can have: a column that was filled down, or one number for
//! everybody who has none. Nobody could tell these people apart, and each pair of rows of a person is looked at.

use std::collections::{HashMap, HashSet};

use super::columns::Columns;
use crate::domain::ids::RegistrationNumber;
use crate::domain::layout::Field;
use crate::domain::problem::{Problem, RowProblem};

/// Rows of one number. Who moved every month of a career, shown in three tiers, has fewer.
const MOST_ROWS: usize = 1_000;

/// The numbers of a file that are nobody's.
pub(super) struct Crowds {
    numbers: HashSet<RegistrationNumber>,
}

impl Crowds {
    /// Looks for them among the numbers of all rows; `None` where there are none.
    pub(super) fn of(numbers: impl Iterator<Item = RegistrationNumber>) -> Option<Self> {
        let mut n_rows: HashMap<RegistrationNumber, usize> = HashMap::new();
        numbers.for_each(|number| *n_rows.entry(number).or_default() += 1);
        let crowded = n_rows.into_iter().filter(|(_, n)| *n > MOST_ROWS);
        let numbers: HashSet<RegistrationNumber> = crowded.map(|(number, _)| number).collect();
        (!numbers.is_empty()).then_some(Self { numbers })
    }

    pub(super) fn has(&self, number: RegistrationNumber) -> bool {
        self.numbers.contains(&number)
    }

    /// Why such a row is rejected.
    pub(super) fn problem(columns: &Columns, row: u32, active: bool) -> RowProblem {
        let (heading, column) = columns.place(Field::RegistrationNumber);
        let problem = Problem::NumberOnTooManyRows;
        RowProblem { row, column, heading, problem, active, hint: None, detail: String::new() }
    }
}
