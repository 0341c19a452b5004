//! Invented worlds: the same bytes for a seed, the same answers from files and from a store that was filled, every
//! movement, given totals, and what is said about wishes that cannot be.

mod filled;
mod kinds;
mod refused;
mod steered;

use crate::cli::program::Office;

/// A small world of two years in three prefectures.
pub const WORLD: &str = "--physicians 700 --prefectures 11,13,26 --bodies 40 --from 2024-01 --to 2025-12";

/// An office whose store was filled with a world.
#[track_caller]
pub fn filled(arguments: &str) -> Office {
    let office = Office::new();
    office.json(&format!("synth --fill {arguments}"));
    office
}

/// An answer without the hash of what it was made from: files and filled stores differ in it.
#[track_caller]
pub fn answer(office: &Office, arguments: &str) -> serde_json::Value {
    let mut answer = office.json(arguments);
    if let Some(answer) = answer.as_object_mut() {
        answer.remove("head");
    }
    answer
}
