//! A meeting that the office makes itself: its agenda (次第), its tables, letters and attached papers.
//!
//! What stands here was read from the folder of the meeting and is sound in itself; names of bodies and totals are proved
//! when the papers are made, against the association master. This module knows no workbook and no page. Start reading at
//! [`MeetingPlan`].

mod fault;
mod office_table;
mod plan;

pub use fault::{CellPlace, MeetingFault, PlacedMeetingFault};
pub use office_table::{BodyNumbers, OfficeCell, OfficeHeading, OfficeRow, OfficeTable, Part, PartRole, Shape};
pub use plan::{ItemNote, Material, MeetingPlan, PlanGroup, PlanItem, Printing};
