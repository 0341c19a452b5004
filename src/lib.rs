//! Membership figures of Japanese medical associations (医師会) for any date, and the papers made from them.
//!
//! Everything flows one way: files → `ingest` → `store` → `timeline` → `stats` → a document → `render`. Three
//! doors start it: `cli`, `jobs`, `web`; all call `service`. The layer rule, tested in `tests/tidy`: `domain` ←
//! {`ingest`, `definitions`, `store`, `timeline`, `stats`, `render`, `mail`} ← `service` ← {`jobs`, `web`, `cli`}.
//! docs/architecture.md has the code map.

pub mod cli;
pub mod clock;
pub mod config;
pub mod crash;
pub mod definitions;
pub mod error;
pub mod jobs;
pub mod mail;
pub mod messages;
pub mod render;
pub mod service;
pub mod stats;
pub mod store;
pub mod telemetry;
pub mod timeline;
pub mod web;

pub use kaiin_base::{domain, files, ingest, input, synth};

#[cfg(test)]
mod written;
