//! Tables of the office on paper: put into official order, summed up and proved against what the office states.
//!
//! Each shape has a builder in a file of this folder. All faults of a table are told at once, with their cells; a table with one
//! is not printed. Start reading at [`blocks`](blocks::blocks).

mod blocks;
mod bodies;
mod by_body;
mod columns;
mod faults;
mod list;
mod matrix;
mod sums;
mod table;

pub use blocks::office_faults;
pub(super) use blocks::{blocks, id_of};
pub(super) use bodies::Bodies;
