//! What a file for the archive says of itself, and when there is none.

use std::sync::Arc;

use super::super::fonts::FaceId;
use super::super::render_for_archive;
use super::*;
use crate::domain::attachment::PageSize;
use crate::render::sample;
use lopdf::Object;

fn bytes(document: &ReportDocument) -> Vec<u8> {
    render_for_archive(document).unwrap_or_else(|error| panic!("{}: {error}", document.id)).bytes
}

fn read(document: &ReportDocument) -> lopdf::Document {
    lopdf::Document::load_mem(&bytes(document)).expect("the file can be read")
}

#[test]
fn file_says_its_standard_its_language_and_when_it_was_issued() {
    let pdf = read(&sample::pack());
    let catalog = pdf.catalog().expect("a catalog");
    assert_eq!(catalog.get(b"Lang").and_then(Object::as_str).expect("a language"), b"ja-JP");
    assert!(catalog.has(b"OutputIntents"));
    let about = pdf.dereference(catalog.get(b"Metadata").expect("metadata")).expect("it is there").1;
    let about = String::from_utf8_lossy(&about.as_stream().expect("a stream").content).into_owned();
    for wanted in ["<pdfaid:part>2<", "<pdfaid:conformance>B<", "ja-JP", "2026-01-22T00:00:00+09:00", "見本県医師会"]
    {
        assert!(about.contains(wanted), "{wanted}: {about}");
    }
}

#[test]
fn same_document_gives_the_same_bytes_and_another_one_another_identity() {
    let identity = |document: &ReportDocument| {
        let pdf = read(document);
        let halves = pdf.trailer.get(b"ID").and_then(Object::as_array).expect("an identity");
        let halves = halves.iter().map(|half| half.as_str().expect("a text").to_vec());
        halves.collect::<Vec<_>>()
    };
    assert_eq!(bytes(&sample::pack()), bytes(&sample::pack()));
    // The first half names the paper, the second one what the file holds.
    let (three, four) = (identity(&sample::long_table(3)), identity(&sample::long_table(4)));
    assert!(three[0] == four[0] && three[1] != four[1]);
    let mut of_another_month = sample::long_table(3);
    of_another_month.foot_text = "見本県医師会　令和8年2月定例".into();
    assert_ne!(identity(&of_another_month)[0], three[0]);
}

#[test]
fn paper_with_pages_of_somebody_else_is_refused_and_the_files_are_named() {
    let file = |name: &str| {
        let pages = vec![PageSize { width: 595_276, height: 841_890 }];
        Block::Attachment(AttachedFile { name: name.into(), sha256: String::new(), pages, bytes: Arc::default() })
    };
    let mut document = sample::single("with-files", "添付のある資料", vec![file("計画.pdf")]);
    document.sections[0].mark = "資料3".into();
    let mut second = document.sections[0].clone();
    (second.mark, second.blocks) = (String::new(), vec![file("地図.pdf")]);
    document.sections.push(second);
    match render_for_archive(&document) {
        Err(PdfError::NotArchivable { files }) => assert_eq!(files, ["資料3 計画.pdf", "地図.pdf"]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn broken_rules_are_named_without_what_they_were_found_in() {
    use krilla::configure::{ValidationError, Validators};
    let found = [ValidationError::TooLongString, ValidationError::MissingDocumentDate, ValidationError::TooLongString];
    let found = found.map(|rule| (rule, Validators::default())).to_vec();
    assert_eq!(spoken(&KrillaError::Validation(found)), "MissingDocumentDate, TooLongString");
    let font = draws::Faces::load().font(FaceId::NotoSans);
    let glyph = ValidationError::ContainsNotDefGlyph(font, None, "架".into());
    assert_eq!(spoken(&KrillaError::Validation(vec![(glyph, Validators::default())])), "ContainsNotDefGlyph");
}
