//! What goes to whom: made by one person, approved by another, delivered once.

mod changed;
mod corrections;
mod interrupted;
mod month;
pub mod office;
mod recipients;
mod restored;
mod scope;
