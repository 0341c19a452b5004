//! What figures *are*: slow, obvious definitions, written from docs/rules.md, against which every faster way is compared.
//!
//! They share the product's words (bodies, classes, days, versions of stays) and none of its rules. Start reading at
//! [`members`] (a count, from member exports alone), then [`corrected`] (applications and adjustments too), [`sources`]
//! (several sources), [`on_map`] (bodies through time), [`flows`] (what happened between two days) and [`revisions`] (why
//! a past day is told otherwise than before). [`frames`] is no definition but a second answer, by polars, to what the
//! tables of papers count.

mod applied;
pub mod corrected;
mod decided;
pub mod evidence;
pub mod flows;
pub mod frames;
pub mod members;
pub mod on_map;
pub mod revisions;
mod said;
pub mod sources;
mod stay;
