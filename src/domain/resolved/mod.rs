//! The stays of one person as known on a day, after applications (R22, R9) and adjustments had their say.
//!
//! Three kinds of evidence speak about a stay: the member exports, the applications, and the adjustments that a person
//! approved. The newest member export is the rule, of several sources the newest that shows the stay (R26); an application
//! adds a withdrawal that no export tells and the day of a class change; an adjustment overrides both until an export says
//! something new. An end that one of them told is an end: what exports show later in the place of the stay is another one
//! (R28). What disagrees comes back as a [`Dispute`]. This module knows neither files nor the store, and does not count:
//! `membership`
//! makes days of its answer. Start reading at [`settle`].

mod adjustments;
mod applications;
mod rejoins;
mod sources;

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::domain::adjustment::{Adjustment, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationVersion};
use crate::domain::as_of::KnownAt;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::{EnrolmentVersion, KnownStay, ReportedBy, ReportedFacts, WithdrawalReason};
use crate::domain::export_days::ExportDays;
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, PhysicianId};
use rejoins::{Parted, borders};

use sources::{Chain, Days, Joint};

pub use sources::{SourceWord, Speaker};

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

/// One stay as resolved on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedStay {
    /// The stay.
    pub stay: KnownStay,
    /// Its classes, at least one.
    pub classes: Classes,
    /// Whether a person confirmed that the stay goes on although exports no longer show it (在籍確認).
    pub is_confirmed: bool,
}

/// Where two kinds of evidence disagree about a stay. It names no person beyond the surrogate id.
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
    /// Day of the last export that said something new about the body; `None` where none ever did.
    pub shown_since: Option<NaiveDate>,
}

/// Where two sources that both show a stay say something else about its days or its class (R26).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction {
    /// [`FindingCode::SourcesContradict`], or [`FindingCode::SourceBehind`] where the older export could not know yet.
    pub code: FindingCode,
    /// About whom.
    pub physician: PhysicianId,
    /// In which body.
    pub association: AssociationId,
    /// The source whose word counts.
    pub speaker: SourceWord,
    /// The other source.
    pub other: SourceWord,
    /// Day of the last export that made them differ.
    pub since: NaiveDate,
}

/// What is known of a person on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Stays by body and enrolment; those that an adjustment declared void are not among them.
    pub stays: Vec<ResolvedStay>,
    /// Disagreements, in the order of the files that brought them.
    pub disputes: Vec<Dispute>,
    /// Where sources of exports disagree.
    pub contradictions: Vec<Contradiction>,
    /// Who speaks about the stays that several sources tell.
    pub speakers: Vec<Speaker>,
}

/// The day since which an adjustment has been saying what it says: versions before it that say the same without a break
/// are the same word, also where a replaced file of a later day brought a copy of it.
///
/// `all` are all versions that were ever known for a day or more, of this adjustment and others.
pub fn adjustment_learnt_on(all: &[AdjustmentVersion], version: &AdjustmentVersion) -> NaiveDate {
    let same = |other: &&AdjustmentVersion| {
        other.source == version.source && other.adjustment.says_the_same(&version.adjustment)
    };
    let spans: Vec<_> = all.iter().filter(same).map(|other| (other.known_from, other.known_until)).collect();
    start_of_run(&spans, version.known_from)
}

/// The same of an application.
fn application_learnt_on(all: &[ApplicationVersion], version: &ApplicationVersion) -> NaiveDate {
    let same = |other: &&ApplicationVersion| {
        other.source == version.source && other.application.says_the_same(&version.application)
    };
    let spans: Vec<_> = all.iter().filter(same).map(|other| (other.known_from, other.known_until)).collect();
    start_of_run(&spans, version.known_from)
}

/// Follows spans of days back over those that end where the next begins.
fn start_of_run(spans: &[(NaiveDate, Option<NaiveDate>)], from: NaiveDate) -> NaiveDate {
    let mut start = from;
    while let Some((earlier, _)) = spans.iter().find(|(begin, end)| *begin < start && *end == Some(start)) {
        start = *earlier;
    }
    start
}

/// Brings together what was known of one person at the end of a day.
///
/// `versions` are the versions of all stays of the person that were ever known for a day or more, in the order
/// (body, enrolment, known_from); of several numbers that are one person, one after the other, and all stays come
/// back under `physician`. `exports` are those of all sources. Whatever was learnt after `known_at` is passed over.
pub fn settle(
    physician: PhysicianId,
    versions: &[EnrolmentVersion],
    corrections: &Corrections<'_>,
    exports: &ExportDays,
    known_at: KnownAt,
) -> Resolved {
    let evidence = Evidence::known(corrections, known_at);
    let parted = parted(physician, versions, known_at, &evidence);
    let chains: Vec<Chain<'_>> = chains(&parted, known_at).collect();
    let table = Table::of_chains(physician, &chains).hear(&evidence);
    // Of one source nothing says that it is one: versions need not name it then.
    if !exports.are_of_several_sources() || !sources::meet(&chains) {
        return table.finish();
    }
    let joint = Joint::of(&chains, &table.days_of(chains.len()), exports, known_at);
    let resolved = Table::of_several_sources(physician, &joint).hear(&evidence).finish();
    let speakers = joint.speakers();
    let contradictions = joint.contradictions.into_iter().map(|one| Contradiction { physician, ..one });
    Resolved { contradictions: contradictions.collect(), speakers, ..resolved }
}

