//! Which character is printed for another: `gaiji.toml`.

use serde::Deserialize;

use super::error::DefinitionError;
use super::folder::DefinitionFolder;
use super::source::Source;
use crate::domain::fault::Fault;
use crate::domain::gaiji::{Gaiji, characters, is_plain};

pub(super) const FILE: &str = "gaiji.toml";

pub(super) const SHIPPED: &str = include_str!("../../reports/gaiji.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GaijiFile {
    #[serde(default)]
    characters: Vec<CharacterEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CharacterEntry {
    from: String,
    to: String,
    #[serde(default)]
    #[expect(dead_code, reason = "a note is for the reader of the file")]
    note: String,
}

/// The table of characters that stand for others. `is_printable` says of one character whether a paper can show it.
///
/// # Errors
/// [`DefinitionError`] naming file, line and key: something that is no single character, a letter that figures and headings
/// are made of, a character named twice, a target that cannot be printed.
pub fn gaiji(folder: &DefinitionFolder, is_printable: impl Fn(&str) -> bool) -> Result<Gaiji, DefinitionError> {
    read(&folder.file(FILE, SHIPPED)?, is_printable)
}

fn read(text: &str, is_printable: impl Fn(&str) -> bool) -> Result<Gaiji, DefinitionError> {
    let mut source = Source::new(FILE, text);
    let entries = source.parse::<GaijiFile>()?.characters;
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (nth, entry) in entries.iter().enumerate() {
        let key = |name: &str| format!("characters[{nth}].{name}");
        let (from, to) = (spelled_out(&entry.from), spelled_out(&entry.to));
        if characters(&from).count() != 1 {
            source.refuse(key("from"), Fault::NotOneCharacter(entry.from.clone()));
        } else if is_plain(&from) {
            source.refuse(key("from"), Fault::PlainCharacter(entry.from.clone()));
        } else if pairs.iter().any(|(other, _)| *other == from) {
            source.refuse(key("from"), Fault::Twice(entry.from.clone()));
        }
        if to.trim().is_empty() {
            source.refuse(key("to"), Fault::Empty);
        } else if let Some(lost) = characters(&to).find(|one| !is_printable(one)) {
            source.refuse(key("to"), Fault::NotPrintable(code_points(lost)));
        }
        pairs.push((from, to));
    }
    source.done(Gaiji::of(pairs))
}

/// A text, or the characters that `U+E000` or `U+8FBB U+E0100` names: many characters cannot be typed.
fn spelled_out(text: &str) -> String {
    let named = |word: &str| {
        let digits = word.strip_prefix("U+").or_else(|| word.strip_prefix("u+"))?;
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    };
    text.split_whitespace()
        .map(named)
        .collect::<Option<String>>()
        .filter(|named| !named.is_empty())
        .unwrap_or(text.into())
}

fn code_points(text: &str) -> String {
    text.chars().map(|letter| format!("U+{:04X}", u32::from(letter))).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Characters beyond the private ones can be printed here.
    fn is_printable(character: &str) -> bool {
        !character.chars().any(|letter| ('\u{E000}'..='\u{F8FF}').contains(&letter))
    }

    #[test]
    fn shipped_table_is_sound_and_changes_nothing() {
        assert!(read(SHIPPED, is_printable).expect("the shipped table is sound").is_empty());
    }

    #[rstest]
    #[case::by_code("U+E000", "髙", "\u{E000}")]
    #[case::as_itself("\u{E001}", "﨑", "\u{E001}")]
    #[case::with_selector("U+8FBB U+E0100", "辻", "辻\u{E0100}")]
    #[case::beyond_the_fonts("U+31350", "U+9AD9", "\u{31350}")]
    fn character_is_read(#[case] from: &str, #[case] to: &str, #[case] key: &str) {
        let text = format!("[[characters]]\nfrom = \"{from}\"\nto = \"{to}\"\nnote = \"見本\"\n");
        let table = read(&text, is_printable).expect("the table is sound");
        assert_eq!(table.get(key), Some(spelled_out(to).as_str()));
    }

    #[rstest]
    #[case::two_characters("from = \"架空\"\nto = \"架\"", "DEF-065", 2)]
    #[case::no_character("from = \"\"\nto = \"架\"", "DEF-065", 2)]
    #[case::digit("from = \"1\"\nto = \"2\"", "DEF-067", 2)]
    #[case::target_that_cannot_be_printed("from = \"U+E000\"\nto = \"U+E001\"", "DEF-066", 3)]
    #[case::no_target("from = \"U+E000\"\nto = \"\"", "DEF-022", 3)]
    #[case::named_twice("from = \"U+E000\"\nto = \"架\"\n[[characters]]\nfrom = \"U+E000\"\nto = \"空\"", "DEF-021", 5)]
    #[case::unknown_key("from = \"U+E000\"\nto = \"架\"\nfont = \"x\"", "DEF-002", 4)]
    #[case::missing_key("from = \"U+E000\"", "DEF-003", 1)]
    fn fault_is_told_with_its_line(#[case] entry: &str, #[case] code: &str, #[case] line: u32) {
        let error = read(&format!("[[characters]]\n{entry}\n"), is_printable).expect_err("the table is wrong");
        let found: Vec<_> = error.faults.iter().map(|fault| (fault.fault.code(), fault.line)).collect();
        assert_eq!(found, [(code, Some(line))]);
    }
}
