//! Dates and rules that were not said yet.

use crate::domain::document::LabelledText;

/// What a table, grid or chart says beyond what stands above it.
pub(super) fn unsaid<'a>(basis: &'a [LabelledText], said: &[LabelledText]) -> Vec<&'a LabelledText> {
    basis.iter().filter(|item| !said.contains(item)).collect()
}
