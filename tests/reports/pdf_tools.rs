//! Checks of finished PDF files with programs that know nothing of ours: qpdf, pdffonts, pdftotext, mutool.
//!
//! Each check takes the bytes of a file and panics with what the program said. A program that is not
//! installed is a failure, not a pass. Start reading at [`assert_paper`].

use std::io::Write;
use std::process::{Command, Output};

use kaiin::domain::cell::Cell;
use kaiin::domain::document::{Block, ReportDocument};
use tempfile::NamedTempFile;

/// Runs every check on a file made from a document.
#[track_caller]
pub fn assert_paper(pdf: &[u8], document: &ReportDocument) {
    assert_structure(pdf);
    assert_fonts_embedded(pdf);
    assert_texts_readable(pdf, &printed_texts(document));
    assert_second_reader_draws(pdf);
}

/// qpdf finds no fault in the structure.
#[track_caller]
pub fn assert_structure(pdf: &[u8]) {
    let output = run("qpdf", &["--check"], pdf, &[]);
    assert!(output.status.success(), "qpdf: {}", said(&output));
}

/// Every font is embedded, cut to the glyphs in use, and can be read back as text.
#[track_caller]
pub fn assert_fonts_embedded(pdf: &[u8]) {
    let output = run("pdffonts", &[], pdf, &[]);
    assert!(output.status.success(), "pdffonts: {}", said(&output));
    let listing = String::from_utf8_lossy(&output.stdout).into_owned();
    let fonts: Vec<&str> = listing.lines().skip(2).collect();
    assert!(!fonts.is_empty(), "pdffonts lists no font");
    for font in fonts {
        assert!(font.contains("CID TrueType") && font.contains("yes yes yes"), "pdffonts: {font}");
    }
}

/// pdftotext gives back every text, white space aside.
#[track_caller]
pub fn assert_texts_readable(pdf: &[u8], texts: &[String]) {
    let output = run("pdftotext", &["-raw", "-enc", "UTF-8"], pdf, &["-"]);
    assert!(output.status.success(), "pdftotext: {}", said(&output));
    let found = without_space(&String::from_utf8_lossy(&output.stdout));
    for text in texts {
        assert!(found.contains(&without_space(text)), "pdftotext does not find {text:?}");
    }
}

/// mutool, which shares no code with poppler, draws every page without a word.
#[track_caller]
pub fn assert_second_reader_draws(pdf: &[u8]) {
    let output = run("mutool", &["draw", "-q", "-r", "20", "-F", "pgm", "-o", "/dev/null"], pdf, &[]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    // Some builds of mutool say this of themselves, whatever the file.
    let about_file = errors.lines().any(|line| !line.is_empty() && line != "warning: ICC support is not available");
    assert!(output.status.success() && !about_file, "mutool: {}", said(&output));
}

/// Bookmarks as mutool lists them, one a line, children indented.
#[track_caller]
pub fn outline(pdf: &[u8]) -> String {
    let output = run("mutool", &["show"], pdf, &["outline"]);
    assert!(output.status.success(), "mutool: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What pdfinfo says of a file, one fact a line.
#[track_caller]
pub fn info(pdf: &[u8]) -> String {
    let output = run("pdfinfo", &[], pdf, &[]);
    assert!(output.status.success(), "pdfinfo: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The words of each page as pdftotext gives them back.
#[track_caller]
pub fn page_texts(pdf: &[u8]) -> Vec<String> {
    let output = run("pdftotext", &["-raw", "-enc", "UTF-8"], pdf, &["-"]);
    assert!(output.status.success(), "pdftotext: {}", said(&output));
    String::from_utf8_lossy(&output.stdout).split_terminator('\u{c}').map(str::to_string).collect()
}

/// Each page as pdftoppm draws it: its width in pixels, and their levels of grey, row by row.
#[track_caller]
pub fn pixmaps(pdf: &[u8], dpi: u32) -> Vec<(usize, Vec<u8>)> {
    let output = run("pdftoppm", &["-gray", "-r", &dpi.to_string()], pdf, &[]);
    assert!(output.status.success(), "pdftoppm: {}", said(&output));
    let mut rest = output.stdout.as_slice();
    let mut pages = Vec::new();
    while !rest.is_empty() {
        // P5, width and height, deepest level: a line each.
        let mut lines = rest.splitn(4, |byte| *byte == b'\n');
        let mut line = || lines.next().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
        let (kind, size, deepest) = (line(), line(), line());
        let size = size.split_once(' ').and_then(|(width, height)| Some((width.parse().ok()?, height.parse().ok()?)));
        let Some((width, height)) = size.filter(|_| (kind.as_str(), deepest.as_str()) == ("P5", "255")) else {
            panic!("pdftoppm wrote no picture: {kind}");
        };
        let (width, height): (usize, usize) = (width, height);
        let pixels = lines.next().unwrap_or_default();
        pages.push((width, pixels[..width * height].to_vec()));
        rest = &pixels[width * height..];
    }
    pages
}

/// Every text that the paper of a document must show: titles, dates, headings, cells, notes.
pub fn printed_texts(document: &ReportDocument) -> Vec<String> {
    let mut texts = vec![document.foot_text.clone(), document.handling.clone()];
    for section in &document.sections {
        texts.push(section.title.clone());
        texts.extend(section.basis.iter().flat_map(|item| [item.label.clone(), item.text.clone()]));
        section.blocks.iter().for_each(|block| add_block(&mut texts, block));
    }
    texts
}

fn add_block(texts: &mut Vec<String>, block: &Block) {
    match block {
        Block::Paragraph(text) | Block::Heading(text) => texts.push(text.clone()),
        Block::Notes(notes) => texts.extend(notes.iter().cloned()),
        Block::Table(table) => {
            texts.extend(table.columns.iter().flat_map(|column| [column.title.clone(), column.group.clone()]));
            texts.extend(table.rows.iter().flat_map(|row| &row.cells).map(Cell::display));
            texts.extend(table.notes.iter().cloned());
        }
        Block::Grid(grid) => {
            texts.extend(grid.items.iter().flat_map(|item| [item.name.clone(), item.text.clone()]));
            texts.extend(grid.notes.iter().cloned());
        }
        Block::Chart(chart) => {
            texts.extend(chart.marks.iter().flat_map(|mark| [mark.label.clone(), mark.printed()]));
            texts.extend(chart.parts.iter().cloned());
            texts.extend(chart.notes.iter().cloned());
        }
        Block::Letter(letter) => texts.extend(letter.lines().into_iter().map(|(_, text)| text.to_string())),
        Block::Attachment(_) => {}
    }
}

#[track_caller]
fn run(program: &str, before: &[&str], pdf: &[u8], after: &[&str]) -> Output {
    let mut file = NamedTempFile::new().expect("the temporary folder is writable");
    file.write_all(pdf).expect("the temporary folder has room");
    let output = Command::new(program).args(before).arg(file.path()).args(after).output();
    output.unwrap_or_else(|error| panic!("{program} is needed for this test and did not start: {error}"))
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}
