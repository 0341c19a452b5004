//! The command line as scripts and people meet it: the real program, files on disk, what it writes.

mod answers;
mod jobs;
mod kill;
mod order;
pub mod program;
pub mod samples;
