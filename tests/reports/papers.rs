//! Papers made from finished documents, opened with foreign programs. All people are invented.

use kaiin::domain::cell::{Cell, LabelledText};
use kaiin::domain::document::{Block, Column, ReportDocument, Row, Section, Table};
use kaiin::render::pdf;

use super::pdf_tools::{assert_paper, info, outline};

/// Names that sort fonts out, and pairs of texts that share one glyph.
const NAMES: [&str; 14] = [
    "髙橋　見本",
    "﨑山　見本",
    "𠮷田　見本",
    "鷗外　見本",
    "槗本　見本",
    "辻　見本",
    "辻\u{E0100}　見本",
    "葛\u{E0101}城　見本",
    "神\u{FA19}谷　見本",
    "見本　〜　見本",
    "見本　～　見本",
    "㈱見本　№5",
    "ﾐﾎﾝ ｼﾞﾛｳ",
    "医療法人社団見本会見本記念総合病院附属第二診療所長",
];

/// A paper with this many rows of such names.
pub fn paper_of_names(n_rows: usize) -> ReportDocument {
    let rows = NAMES.iter().cycle().take(n_rows).enumerate().map(|(at, name)| {
        let number = i64::try_from(at).expect("few rows") + 1;
        Row::body(vec![
            Cell::Count(number),
            Cell::text(*name),
            Cell::Difference(3 - number),
            Cell::text("第１２３号の届出による。㎡・①②③"),
        ])
    });
    let table = Table {
        id: "names".into(),
        title: "届出のあった者".into(),
        basis: vec![LabelledText::new("基準日", "令和7年12月31日（水）"), LabelledText::new("単位", "人")],
        columns: vec![
            Column::number("no", "No.", 3),
            Column::text("name", "氏名", 9),
            Column::number("difference", "増減", 5).in_group("会員数"),
            Column::text("note", "備考", 12),
        ],
        rows: rows.collect(),
        empty_text: "該当なし".into(),
        proof: kaiin::domain::table_check::TableCheck::default(),
        notes: vec!["氏名は届出のとおり。".into()],
    };
    let section = Section {
        id: "members".into(),
        title: "退会・異動の確認について".into(),
        mark: "資料3".into(),
        basis: Vec::new(),
        new_page: true,
        blocks: vec![Block::Paragraph("前月末から13人減った。".into()), Block::Table(table)],
    };
    ReportDocument {
        id: "members".into(),
        title: "退会者名簿".into(),
        issuer: "見本県医師会".into(),
        issued_on: "2026-01-22".parse().expect("an ISO date"),
        handling: "取扱注意・内部".into(),
        foot_text: "見本県医師会　令和8年1月定例".into(),
        draft: true,
        dates: None,
        colophon: Vec::new(),
        numbering: None,
        gaiji: kaiin::domain::gaiji::Gaiji::default(),
        cover: None,
        sections: vec![section],
    }
}

#[test]
fn paper_of_names_passes_every_tool() {
    let document = paper_of_names(NAMES.len());
    let rendered = pdf::render(&document).expect("the fonts have these names");
    assert_paper(&rendered.bytes, &document);
}

#[test]
fn paper_of_many_pages_passes_every_tool() {
    let document = paper_of_names(300);
    let rendered = pdf::render(&document).expect("the fonts have these names");
    assert!(rendered.n_pages > 5);
    assert_paper(&rendered.bytes, &document);
}

#[test]
fn empty_table_passes_every_tool() {
    let document = paper_of_names(0);
    let rendered = pdf::render(&document).expect("nothing unusual in it");
    assert_paper(&rendered.bytes, &document);
}

#[test]
fn file_tells_title_date_and_version_and_claims_no_standard() {
    let rendered = pdf::render(&paper_of_names(3)).expect("the fonts have these names");
    let info = info(&rendered.bytes);
    for fact in ["退会者名簿", "見本県医師会", "1.7", "A4"] {
        assert!(info.contains(fact), "{fact} in {info}");
    }
    assert!(!info.contains("PDF/"), "{info}");
}

#[test]
fn bookmarks_name_section_and_table() {
    let rendered = pdf::render(&paper_of_names(3)).expect("the fonts have these names");
    let outline = outline(&rendered.bytes);
    assert!(outline.contains("資料3　退会・異動の確認について") && outline.contains("届出のあった者"), "{outline}");
}
