//! How a file meets a layout: which column would become what.

use serde::{Deserialize, Serialize};

use super::layout::{Field, FileKind};

/// What becomes of one field of a layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldPlace {
    /// The field.
    pub field: Field,
    /// Heading of the column that carries it; `None` when no column does.
    pub heading: Option<String>,
    /// Its letter as Excel shows it.
    pub column: Option<String>,
    /// Accepted headings, the preferred one first.
    pub accepted: Vec<String>,
    /// Whether a file without it is refused.
    pub is_required: bool,
}

/// A column that no field names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IgnoredColumn {
    /// Letter as Excel shows it.
    pub column: String,
    /// Heading; of what may be no heading but a person, kind and length.
    pub heading: String,
}

/// A column that no field names, as it stands in the file: for people who see everybody in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadColumn {
    /// Letter as Excel shows it.
    pub column: String,
    /// Heading.
    pub heading: String,
    /// Some of its values, each once; none where all its cells are empty.
    pub values: Vec<String>,
}

/// How a file meets the layout that it fits, or comes closest to.
#[derive(Debug, Serialize)]
pub struct LayoutReport {
    /// Name of the layout.
    pub layout: String,
    /// Kind of file it describes.
    pub kind: FileKind,
    /// Fields in the order of the columns; those without one come last.
    pub fields: Vec<FieldPlace>,
    /// Columns without a field, in file order.
    pub ignored: Vec<IgnoredColumn>,
}
