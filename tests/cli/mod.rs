//! The command line as scripts and people meet it: the real program, files on disk, what it writes.

pub mod answers;
mod associations;
mod bad_input;
mod class_schemes;
mod corrections;
mod coverage;
mod definitions;
mod jobs;
mod keeping;
mod kill;
mod months;
mod movements;
mod order;
mod output;
pub mod people;
pub mod program;
pub mod refusal;
pub mod samples;
mod stores;
mod surroundings;
