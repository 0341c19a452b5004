//! Class schemes of bodies: `class-schemes.toml`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;

use super::error::DefinitionError;
use super::folder::DefinitionFolder;
use super::source::Source;
use crate::domain::association::Tier;
use crate::domain::class::NationalClass;
use crate::domain::class_scheme::{
    ClassMapping, ClassScheme, ClassSchemes, MappingError, SchemeWord, in_order, spelling_key,
};
use crate::domain::fault::Fault;
use crate::domain::prefecture::is_prefecture;

pub(super) const FILE: &str = "class-schemes.toml";

pub(super) const SHIPPED: &str = include_str!("../../reports/class-schemes.toml");

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
/// spelling of two words, one body or prefecture in two schemes, something that is no prefecture.
pub fn class_schemes(folder: &DefinitionFolder) -> Result<ClassSchemes, DefinitionError> {
    read(&text(folder)?)
}

/// The text of the file that speaks.
pub(super) fn text(folder: &DefinitionFolder) -> Result<String, DefinitionError> {
    folder.file(FILE, SHIPPED)
}

fn read(text: &str) -> Result<ClassSchemes, DefinitionError> {
    let mut source = Source::new(FILE, text);
    let read: SchemesFile = source.parse()?;
    let entries = read.schemes.into_iter().enumerate();
    let schemes: Vec<ClassScheme> = entries.map(|(nth, entry)| scheme(&mut source, nth, entry)).collect();
    let (mut bodies, mut areas) = (BTreeSet::new(), BTreeSet::new());
    for (nth, scheme) in schemes.iter().enumerate() {
        for twice in scheme.bodies.iter().filter(|code| !bodies.insert(code.as_str())) {
            source.refuse(format!("schemes[{nth}].bodies"), Fault::Twice(twice.clone()));
        }
        for code in &scheme.prefectures {
            if !is_prefecture(code) {
                source.refuse(format!("schemes[{nth}].prefectures"), Fault::NotAPrefecture(code.clone()));
            }
            if !areas.insert((scheme.tier, code.as_str())) {
                source.refuse(format!("schemes[{nth}].prefectures"), Fault::Twice(code.clone()));
            }
        }
    }
    let text = if schemes.is_empty() { String::new() } else { text.to_string() };
    source.done(ClassSchemes { schemes, source: text })
}

fn scheme(source: &mut Source<'_>, nth: usize, entry: SchemeEntry) -> ClassScheme {
    let at = format!("schemes[{nth}]");
    if entry.bodies.is_empty() && entry.prefectures.is_empty() {
        source.refuse(at.as_str(), Fault::OneNeeded(&["bodies", "prefectures"]));
    }
    if entry.words.is_empty() {
        source.refuse(format!("{at}.words"), Fault::Empty);
    }
    let mut met = BTreeSet::new();
    let mut words = Vec::with_capacity(entry.words.len());
    for (nth, word) in entry.words.into_iter().enumerate() {
        let at = format!("{at}.words[{nth}]");
        if word.spellings.is_empty() {
            source.refuse(format!("{at}.spellings"), Fault::Empty);
        }
        for twice in word.spellings.iter().filter(|spelling| !met.insert(spelling_key(spelling))) {
            source.refuse(format!("{at}.spellings"), Fault::Twice(twice.clone()));
        }
        let mappings = mappings(source, &format!("{at}.classes"), &word.classes);
        words.push(SchemeWord { spellings: word.spellings, mappings });
    }
    let tier = entry.tier.unwrap_or(Tier::Local);
    ClassScheme { name: entry.name, bodies: entry.bodies, prefectures: entry.prefectures, tier, words }
}

fn mappings(source: &mut Source<'_>, at: &str, entries: &[MappingEntry]) -> Vec<ClassMapping> {
    let mut out = Vec::with_capacity(entries.len());
    for (nth, entry) in entries.iter().enumerate() {
        let Some(class) = NationalClass::from_code(&entry.class) else {
            let all = NationalClass::ALL.iter().map(|class| class.code().to_string()).collect();
            source.refuse(format!("{at}[{nth}].class"), Fault::NotOneOf(entry.class.clone(), all));
            continue;
        };
        if let (Some(from), Some(to)) = (entry.from, entry.to)
            && to < from
        {
            source.refuse(format!("{at}[{nth}].to"), Fault::Reversed(from, to));
            continue;
        }
        out.push(ClassMapping { class, from: entry.from, to: entry.to });
    }
    // What has been refused above leaves gaps that are none.
    if out.len() < entries.len() {
        return out;
    }
    in_order(out).unwrap_or_else(|error| {
        let fault = match error {
            MappingError::Empty => Fault::Empty,
            MappingError::Reversed(day) => Fault::Reversed(day, day),
            MappingError::Overlap(day) => Fault::Overlap(day),
            MappingError::Gap(day) => Fault::Gap(day),
        };
        source.refuse(at, fault);
        Vec::new()
    })
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
    #[case::unknown_key("word = []", "4: word DEF-002 word")]
    #[case::no_words("words = []", "4: schemes[0].words DEF-022")]
    #[case::unknown_class(
        "words = [{ spellings = [\"甲\"], classes = [{ class = \"D\" }] }]",
        "classes[0].class DEF-020 D / A1, "
    )]
    #[case::no_meaning("words = [{ spellings = [\"甲\"], classes = [] }]", "4: schemes[0].words[0].classes DEF-022")]
    #[case::no_prefecture(
        "prefectures = [\"埼玉\"]\nwords = [{ spellings = [\"甲\"], classes = [{ class = \"B\" }] }]",
        "4: schemes[0].prefectures DEF-027 埼玉"
    )]
    #[case::reversed(
        "words = [{ spellings = [\"甲\"], classes = [{ class = \"B\", from = \"2025-04-01\", to = \"2025-03-30\" }] }]",
        "classes[0].to DEF-028 2025-04-01 / 2025-03-30"
    )]
    #[case::gap(
        "words = [{ spellings = [\"甲\"], classes = [{ class = \"B\", to = \"2025-03-30\" }, { class = \"C\", from = \"2025-04-01\" }] }]",
        "words[0].classes DEF-030 2025-03-31"
    )]
    #[case::spelling_twice(
        "words = [{ spellings = [\"B1\"], classes = [{ class = \"B\" }] }, { spellings = [\"ｂ１\", \"Ｂ 1\"], classes = [{ class = \"C\" }] }]",
        "words[1].spellings DEF-021 ｂ１; "
    )]
    fn wrong_scheme_is_refused_with_its_key(#[case] rest: &str, #[case] expected: &str) {
        let error = read(&format!("{HEAD}{rest}")).expect_err("the scheme is wrong").to_string();
        assert!(error.starts_with("class-schemes.toml:") && error.contains(expected), "{error}");
    }

    #[test]
    fn body_in_two_schemes_is_refused() {
        let word = "words = [{ spellings = [\"甲\"], classes = [{ class = \"B\" }] }]\n";
        let error = read(&format!("{HEAD}{word}{HEAD}{word}")).expect_err("one body has one scheme").to_string();
        assert!(error.contains("schemes[1].bodies DEF-021 99-001"), "{error}");
    }
}
