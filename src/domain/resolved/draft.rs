//! Stays while they are being resolved: what exports say, then applications, then adjustments.

use chrono::NaiveDate;

use super::evidence::Evidence;
use super::outcome::{Dispute, Resolved, ResolvedStay};
use super::sources::{Chain, Days, Joint, OneStay};
use crate::domain::adjustment::Adjustment;
use crate::domain::application::Application;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{EnrolmentVersion, KnownStay, ReportedBy, ReportedFacts, WithdrawalReason};
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, PhysicianId};

/// A class with its first day and the day on which it was learnt.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClassEntry {
    pub(super) class: NationalClass,
    pub(super) from: Option<NaiveDate>,
    /// Day of the file that brought it.
    pub(super) shown_on: NaiveDate,
    /// Since when whoever says it has been saying it: earlier where another source spoke meanwhile (R26).
    pub(super) learnt: NaiveDate,
    pub(super) reported_by: ReportedBy,
}

/// A stay while it is being resolved.
pub(super) struct Draft<'v> {
    /// Known words of the exports; empty for a stay that only an adjustment tells.
    pub(super) chain: &'v [EnrolmentVersion],
    /// Where several sources tell of the stay, what each of them says.
    pub(super) by_source: &'v [Chain<'v>],
    pub(super) stay: KnownStay,
    pub(super) classes: Vec<ClassEntry>,
    /// Whether the reason is that of an application, and then whether of one for the very 退会日 (R22).
    pub(super) reason_filed: Option<bool>,
    pub(super) is_confirmed: bool,
    pub(super) is_void: bool,
}

