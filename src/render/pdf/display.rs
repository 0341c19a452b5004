//! The display list: what stands where on which page, with no trace of how it came there or how it is written.
//!
//! Lengths are points from the top left corner of the page; y grows downwards and texts stand on their
//! baseline. Layout makes a [`Paper`], the writer turns it into bytes, and tests look at it in between.

use super::fonts::Glyph;
use crate::domain::attachment::AttachedFile;

use crate::render::geometry::{Area, Grey};

/// Glyphs on one baseline.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TextDraw {
    /// Left end of the first glyph.
    pub x: f32,
    /// Height of the baseline.
    pub baseline: f32,
    /// Type size.
    pub size: f32,
    /// Horizontal scale: below 1 is condensed type (長体).
    pub scale: f32,
    /// Shade.
    pub grey: Grey,
    /// Glyphs from left to right.
    pub glyphs: Vec<Glyph>,
    /// The box the text belongs to and must not leave.
    pub within: Area,
}

impl TextDraw {
    /// Right end of the last glyph.
    #[cfg(test)]
    pub fn right(&self) -> f32 {
        self.x + self.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * self.size * self.scale
    }

    /// The text as it was given.
    #[cfg(test)]
    pub fn text(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.cluster.to_string()).collect()
    }
}

/// One thing on a page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Draw {
    /// A text.
    Text(TextDraw),
    /// A filled rectangle.
    Fill {
        /// Where.
        area: Area,
        /// Shade.
        grey: Grey,
    },
    /// A straight rule.
    Line {
        /// Start, x then y.
        from: (f32, f32),
        /// End, x then y.
        to: (f32, f32),
        /// Thickness.
        width: f32,
        /// Shade.
        grey: Grey,
    },
    /// A link to the start of a section.
    Link {
        /// Where to press.
        area: Area,
        /// Id of the section.
        section_id: String,
    },
}

/// A page and what stands on it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Page {
    /// Width of the sheet.
    pub width: f32,
    /// Height of the sheet.
    pub height: f32,
    /// Things in the order they were placed; fills and rules lie under all texts.
    pub draws: Vec<Draw>,
    /// The page of somebody else that lies under them.
    pub attached: Option<AttachedPage>,
}

/// A page of an attached file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AttachedPage {
    /// Index of the file in [`Paper::attachments`].
    pub file: usize,
    /// Index of its page, from 0.
    pub page: usize,
}

impl Page {
    /// An empty page.
    pub fn blank(width: f32, height: f32) -> Self {
        Self { width, height, draws: Vec::new(), attached: None }
    }
}

/// A place that bookmarks and links jump to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Anchor {
    /// Page index, from 0.
    pub page: usize,
    /// Height on that page.
    pub y: f32,
}

/// A bookmark, at most two levels deep.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bookmark {
    /// Text in the list of bookmarks.
    pub title: String,
    /// Where it leads.
    pub anchor: Anchor,
    /// Bookmarks below it.
    pub children: Vec<Bookmark>,
}

impl Bookmark {
    fn shift(&mut self, n_pages: usize) {
        self.anchor.page += n_pages;
        self.children.iter_mut().for_each(|child| child.shift(n_pages));
    }
}

/// A laid-out document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Paper {
    /// Pages in order.
    pub pages: Vec<Page>,
    /// Bookmarks in page order.
    pub bookmarks: Vec<Bookmark>,
    /// Where each section starts, by its id.
    pub sections: Vec<(String, Anchor)>,
    /// Files whose pages lie under some of the pages.
    pub attachments: Vec<AttachedFile>,
}

impl Paper {
    /// A paper without pages.
    pub fn empty() -> Self {
        Self { pages: Vec::new(), bookmarks: Vec::new(), sections: Vec::new(), attachments: Vec::new() }
    }

    /// The page on which a section starts, from 0.
    pub fn page_of(&self, section_id: &str) -> Option<usize> {
        self.sections.iter().find(|(id, _)| id == section_id).map(|(_, anchor)| anchor.page)
    }

    /// Id of each section, its first and its last page, from 1. A section ends before the page on which the next one starts, or
    /// on that page where it starts below it.
    pub fn pages_of_sections(&self) -> Vec<(String, usize, usize)> {
        let pages = |(at, (id, anchor)): (usize, &(String, Anchor))| {
            let next = self.sections.get(at + 1).map_or(self.pages.len(), |(_, next)| next.page);
            (id.clone(), anchor.page + 1, next.max(anchor.page + 1))
        };
        self.sections.iter().enumerate().map(pages).collect()
    }

    /// Puts the pages of another paper before these.
    pub fn put_first(&mut self, front: Self) {
        let n_front = front.pages.len();
        let n_files = front.attachments.len();
        self.sections.iter_mut().for_each(|(_, anchor)| anchor.page += n_front);
        self.bookmarks.iter_mut().for_each(|bookmark| bookmark.shift(n_front));
        for attached in self.pages.iter_mut().filter_map(|page| page.attached.as_mut()) {
            attached.file += n_files;
        }
        self.pages.splice(0..0, front.pages);
        self.bookmarks.splice(0..0, front.bookmarks);
        self.sections.splice(0..0, front.sections);
        self.attachments.splice(0..0, front.attachments);
    }
}
