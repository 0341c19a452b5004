//! Headings that have changed: what the columns are is said on the page, once, and the next file is read as well.

use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::sync::OnceLock;

use rstest::rstest;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::giving::{DECEMBER, assert_says, december, follow, give, november};
use super::site::{Browser, Reply, Site, add, settings};
use crate::cli::program::Office;
use crate::ingest::counter::bad;

/// December's export, in which two headings are called otherwise.
pub fn renamed() -> &'static [u8] {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    MADE.get_or_init(|| {
        let whole = december().0;
        let text = encoding_rs::SHIFT_JIS.decode(&whole).0.replacen("郡市区等入会日", "入会＝年月日", 1).replacen(
            "退会理由",
            "退会の事由",
            1,
        );
        encoding_rs::SHIFT_JIS.encode(&text).0.into_owned()
    })
}

/// Says what columns are, with the number of the form's file.
fn say(browser: &mut Browser, page: &Reply, fields: &[(&str, &str)]) -> Reply {
    let (_, form) = page.body.split_once("action=\"/files/headings\"").expect("it is asked what columns are");
    let give = form.split_once("name=\"give\" value=\"").and_then(|(_, rest)| rest.split('"').next()).expect("an id");
    let (csrf, give) = (page.csrf(), give.to_string());
    let fixed = [("csrf", csrf.as_str()), ("give", give.as_str())];
    browser.post("/files/headings", &[&fixed, fields].concat())
}

/// The layout of the office, where it has one.
fn own_layout(office: &Office) -> Option<String> {
    fs::read_to_string(office.data().join("definitions/layouts/mamis-members-wide.toml")).ok()
}

#[test]
fn columns_are_said_once_and_the_next_file_is_read_as_well() {
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let (_, page) = give(&mut browser, &[(DECEMBER, renamed())]);
    assert_says(&page, &["このままでは取り込めません", "入会＝年月日", "退会の事由", "郡市区等入会日（要るもの）"]);
    // Values of the columns, each once, of real rows.
    let (_, table) = page.body.split_once("class=\"headings\"").expect("the table");
    assert!(table.split("</table>").next().is_some_and(|table| table.contains("<td>20") || table.contains("<td>19")));

    let none = say(&mut browser, &page, &[("file", "0"), ("column-0", ""), ("column-1", "")]);
    assert_eq!(none.status, 422);
    assert_says(&none, &["WEB-055"]);
    let twice = [("file", "0"), ("column-0", "local_joined_on"), ("column-1", "local_joined_on")];
    let twice = say(&mut browser, &page, &twice);
    assert_eq!((twice.status, twice.body.matches(" selected").count()), (422, 2), "what was chosen stays");
    assert_says(&twice, &["WEB-056"]);
    assert_eq!(own_layout(&office), None, "nothing is half-written");

    let said = [("file", "0"), ("column-0", "local_joined_on"), ("column-1", "reason")];
    let reply = say(&mut browser, &page, &said);
    let page = follow(&mut browser, &reply);
    assert_says(
        &page,
        &["取り込めます", "「入会＝年月日」を「郡市区等入会日」として読む", "kaiin serve を起動し直して"],
    );
    let layout = own_layout(&office).expect("the office has a layout");
    assert!(layout.contains("\"入会＝年月日\"") && layout.contains("\"退会の事由\""), "{layout}");
    // The next file needs nothing more, on the page and at the command line, and both read the same.
    let (_, page) = give(&mut browser, &[(DECEMBER, renamed())]);
    assert_says(&page, &["取り込めます"]);
    assert!(!page.body.contains("/files/headings"), "{}", page.body);
    office.save(DECEMBER, renamed());
    let under_new_name = office.import(&format!("--dry-run {DECEMBER}"));
    office.save(DECEMBER, december().0);
    let as_ever = office.import(&format!("--dry-run {DECEMBER}"));
    assert_eq!(under_new_name[0]["headline"], as_ever[0]["headline"]);
    assert_eq!(under_new_name[0]["stays"], as_ever[0]["stays"]);
}

