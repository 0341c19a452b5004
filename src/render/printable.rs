//! What paper can show of a document (R33): characters that no font has print as 〓, with a note under the table.
//!
//! PDF and page are made from the printable document. CSV files and workbooks keep every character as it came; they are
//! data, and the machine of the office may have the character. Start reading at [`printable`].

use unicode_normalization::char::compose;

use super::pdf;
use crate::domain::cell::{Cell, LabelledText};
use crate::domain::document::{Block, ReportDocument};
use crate::domain::gaiji::{Gaiji, characters};
use crate::domain::letter::Letter;

/// What stands for a character that cannot be shown (げた記号).
const GETA: &str = "〓";

/// The note under what holds one.
const NOTE: &str = "〓は表示できない文字。";

/// A document as paper shows it.
#[derive(Debug)]
pub struct Printable {
    /// The document.
    pub document: ReportDocument,
    /// What it cannot show, in print order.
    pub unprintable: Vec<Unprintable>,
}

/// A character that was printed as 〓. It names the place, never the text around it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Unprintable {
    /// Code points, such as U+E000.
    pub character: String,
    /// Title of the section; empty on the cover and in the foot.
    pub section: String,
    /// Title of the table, grid or chart, else its id; empty elsewhere.
    pub table: String,
    /// Number of the row or item, from 1.
    pub row: Option<usize>,
    /// Heading of the column; empty elsewhere.
    pub column: String,
}

impl std::fmt::Display for Unprintable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.character)?;
        for part in [&self.section, &self.table].into_iter().filter(|part| !part.is_empty()) {
            write!(f, " {part}")?;
        }
        if let Some(row) = self.row {
            write!(f, " {row}行目")?;
        }
        if self.column.is_empty() { Ok(()) } else { write!(f, " {}", self.column) }
    }
}

/// Whether paper can show a character as read.
pub fn is_printable(character: &str) -> bool {
    shown(character).is_some()
}

/// Replaces what paper cannot show.
pub fn printable(document: &ReportDocument, gaiji: &Gaiji) -> Printable {
    let mut document = document.clone();
    let mut printer = Printer { gaiji, place: Place::default(), has_geta: false, found: Vec::new() };
    printer.frame(&mut document);
    for section in &mut document.sections {
        printer.has_geta = false;
        printer.place = Place { section: section.title.clone(), ..Place::default() };
        printer.text(&mut section.title);
        printer.text(&mut section.mark);
        printer.labelled(&mut section.basis);
        for block in &mut section.blocks {
            printer.block(block);
        }
        if printer.has_geta {
            // Titles, dates and sentences have no notes of their own.
            section.blocks.push(Block::Notes(vec![NOTE.into()]));
        }
    }
    Printable { unprintable: printer.found, document }
}

#[derive(Default, Clone)]
struct Place {
    section: String,
    table: String,
    row: Option<usize>,
    column: String,
}

struct Printer<'g> {
    gaiji: &'g Gaiji,
    place: Place,
    /// Since it was last reset, a text held a 〓.
    has_geta: bool,
    found: Vec<Unprintable>,
}

