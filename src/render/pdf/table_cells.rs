//! Cells of a table, measured before their columns are planned.

use super::error::PdfError;
use super::fonts::Weight;
use super::text::{Shaped, Typesetter};
use crate::domain::cell::Cell;
use crate::domain::document::RowKind;

/// A cell with its text.
pub(super) struct MeasuredCell {
    /// The text as printed.
    pub text: String,
    /// Its glyphs on one line.
    pub shaped: Shaped,
    /// Numbers and dates are never wrapped.
    pub rigid: bool,
}

/// Weight of the texts of a row.
pub(super) fn weight_of(kind: RowKind) -> Weight {
    match kind {
        RowKind::Body => Weight::Regular,
        RowKind::Subtotal | RowKind::Total => Weight::Bold,
    }
}

pub(super) fn measure(setter: &mut Typesetter, cell: &Cell, weight: Weight) -> Result<MeasuredCell, PdfError> {
    let text = cell.display();
    let shaped = setter.shape(&text, weight)?;
    Ok(MeasuredCell { text, shaped, rigid: cell.is_number() || matches!(cell, Cell::Date(_)) })
}
