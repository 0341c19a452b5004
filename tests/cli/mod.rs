//! The command line as scripts and people meet it: the real program, files on disk, what it writes.

pub mod answers;
mod asking;
mod associations;
mod bad_input;
mod class_schemes;
mod corrections;
mod coverage;
mod damaged_timeline;
mod definitions;
mod encrypted;
mod first_export;
mod inbox;
mod jobs;
mod keeping;
mod kill;
mod law;
mod lost_store;
mod masking;
mod months;
mod movements;
mod naming;
#[cfg(unix)]
mod not_files;
mod order;
mod output;
mod own_definitions;
pub mod people;
pub mod program;
pub mod refusal;
mod revisions;
pub mod samples;
mod sources;
mod stores;
mod surroundings;
mod taken_back;
mod unavailable;
mod unmovable;
