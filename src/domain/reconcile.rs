//! Bringing a new export together with what was known: which stay is which (R4, R5, R6, R10, R14).
//!
//! The unit is one physician in one body of one source. This module is pure: it says what changed; storing it
//! is not its business. Start reading at [`reconcile`].

use std::collections::HashSet;

use chrono::NaiveDate;

use super::class::NationalClass;
use super::enrolment::StayFacts;
use super::finding::FindingCode;
use super::ids::EnrolmentId;
use super::shown::ShownStay;

/// A stay as it stands before the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredStay {
    /// Its identity through all versions.
    pub enrolment: EnrolmentId,
    /// What was last said.
    pub facts: StayFacts,
    /// First day of its class; `None` = from the beginning (R9).
    pub class_from: Option<NaiveDate>,
    /// Rows of the newest export that showed it; 0 when it is not shown.
    pub rows_shown: u16,
}

/// What becomes of one stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Never seen before.
    Added,
    /// Something changed other than the kinds below.
    Changed,
    /// A 退会日 appeared.
    Closed,
    /// A 退会日 vanished (R5).
    Reopened,
    /// Shown as before (R14).
    Unchanged,
    /// Not shown any more; what was known stands (R6).
    Absent,
}

/// The stay after the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The enrolment it continues; `None` for a new one.
    pub enrolment: Option<EnrolmentId>,
    /// What became of it.
    pub kind: ChangeKind,
    /// A new version to store; `None` when nothing changed.
    pub version: Option<NewVersion>,
    /// What was noticed.
    pub notices: Vec<Notice>,
}

/// A version to append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVersion {
    /// What is known now.
    pub facts: StayFacts,
    /// First day of the class (R9).
    pub class_from: Option<NaiveDate>,
    /// Rows that show it; 0 when absent.
    pub rows_shown: u16,
    /// Row of the export, `None` when no row shows it.
    pub row: Option<u32>,
}

/// A finding about one stay, without the person and the body, which the caller knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// What was noticed.
    pub code: FindingCode,
    /// The date before.
    pub before: Option<NaiveDate>,
    /// The date after.
    pub after: Option<NaiveDate>,
    /// Row of the export.
    pub row: Option<u32>,
}

/// Brings together the standing stays and the shown stays of one physician in one body.
///
/// `on_shown_row` says that the person has a row in the export that could have shown the body: absence is then
/// a blank (R6, second sentence), else a disappearance. The result has one outcome for each stay, in no
/// particular order of meaning but the same for any order of the inputs.
pub fn reconcile(
    standing: &[StoredStay],
    shown: &[ShownStay],
    export_day: NaiveDate,
    on_shown_row: bool,
) -> Vec<Outcome> {
    let pairs = pair(standing, shown);
    let mut out = Vec::with_capacity(shown.len() + standing.len());
    for (stay, stored_index) in shown.iter().zip(&pairs) {
        out.push(match stored_index {
            Some(i) => continue_stay(&standing[*i], stay, export_day),
            None => add_stay(stay),
        });
    }
    let continued: HashSet<usize> = pairs.iter().flatten().copied().collect();
    for (i, stay) in standing.iter().enumerate() {
        if !continued.contains(&i) {
            out.push(absent(stay, export_day, on_shown_row));
        }
    }
    note_overlaps(shown, &mut out);
    out
}

/// For each shown stay the standing stay that it continues: the same 入会日; else a pending application that
/// was admitted (R10); else one that it would overlap and that is no longer shown (R4).
fn pair(standing: &[StoredStay], shown: &[ShownStay]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; shown.len()];
    let mut taken = vec![false; standing.len()];
    let mut link = |pairs: &mut Vec<Option<usize>>, accept: &dyn Fn(&StoredStay, &ShownStay) -> bool| {
        for (j, stay) in shown.iter().enumerate() {
            if pairs[j].is_some() {
                continue;
            }
            // The nearest 入会日 first, so that two corrections at once do not cross.
            let best = (0..standing.len())
                .filter(|&i| !taken[i] && accept(&standing[i], stay))
                .min_by_key(|&i| (distance(&standing[i].facts, &stay.facts), standing[i].enrolment));
            if let Some(i) = best {
                taken[i] = true;
                pairs[j] = Some(i);
            }
        }
    };
    link(&mut pairs, &|old, new| old.facts.joined_on == new.facts.joined_on);
    link(&mut pairs, &|old, new| old.facts.overlaps(&new.facts));
    link(&mut pairs, &|old, new| old.facts.joined_on.is_none() && new.facts.joined_on.is_some());
    pairs
}

fn distance(a: &StayFacts, b: &StayFacts) -> i64 {
    match (a.joined_on, b.joined_on) {
        (Some(a), Some(b)) => (a - b).num_days().abs(),
        _ => i64::MAX,
    }
}

