//! What goes to whom: made by one person, approved by another, delivered once.

mod broken_mail;
mod chained;
mod changed;
mod clock;
mod corrections;
mod interrupted;
mod lacking;
mod mail_settings;
mod mailing;
pub mod mails;
mod month;
pub mod office;
mod recipients;
mod restored;
mod scope;
pub mod smtp;
