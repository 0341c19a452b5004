//! Pages: the real program on a port of this machine, asked as a browser asks, with the two stores.

mod accounts;
mod adjusting;
mod again;
mod approving;
mod desk;
mod desk_driven;
mod driven;
mod driven_person;
mod entering;
mod factor;
mod factor_driven;
mod foreign;
mod giving;
mod giving_driven;
mod headings;
mod kept;
mod leafing;
mod meetings;
mod own;
mod papers;
mod person;
mod phone;
mod received;
mod refused;
mod sessions;
pub mod site;
mod written_driven;
