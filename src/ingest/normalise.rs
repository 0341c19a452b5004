//! Making spellings comparable: widths, blanks, numbers, words. What is stored and printed stays as it came.

use std::collections::HashMap;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::domain::ids::RegistrationNumber;
use crate::domain::japanese_date::parse_date;

/// The key under which headings and words are compared: NFKC, blanks out, upper case. ① becomes 1 here, so keys
/// are never printed.
pub fn fold(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
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

/// The export day in a file name: the last date in it (`members_2025-09-30.csv`, `会員一覧_20250930.csv`,
/// `会員一覧_令和7年9月30日.csv`).
pub fn export_day_of(file_stem: &str) -> Option<NaiveDate> {
    let folded: String = file_stem.nfkc().collect();
    let mut found = None;
    for (start, _) in folded.char_indices() {
        let continues_number = folded[..start].ends_with(|c: char| c.is_ascii_digit())
            && folded[start..].starts_with(|c: char| c.is_ascii_digit());
        if continues_number {
            continue;
        }
        let longest = folded[start..]
            .char_indices()
            .map(|(i, c)| start + i + c.len_utf8())
            .filter(|&end| !folded[end..].starts_with(|c: char| c.is_ascii_digit()))
            .take(12)
            .filter_map(|end| parse_date(&folded[start..end]))
            .next();
        found = longest.or(found);
    }
    found
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
    fn registration_numbers_lose_their_dress(#[case] text: &str, #[case] expected: Option<u32>) {
        assert_eq!(registration_number(text), expected.map(RegistrationNumber));
    }

    #[rstest]
    #[case("members_2025-09-30", Some("2025-09-30"))]
    #[case("会員一覧_20250930", Some("2025-09-30"))]
    #[case("会員一覧_令和7年9月30日", Some("2025-09-30"))]
    #[case("会員一覧R7.9.30", Some("2025-09-30"))]
    #[case("2025-08-31版_members_2025-09-30", Some("2025-09-30"))]
    #[case("members", None)]
    #[case("members_1234567890", None)]
    fn export_day_is_the_last_date_of_the_name(#[case] stem: &str, #[case] day: Option<&str>) {
        assert_eq!(export_day_of(stem), day.map(|day| day.parse().expect("test dates are ISO")));
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
