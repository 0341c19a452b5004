//! How the member exports of several sources meet in one stay (R26): what they say becomes one history, as if one source had
//! told it, and goes into [`resolve`](super::resolve) as such.
//!
//! On each day the source speaks whose newest export that shows the stay is the latest; of two of one day the one taken in
//! later. That an export does not show a stay is no word. Start reading at [`Joint::of`].

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::as_of::KnownAt;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::export_days::{ExportDays, Place};
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId, SourceId};

/// What one source says of one stay, export by export; never empty.
pub(super) type Chain<'v> = &'v [EnrolmentVersion];

/// The days of a stay as it is resolved when its source is heard alone (R28).
#[derive(Debug, Clone, Copy)]
pub(super) struct Days {
    pub(super) joined_on: Option<NaiveDate>,
    pub(super) left_on: Option<NaiveDate>,
    /// An adjustment says that it never was.
    pub(super) is_void: bool,
}

impl Days {
    /// Whether two stays share more than a border day (R1, R4).
    fn overlap(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (self.joined_on, other.joined_on) else { return false };
        let begins_before = |start: NaiveDate, end: Option<NaiveDate>| end.is_none_or(|end| start < end);
        !self.is_void && !other.is_void && begins_before(a, other.left_on) && begins_before(b, self.left_on)
    }

    fn distance(&self, other: &Self) -> i64 {
        match (self.joined_on, other.joined_on) {
            (Some(a), Some(b)) => (a - b).num_days().abs(),
            _ => i64::MAX,
        }
    }
}

/// One stay as exports tell it.
#[derive(Debug)]
pub(super) struct OneStay<'v> {
    /// What was last said by the end of each day, as versions under the stay that was told first.
    pub(super) words: Vec<EnrolmentVersion>,
    /// For each word, since when the source that says it has been saying its class.
    pub(super) class_since: Vec<NaiveDate>,
    /// For each word, the stay of the source that says it.
    said_by: Vec<EnrolmentId>,
    /// What each source says.
    pub(super) by_source: Vec<Chain<'v>>,
}

/// The stays of one person as all sources tell them.
#[derive(Debug)]
pub(super) struct Joint<'v> {
    pub(super) stays: Vec<OneStay<'v>>,
    pub(super) contradictions: Vec<Contradiction>,
}

/// Whether two sources tell of one body.
pub(super) fn meet(chains: &[Chain<'_>]) -> bool {
    let meets = |a: &EnrolmentVersion, b: &EnrolmentVersion| a.association == b.association && a.source != b.source;
    chains.iter().enumerate().any(|(i, a)| chains[..i].iter().any(|b| meets(&a[0], &b[0])))
}

/// Who says a word about a stay that several sources tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speaker {
    /// The body.
    pub association: AssociationId,
    /// The stay as it is resolved.
    pub stay: EnrolmentId,
    /// First day of the word.
    pub from: NaiveDate,
    /// The stay as the source that speaks tells it.
    pub by: EnrolmentId,
}

impl<'v> Joint<'v> {
    /// Who says each word of the stays that several sources tell, by stay and day.
    pub(super) fn speakers(&self) -> Vec<Speaker> {
        self.stays.iter().flat_map(OneStay::speakers).collect()
    }

