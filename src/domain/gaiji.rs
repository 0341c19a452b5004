//! Characters that stand for others when a paper is printed (外字の対応).
//!
//! An association's own characters (外字) have no agreed shape outside its machines; a table of the office says which
//! character is meant. Only print asks it: what is stored and what goes into CSV files and workbooks stays as it came.

use std::collections::BTreeMap;

/// What is printed in place of what, by character as read: a base with its variation selectors and combining marks.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Gaiji(BTreeMap<String, String>);

impl Gaiji {
    /// The table of pairs.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// What is printed for a character; `None` where the table does not name it.
    pub fn get(&self, character: &str) -> Option<&str> {
        self.0.get(character).map(String::as_str)
    }

    /// How many characters the table names.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the table names nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Splits a text into characters as people read them: a base with what belongs to it. Combining marks, variation selectors
/// and tones follow their base; what a joiner ties together is one character.
pub fn characters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut letters = rest.char_indices();
        letters.next()?;
        let mut is_joined = false;
        let end = letters.find(|(_, letter)| {
            let belongs = is_joined || follows(*letter);
            is_joined = *letter == JOINER;
            !belongs
        });
        let (character, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(character)
    })
}

/// ZERO WIDTH JOINER.
const JOINER: char = '\u{200D}';

fn follows(letter: char) -> bool {
    matches!(letter,
        '\u{0300}'..='\u{036F}' | '\u{3099}' | '\u{309A}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}'
        | '\u{1F3FB}'..='\u{1F3FF}' | JOINER)
}

/// Whether a character is a plain letter of papers: digits, Latin, kana, signs and full-width forms. Figures and headings
/// are made of them, so no table may change them.
pub fn is_plain(character: &str) -> bool {
    let is_plain = |letter: char| {
        matches!(letter, '\0'..='\u{2DFF}' | '\u{3000}'..='\u{30FF}' | '\u{FF00}'..='\u{FFEF}')
            && !('\u{E000}'..='\u{F8FF}').contains(&letter)
    };
    character.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_split_into_characters_as_read() {
        for (text, expected) in [
            ("", vec![]),
            ("架空", vec!["架", "空"]),
            ("辻\u{E0100}子", vec!["辻\u{E0100}", "子"]),
            ("か\u{3099}き", vec!["か\u{3099}", "き"]),
            ("👨\u{200D}⚕\u{FE0F}医", vec!["👨\u{200D}⚕\u{FE0F}", "医"]),
            ("👍\u{1F3FD}", vec!["👍\u{1F3FD}"]),
            ("\u{E000}𠮷", vec!["\u{E000}", "𠮷"]),
        ] {
            assert_eq!(characters(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    #[test]
    fn letters_of_figures_and_headings_are_plain() {
        for plain in ["1", "A", "①", "ア", "か\u{3099}", "Ａ", "▲", "…"] {
            assert!(is_plain(plain), "{plain}");
        }
        for special in ["\u{E000}", "𠮷", "髙", "辻\u{E0100}", "👍"] {
            assert!(!is_plain(special), "{special}");
        }
    }
}
