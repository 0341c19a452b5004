//! What could have been said in place of a word that means nothing here.

use crate::domain::text::nearest;
use crate::error::{Detail, Failure};

/// Something that can be said: its Japanese name and its code. Both are understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As printed; the code itself where there is no other name.
    pub label: String,
    /// Machine name.
    pub code: String,
}

impl Choice {
    /// A name and a code.
    pub fn new(label: impl Into<String>, code: impl Into<String>) -> Self {
        Self { label: label.into(), code: code.into() }
    }

    /// A code without another name.
    pub fn of_code(code: impl Into<String>) -> Self {
        let code = code.into();
        Self { label: code.clone(), code }
    }

    fn text(&self) -> String {
        if self.label == self.code { self.code.clone() } else { format!("{}（{}）", self.label, self.code) }
    }
}

/// A failure with everything that could be said, and the word that was probably meant.
pub fn with_list(failure: Failure, word: &str, all: &[Choice]) -> Failure {
    let words = all.iter().flat_map(|one| [one.code.as_str(), one.label.as_str()]);
    let meant = nearest(word, words).map(str::to_string);
    Failure { details: Box::new([Detail { meant, ..list(all) }]), ..failure }
}

/// What can be said, with names for Japanese readers and as codes for others.
pub(in crate::service) fn list(all: &[Choice]) -> Detail {
    let joined = |text: fn(&Choice) -> String, between| all.iter().map(text).collect::<Vec<_>>().join(between);
    Detail::of_words("QRY-015", vec![joined(Choice::text, "、"), joined(|one| one.code.clone(), ", ")])
}
