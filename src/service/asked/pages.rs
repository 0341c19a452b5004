//! The pages of a list of persons.

/// Rows of a page: more are not read on a screen.
pub(super) const ROWS_OF_A_PAGE: usize = 100;

/// Which part of the list of persons is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonPages {
    /// Rows of the whole list: as many as the number.
    pub total: usize,
    /// Place of the first row that is shown, from 0.
    pub from: usize,
    /// Rows that are shown.
    pub shown: usize,
    /// The page, from 1.
    pub page: usize,
}

impl PersonPages {
    /// How many pages there are, at least one.
    pub fn n_pages(&self) -> usize {
        self.total.div_ceil(ROWS_OF_A_PAGE).max(1)
    }
}
