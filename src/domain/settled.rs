//! The stays of one person as known on a day, after applications (R22, R9) and adjustments had their say.
//!
//! Three voices speak about a stay: the member exports, the applications, and the adjustments that a person
//! approved. The newest member export is the rule; an application adds a withdrawal that no export tells and the
//! day of a class change; an adjustment overrides both until an export says something new. What disagrees comes
//! back as a [`Dispute`]. This module knows neither files nor the store, and does not count: [`super::membership`]
//! makes days of its answer. Start reading at [`settle`].

use chrono::NaiveDate;

use super::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use super::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion};
use super::as_of::KnownAt;
use super::class::NationalClass;
use super::enrolment::{EnrolmentVersion, KnownStay, SourceStatus, ToldBy, WithdrawalReason};
use super::finding::FindingCode;
use super::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};

/// What was learnt about one person beside the member files: all versions, in any order.
#[derive(Debug, Clone, Copy, Default)]
pub struct Corrections<'a> {
    /// Versions of applications.
    pub applications: &'a [ApplicationVersion],
    /// Versions of adjustments.
    pub adjustments: &'a [AdjustmentVersion],
}

/// The classes of a stay, each with its first day; `None` = from the beginning. The last stands.
pub type Classes = Vec<(NationalClass, Option<NaiveDate>)>;

/// One stay as settled on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledStay {
    /// The stay.
    pub stay: KnownStay,
    /// Its classes, at least one.
    pub classes: Classes,
    /// Whether a person confirmed that the stay goes on although exports no longer show it (在籍確認).
    pub is_confirmed: bool,
}

/// Where two voices disagree about a stay. It names no person beyond the surrogate id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// What was noticed.
    pub code: FindingCode,
    /// About whom.
    pub physician: PhysicianId,
    /// In which body.
    pub association: Option<AssociationId>,
    /// What the exports say.
    pub shown: Option<NaiveDate>,
    /// What the application or the adjustment says.
    pub filed: Option<NaiveDate>,
    /// Number of the application or adjustment.
    pub number: Box<str>,
}

/// What is known of a person on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// Stays by body and enrolment; those that an adjustment declared void are not among them.
    pub stays: Vec<SettledStay>,
    /// Disagreements, in the order of the files that brought them.
    pub disputes: Vec<Dispute>,
}

/// Brings together what was known of one person at the end of a day.
///
/// `versions` are the versions of all stays of the person that were ever known for a day or more, in the order
/// (body, enrolment, known_from); of several numbers that are one person, one after the other, and all stays come
/// back under `physician`. Whatever was learnt after `known_at` is passed over.
pub fn settle(
    physician: PhysicianId,
    versions: &[EnrolmentVersion],
    corrections: &Corrections<'_>,
    known_at: KnownAt,
) -> Settled {
    let mut table = Table::new(physician, versions, known_at);
    let mut applications: Vec<&ApplicationVersion> =
        corrections.applications.iter().filter(|version| version.known_on(known_at.0)).collect();
    applications.sort_by_key(|version| (version.known_from, version.application.key()));
    for version in applications {
        table.take_application(&version.application, version.known_from, version.source);
    }
    let mut adjustments: Vec<&AdjustmentVersion> = corrections
        .adjustments
        .iter()
        .filter(|version| version.known_on(known_at.0) && !version.adjustment.is_revoked)
        .collect();
    adjustments.sort_by_key(|version| (version.known_from, version.import, version.row));
    for version in adjustments {
        table.take_adjustment(&version.adjustment, version.known_from, version.source);
    }
    table.finish()
}

/// A class with its first day and the day on which it was learnt.
#[derive(Debug, Clone, Copy)]
struct ClassEntry {
    class: NationalClass,
    from: Option<NaiveDate>,
    learnt: NaiveDate,
}

/// A stay while it is being settled.
struct Draft<'v> {
    /// Known versions of the exports; empty for a stay that only an adjustment tells.
    chain: &'v [EnrolmentVersion],
    stay: KnownStay,
    classes: Vec<ClassEntry>,
    is_confirmed: bool,
    is_void: bool,
}

