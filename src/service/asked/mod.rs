//! A question as a person asks it by telephone, and everything that is said in answer: how many, on which two dates, how firm,
//! why another number than a month ago or than MAMIS, who.
//!
//! A question is text ([`AskedText`]), the query of an address; each field that is wrong is told beside the field
//! ([`FieldFault`]). What the asker may see is handed in ([`Viewer`]); who knocks, and how it is shown, is not known here.
//! Nothing is counted anew: figures come from `questions` (count, movements, explain) and `audit` (the difference law).
//! Start reading at [`ask()`].

mod answer;
mod ask;
mod basis;
mod breakdown;
mod changes;
mod choices;
mod compared;
mod document;
mod faults;
mod figures;
mod law;
mod number;
mod pages;
mod persons;
mod resolve;
mod scope;
mod text;
mod veil;
mod viewer;

pub use answer::{Answer, Links};
pub use ask::{Extent, Outcome, ask};
pub use choices::{BodyChoice, Choices, choices};
pub use document::{answer_csv, answer_workbook};
pub use faults::{Field, FieldFault};
pub use pages::PersonPages;
pub use text::AskedText;
pub use viewer::{Bodies, Viewer};
