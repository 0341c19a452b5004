//! What a workbook may hold.

/// Sheets that are looked at; a workbook with more of them is no export.
pub(super) const MOST_SHEETS: usize = 100;

/// What Excel can show.
pub(super) const MOST_ROWS: u32 = 1_048_576;

/// Cells that are looked at in one workbook: a million rows of fifty columns.
pub(super) const MOST_CELLS: u64 = 50_000_000;

/// The texts of these cells together, in bytes. Many cells may share one text of the table.
pub(super) const MOST_TEXT: usize = 768 << 20;

/// What may still come in a workbook.
pub(super) struct Left {
    pub(super) n_cells: u64,
    pub(super) n_bytes: usize,
}

impl Left {
    /// Takes one cell; `None` when it is too much.
    pub(super) fn take(&mut self, n_bytes: usize) -> Option<()> {
        self.n_cells = self.n_cells.checked_sub(1)?;
        self.n_bytes = self.n_bytes.checked_sub(n_bytes)?;
        Some(())
    }
}
