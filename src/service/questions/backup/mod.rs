//! Backups of a data folder: made whole, restored for rehearsal, restored in earnest.
//!
//! A backup is a folder of plain files and a manifest that names each with its hash, and that holds a hundred questions with their
//! answers. Whether something can be restored from it is not believed but tried: the files are copied out and hashed, the store is
//! opened and verified, and the questions are asked again. Start reading at [`make`], then [`restore`].

mod answers;
pub mod kept;
pub mod make;
pub mod manifest;
pub mod plan;
mod proof;
pub mod restore;
mod room;
mod unpacked;
