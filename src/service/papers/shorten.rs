//! A paper as short as its content: what says nothing is not printed, and nothing is printed twice.
//!
//! Only what people read is shortened, the PDF and the page; files of data keep every table with its notes. Figures do not
//! change. Start reading at [`for_reading`].

mod notes;
mod repeated;
mod silent;
mod words;

use crate::domain::document::{ReportDocument, Section};

/// Shortens a finished paper.
pub(super) fn for_reading(document: &mut ReportDocument) {
    repeated::refer_to_others(&mut document.sections);
    for section in &mut document.sections {
        shorten(section);
    }
    words::as_printed(document);
}

fn shorten(section: &mut Section) {
    silent::leave_out_tables(section);
    silent::leave_out_lines(section);
    notes::say_once(section);
}
