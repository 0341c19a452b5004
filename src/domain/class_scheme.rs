//! Class schemes of bodies (会員区分の体系): what the own words of a body mean in the national five, by days.
//!
//! A body may say A/B1/B2, 甲/乙/丙, 正/準 or 1号; the mapping is data and may change on a day. This module does not know
//! where schemes come from, and folds no spellings beyond width, blanks and case.

use chrono::NaiveDate;

use super::association::{Association, Associations, Tier};
use super::class::NationalClass;
use super::day::next_day;
use super::text::{code_key, fold_width};

/// The national class of a word on a span of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassMapping {
    /// What it means.
    pub class: NationalClass,
    /// First day, inclusive; `None` = always.
    pub from: Option<NaiveDate>,
    /// Last day, inclusive; `None` = open.
    pub to: Option<NaiveDate>,
}

/// One word of a scheme (区分) with its spellings and meanings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemeWord {
    /// Spellings, the one that is stored first; never empty.
    pub spellings: Vec<String>,
    /// Meanings in order of days, each the day after the one before; never empty.
    pub mappings: Vec<ClassMapping>,
}

impl SchemeWord {
    /// What the word means on a day; `None` before it was in use and after.
    pub fn on(&self, day: NaiveDate) -> Option<ClassMapping> {
        self.mappings
            .iter()
            .find(|mapping| mapping.from.is_none_or(|from| from <= day) && mapping.to.is_none_or(|to| day <= to))
            .copied()
    }
}

/// One scheme and the bodies it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassScheme {
    /// Name, for messages.
    pub name: String,
    /// Codes of bodies. They go before `prefectures` of another scheme.
    pub bodies: Vec<String>,
    /// All bodies of `tier` in these prefectures (都道府県コード).
    pub prefectures: Vec<String>,
    /// Tier of the bodies in `prefectures`.
    pub tier: Tier,
    /// Words.
    pub words: Vec<SchemeWord>,
}

impl ClassScheme {
    /// The word with a spelling. Width, blanks and case do not matter.
    pub fn word(&self, spelling: &str) -> Option<&SchemeWord> {
        let key = spelling_key(spelling);
        self.words.iter().find(|word| word.spellings.iter().any(|other| spelling_key(other) == key))
    }
}

/// The key under which spellings of a scheme are compared: width folded, blanks out, upper case.
pub fn spelling_key(text: &str) -> String {
    fold_width(text).chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// All schemes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassSchemes {
    /// In the order of their file.
    pub schemes: Vec<ClassScheme>,
    /// The text of the file; its hash is part of what an import is. Empty without schemes, so that a file of comments
    /// changes nothing.
    pub source: String,
}

impl ClassSchemes {
    /// Place of the scheme of a body: one that names it, else one for its prefecture and tier.
    pub fn place_of(&self, body: &Association) -> Option<usize> {
        let code = code_key(&body.code);
        let names = |scheme: &ClassScheme| {
            scheme.bodies.contains(&body.code) || scheme.bodies.iter().any(|other| code_key(other) == code)
        };
        let named = self.schemes.iter().position(names);
        named.or_else(|| {
            self.schemes
                .iter()
                .position(|scheme| scheme.tier == body.tier && scheme.prefectures.contains(&body.prefecture))
        })
    }

    /// The scheme of a body.
    pub fn of(&self, body: &Association) -> Option<&ClassScheme> {
        self.place_of(body).map(|place| &self.schemes[place])
    }

    /// Codes of bodies, and of prefectures with no body of the tier, that a master does not have, by scheme and in its order.
    pub fn unknown_bodies<'a>(&'a self, associations: &'a Associations) -> impl Iterator<Item = &'a str> {
        self.schemes.iter().flat_map(move |scheme| {
            let has_body = |code: &str| associations.of_tier(scheme.tier).any(|body| body.prefecture == code);
            let bodies = scheme.bodies.iter().map(String::as_str);
            let prefectures = scheme.prefectures.iter().map(String::as_str);
            let bodies = bodies.filter(|code| associations.by_code(code).is_none());
            bodies.chain(prefectures.filter(move |code| !has_body(code)))
        })
    }
}

/// What is wrong with the meanings of one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// There are none.
    #[error("no meaning")]
    Empty,
    /// One ends before it begins.
    #[error("to is before from ({0})")]
    Reversed(NaiveDate),
    /// Two share a day.
    #[error("two meanings on {0}")]
    Overlap(NaiveDate),
    /// A day between two has none.
    #[error("no meaning on {0}")]
    Gap(NaiveDate),
}

/// Sorts the meanings of a word by days and checks that they follow each other.
///
/// # Errors
/// [`MappingError`] when there are none, or two overlap or leave days between them.
pub fn in_order(mut mappings: Vec<ClassMapping>) -> Result<Vec<ClassMapping>, MappingError> {
    if mappings.is_empty() {
        return Err(MappingError::Empty);
    }
    mappings.sort_by_key(|mapping| mapping.from);
    for mapping in &mappings {
        if let (Some(from), Some(to)) = (mapping.from, mapping.to)
            && to < from
        {
            return Err(MappingError::Reversed(to));
        }
    }
    for pair in mappings.windows(2) {
        let begins = pair[1].from.unwrap_or(NaiveDate::MIN);
        match pair[0].to.map(next_day) {
            Some(next) if next == begins => {}
            Some(next) if next < begins => return Err(MappingError::Gap(next)),
            _ => return Err(MappingError::Overlap(begins)),
        }
    }
    Ok(mappings)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::written::day;

    fn mapping(class: NationalClass, from: &str, to: &str) -> ClassMapping {
        let date = |text: &str| (!text.is_empty()).then(|| day(text));
        ClassMapping { class, from: date(from), to: date(to) }
    }

    #[rstest]
    #[case::adjacent("2025-03-31", "2025-04-01", None)]
    #[case::gap("2025-03-30", "2025-04-01", Some(MappingError::Gap(day("2025-03-31"))))]
    #[case::overlap("2025-04-01", "2025-04-01", Some(MappingError::Overlap(day("2025-04-01"))))]
    #[case::open("", "2025-04-01", Some(MappingError::Overlap(day("2025-04-01"))))]
    fn meanings_follow_each_other(#[case] to: &str, #[case] from: &str, #[case] error: Option<MappingError>) {
        let mappings = vec![mapping(NationalClass::A2B, from, ""), mapping(NationalClass::A1, "", to)];
        assert_eq!(in_order(mappings).err(), error);
    }

    #[rstest]
    #[case::before_its_use("2019-12-31", None)]
    #[case::first_day("2020-01-01", Some(NationalClass::A1))]
    #[case::day_before_the_change("2025-03-31", Some(NationalClass::A1))]
    #[case::day_of_the_change("2025-04-01", Some(NationalClass::A2B))]
    #[case::after_its_use("2026-04-01", None)]
    fn word_means_what_it_meant_on_the_day(#[case] on: &str, #[case] class: Option<NationalClass>) {
        let word = SchemeWord {
            spellings: vec!["甲".into()],
            mappings: vec![
                mapping(NationalClass::A1, "2020-01-01", "2025-03-31"),
                mapping(NationalClass::A2B, "2025-04-01", "2026-03-31"),
            ],
        };
        assert_eq!(word.on(day(on)).map(|mapping| mapping.class), class);
    }
}