impl<'v> Draft<'v> {
    /// `class_since` is empty where one source tells.
    pub(super) fn of(
        chain: &'v [EnrolmentVersion],
        class_since: &[NaiveDate],
        by_source: &'v [Chain<'v>],
    ) -> Option<Self> {
        let (first, current) = (chain.first()?, chain.last()?);
        let left_on = current.facts.left_on;
        let joined_on = current.facts.joined_on;
        let same_joined = chain.iter().rev().take_while(|version| version.facts.joined_on == joined_on).last();
        let same_left = chain.iter().rev().take_while(|version| version.facts.left_on == left_on).last();
        Some(Self {
            chain,
            by_source,
            stay: KnownStay {
                enrolment: current.enrolment,
                source: current.source,
                physician: current.physician,
                association: current.association,
                joined_on,
                left_on,
                class: current.facts.class,
                reason: current.facts.reason,
                status: current.facts.status,
                rows_shown: current.rows_shown,
                joined_known_from: same_joined.map_or(first.known_from, |version| version.known_from),
                left_known_from: left_on.and(same_left).map(|version| version.known_from),
                left_shown_from: left_on.and(same_left).map(|version| version.known_from),
                first_known_from: first.known_from,
                told: ReportedFacts::all(ReportedBy::Export),
            },
            classes: class_entries(chain, class_since),
            reason_filed: None,
            is_confirmed: false,
            is_void: false,
        })
    }

    /// What each source says; of a stay that one source tells, that one.
    pub(super) fn sources(&self) -> impl Iterator<Item = Chain<'v>> {
        let alone = self.by_source.is_empty().then_some(self.chain);
        self.by_source.iter().copied().chain(alone)
    }

    /// What each source had said by the end of a day; the first word of all where none had said anything.
    pub(super) fn reported_by_sources_on(&self, day: NaiveDate) -> Vec<&'v EnrolmentVersion> {
        let last = |chain: Chain<'v>| chain.iter().rfind(|version| version.known_from <= day);
        let told: Vec<&EnrolmentVersion> = self.sources().filter_map(last).collect();
        if told.is_empty() { self.chain.first().into_iter().collect() } else { told }
    }

    /// Versions that any source brought after a day and that show the stay.
    pub(super) fn news_after(&self, day: NaiveDate) -> impl Iterator<Item = &'v EnrolmentVersion> {
        let is_news = move |version: &&EnrolmentVersion| version.known_from > day && version.rows_shown > 0;
        self.sources().flatten().filter(is_news)
    }

    /// What the exports had said by the end of a day; their first word when the day is earlier.
    pub(super) fn reported_on(&self, day: NaiveDate) -> Option<&'v EnrolmentVersion> {
        self.chain.iter().rev().find(|version| version.known_from <= day).or(self.chain.first())
    }

    /// Versions that exports after a day brought and that show the stay.
    pub(super) fn shown_after(&self, day: NaiveDate) -> impl Iterator<Item = &'v EnrolmentVersion> {
        self.chain.iter().filter(move |version| version.known_from > day && version.rows_shown > 0)
    }

    /// Whether an export after a day says something new: it shows a stay again that was not shown on that day, or
    /// another value of one fact than any source had told on that day.
    pub(super) fn is_overtaken<T: PartialEq>(&self, day: NaiveDate, fact: impl Fn(&EnrolmentVersion) -> T) -> bool {
        let Some(base) = self.reported_on(day) else { return false };
        if base.rows_shown == 0 && self.shown_after(day).next().is_some() {
            return true;
        }
        let told: Vec<T> = self.reported_by_sources_on(day).into_iter().map(&fact).collect();
        self.news_after(day).any(|version| !told.contains(&fact(version)))
    }

    pub(super) fn set_left_on(
        &mut self,
        left_on: Option<NaiveDate>,
        reason: WithdrawalReason,
        learnt: NaiveDate,
        reported_by: ReportedBy,
    ) {
        self.stay.told.left_on = reported_by;
        self.stay.left_on = left_on;
        self.stay.reason = reason;
        self.stay.left_known_from = left_on.map(|_| learnt);
        self.stay.left_shown_from = None;
    }

    /// An application told the 退会日 too, on some day: it is known since the first of them.
    pub(super) fn was_reported(&mut self, learnt: NaiveDate, reason: WithdrawalReason) {
        self.stay.left_known_from = self.stay.left_known_from.map(|known| known.min(learnt));
        self.hear_reason(reason, true);
    }

    /// A reason that the list leaves blank is that of the application about the stay; of several the one for the very
    /// 退会日 speaks, else the one learnt first (R22).
    pub(super) fn hear_reason(&mut self, reason: WithdrawalReason, is_its_day: bool) {
        let is_blank = self.stay.reason == WithdrawalReason::None;
        if reason != WithdrawalReason::None && (is_blank || (is_its_day && self.reason_filed == Some(false))) {
            self.stay.reason = reason;
            self.reason_filed = Some(is_its_day);
        }
    }

    /// Whether exports that are not older than a day took back a 退会日 that they had told. Another source that tells none
    /// takes nothing back.
    pub(super) fn took_back_after(&self, day: NaiveDate) -> bool {
        self.sources().any(|chain| {
            let told = chain.iter().rposition(|version| version.facts.left_on.is_some());
            told.and_then(|i| chain.get(i + 1)).is_some_and(|version| version.known_from >= day)
        })
    }

    pub(super) fn covers(&self, day: NaiveDate) -> bool {
        self.stay.joined_on.is_some_and(|joined| joined <= day) && self.stay.left_on.is_none_or(|left| day <= left)
    }
}

/// The classes that versions assert; versions in a row with one class are one assertion, and the last word on its
/// first day stands (R9).
fn class_entries(chain: &[EnrolmentVersion], class_since: &[NaiveDate]) -> Vec<ClassEntry> {
    let mut out: Vec<ClassEntry> = Vec::with_capacity(1);
    for (nth, version) in chain.iter().enumerate() {
        match out.last_mut() {
            Some(last) if last.class == version.facts.class => last.from = version.class_from,
            _ => out.push(ClassEntry {
                class: version.facts.class,
                from: version.class_from,
                shown_on: version.known_from,
                learnt: class_since.get(nth).copied().unwrap_or(version.known_from),
                reported_by: ReportedBy::Export,
            }),
        }
    }
    if let Some(first) = out.first_mut() {
        // Before the first export, the first class seen.
        first.from = None;
    }
    out
}

