//! A file that went astray (`kaiin incident`, K5): which one it is, how many persons stand in it, and who else has it.
//!
//! A file is known by its SHA-256 among all that was made, taken in and handed over (`known`); a name alone proves nothing and
//! says so. Nothing is changed. What could not be looked at is told: it may have held the answer. Start reading at [`trace()`].

mod given;
mod known;
mod persons;
mod resembling;
mod trace;

pub use known::{KnownPaper, What};
pub use persons::Persons;
pub use resembling::Resemblance;
pub use trace::{By, Delivered, Incident, Traced, trace};
