//! The first page of a meeting pack: what meeting, when and where, and the agenda (次第).
//!
//! Officers and marks stand in two columns at the right; each item is a link to its section.

use super::display::Draw;
use super::error::PdfError;
use super::flow::Orientation;
use super::fonts::Weight;
use super::scalar::count;
use super::strip::Strip;
use super::style::{
    AGENDA_HEADING, AGENDA_ITEM, AGENDA_REMARK, BLACK, COVER_FACT, COVER_LEAD, COVER_MEETING, FIRM_WIDTH, HAIR,
    HAIR_WIDTH,
};
use super::text::{Fit, Fitted, Shaped, Style, Typesetter, draw_in_box};
use crate::domain::cell::LabelledText;
use crate::domain::document::{AgendaGroup, AgendaItem, Align, Cover};
use crate::render::geometry::Area;

/// White space between the top margin and the first line.
const TOP_SPACE: f32 = 52.0;
/// Names of meetings up to this long are letter-spaced (字間を空ける).
const LONGEST_SPACED_TITLE: usize = 12;
/// Letter space in type sizes.
const LETTER_SPACE: f32 = 0.28;
/// Left edge of the numbers of items.
const NUMBER_LEFT: f32 = 14.0;
/// Left edge of the texts of items.
const ITEM_LEFT: f32 = 36.0;
/// White space between the columns at the right.
const COLUMN_GAP: f32 = 14.0;
/// White space before the numbers of pages.
const PAGE_GAP: f32 = 6.0;

/// Lays out the cover; `page_of` gives the page on which a section starts, from 1.
///
/// # Errors
/// [`PdfError::MissingGlyph`].
pub(super) fn strips(
    setter: &mut Typesetter,
    cover: &Cover,
    page_of: &dyn Fn(&str) -> Option<usize>,
) -> Result<Vec<Strip>, PdfError> {
    let width = Orientation::Portrait.text_width();
    let mut strips = vec![Strip::blank(TOP_SPACE)];
    strips.push(centred(setter, &cover.lead, COVER_LEAD, width)?);
    strips.push(meeting(setter, &cover.meeting, width)?);
    strips.extend(facts(setter, &cover.facts, width)?);
    if !cover.agenda.is_empty() {
        let style = Style { size: 13.0, ..AGENDA_HEADING };
        strips.push(Strip { gap_before: 34.0, ..centred(setter, "次　　第", style, width)? });
    }
    let columns = RightColumns::of(setter, &cover.agenda, width)?;
    for (at, group) in cover.agenda.iter().enumerate() {
        let mut group = group_strips(setter, group, &columns, page_of)?;
        if let Some(heading) = group.first_mut() {
            heading.gap_before = if at == 0 { 12.0 } else { 11.0 };
        }
        strips.append(&mut group);
    }
    Ok(strips)
}

fn centred(setter: &mut Typesetter, text: &str, style: Style, width: f32) -> Result<Strip, PdfError> {
    let lines = setter.wrap(text, style.weight, width / style.size)?;
    let mut strip = Strip::blank(style.height(lines.len()));
    let area = Area::new(0.0, 0.0, width, strip.height);
    strip.draws = draw_in_box(&Fitted { lines, scale: 1.0 }, style, area, Align::Centre);
    Ok(strip)
}

/// The name of the meeting between two rules.
fn meeting(setter: &mut Typesetter, name: &str, width: f32) -> Result<Strip, PdfError> {
    let style = COVER_MEETING;
    let inset = 40.0;
    let shaped = setter.shape(name, style.weight)?;
    let spaced = shaped.glyphs.len() <= LONGEST_SPACED_TITLE;
    let (n_lines, draws) = if spaced {
        (1, letter_spaced(&shaped, style, width, 13.0))
    } else {
        let lines = setter.wrap(name, style.weight, (width - 2.0 * inset) / style.size)?;
        let area = Area::new(inset, 13.0, width - 2.0 * inset, style.height(lines.len()));
        (lines.len(), draw_in_box(&Fitted { lines, scale: 1.0 }, style, area, Align::Centre))
    };
    let mut strip = Strip { gap_before: 16.0, ..Strip::blank(style.height(n_lines) + 26.0) };
    strip.rule(inset, 0.0, width - 2.0 * inset, FIRM_WIDTH, BLACK);
    let bottom = strip.height;
    strip.rule(inset, bottom, width - 2.0 * inset, FIRM_WIDTH, BLACK);
    strip.draws.extend(draws);
    Ok(strip)
}

