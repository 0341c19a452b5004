//! Sums of columns, and those that the office states.

use super::faults::TableFaults;
use crate::domain::decimal::Decimal;
use crate::domain::meeting::{MeetingFault, OfficeCell, OfficeTable};
use crate::domain::table_check::TableCheck;

/// What the office wrote needs no other proof than the ones of this folder.
pub(super) fn of_office() -> TableCheck {
    TableCheck { is_of_office: true, ..TableCheck::default() }
}

/// The sum of a column of numbers, held at the largest number there is.
pub(super) fn sum(table: &OfficeTable, heading: usize) -> Decimal {
    let numbers = table.rows.iter().filter_map(|row| row.cells.get(heading)).map(OfficeCell::number);
    numbers.fold(Decimal::whole(0), |sum, number| sum.plus(number).unwrap_or(sum))
}

/// Compares the sum of a column with the one that the office states.
pub(super) fn check_total(table: &OfficeTable, heading: usize, computed: Decimal, faults: &mut TableFaults) {
    let Some(total) = &table.total else { return };
    let Some(stated) = total.cells.get(heading).map(OfficeCell::number) else { return };
    if !stated.equals(computed) {
        let fault = MeetingFault::TotalDiffers(stated.to_string(), computed.to_string());
        faults.add(table, total.number, heading, fault);
    }
}