/// Something else than what was asked is nothing: numbers of columns and fields that are not there, of a file that asks nothing.
#[rstest]
#[case::no_such_column(&[("file", "0"), ("column-9", "local_joined_on")])]
#[case::no_such_field(&[("file", "0"), ("column-0", "no_such_field")])]
#[case::field_that_a_column_carries(&[("file", "0"), ("column-0", "registration_number")])]
#[case::no_such_file(&[("file", "7"), ("column-0", "local_joined_on")])]
#[case::no_file(&[("column-0", "local_joined_on")])]
fn what_was_not_asked_cannot_be_said(#[case] fields: &[(&str, &str)]) {
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let (_, page) = give(&mut browser, &[(DECEMBER, renamed())]);
    let reply = say(&mut browser, &page, fields);
    assert_eq!(reply.status, 404, "{}", reply.body);
    assert_says(&reply, &["WEB-026"]);
    assert_eq!(own_layout(&office), None);
    // Nor by somebody else.
    let mut taro = site.entered("taro");
    let reply = taro.get("/files");
    let form = say(&mut taro, &Reply { body: page.body.replace(&page.csrf(), &reply.csrf()), ..page }, fields);
    assert_eq!(form.status, 404, "{}", form.body);
}

/// A file without headings begins with a person, whose cells are no headings: nothing is offered.
#[test]
fn file_without_headings_is_not_asked_about() {
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let bytes = december().0;
    let below = bytes.iter().position(|byte| *byte == b'\n').expect("it has lines") + 1;
    let (_, page) = give(&mut browser, &[(DECEMBER, &bytes[below..])]);
    assert_says(&page, &["このままでは取り込めません"]);
    assert!(!page.body.contains("/files/headings"), "{}", page.body);
}

/// A workbook with a text in place of another one.
fn workbook(name: &str, from: &str, to: &str) -> Vec<u8> {
    let file = File::open(bad().join(name)).expect("the workbook is there");
    let mut parts = ZipArchive::new(file).expect("it is one");
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("a text");
        out.start_file(part.name().expect("a name"), SimpleFileOptions::default()).expect("a part");
        out.write_all(text.replace(from, to).as_bytes()).expect("memory can be written");
    }
    out.finish().expect("a workbook").into_inner()
}

#[test]
fn columns_of_a_workbook_are_said_in_the_same_way() {
    let office = Office::new();
    office.save("master.csv", fs::read(bad().join("master.csv")).expect("the master is there"));
    office.import("master.csv");
    office.save("kaiin-data/kaiin.toml", settings(""));
    add(&office, "hanako", "--role maker --everywhere --persons");
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let bytes = workbook("workbook/plain.xlsx", "郡市区等入会日", "入会年月日");
    let (_, page) = give(&mut browser, &[("members_2025-09-30.xlsx", &bytes)]);
    assert_says(&page, &["このままでは取り込めません", "<th scope=\"row\">入会年月日</th>", "（要るもの）"]);
    let reply = say(&mut browser, &page, &[("file", "0"), ("column-0", "local_joined_on")]);
    let page = follow(&mut browser, &reply);
    assert_says(&page, &["取り込めます", "「入会年月日」を「郡市区等入会日」として読む"]);
}

/// A field that several kinds of files have is that of the kind at hand.
#[test]
fn heading_of_a_history_becomes_one_of_histories_alone() {
    let office = november();
    let site = Site::start(&office);
    let mut browser = site.entered("hanako");
    let name = "applications_2025-12-31.csv";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/saitama").join(name);
    let bytes = fs::read(&file).expect("it can be read");
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => encoding_rs::SHIFT_JIS.decode(error.as_bytes()).0.into_owned(),
    };
    let bytes = text.replacen("医籍登録番号", "会員の番号", 1).into_bytes();
    let (_, page) = give(&mut browser, &[(name, &bytes)]);
    assert_says(&page, &["会員の番号", "申請履歴"]);
    let reply = say(&mut browser, &page, &[("file", "0"), ("column-0", "registration_number")]);
    let page = follow(&mut browser, &reply);
    assert_says(&page, &["「会員の番号」を「医籍登録番号」として読む"]);
    assert!(!page.body.contains("/files/headings"), "{}", page.body);
    let layouts = office.data().join("definitions/layouts");
    let written: Vec<_> =
        fs::read_dir(&layouts).expect("layouts").map(|entry| entry.expect("one").file_name()).collect();
    assert_eq!(written, ["mamis-applications.toml"]);
}
