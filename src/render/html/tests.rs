//! Tests of the page: nothing lost, nothing unescaped, headings tied to their columns.

use super::*;
use crate::domain::document::{Block, Cell};
use crate::render::sample;

#[test]
fn every_sample_becomes_a_page() {
    for document in sample::all() {
        let page = render(&document).expect("samples are sound");
        assert!(page.starts_with("<!DOCTYPE html>"), "{}", document.id);
        assert!(page.contains("<html lang=\"ja\">"));
        assert!(!page.contains("<script"));
    }
}

#[test]
fn every_cell_stands_in_the_page() {
    let page = render(&sample::pack()).expect("a sound pack");
    for row in &sample::counts_table().rows {
        for cell in &row.cells {
            assert!(page.contains(&format!(">{}<", escaped(&cell.display()))), "{cell:?}");
        }
    }
}

#[test]
fn text_is_escaped() {
    let mut table = sample::names_table();
    table.rows[0].cells[0] = Cell::text("<script>alert(1)</script> & \"'");
    let page = render(&sample::single("s", "<b>題</b>", vec![Block::Table(table)])).expect("a sound document");
    assert!(!page.contains("<script") && !page.contains("<b>題"));
    assert!(page.contains("&#60;script&#62;"));
}

#[test]
fn head_spans_its_groups_and_names_its_columns() {
    let page = render(&sample::pack()).expect("a sound pack");
    assert!(page.contains("<th scope=\"colgroup\" class=\"centre\" colspan=\"5\" rowspan=\"1\">会員区分</th>"));
    assert!(page.contains("<th scope=\"col\" class=\"left\" colspan=\"1\" rowspan=\"2\">郡市医師会</th>"));
    assert!(page.contains("<th scope=\"row\" class=\"left short\">浦和</th>"));
}

#[test]
fn agenda_leads_to_its_sections() {
    let page = render(&sample::pack()).expect("a sound pack");
    assert!(page.contains("<a href=\"#counts\">") && page.contains("<section id=\"counts\""));
}

#[test]
fn dates_of_the_section_are_said_once() {
    let page = render(&sample::pack()).expect("a sound pack");
    assert_eq!(page.matches("知識時点").count(), 1);
}

#[test]
fn empty_table_says_so() {
    let mut table = sample::names_table();
    table.rows.clear();
    let page = render(&sample::single("s", "題", vec![Block::Table(table)])).expect("a sound document");
    assert!(page.contains("<td class=\"empty\" colspan=\"4\">該当なし</td>"));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;")
}
