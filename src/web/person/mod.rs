//! The pages of a person (会員ひとりの記録): looked for by number or name, listed, shown.
//!
//! A name that is looked for comes with a form and never stands in an address: what was found is listed under addresses that name
//! people by the surrogates of the store. Start reading at `routes.rs`.

mod page;
mod routes;

pub(super) use routes::{list, look_for, show};
