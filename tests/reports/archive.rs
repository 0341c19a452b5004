//! Papers for the archive (PDF/A-2b) beside the usual ones: another writer, the same pages.

use kaiin::domain::document::{Block, ReportDocument, RowKind};
use kaiin::render::pdf;
use kaiin::render::pdf::PdfError;

use super::papers::paper_of_names;
use super::pdf_tools::{assert_paper, info, outline, page_texts};
use super::pictures::{Picture, difference, mean_distance};
use super::samples::{REPORTS, desk, paper, request};
use crate::cli::samples::Sample;
use crate::meetings::written::Written;
use crate::store::desk::Desk;

/// In thousandths of one of 255 levels; what was seen was at most 300.
const FARTHEST_MEAN: usize = 1_000;

fn usual(document: &ReportDocument) -> Vec<u8> {
    pdf::render(document).expect("the paper can be printed").bytes
}

fn archived(document: &ReportDocument) -> Vec<u8> {
    pdf::render_for_archive(document).expect("the paper can be printed").bytes
}

/// How two files differ for who reads or copies them, page by page; empty where they do not.
fn differences(one: &[u8], other: &[u8]) -> Vec<String> {
    let (texts, pictures) = ([page_texts(one), page_texts(other)], [Picture::of(one), Picture::of(other)]);
    let n_pages = [texts[0].len(), texts[1].len(), pictures[0].len(), pictures[1].len()];
    if n_pages.iter().any(|n| *n != n_pages[0]) {
        return vec![format!("pages: {n_pages:?}")];
    }
    let of_page = |at: usize| {
        let text = (texts[0][at] != texts[1][at]).then(|| "other words".to_string());
        let look = difference(&pictures[0][at], &pictures[1][at]);
        let mean = mean_distance(&pictures[0][at], &pictures[1][at]);
        let mean = (mean > FARTHEST_MEAN).then(|| format!("{mean} thousandths of a level apart"));
        let found: Vec<String> = [text, look, mean].into_iter().flatten().collect();
        found.into_iter().map(move |found| format!("page {}: {found}", at + 1))
    };
    (0..n_pages[0]).flat_map(of_page).collect()
}

#[tokio::test]
async fn shipped_papers_are_the_same_from_both_writers() {
    let desk = desk(&Sample::saitama()).await;
    let mut documents = vec![pack_of_office(&desk).await];
    for name in REPORTS {
        documents.push(paper(&desk, &request(name, "2025-12-31", "2025-12-31")).await);
    }
    for document in &documents {
        let (usual, archived) = (usual(document), archived(document));
        assert_paper(&archived, document);
        assert_eq!(differences(&usual, &archived), [""; 0], "{}", document.id);
        let titles = |pdf: &[u8]| -> Vec<String> {
            outline(pdf).lines().filter_map(|line| line.rsplit_once('\t').map(|(title, _)| title.to_string())).collect()
        };
        assert_eq!(titles(&usual), titles(&archived), "{}", document.id);
    }
    // Nothing that papers have was left out.
    let blocks = documents.iter().flat_map(|document| &document.sections).flat_map(|section| &section.blocks);
    let has = |is_one: fn(&&Block) -> bool| blocks.clone().any(|block| is_one(&block));
    assert!(documents.iter().any(|document| document.cover.is_some()));
    assert!(has(|block| matches!(block, Block::Table(_))) && has(|block| matches!(block, Block::Grid(_))));
    assert!(has(|block| matches!(block, Block::BarChart(_))) && has(|block| matches!(block, Block::Letter(_))));
}

/// The pack of the demo with its agenda and all that the office wrote, with a sentence in place of the PDF that is attached.
async fn pack_of_office(desk: &Desk) -> ReportDocument {
    let mut document = Written::demo().document(desk).await;
    assert!(matches!(pdf::render_for_archive(&document), Err(PdfError::NotArchivable { .. })));
    let blocks = document.sections.iter_mut().flat_map(|section| &mut section.blocks);
    for attached in blocks.filter(|block| matches!(block, Block::Attachment(_))) {
        *attached = Block::Paragraph("別に配る。".into());
    }
    document
}

/// Rare kanji, variation selectors, and characters that share a glyph, are copied as they were given.
#[test]
fn names_are_the_same_from_both_writers() {
    for n_rows in [14, 0, 300] {
        let document = paper_of_names(n_rows);
        let archived = archived(&document);
        assert_paper(&archived, &document);
        assert_eq!(differences(&usual(&document), &archived), [""; 0], "{n_rows} rows");
    }
}

/// The comparison above would find a word, and what no word tells of: here the shade and weight of one row.
#[test]
fn paper_that_differs_in_a_word_or_a_shade_is_found() {
    let with = |change: &dyn Fn(&mut kaiin::domain::document::Table)| {
        let mut document = paper_of_names(14);
        let tables = document.sections[0].blocks.iter_mut();
        tables.for_each(|block| {
            if let Block::Table(table) = block {
                change(table);
            }
        });
        differences(&usual(&paper_of_names(14)), &archived(&document))
    };
    assert_eq!(with(&|_| {}), [""; 0]);
    let word = with(&|table| table.notes[0] = "氏名は届出の通り。".into());
    assert!(word.len() >= 2 && word[0] == "page 1: other words", "{word:?}");
    let shade = with(&|table| table.rows[3].kind = RowKind::Subtotal);
    assert!(shade.len() == 1 && shade[0].starts_with("page 1: ") && shade[0].contains("pixels"), "{shade:?}");
    let longer = differences(&usual(&paper_of_names(14)), &archived(&paper_of_names(300)));
    assert!(longer.len() == 1 && longer[0].starts_with("pages: "), "{longer:?}");
}

#[test]
fn file_tells_its_standard_title_issuer_and_date() {
    let told = info(&archived(&paper_of_names(3)));
    for fact in ["退会者名簿", "見本県医師会", "1.7", "A4", "kaiin (krilla)", "Wed Jan 21 15:00:00 2026 UTC"]
    {
        assert!(told.contains(fact), "{fact} in {told}");
    }
    assert!(told.lines().any(|line| line.starts_with("Metadata Stream:") && line.ends_with("yes")), "{told}");
}
