//! Papers of others: bound as they are, counted, marked, or refused with what is wrong.

use kaiin::render::pdf;
use rstest::rstest;

use super::pdfs::{of_pages, plain, through_qpdf, words};
use super::written::Written;
use crate::cli::samples::Sample;
use crate::reports::pdf_tools::assert_structure;
use crate::store::desk::Desk;

async fn pack(bytes: Vec<u8>, printing: &str) -> Vec<u8> {
    let desk = Desk::of(&Sample::saitama()).await;
    let written = Written::of_items(&["紙.pdf", "会員数報告"]).with("紙.pdf", bytes);
    let written = written.with_words("次第.csv", "開催日,", &format!("印刷,{printing}\n開催日,"));
    let document = written.document(&desk).await;
    let first = pdf::render(&document).expect("it can be printed");
    let again = pdf::render(&document).expect("it can be printed");
    assert!(first == again, "the same pack has other bytes");
    first.bytes
}

/// Whatever a page is turned or cut to, its words stay, and mark and number stand on it.
#[rstest]
#[case::upright("/MediaBox [0 0 595 842]")]
#[case::quarter("/MediaBox [0 0 595 842] /Rotate 90")]
#[case::half("/MediaBox [0 0 595 842] /Rotate 180")]
#[case::back("/MediaBox [0 0 595 842] /Rotate -90")]
#[case::lying("/MediaBox [0 0 842 595]")]
#[case::elsewhere("/MediaBox [-50 100 545 942]")]
#[case::cut("/MediaBox [-20 -20 700 900] /CropBox [0 0 595 842]")]
#[case::of_another_unit("/MediaBox [0 0 297.5 421] /UserUnit 2")]
#[tokio::test]
async fn page_stays_as_it_is(#[case] entry: &str) {
    let pack = pack(of_pages(&[entry, "/MediaBox [0 0 595 842]"]), "片面").await;
    assert_structure(&pack);
    let pages = words(&pack);
    assert!(pages[0].contains("資料1（2枚）"), "{}", pages[0]);
    for (page, text) in [(1, "PAGE 1"), (2, "PAGE 2")] {
        assert!(pages[page].contains(text), "{entry}: {}", pages[page]);
        assert!(pages[page].contains("資料1"), "{entry}: {}", pages[page]);
        assert!(pages[page].contains(&format!("{} / ", page + 1)), "{entry}: {}", pages[page]);
    }
}

#[tokio::test]
async fn long_paper_is_bound_whole_and_counted_in_sheets() {
    let pages = words(&pack(plain(301), "両面").await);
    assert!(pages[0].contains("資料1（151枚）"), "{}", pages[0]);
    // The agenda, and the contents of a long pack.
    assert!(pages[1].contains("目") && pages[1].contains("会員数報告"));
    assert!(pages[302].contains("PAGE 301"));
    assert!(pages[303].contains("会員数報告"));
}

/// What other programs make of a file: packed objects, linearised, locked for changes and open to everybody who reads.
#[rstest]
#[case::packed(&["--object-streams=generate"])]
#[case::linear(&["--linearize"])]
#[case::locked_for_changes(&["--encrypt", "", "owner", "256", "--modify=none", "--"])]
#[tokio::test]
async fn file_of_other_programs_is_read(#[case] arguments: &[&str]) {
    let bytes = pack(through_qpdf(&plain(2), arguments), "片面").await;
    assert_structure(&bytes);
    assert!(words(&bytes)[2].contains("PAGE 2"));
}

#[tokio::test]
async fn file_that_cannot_be_bound_is_told() {
    let desk = Desk::of(&Sample::saitama()).await;
    let whole = plain(3);
    let of_file = |code: &str| vec![format!("{code} 紙.pdf")];
    for (bytes, code) in [
        (Vec::new(), "MTG-050"),
        (b"PK\x03\x04 no PDF".to_vec(), "MTG-050"),
        (whole[..whole.len() / 2].to_vec(), "MTG-050"),
        (whole[..60].to_vec(), "MTG-050"),
        (of_pages(&[]), "MTG-052"),
        (of_pages(&["/MediaBox [0 0 0 0]"]), "MTG-050"),
        (through_qpdf(&whole, &["--encrypt", "geheim", "owner", "256", "--"]), "MTG-051"),
        (through_qpdf(&whole, &["--encrypt", "geheim", "owner", "128", "--use-aes=y", "--"]), "MTG-051"),
    ] {
        let written = Written::of_items(&["紙.pdf"]).with("紙.pdf", bytes);
        assert_eq!(written.faults(&desk).await, of_file(code));
    }
}

#[tokio::test]
async fn pages_of_other_sheets_are_told_and_bound() {
    let desk = Desk::of(&Sample::saitama()).await;
    let bytes = of_pages(&["/MediaBox [0 0 595 842]", "/MediaBox [0 0 842 1191]", "/MediaBox [0 0 612 792]"]);
    let written = Written::of_items(&["紙"]).with("紙.pdf", bytes);
    let read = written.read(&desk).await;
    assert_eq!(read.faults, []);
    let told = read.notices[0].fault.words().concat();
    assert_eq!(told, "2頁 297×420mm、3頁 216×279mm");
}

/// Any cut and any flipped byte ends in a paper or in words, never in a panic.
#[tokio::test]
async fn damaged_files_never_stop_the_program() {
    let whole = through_qpdf(&plain(2), &["--object-streams=generate"]);
    for at in (0..whole.len()).step_by(7) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x55;
        for bytes in [&whole[..at], &flipped] {
            if let Ok(inspected) = pdf::inspect(bytes) {
                assert!(!inspected.pages.is_empty());
            }
        }
    }
}
