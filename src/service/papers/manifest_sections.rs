//! Which pages the sections of a pack have, for its manifest.

use super::manifest::ManifestSection;
use crate::domain::document::Section;

/// The sections of a pack with their pages: `pages` has the id of each, its first and its last page.
pub(super) fn pages_of(sections: &[Section], pages: &[(String, usize, usize)]) -> Vec<ManifestSection> {
    let of = |section: &Section| {
        let (_, first, last) = pages.iter().find(|(id, ..)| *id == section.id)?;
        let (mark, title) = (section.mark.clone(), section.title.clone());
        Some(ManifestSection { mark, title, first_page: *first, last_page: *last })
    };
    sections.iter().filter_map(of).collect()
}
