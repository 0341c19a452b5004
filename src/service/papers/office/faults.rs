//! What is wrong in a table, collected while it is made.

use crate::domain::meeting::{MeetingFault, OfficeTable, PlacedMeetingFault};

/// What is wrong in a table, by cell.
#[derive(Debug, Default)]
pub(super) struct TableFaults(pub(super) Vec<PlacedMeetingFault>);

impl TableFaults {
    /// Notes a fault in the cell of a heading.
    pub(super) fn add(&mut self, table: &OfficeTable, row: u32, heading: usize, fault: MeetingFault) {
        let column = table.headings.get(heading).map_or(0, |heading| heading.column);
        self.0.push(PlacedMeetingFault { place: table.place.at(row, column), fault });
    }
}
