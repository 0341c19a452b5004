//! Papers as their readers get them: checked with the tools that open, list and read PDF files.

mod characters;
mod each;
mod external;
mod kept;
mod law;
mod movements;
mod papers;
pub mod pdf_tools;
mod printed_figures;
mod replay;
pub mod samples;
mod short;
mod spreadsheet;
mod statistics;
mod workbook;