impl Printer<'_> {
    fn text(&mut self, text: &mut String) {
        let is_common = |letter: char| letter.is_ascii_graphic() || letter == ' ';
        if !text.chars().all(is_common) {
            let printed = self.printed(text);
            if printed != *text {
                *text = printed;
            }
        }
        self.has_geta |= text.contains(GETA);
    }

    fn printed(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for character in characters(text) {
            if let Some(meant) = self.gaiji.get(character) {
                out.push_str(meant);
            } else if let Some(printed) = shown(character) {
                out.push_str(&printed);
            } else {
                out.push_str(GETA);
                let Place { section, table, row, column } = self.place.clone();
                self.found.push(Unprintable { character: code_points(character), section, table, row, column });
            }
        }
        out
    }

    /// What stands outside the sections. Its 〓 are told by the notes of the first section.
    fn frame(&mut self, document: &mut ReportDocument) {
        for text in [&mut document.title, &mut document.issuer, &mut document.handling, &mut document.foot_text] {
            self.text(text);
        }
        self.labelled(&mut document.colophon);
        if let Some(cover) = &mut document.cover {
            self.text(&mut cover.lead);
            self.text(&mut cover.meeting);
            self.labelled(&mut cover.facts);
            for group in &mut cover.agenda {
                self.text(&mut group.heading);
                self.text(&mut group.remark);
                for item in &mut group.items {
                    for text in [&mut item.text, &mut item.remark, &mut item.officer, &mut item.mark] {
                        self.text(text);
                    }
                }
            }
            if self.has_geta {
                cover.facts.push(LabelledText::new("注", NOTE));
            }
        }
    }

    fn labelled(&mut self, items: &mut [LabelledText]) {
        for item in items {
            self.text(&mut item.label);
            self.text(&mut item.text);
        }
    }

    fn block(&mut self, block: &mut Block) {
        let outside = self.has_geta;
        match block {
            Block::Paragraph(text) | Block::Heading(text) => self.text(text),
            Block::Notes(texts) => texts.iter_mut().for_each(|text| self.text(text)),
            Block::Letter(letter) => self.letter(letter),
            // The file has fonts of its own.
            Block::Attachment(_) => {}
            Block::Table(table) => {
                self.enter(&table.id, &table.title);
                self.text(&mut table.title);
                self.labelled(&mut table.basis);
                self.text(&mut table.empty_text);
                table.notes.iter_mut().for_each(|text| self.text(text));
                for column in &mut table.columns {
                    self.text(&mut column.title);
                    self.text(&mut column.group);
                }
                for (row, number) in table.rows.iter_mut().zip(1..) {
                    for (cell, column) in row.cells.iter_mut().zip(&table.columns) {
                        if let Cell::Text(text) = cell {
                            self.place.row = Some(number);
                            self.place.column.clone_from(&column.title);
                            self.text(text);
                        }
                    }
                }
                self.leave(outside, &mut table.notes);
            }
            Block::Grid(grid) => {
                self.enter(&grid.id, &grid.title);
                self.text(&mut grid.title);
                self.labelled(&mut grid.basis);
                grid.notes.iter_mut().for_each(|text| self.text(text));
                for (item, number) in grid.items.iter_mut().zip(1..) {
                    self.place.row = Some(number);
                    self.text(&mut item.name);
                    self.text(&mut item.text);
                }
                self.leave(outside, &mut grid.notes);
            }
            Block::Chart(chart) => {
                self.enter(&chart.id, &chart.title);
                self.text(&mut chart.title);
                self.labelled(&mut chart.basis);
                chart.notes.iter_mut().for_each(|text| self.text(text));
                chart.parts.iter_mut().for_each(|text| self.text(text));
                for (mark, number) in chart.marks.iter_mut().zip(1..) {
                    self.place.row = Some(number);
                    self.text(&mut mark.label);
                    self.text(&mut mark.remark);
                }
                self.leave(outside, &mut chart.notes);
            }
        }
    }

    fn letter(&mut self, letter: &mut Letter) {
        for text in [&mut letter.number, &mut letter.date, &mut letter.subject] {
            self.text(text);
        }
        for texts in [&mut letter.to, &mut letter.from, &mut letter.body, &mut letter.points, &mut letter.after] {
            texts.iter_mut().for_each(|text| self.text(text));
        }
    }

    fn enter(&mut self, id: &str, title: &str) {
        self.has_geta = false;
        self.place.table = if title.is_empty() { id.into() } else { title.into() };
    }

    /// Ends a table: where it holds a 〓, its notes say what that is.
    fn leave(&mut self, outside: bool, notes: &mut Vec<String>) {
        if self.has_geta {
            notes.push(NOTE.into());
        }
        self.has_geta = outside;
        self.place = Place { section: std::mem::take(&mut self.place.section), ..Place::default() };
    }
}

/// What is printed for a character as read; `None` where no font has it.
fn shown(character: &str) -> Option<String> {
    let visible: String = character.chars().filter(|letter| !is_invisible(*letter)).collect();
    // か with a mark is が: a Mac writes it so, and it is the same character.
    let mut letters = visible.chars();
    let composed = letters.next().and_then(|first| letters.try_fold(first, compose));
    let mut candidates = composed.map(String::from).into_iter().chain([visible]);
    // Line ends and tabs are blanks to the typesetter.
    let is_blank = |text: &str| text.chars().all(|letter| matches!(letter, '\n' | '\r' | '\t'));
    candidates.find(|text| is_blank(text) || pdf::has_glyphs(text))
}

/// Characters that say nothing on paper: joiners, marks of direction and of the beginning of a file.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

