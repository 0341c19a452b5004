//! The page of a question: its answers are those of the command line, its list is as long as its number, its address gives the
//! same bytes whatever is taken in later, and nobody sees what is not theirs.

mod at_hand;
pub mod chance;
mod days;
mod equal;
mod files;
mod person;
mod pinned;
mod scope;
mod site;
mod veil;
mod wrong;