impl<'v> Draft<'v> {
    fn of(chain: &'v [EnrolmentVersion], known_at: KnownAt) -> Option<Self> {
        let chain = &chain[..chain.partition_point(|version| version.known_from <= known_at.0)];
        let (first, current) = (chain.first()?, chain.last()?);
        let left_on = current.facts.left_on;
        let same_left = chain.iter().rev().take_while(|version| version.facts.left_on == left_on).last();
        Some(Self {
            chain,
            stay: KnownStay {
                enrolment: current.enrolment,
                source: current.source,
                physician: current.physician,
                association: current.association,
                joined_on: current.facts.joined_on,
                left_on,
                class: current.facts.class,
                reason: current.facts.reason,
                status: current.facts.status,
                rows_shown: current.rows_shown,
                left_known_from: left_on.and(same_left).map(|version| version.known_from),
                first_known_from: first.known_from,
                told_by: ToldBy::Export,
            },
            classes: class_entries(chain),
            is_confirmed: false,
            is_void: false,
        })
    }

    /// What the exports had said by the end of a day; their first word when the day is earlier.
    fn told_on(&self, day: NaiveDate) -> Option<&'v EnrolmentVersion> {
        self.chain.iter().rev().find(|version| version.known_from <= day).or(self.chain.first())
    }

    /// Versions that exports after a day brought and that show the stay.
    fn shown_after(&self, day: NaiveDate) -> impl Iterator<Item = &'v EnrolmentVersion> {
        self.chain.iter().filter(move |version| version.known_from > day && version.rows_shown > 0)
    }

    /// Whether an export after a day says something new: it shows a stay again that was not shown on that day, or
    /// another value of one fact.
    fn is_overtaken<T: PartialEq>(&self, day: NaiveDate, fact: impl Fn(&EnrolmentVersion) -> T) -> bool {
        let Some(base) = self.told_on(day) else { return false };
        self.shown_after(day).any(|version| base.rows_shown == 0 || fact(version) != fact(base))
    }

    fn set_left_on(&mut self, left_on: Option<NaiveDate>, reason: WithdrawalReason, learnt: NaiveDate) {
        self.stay.left_on = left_on;
        self.stay.reason = reason;
        self.stay.left_known_from = left_on.map(|_| learnt);
    }

    /// Whether exports that are not older than a day took back a 退会日 that they had told.
    fn took_back_after(&self, day: NaiveDate) -> bool {
        let told = self.chain.iter().rposition(|version| version.facts.left_on.is_some());
        told.and_then(|i| self.chain.get(i + 1)).is_some_and(|version| version.known_from >= day)
    }

    fn covers(&self, day: NaiveDate) -> bool {
        self.stay.joined_on.is_some_and(|joined| joined <= day) && self.stay.left_on.is_none_or(|left| day <= left)
    }
}

/// The classes that versions assert; versions in a row with one class are one assertion, and the last word on its
/// first day stands (R9).
fn class_entries(chain: &[EnrolmentVersion]) -> Vec<ClassEntry> {
    let mut out: Vec<ClassEntry> = Vec::with_capacity(1);
    for version in chain {
        match out.last_mut() {
            Some(last) if last.class == version.facts.class => last.from = version.class_from,
            _ => out.push(ClassEntry {
                class: version.facts.class,
                from: version.class_from,
                learnt: version.known_from,
            }),
        }
    }
    if let Some(first) = out.first_mut() {
        // Before the first export, the first class seen.
        first.from = None;
    }
    out
}

/// All stays of one person while they are being settled.
struct Table<'v> {
    drafts: Vec<Draft<'v>>,
    disputes: Vec<Dispute>,
    physician: PhysicianId,
}

impl<'v> Table<'v> {
    fn new(physician: PhysicianId, versions: &'v [EnrolmentVersion], known_at: KnownAt) -> Self {
        let chains = versions.chunk_by(|a, b| (a.physician, a.enrolment) == (b.physician, b.enrolment));
        let drafts: Vec<Draft<'v>> = chains.filter_map(|chain| Draft::of(chain, known_at)).collect();
        Self { drafts, disputes: Vec::new(), physician }
    }

