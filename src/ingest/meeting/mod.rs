//! The folder of a meeting: sheets of a workbook and CSV files, read whole, and what the office declared in them.
//!
//! [`sheets`] gives cells as texts, [`agenda`] reads 次第, [`content`] a table or a letter by its declared shape (形). Every
//! fault is told with its cell, and all of them at once. This module does not know bodies, reports or PDF.

pub mod agenda;
pub mod content;
mod head;
mod letter;
mod rows;
mod shapes;
pub mod sheets;

pub use agenda::{AgendaDraft, GroupDraft, ItemDraft};
pub use content::SheetContent;
pub use sheets::Sheet;

use crate::domain::meeting::{CellPlace, MeetingFault, PlacedMeetingFault};

/// Collects what is wrong.
#[derive(Debug, Default)]
pub struct Faults(pub Vec<PlacedMeetingFault>);

impl Faults {
    /// Notes a fault.
    pub fn add(&mut self, place: CellPlace, fault: MeetingFault) {
        self.0.push(PlacedMeetingFault { place, fault });
    }
}
