//! Pagination: strips go onto pages from top to bottom.
//!
//! Strips tied to each other move to the next page together; a group taller than a page is placed strip by
//! strip. A page that continues a section starts with the running head of the section and, inside a table,
//! with the head of the table. Start reading at [`Flow::place`].

use std::rc::Rc;

use super::display::{Anchor, AttachedPage, Bookmark, Page, Paper};
use super::scalar::points;
use super::strip::{Strip, moved};
use super::style::{A4_LONG, A4_SHORT, MARGIN_BOTTOM, MARGIN_SIDE, MARGIN_TOP};
use crate::domain::attachment::AttachedFile;
use crate::domain::document::Section;

/// Rounding of heights must not push a strip off a page it fits exactly.
const TOLERANCE: f32 = 0.01;

/// How a sheet is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Orientation {
    /// 縦
    Portrait,
    /// 横
    Landscape,
}

impl Orientation {
    /// Width and height of the sheet.
    pub fn sheet(self) -> (f32, f32) {
        match self {
            Self::Portrait => (A4_SHORT, A4_LONG),
            Self::Landscape => (A4_LONG, A4_SHORT),
        }
    }

    /// Width between the margins.
    pub fn text_width(self) -> f32 {
        self.sheet().0 - 2.0 * MARGIN_SIDE
    }

    /// Height between the margins.
    pub fn text_height(self) -> f32 {
        self.sheet().1 - MARGIN_TOP - MARGIN_BOTTOM
    }
}

/// Pages under construction.
pub(super) struct Flow {
    pub(super) paper: Paper,
    orientation: Orientation,
    /// Height used on the last page, from the top margin.
    pub(super) used: f32,
    /// Height of the heads that are repeated on the last page.
    pub(super) heads: f32,
    /// Running head of the present section.
    running: Option<Rc<Strip>>,
    /// Only repeated heads stand on the page so far.
    fresh: bool,
}

impl Flow {
    /// Starts without a page.
    pub fn new() -> Self {
        let (orientation, paper) = (Orientation::Portrait, Paper::empty());
        Self { paper, orientation, used: 0.0, heads: 0.0, running: None, fresh: false }
    }

    /// Another one that has come as far on its last page, with pages of its own.
    pub fn beside(&self, paper: Paper) -> Self {
        Self { paper, running: self.running.clone(), ..*self }
    }

    /// Starts a new page for what comes next.
    pub fn start_page(&mut self, orientation: Orientation) {
        let (width, height) = orientation.sheet();
        self.paper.pages.push(Page::blank(width, height));
        self.orientation = orientation;
        (self.used, self.heads) = (0.0, 0.0);
        self.fresh = false;
    }

    /// Whether a section set in this orientation, starting with these strips, may follow on the present page.
    pub fn can_continue(&self, orientation: Orientation, first: &[Strip]) -> bool {
        let is_ours = self.paper.pages.last().is_some_and(|page| page.attached.is_none());
        let same_sheet = is_ours && self.orientation == orientation;
        same_sheet && self.fits(height_of(first))
    }

    /// Places strips from the present height on, opening pages as needed.
    pub fn place(&mut self, strips: &[Strip]) {
        let mut rest = strips;
        while !rest.is_empty() {
            let tied = rest.iter().take_while(|strip| strip.keep_with_next).count();
            let (group, after) = rest.split_at(rest.len().min(tied + 1));
            self.place_group(group);
            rest = after;
        }
    }

    /// Takes the pages of a file as they are, as a section of their own.
    pub fn attach(&mut self, section: &Section, spoken: String, file: &AttachedFile) {
        let anchor = Anchor { page: self.paper.pages.len(), y: 0.0 };
        self.paper.sections.push((section.id.clone(), anchor));
        self.paper.bookmarks.push(Bookmark { title: spoken, anchor, children: Vec::new() });
        let nth = self.paper.attachments.len();
        for (page, size) in file.pages.iter().enumerate() {
            let attached = Some(AttachedPage { file: nth, page });
            self.paper.pages.push(Page { attached, ..Page::blank(points(size.width), points(size.height)) });
        }
        self.paper.attachments.push(file.clone());
        self.running = None;
    }

    /// Hands over the finished pages.
    pub fn into_paper(self) -> Paper {
        self.paper
    }

    fn place_group(&mut self, group: &[Strip]) {
        if !self.fits(height_of(group)) && !self.untouched() {
            self.turn_page(&group[0]);
        }
        for strip in group {
            if !self.fits(strip.gap_before + strip.height) && !self.untouched() {
                self.turn_page(strip);
            }
            self.put(strip);
        }
    }

    fn turn_page(&mut self, next: &Strip) {
        self.start_page(self.orientation);
        if next.section_start.is_some() {
            return;
        }
        if let Some(running) = self.running.clone() {
            self.put(&running);
            self.fresh = true;
        }
        if let Some(head) = &next.repeat {
            self.put(head);
        }
        self.heads = self.used;
        self.fresh = true;
    }

    fn put(&mut self, strip: &Strip) {
        if !self.untouched() {
            self.used += strip.gap_before;
        }
        self.fresh = false;
        let top = MARGIN_TOP + self.used;
        self.note_anchors(strip, top);
        if let Some(page) = self.paper.pages.last_mut() {
            page.draws.extend(strip.draws.iter().map(|draw| moved(draw, MARGIN_SIDE, top)));
        }
        self.used += strip.height;
    }

    fn note_anchors(&mut self, strip: &Strip, y: f32) {
        let anchor = Anchor { page: self.paper.pages.len().saturating_sub(1), y };
        if let Some(start) = &strip.section_start {
            self.running = Some(start.running.clone());
            self.paper.sections.push((start.id.clone(), anchor));
            self.paper.bookmarks.push(Bookmark { title: start.bookmark.clone(), anchor, children: Vec::new() });
        }
        if let (Some(title), Some(parent)) = (&strip.bookmark, self.paper.bookmarks.last_mut()) {
            parent.children.push(Bookmark { title: title.clone(), anchor, children: Vec::new() });
        }
    }

    fn fits(&self, height: f32) -> bool {
        self.used + height <= self.orientation.text_height() + TOLERANCE
    }

    /// Whether nothing but repeated heads stands on the page.
    fn untouched(&self) -> bool {
        self.used <= 0.0 || self.fresh
    }
}

fn height_of(strips: &[Strip]) -> f32 {
    strips.iter().map(|strip| strip.gap_before + strip.height).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow() -> Flow {
        let mut flow = Flow::new();
        flow.start_page(Orientation::Portrait);
        flow
    }

    fn tied(height: f32) -> Strip {
        Strip { keep_with_next: true, ..Strip::blank(height) }
    }

    #[test]
    fn tied_strips_move_together() {
        let mut flow = flow();
        flow.place(&[Strip::blank(600.0), tied(60.0), Strip::blank(100.0)]);
        assert_eq!(flow.paper.pages.len(), 2);
        assert!((flow.used - 160.0).abs() < 0.01);
    }

    #[test]
    fn group_taller_than_a_page_is_placed_piece_by_piece() {
        let mut flow = flow();
        flow.place(&[tied(500.0), tied(500.0), Strip::blank(500.0)]);
        assert_eq!(flow.paper.pages.len(), 3);
    }

    #[test]
    fn gap_is_left_out_at_the_top_of_a_page() {
        let mut flow = flow();
        flow.place(&[Strip { gap_before: 30.0, ..Strip::blank(10.0) }]);
        assert!((flow.used - 10.0).abs() < 0.01);
    }
}
