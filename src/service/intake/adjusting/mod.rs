//! Adjustments that are written on a page (調整を書く): one at a time, with what its kind asks for. What comes of it is the file that an
//! office would have written, which is then looked at and taken in as any file that is given.
//!
//! A file of a day takes the place of an earlier one of the same day (R3), so a new one says again what was said on that day. Nothing
//! here knows what a page looks like. Start reading at [`propose()`].

mod column;
mod propose;
mod said;

pub use column::AdjustmentColumn;
pub use propose::{ColumnFault, Proposed, TakingBack, Typed, Written, propose, propose_taking_back};
pub use said::{SaidAdjustment, registered_as, said};
