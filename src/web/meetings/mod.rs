//! Meetings (会議): their folders, what lies in them, what is wrong with it, and the packs that are made.

mod acts;
mod list;
mod one;
mod words;

pub(super) use acts::{build, put, remove};
pub(super) use list::{make, show};
pub(super) use one::{file, pack, show as show_one};
pub(super) use words::root;
