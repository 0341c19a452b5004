//! Audits as an office reader gets them: every finding of the samples, derived again by a plain reading of the files,
//! stands in the exported spreadsheet, and nothing else does.

mod booked;
mod codes;
mod commands;
mod expect;
mod exported;
mod moves;
mod papers;
pub mod plain;
mod reader;
mod world;
