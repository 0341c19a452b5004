//! What can be wrong with a master.

use super::Association;

/// What is wrong with a master.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MasterFault {
    /// Rows of one code have the same span, so that they cannot be told apart.
    DuplicateCode,
    /// Spans of one code share days.
    SpansOverlap,
    /// Between two spans of one code there are days without any.
    SpansGap,
    /// A span ends before it begins.
    SpanReversed,
    /// Rows of one code differ in tier or prefecture.
    TierOrPrefectureDiffers,
    /// A 上位コード names no row.
    UnknownParent,
    /// A body that is not the national one has no body above it.
    NoParent,
    /// Following the parents of a body on some day comes back to it.
    Circle,
    /// A body stands under more bodies than any does.
    TooDeep,
    /// The parent does not exist on all days of the row.
    ParentNotThere,
    /// A 後継コード names no row.
    UnknownSuccessor,
    /// A successor is of another tier or prefecture.
    SuccessorOfOtherKind,
    /// Successors on a row that does not end, or that another row of the code follows.
    SuccessorWithoutEnd,
    /// Following the successors of a body comes back to it.
    SuccessorCircle,
    /// A successor does not exist on the day after the end.
    SuccessorNotThere,
    /// A body stands under one of a tier under which it cannot stand (R30).
    ParentOfWrongTier,
    /// The prefecture of a body is not that of its parent, and its own code sides with the parent (R30).
    PrefectureDiffers,
    /// The parent is of another prefecture than the body and its code (R30).
    ParentElsewhere,
    /// Two bodies of one tier and prefecture have one name at one time (R30).
    NameTwice,
    /// Two bodies of a kind of which there can be one at a time: national ones, or those of one prefecture (R30).
    SecondOfItsKind,
}

/// Why a master cannot be used, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault:?} at {code} ({detail})")]
pub struct MasterError {
    /// What is wrong.
    pub fault: MasterFault,
    /// The body.
    pub code: String,
    /// What to print beside the text: the other code, or the days.
    pub detail: String,
    /// Index of the row that shows it.
    pub row: usize,
}

pub(super) fn told(fault: MasterFault, body: &Association, row: usize, detail: impl Into<String>) -> MasterError {
    MasterError { fault, code: body.code.clone(), detail: detail.into(), row }
}
