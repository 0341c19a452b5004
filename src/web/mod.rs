//! The pages: what a browser is shown and may ask (`kaiin web`).
//!
//! Routes and pages only; whatever they say comes from `service`, the same functions as behind the command line. Start reading at
//! [`Frame`].

mod frame;
pub mod question;

pub use frame::{Frame, NavEntry, Visitor};