/// Sets each glyph on its own, with white space between.
fn letter_spaced(shaped: &Shaped, style: Style, width: f32, top: f32) -> Vec<Draw> {
    let gaps = count(shaped.glyphs.len().saturating_sub(1));
    let mut x = (width - (shaped.width + gaps * LETTER_SPACE) * style.size) / 2.0;
    let mut draws = Vec::new();
    for glyph in &shaped.glyphs {
        let advance = glyph.advance * style.size;
        let single = Shaped { glyphs: vec![*glyph], width: glyph.advance };
        let area = Area::new(x, top, advance, style.height(1));
        draws.extend(draw_in_box(&Fitted { lines: vec![single], scale: 1.0 }, style, area, Align::Left));
        x += advance + LETTER_SPACE * style.size;
    }
    draws
}

/// Labels and texts as one block in the middle of the page.
fn facts(setter: &mut Typesetter, facts: &[LabelledText], width: f32) -> Result<Vec<Strip>, PdfError> {
    let style = COVER_FACT;
    let mut labels = Vec::with_capacity(facts.len());
    for fact in facts {
        labels.push(setter.shape(&fact.label, style.weight)?);
    }
    let label_width = labels.iter().map(|label| label.width).fold(4.0, f32::max) * style.size;
    let gap = 2.0 * style.size;
    let mut text_width = 0.0_f32;
    for fact in facts {
        text_width = text_width.max(setter.shape(&fact.text, style.weight)?.width * style.size);
    }
    let text_width = text_width.min(width - label_width - gap);
    let left = (width - label_width - gap - text_width) / 2.0;
    let mut strips = Vec::with_capacity(facts.len());
    for (at, (fact, label)) in facts.iter().zip(&labels).enumerate() {
        let lines = setter.wrap(&fact.text, style.weight, text_width / style.size)?;
        let mut strip = Strip::blank(style.height(lines.len()));
        strip.gap_before = if at == 0 { 28.0 } else { 5.0 };
        let label_area = Area::new(left, 0.0, label_width, style.height(1));
        strip.draws = justified(label, style, label_area);
        let area = Area::new(left + label_width + gap, 0.0, text_width, strip.height);
        strip.draws.extend(draw_in_box(&Fitted { lines, scale: 1.0 }, style, area, Align::Left));
        strips.push(strip);
    }
    Ok(strips)
}

/// Spreads the characters of a label over its box (均等割り付け).
fn justified(label: &Shaped, style: Style, area: Area) -> Vec<Draw> {
    let gaps = count(label.glyphs.len().saturating_sub(1)).max(1.0);
    let space = (area.width - label.width * style.size) / gaps;
    let mut x = area.x;
    let mut draws = Vec::new();
    for glyph in &label.glyphs {
        let advance = glyph.advance * style.size;
        let single = Shaped { glyphs: vec![*glyph], width: glyph.advance };
        let cell = Area::new(x, area.y, advance, area.height);
        draws.extend(draw_in_box(&Fitted { lines: vec![single], scale: 1.0 }, style, cell, Align::Left));
        x += advance + space;
    }
    draws
}

/// Widths of the officer and mark columns, the same for the whole agenda.
struct RightColumns {
    officer: f32,
    mark: f32,
    page: f32,
    width: f32,
}

impl RightColumns {
    fn of(setter: &mut Typesetter, agenda: &[AgendaGroup], width: f32) -> Result<Self, PdfError> {
        // Pages are numbered when all is laid out; three digits have room.
        let has_pages = agenda.iter().flat_map(|group| &group.items).any(|item| item.section_id.is_some());
        let page = if has_pages { setter.shape("000頁", AGENDA_ITEM.weight)?.width * AGENDA_ITEM.size } else { 0.0 };
        let mut columns = Self { officer: 0.0, mark: 0.0, page, width };
        for item in agenda.iter().flat_map(|group| &group.items) {
            let officer = setter.shape(&item.officer, AGENDA_ITEM.weight)?.width * AGENDA_ITEM.size;
            let mark = setter.shape(&item.mark, AGENDA_ITEM.weight)?.width * AGENDA_ITEM.size;
            columns.officer = columns.officer.max(officer).min(width * 0.3);
            columns.mark = columns.mark.max(mark).min(width * 0.2);
        }
        Ok(columns)
    }

    fn page_left(&self) -> f32 {
        self.width - self.page
    }

    fn mark_left(&self) -> f32 {
        let gap = if self.page > 0.0 { PAGE_GAP } else { 0.0 };
        self.page_left() - gap - self.mark
    }

    fn officer_left(&self) -> f32 {
        self.mark_left() - COLUMN_GAP - self.officer
    }
}

fn group_strips(
    setter: &mut Typesetter,
    group: &AgendaGroup,
    columns: &RightColumns,
    page_of: &dyn Fn(&str) -> Option<usize>,
) -> Result<Vec<Strip>, PdfError> {
    let mut strips = vec![group_heading(setter, group, columns.width)?];
    for item in &group.items {
        let page = item.section_id.as_deref().and_then(page_of);
        let page = page.map_or_else(String::new, |page| format!("{page}頁"));
        strips.push(item_strip(setter, item, &page, columns)?);
    }
    if let [heading, _, ..] = strips.as_mut_slice() {
        heading.keep_with_next = true;
    }
    Ok(strips)
}

