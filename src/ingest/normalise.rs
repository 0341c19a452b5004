//! Making spellings comparable: widths, blanks, numbers, words. What is stored and printed stays as it came.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::domain::ids::RegistrationNumber;
use crate::domain::text::is_invisible;

/// The key under which headings and words are compared: NFKC, blanks and invisible characters out, upper case. ① becomes 1
/// here, so keys are never printed.
pub fn fold(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace() && !is_invisible(*c)).flat_map(char::to_uppercase).collect()
}

/// Words with their meaning, looked up by folded spelling. Remembers spellings already met, since an export
/// repeats a few of them a hundred thousand times.
#[derive(Debug)]
pub struct Words<T> {
    by_key: HashMap<String, T>,
    met: HashMap<String, Option<T>>,
}

impl<T: Copy> Words<T> {
    /// Folds the spellings of a vocabulary.
    pub fn new<'a>(spellings: impl IntoIterator<Item = (&'a String, &'a T)>) -> Self
    where
        T: 'a,
    {
        let by_key = spellings.into_iter().map(|(spelling, meaning)| (fold(spelling), *meaning)).collect();
        Self { by_key, met: HashMap::new() }
    }

    /// The meaning of a word, or `None` when nobody mapped it.
    pub fn meaning(&mut self, word: &str) -> Option<T> {
        if let Some(meaning) = self.met.get(word) {
            return *meaning;
        }
        let meaning = self.by_key.get(&fold(word)).copied();
        self.met.insert(word.to_string(), meaning);
        meaning
    }
}

/// Reads 医籍登録番号: `123456`, `012345`, `第123456号`, with any width. 0 is no number.
pub fn registration_number(text: &str) -> Option<RegistrationNumber> {
    let key = if text.bytes().all(|b| b.is_ascii_digit()) { text.to_string() } else { fold(text) };
    let digits = key.strip_prefix('第').unwrap_or(&key);
    let digits = digits.strip_suffix('号').unwrap_or(digits);
    if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok().filter(|number| *number > 0).map(RegistrationNumber)
}

/// A cell without blanks and invisible characters at its ends, and without the dress in which Excel keeps a text that looks
/// like a number (`="012345"`, `'012345`).
pub fn bare(cell: &str) -> &str {
    let is_blank =
        |c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}');
    let trimmed = cell.trim_matches(is_blank);
    match dressed(trimmed).or_else(|| trimmed.strip_prefix('\'')) {
        Some(inside) => inside.trim_matches(is_blank),
        None => trimmed,
    }
}

/// What stands between the quotation marks of `="…"`; `None` for anything else.
fn dressed(cell: &str) -> Option<&str> {
    let inside = cell.strip_prefix("=\"")?.strip_suffix('"')?;
    (!inside.contains('"')).then_some(inside)
}

/// Whether a cell is a text in the dress of a formula (`="012345"`), which is none.
pub fn is_dressed(cell: &str) -> bool {
    dressed(cell.trim()).is_some()
}

/// Whether a text holds a character of the private use area (外字).
pub fn has_private_use(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("123456", Some(123_456))]
    #[case("012345", Some(12_345))]
    #[case("第012345号", Some(12_345))]
    #[case("１２３４５", Some(12_345))]
    #[case("第１２３４５号", Some(12_345))]
    #[case("", None)]
    #[case("000000", None)]
    #[case("12A456", None)]
    #[case("12-456", None)]
    #[case("不明", None)]
    #[case("0123\u{200B}45", Some(12_345))]
    fn registration_numbers_lose_their_dress(#[case] text: &str, #[case] expected: Option<u32>) {
        assert_eq!(registration_number(text), expected.map(RegistrationNumber));
    }

    #[rstest]
    #[case("=\"012345\"", "012345")]
    #[case(" =\"2015-04-01\" ", "2015-04-01")]
    #[case("\u{FEFF}甲\u{200B}", "甲")]
    #[case("=\"\"", "")]
    #[case("'012345", "012345")]
    #[case(" '2015-04-01", "2015-04-01")]
    #[case("O'Hara", "O'Hara")]
    #[case("=1+1", "=1+1")]
    #[case("=\"a\"&\"b\"", "=\"a\"&\"b\"")]
    #[case("　架空　太郎　", "架空　太郎")]
    fn dress_of_excel_comes_off(#[case] cell: &str, #[case] expected: &str) {
        assert_eq!(bare(cell), expected);
    }

    #[test]
    fn words_meet_in_any_width_and_case() {
        let spellings = std::collections::BTreeMap::from([("A②(B)".to_string(), 1), ("A①".to_string(), 2)]);
        let mut words = Words::new(&spellings);
        for spelling in ["A②(B)", "Ａ②（Ｂ）", "a②(b)", "Ａ②　(B)", "A2(B)"] {
            assert_eq!(words.meaning(spelling), Some(1), "{spelling}");
        }
        assert_eq!(words.meaning("A１"), Some(2));
        assert_eq!(words.meaning("特別"), None);
    }
}
