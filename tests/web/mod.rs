//! Pages: the real program on a port of this machine, asked as a browser asks, with the two stores.

mod accounts;
mod driven;
mod driven_person;
mod entering;
mod own;
mod person;
mod refused;
mod sessions;
pub mod site;
