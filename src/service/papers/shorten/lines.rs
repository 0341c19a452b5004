//! Lines at the end of a section.

use crate::domain::document::{Block, Section};

/// Adds lines to the end of a section, to those that stand there already.
pub(super) fn add_lines(section: &mut Section, lines: Vec<String>) {
    match section.blocks.last_mut() {
        _ if lines.is_empty() => {}
        Some(Block::Notes(last)) => last.extend(lines),
        _ => section.blocks.push(Block::Notes(lines)),
    }
}
