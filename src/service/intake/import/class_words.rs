//! Changes of class that the scheme of a body made, not the person: the meaning of an unchanged word changed on a day.

use chrono::NaiveDate;

use crate::domain::association::{Association, Associations};
use crate::domain::class_scheme::{ClassScheme, ClassSchemes, spelling_key};
use crate::domain::enrolment::StayFacts;
use crate::domain::finding::FindingCode;
use crate::domain::ids::AssociationId;
use crate::domain::reconcile::Outcome;

/// Dates a change of class from the day on which the scheme changed, and takes back that it was estimated. `before` is
/// what stood. Says whether the scheme made the change.
pub(super) fn resolve(
    outcome: &mut Outcome,
    before: &StayFacts,
    scheme_of: Option<&ClassScheme>,
    export_day: NaiveDate,
) -> bool {
    let (Some(scheme), Some(version)) = (scheme_of, outcome.version.as_mut()) else { return false };
    let after = &version.facts;
    let (Some(old_word), Some(word)) = (&before.class_text, &after.class_text) else { return false };
    let same_word = spelling_key(old_word) == spelling_key(word)
        || scheme.word(old_word).is_some_and(|old| scheme.word(word) == Some(old));
    if before.class == after.class || !same_word {
        return false;
    }
    let on = after.left_on.map_or(export_day, |left_on| left_on.min(export_day));
    let (Some(mapping), Some(joined_on)) = (scheme.word(word).and_then(|word| word.on(on)), after.joined_on) else {
        return false;
    };
    version.class_from = Some(mapping.from.map_or(joined_on, |from| from.max(joined_on)));
    outcome.notices.retain(|notice| notice.code != FindingCode::ClassChangeEstimated);
    true
}

/// The scheme of a body.
pub(super) fn scheme_of<'a>(
    schemes: &'a ClassSchemes,
    associations: &Associations,
    body: AssociationId,
) -> Option<&'a ClassScheme> {
    if schemes.schemes.is_empty() {
        return None;
    }
    associations.get(body).and_then(|body: &Association| schemes.of(body))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::association::Tier;
    use crate::domain::class::NationalClass;
    use crate::domain::class_scheme::{ClassMapping, SchemeWord};
    use crate::domain::enrolment::{SourceStatus, WithdrawalReason};
    use crate::domain::ids::EnrolmentId;
    use crate::domain::reconcile::{StoredStay, reconcile};
    use crate::domain::shown::ShownStay;
    use crate::written::day;

    fn facts(class: NationalClass, word: &str, joined: &str) -> StayFacts {
        StayFacts {
            wished_on: None,
            joined_on: Some(day(joined)),
            left_on: None,
            class,
            class_text: (!word.is_empty()).then(|| word.into()),
            reason: WithdrawalReason::None,
            reason_text: None,
            status: SourceStatus::Active,
        }
    }

    /// 甲 is A① until the end of March 2025, then A②(B); 丙 is A① for ever.
    fn scheme() -> ClassScheme {
        let word = |spelling: &str, mappings| SchemeWord { spellings: vec![spelling.into()], mappings };
        let change = |class, from, to| ClassMapping { class, from, to };
        ClassScheme {
            name: "架空".into(),
            bodies: vec!["11-001".into()],
            prefectures: vec![],
            tier: Tier::Local,
            words: vec![
                word(
                    "甲",
                    vec![
                        change(NationalClass::A1, None, Some(day("2025-03-31"))),
                        change(NationalClass::A2B, Some(day("2025-04-01")), None),
                    ],
                ),
                word("丙", vec![change(NationalClass::A1, None, None)]),
            ],
        }
    }

    #[rstest]
    #[case::unchanged_word((NationalClass::A1, "甲"), "2010-04-01", "2025-04-01", true)]
    #[case::joined_after_the_change((NationalClass::A1, "甲"), "2025-04-10", "2025-04-10", true)]
    #[case::unmapped_before((NationalClass::Unknown, "甲"), "2010-04-01", "2025-04-01", true)]
    #[case::other_word((NationalClass::A1, "丙"), "2010-04-01", "2025-04-30", false)]
    #[case::national_word_before((NationalClass::A1, ""), "2010-04-01", "2025-04-30", false)]
    fn change_of_the_scheme_holds_from_its_day(
        #[case] (class, word): (NationalClass, &str),
        #[case] joined: &str,
        #[case] from: &str,
        #[case] resolved: bool,
    ) {
        let before = facts(class, word, joined);
        let standing = StoredStay { enrolment: EnrolmentId(1), facts: before.clone(), class_from: None, rows_shown: 1 };
        let shown = ShownStay {
            tier: Tier::Local,
            association: AssociationId(1),
            facts: facts(NationalClass::A2B, "甲", joined),
            row: 2,
            rows_shown: 1,
        };
        let export_day = day("2025-04-30");
        let mut outcome = reconcile(&[standing], &[shown], export_day, false).remove(0);
        assert_eq!(resolve(&mut outcome, &before, Some(&scheme()), export_day), resolved);
        let version = outcome.version.expect("the class changed");
        assert_eq!(version.class_from, Some(day(from)));
        let estimated = outcome.notices.iter().any(|notice| notice.code == FindingCode::ClassChangeEstimated);
        assert_eq!(estimated, !resolved);
    }
}
