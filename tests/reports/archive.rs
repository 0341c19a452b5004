//! Papers for the archive (PDF/A-2b) beside the usual ones: another writer, the same pages.

use std::fs;
use std::path::{Path, PathBuf};

use kaiin::domain::cell::Cell;
use kaiin::domain::document::{Block, ReportDocument, Row, RowKind};
use kaiin::render::pdf;
use kaiin::render::pdf::PdfError;
use kaiin::render::printable::printable;
use serde_json::Value;

use super::papers::paper_of_names;
use super::pdf_tools::{assert_paper, info, outline, page_texts};
use super::same_look::{Picture, difference, mean_distance};
use super::samples::{REPORTS, desk, paper, request};
use crate::cli::prepared::prepared;
use crate::cli::program::Office;
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
    assert!(has(|block| matches!(block, Block::Chart(_))) && has(|block| matches!(block, Block::Letter(_))));
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

/// What office systems send: every character of CP932 keeps the rules of PDF/A and is copied as it was given, though some pairs
/// of them share a glyph.
#[test]
fn every_character_of_cp932_is_the_same_from_both_writers() {
    let leads = (0x81..=0x9F_u8).chain(0xE0..=0xFC);
    let pairs = leads.flat_map(|lead| (0x40..=0xFC).map(move |trail| [lead, trail]));
    let decoded = pairs.filter_map(|pair| match encoding_rs::SHIFT_JIS.decode(&pair) {
        // The user-defined area decodes to private characters that have no agreed shape.
        (text, _, false) if !text.chars().any(|c| ('\u{E000}'..='\u{F8FF}').contains(&c)) => Some(text.into_owned()),
        _ => None,
    });
    let characters: Vec<char> = decoded.collect::<String>().chars().collect();
    assert!(characters.len() > 7_000);
    let mut document = paper_of_names(0);
    let lines = characters.chunks(40).map(|line| Block::Paragraph(line.iter().collect()));
    document.sections[0].blocks =
        lines.chain([Block::Paragraph("〜～〜 辻\u{E0103}辻辻\u{E0100} 医\u{E01EF}医".into())]).collect();
    let archived = archived(&document);
    assert_paper(&archived, &document);
    assert_eq!(differences(&usual(&document), &archived), [""; 0]);
}

/// Kanji that names may hold by law and CP932 lacks: of the 常用漢字 and of the two tables of 人名用漢字 (戸籍法施行規則 別表第二,
/// as of 2017). Those that a normalised text would lose stand by their numbers.
const LAWFUL_OUTSIDE_CP932: [&str; 3] = [
    "𠮟塡剝頰",
    "俠俱吞摑\u{FA46}焰\u{FA4A}\u{FA4F}禱\u{FA53}簞繫繡萊蔣蟬蠟\
     醬顚鷗",
    "\u{FA67}\u{FA62}緣溫\u{FA52}\u{FA3D}\u{FA45}渴\u{FA47}\u{FA4E}\u{FA38}虛\u{FA69}\u{FA34}\u{FA63}揭擊\
     黃\u{FA54}\u{FA4D}\u{FA61}\u{FA4C}\u{FA5B}\u{FA48}\u{FA5C}\u{FA51}\u{FA43}\u{FA5A}涉狀\u{FA56}\u{FA50}巢\u{FA31}\
     \u{FA3B}瘦\u{FA3F}\u{FA65}卽\u{FA37}\u{FA5F}徵\u{FA40}\u{FA55}\u{FA68}\u{FA44}\u{FA59}晚\u{FA35}\u{FA4B}\u{FA64}\
     \u{FA41}\u{FA30}\u{FA33}步\u{FA3A}每\u{F91D}\u{F936}淚\u{F9D0}曆歷\u{FA57}鍊\u{F928}錄",
];

