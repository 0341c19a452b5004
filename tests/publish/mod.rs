//! What goes to whom: made by one person, approved by another, delivered once.

mod broken_mail;
mod changed;
mod corrections;
mod interrupted;
mod mail_settings;
mod mailing;
mod mails;
mod month;
mod office;
mod recipients;
mod restored;
mod scope;
mod smtp;
