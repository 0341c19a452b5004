//! How adjustments meet the stays: each overrides one fact until an export after it says something new about it.

use chrono::NaiveDate;

use super::draft::{ClassEntry, Draft, Filed, Table};
use crate::domain::adjustment::{Adjustment, AdjustmentKind};
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{KnownStay, ReportedBy, ReportedFacts, SourceStatus, WithdrawalReason};
use crate::domain::finding::FindingCode;
use crate::domain::ids::{EnrolmentId, SourceId};

impl Table<'_> {
    pub(super) fn take_adjustment(&mut self, adjustment: &Adjustment, learnt: NaiveDate, source: SourceId) {
        match adjustment.kind {
            // These are about persons and findings, not about one stay.
            AdjustmentKind::SamePerson | AdjustmentKind::Acknowledged => return,
            AdjustmentKind::Joined => return self.add_stay(adjustment, learnt, source),
            _ => {}
        }
        let filed = Filed::adjustment(adjustment);
        let stays = self.targets(adjustment, learnt);
        if stays.is_empty() {
            self.dispute(FindingCode::AdjustmentWithoutStay, &filed, None);
        }
        for i in stays {
            let draft = &mut self.drafts[i];
            // A confirmation resolves one disappearance; a stay that comes back and goes again is a new question.
            if adjustment.kind == AdjustmentKind::StillMember && draft.shown_after(learnt).next().is_some() {
                continue;
            }
            // It answers a disappearance, not one that is still to come.
            let is_shown = draft.reported_on(learnt).is_some_and(|version| version.rows_shown > 0);
            if adjustment.kind == AdjustmentKind::StillMember && is_shown {
                let joined_on = draft.stay.joined_on;
                self.dispute(FindingCode::AdjustmentWithoutStay, &filed, joined_on);
                continue;
            }
            let shown = match adjustment.kind {
                AdjustmentKind::Left | AdjustmentKind::Reopened => draft.stay.left_on,
                _ => draft.stay.joined_on,
            };
            if is_overtaken(draft, adjustment, learnt) {
                self.dispute(FindingCode::AdjustmentOvertaken, &filed, shown);
            } else if apply(draft, adjustment, learnt) {
                if adjustment.kind == AdjustmentKind::Class && tells_other_class(draft, adjustment, learnt) {
                    self.dispute(FindingCode::AdjustmentOvertaken, &filed, shown);
                }
            } else {
                self.dispute(FindingCode::AdjustmentWithoutStay, &filed, shown);
            }
        }
    }

    /// The stay that an adjustment is about, as each source tells it: the one with the 入会日 that exports showed on
    /// its day, or that holds now; without a day the newest that was known on its day, for what exports show later is
    /// not what a person meant. Where none was known yet, the newest of those told first.
    fn targets(&self, adjustment: &Adjustment, learnt: NaiveDate) -> Vec<usize> {
        let of_body = (0..self.drafts.len()).filter(|&i| {
            let draft = &self.drafts[i];
            Some(draft.stay.association) == adjustment.association && !draft.is_void
        });
        let Some(wanted) = adjustment.stay_joined_on else {
            return self.newest_known(&of_body.collect::<Vec<_>>(), learnt);
        };
        let began = |i: &usize| {
            let draft = &self.drafts[*i];
            let told = draft.reported_by_sources_on(learnt);
            draft.stay.joined_on == Some(wanted) || told.iter().any(|version| version.facts.joined_on == Some(wanted))
        };
        of_body.filter(began).collect()
    }

    /// Of some stays those that began last among the ones known on a day; where none was, among those told first.
    fn newest_known(&self, drafts: &[usize], day: NaiveDate) -> Vec<usize> {
        let stay = |i: usize| &self.drafts[i].stay;
        let until = drafts.iter().map(|&i| stay(i).first_known_from).min().map_or(day, |first| first.max(day));
        let mut known = drafts.to_vec();
        known.retain(|&i| stay(i).first_known_from <= until);
        let newest = known.iter().map(|&i| stay(i).joined_on).max();
        known.retain(|&i| Some(stay(i).joined_on) == newest);
        known
    }

    /// A stay that no export shows. Once exports show one that overlaps it or begins later, they speak; one that ends
    /// on its first day only touches it (R1).
    fn add_stay(&mut self, adjustment: &Adjustment, learnt: NaiveDate, source: SourceId) {
        let filed = Filed::adjustment(adjustment);
        let (Some(day), Some(association)) = (adjustment.day, adjustment.association) else { return };
        let shown = self
            .drafts
            .iter()
            .filter(|draft| draft.stay.association == association && !draft.is_void && !draft.chain.is_empty())
            .filter(|draft| draft.stay.left_on.is_none_or(|left| left > day) || draft.stay.joined_on >= Some(day))
            .filter_map(|draft| draft.stay.joined_on)
            .min();
        if let Some(joined) = shown {
            if joined != day {
                self.dispute(FindingCode::AdjustmentOvertaken, &filed, Some(joined));
            }
            return;
        }
        let n_added = self.drafts.iter().filter(|draft| draft.chain.is_empty()).count();
        // Stays of exports have ids from 1; these are never stored. Of two of one day the one learnt later speaks (R1).
        let enrolment = EnrolmentId(i64::try_from(n_added).map_or(-1, |n| i64::MIN + n));
        let class = adjustment.class.unwrap_or(NationalClass::Unknown);
        self.drafts.push(Draft {
            chain: &[],
            by_source: &[],
            stay: KnownStay {
                enrolment,
                source,
                physician: self.physician,
                association,
                joined_on: Some(day),
                left_on: None,
                class,
                reason: WithdrawalReason::None,
                status: SourceStatus::Unknown,
                rows_shown: 0,
                joined_known_from: learnt,
                left_known_from: None,
                left_shown_from: None,
                first_known_from: learnt,
                told: ReportedFacts::all(ReportedBy::Adjustment),
            },
            classes: vec![ClassEntry {
                class,
                from: None,
                shown_on: learnt,
                learnt,
                reported_by: ReportedBy::Adjustment,
            }],
            reason_filed: None,
            is_confirmed: true,
            is_void: false,
        });
    }
}

