//! The order of a paper: cover, sections, and at the end what every page carries in its head and foot.

use super::display::{Anchor, Bookmark, Draw, Page, Paper};
use super::error::PdfError;
use super::flow::{Flow, Orientation};
use super::place::Place;
use super::section::SectionStrips;
use super::strip::Strip;
use super::style::{
    BLACK, DIM, DRAFT, FOOT, FOOT_ABOVE_EDGE, HAIR, HAIR_WIDTH, MARGIN_BOTTOM, MARGIN_SIDE, MARGIN_TOP, STAMP, WHITE,
};
use super::text::{Style, Typesetter};
use super::warning::PdfWarning;
use super::{contents, cover, section};
use crate::domain::document::{Align, Block, Cover, ReportDocument, Section};
use crate::domain::japanese_date::era_date;
use crate::render::geometry::Area;

/// White space between two sections on one page.
const SECTION_GAP: f32 = 30.0;
/// A pack of more pages has a page of contents.
const LONGEST_WITHOUT_CONTENTS: usize = 10;
/// Distance of mark and number from the edges of a page of somebody else.
const STAMP_EDGE: f32 = 14.0;

/// Lays out a document that has been checked.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn lay_out(document: &ReportDocument) -> Result<(Paper, Vec<PdfWarning>), PdfError> {
    let mut setter = Typesetter::new();
    let mut flow = Flow::new();
    for (at, section) in document.sections.iter().enumerate() {
        let first_of_all = at == 0 && document.cover.is_none();
        let is_followed = document.sections.get(at + 1).is_some_and(|next| !next.new_page);
        place_section(&mut setter, &mut flow, (section, is_followed), first_of_all.then_some(document))?;
    }
    let mut paper = flow.into_paper();
    if let Some(cover) = &document.cover {
        let front = front(&mut setter, cover, &paper)?;
        paper.put_first(front);
    }
    setter.place = Place::default();
    if paper.pages.is_empty() {
        // A document without cover and sections still gives a sheet, so that nobody takes it for a failure.
        let (width, height) = Orientation::Portrait.sheet();
        paper.pages.push(Page::blank(width, height));
    }
    stamp(&mut setter, &mut paper, document)?;
    Ok((paper, setter.warnings))
}

/// What stands before the sections: the agenda, and in a long pack the contents.
fn front(setter: &mut Typesetter, cover: &Cover, body: &Paper) -> Result<Paper, PdfError> {
    /// The numbers of pages depend on how many pages come first, which hardly ever changes with the numbers.
    const MOST_TRIES: usize = 4;
    let mut n_front = 1;
    let mut front = Paper::empty();
    for _ in 0..MOST_TRIES {
        let mut flow = Flow::new();
        setter.place = Place::default();
        let strips = cover::strips(setter, cover, &|id| body.page_of(id).map(|page| page + n_front + 1))?;
        flow.start_page(Orientation::Portrait);
        flow.place(&strips);
        if body.pages.len() + n_front > LONGEST_WITHOUT_CONTENTS {
            let strips = contents::strips(setter, &body.bookmarks, n_front + 1)?;
            flow.start_page(Orientation::Portrait);
            flow.place(&strips);
        }
        front = flow.into_paper();
        if front.pages.len() == n_front {
            break;
        }
        n_front = front.pages.len();
    }
    let anchor = Anchor { page: 0, y: 0.0 };
    front.bookmarks.insert(0, Bookmark { title: "次第".into(), anchor, children: Vec::new() });
    Ok(front)
}

/// Places one section, and whether another may follow on its last page; `issued` is given when the issue line stands above it.
fn place_section(
    setter: &mut Typesetter,
    flow: &mut Flow,
    (section, is_followed): (&Section, bool),
    issued: Option<&ReportDocument>,
) -> Result<(), PdfError> {
    if let [Block::Attachment(file)] = section.blocks.as_slice() {
        flow.attach(section, section::spoken(section), file);
        return Ok(());
    }
    // A letter says itself when it was written, and by whom.
    let issued = issued.filter(|_| !matches!(section.blocks.first(), Some(Block::Letter(_))));
    let SectionStrips { orientation, mut strips, n_first } = section::strips(setter, section)?;
    if let Some(head) = strips.first_mut() {
        head.gap_before = if issued.is_some() { 0.0 } else { SECTION_GAP };
    }
    if section.new_page || !flow.can_continue(orientation, &strips[..n_first]) {
        flow.start_page(orientation);
    }
    if let Some(document) = issued {
        flow.place(&[issue_line(setter, document, orientation)?]);
    }
    if !is_followed {
        strips = flow.without_tail(strips);
    }
    flow.place(&strips);
    Ok(())
}

/// Issue date and issuer at the right top of a paper without a cover.
fn issue_line(setter: &mut Typesetter, document: &ReportDocument, orientation: Orientation) -> Result<Strip, PdfError> {
    let width = orientation.text_width();
    let text = format!("{}　{}", era_date(document.issued_on), document.issuer);
    let mut strip = Strip::blank(FOOT.height(1) + 10.0);
    strip.draws = setter.one_line(&text, FOOT, Area::new(0.0, 0.0, width, FOOT.height(1)), Align::Right)?;
    strip.keep_with_next = true;
    Ok(strip)
}

