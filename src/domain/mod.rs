//! The rules of membership figures: pure, without input or output, clock or database.
//!
//! Start reading at [`enrolment`] (what is known), [`reconcile`] (how exports meet), and [`membership`] (which days
//! count). tests/oracle says slowly what a count is. [`document`] is what all figures end in. Rulings R1–R23 are cited
//! where they are applied; docs/rules.md lists them.

pub mod adjustment;
pub mod application;
pub mod as_of;
pub mod association;
pub mod audit;
pub mod body_days;
pub mod chain_kind;
pub mod class;
pub mod class_scheme;
pub(crate) mod coded;
pub mod comparison;
pub mod coverage;
pub mod day;
pub mod denominator;
pub mod difference;
pub mod disclosure;
pub mod document;
pub mod duty;
pub mod enrolment;
pub mod errata;
pub mod export_days;
pub mod failed_check;
pub mod fault;
pub mod file_name;
pub mod finding;
pub mod gaiji;
pub mod grouping;
pub mod hex;
pub mod identity;
pub mod ids;
pub mod japanese_date;
pub mod layout;
pub mod layout_report;
pub mod ledger;
pub mod membership;
pub mod metric;
pub mod pairing;
pub mod person;
pub mod prefecture;
pub mod printed_figure;
pub mod printed_number;
pub mod problem;
pub mod reconcile;
mod reorganisation;
pub mod report;
pub mod resolved;
pub mod revision;
pub mod roll_forward;
pub mod rounding;
pub mod said_twice;
pub mod seats;
pub mod shown;
pub mod store_url;
pub mod stored_state;
pub mod streak;
pub mod synth_target;
pub mod table_check;
pub mod text;
pub mod transfer;
pub mod unit;