    /// Joins what sources say of one person up to `known_at`. `days` are those of each chain.
    pub(super) fn of(chains: &[Chain<'v>], days: &[Days], exports: &ExportDays, known_at: KnownAt) -> Self {
        let mut joint = Self { stays: Vec::with_capacity(chains.len()), contradictions: Vec::new() };
        for group in groups(chains, days) {
            let by_source: Vec<Chain<'v>> = group.into_iter().map(|i| chains[i]).collect();
            joint.contradictions.extend(contradictions(&by_source, exports, known_at));
            joint.stays.push(OneStay::of(by_source, exports, known_at));
        }
        joint
    }
}

/// Which chains are one stay: those of two sources with the same 入会日, else those that overlap, the nearest 入会日 first.
/// Two stays of one source are never one.
fn groups(chains: &[Chain<'_>], days: &[Days]) -> Vec<Vec<usize>> {
    let mut links = Vec::new();
    for (i, a) in chains.iter().enumerate() {
        for (j, b) in chains.iter().enumerate().skip(i + 1) {
            let (last_a, last_b) = (&a[a.len() - 1], &b[b.len() - 1]);
            if last_a.association != last_b.association || last_a.source == last_b.source {
                continue;
            }
            let ids = [last_a.enrolment.min(last_b.enrolment), last_a.enrolment.max(last_b.enrolment)];
            if last_a.facts.joined_on == last_b.facts.joined_on {
                links.push(((false, 0, ids), i, j));
            } else if days[i].overlap(&days[j]) {
                links.push(((true, days[i].distance(&days[j]), ids), i, j));
            }
        }
    }
    links.sort_unstable();
    let mut groups: Vec<Vec<usize>> = (0..chains.len()).map(|i| vec![i]).collect();
    for (_, i, j) in links {
        let at = |wanted: usize| groups.iter().position(|group| group.contains(&wanted));
        let (Some(first), Some(second)) = (at(i), at(j)) else { continue };
        let tells_both = |i: &usize| groups[second].iter().any(|j| chains[*i][0].source == chains[*j][0].source);
        if first != second && !groups[first].iter().any(tells_both) {
            let moved = std::mem::take(&mut groups[second]);
            groups[first].extend(moved);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// What a source has said of a stay by the end of a day.
#[derive(Debug, Clone, Copy)]
struct Spoken<'v> {
    /// Versions up to the day; never empty.
    said: Chain<'v>,
    /// Day and place of its newest export that showed the stay.
    shown: (NaiveDate, Option<Place>),
}

impl<'v> Spoken<'v> {
    /// `None` where it has said nothing yet.
    fn until(chain: Chain<'v>, exports: &ExportDays, day: NaiveDate) -> Option<Self> {
        let said = &chain[..chain.partition_point(|version| version.known_from <= day)];
        let last = said.last()?;
        // An unchanged stay has no version of its own for each export that shows it.
        let place = match said.iter().rposition(|version| version.rows_shown > 0) {
            Some(at) if at + 1 < said.len() => exports.newest_before(last.source, said[at + 1].known_from),
            Some(_) => exports.newest(last.source, day),
            None => None,
        };
        let last_shown = said.iter().rfind(|version| version.rows_shown > 0).unwrap_or(last);
        Some(Self { said, shown: (place.map_or(last_shown.known_from, |place| place.day), place) })
    }

    fn last(&self) -> &'v EnrolmentVersion {
        &self.said[self.said.len() - 1]
    }

    /// Since when it has been saying the class without a break.
    fn class_since(&self) -> NaiveDate {
        let class = self.last().facts.class;
        let run = self.said.iter().rev().take_while(|version| version.facts.class == class);
        run.last().map_or(self.last().known_from, |version| version.known_from)
    }

    /// Whether it says on this very day that the class changed.
    fn changes_class_on(&self, day: NaiveDate) -> bool {
        let before = self.said.len().checked_sub(2).map(|at| &self.said[at]);
        self.last().known_from == day && before.is_some_and(|before| before.facts.class != self.last().facts.class)
    }

    /// The word of a source as findings name it.
    fn word(&self) -> SourceWord {
        let EnrolmentVersion { source, facts, .. } = self.last();
        SourceWord {
            source: *source,
            shown_on: self.shown.0,
            joined_on: facts.joined_on,
            left_on: facts.left_on,
            class: facts.class,
        }
    }
}

/// Of those who have said something by a day, the one who speaks.
fn speaker<'s, 'v>(spoken: &'s [Spoken<'v>]) -> Option<&'s Spoken<'v>> {
    spoken.iter().max_by_key(|one| (one.shown, one.last().enrolment))
}

impl<'v> OneStay<'v> {
    fn of(by_source: Vec<Chain<'v>>, exports: &ExportDays, known_at: KnownAt) -> Self {
        let mut out = Self { words: Vec::new(), class_since: Vec::new(), said_by: Vec::new(), by_source };
        if let [alone] = out.by_source[..] {
            out.words = alone.to_vec();
            out.class_since = alone.iter().map(|version| version.known_from).collect();
            out.said_by = alone.iter().map(|version| version.enrolment).collect();
            return out;
        }
        for day in out.days(exports, known_at) {
            let spoken: Vec<Spoken<'v>> =
                out.by_source.iter().filter_map(|chain| Spoken::until(chain, exports, day)).collect();
            if let Some(speaker) = speaker(&spoken) {
                let rows_shown = rows_shown(speaker, &spoken, exports, day);
                out.take(speaker, rows_shown, day);
            }
        }
        out
    }

    /// The days on which the word may become another one.
    fn days(&self, exports: &ExportDays, known_at: KnownAt) -> BTreeSet<NaiveDate> {
        let told = self.by_source.iter().flat_map(|chain| chain.iter().map(|version| version.known_from));
        let mut days: BTreeSet<NaiveDate> = told.collect();
        if let Some(first) = days.first().copied() {
            for chain in &self.by_source {
                days.extend(exports.days_of(chain[0].source, first, known_at.0));
            }
        }
        days
    }

    /// The stay goes on under the number and source of the one that told of it first, so that it is the same stay whoever
    /// speaks later.
    fn first_reported(&self) -> &'v EnrolmentVersion {
        let firsts = self.by_source.iter().map(|chain| &chain[0]);
        firsts.min_by_key(|version| (version.known_from, version.enrolment)).unwrap_or(&self.by_source[0][0])
    }

    /// Appends what is said on a day where it is another word than before. The class changes with the word (R9).
    fn take(&mut self, speaker: &Spoken<'_>, rows_shown: u16, day: NaiveDate) {
        let said = speaker.last();
        let first = self.first_reported();
        let class_from = match self.words.last() {
            None => said.class_from,
            Some(before) if before.facts.class == said.facts.class => before.class_from,
            Some(_) => Some(said.class_from.filter(|_| speaker.changes_class_on(day)).unwrap_or(day)),
        };
        if let Some(before) = self.words.last_mut() {
            if before.facts == said.facts && before.rows_shown == rows_shown {
                return;
            }
            before.known_until = Some(day);
        }
        self.words.push(EnrolmentVersion {
            enrolment: first.enrolment,
            source: first.source,
            physician: first.physician,
            association: first.association,
            facts: said.facts.clone(),
            class_from,
            rows_shown,
            known_from: day,
            known_until: None,
        });
        self.class_since.push(speaker.class_since());
        self.said_by.push(said.enrolment);
    }

    /// Who says each word; nothing of a stay that one source tells.
    fn speakers(&self) -> impl Iterator<Item = Speaker> {
        let is_reported_by_several = self.by_source.len() > 1;
        let speaker = |(word, by): (&EnrolmentVersion, &EnrolmentId)| Speaker {
            association: word.association,
            stay: word.enrolment,
            from: word.known_from,
            by: *by,
        };
        self.words.iter().zip(&self.said_by).filter(move |_| is_reported_by_several).map(speaker)
    }
}

/// Rows that show the stay: those of the source that speaks, else of another one that still shows it and was not given up.
fn rows_shown(speaker: &Spoken<'_>, spoken: &[Spoken<'_>], exports: &ExportDays, day: NaiveDate) -> u16 {
    let own = speaker.last().rows_shown;
    let of_others = || {
        let kept_up = spoken.iter().filter(|one| exports.is_kept_up(one.last().source, day));
        kept_up.map(|one| one.last().rows_shown).max().unwrap_or(0)
    };
    if own > 0 { own } else { of_others() }
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

/// What a source says of a stay, for a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceWord {
    /// The source.
    pub source: SourceId,
    /// Day of its newest export, which shows the stay.
    pub shown_on: NaiveDate,
    /// 入会日.
    pub joined_on: Option<NaiveDate>,
    /// 退会日.
    pub left_on: Option<NaiveDate>,
    /// Class.
    pub class: NationalClass,
}