/// Puts foot and draft mark on every page, now that their number is known.
fn stamp(setter: &mut Typesetter, paper: &mut Paper, document: &ReportDocument) -> Result<(), PdfError> {
    let n_pages = paper.pages.len();
    let marks = marks_by_page(paper, document);
    if let Some(page) = paper.pages.iter_mut().rev().find(|page| page.attached.is_none()) {
        let draws = colophon(setter, page, document)?;
        page.draws.extend(draws);
    }
    for (at, page) in paper.pages.iter_mut().enumerate() {
        let number = document.numbering.map_or_else(|| format!("{} / {n_pages}", at + 1), |pages| pages.label(at));
        if page.attached.is_some() {
            let mark = marks.get(at).map_or("", String::as_str);
            page.draws.extend(stamp_attached(setter, page, mark, &number)?);
            if document.draft {
                page.draws.extend(draft_mark(setter, page)?);
            }
            continue;
        }
        let mut draws = foot(setter, page, [&document.foot_text, &number, &document.handling])?;
        if document.draft {
            draws.extend(draft_mark(setter, page)?);
        }
        page.draws.extend(draws);
    }
    Ok(())
}

/// What only those look for who check the paper, at the right above the foot of the last page that is its own.
fn colophon(setter: &mut Typesetter, page: &Page, document: &ReportDocument) -> Result<Vec<Draw>, PdfError> {
    let items: Vec<String> = document.colophon.iter().map(|item| format!("{} {}", item.label, item.text)).collect();
    let area =
        Area::new(MARGIN_SIDE, page.height - MARGIN_BOTTOM + 2.0, page.width - 2.0 * MARGIN_SIDE, FOOT.height(1));
    setter.one_line(&items.join("　"), Style { grey: DIM, ..FOOT }, area, Align::Right)
}

/// The mark of the section that each page belongs to.
fn marks_by_page(paper: &Paper, document: &ReportDocument) -> Vec<String> {
    let mut marks = vec![String::new(); paper.pages.len()];
    for section in &document.sections {
        if let Some(page) = paper.page_of(&section.id) {
            marks[page..].iter_mut().for_each(|mark| mark.clone_from(&section.mark));
        }
    }
    marks
}

/// Mark and number on a page of somebody else, on white so that they can be read.
fn stamp_attached(setter: &mut Typesetter, page: &Page, mark: &str, number: &str) -> Result<Vec<Draw>, PdfError> {
    let mut strip = Strip::default();
    let height = STAMP.height(1) + 4.0;
    if !mark.is_empty() {
        let width = setter.shape(mark, STAMP.weight)?.width * STAMP.size + 12.0;
        let area = Area::new(page.width - STAMP_EDGE - width, STAMP_EDGE, width, height);
        strip.fill(area, WHITE);
        strip.frame(area, 0.6, BLACK);
        strip.draws.extend(setter.one_line(mark, STAMP, area, Align::Centre)?);
    }
    let width = setter.shape(number, FOOT.weight)?.width * FOOT.size + 10.0;
    let area = Area::new((page.width - width) / 2.0, page.height - STAMP_EDGE - height, width, height);
    strip.fill(area, WHITE);
    strip.draws.extend(setter.one_line(number, FOOT, area, Align::Centre)?);
    Ok(strip.draws)
}

/// Left, middle and right of the foot under a thin rule.
fn foot(setter: &mut Typesetter, page: &Page, texts: [&str; 3]) -> Result<Vec<Draw>, PdfError> {
    let width = page.width - 2.0 * MARGIN_SIDE;
    let top = page.height - FOOT_ABOVE_EDGE - FOOT.height(1);
    let part = width / 5.0;
    let boxes =
        [(0.0, 2.0 * part, Align::Left), (2.0 * part, part, Align::Centre), (3.0 * part, 2.0 * part, Align::Right)];
    let y = top - 4.0;
    let mut draws =
        vec![Draw::Line { from: (MARGIN_SIDE, y), to: (MARGIN_SIDE + width, y), width: HAIR_WIDTH, grey: HAIR }];
    for (text, (x, width, align)) in texts.into_iter().zip(boxes) {
        let area = Area::new(MARGIN_SIDE + x, top, width, FOOT.height(1));
        draws.extend(setter.one_line(text, FOOT, area, align)?);
    }
    Ok(draws)
}

/// The word 下書き in a box, in the middle above the text.
fn draft_mark(setter: &mut Typesetter, page: &Page) -> Result<Vec<Draw>, PdfError> {
    let (width, height) = (64.0, 17.0);
    let area = Area::new((page.width - width) / 2.0, MARGIN_TOP - height - 12.0, width, height);
    let mut mark = Strip::default();
    mark.fill(area, WHITE);
    mark.frame(area, 0.8, BLACK);
    mark.draws.extend(setter.one_line("下 書 き", DRAFT, area, Align::Centre)?);
    Ok(mark.draws)
}
