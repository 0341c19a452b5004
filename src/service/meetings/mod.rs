//! Meetings that the office makes itself: a folder with a workbook, and the pack made of it.
//!
//! [`make()`] writes the folder of a new meeting, [`read()`] reads one, [`check`] proves it, [`build()`] makes the pack.
//! What stands on a page is the business of papers. Start reading at [`read()`].

mod build;
mod calendar;
mod desk;
mod folder;
mod form;
mod made;
mod plan;
mod read;
mod replay;
mod sample;

pub use build::{MeetingRequest, build, check, known_at_of_pack};
pub use calendar::{CalendarMeeting, calendar};
pub use desk::{
    FileAtHand, MeetingAtHand, PackAtHand, ShownItem, at_hand, file_at_hand, files_at_hand, folder_called, pack_file,
    packs_at_hand, put_files, remove_file, shown_agenda, suggested_day, usual_day,
};
pub use folder::{day_in, lacks_workbook, packs_of};
pub use made::{NewMeeting, folder_name, make};
pub use read::{ReadMeeting, read};
pub use replay::replay;
pub(in crate::service) use sample::write_sample;
