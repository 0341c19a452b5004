//! What names a table, grid or chart of the page: its title, its dates, and the region in which it scrolls.
//!
//! Screen readers say the title as the name of the table and the dates as its description. The region can be
//! reached with the Tab key, so that a table wider than the screen can be moved with the arrow keys.

use std::collections::HashMap;

use crate::domain::cell::LabelledText;
use crate::domain::document::Section;

/// What a block finds around it.
pub(super) struct Place<'a, 'n> {
    /// The section it stands in.
    pub section: &'a Section,
    /// The level of its title.
    pub level: u8,
    /// The names given to regions of the page so far.
    pub names: &'n mut RegionNames,
}

/// Title, dates and rules above a table, grid or chart.
pub(super) struct CaptionView<'a> {
    /// Its id as part of ids of the page.
    pub anchor: String,
    /// Empty when the title of the section suffices.
    pub title: &'a str,
    /// The level of the title.
    pub level: u8,
    /// What the head of the section has not said: that holds for all of it and is not said twice.
    pub basis: Vec<&'a LabelledText>,
    /// Id of the heading that names it.
    pub named_by: String,
    /// Name of the region, like no other of the page.
    pub region: String,
}

impl<'a> CaptionView<'a> {
    /// Prepares the caption of a table or grid.
    pub fn of_table(id: &str, title: &'a str, basis: &'a [LabelledText], place: &mut Place<'a, '_>) -> Self {
        Self::of(id, title, "表", basis, place)
    }

    /// Prepares the caption of a chart.
    pub fn of_chart(id: &str, title: &'a str, basis: &'a [LabelledText], place: &mut Place<'a, '_>) -> Self {
        Self::of(id, title, "グラフ", basis, place)
    }

    fn of(id: &str, title: &'a str, kind: &str, basis: &'a [LabelledText], place: &mut Place<'a, '_>) -> Self {
        let anchor = anchor(id);
        let (named_by, name) = if title.is_empty() {
            (format!("head-{}", self::anchor(&place.section.id)), place.section.title.as_str())
        } else {
            (format!("title-{anchor}"), title)
        };
        let region = place.names.next(name, kind);
        let basis = basis.iter().filter(|item| !place.section.basis.contains(item)).collect();
        Self { anchor, title, level: place.level, basis, named_by, region }
    }

    /// Whether anything is printed above the table.
    pub fn is_empty(&self) -> bool {
        self.title.is_empty() && self.basis.is_empty()
    }
}

/// The names given to regions of a page: in a list of regions each must be told from the others.
#[derive(Default)]
pub(super) struct RegionNames {
    n_given: HashMap<String, usize>,
}

impl RegionNames {
    /// Names the next region after its title and kind. Sections are regions named by their titles alone.
    fn next(&mut self, title: &str, kind: &str) -> String {
        let n_given = self.n_given.entry(format!("{title}（{kind}）")).or_default();
        *n_given += 1;
        if *n_given == 1 { format!("{title}（{kind}）") } else { format!("{title}（{kind}{n_given}）") }
    }
}

/// An id of the document as part of an id of the page, where white space would end it: offices name sheets as they
/// like.
pub(super) fn anchor(id: &str) -> String {
    id.replace(char::is_whitespace, "␣")
}
