//! Why a file cannot be attached.

use thiserror::Error;

/// Why a file cannot be attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AttachmentFault {
    /// No PDF, or one with broken parts.
    #[error("the PDF is damaged")]
    Damaged,
    /// It asks for a password.
    #[error("the PDF asks for a password")]
    Encrypted,
    /// It has no page.
    #[error("the PDF has no page")]
    Empty,
}
