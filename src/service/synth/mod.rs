//! `kaiin synth`: invented worlds as files, in a store, or both.
//!
//! What happens in a world is the business of [`crate::synth`]; here its exports become files, or imports without files.
//! Start reading at [`prepare`].

mod fill;
mod world;

pub use fill::{FillProgress, fill};
pub use world::{Prepared, SynthReport, SynthRequest, prepare};
