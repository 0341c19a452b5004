//! The command line as scripts and people meet it: the real program, files on disk, what it writes.

mod answers;
mod kill;
mod order;
pub mod program;
pub mod samples;
