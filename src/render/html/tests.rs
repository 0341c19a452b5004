//! Tests of the page: nothing lost, nothing unescaped, headings tied to their columns.

use super::*;
use crate::domain::cell::Cell;
use crate::domain::document::{Block, Column, ReportDocument, Table};
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
    assert!(page.contains("<th scope=\"col\" class=\"left names\" colspan=\"1\" rowspan=\"2\">郡市医師会</th>"));
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

/// Levels of the headings of a page, in order.
fn levels(page: &str) -> Vec<u8> {
    let after = page.split("<h").skip(1).filter_map(|rest| rest.as_bytes().first().copied());
    after.filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect()
}

#[test]
fn page_has_one_first_heading_and_passes_no_level_over() {
    for document in sample::all() {
        let levels = levels(&render(&document).expect("samples are sound"));
        assert_eq!(levels.first(), Some(&1), "{}", document.id);
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{}", document.id);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{}: {levels:?}", document.id);
    }
}

#[test]
fn title_of_the_only_section_heads_the_page() {
    let page = render(&sample::single("s", "題", vec![Block::Heading("小見出し".into())])).expect("a sound document");
    assert!(page.contains("<h1 id=\"head-s\">題</h1>") && page.contains("<h2 class=\"block-title\">小見出し</h2>"));
}

#[test]
fn title_of_the_paper_stands_above_several_sections() {
    let page = render(&ReportDocument { cover: None, ..sample::pack() }).expect("a sound document");
    assert!(page.contains("<h1>令和7年度第9回郡市医師会長会議　会議資料</h1>"));
    assert!(page.contains("<h2 id=\"head-counts\">会員数報告</h2>"));
}

/// Every start tag of a page, without its brackets. Texts hold no bare bracket.
fn start_tags(page: &str) -> impl Iterator<Item = &str> {
    let (_, body) = page.split_once("</style>").expect("the page has a style");
    body.split('<').filter_map(|rest| rest.split('>').next()).filter(|tag| !tag.starts_with('/'))
}

#[test]
fn space_stands_before_every_attribute_and_none_is_given_twice() {
    for document in sample::all() {
        let page = render(&document).expect("samples are sound");
        for tag in start_tags(&page) {
            let outside: Vec<&str> = tag.split('"').step_by(2).collect();
            let (name, others) = outside.split_first().expect("a text has a first part");
            assert!(!name.contains('=') || name.contains(' '), "{tag}");
            assert!(others.iter().all(|part| part.is_empty() || part.starts_with(' ')), "{tag}");
            let mut names: Vec<&str> = outside.iter().filter_map(|part| part.split(' ').next_back()).collect();
            names.retain(|name| name.ends_with('='));
            let n_names = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), n_names, "{tag}");
        }
    }
}

#[test]
fn ids_are_given_once_and_every_reference_meets_one() {
    for document in sample::all() {
        let page = render(&document).expect("samples are sound");
        let values = |attribute: &str| -> Vec<String> {
            let opening = format!(" {attribute}=\"");
            page.split(&opening).skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
        };
        let mut ids = values("id");
        for attribute in ["aria-labelledby", "aria-describedby"] {
            assert!(values(attribute).iter().all(|id| ids.contains(id)), "{}: {attribute}", document.id);
        }
        assert!(values("href").iter().all(|link| ids.iter().any(|id| link[1..] == *id)), "{}", document.id);
        let n_ids = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), n_ids, "{}", document.id);
    }
}

#[test]
fn every_table_lies_in_a_region_of_its_own_name() {
    let mut document = sample::single("s", "題", vec![Block::Table(sample::names_table()); 3]);
    for (at, block) in document.sections[0].blocks.iter_mut().enumerate() {
        let Block::Table(table) = block else { unreachable!("all are tables") };
        table.id = format!("t{at}");
    }
    document.sections[0].blocks.push(Block::Chart(sample::chart()));
    let Block::Table(untitled) = &mut document.sections[0].blocks[2] else { unreachable!("it is a table") };
    untitled.title.clear();
    let page = render(&document).expect("a sound document");
    for (id, name) in [
        ("t0", "届出のあった者（表）"),
        ("t1", "届出のあった者（表2）"),
        ("t2", "題（表）"),
        ("trend", "会員数の推移（郡市区等）（グラフ）"),
    ] {
        let region =
            format!("<div class=\"wide\" id=\"table-{id}\" role=\"region\" aria-label=\"{name}\" tabindex=\"0\">");
        assert!(page.contains(&region), "{region}");
    }
    assert_eq!(page.matches("<table ").count(), page.matches("role=\"region\"").count());
    assert!(page.contains("aria-labelledby=\"title-t1\" aria-describedby=\"basis-t1\""));
    assert!(page.contains("aria-labelledby=\"head-s\" aria-describedby=\"basis-t2\""));
}

#[test]
fn table_without_title_and_dates_of_its_own_has_no_caption() {
    let mut table = sample::names_table();
    table.title.clear();
    let mut document = sample::single("s", "題", Vec::new());
    document.sections[0].basis = table.basis.clone();
    document.sections[0].blocks = vec![Block::Table(table)];
    let page = render(&document).expect("a sound document");
    assert!(
        !page.contains("<caption>")
            && page.contains("<table class=\"full together\" aria-labelledby=\"head-s\"><thead>")
    );
}

#[test]
fn white_space_in_the_name_of_a_sheet_breaks_no_link() {
    let mut document = sample::pack();
    let name = "資料 1　会員";
    document.sections[0].id = name.into();
    let cover = document.cover.as_mut().expect("a pack has a cover");
    let items = cover.agenda.iter_mut().flat_map(|group| &mut group.items);
    items
        .filter(|item| item.section_id.as_deref() == Some("counts"))
        .for_each(|item| item.section_id = Some(name.into()));
    let page = render(&document).expect("a sound pack");
    assert!(page.contains("<section id=\"資料␣1␣会員\"") && page.contains("<a href=\"#資料␣1␣会員\">"));
    assert!(page.contains("<a class=\"skip\" href=\"#資料␣1␣会員\">"));
}

#[test]
fn long_texts_get_room_and_short_ones_stay_on_one_line() {
    let page = render(&sample::single("s", "題", vec![Block::Table(sample::names_table())])).expect("a sound document");
    assert!(page.contains("<td class=\"left short\">さいたま市与野</td>"));
    assert!(page.contains("<td class=\"left long\">転出（見本県第二医師会へ）</td>"));
    assert!(page.contains("<th scope=\"col\" class=\"centre short\" colspan=\"1\" rowspan=\"1\">退会日</th>"));
}

#[test]
fn size_of_a_table_says_how_it_is_printed() {
    let class = |table: Table| {
        let page = render(&sample::single("s", "題", vec![Block::Table(table)])).expect("a sound document");
        let (_, after) = page.split_once("<table class=\"").expect("a table");
        after.split('"').next().unwrap_or_default().to_owned()
    };
    assert_eq!(class(sample::bridge_table()), "slim together");
    assert_eq!(class(sample::counts_table()), "full");
    let mut wide = sample::names_table();
    wide.columns.extend((0..7).map(|n| Column::number(&format!("n{n}"), "数", 3)));
    wide.rows.clear();
    assert_eq!(class(wide), "full many together");
}

#[test]
fn heading_without_text_is_no_heading() {
    let mut table = sample::names_table();
    table.columns[0].title.clear();
    let page = render(&sample::single("s", "題", vec![Block::Table(table)])).expect("a sound document");
    assert!(page.contains("<td class=\"left names\" colspan=\"1\" rowspan=\"1\"></td>"));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;")
}
