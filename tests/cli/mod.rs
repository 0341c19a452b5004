//! The command line as scripts and people meet it: the real program, files on disk, what it writes.

pub mod answers;
mod bad_input;
mod corrections;
mod jobs;
mod keeping;
mod kill;
mod order;
mod output;
mod people;
pub mod program;
mod refusal;
pub mod samples;
mod surroundings;
