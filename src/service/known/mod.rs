//! Everything that was known at a known-at, read once: the vintage, how far exports cover a day, what applications and
//! adjustments say, roll-forwards and revisions, and snapshots of it. Start reading at [`vintage`].

mod answers;
pub mod area;
pub(in crate::service) mod at_hand;
pub mod basis;
mod beside;
pub(in crate::service) mod change_points;
pub mod corrections;
mod counting;
pub mod coverage;
mod ended_stays;
pub mod flows;
pub mod identity;
pub(in crate::service) mod kept_coverage;
pub mod kept_vintages;
pub mod map;
pub mod memo;
pub mod names;
mod narrowed;
pub mod records;
pub mod reused_numbers;
pub mod revision;
pub mod snapshot;
pub mod totals;
pub mod vintage;
