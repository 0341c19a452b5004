//! The page of a question: one form that holds what was asked, and the answer below it.
//!
//! It is one GET: its address is the whole question. It prints what `service::asked` has finished, and decides nothing. Start
//! reading at [`question_page`].

mod answer;
mod fields;
mod page;
pub(super) mod table;

pub use page::{QuestionPage, question_page};
