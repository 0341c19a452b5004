//! A section as strips: its head with mark and dates, then its blocks in order.

use std::rc::Rc;

use super::error::PdfError;
use super::flow::Orientation;
use super::place::Place;
use super::prose::{basis, heading, notes, paragraph};
use super::strip::{SectionStart, Strip};
use super::style::{BODY, DIM, FIRM_WIDTH, HEADING, MARK, RUNNING, SECTION_TITLE};
use super::table::MeasuredTable;
use super::text::{Fitted, Style, Typesetter, draw_in_box};
use super::{chart, grid, letter};
use crate::domain::cell::LabelledText;
use crate::domain::document::{Align, Block, Section};
use crate::render::geometry::Area;

/// White space between two blocks.
const BLOCK_GAP: f32 = 18.0;
/// White space between a heading and what it heads.
const AFTER_HEADING_GAP: f32 = 8.0;
/// White space between two paragraphs.
const PARAGRAPH_GAP: f32 = 5.0;
/// White space before notes.
const NOTES_GAP: f32 = 6.0;
/// White space inside the box of a mark, left and right.
const MARK_PADDING: f32 = 7.0;

/// A section ready for pagination.
pub(super) struct SectionStrips {
    /// How its sheets are held: landscape when a table of it cannot be read otherwise.
    pub orientation: Orientation,
    /// Its pieces from top to bottom.
    pub strips: Vec<Strip>,
    /// Number of the pieces that make up its head and first block.
    pub n_first: usize,
}

/// Lays out a section.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn strips(setter: &mut Typesetter, section: &Section) -> Result<SectionStrips, PdfError> {
    setter.place = Place { section: Some(section.title.clone()), ..Place::default() };
    let measured = measure_tables(setter, section)?;
    let wide = measured.iter().flatten().any(MeasuredTable::needs_landscape);
    let orientation = if wide { Orientation::Landscape } else { Orientation::Portrait };
    let mut strips = head(setter, section, orientation.text_width())?;
    let mut n_first = strips.len();
    for (at, (block, table)) in section.blocks.iter().zip(&measured).enumerate() {
        // What the head of the section says holds for all of it and is not said twice.
        let said = section.basis.as_slice();
        let mut block_strips = match table {
            Some(table) => {
                table.strips(setter, orientation, (said, room_on_first_page(section, at, orientation, &strips)))?
            }
            None => block_strips(setter, block, orientation.text_width(), said)?,
        };
        setter.place = Place { section: Some(section.title.clone()), ..Place::default() };
        if let Some(first) = block_strips.first_mut() {
            let before = at.checked_sub(1).map(|before| &section.blocks[before]);
            first.gap_before = gap_between(before, block);
            // A sentence says what the figure under it shows; alone at the foot of a page it says nothing.
            if let (Some(Block::Paragraph(_)), Some(last)) = (before, strips.last_mut()) {
                last.keep_with_next = !matches!(block, Block::Paragraph(_));
            }
        }
        strips.append(&mut block_strips);
        if at < section.n_opening() {
            n_first = strips.len();
        }
    }
    if let Some(last) = strips.last_mut() {
        last.keep_with_next = false;
    }
    Ok(SectionStrips { orientation, strips, n_first })
}

/// What is left of the first page of a section under its head, for the first table of it: a table that is hardly too long is
/// set a little tighter. `None` for all others.
fn room_on_first_page(section: &Section, at: usize, orientation: Orientation, above: &[Strip]) -> Option<f32> {
    let is_first = !section.blocks[..at].iter().any(|block| !matches!(block, Block::Paragraph(_)));
    let used: f32 = above.iter().map(|strip| strip.gap_before + strip.height).sum();
    (is_first && section.new_page).then(|| orientation.text_height() - used - BLOCK_GAP)
}

/// White space between a block and the one before it, or the head of the section.
fn gap_between(before: Option<&Block>, block: &Block) -> f32 {
    match (before, block) {
        (None | Some(Block::Heading(_)), _) => AFTER_HEADING_GAP,
        (Some(_), Block::Notes(_)) => NOTES_GAP,
        (Some(Block::Paragraph(_)), Block::Paragraph(_)) => PARAGRAPH_GAP,
        _ => BLOCK_GAP,
    }
}

