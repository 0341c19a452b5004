//! Class schemes of bodies: `class-schemes.toml`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{DefinitionError, DefinitionFolder, invalid, parse};
use crate::domain::association::Tier;
use crate::domain::class::NationalClass;
use crate::domain::class_scheme::{ClassMapping, ClassScheme, ClassSchemes, SchemeWord, in_order, spelling_key};

const FILE: &str = "class-schemes.toml";

const SHIPPED: &str = include_str!("../../reports/class-schemes.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemesFile {
    #[serde(default)]
    schemes: Vec<SchemeEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SchemeEntry {
    name: String,
    #[serde(default)]
    bodies: Vec<String>,
    #[serde(default)]
    prefectures: Vec<String>,
    tier: Option<Tier>,
    words: Vec<WordEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordEntry {
    spellings: Vec<String>,
    classes: Vec<MappingEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingEntry {
    class: String,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

/// The class schemes of bodies. Whether the bodies exist only a master can tell.
///
/// # Errors
/// [`DefinitionError`] naming file and key: no words, an unknown class, meanings that overlap or leave a gap, one
/// spelling of two words, one body or prefecture in two schemes.
pub fn class_schemes(folder: &DefinitionFolder) -> Result<ClassSchemes, DefinitionError> {
    read(&folder.file(FILE, SHIPPED)?)
}

fn read(text: &str) -> Result<ClassSchemes, DefinitionError> {
    let read: SchemesFile = parse(FILE, text)?;
    let schemes = read.schemes.into_iter().enumerate().map(|(nth, entry)| scheme(nth, entry));
    let schemes = schemes.collect::<Result<Vec<ClassScheme>, _>>()?;
    let (mut bodies, mut areas) = (BTreeSet::new(), BTreeSet::new());
    for (nth, scheme) in schemes.iter().enumerate() {
        if let Some(twice) = scheme.bodies.iter().find(|code| !bodies.insert(code.as_str())) {
            return Err(invalid(FILE, format!("schemes[{nth}].bodies: {twice} stands twice")));
        }
        if let Some(twice) = scheme.prefectures.iter().find(|code| !areas.insert((scheme.tier, code.as_str()))) {
            return Err(invalid(FILE, format!("schemes[{nth}].prefectures: {twice} stands twice")));
        }
    }
    let source = if schemes.is_empty() { String::new() } else { text.to_string() };
    Ok(ClassSchemes { schemes, source })
}

fn scheme(nth: usize, entry: SchemeEntry) -> Result<ClassScheme, DefinitionError> {
    let at = format!("schemes[{nth}]");
    if entry.bodies.is_empty() && entry.prefectures.is_empty() {
        return Err(invalid(FILE, format!("{at}: bodies or prefectures must be given")));
    }
    let mut met = BTreeSet::new();
    let mut words = Vec::with_capacity(entry.words.len());
    for (nth, word) in entry.words.into_iter().enumerate() {
        let at = format!("{at}.words[{nth}]");
        if word.spellings.is_empty() {
            return Err(invalid(FILE, format!("{at}.spellings is empty")));
        }
        if let Some(twice) = word.spellings.iter().find(|spelling| !met.insert(spelling_key(spelling))) {
            return Err(invalid(FILE, format!("{at}.spellings: \"{twice}\" stands twice")));
        }
        let mappings = mappings(&at, &word.classes)?;
        words.push(SchemeWord { spellings: word.spellings, mappings });
    }
    if words.is_empty() {
        return Err(invalid(FILE, format!("{at}.words is empty")));
    }
    let tier = entry.tier.unwrap_or(Tier::Local);
    Ok(ClassScheme { name: entry.name, bodies: entry.bodies, prefectures: entry.prefectures, tier, words })
}

fn mappings(at: &str, entries: &[MappingEntry]) -> Result<Vec<ClassMapping>, DefinitionError> {
    let mut out = Vec::with_capacity(entries.len());
    for (nth, entry) in entries.iter().enumerate() {
        let class = NationalClass::from_code(&entry.class)
            .ok_or_else(|| invalid(FILE, format!("{at}.classes[{nth}].class: {} is not known", entry.class)))?;
        out.push(ClassMapping { class, from: entry.from, to: entry.to });
    }
    in_order(out).map_err(|error| invalid(FILE, format!("{at}.classes: {error}")))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const HEAD: &str = "[[schemes]]\nname = \"架空\"\nbodies = [\"99-001\"]\n";

    #[test]
    fn shipped_file_holds_no_scheme() {
        let schemes = class_schemes(&DefinitionFolder::shipped()).expect("the shipped file is sound");
        assert_eq!(schemes, ClassSchemes::default());
    }

    /// The example of the shipped file, taken out of its comment.
    #[test]
    fn example_of_the_shipped_file_is_sound() {
        let from = SHIPPED.find("# [[schemes]]\n# name = ").expect("the file has an example");
        let example: String =
            SHIPPED[from..].lines().map(|line| format!("{}\n", line.trim_start_matches(['#', ' ']))).collect();
        let schemes = read(&example).expect("the example is sound");
        assert_eq!(schemes.schemes[0].words.iter().map(|word| word.mappings.len()).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(schemes.source, example);
    }

    #[rstest]
    #[case::unknown_key("word = []", "unknown field")]
    #[case::no_words("words = []", "schemes[0].words is empty")]
    #[case::unknown_class("words = [{ spellings = [\"甲\"], classes = [{ class = \"D\" }] }]", "classes[0].class: D")]
    #[case::no_meaning("words = [{ spellings = [\"甲\"], classes = [] }]", "words[0].classes: no meaning")]
    #[case::gap(
        "words = [{ spellings = [\"甲\"], classes = [{ class = \"B\", to = \"2025-03-30\" }, { class = \"C\", from = \"2025-04-01\" }] }]",
        "words[0].classes: no meaning on 2025-03-31"
    )]
    #[case::spelling_twice(
        "words = [{ spellings = [\"B1\"], classes = [{ class = \"B\" }] }, { spellings = [\"ｂ１\", \"Ｂ 1\"], classes = [{ class = \"C\" }] }]",
        "words[1].spellings: "
    )]
    fn wrong_scheme_is_refused_with_its_key(#[case] rest: &str, #[case] expected: &str) {
        let error = read(&format!("{HEAD}{rest}")).expect_err("the scheme is wrong").to_string();
        assert!(error.starts_with("class-schemes.toml: ") && error.contains(expected), "{error}");
    }

    #[test]
    fn body_in_two_schemes_is_refused() {
        let word = "words = [{ spellings = [\"甲\"], classes = [{ class = \"B\" }] }]\n";
        let error = read(&format!("{HEAD}{word}{HEAD}{word}")).expect_err("one body has one scheme").to_string();
        assert!(error.contains("schemes[1].bodies: 99-001"), "{error}");
    }
}