#[test]
fn every_kanji_that_names_may_hold_by_law_comes_back_from_both_writers() {
    let lawful: Vec<char> = LAWFUL_OUTSIDE_CP932.iter().flat_map(|table| table.chars()).collect();
    assert_eq!(lawful.len(), 91);
    assert!(lawful.iter().all(|one| encoding_rs::SHIFT_JIS.encode(&one.to_string()).2), "CP932 has one of them");
    let mut document = paper_of_names(0);
    let tables = document.sections[0].blocks.iter_mut();
    let names = tables.filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
    for table in names {
        // Plain in rows, bold in sums, and narrower than the cell or broken within it.
        let row = |kanji: &[char], kind| {
            let name: String = kanji.iter().collect();
            Row { kind, ..Row::body(vec![Cell::Count(1), Cell::text(name.clone()), Cell::Blank, Cell::text(name)]) }
        };
        let kinds = [RowKind::Body, RowKind::Subtotal];
        table.rows = kinds.iter().flat_map(|kind| lawful.chunks(10).map(|kanji| row(kanji, *kind))).collect();
    }
    assert!(printable(&document, &document.gaiji).unprintable.is_empty());
    let (usual, archived) = (usual(&document), archived(&document));
    for pdf in [&usual, &archived] {
        assert_paper(pdf, &document);
        let text = page_texts(pdf).concat();
        for kanji in &lawful {
            assert_eq!(text.matches(*kanji).count(), 4, "U+{:X} {kanji}", u32::from(*kanji));
        }
    }
    assert_eq!(differences(&usual, &archived), [""; 0]);
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

fn office() -> Office {
    Office::copy_of(&prepared(&Sample::saitama()).folder)
}

/// Makes a paper and returns its folder.
fn made(office: &Office, arguments: &str) -> PathBuf {
    let report = office.json(&format!("report {arguments}"));
    office.folder().join(report["papers"][0]["folder"].as_str().expect("a folder"))
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("manifest.json")).expect("a manifest")).expect("JSON")
}

fn pdf_in(folder: &Path) -> Vec<u8> {
    let name = folder.file_name().and_then(|name| name.to_str()).expect("a name");
    fs::read(folder.join(format!("{name}.pdf"))).expect("the PDF is there under its name")
}

/// Two processes make the same bytes, a third one makes them again from the manifest, and other formats are what they were.
#[test]
fn paper_for_the_archive_comes_out_to_the_byte() {
    let (office, other) = (office(), office());
    for arguments in ["member-counts --as-of 2025-12-31", "meeting-rijikai --as-of 2025-12-31 --variant external"] {
        let folder = made(&office, &format!("{arguments} --format pdf,csv,html --archive"));
        let again = made(&other, &format!("{arguments} --format pdf,csv,html --archive"));
        assert!(pdf_in(&folder) == pdf_in(&again), "{arguments}");
        assert!(String::from_utf8_lossy(&pdf_in(&folder)).contains("<pdfaid:part>2</pdfaid:part>"));
        assert_eq!(manifest(&folder)["pdf_standard"], "PDF/A-2b");
        let replayed = office.json(&format!("report --replay {}", folder.display()));
        assert_eq!(replayed["different"], serde_json::json!([]), "{arguments}");
        let usual = made(&other, &format!("{arguments} --format pdf,csv,html --out usual"));
        assert_eq!(manifest(&usual).get("pdf_standard"), None);
        let files = |folder: &Path| manifest(folder)["files"].as_array().expect("files").clone();
        let pairs = files(&folder).into_iter().zip(files(&usual));
        let differing: Vec<Value> =
            pairs.filter(|(one, other)| one != other).map(|(one, _)| one["name"].clone()).collect();
        assert!(matches!(differing.as_slice(), [Value::String(name)] if name.ends_with(".pdf")), "{differing:?}");
        assert_eq!(differences(&pdf_in(&usual), &pdf_in(&folder)), [""; 0], "{arguments}");
    }
}

#[test]
fn archive_without_a_pdf_is_refused() {
    let run = office().run("--json report member-counts --as-of 2025-12-31 --format csv,html --archive");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(2), &"RPT-034".into()), "{}", run.stderr);
}

