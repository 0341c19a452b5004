//! The display list: what stands where on which page, with no trace of how it came there or how it is written.
//!
//! Lengths are points from the top left corner of the page; y grows downwards and texts stand on their
//! baseline. Layout makes a [`Paper`], the writer turns it into bytes, and tests look at it in between.

use super::fonts::Glyph;

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width, to the right.
    pub width: f32,
    /// Height, downwards.
    pub height: f32,
}

impl Area {
    /// An area from its left top corner and its size.
    pub fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    /// Right edge.
    pub fn right(self) -> f32 {
        self.x + self.width
    }

    /// Bottom edge.
    pub fn bottom(self) -> f32 {
        self.y + self.height
    }
}

/// A shade between 0 (black) and 1 (white).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grey(pub f32);

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

/// A laid-out document.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Paper {
    /// Pages in order.
    pub pages: Vec<Page>,
    /// Bookmarks in page order.
    pub bookmarks: Vec<Bookmark>,
    /// Where each section starts, by its id.
    pub sections: Vec<(String, Anchor)>,
}
