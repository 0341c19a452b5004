//! What is shown is what the files hold; and the page as one looks at it.

use kaiin::service::asked::{Extent, Outcome, Viewer, answer_csv, answer_workbook};

use super::site::Site;
use crate::cli::samples::Sample;

/// Cells of tables as the page shows them: all that stands in th and td.
fn shown(page: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in page.split("<t").skip(1) {
        let is_cell =
            part.starts_with("d>") || part.starts_with("d ") || part.starts_with("h>") || part.starts_with("h ");
        let Some((_, rest)) = part.split_once('>').filter(|_| is_cell) else { continue };
        let text = rest.split('<').next().unwrap_or_default();
        out.push(text.replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">"));
    }
    out.retain(|text| !text.trim().is_empty());
    out
}

#[test]
fn page_and_file_hold_the_same() {
    let site = Site::of(&Sample::saitama());
    for query in
        ["on=R7.12.1&body=11-005&by=class", "on=2025-11-30&body=11-003&by=sex&known=2025-11-30&known=2025-12-31"]
    {
        let csv = site.csv(query);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(csv.trim_start_matches('\u{FEFF}').as_bytes());
        let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
        let held: std::collections::BTreeSet<String> =
            records.iter().flat_map(|record| record.iter().map(plain)).collect();
        let cells = shown(&site.page(query, &Viewer::of_everything()));
        assert!(cells.len() > 100, "the page has tables");
        for cell in cells {
            assert!(held.contains(&plain(&cell)), "{query}: {cell:?} stands on the page and not in the file");
        }
        let answer = site.answer(query);
        let (list, pages) = answer.persons.expect("persons may be seen");
        let numbers: std::collections::BTreeSet<String> = list.rows.iter().map(|row| row.cells[3].display()).collect();
        let in_file = records.iter().filter(|record| record.get(3).is_some_and(|cell| numbers.contains(cell))).count();
        assert_eq!(in_file, pages.total, "each person has a line");
    }
}

/// Numbers without their commas and signs as files write them.
fn plain(text: &str) -> String {
    let number = text.replace(',', "").replace('▲', "-").replace('+', "");
    if number.parse::<i64>().is_ok() { number } else { text.to_string() }
}

#[test]
fn large_list_is_paged_and_complete_in_the_file() {
    let site = Site::of(&Sample::saitama());
    let query = "on=2025-12-01&prefecture=11&tier=local";
    let whole = site.answer(query);
    let (list, pages) = whole.persons.as_ref().expect("persons may be seen");
    assert!(pages.n_pages() > 1 && list.rows.len() == pages.total);
    let mut rows = Vec::new();
    for page in 1..=pages.n_pages() {
        let asked = format!("{query}&page={page}");
        let Outcome::Answered(answer) = site.ask(&asked, &Viewer::of_everything(), Extent::Page) else {
            panic!("{asked} is answered")
        };
        let (list, of_page) = answer.persons.expect("persons may be seen");
        assert_eq!((of_page.total, of_page.from), (pages.total, rows.len()));
        rows.extend(list.rows);
        assert_eq!(answer.number, whole.number, "the page of the list is no part of the answer");
    }
    assert!(rows == list.rows, "the pages are the list");
    assert!(answer_workbook(&whole).expect("a workbook").starts_with(b"PK"));
    assert!(answer_csv(&whole).expect("a file").starts_with(b"\xEF\xBB\xBF"));
    assert!(site.page(query, &Viewer::of_everything()).contains("全 "), "the total is stated");
}

/// Tables have captions, headings of columns and rows; fields have labels; nothing is written into the page that a strict policy
/// refuses.
#[test]
fn page_is_plain_and_can_be_read_out() {
    let site = Site::of(&Sample::saitama());
    let viewer = Viewer::of_everything();
    for query in ["", "on=2025-12-01&body=浦和&by=class", "on=2025-02-29&body=ほげ"] {
        let page = site.page(query, &viewer);
        assert!(page.contains("<html lang=\"ja\">") && page.matches("<h1").count() == 1);
        for refused in ["<script", " style=", " onclick", "javascript:", "<style"] {
            assert!(!page.contains(refused), "{refused}");
        }
        assert_eq!(page.matches("<table>").count(), page.matches("<caption>").count());
        for part in page.split("<input").skip(1).filter(|part| !part.contains("type=\"hidden\"")) {
            let id = part.split("id=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a field has an id");
            assert!(page.contains(&format!("<label for=\"{id}\">")), "{id} has a label");
        }
        let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let n = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), n, "ids are there once");
        for described in page.split("aria-describedby=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(described.split(' ').all(|id| ids.binary_search(&id).is_ok()), "{described} is there");
        }
    }
}

/// For whoever wants to look: `KAIIN_WRITE_PAGES=folder` writes pages with their sheet, to be opened in a browser.
#[test]
fn pages_are_written_for_whoever_looks() {
    let Some(folder) = std::env::var_os("KAIIN_WRITE_PAGES").map(std::path::PathBuf::from) else { return };
    let site = Site::of(&Sample::saitama());
    let everything = Viewer::of_everything();
    let numbers = Viewer { persons: false, ..Viewer::of_everything() };
    let sheet = include_str!("../../templates/web/style.css");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    std::fs::write(folder.join("style.css"), sheet).expect("the folder can be written");
    for (name, query, viewer) in [
        ("form", "", &everything),
        ("body", "on=R7.12.1&body=浦和&by=class", &everything),
        ("prefecture", "on=前月末&prefecture=11&by=association&known=2025-11-30&known=2025-12-31", &everything),
        ("numbers", "on=R7.12.1&prefecture=11&by=association", &numbers),
        ("wrong", "on=2025-02-29&known=夕べ&prefecture=琉球&body=川越&by=星座", &everything),
        ("refused", "on=2025-12-01&body=11-001&by=sex", &numbers),
    ] {
        let page = site.page(query, viewer);
        let sheet = page.find("/style.css?v=").expect("the page names its sheet");
        let end = sheet + page[sheet..].find('"').expect("the address ends");
        let page = format!("{}style.css{}", &page[..sheet], &page[end..]);
        std::fs::write(folder.join(format!("{name}.html")), page).expect("the folder can be written");
    }
}
