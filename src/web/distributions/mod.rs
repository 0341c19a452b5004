//! Distributions (配布): which there are, one of them as its approver looks at it, and what is done with them.
//!
//! What is done may take minutes (900 recipients are proved one by one), so it is a work of its own that goes on when the browser has
//! left (`working.rs`); the page tells how far it is, and what came of it. Start reading at `acts.rs`.

mod acts;
mod list;
mod look;
mod number;
mod page;
mod rows;
mod words;
mod working;

pub(super) use self::acts::{approve, prepare, send, settle, withdraw};
pub(super) use self::look::{file, lacking, show};
