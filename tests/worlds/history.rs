//! What exports show of one person, and the slow, obvious count over it.
//!
//! A story knows which rows of different exports are one stay; a program has to find that out (R3 to R8). So the
//! truth here is only: the last view an export gave, read day by day. Start at [`Stay`], then [`Stay::on`].

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::Truth;
use super::draw::plus;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    Local,
    Prefectural,
    National,
}

impl Tier {
    pub(super) const ALL: [Self; 3] = [Self::Local, Self::Prefectural, Self::National];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Prefectural => "prefectural",
            Self::National => "national",
        }
    }
}

/// The national classes of membership (日医会員区分), and the one nobody mapped (不明).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    A1,
    A2B,
    A2C,
    B,
    C,
    Unknown,
}

impl Class {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::A1 => "A1",
            Self::A2B => "A2B",
            Self::A2C => "A2C",
            Self::B => "B",
            Self::C => "C",
            Self::Unknown => "unknown",
        }
    }
}

/// What one export says of one stay; `joined` is `None` while the application is pending (R10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct View {
    pub joined: Option<NaiveDate>,
    pub left: Option<NaiveDate>,
    pub class: Class,
}

impl View {
    /// 在籍最終日 (R2): both ends count.
    pub(super) fn covers(self, on: NaiveDate) -> bool {
        self.joined.is_some_and(|joined| joined <= on) && self.left.is_none_or(|left| on <= left)
    }

    /// Whether the two share a day; a pending one shares none.
    pub(super) fn overlaps(self, other: Self) -> bool {
        let (Some(mine), Some(theirs)) = (self.joined, other.joined) else { return false };
        let first_shared = mine.max(theirs);
        self.covers(first_shared) && other.covers(first_shared)
    }
}

/// One stay of one person in one body: a view per export, `None` where the export does not show it.
#[derive(Clone)]
pub(super) struct Stay {
    pub tier: Tier,
    pub body: String,
    pub views: Vec<Option<View>>,
}

impl Stay {
    /// 入会日 and class on day `on`, if the views given by the first `known` exports make it a day of membership.
    ///
    /// The last view speaks, however long ago (R6). The class is that of the last view given on or before `on`;
    /// earlier than every view it is the first class seen (R9).
    pub(super) fn on(&self, on: NaiveDate, exports: &[NaiveDate], known: usize) -> Option<(NaiveDate, Class)> {
        let seen: Vec<(NaiveDate, View)> =
            exports.iter().zip(&self.views).take(known).filter_map(|(&day, view)| Some((day, (*view)?))).collect();
        let (_, last) = seen.last()?;
        if !last.covers(on) {
            return None;
        }
        let speaking = seen.iter().rev().find(|(day, _)| *day <= on).or(seen.first())?;
        Some((last.joined?, speaking.1.class))
    }

    /// The last view at or before export `k`.
    pub(super) fn known_at(&self, k: usize) -> Option<View> {
        self.views[..=k].iter().rev().find_map(|view| *view)
    }

    pub(super) fn hide_unless(&mut self, shown: impl Fn(usize) -> bool) {
        for (k, view) in self.views.iter_mut().enumerate() {
            *view = view.filter(|_| shown(k));
        }
    }
}

/// A local stay and the upper-tier cells its row carries, export by export.
#[derive(Clone)]
pub(super) struct Local {
    pub stay: Stay,
    pub carries: Vec<Stay>,
}

/// One person's story: the rows of every export, and the stays that are true of them.
#[derive(Clone)]
pub(super) struct Person {
    pub story: &'static str,
    pub locals: Vec<Local>,
    /// The true upper-tier stays; they differ from what rows carry only where rows contradict each other (R8).
    pub upper: Vec<Stay>,
    /// Seed of everything that must not matter: name, birth date, spellings.
    pub looks: u64,
}

impl Person {
    pub(super) fn stays(&self) -> impl Iterator<Item = &Stay> {
        self.locals.iter().map(|local| &local.stay).chain(&self.upper)
    }

    pub(super) fn keep_exports(&mut self, n: usize) {
        let carried =
            self.locals.iter_mut().flat_map(|local| std::iter::once(&mut local.stay).chain(&mut local.carries));
        for stay in carried.chain(&mut self.upper) {
            stay.views.truncate(n);
        }
    }

