//! Numbers that stand on more rows of a file than one person can have: a column that was filled down, or one number for
//! everybody who has none. Nobody could tell these people apart, and each pair of rows of a person is looked at.

use std::collections::HashMap;
use std::sync::Arc;

use super::RowTally;
use super::columns::Columns;
use crate::domain::ids::RegistrationNumber;
use crate::domain::layout::Field;
use crate::domain::problem::{Problem, RowProblem};

/// Rows of one number. Who moved every month of a career, shown in three tiers, has fewer.
const MOST_ROWS: usize = 1_000;

/// Rejects the rows of such numbers. `told` gives of a row its number, its line, and whether it is of a present member.
pub(super) fn reject_crowds<Row>(
    rows: &mut Vec<Row>,
    tally: &mut RowTally,
    columns: &Columns,
    told: impl Fn(&Row) -> (RegistrationNumber, u32, bool),
) {
    let mut n_rows: HashMap<RegistrationNumber, usize> = HashMap::new();
    rows.iter().for_each(|row| *n_rows.entry(told(row).0).or_default() += 1);
    n_rows.retain(|_, n| *n > MOST_ROWS);
    if n_rows.is_empty() {
        return;
    }
    let (heading, column) = columns.place(Field::RegistrationNumber);
    rows.retain(|one| {
        let (number, row, active) = told(one);
        let is_too_many = n_rows.contains_key(&number);
        if is_too_many {
            let (heading, column) = (Arc::clone(&heading), Arc::clone(&column));
            let problem = Problem::NumberOnTooManyRows;
            tally.reject(RowProblem { row, column, heading, problem, active, hint: None, detail: String::new() });
        }
        !is_too_many
    });
    tally.drop_warnings_of_rejected();
}
