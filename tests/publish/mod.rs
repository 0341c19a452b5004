//! What goes to whom: made by one person, approved by another, delivered once.

mod chained;
mod changed;
mod clock;
mod corrections;
mod interrupted;
mod month;
pub mod office;
mod recipients;
mod restored;
mod scope;