/// Whether an export after an adjustment says something new about what it decides.
fn is_overtaken(draft: &Draft<'_>, adjustment: &Adjustment, learnt: NaiveDate) -> bool {
    match adjustment.kind {
        AdjustmentKind::Left | AdjustmentKind::Reopened => {
            draft.stay.left_on != adjustment.day && draft.is_overtaken(learnt, |version| version.facts.left_on)
        }
        AdjustmentKind::JoinedDay => {
            draft.stay.joined_on != adjustment.day && draft.is_overtaken(learnt, |version| version.facts.joined_on)
        }
        // Another class holds from its own day on; only a stay that comes back speaks for the days before.
        AdjustmentKind::Class => {
            let was_shown = draft.reported_on(learnt).is_none_or(|version| version.rows_shown > 0);
            !was_shown && draft.shown_after(learnt).any(|version| Some(version.facts.class) != adjustment.class)
        }
        AdjustmentKind::NeverMember => {
            draft.is_overtaken(learnt, |version| (version.facts.joined_on, version.facts.left_on))
        }
        AdjustmentKind::StillMember
        | AdjustmentKind::Joined
        | AdjustmentKind::SamePerson
        | AdjustmentKind::Acknowledged => false,
    }
}

/// Whether an export after an adjustment of the class shows neither the decided class nor one of before.
fn tells_other_class(draft: &Draft<'_>, adjustment: &Adjustment, learnt: NaiveDate) -> bool {
    let before: Vec<_> = draft.reported_by_sources_on(learnt).into_iter().map(|version| version.facts.class).collect();
    let mut shown = draft.news_after(learnt).map(|version| version.facts.class);
    shown.any(|class| !before.contains(&class) && Some(class) != adjustment.class)
}

/// Does what an adjustment decides to the stay it is about; false when the days contradict each other.
fn apply(draft: &mut Draft<'_>, adjustment: &Adjustment, learnt: NaiveDate) -> bool {
    let in_order = |joined: Option<NaiveDate>, left: Option<NaiveDate>| match (joined, left) {
        (Some(joined), Some(left)) => joined <= left,
        (None, Some(_)) => false,
        _ => true,
    };
    match adjustment.kind {
        AdjustmentKind::Left => {
            if !in_order(draft.stay.joined_on, adjustment.day) {
                return false;
            }
            // A blank is silence: another day does not make a death an exit of another kind (R22).
            let reason = Some(adjustment.reason).filter(|reason| *reason != WithdrawalReason::None);
            let reason = reason.unwrap_or(draft.stay.reason);
            draft.set_left_on(adjustment.day, reason, learnt, ReportedBy::Adjustment);
            // Whoever gave a day to a stay that exports no longer show knows of it (R6).
            draft.is_confirmed |= draft.reported_on(learnt).is_some_and(|version| version.rows_shown == 0);
        }
        AdjustmentKind::Reopened => {
            draft.set_left_on(None, WithdrawalReason::None, learnt, ReportedBy::Adjustment);
        }
        AdjustmentKind::JoinedDay => {
            if !in_order(adjustment.day, draft.stay.left_on) {
                return false;
            }
            draft.stay.joined_on = adjustment.day;
            draft.stay.joined_known_from = learnt;
            draft.stay.told.joined_on = ReportedBy::Adjustment;
        }
        AdjustmentKind::Class => {
            let Some(class) = adjustment.class else { return false };
            set_class(&mut draft.classes, class, adjustment.day, learnt);
        }
        AdjustmentKind::NeverMember => draft.is_void = true,
        AdjustmentKind::StillMember => draft.is_confirmed = true,
        AdjustmentKind::Joined | AdjustmentKind::SamePerson | AdjustmentKind::Acknowledged => {}
    }
    true
}

/// The decided class holds from its day until the next class that was learnt afterwards.
fn set_class(entries: &mut Vec<ClassEntry>, class: NationalClass, from: Option<NaiveDate>, learnt: NaiveDate) {
    let later: Vec<ClassEntry> = entries.iter().filter(|entry| entry.learnt > learnt).copied().collect();
    entries.retain(|entry| entry.learnt <= learnt && entry.from < from);
    entries.push(ClassEntry { class, from, shown_on: learnt, learnt, reported_by: ReportedBy::Adjustment });
    entries.extend(later);
}
