//! The name under which somebody logs in.

use crate::error::Failure;

/// Letters that a login has at least, and at most.
const LEAST: usize = 2;
const MOST: usize = 40;

/// A name under which somebody logs in: small letters, digits and `.`, `_`, `-`. Capitals are the same as small letters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoginName(String);

impl LoginName {
    /// Reads what somebody has written; blanks around it and capitals do not matter. `None` where it cannot be a login.
    pub fn read(text: &str) -> Option<Self> {
        let name = text.trim().to_ascii_lowercase();
        let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "._-".contains(letter);
        let is_name = (LEAST..=MOST).contains(&name.len()) && name.chars().all(fits);
        is_name.then_some(Self(name))
    }

    /// As [`Self::read`].
    ///
    /// # Errors
    /// [`Failure`] ACC-003 where it cannot be a login.
    pub fn expect(text: &str) -> Result<Self, Failure> {
        Self::read(text).ok_or_else(|| Failure::usage("ACC-003", text))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("y.suzuki", Some("y.suzuki"))]
    #[case::capitals_and_blanks(" Y.Suzuki ", Some("y.suzuki"))]
    #[case::least("ab", Some("ab"))]
    #[case::too_short("a", None)]
    #[case::nothing("", None)]
    #[case::japanese("鈴木", None)]
    #[case::full_width("ｓｕｚｕｋｉ", None)]
    #[case::blank_within("y suzuki", None)]
    #[case::line_break("ab\ncd", None)]
    #[case::nul("ab\0", None)]
    fn login_is_plain_letters(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(LoginName::read(text).as_ref().map(LoginName::as_str), expected);
        assert!(LoginName::read(&"a".repeat(40)).is_some() && LoginName::read(&"a".repeat(41)).is_none());
    }
}
