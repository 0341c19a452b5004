//! Imports, the store and the counts, in this process.

mod answers;
mod bell;
mod carried;
mod catalogue;
mod change_points;
mod claims;
mod contract;
pub mod desk;
mod dimensions;
mod distributions;
mod drift;
mod evidence;
mod explained;
mod findings;
pub mod home;
mod long;
mod maps;
mod moving;
mod numbers;
#[cfg(target_os = "linux")]
mod one_process;
mod replaced;
mod schema;
mod taken_back;
mod worlds;
mod writers;
