//! Which levels the headings of a page have. Every page has exactly one h1, and no level is passed over.

use crate::domain::document::ReportDocument;

/// The levels of headings: 1 is h1.
#[derive(Clone, Copy)]
pub(super) struct HeadingLevels {
    /// Titles of sections.
    pub section: u8,
    /// Titles inside sections: of tables, grids, charts, and headings between them.
    pub block: u8,
}

impl HeadingLevels {
    /// A paper of one section without a cover is that section, and its title heads the page.
    pub fn of(document: &ReportDocument) -> Self {
        let is_section = document.cover.is_none() && document.sections.len() == 1;
        let section = if is_section { 1 } else { 2 };
        Self { section, block: section + 1 }
    }

    /// Whether the title of the document is the h1, where no cover gives one.
    pub fn are_below_title(self) -> bool {
        self.section > 1
    }
}
