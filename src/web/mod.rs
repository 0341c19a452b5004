//! The pages: what a browser is shown and may ask (`kaiin web`; docs/web.md).
//!
//! Routes and pages only; whatever they say comes from `service`, the same functions as behind the command line. Who may open what is
//! declared in one table (`table.rs`); what an account may see is told by its `Access` alone. Start reading at `table.rs`, then
//! `dispatch.rs`.

mod adjusting;
mod again;
mod ahead;
mod answer;
mod asking;
mod cookie;
mod dispatch;
mod distributions;
mod encoding;
mod factor;
mod fault;
mod frame;
mod giving;
mod handed;
mod handing;
mod headers;
mod kept_forms;
mod leafing;
mod login;
mod meetings;
mod nav;
mod noting;
mod own;
mod pages;
mod papers;
mod password;
mod person;
mod qr;
pub mod question;
mod received;
mod route;
mod server;
mod start;
mod table;
mod under_way;
mod upload;
mod works;

pub use answer::Answer;
pub use frame::{Frame, NavEntry, Visitor};
pub use pages::Shown;
pub use server::WebServer;