fn code_points(text: &str) -> String {
    let codes: Vec<String> = text.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
    codes.join(" ")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::document::{Column, Row, Table};
    use crate::domain::table_check::TableCheck;
    use crate::render::sample::single;
    use crate::render::{html, machine};

    fn document(name: &str) -> ReportDocument {
        let table = Table {
            id: "people".into(),
            title: "一覧".into(),
            basis: vec![LabelledText::new("単位", "人")],
            columns: vec![Column::text("association", "医師会", 4), Column::text("name", "氏名", 4)],
            rows: vec![
                Row::body(vec![Cell::text("浦和"), Cell::text("架空　例")]),
                Row::body(vec![Cell::text("大宮"), Cell::text(name)]),
            ],
            empty_text: String::new(),
            notes: Vec::new(),
            proof: TableCheck::default(),
        };
        single("people", "会員", vec![Block::Table(table)])
    }

    fn table(document: &ReportDocument) -> &Table {
        match &document.sections[0].blocks[0] {
            Block::Table(table) => table,
            other => panic!("{other:?} is no table"),
        }
    }

    #[rstest]
    #[case::private_use("架\u{E000}　例", "架〓　例", &["U+E000"])]
    #[case::private_use_of_another_plane("架\u{F0000}", "架〓", &["U+F0000"])]
    #[case::two_in_one_name("\u{E000}\u{F8FF}", "〓〓", &["U+E000", "U+F8FF"])]
    #[case::newest_extension("\u{31350}田", "〓田", &["U+31350"])]
    #[case::joined_emoji("例👨\u{200D}⚕\u{FE0F}", "例〓", &["U+1F468 U+200D U+2695 U+FE0F"])]
    #[case::lost_at_the_source("架\u{FFFD}", "架〓", &["U+FFFD"])]
    #[case::control("架\u{1}", "架〓", &["U+0001"])]
    #[case::rare_but_there("𠮷田", "𠮷田", &[])]
    #[case::selector_with_a_form("辻\u{E0100}", "辻\u{E0100}", &[])]
    #[case::selector_without_a_form("医\u{E01EF}", "医\u{E01EF}", &[])]
    #[case::compatibility_forms("髙﨑神塚", "髙﨑神塚", &[])]
    #[case::kana_with_a_mark("か\u{3099}例", "が例", &[])]
    #[case::mark_of_the_beginning("\u{FEFF}架空", "架空", &[])]
    #[case::plain("架空　例", "架空　例", &[])]
    fn paper_shows_what_fonts_have_and_says_where_they_lack_it(
        #[case] name: &str,
        #[case] printed: &str,
        #[case] lacking: &[&str],
    ) {
        let given = document(name);
        let out = printable(&given, &Gaiji::default());
        assert_eq!(table(&out.document).rows[1].cells[1], Cell::text(printed));
        let found: Vec<&str> = out.unprintable.iter().map(|one| one.character.as_str()).collect();
        assert_eq!(found, lacking);
        assert_eq!(table(&out.document).notes.contains(&NOTE.to_string()), !lacking.is_empty());
        for one in &out.unprintable {
            let place = (one.section.as_str(), one.table.as_str(), one.row, one.column.as_str());
            assert_eq!(place, ("会員", "一覧", Some(2), "氏名"));
        }
        // Nothing that paper shows stops the renderers, and data files keep what came.
        assert!(pdf::render(&out.document).is_ok() && html::render(&out.document).is_ok());
        let files = machine::machine_files(&given).expect("files");
        assert!(String::from_utf8(files[0].bytes.clone()).expect("UTF-8").contains(name));
    }

    #[test]
    fn table_of_the_office_says_what_is_meant() {
        let gaiji = Gaiji::of([("\u{E000}".to_string(), "髙".to_string())]);
        let out = printable(&document("\u{E000}\u{E001}　例"), &gaiji);
        assert_eq!(table(&out.document).rows[1].cells[1], Cell::text("髙〓　例"));
        assert_eq!(out.unprintable.len(), 1);
    }

    #[test]
    fn geta_outside_a_table_has_its_note_too() {
        let mut given = document("架空");
        given.sections[0].title = "会\u{E000}".into();
        given.handling = "\u{E000}".into();
        let out = printable(&given, &Gaiji::default());
        assert_eq!(out.unprintable.len(), 2);
        assert_eq!(out.document.sections[0].blocks.last(), Some(&Block::Notes(vec![NOTE.into()])));
        assert!(table(&out.document).notes.is_empty());
    }
}
