//! Papers as their readers get them: checked with the tools that open, list and read PDF files.

mod archive;
pub mod browser;
mod characters;
mod each;
mod external;
mod kept;
mod law;
mod movements;
mod pages;
mod papers;
pub mod pdf_tools;
mod picture;
mod pictures;
mod printed_figures;
mod replay;
mod same_look;
pub mod samples;
mod short;
mod spreadsheet;
mod statistics;
mod workbook;
