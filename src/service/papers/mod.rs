//! Papers: from a definition and two dates to a finished document, checked and written.
//!
//! [`build()`] gathers figures and makes the document; [`publish()`] proves it and writes the files with a manifest.
//! Every part of a report has one builder in a file of this folder.

mod basis;
mod beside_prefecture;
mod build;
mod cells;
mod certain_future;
mod changed_withdrawals;
mod compared;
mod context;
mod corrections;
mod counts;
mod defined;
mod each;
mod external;
pub mod figures;
mod funnel;
mod headline;
mod kept;
mod late;
mod mamis;
mod manifest;
mod manifest_sections;
mod movement_lists;
mod movement_steps;
mod movements;
mod needs;
mod office;
mod pack;
mod people;
mod pictures;
mod proxy;
mod publish;
pub mod published;
mod replace;
mod replay;
mod request;
mod revisions;
pub mod revisions_due;
mod run;
mod seats;
mod sections;
mod shorten;
mod statistics;
mod table_figures;
mod tables;
mod tiers;
mod transfers;
mod watch;
mod withdrawals;

pub use build::{areas, build, build_from, build_meeting, refuse_day_out_of_reach};
pub use context::issuer;
pub use defined::{check_bodies, find, list, sound_list, usual_variant, usual_variant_of};
pub use each::{AreaPaper, EachReport, FailedPaper, publish_each, publish_meeting};
pub(in crate::service) use kept::CONTENT;
pub use kept::{clear_away, say_the_same};
pub use manifest::Manifest;
pub use needs::narrow;
pub use office::office_faults;
pub use publish::{Prepared, Published, places_sentence, prepare, publish};
pub use replace::{FrozenPack, publish_replacement};
pub use replay::{Replayed, manifest_of, replay};
pub use request::{MeetingFile, MeetingNote, PaperFormat, PaperRequest, Variant};
pub use run::Run;
