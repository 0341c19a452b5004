//! Use cases: what the three doors (command line, clock, browser) can ask for.
//!
//! Transactions and the order of steps live here; figures come from `stats`, rules from `domain`. Nothing is
//! computed behind a door. The rooms use each other in one direction only (`tests/tidy/rooms.rs`):
//!
//! `keep` (the data folder) ← `known` (everything known at a known-at) ← `questions`, `audit` ← `papers` ← `intake` (files
//! that come in, and what they change), `meetings` (what the office writes itself), `publish` (what goes to whom) ← `purge` (what
//! was kept long enough), `demo`, `synth`, `doctor` (what a server needs, looked over) ← `today` (what there is to do now);
//! `asked` (a question of the page, with everything that is said in answer) stands on `questions` and `audit`, `persons` (all
//! that is known of one person) on `questions`; `incident` (a file
//! that went astray) asks `papers` and `publish`; `vitals` (figures for a machine that watches) `intake`; `accounts` (who may open
//! pages) knows areas by the names of `known`.

pub mod accounts;
pub mod asked;
pub mod audit;
pub mod demo;
pub mod doctor;
pub mod incident;
pub mod intake;
pub mod keep;
pub mod known;
pub mod meetings;
pub mod papers;
pub mod persons;
pub mod publish;
pub mod purge;
pub mod questions;
pub mod synth;
pub mod today;
pub mod vitals;