fn add_stay(stay: &ShownStay) -> Outcome {
    let mut notices = Vec::new();
    note_class(&stay.facts, stay.row, &mut notices);
    Outcome {
        enrolment: None,
        kind: ChangeKind::Added,
        version: Some(NewVersion {
            facts: stay.facts.clone(),
            class_from: None,
            rows_shown: stay.rows_shown,
            row: Some(stay.row),
        }),
        notices,
    }
}

fn continue_stay(old: &StoredStay, new: &ShownStay, export_day: NaiveDate) -> Outcome {
    let mut notices = Vec::new();
    // Another word that nobody mapped is a new version, but the class 不明 holds on from its first day (R9).
    let class_changed = old.facts.class != new.facts.class;
    let class_from = if class_changed { Some(export_day) } else { old.class_from };
    let facts_changed = old.facts != new.facts;
    let mut notice = |code, before, after| notices.push(Notice { code, before, after, row: Some(new.row) });
    if let (Some(before), Some(after)) = (old.facts.joined_on, new.facts.joined_on)
        && before != after
    {
        notice(FindingCode::JoinedDayCorrected, Some(before), Some(after));
    }
    match (old.facts.left_on, new.facts.left_on) {
        (Some(before), None) => notice(FindingCode::WithdrawalVanished, Some(before), None),
        (Some(before), Some(after)) if before != after => {
            notice(FindingCode::WithdrawalMoved, Some(before), Some(after));
        }
        _ => {}
    }
    if class_changed {
        notice(FindingCode::ClassChangeEstimated, old.class_from, Some(export_day));
    }
    note_class(&new.facts, new.row, &mut notices);
    let kind = match (old.facts.left_on, new.facts.left_on) {
        _ if !facts_changed => ChangeKind::Unchanged,
        (None, Some(_)) => ChangeKind::Closed,
        (Some(_), None) => ChangeKind::Reopened,
        _ => ChangeKind::Changed,
    };
    let version = (facts_changed || old.rows_shown != new.rows_shown).then(|| NewVersion {
        facts: new.facts.clone(),
        class_from,
        rows_shown: new.rows_shown,
        row: Some(new.row),
    });
    Outcome { enrolment: Some(old.enrolment), kind, version, notices }
}

/// Absence is silence: the facts stand, only the visibility changes. A finding is raised for a stay that had
/// not ended; pending applications and ended stays go quietly.
fn absent(old: &StoredStay, export_day: NaiveDate, on_shown_row: bool) -> Outcome {
    let code = if on_shown_row { FindingCode::UpperTierBlank } else { FindingCode::OpenStayVanished };
    let open = old.facts.joined_on.is_some() && !old.facts.ended_before(export_day);
    let mut notices = Vec::new();
    if open {
        notices.push(Notice { code, before: old.facts.joined_on, after: None, row: None });
    }
    note_class(&old.facts, 0, &mut notices);
    let version = (old.rows_shown != 0).then(|| NewVersion {
        facts: old.facts.clone(),
        class_from: old.class_from,
        rows_shown: 0,
        row: None,
    });
    Outcome { enrolment: Some(old.enrolment), kind: ChangeKind::Absent, version, notices }
}

fn note_class(facts: &StayFacts, row: u32, notices: &mut Vec<Notice>) {
    if facts.class == NationalClass::Unknown && facts.class_text.is_some() {
        let row = (row > 0).then_some(row);
        notices.push(Notice { code: FindingCode::ClassUnmapped, before: facts.joined_on, after: None, row });
    }
}