/// Kept papers are never written again: a PDF that is none stays, and nobody is told that it is one.
#[test]
fn ordinary_pdf_that_is_kept_is_not_passed_off_as_one_for_the_archive() {
    let office = office();
    let arguments = "member-counts --as-of 2025-12-31 --out papers";
    let folder = made(&office, &format!("{arguments} --format csv"));
    assert_eq!(manifest(&folder).get("pdf_standard"), None);
    // A format that the folder lacks is added.
    made(&office, &format!("{arguments} --format pdf --archive"));
    assert_eq!(manifest(&folder)["pdf_standard"], "PDF/A-2b");
    let archived = pdf_in(&folder);
    // A PDF/A is a PDF.
    made(&office, &format!("{arguments} --format pdf,html"));
    assert!(pdf_in(&folder) == archived);
    assert_eq!(manifest(&folder)["pdf_standard"], "PDF/A-2b");
    assert_eq!(office.json(&format!("report --replay {}", folder.display()))["different"], serde_json::json!([]));

    let usual = made(&office, "member-counts --as-of 2025-12-31 --out usual --format pdf");
    let before = pdf_in(&usual);
    let run = office.run("--json report member-counts --as-of 2025-12-31 --out usual --format pdf --archive");
    assert_eq!((run.exit, &run.error()["error"]["code"]), (Some(2), &"RPT-035".into()), "{}", run.stderr);
    assert!(run.error()["error"]["message"].as_str().is_some_and(|text| text.contains("member-counts_2025-12-31.pdf")));
    assert!(pdf_in(&usual) == before);
}

/// The file that stands in the way is named, in both languages, and nothing is written.
#[test]
fn pack_with_a_pdf_of_somebody_else_is_refused_and_made_without_it() {
    let office = office();
    let written = Written::demo();
    let command = format!("meeting build {} --as-of 2025-12-31 --out packs", written.path().display());
    let refused = office.run(&format!("--json {command} --archive"));
    assert_eq!((refused.exit, &refused.error()["error"]["code"]), (Some(2), &"RPT-033".into()), "{}", refused.stderr);
    let japanese = ("--lang ja", ["添付の PDF", "資料10", ".pdf", "--archive を付けずに"]);
    let english = ("--lang en", ["attached", "資料10", ".pdf", "Leave --archive away"]);
    for (language, words) in [japanese, english] {
        let said = office.run(&format!("{language} {command} --archive")).stderr;
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
    }
    assert!(!office.folder().join("packs").exists());
    assert_eq!(office.run(&command).exit, Some(0));
}

/// A pack for the archive is made again from its manifest, and what takes the place of a part is for the archive too.
#[test]
fn pack_for_the_archive_is_replayed_and_its_parts_are_replaced_alike() {
    let office = office();
    let written = Written::of_items(&["指定", "会員数報告"]);
    let table = "形,医師会別\n対象,一部\n基準日,R7.12.1\n単位,機関\n合計,22\n\n医師会,医療機関数\n浦和,12\n大宮,10\n";
    let written = written.with("指定.csv", table);
    let build = |written: &Written, more: &str| {
        let path = written.path().display();
        let made = office.json(&format!("meeting build {path} --as-of 2025-12-31 {more}"));
        PathBuf::from(made["folder"].as_str().expect("a folder"))
    };
    let pack = build(&written, "--archive");
    assert_eq!(manifest(&pack)["pdf_standard"], "PDF/A-2b");
    let replayed = office.json(&format!("report --replay {}", pack.display()));
    assert_eq!(replayed["different"], serde_json::json!([]));
    let written = written.with_words("指定.csv", "22", "23").with_words("指定.csv", "大宮,10", "大宮,11");
    let replacement = build(&written, "--replace-item 1");
    assert_eq!(manifest(&replacement)["pdf_standard"], "PDF/A-2b");
    assert!(String::from_utf8_lossy(&pdf_in(&replacement)).contains("<pdfaid:part>2</pdfaid:part>"));
}