impl SourceWord {
    fn facts(&self) -> (Option<NaiveDate>, Option<NaiveDate>, NationalClass) {
        (self.joined_on, self.left_on, self.class)
    }
}

/// Where sources that both show a stay say something else about its days or its class: the one that speaks beside each of
/// the others.
fn contradictions(by_source: &[Chain<'_>], exports: &ExportDays, known_at: KnownAt) -> Vec<Contradiction> {
    let spoken = by_source.iter().filter_map(|chain| Spoken::until(chain, exports, known_at.0));
    let mut showing: Vec<Spoken<'_>> = spoken.filter(|one| one.last().rows_shown > 0).collect();
    showing.sort_by_key(|one| std::cmp::Reverse((one.shown, one.last().enrolment)));
    let Some((first, others)) = showing.split_first() else { return Vec::new() };
    let differs = |other: &&Spoken<'_>| other.word().facts() != first.word().facts();
    others
        .iter()
        .filter(differs)
        .filter_map(|other| {
            let is_behind = is_behind(first, other);
            // A source that was given up is behind for ever.
            if is_behind && !exports.is_kept_up(other.last().source, first.shown.0) {
                return None;
            }
            let code = if is_behind { FindingCode::SourceBehind } else { FindingCode::SourcesContradict };
            Some(Contradiction {
                code,
                physician: first.last().physician,
                association: first.last().association,
                speaker: first.word(),
                other: other.word(),
                since: first.last().known_from.max(other.last().known_from),
            })
        })
        .collect()
}

/// Whether an older source has only not told yet what the one that speaks has told since: that one said the same on its day, or
/// what is other began later.
fn is_behind(speaker: &Spoken<'_>, other: &Spoken<'_>) -> bool {
    let day = other.shown.0;
    if speaker.shown.0 <= day {
        return false;
    }
    let (now, then) = (speaker.last(), other.last());
    let said = speaker.said.iter().rfind(|version| version.known_from <= day);
    let facts = |version: &EnrolmentVersion| (version.facts.joined_on, version.facts.left_on, version.facts.class);
    if said.is_some_and(|said| facts(said) == facts(then)) {
        return true;
    }
    let is_later = |on: Option<NaiveDate>| on.is_some_and(|on| day <= on);
    now.facts.joined_on == then.facts.joined_on
        && (now.facts.left_on == then.facts.left_on || (then.facts.left_on.is_none() && is_later(now.facts.left_on)))
        && (now.facts.class == then.facts.class || is_later(now.class_from))
}
