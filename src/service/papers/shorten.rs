//! A paper as short as its content: what says nothing is not printed, and nothing is printed twice.
//!
//! Only what people read is shortened, the PDF and the page; files of data keep every table with its notes. Figures do not
//! change. Start reading at [`for_reading`].

mod lines;
mod notes;
mod repeated;
mod silent;
mod words;

use crate::domain::document::ReportDocument;

/// Shortens a finished paper.
pub(super) fn for_reading(document: &mut ReportDocument) {
    // What is silent first: nobody is sent to another paper for a table that stands nowhere.
    for section in &mut document.sections {
        silent::leave_out_months(section);
        silent::leave_out_tables(section);
    }
    repeated::refer_to_others(&mut document.sections);
    for section in &mut document.sections {
        silent::leave_out_lines(section);
        notes::say_once(section);
    }
    words::as_printed(document);
}
