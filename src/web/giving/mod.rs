//! Giving files (ファイルを渡す): sent from a browser, looked at, taken in, taken back. What is found in a file and what becomes of it
//! comes from `service::intake::giving`. Start reading at `list.rs`.

pub(super) mod back;
pub(super) mod decide;
pub(super) mod headings;
pub(super) mod list;
pub(super) mod receive;
mod work;

pub(super) use work::{Work, do_work, no_room, refused};
