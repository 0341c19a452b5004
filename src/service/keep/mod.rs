//! The data folder: the store, its lock and its chain, the timeline, and files that leave the program. Nothing is counted
//! here. Start reading at [`workspace`].

pub mod chain;
mod checked_facts;
pub mod choices;
pub mod current_exports;
pub mod definition_files;
mod drawn;
pub mod export;
mod folder_lock;
pub mod folders;
pub mod given_files;
pub mod handed_out;
pub mod head;
pub mod home;
pub mod init;
mod kept_timeline;
pub mod learnt;
pub mod ledger;
pub mod mail_server;
pub mod meetings_root;
pub mod notices;
mod privacy;
pub(in crate::service) mod proved_file;
pub mod removed_files;
pub mod restored;
pub mod snapshot_folders;
mod steady;
mod timelines;
mod traces;
pub mod unit;
pub mod workspace;

pub use kept_timeline::{KeptTimeline, TimelineUnsound};
pub use notices::Notices;
pub use steady::steadily;
pub use workspace::{Workspace, WriteLock};