/// All stays of one person while they are being resolved.
pub(super) struct Table<'v> {
    pub(super) drafts: Vec<Draft<'v>>,
    pub(super) disputes: Vec<Dispute>,
    pub(super) physician: PhysicianId,
}

impl<'v> Table<'v> {
    /// Each chain is a stay.
    pub(super) fn of_chains(physician: PhysicianId, chains: &[Chain<'v>]) -> Self {
        let drafts = chains.iter().filter_map(|chain| Draft::of(chain, &[], &[])).collect();
        Self { drafts, disputes: Vec::new(), physician }
    }

    pub(super) fn of_several_sources(physician: PhysicianId, joint: &'v Joint<'v>) -> Self {
        let draft = |stay: &'v OneStay<'v>| Draft::of(&stay.words, &stay.class_since, &stay.by_source);
        Self { drafts: joint.stays.iter().filter_map(draft).collect(), disputes: Vec::new(), physician }
    }

    /// Applications first, then adjustments, each in the order in which they were learnt.
    pub(super) fn hear(mut self, evidence: &Evidence<'_>) -> Self {
        for (learnt, version) in &evidence.applications {
            self.take_application(&version.application, *learnt);
        }
        for (learnt, version) in &evidence.adjustments {
            self.take_adjustment(&version.adjustment, *learnt, version.source);
        }
        self
    }

    /// The days of the first stays, those that exports tell.
    pub(super) fn days_of(&self, n_stays: usize) -> Vec<Days> {
        let days = |draft: &Draft<'_>| Days {
            joined_on: draft.stay.joined_on,
            left_on: draft.stay.left_on,
            is_void: draft.is_void,
        };
        self.drafts.iter().take(n_stays).map(days).collect()
    }

    pub(super) fn dispute(&mut self, code: FindingCode, filed_by: &Filed<'_>, shown: Option<NaiveDate>) {
        let of_body = self.drafts.iter().filter(|draft| Some(draft.stay.association) == filed_by.association);
        let shown_since = of_body.filter_map(|draft| Some(draft.chain.last()?.known_from)).max();
        self.disputes.push(Dispute {
            shown_since,
            code,
            physician: filed_by.physician,
            association: filed_by.association,
            shown,
            filed: filed_by.day,
            number: filed_by.number.into(),
        });
    }

    pub(super) fn finish(self) -> Resolved {
        let mut stays: Vec<ResolvedStay> = self
            .drafts
            .into_iter()
            .filter(|draft| !draft.is_void)
            .map(|draft| ResolvedStay {
                stay: with_last_class(&draft, self.physician),
                classes: draft.classes.iter().map(|entry| (entry.class, entry.from)).collect(),
                is_confirmed: draft.is_confirmed,
            })
            .collect();
        stays.sort_by_key(|resolved| (resolved.stay.association, resolved.stay.enrolment));
        Resolved { stays, disputes: self.disputes, ..Resolved::default() }
    }
}

/// The stay under the number that stays, with the class that stands.
fn with_last_class(draft: &Draft<'_>, physician: PhysicianId) -> KnownStay {
    let mut stay = KnownStay { physician, ..draft.stay };
    if let Some(last) = draft.classes.last() {
        (stay.class, stay.told.class) = (last.class, last.reported_by);
    }
    stay
}

/// Who says so: the fields that a dispute takes from an application or an adjustment.
pub(super) struct Filed<'a> {
    pub(super) physician: PhysicianId,
    pub(super) association: Option<AssociationId>,
    pub(super) day: Option<NaiveDate>,
    pub(super) number: &'a str,
}

impl<'a> Filed<'a> {
    pub(super) fn application(application: &'a Application) -> Self {
        Self {
            physician: application.physician,
            association: Some(application.association),
            day: application.effective_on,
            number: &application.number,
        }
    }

    pub(super) fn adjustment(adjustment: &'a Adjustment) -> Self {
        Self {
            physician: adjustment.physician,
            association: adjustment.association,
            day: adjustment.day,
            number: &adjustment.number,
        }
    }
}
