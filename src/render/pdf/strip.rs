//! Strips: the pieces a section is cut into before pages are known.
//!
//! A strip is as wide as the text and never torn: a line of a paragraph, a row of a table, a chart. It knows
//! what must stay with it and what is repeated above it on a new page; [`flow`](super::flow) does the rest.

use std::rc::Rc;

use super::display::Draw;
use crate::render::geometry::{Area, Grey};

/// A piece that is never torn; its draws are relative to its left top corner.
#[derive(Debug, Clone, Default)]
pub(super) struct Strip {
    /// Height without the gap.
    pub height: f32,
    /// White space above, left out at the top of a page.
    pub gap_before: f32,
    /// What to draw.
    pub draws: Vec<Draw>,
    /// Stays on one page with the next strip.
    pub keep_with_next: bool,
    /// Repeated above this strip when it comes first on a page.
    pub repeat: Option<Rc<Strip>>,
    /// Set on the first strip of a section.
    pub section_start: Option<SectionStart>,
    /// Title for the bookmarks, below the section.
    pub bookmark: Option<String>,
}

/// What the first strip of a section carries.
#[derive(Debug, Clone)]
pub(super) struct SectionStart {
    /// Id of the section.
    pub id: String,
    /// Title in the bookmarks.
    pub bookmark: String,
    /// Head of the pages that continue the section.
    pub running: Rc<Strip>,
}

impl Strip {
    /// A strip of this height with nothing on it yet.
    pub fn blank(height: f32) -> Self {
        Self { height, ..Self::default() }
    }

    /// The same with nothing on it: what decides where it is placed.
    pub fn measure(&self) -> Self {
        Self {
            height: self.height,
            gap_before: self.gap_before,
            keep_with_next: self.keep_with_next,
            repeat: self.repeat.clone(),
            section_start: self.section_start.clone(),
            ..Self::default()
        }
    }

    /// Adds a straight horizontal rule.
    pub fn rule(&mut self, x: f32, y: f32, length: f32, width: f32, grey: Grey) {
        self.draws.push(Draw::Line { from: (x, y), to: (x + length, y), width, grey });
    }

    /// Adds the four sides of a box.
    pub fn frame(&mut self, area: Area, width: f32, grey: Grey) {
        // Half a thickness more at both ends closes the corners.
        for y in [area.y, area.bottom()] {
            self.rule(area.x - width / 2.0, y, area.width + width, width, grey);
        }
        for x in [area.x, area.right()] {
            self.draws.push(Draw::Line { from: (x, area.y), to: (x, area.bottom()), width, grey });
        }
    }

    /// Adds a shade.
    pub fn fill(&mut self, area: Area, grey: Grey) {
        self.draws.push(Draw::Fill { area, grey });
    }
}

/// Keeps all strips of a block on one page, except that nothing is tied to what follows the block.
pub(super) fn keep_together(strips: &mut [Strip]) {
    if let Some((_, all_but_last)) = strips.split_last_mut() {
        all_but_last.iter_mut().for_each(|strip| strip.keep_with_next = true);
    }
}

/// Moves a draw.
pub(super) fn moved(draw: &Draw, dx: f32, dy: f32) -> Draw {
    let shift = |area: Area| Area::new(area.x + dx, area.y + dy, area.width, area.height);
    match draw.clone() {
        Draw::Text(mut text) => {
            text.x += dx;
            text.baseline += dy;
            text.within = shift(text.within);
            Draw::Text(text)
        }
        Draw::Fill { area, grey } => Draw::Fill { area: shift(area), grey },
        Draw::Line { from, to, width, grey } => {
            Draw::Line { from: (from.0 + dx, from.1 + dy), to: (to.0 + dx, to.1 + dy), width, grey }
        }
        Draw::Link { area, section_id } => Draw::Link { area: shift(area), section_id },
    }
}