/// What is said of each stay up to a day.
fn chains(versions: &[EnrolmentVersion], known_at: KnownAt) -> impl Iterator<Item = Chain<'_>> {
    versions
        .chunk_by(|a, b| (a.physician, a.enrolment) == (b.physician, b.enrolment))
        .map(move |chain| &chain[..chain.partition_point(|version| version.known_from <= known_at.0)])
        .filter(|chain| !chain.is_empty())
}

/// The versions of each stay, once it is clear which changes of 入会日 are corrections (R4) and which another stay (R28).
fn parted<'v>(
    physician: PhysicianId,
    versions: &'v [EnrolmentVersion],
    known_at: KnownAt,
    evidence: &Evidence<'_>,
) -> Cow<'v, [EnrolmentVersion]> {
    // Exports alone say of one stay only what overlaps (R4).
    let mut borders = if evidence.is_empty() { Vec::new() } else { borders(versions, known_at) };
    while !borders.is_empty() {
        let parted = Parted::new(versions, known_at, &borders);
        let chains: Vec<Chain<'_>> = chains(&parted.versions, known_at).collect();
        let table = Table::of_chains(physician, &chains).hear(evidence);
        match parted.first_correction(&table) {
            // Without it the evidence may be about other stays, so everything is asked again.
            Some(at) => borders.remove(at),
            None => return Cow::Owned(parted.versions),
        };
    }
    Cow::Borrowed(versions)
}

/// What is known beside the exports, each list in the order in which it was learnt.
struct Evidence<'a> {
    applications: Vec<(NaiveDate, &'a ApplicationVersion)>,
    adjustments: Vec<(NaiveDate, &'a AdjustmentVersion)>,
}

impl<'a> Evidence<'a> {
    fn known(corrections: &Corrections<'a>, known_at: KnownAt) -> Self {
        let mut applications: Vec<(NaiveDate, &ApplicationVersion)> = corrections
            .applications
            .iter()
            .filter(|version| version.known_on(known_at.0))
            .map(|version| (application_learnt_on(corrections.applications, version), version))
            .collect();
        applications.sort_by_key(|(learnt, version)| (*learnt, version.application.key()));
        let mut adjustments: Vec<(NaiveDate, &AdjustmentVersion)> = corrections
            .adjustments
            .iter()
            .filter(|version| version.known_on(known_at.0) && !version.adjustment.is_revoked)
            .map(|version| (adjustment_learnt_on(corrections.adjustments, version), version))
            .collect();
        adjustments.sort_by_key(|(learnt, version)| (*learnt, version.import, version.row));
        Self { applications, adjustments }
    }

    fn is_empty(&self) -> bool {
        self.applications.is_empty() && self.adjustments.is_empty()
    }
}

/// A class with its first day and the day on which it was learnt.
#[derive(Debug, Clone, Copy)]
struct ClassEntry {
    class: NationalClass,
    from: Option<NaiveDate>,
    /// Day of the file that brought it.
    shown_on: NaiveDate,
    /// Since when whoever says it has been saying it: earlier where another source spoke meanwhile (R26).
    learnt: NaiveDate,
    reported_by: ReportedBy,
}

/// A stay while it is being resolved.
struct Draft<'v> {
    /// Known words of the exports; empty for a stay that only an adjustment tells.
    chain: &'v [EnrolmentVersion],
    /// Where several sources tell of the stay, what each of them says.
    by_source: &'v [Chain<'v>],
    stay: KnownStay,
    classes: Vec<ClassEntry>,
    /// Whether the reason is that of an application, and then whether of one for the very 退会日 (R22).
    reason_filed: Option<bool>,
    is_confirmed: bool,
    is_void: bool,
}

impl<'v> Draft<'v> {
    /// `class_since` is empty where one source tells.
    fn of(chain: &'v [EnrolmentVersion], class_since: &[NaiveDate], by_source: &'v [Chain<'v>]) -> Option<Self> {
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
    fn sources(&self) -> impl Iterator<Item = Chain<'v>> {
        let alone = self.by_source.is_empty().then_some(self.chain);
        self.by_source.iter().copied().chain(alone)
    }

    /// What each source had said by the end of a day; the first word of all where none had said anything.
    fn reported_by_sources_on(&self, day: NaiveDate) -> Vec<&'v EnrolmentVersion> {
        let last = |chain: Chain<'v>| chain.iter().rfind(|version| version.known_from <= day);
        let told: Vec<&EnrolmentVersion> = self.sources().filter_map(last).collect();
        if told.is_empty() { self.chain.first().into_iter().collect() } else { told }
    }

