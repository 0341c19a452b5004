//! Turns a finished [`ReportDocument`](crate::domain::document::ReportDocument) into files that people read.
//!
//! Three renderers stand side by side: [`pdf`] (the paper itself), [`html`] (the same paper on a screen) and
//! [`csv`] (its numbers for a spreadsheet), and [`machine`] (for a program); [`xlsx`] writes the paper as a workbook, and lists
//! that are no papers. Where the marks of a chart stand is worked out once, in `chart`. They place and draw; they never compute, round or
//! sort a figure, and they know nothing of stores, clocks or files: a document goes in, bytes come out, and
//! the same document always gives the same bytes. What no renderer can print soundly is refused by
//! [`soundness`] before anything is drawn. [`page_image`] goes the other way: a page of a PDF for a browser. Start reading at [`pdf::render`].

mod chart;
pub mod csv;
mod data_package;
mod geometry;
pub mod html;
pub mod machine;
pub mod page_image;
pub mod pdf;
pub mod printable;
mod scalar;
mod sheet;
pub mod soundness;
pub mod xlsx;

#[cfg(test)]
pub(crate) mod sample;
