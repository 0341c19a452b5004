//! Adjustments (調整): those that hold, writing a new one, taking one back. What is written is given as a file and decided about on its
//! page.

mod back;
mod fields;
mod list;
mod new;

pub(super) use back::{send as send_back, show as show_back};
pub(super) use list::show;
pub(super) use new::{send, show as show_new};
