//! How files are written: whole or not at all, durable, for the right readers, under names that cannot lead elsewhere.
//!
//! Every file appears under a temporary name (`.kaiin-…`) in its own folder, is synced, is renamed, and then its folder is
//! synced; a folder that belongs together appears by one rename. What a killed process left is told from what is being
//! written right now by a lock on it. This room knows nothing of what stands in a file. Start reading at [`write_whole`].

mod copied;
mod folders;
mod hash;
mod leftovers;
mod moving;
pub mod names;
mod new_folder;
mod readers;
mod space;
mod writing;

pub use copied::{Copied, CopyFault};
pub use folders::{make_folder, make_folder_like_above, remove_folder, set_aside, sync_folder};
pub use hash::sha256_hex;
pub use leftovers::{TEMPORARY, remove_leftovers};
pub use moving::move_file;
pub use new_folder::NewFolder;
pub use readers::{Readers, is_open_to, narrow, narrow_all};
pub use space::free_bytes;
pub use writing::{Unfinished, make_file, remove, write_new, write_whole};
