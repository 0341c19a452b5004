//! One person (会員ひとりの記録): everything that the store knows of a physician, and where each of it is written.
//!
//! An asker sees what was told of the person in the bodies of a [`Sight`] and nothing else: whoever has nothing there is answered as
//! one who is not there at all, and whether there is more elsewhere is never told. Nothing is counted here. Start reading at
//! [`Asker`].

mod asked;
mod exported;
mod found;
mod history;
mod known_day;
mod record;
mod search;
mod sight;
mod tables;
mod told;

pub use asked::{Asker, PersonAnswer, SearchAnswer};
pub use record::PersonRecord;
pub use search::{Hit, Hits, MOST_HITS};
pub use sight::Sight;
