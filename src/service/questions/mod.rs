//! Questions of a person: how many, how many each month, why, who, what is different, and whether all is as it was.

pub mod answer;
mod answered;
pub mod backup;
pub mod count;
pub mod explain;
pub mod movements;
pub mod question;
mod rows;
pub(in crate::service) mod scope;
pub mod snapshot_diff;
pub mod store_copy;
pub mod timeline_export;
pub mod verify;

pub use answered::answered;
