//! PDFs of somebody else: what their pages are, and how they come into a paper as they are.
//!
//! A page keeps its own content, sheet and what was written into its forms; links and actions stay behind. Mark and page number
//! of the pack are drawn over it. Start reading at [`inspect`](inspect()) and [`put`](put()).

mod fault;
mod import;
mod inspect;
mod put;
mod sheet;

pub use fault::AttachmentFault;
pub use inspect::{Inspected, inspect};
pub(super) use put::put;