/// Tables are measured first, since one wide table turns all sheets of its section.
fn measure_tables<'a>(
    setter: &mut Typesetter,
    section: &'a Section,
) -> Result<Vec<Option<MeasuredTable<'a>>>, PdfError> {
    let measure = |block: &'a Block| match block {
        Block::Table(table) => MeasuredTable::new(setter, table).map(Some),
        _ => Ok(None),
    };
    section.blocks.iter().map(measure).collect()
}

fn block_strips(
    setter: &mut Typesetter,
    block: &Block,
    width: f32,
    said: &[LabelledText],
) -> Result<Vec<Strip>, PdfError> {
    match block {
        Block::Paragraph(text) => paragraph(setter, text, BODY, width),
        Block::Heading(text) => heading(setter, text, HEADING, width),
        // Tables were measured before and never come here.
        Block::Table(_) => Ok(Vec::new()),
        Block::Grid(grid) => grid::strips(setter, grid, width, said),
        Block::Chart(chart) => chart::strips(setter, chart, width, said),
        Block::Notes(texts) => notes(setter, texts, width),
        Block::Letter(one) => letter::strips(setter, one, width),
        // Its pages are no strips: `layout` puts them where they belong.
        Block::Attachment(_) => Ok(Vec::new()),
    }
}

/// Title with its mark, and the dates under it.
fn head(setter: &mut Typesetter, section: &Section, width: f32) -> Result<Vec<Strip>, PdfError> {
    let mark_width = mark_width(setter, &section.mark, MARK)?;
    let lines = setter.wrap(&section.title, SECTION_TITLE.weight, (width - mark_width - 12.0) / SECTION_TITLE.size)?;
    let mut title = Strip::blank(SECTION_TITLE.height(lines.len()) + 3.0);
    let area = Area::new(0.0, 0.0, width - mark_width, SECTION_TITLE.height(lines.len()));
    // A letter has its subject in the middle.
    if !matches!(section.blocks.as_slice(), [Block::Letter(_)]) {
        title.draws = draw_in_box(&Fitted { lines, scale: 1.0 }, SECTION_TITLE, area, Align::Left);
    }
    let mark_area = Area::new(width - mark_width, 1.5, mark_width, 18.0);
    draw_mark(setter, &mut title, &section.mark, MARK, mark_area)?;
    let spoken = spoken(section);
    let running = Rc::new(running_head(setter, section, width)?);
    title.section_start = Some(SectionStart { id: section.id.clone(), bookmark: spoken, running });
    let mut strips = vec![title];
    strips.extend(basis(setter, &section.basis.iter().collect::<Vec<_>>(), width)?);
    strips.iter_mut().for_each(|strip| strip.keep_with_next = true);
    Ok(strips)
}

/// Mark and title, as bookmarks and contents have them.
pub(super) fn spoken(section: &Section) -> String {
    if section.mark.is_empty() { section.title.clone() } else { format!("{}　{}", section.mark, section.title) }
}

/// Head of the pages that continue a section.
fn running_head(setter: &mut Typesetter, section: &Section, width: f32) -> Result<Strip, PdfError> {
    let mark_width = mark_width(setter, &section.mark, RUNNING)?;
    let mut strip = Strip::blank(RUNNING.height(1) + 9.0);
    let area = Area::new(0.0, 0.0, width - mark_width - 8.0, RUNNING.height(1));
    let text = format!("{}（続き）", section.title);
    strip.draws = setter.one_line(&text, RUNNING, area, Align::Left)?;
    let mark_area = Area::new(width - mark_width, -1.0, mark_width, RUNNING.height(1) + 2.0);
    draw_mark(setter, &mut strip, &section.mark, RUNNING, mark_area)?;
    Ok(strip)
}

fn mark_width(setter: &mut Typesetter, mark: &str, style: Style) -> Result<f32, PdfError> {
    if mark.is_empty() {
        return Ok(0.0);
    }
    Ok(setter.shape(mark, style.weight)?.width * style.size + 2.0 * MARK_PADDING)
}

fn draw_mark(setter: &mut Typesetter, strip: &mut Strip, mark: &str, style: Style, area: Area) -> Result<(), PdfError> {
    if mark.is_empty() {
        return Ok(());
    }
    strip.frame(area, if style.grey == DIM { 0.5 } else { FIRM_WIDTH }, style.grey);
    strip.draws.extend(setter.one_line(mark, style, area, Align::Centre)?);
    Ok(())
}
