//! Figures from the timeline: counts at a day, series, counts by attributes.
//!
//! [`kernel`] scans plain columns and answers nearly everything. [`frames`] is polars: it groups by the
//! attributes of persons. [`restate()`] puts
//! memberships on the map of another day before they are counted. [`flows`] says what happened between two
//! days, [`revisions`] why one day is told otherwise than before. [`change_points`] are the sums that answer at once,
//! [`known_segments`] what other engines can count alike.

pub mod by_body;
pub mod change_points;
mod counts;
pub mod flows;
pub mod frames;
pub mod groups;
mod homes;
pub mod kernel;
mod known_rows;
pub mod known_segments;
mod places;
pub mod reported;
pub mod restate;
pub mod revisions;
pub mod stays;
pub mod stream_count;
mod sweep;
mod threads;

pub use by_body::PersonsByBody;
pub use counts::Counts;
pub use kernel::Memberships;
pub use restate::{Restated, restate};
