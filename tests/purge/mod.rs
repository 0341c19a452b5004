//! What was kept long enough goes, and every figure stays: `kaiin purge` (docs/retention.md).

mod bytes;
mod days;
mod figures;
mod interrupted;
mod office;
mod returning;
mod stores;
mod telling;
mod worlds;
