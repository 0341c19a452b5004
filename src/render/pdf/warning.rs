//! What a person should know of a paper before sending it out.

use std::fmt;

use super::place::Place;

/// Something that was printed in a plainer form than it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PdfWarning {
    /// No font has this form of the character; its plain form was printed.
    DroppedSelector {
        /// The character with its variation selector.
        text: String,
        /// Where it stands.
        place: Place,
    },
}

impl fmt::Display for PdfWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DroppedSelector { text, place } => {
                write!(formatter, "{} printed in its plain form, {place}", code_points(text))
            }
        }
    }
}

fn code_points(text: &str) -> String {
    let codes: Vec<String> = text.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
    codes.join(" ")
}
