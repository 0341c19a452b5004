//! How applications meet the stays of the member file (R22, R9). They add a withdrawal that no export tells and the
//! day of a class change; everything else they only confirm or dispute.

use chrono::NaiveDate;

use super::draft::{ClassEntry, Draft, Filed, Table};
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus};
use crate::domain::enrolment::ReportedBy;
use crate::domain::finding::FindingCode;
use crate::domain::ids::AssociationId;

impl Table<'_> {
    pub(super) fn take_application(&mut self, application: &Application, learnt: NaiveDate) {
        match (application.kind, application.status) {
            (ApplicationKind::Withdrawal, ApplicationStatus::Approved) => {
                self.take_withdrawal(application, learnt);
            }
            (ApplicationKind::Withdrawal, ApplicationStatus::Cancelled) => self.check_cancelled(application),
            (ApplicationKind::Joining, ApplicationStatus::Approved) => self.check_joining(application),
            (ApplicationKind::ClassChange, ApplicationStatus::Approved) => self.take_class_change(application),
            // What is not approved changes nothing; audits list it (保留, 承認漏れ).
            _ => {}
        }
    }

    /// The stay of a body that began last on or before a day, as each source tells it; `None` when there is none.
    fn newest_before(&self, association: AssociationId, day: NaiveDate) -> Vec<usize> {
        let joined = |draft: &Draft<'_>| draft.stay.joined_on.filter(|joined| *joined <= day);
        let of_body = || (0..self.drafts.len()).filter(|&i| self.drafts[i].stay.association == association);
        let newest = of_body().filter_map(|i| joined(&self.drafts[i])).max();
        of_body().filter(|&i| newest.is_some() && joined(&self.drafts[i]) == newest).collect()
    }

    /// The stay that a withdrawal with this day may end: the one that began last on or before it. One that begins on the
    /// very day is none while another is open until then: left and joined again within one day.
    fn ended_by(&self, association: AssociationId, day: NaiveDate) -> Vec<usize> {
        let newest = self.newest_before(association, day);
        if !newest.iter().any(|&i| self.drafts[i].stay.joined_on == Some(day)) {
            return newest;
        }
        let is_open = |i: &usize| {
            let stay = &self.drafts[*i].stay;
            stay.association == association
                && stay.joined_on.is_some_and(|joined| joined < day)
                && stay.left_on.is_none()
        };
        let open: Vec<usize> = (0..self.drafts.len()).filter(is_open).collect();
        let last = open.iter().map(|&i| self.drafts[i].stay.joined_on).max();
        let of_last: Vec<usize> = open.into_iter().filter(|&i| Some(self.drafts[i].stay.joined_on) == last).collect();
        if of_last.is_empty() { newest } else { of_last }
    }

    /// An approved withdrawal that no export tells counts, with its source named (R22). Where the exports tell
    /// another day, they stand; where they told a day and took it back later, they are the newer word (R5).
    fn take_withdrawal(&mut self, application: &Application, learnt: NaiveDate) {
        let filed = Filed::application(application);
        let Some(day) = application.effective_on else { return self.hear_reason_without_day(application) };
        let stays = self.ended_by(application.association, day);
        if stays.is_empty() {
            self.dispute(FindingCode::ApplicationWithoutStay, &filed, None);
        }
        // Left and joined again by that day, as in a move within one day: it is about the stay that ends on the day.
        let newest = stays.iter().filter_map(|&i| self.drafts[i].stay.joined_on).max();
        let ends_on_the_day = |draft: &&mut Draft<'_>| {
            let stay = &draft.stay;
            let is_earlier = stay.joined_on.is_some() && stay.joined_on < newest;
            stay.association == application.association && is_earlier && stay.left_on == Some(day)
        };
        let mut is_about_earlier = false;
        for draft in self.drafts.iter_mut().filter(ends_on_the_day) {
            draft.was_reported(learnt, application.reason);
            is_about_earlier = true;
        }
        if is_about_earlier {
            return;
        }
        for i in stays {
            let draft = &mut self.drafts[i];
            let (code, shown) = match draft.stay.left_on {
                Some(left) if left == day => {
                    // Both say so; whoever said it first made it known.
                    draft.was_reported(learnt, application.reason);
                    continue;
                }
                // No export tells a day: an application that was learnt earlier speaks for the stay.
                Some(left) if draft.stay.told.left_on == ReportedBy::Application => {
                    draft.hear_reason(application.reason, false);
                    (FindingCode::TwoWithdrawalsApplied, Some(left))
                }
                Some(left) => {
                    draft.hear_reason(application.reason, false);
                    (FindingCode::WithdrawalDayDiffers, Some(left))
                }
                None if draft.took_back_after(learnt) => (FindingCode::WithdrawalDayDiffers, None),
                None => {
                    draft.set_left_on(Some(day), application.reason, learnt, ReportedBy::Application);
                    (FindingCode::WithdrawalOnlyApplied, None)
                }
            };
            self.dispute(code, &filed, shown);
        }
    }

    /// Without 適用日 an approved withdrawal ends nothing, but the last stay of the body, where it has ended, has its reason:
    /// a death is a death in every table (R22).
    fn hear_reason_without_day(&mut self, application: &Application) {
        for i in self.newest_before(application.association, NaiveDate::MAX) {
            let draft = &mut self.drafts[i];
            if draft.stay.left_on.is_some() {
                draft.hear_reason(application.reason, false);
            }
        }
    }

    fn check_cancelled(&mut self, application: &Application) {
        let filed = Filed::application(application);
        let Some(day) = application.effective_on else { return };
        let stays = self.newest_before(application.association, day);
        if stays.iter().any(|&i| self.drafts[i].stay.left_on == Some(day)) {
            self.dispute(FindingCode::CancelledWithdrawalShown, &filed, Some(day));
        }
    }

    fn check_joining(&mut self, application: &Application) {
        let filed = Filed::application(application);
        let Some(day) = application.effective_on else { return };
        let of_body = || self.drafts.iter().filter(|draft| draft.stay.association == application.association);
        if of_body().any(|draft| draft.stay.joined_on == Some(day)) {
            return;
        }
        // A stay that was to begin on that day and began on another one overlaps it.
        let covering = of_body().filter(|draft| draft.covers(day)).filter_map(|draft| draft.stay.joined_on).max();
        let code = if covering.is_some() { FindingCode::JoinedDayDiffers } else { FindingCode::ApplicationWithoutStay };
        self.dispute(code, &filed, covering);
    }

    /// A class change takes its day from the application (R9): of the changes to this class the nearest one.
    fn take_class_change(&mut self, application: &Application) {
        let filed = Filed::application(application);
        let (Some(day), Some(class)) = (application.effective_on, application.class) else { return };
        let stays = self.newest_before(application.association, day);
        if stays.is_empty() {
            self.dispute(FindingCode::ApplicationWithoutStay, &filed, None);
        }
        for i in stays {
            let classes = &mut self.drafts[i].classes;
            // From the export that showed it: another application may have moved its first day already.
            let distance = |entry: &ClassEntry| (entry.shown_on - day).num_days().abs();
            let to_class = classes.iter_mut().filter(|entry| entry.class == class && entry.from.is_some());
            if let Some(entry) = to_class.min_by_key(|entry| distance(entry)) {
                (entry.from, entry.reported_by) = (Some(day), ReportedBy::Application);
            } else if classes.first().is_none_or(|first| first.class != class) {
                // The class before the first export began earlier than anything known; else nobody shows it.
                self.dispute(FindingCode::ClassNotShown, &filed, None);
            }
        }
    }
}