    fn dispute(&mut self, code: FindingCode, filed_by: &Filed<'_>, shown: Option<NaiveDate>) {
        self.disputes.push(Dispute {
            code,
            physician: filed_by.physician,
            association: filed_by.association,
            shown,
            filed: filed_by.day,
            number: filed_by.number.into(),
        });
    }

    // --- Applications ---------------------------------------------------------------------------------------

    fn take_application(&mut self, application: &Application, learnt: NaiveDate, source: SourceId) {
        match (application.kind, application.status) {
            (ApplicationKind::Withdrawal, ApplicationStatus::Approved) => {
                self.take_withdrawal(application, learnt, source);
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

    /// An approved withdrawal that no export tells counts, with its source named (R22). Where the exports tell
    /// another day, they stand; where they told a day and took it back later, they are the newer word (R5).
    fn take_withdrawal(&mut self, application: &Application, learnt: NaiveDate, source: SourceId) {
        let filed = Filed::application(application);
        let Some(day) = application.effective_on else { return };
        let stays = self.newest_before(application.association, day);
        if stays.is_empty() {
            self.dispute(FindingCode::ApplicationWithoutStay, &filed, None);
        }
        for i in stays {
            let draft = &mut self.drafts[i];
            let (code, shown) = match draft.stay.left_on {
                Some(left) if left == day => continue,
                Some(left) => (FindingCode::WithdrawalDayDiffers, Some(left)),
                None if draft.took_back_after(learnt) => (FindingCode::WithdrawalDayDiffers, None),
                None => {
                    draft.set_left_on(Some(day), application.reason, learnt);
                    (draft.stay.told_by, draft.stay.source) = (ToldBy::Application, source);
                    (FindingCode::WithdrawalOnlyApplied, None)
                }
            };
            self.dispute(code, &filed, shown);
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
            let distance = |entry: &ClassEntry| entry.from.map(|from| (from - day).num_days().abs());
            let to_class = classes.iter_mut().filter(|entry| entry.class == class && entry.from.is_some());
            if let Some(entry) = to_class.min_by_key(|entry| distance(entry)) {
                entry.from = Some(day);
            } else if classes.first().is_none_or(|first| first.class != class) {
                // The class before the first export began earlier than anything known; else nobody shows it.
                self.dispute(FindingCode::ClassNotShown, &filed, None);
            }
        }
    }

    // --- Adjustments ----------------------------------------------------------------------------------------

    fn take_adjustment(&mut self, adjustment: &Adjustment, learnt: NaiveDate, source: SourceId) {
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
            // A confirmation settles one disappearance; a stay that comes back and goes again is a new question.
            if adjustment.kind == AdjustmentKind::StillMember && draft.shown_after(learnt).next().is_some() {
                continue;
            }
            let shown = match adjustment.kind {
                AdjustmentKind::Left | AdjustmentKind::Reopened => draft.stay.left_on,
                _ => draft.stay.joined_on,
            };
            if is_overtaken(draft, adjustment, learnt) {
                self.dispute(FindingCode::AdjustmentOvertaken, &filed, shown);
            } else if apply(draft, adjustment, learnt) {
                (draft.stay.told_by, draft.stay.source) = (ToldBy::Adjustment, source);
            } else {
                self.dispute(FindingCode::AdjustmentWithoutStay, &filed, shown);
            }
        }
    }

    /// The stay that an adjustment is about, as each source tells it: the one with the 入会日 that exports showed on
    /// its day, or that holds now; without a day the newest.
    fn targets(&self, adjustment: &Adjustment, learnt: NaiveDate) -> Vec<usize> {
        let of_body = || {
            (0..self.drafts.len()).filter(|&i| {
                let draft = &self.drafts[i];
                Some(draft.stay.association) == adjustment.association && !draft.is_void
            })
        };
        let Some(wanted) = adjustment.stay_joined_on else {
            let newest = of_body().map(|i| self.drafts[i].stay.joined_on).max();
            return of_body().filter(|&i| Some(self.drafts[i].stay.joined_on) == newest).collect();
        };
        let began = |i: &usize| {
            let draft = &self.drafts[*i];
            let told = draft.told_on(learnt).and_then(|version| version.facts.joined_on);
            draft.stay.joined_on == Some(wanted) || told == Some(wanted)
        };
        of_body().filter(began).collect()
    }

    /// A stay that no export shows. Once exports show one that overlaps it, they speak.
    fn add_stay(&mut self, adjustment: &Adjustment, learnt: NaiveDate, source: SourceId) {
        let filed = Filed::adjustment(adjustment);
        let (Some(day), Some(association)) = (adjustment.day, adjustment.association) else { return };
        let shown = self
            .drafts
            .iter()
            .filter(|draft| draft.stay.association == association && !draft.is_void)
            .filter(|draft| draft.covers(day) || draft.stay.joined_on.is_some_and(|joined| joined >= day))
            .filter_map(|draft| draft.stay.joined_on)
            .min();
        if let Some(joined) = shown {
            if joined != day {
                self.dispute(FindingCode::AdjustmentOvertaken, &filed, Some(joined));
            }
            return;
        }
        let n_added = self.drafts.iter().filter(|draft| draft.chain.is_empty()).count();
        // Stays of exports have ids from 1; these are never stored.
        let enrolment = EnrolmentId(-1 - i64::try_from(n_added).unwrap_or(i64::MAX));
        let class = adjustment.class.unwrap_or(NationalClass::Unknown);
        self.drafts.push(Draft {
            chain: &[],
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
                left_known_from: None,
                first_known_from: learnt,
                told_by: ToldBy::Adjustment,
            },
            classes: vec![ClassEntry { class, from: None, learnt }],
            is_confirmed: true,
            is_void: false,
        });
    }

    fn finish(self) -> Settled {
        let mut stays: Vec<SettledStay> = self
            .drafts
            .into_iter()
            .filter(|draft| !draft.is_void)
            .map(|draft| SettledStay {
                stay: KnownStay {
                    physician: self.physician,
                    class: draft.classes.last().map_or(draft.stay.class, |entry| entry.class),
                    ..draft.stay
                },
                classes: draft.classes.iter().map(|entry| (entry.class, entry.from)).collect(),
                is_confirmed: draft.is_confirmed,
            })
            .collect();
        stays.sort_by_key(|settled| (settled.stay.association, settled.stay.enrolment));
        Settled { stays, disputes: self.disputes }
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
        AdjustmentKind::Class => draft.is_overtaken(learnt, |version| version.facts.class),
        AdjustmentKind::NeverMember => {
            draft.is_overtaken(learnt, |version| (version.facts.joined_on, version.facts.left_on))
        }
        AdjustmentKind::StillMember
        | AdjustmentKind::Joined
        | AdjustmentKind::SamePerson
        | AdjustmentKind::Acknowledged => false,
    }
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
            draft.set_left_on(adjustment.day, adjustment.reason, learnt);
        }
        AdjustmentKind::Reopened => draft.set_left_on(None, WithdrawalReason::None, learnt),
        AdjustmentKind::JoinedDay => {
            if !in_order(adjustment.day, draft.stay.left_on) {
                return false;
            }
            draft.stay.joined_on = adjustment.day;
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
    entries.push(ClassEntry { class, from, learnt });
    entries.extend(later);
}

/// Who says so: the fields that a dispute takes from an application or an adjustment.
struct Filed<'a> {
    physician: PhysicianId,
    association: Option<AssociationId>,
    day: Option<NaiveDate>,
    number: &'a str,
}

impl<'a> Filed<'a> {
    fn application(application: &'a Application) -> Self {
        Self {
            physician: application.physician,
            association: Some(application.association),
            day: application.effective_on,
            number: &application.number,
        }
    }

    fn adjustment(adjustment: &'a Adjustment) -> Self {
        Self {
            physician: adjustment.physician,
            association: adjustment.association,
            day: adjustment.day,
            number: &adjustment.number,
        }
    }
}