    /// Versions that any source brought after a day and that show the stay.
    fn news_after(&self, day: NaiveDate) -> impl Iterator<Item = &'v EnrolmentVersion> {
        let is_news = move |version: &&EnrolmentVersion| version.known_from > day && version.rows_shown > 0;
        self.sources().flatten().filter(is_news)
    }

    /// What the exports had said by the end of a day; their first word when the day is earlier.
    fn reported_on(&self, day: NaiveDate) -> Option<&'v EnrolmentVersion> {
        self.chain.iter().rev().find(|version| version.known_from <= day).or(self.chain.first())
    }

    /// Versions that exports after a day brought and that show the stay.
    fn shown_after(&self, day: NaiveDate) -> impl Iterator<Item = &'v EnrolmentVersion> {
        self.chain.iter().filter(move |version| version.known_from > day && version.rows_shown > 0)
    }

    /// Whether an export after a day says something new: it shows a stay again that was not shown on that day, or
    /// another value of one fact than any source had told on that day.
    fn is_overtaken<T: PartialEq>(&self, day: NaiveDate, fact: impl Fn(&EnrolmentVersion) -> T) -> bool {
        let Some(base) = self.reported_on(day) else { return false };
        if base.rows_shown == 0 && self.shown_after(day).next().is_some() {
            return true;
        }
        let told: Vec<T> = self.reported_by_sources_on(day).into_iter().map(&fact).collect();
        self.news_after(day).any(|version| !told.contains(&fact(version)))
    }

    fn set_left_on(
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
    fn was_reported(&mut self, learnt: NaiveDate, reason: WithdrawalReason) {
        self.stay.left_known_from = self.stay.left_known_from.map(|known| known.min(learnt));
        self.hear_reason(reason, true);
    }

    /// A reason that the list leaves blank is that of the application about the stay; of several the one for the very
    /// 退会日 speaks, else the one learnt first (R22).
    fn hear_reason(&mut self, reason: WithdrawalReason, is_its_day: bool) {
        let is_blank = self.stay.reason == WithdrawalReason::None;
        if reason != WithdrawalReason::None && (is_blank || (is_its_day && self.reason_filed == Some(false))) {
            self.stay.reason = reason;
            self.reason_filed = Some(is_its_day);
        }
    }

    /// Whether exports that are not older than a day took back a 退会日 that they had told. Another source that tells none
    /// takes nothing back.
    fn took_back_after(&self, day: NaiveDate) -> bool {
        self.sources().any(|chain| {
            let told = chain.iter().rposition(|version| version.facts.left_on.is_some());
            told.and_then(|i| chain.get(i + 1)).is_some_and(|version| version.known_from >= day)
        })
    }

    fn covers(&self, day: NaiveDate) -> bool {
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
struct Table<'v> {
    drafts: Vec<Draft<'v>>,
    disputes: Vec<Dispute>,
    physician: PhysicianId,
}

impl<'v> Table<'v> {
    /// Each chain is a stay.
    fn of_chains(physician: PhysicianId, chains: &[Chain<'v>]) -> Self {
        let drafts = chains.iter().filter_map(|chain| Draft::of(chain, &[], &[])).collect();
        Self { drafts, disputes: Vec::new(), physician }
    }

    fn of_several_sources(physician: PhysicianId, joint: &'v Joint<'v>) -> Self {
        let draft = |stay: &'v sources::OneStay<'v>| Draft::of(&stay.words, &stay.class_since, &stay.by_source);
        Self { drafts: joint.stays.iter().filter_map(draft).collect(), disputes: Vec::new(), physician }
    }

    /// Applications first, then adjustments, each in the order in which they were learnt.
    fn hear(mut self, evidence: &Evidence<'_>) -> Self {
        for (learnt, version) in &evidence.applications {
            self.take_application(&version.application, *learnt);
        }
        for (learnt, version) in &evidence.adjustments {
            self.take_adjustment(&version.adjustment, *learnt, version.source);
        }
        self
    }

    /// The days of the first stays, those that exports tell.
    fn days_of(&self, n_stays: usize) -> Vec<Days> {
        let days = |draft: &Draft<'_>| Days {
            joined_on: draft.stay.joined_on,
            left_on: draft.stay.left_on,
            is_void: draft.is_void,
        };
        self.drafts.iter().take(n_stays).map(days).collect()
    }

    fn dispute(&mut self, code: FindingCode, filed_by: &Filed<'_>, shown: Option<NaiveDate>) {
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

    fn finish(self) -> Resolved {
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

#[cfg(test)]
mod tests;
