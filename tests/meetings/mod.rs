//! Meetings that the office makes itself: the folder, its tables and letters, papers of others, and the pack.

mod attached;
mod faults;
mod folder;
mod pack;
mod pdfs;
mod replaced;
mod shapes;
pub mod written;
