//! The contents of a long pack: each section, what stands in it, and its page.

use super::display::Bookmark;
use super::error::PdfError;
use super::flow::Orientation;
use super::strip::Strip;
use super::style::{AGENDA_HEADING, AGENDA_ITEM, AGENDA_REMARK, HAIR, HAIR_WIDTH};
use super::text::{Fit, Style, Typesetter, draw_in_box};
use crate::domain::document::Align;
use crate::render::geometry::Area;

/// How far the entries of a section stand in.
const INDENT: f32 = 18.0;
/// Room for the number of a page.
const PAGE_WIDTH: f32 = 44.0;

/// Lays out the contents; `first` is the number of the page on which the sections begin.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn strips(setter: &mut Typesetter, bookmarks: &[Bookmark], first: usize) -> Result<Vec<Strip>, PdfError> {
    let width = Orientation::Portrait.text_width();
    let heading = Style { size: 13.0, ..AGENDA_HEADING };
    let mut title = Strip { keep_with_next: true, ..Strip::blank(heading.height(1) + 8.0) };
    title.draws = setter.one_line("目　　次", heading, Area::new(0.0, 0.0, width, heading.height(1)), Align::Centre)?;
    let mut strips = vec![title];
    for bookmark in bookmarks {
        let mut strip = entry(setter, bookmark, (0.0, AGENDA_ITEM), first)?;
        strip.gap_before = 6.0;
        strip.keep_with_next = !bookmark.children.is_empty();
        strips.push(strip);
        for child in &bookmark.children {
            strips.push(entry(setter, child, (INDENT, AGENDA_REMARK), first)?);
        }
    }
    Ok(strips)
}

fn entry(
    setter: &mut Typesetter,
    bookmark: &Bookmark,
    (left, style): (f32, Style),
    first: usize,
) -> Result<Strip, PdfError> {
    let width = Orientation::Portrait.text_width();
    let mut strip = Strip::blank(style.height(1));
    let room = width - left - PAGE_WIDTH - 8.0;
    let text = setter.fit(&bookmark.title, style.weight, room / style.size, Fit::OneLine)?;
    let used = left + text.lines[0].width * text.scale * style.size;
    strip.draws = draw_in_box(&text, style, Area::new(left, 0.0, room, strip.height), Align::Left);
    let number = (bookmark.anchor.page + first).to_string();
    let area = Area::new(width - PAGE_WIDTH, 0.0, PAGE_WIDTH, strip.height);
    strip.draws.extend(setter.one_line(&number, style, area, Align::Right)?);
    let y = strip.height - style.size * 0.35;
    strip.rule(used + 8.0, y, (width - PAGE_WIDTH + 14.0 - used).max(0.0), HAIR_WIDTH, HAIR);
    Ok(strip)
}