fn group_heading(setter: &mut Typesetter, group: &AgendaGroup, width: f32) -> Result<Strip, PdfError> {
    let style = AGENDA_HEADING;
    let mut strip = Strip::blank(style.height(1) + 2.0);
    let heading = setter.fit(&group.heading, style.weight, width / style.size, Fit::OneLine)?;
    strip.draws = draw_in_box(&heading, style, Area::new(0.0, 0.0, width, style.height(1)), Align::Left);
    let used = heading.lines[0].width * heading.scale * style.size + 4.0;
    let room = (width - used).max(AGENDA_REMARK.size);
    let remark = setter.fit(&group.remark, AGENDA_REMARK.weight, room / AGENDA_REMARK.size, Fit::OneLine)?;
    let area = Area::new(used, 0.0, room, style.height(1));
    strip.draws.extend(draw_in_box(&remark, AGENDA_REMARK, area, Align::Left));
    Ok(strip)
}

fn item_strip(
    setter: &mut Typesetter,
    item: &AgendaItem,
    page: &str,
    columns: &RightColumns,
) -> Result<Strip, PdfError> {
    let style = AGENDA_ITEM;
    let room = item_room(item, columns);
    let lines = setter.wrap(&item.text, style.weight, room / style.size)?;
    let line_height = style.height(1);
    let last_width = lines.last().map_or(0.0, |line| line.width) * style.size;
    let n_lines = lines.len();
    let mut strip = Strip { gap_before: 2.5, ..Strip::blank(style.height(n_lines)) };
    let number = setter.shape(&item.number.to_string(), Weight::Regular)?;
    let number_area = Area::new(NUMBER_LEFT, 0.0, ITEM_LEFT - NUMBER_LEFT - 8.0, line_height);
    let number = Fitted { lines: vec![number], scale: 1.0 };
    strip.draws = draw_in_box(&number, style, number_area, Align::Right);
    let area = Area::new(ITEM_LEFT, 0.0, room, strip.height);
    strip.draws.extend(draw_in_box(&Fitted { lines, scale: 1.0 }, style, area, Align::Left));
    add_remark(setter, &mut strip, item, (ITEM_LEFT + last_width, n_lines), room)?;
    for (text, left, width, align) in [
        (item.officer.as_str(), columns.officer_left(), columns.officer, Align::Left),
        (item.mark.as_str(), columns.mark_left(), columns.mark, Align::Right),
        (page, columns.page_left(), columns.page, Align::Right),
    ] {
        if !text.is_empty() {
            let fitted = setter.fit(text, style.weight, width / style.size, Fit::OneLine)?;
            strip.draws.extend(draw_in_box(&fitted, style, Area::new(left, 0.0, width, line_height), align));
        }
    }
    strip.rule(ITEM_LEFT, strip.height + 0.6, columns.width - ITEM_LEFT, HAIR_WIDTH, HAIR);
    if let Some(section_id) = &item.section_id {
        let area = Area::new(0.0, 0.0, columns.width, strip.height);
        strip.draws.push(Draw::Link { area, section_id: section_id.clone() });
    }
    Ok(strip)
}

/// Texts may run on under columns that are empty for their item.
fn item_room(item: &AgendaItem, columns: &RightColumns) -> f32 {
    let right = match (item.officer.is_empty(), item.mark.is_empty()) {
        (false, _) => columns.officer_left(),
        (true, false) => columns.mark_left(),
        (true, true) => columns.page_left(),
    };
    right - ITEM_LEFT - COLUMN_GAP
}

/// Puts a remark after the text, or on a line of its own when there is no room.
fn add_remark(
    setter: &mut Typesetter,
    strip: &mut Strip,
    item: &AgendaItem,
    (after, n_lines): (f32, usize),
    room: f32,
) -> Result<(), PdfError> {
    if item.remark.is_empty() {
        return Ok(());
    }
    let style = AGENDA_REMARK;
    let width = setter.shape(&item.remark, style.weight)?.width * style.size;
    let line_height = AGENDA_ITEM.height(1);
    if after + 8.0 + width <= ITEM_LEFT + room {
        let left = after + 8.0;
        let area = Area::new(left, count(n_lines - 1) * line_height, ITEM_LEFT + room - left, line_height);
        strip.draws.extend(setter.one_line(&item.remark, style, area, Align::Left)?);
        return Ok(());
    }
    let lines = setter.wrap(&item.remark, style.weight, room / style.size)?;
    let area = Area::new(ITEM_LEFT, count(n_lines) * line_height, room, style.height(lines.len()));
    strip.draws.extend(draw_in_box(&Fitted { lines, scale: 1.0 }, style, area, Align::Left));
    strip.height = strip.height.max(area.bottom());
    Ok(())
}
