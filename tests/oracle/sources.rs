//! What several sources say of one stay, as if one had said it (R26): the slow, obvious definition, export by export.
//!
//! Written from docs/rules.md, "How several sources meet". It shares no code with `resolved` or the timeline.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use kaiin::domain::as_of::KnownAt;
use kaiin::domain::coverage::ExportDay;
use kaiin::domain::enrolment::EnrolmentVersion;
use kaiin::domain::ids::{EnrolmentId, SourceId};

/// 入会日 and 退会日 of a stay.
pub type StayDays = (Option<NaiveDate>, Option<NaiveDate>);

/// One stay, whoever tells of it.
#[derive(Debug)]
pub struct OneStay {
    /// The place of the one that was told first: the stay is known by it.
    pub first: usize,
    /// What was said of it, one version for each day on which something else was said.
    pub said: Vec<EnrolmentVersion>,
    /// For each of them, since when the source that says it has been saying its class.
    pub class_since: Vec<NaiveDate>,
    /// What each source says.
    pub by_source: Vec<Vec<EnrolmentVersion>>,
}

impl OneStay {
    /// A stay that one source tells.
    pub fn of_one(said: Vec<EnrolmentVersion>) -> Self {
        let class_since = said.iter().map(|version| version.known_from).collect();
        Self { first: 0, class_since, by_source: vec![said.clone()], said }
    }
}

/// All versions that were known for a day or more up to `known_at`, with those of several sources about one stay made to one
/// history: counting them needs no rule about sources.
///
/// `exports` stand in the order in which they were taken in.
pub fn as_one_source(versions: &[EnrolmentVersion], exports: &[ExportDay], known_at: KnownAt) -> Vec<EnrolmentVersion> {
    let known = |version: &&EnrolmentVersion| {
        version.known_from <= known_at.0 && version.known_until != Some(version.known_from)
    };
    let mut of_person: BTreeMap<_, BTreeMap<EnrolmentId, Vec<EnrolmentVersion>>> = BTreeMap::new();
    for version in versions.iter().filter(known) {
        of_person.entry(version.physician).or_default().entry(version.enrolment).or_default().push(version.clone());
    }
    let mut out = Vec::new();
    for chains in of_person.into_values() {
        let mut chains: Vec<Vec<EnrolmentVersion>> = chains.into_values().collect();
        chains.iter_mut().for_each(|chain| chain.sort_by_key(|version| version.known_from));
        let days: Vec<_> = chains.iter().map(|chain| days_of(newest(chain))).map(Some).collect();
        out.extend(one_of_each(&chains, &days, exports, known_at).into_iter().flat_map(|stay| stay.said));
    }
    out
}

fn newest(chain: &[EnrolmentVersion]) -> &EnrolmentVersion {
    &chain[chain.len() - 1]
}

fn days_of(version: &EnrolmentVersion) -> StayDays {
    (version.facts.joined_on, version.facts.left_on)
}

/// Makes one stay of those that several sources tell. `chains` are what each source said of each stay of one person, by day;
/// `days` those of each when its source is heard alone, `None` for one that never was.
pub fn one_of_each(
    chains: &[Vec<EnrolmentVersion>],
    days: &[Option<StayDays>],
    exports: &[ExportDay],
    known_at: KnownAt,
) -> Vec<OneStay> {
    let mut stays: Vec<Vec<usize>> = (0..chains.len()).map(|nth| vec![nth]).collect();
    for (a, b) in pairs(chains, days) {
        let (one, other) = (place(&stays, a), place(&stays, b));
        let sources = |stay: &[usize]| -> BTreeSet<SourceId> { stay.iter().map(|i| chains[*i][0].source).collect() };
        // No source tells of one stay twice.
        if one != other && sources(&stays[one]).is_disjoint(&sources(&stays[other])) {
            let members = std::mem::take(&mut stays[other]);
            stays[one].extend(members);
        }
    }
    let stays = stays.into_iter().filter(|stay| !stay.is_empty());
    stays.map(|stay| told(&stay, chains, exports, known_at)).collect()
}

fn place(stays: &[Vec<usize>], chain: usize) -> usize {
    stays.iter().position(|stay| stay.contains(&chain)).unwrap_or_default()
}

/// Pairs of two sources that are one stay: with the same 入会日 first, then those that share more than a border day, the
/// nearest first.
fn pairs(chains: &[Vec<EnrolmentVersion>], days: &[Option<StayDays>]) -> Vec<(usize, usize)> {
    let mut same = Vec::new();
    let mut overlapping = Vec::new();
    for b in 0..chains.len() {
        for a in 0..b {
            let (one, other) = (newest(&chains[a]), newest(&chains[b]));
            if one.source == other.source || one.association != other.association {
                continue;
            }
            if one.facts.joined_on == other.facts.joined_on {
                same.push((a, b));
            } else if let (Some((Some(x), x_left)), Some((Some(y), y_left))) = (days[a], days[b])
                && x_left.is_none_or(|left| y < left)
                && y_left.is_none_or(|left| x < left)
            {
                overlapping.push(((x - y).num_days().abs(), a, b));
            }
        }
    }
    same.sort_unstable();
    overlapping.sort_unstable();
    same.into_iter().chain(overlapping.into_iter().map(|(_, a, b)| (a, b))).collect()
}

