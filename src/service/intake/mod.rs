//! Files that come in: one by one from a person, or from the inbox; what they would change is asked before it is done.

pub mod adjusting;
pub mod error_workbook;
pub mod giving;
pub mod import;
pub mod inbox;
