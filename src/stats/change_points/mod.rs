//! Change points: counts as sums of what began and what ended.
//!
//! A membership that begins is +1 on its first day, one that ends −1 on the first day that no longer counts; what was told
//! otherwise later takes the old days away and adds the new ones, on the day on which that was learnt. So the figures of any
//! day as known at any other are a sum over the change points up to both, however many memberships there are. Heads are
//! counted like that as well, once the days of one person in a tier are united.
//!
//! `cells` numbers the figures, `build` finds the change points, `stream` adds them up from the file, `index` in
//! memory. The scan of [`super::kernel`] says the same; tests compare the two.

mod build;
mod cells;
mod index;
mod stream;

pub use build::change_points;
pub use cells::{Cells, Figure, SummedDay};
pub use index::ChangeIndex;
pub use stream::summed_days;
