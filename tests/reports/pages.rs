//! The page of every paper in a browser: axe-core finds nothing, nothing is cut off on a phone, and keys move wide tables.

use std::path::PathBuf;

use kaiin::domain::document::{Block, ReportDocument};
use kaiin::render::html;
use kaiin::service::known::area::Area;
use kaiin::service::papers::PaperRequest;
use tempfile::TempDir;

use super::browser::{Browser, DESK, PHONE, Screen};
use super::samples::{REPORTS, desk, paper, request};
use crate::cli::samples::Sample;
use crate::meetings::written::Written;
use crate::skipping::{AXE, CHROMIUM, is_skipped_without};
use crate::store::desk::Desk;

const MONTH_END: &str = "2025-12-31";

fn is_skipped() -> bool {
    is_skipped_without(CHROMIUM) || is_skipped_without(AXE)
}

/// Pages in files.
struct Pages {
    folder: TempDir,
}

impl Pages {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn put(&self, page: &str) -> PathBuf {
        let file = self.folder.path().join("page.html");
        std::fs::write(&file, page).expect("the folder can be written");
        file
    }
}

/// Every shipped report, a paper of one body, and a pack with letters, grids and papers of others.
async fn papers() -> Vec<ReportDocument> {
    let desk = desk(&Sample::saitama()).await;
    let mut papers = vec![Written::demo().document(&desk).await];
    for name in REPORTS {
        papers.push(paper(&desk, &request(name, MONTH_END, MONTH_END)).await);
    }
    papers.push(paper_of_one_body(&desk).await);
    papers
}

async fn paper_of_one_body(desk: &Desk) -> ReportDocument {
    let area = Area::Association("11-001".into());
    paper(desk, &PaperRequest { area, ..request("monthly-statistics", MONTH_END, MONTH_END) }).await
}

/// A draft of several sections without a cover and without a row, and a paper in which nothing stands.
fn empty_papers(pack: &ReportDocument) -> [ReportDocument; 2] {
    let mut empty = ReportDocument { cover: None, draft: true, ..pack.clone() };
    for block in empty.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        if let Block::Table(table) = block {
            table.rows.clear();
        }
    }
    [empty, ReportDocument { cover: None, sections: Vec::new(), ..pack.clone() }]
}

#[tokio::test]
async fn chromium_and_axe_find_nothing_in_any_paper() {
    if is_skipped() {
        return;
    }
    let mut papers = papers().await;
    papers.extend(empty_papers(&papers[0]));
    let (mut browser, pages) = (Browser::start(), Pages::new());
    for document in papers {
        browser.show_on(PHONE);
        browser.open(&pages.put(&html::render(&document).expect("the page can be made")));
        assert_eq!(browser.findings_of_screen(), [], "{} on a phone", document.id);
        let beyond = browser.evaluate("document.documentElement.scrollWidth - innerWidth");
        assert_eq!(beyond, 0, "{} does not fit on a phone", document.id);
        browser.show_on(DESK);
        assert_eq!(browser.findings(), [], "{}", document.id);
    }
}

/// A break in a page: what is replaced, by what, the screen, and the rule of axe that finds it.
type Break = (&'static str, &'static str, Screen, &'static str);

const BREAKS: [Break; 8] = [
    ("<html lang=\"ja\">", "<html>", DESK, "html-has-lang"),
    ("title>", "note>", DESK, "document-title"),
    ("h1", "p", DESK, "page-has-heading-one"),
    ("h2", "h5", DESK, "heading-order"),
    ("main>", "div>", DESK, "landmark-one-main"),
    ("role=\"region\"", "role=\"table\"", DESK, "aria-required-children"),
    ("--dim: #555", "--dim: #aaa", DESK, "color-contrast"),
    (" tabindex=\"0\"", "", PHONE, "scrollable-region-focusable"),
];

/// A proof of the test above: what is broken is found, each by its rule.
#[tokio::test]
async fn chromium_and_axe_find_what_is_broken() {
    if is_skipped() {
        return;
    }
    let document = paper_of_one_body(&desk(&Sample::saitama()).await).await;
    let page = html::render(&document).expect("the page can be made");
    let (mut browser, pages) = (Browser::start(), Pages::new());
    for (words, others, screen, rule) in BREAKS {
        assert!(page.contains(words), "{words}");
        browser.show_on(screen);
        browser.open(&pages.put(&page.replace(words, others)));
        let mut findings = browser.findings_of_screen();
        findings.extend(browser.findings());
        assert!(findings.iter().any(|finding| finding.rule == rule), "{words}: {findings:?}");
    }
}

#[tokio::test]
async fn chromium_moves_a_wide_table_with_keys_and_keeps_its_names_in_sight() {
    if is_skipped() {
        return;
    }
    let document = paper_of_one_body(&desk(&Sample::saitama()).await).await;
    let (mut browser, pages) = (Browser::start(), Pages::new());
    browser.show_on(PHONE);
    browser.open(&pages.put(&html::render(&document).expect("the page can be made")));
    browser.press("Tab", 9);
    let region = browser.evaluate("document.activeElement.getAttribute('aria-label')");
    assert_eq!(region, "階層別の概況（表）");
    let outline = browser.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    assert_eq!(outline, "solid");
    for _ in 0..40 {
        browser.press("ArrowRight", 39);
    }
    let moved = browser.evaluate(
        "new Promise((done) => setTimeout(done, 500)).then(() => {
            const region = document.activeElement;
            const left = (part) => Math.round(part.getBoundingClientRect().left - region.getBoundingClientRect().left);
            return [region.scrollLeft > 0, left(region.querySelector('tbody th')), left(region.querySelector('h2'))];
        })",
    );
    assert_eq!(moved, serde_json::json!([true, 0, 0]));
}