/// Two stays of one body that are both shown and overlap: a finding; the days count once by R1. A body needs one finding,
/// so that the first other stay that a stay overlaps is enough.
fn note_overlaps(shown: &[ShownStay], out: &mut [Outcome]) {
    for (i, a) in shown.iter().enumerate() {
        if let Some(b) = shown[i + 1..].iter().find(|b| a.facts.overlaps(&b.facts)) {
            out[i].notices.push(Notice {
                code: FindingCode::StaysOverlap,
                before: a.facts.joined_on,
                after: b.facts.joined_on,
                row: Some(b.row),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::association::Tier;
    use super::super::enrolment::{SourceStatus, WithdrawalReason};
    use super::super::ids::AssociationId;
    use super::*;
    use crate::written::day;

    fn facts(joined: &str, left: &str) -> StayFacts {
        let date = |text: &str| (!text.is_empty()).then(|| day(text));
        StayFacts {
            wished_on: None,
            joined_on: date(joined),
            left_on: date(left),
            class: NationalClass::B,
            class_text: None,
            reason: WithdrawalReason::None,
            reason_text: None,
            status: SourceStatus::Active,
        }
    }

    fn standing(id: i64, joined: &str, left: &str) -> StoredStay {
        StoredStay { enrolment: EnrolmentId(id), facts: facts(joined, left), class_from: None, rows_shown: 1 }
    }

    fn shown(joined: &str, left: &str) -> ShownStay {
        ShownStay {
            tier: Tier::Local,
            association: AssociationId(1),
            facts: facts(joined, left),
            row: 2,
            rows_shown: 1,
        }
    }

    fn codes(outcome: &Outcome) -> Vec<FindingCode> {
        outcome.notices.iter().map(|notice| notice.code).collect()
    }

    #[test]
    fn corrected_joining_day_continues_the_stay() {
        let out = reconcile(&[standing(7, "2010-04-01", "")], &[shown("2010-04-11", "")], day("2025-04-30"), false);
        assert_eq!(out.len(), 1);
        assert_eq!(out[0].enrolment, Some(EnrolmentId(7)));
        assert_eq!(codes(&out[0]), [FindingCode::JoinedDayCorrected]);
    }

    #[test]
    fn rejoin_after_known_exit_is_a_second_stay() {
        let out =
            reconcile(&[standing(7, "2000-04-01", "2025-03-15")], &[shown("2025-05-01", "")], day("2025-05-31"), false);
        assert_eq!(out.iter().map(|o| o.kind).collect::<Vec<_>>(), [ChangeKind::Added, ChangeKind::Absent]);
        assert!(out.iter().all(|o| o.notices.is_empty()));
    }

    #[test]
    fn leave_and_rejoin_on_one_day_do_not_overlap() {
        let shown = [shown("1999-04-01", "2025-04-10"), shown("2025-04-10", "")];
        let out = reconcile(&[standing(7, "1999-04-01", "")], &shown, day("2025-04-30"), false);
        assert_eq!(out.iter().map(|o| o.kind).collect::<Vec<_>>(), [ChangeKind::Closed, ChangeKind::Added]);
        assert!(out.iter().all(|o| o.notices.is_empty()));
    }

    #[test]
    fn both_shown_and_overlapping_is_a_finding() {
        let shown = [shown("2010-04-01", ""), shown("2012-04-01", "")];
        let out = reconcile(&[], &shown, day("2025-04-30"), false);
        assert_eq!(codes(&out[0]), [FindingCode::StaysOverlap]);
    }

    #[test]
    fn open_stay_that_vanishes_stands_with_a_finding() {
        let out = reconcile(&[standing(7, "2008-08-01", "")], &[], day("2025-04-30"), false);
        assert_eq!(out[0].kind, ChangeKind::Absent);
        assert_eq!(codes(&out[0]), [FindingCode::OpenStayVanished]);
        let version = out[0].version.as_ref().expect("visibility changed");
        assert_eq!((version.rows_shown, version.facts.joined_on), (0, Some(day("2008-08-01"))));
    }

    #[test]
    fn stay_whose_last_day_is_the_export_day_has_not_ended() {
        let out = reconcile(&[standing(7, "2008-08-01", "2025-04-30")], &[], day("2025-04-30"), false);
        assert_eq!(codes(&out[0]), [FindingCode::OpenStayVanished]);
        let out = reconcile(&[standing(7, "2008-08-01", "2025-04-29")], &[], day("2025-04-30"), false);
        assert_eq!(codes(&out[0]), []);
    }

    #[test]
    fn pending_application_is_admitted_in_place() {
        let out = reconcile(&[standing(7, "", "")], &[shown("2025-05-20", "")], day("2025-05-31"), false);
        assert_eq!((out[0].enrolment, out[0].kind), (Some(EnrolmentId(7)), ChangeKind::Changed));
        assert!(out[0].notices.is_empty());
    }

    #[test]
    fn vanished_withdrawal_reopens() {
        let out =
            reconcile(&[standing(7, "2001-06-01", "2025-06-30")], &[shown("2001-06-01", "")], day("2025-04-30"), false);
        assert_eq!(out[0].kind, ChangeKind::Reopened);
        assert_eq!(codes(&out[0]), [FindingCode::WithdrawalVanished]);
    }

    #[test]
    fn class_change_holds_from_the_export_that_shows_it() {
        let mut changed = shown("2001-06-01", "");
        changed.facts.class = NationalClass::A1;
        let out = reconcile(&[standing(7, "2001-06-01", "")], &[changed], day("2025-04-30"), false);
        let version = out[0].version.as_ref().expect("the class changed");
        assert_eq!(version.class_from, Some(day("2025-04-30")));
        assert_eq!(codes(&out[0]), [FindingCode::ClassChangeEstimated]);
    }

    /// 特別 in one export, 賛助 in the next: both count as unknown, which holds from the first of them (R9).
    #[test]
    fn other_unmapped_word_is_no_other_class() {
        let of_word = |word: &str| {
            let mut facts = shown("2001-06-01", "").facts;
            (facts.class, facts.class_text) = (NationalClass::Unknown, Some(word.into()));
            facts
        };
        let old =
            StoredStay {
                facts: of_word("特別"), class_from: Some(day("2025-03-31")), ..standing(7, "2001-06-01", "")
            };
        let new = ShownStay { facts: of_word("賛助"), ..shown("2001-06-01", "") };
        let out = reconcile(&[old], &[new], day("2025-04-30"), false);
        let version = out[0].version.as_ref().expect("the word changed");
        assert_eq!(version.class_from, Some(day("2025-03-31")));
        assert_eq!(codes(&out[0]), [FindingCode::ClassUnmapped]);
    }
}
