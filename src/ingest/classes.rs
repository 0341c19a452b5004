//! What the class words of an export mean: the scheme of the body first, then the national spellings.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::normalise::Words;
use crate::domain::association::Associations;
use crate::domain::class::NationalClass;
use crate::domain::class_scheme::{ClassSchemes, SchemeWord};
use crate::domain::ids::AssociationId;
use crate::domain::layout::Vocabulary;

/// What a class word means in a body on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassHit {
    /// The national class; [`NationalClass::Unknown`] when nobody mapped the word.
    pub class: NationalClass,
    /// The word to keep: that of the scheme, or the cell when nobody mapped it. A national spelling is not kept.
    pub word: Option<Box<str>>,
    /// Whether the scheme of the body has the word, but not on this day.
    pub has_ended: bool,
}

impl ClassHit {
    /// Whether nobody mapped the word.
    pub fn is_unmapped(&self) -> bool {
        self.class == NationalClass::Unknown
    }
}

/// Looks up class words; remembers the ones already met.
#[derive(Debug)]
pub struct Classes<'a> {
    associations: &'a Associations,
    schemes: &'a ClassSchemes,
    national: Words<NationalClass>,
    /// Place of the scheme of each body met.
    scheme_of: HashMap<AssociationId, Option<usize>>,
    /// Words met, by scheme.
    words: Vec<HashMap<String, Option<&'a SchemeWord>>>,
}

impl<'a> Classes<'a> {
    /// Prepares the look-up for one file.
    pub fn new(associations: &'a Associations, vocabulary: &'a Vocabulary) -> Self {
        let schemes = &vocabulary.schemes;
        Self {
            associations,
            schemes,
            national: Words::new(&vocabulary.classes),
            scheme_of: HashMap::new(),
            words: schemes.schemes.iter().map(|_| HashMap::new()).collect(),
        }
    }

    /// The meaning of a word in a body on a day, such as the export day or, of a stay that has ended, its last day.
    /// A body of `None` has no scheme.
    pub fn class_of(&mut self, body: Option<AssociationId>, word: &str, on: NaiveDate) -> ClassHit {
        let in_scheme = body.and_then(|body| self.in_scheme(body, word));
        if let Some(found) = in_scheme
            && let Some(mapping) = found.on(on)
        {
            let word = found.spellings.first().map(|spelling| spelling.as_str().into());
            return ClassHit { class: mapping.class, word, has_ended: false };
        }
        let has_ended = in_scheme.is_some();
        match self.national.meaning(word) {
            Some(class) => ClassHit { class, word: None, has_ended },
            None => ClassHit { class: NationalClass::Unknown, word: Some(word.into()), has_ended },
        }
    }

    fn in_scheme(&mut self, body: AssociationId, word: &str) -> Option<&'a SchemeWord> {
        if self.schemes.schemes.is_empty() {
            return None;
        }
        let (associations, schemes) = (self.associations, self.schemes);
        let of_body = || associations.get(body).and_then(|body| schemes.place_of(body));
        let place = (*self.scheme_of.entry(body).or_insert_with(of_body))?;
        let met = self.words.get_mut(place)?;
        if let Some(found) = met.get(word) {
            return *found;
        }
        let found = schemes.schemes[place].word(word);
        met.insert(word.to_string(), found);
        found
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::class_scheme::{ClassMapping, ClassScheme};
    use crate::written::{day, local, with_top};

    fn vocabulary() -> Vocabulary {
        let mapping = |class, from: &str, to: &str| {
            let date = |text: &str| (!text.is_empty()).then(|| day(text));
            ClassMapping { class, from: date(from), to: date(to) }
        };
        let words = vec![
            SchemeWord {
                spellings: vec!["甲".into(), "甲会員".into()],
                mappings: vec![
                    mapping(NationalClass::A1, "", "2025-03-31"),
                    mapping(NationalClass::A2B, "2025-04-01", ""),
                ],
            },
            SchemeWord { spellings: vec!["B".into()], mappings: vec![mapping(NationalClass::C, "", "2025-03-31")] },
        ];
        let scheme = ClassScheme {
            name: "架空".into(),
            bodies: vec!["11-001".into()],
            prefectures: vec![],
            tier: crate::domain::association::Tier::Local,
            words,
        };
        Vocabulary {
            classes: [("B".to_string(), NationalClass::B)].into(),
            schemes: ClassSchemes { schemes: vec![scheme], source: String::new() },
            ..Vocabulary::default()
        }
    }

    #[rstest]
    #[case::own_word("11-001", "甲会員", "2025-03-31", NationalClass::A1, Some("甲"), false)]
    #[case::on_the_day_of_the_change("11-001", "甲", "2025-04-01", NationalClass::A2B, Some("甲"), false)]
    #[case::scheme_goes_before_national("11-001", "Ｂ", "2025-03-31", NationalClass::C, Some("B"), false)]
    #[case::ended_word_is_national_again("11-001", "B", "2025-04-01", NationalClass::B, None, true)]
    #[case::other_body_has_no_scheme("11-002", "B", "2025-03-31", NationalClass::B, None, false)]
    #[case::unmapped_word_is_kept("11-002", "甲", "2025-03-31", NationalClass::Unknown, Some("甲"), false)]
    fn word_is_looked_up_in_the_scheme_of_the_body_first(
        #[case] body: &str,
        #[case] word: &str,
        #[case] on: &str,
        #[case] class: NationalClass,
        #[case] kept: Option<&str>,
        #[case] has_ended: bool,
    ) {
        let rows = with_top(vec![local("11-001", "甲", ["", ""], &[]), local("11-002", "乙", ["", ""], &[])]);
        let (all, vocabulary) = (Associations::new(rows).expect("sound"), vocabulary());
        let body = all.by_code(body).map(|body| body.id);
        let hit = Classes::new(&all, &vocabulary).class_of(body, word, day(on));
        assert_eq!(hit, ClassHit { class, word: kept.map(Into::into), has_ended });
    }
}