    /// Whether any two views of one stay are so alike that they are taken for one stay, whichever source gives them; and
    /// no two views of two stays in one body are.
    pub(super) fn is_one_stay_in_any_order(&self) -> bool {
        let views = |stay: &Stay| -> Vec<View> { stay.views.iter().flatten().copied().collect() };
        let stays: Vec<&Stay> = self.stays().collect();
        let are_one = |a: View, b: View| match (a.joined, b.joined) {
            (Some(old), Some(new)) => {
                let second_shared = plus(old.max(new), 1);
                old == new || (a.covers(second_shared) && b.covers(second_shared))
            }
            _ => true,
        };
        let is_one = |stay: &&Stay| {
            let all = views(stay);
            all.iter().all(|a| all.iter().all(|b| are_one(*a, *b)))
        };
        let are_two = |a: &Stay, b: &Stay| {
            let (mine, theirs) = (views(a), views(b));
            mine.iter().all(|x| theirs.iter().all(|y| x.joined != y.joined && !x.overlaps(*y)))
        };
        let pairs = stays.iter().enumerate().flat_map(|(i, a)| stays[..i].iter().map(move |b| (*a, *b)));
        let mut of_body = pairs.filter(|(a, b)| a.tier == b.tier && a.body == b.body);
        stays.iter().all(is_one) && of_body.all(|(a, b)| are_two(a, b))
    }

    /// Whether the rules give one answer to these rows; stories that fail this are drawn again.
    ///
    /// A correction must overlap what it corrects (R4). Two stays in one body must not look like one: whenever
    /// an export shows only one of them, the other, as last known, must not overlap it.
    pub(super) fn is_unambiguous(&self, overlap_is_told: bool) -> bool {
        let stays: Vec<&Stay> = self.stays().collect();
        let alone = stays.iter().all(|stay| is_one_chain(stay));
        let pairs = stays.iter().enumerate().flat_map(|(i, a)| stays[..i].iter().map(move |b| (*a, *b)));
        alone
            && pairs
                .filter(|(a, b)| a.tier == b.tier && a.body == b.body)
                .all(|(a, b)| are_two_stays(a, b, overlap_is_told && a.tier == Tier::Local))
    }
}

fn is_one_chain(stay: &Stay) -> bool {
    let seen: Vec<View> = stay.views.iter().flatten().copied().collect();
    let in_order = |view: &View| view.left.is_none_or(|left| view.joined.is_some_and(|joined| joined <= left));
    seen.iter().all(in_order)
        && seen.windows(2).all(|pair| match (pair[0].joined, pair[1].joined) {
            // More than one shared day, so that no reading of 退会日 calls it two stays.
            (Some(old), Some(new)) if old != new => {
                let second_shared = plus(old.max(new), 1);
                pair.iter().all(|view| view.covers(second_shared))
            }
            (Some(_), None) => false,
            _ => true,
        })
}

fn are_two_stays(a: &Stay, b: &Stay, overlap_is_told: bool) -> bool {
    (0..a.views.len()).all(|k| match (a.views[k], b.views[k]) {
        (Some(x), Some(y)) => x.joined != y.joined && (overlap_is_told || !x.overlaps(y)),
        (Some(x), None) => b.known_at(k).is_none_or(|y| !x.overlaps(y)),
        (None, Some(y)) => a.known_at(k).is_none_or(|x| !x.overlaps(y)),
        (None, None) => true,
    })
}

/// Counts by walking over every person and every stay.
///
/// Stays of one person in one body count once (R1); where two cover the day, the later 入会日 gives the class.
pub(super) fn count(people: &[Person], exports: &[NaiveDate], as_of: NaiveDate, known_at: NaiveDate) -> Truth {
    let known = exports.iter().filter(|&&day| day <= known_at).count();
    let mut truth = Truth::nobody();
    for person in people {
        let mut memberships: BTreeMap<(Tier, &str), (NaiveDate, Class)> = BTreeMap::new();
        for stay in person.stays() {
            let Some((joined, class)) = stay.on(as_of, exports, known) else { continue };
            let counted = memberships.entry((stay.tier, &stay.body)).or_insert((joined, class));
            if counted.0 < joined {
                *counted = (joined, class);
            }
        }
        truth.add_person(memberships.into_iter().map(|((tier, body), (_, class))| (tier, body, class)));
    }
    truth
}
