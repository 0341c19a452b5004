//! What a file may hold: beyond it, no spreadsheet made the file.

/// No cell of a spreadsheet holds more than 32,767 characters; four bytes each.
pub(super) const MAX_CELL_BYTES: usize = 32_767 * 4;

/// What a sheet of a spreadsheet has room for. Whatever is wider was not made by one.
pub(super) const MOST_COLUMNS: usize = 16_384;

/// Every doctor of the country in three tiers, four times over.
pub(super) const MOST_ROWS: u32 = 4_000_000;