/// The history of one stay, of which some chains tell.
fn told(stay: &[usize], chains: &[Vec<EnrolmentVersion>], exports: &[ExportDay], known_at: KnownAt) -> OneStay {
    let first = stay.iter().copied().min_by_key(|i| (chains[*i][0].known_from, *i)).unwrap_or_default();
    if let [alone] = stay {
        return OneStay { first, ..OneStay::of_one(chains[*alone].clone()) };
    }
    let by_source: Vec<Vec<EnrolmentVersion>> = stay.iter().map(|i| chains[*i].clone()).collect();
    let tells = |export: &&ExportDay| by_source.iter().any(|chain| chain[0].source == export.source);
    let mut days: BTreeSet<NaiveDate> = by_source.iter().flatten().map(|version| version.known_from).collect();
    days.extend(exports.iter().filter(tells).map(|export| export.day).filter(|day| *day <= known_at.0));
    let mut out = OneStay { first, said: Vec::new(), class_since: Vec::new(), by_source: Vec::new() };
    for day in days {
        let words = stay.iter().filter_map(|i| Some((*i, Word::on(&chains[*i], exports, day)?)));
        let words: Vec<(usize, Word<'_>)> = words.collect();
        let Some((_, word)) = words.iter().max_by_key(|(i, word)| (word.shown, *i)) else { continue };
        let still_shown = words.iter().filter(|(_, word)| word.counts_as_shown).map(|(_, word)| word.now.rows_shown);
        let rows_shown = match word.now.rows_shown {
            0 => still_shown.max().unwrap_or(0),
            n => n,
        };
        let before = out.said.last();
        if before.is_some_and(|before| before.facts == word.now.facts && before.rows_shown == rows_shown) {
            continue;
        }
        let class_from = match before {
            None => word.now.class_from,
            Some(before) if before.facts.class == word.now.facts.class => before.class_from,
            Some(_) => Some(word.own_change_of_class(day).unwrap_or(day)),
        };
        let reported_first = &chains[first][0];
        let said = EnrolmentVersion {
            enrolment: reported_first.enrolment,
            source: reported_first.source,
            physician: reported_first.physician,
            class_from,
            rows_shown,
            known_from: day,
            known_until: None,
            ..word.now.clone()
        };
        out.class_since.push(word.class_since());
        if let Some(before) = out.said.last_mut() {
            before.known_until = Some(day);
        }
        out.said.push(said);
    }
    OneStay { by_source, ..out }
}

/// What a source says on a day.
struct Word<'c> {
    now: &'c EnrolmentVersion,
    /// All that it said up to the day.
    until: &'c [EnrolmentVersion],
    /// Its newest export that showed the stay: day, then place in the order of taking in.
    shown: (NaiveDate, Option<usize>),
    /// Whether it shows the stay and was not given up.
    counts_as_shown: bool,
}

impl<'c> Word<'c> {
    fn on(chain: &'c [EnrolmentVersion], exports: &[ExportDay], day: NaiveDate) -> Option<Self> {
        let until = &chain[..chain.iter().filter(|version| version.known_from <= day).count()];
        let now = until.last()?;
        let own = || exports.iter().enumerate().filter(|(_, export)| export.source == now.source && export.day <= day);
        // An export shows what was said on its day.
        let said_on = |on: NaiveDate| until.iter().rfind(|version| version.known_from <= on);
        let shows = |on: NaiveDate| said_on(on).is_some_and(|version| version.rows_shown > 0);
        let shown = own().filter(|(_, export)| shows(export.day)).map(|(nth, export)| (export.day, Some(nth))).max();
        let last_shown = until.iter().rfind(|version| version.rows_shown > 0).unwrap_or(now);
        let newest = own().map(|(_, export)| (export.day, export.kept_days)).max_by_key(|(day, _)| *day);
        let is_kept_up = newest.is_some_and(|(on, kept_days)| day <= on + Days::new(kept_days.into()));
        Some(Self {
            now,
            until,
            shown: shown.unwrap_or((last_shown.known_from, None)),
            counts_as_shown: now.rows_shown > 0 && is_kept_up,
        })
    }

    /// The day from which a class holds that the source itself changes on this day.
    fn own_change_of_class(&self, day: NaiveDate) -> Option<NaiveDate> {
        let [.., before, now] = self.until else { return None };
        if now.known_from == day && before.facts.class != now.facts.class { now.class_from } else { None }
    }

    /// Since when the source has been saying the class without a break.
    fn class_since(&self) -> NaiveDate {
        let mut since = self.now.known_from;
        for version in self.until.iter().rev() {
            if version.facts.class != self.now.facts.class {
                break;
            }
            since = version.known_from;
        }
        since
    }
}
