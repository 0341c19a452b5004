//! Where stories are told: the calendar, the bodies, and the small phrases every story is made of.

use std::ops::Range;

use chrono::NaiveDate;

use super::draw::{Draw, plus};
use super::history::{Class, Stay, Tier, View};
use super::master::Master;
use super::sources::Sources;

/// What a story needs at hand.
pub(super) struct Stage<'a> {
    pub draw: Draw,
    pub exports: &'a [NaiveDate],
    pub sources: &'a Sources,
    pub master: &'a Master,
}

/// A story as told, before rows are hidden and upper tiers added.
pub(super) struct Cast {
    pub stays: Vec<Stay>,
    pub upper: UpperTold,
    /// Exports that show nothing of this person (R6).
    pub hidden: Range<usize>,
    /// Two rows of one body share days. They are shown together for ever: with one of them gone, R4 and R6 disagree.
    pub overlap_is_told: bool,
    pub class_steps: ClassSteps,
}

/// How the upper tiers stand on the rows of the story.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UpperTold {
    /// Every row of a prefecture repeats the same cells.
    Repeated,
    /// Two rows disagree about the same stay (R8).
    InConflict,
    /// Each of two rows tells a stay of its own in the same upper body.
    TwoStays,
    /// The second row leaves the cells blank (R6).
    OnFirstRowOnly,
}

/// Whether the class of local stays may change at an export (R9).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ClassSteps {
    Never,
    Sometimes,
    Always,
}

impl Cast {
    pub(super) fn of(stays: Vec<Stay>) -> Self {
        let (upper, class_steps) = (UpperTold::Repeated, ClassSteps::Sometimes);
        Self { stays, upper, hidden: 0..0, overlap_is_told: false, class_steps }
    }
}

impl Stage<'_> {
    /// The number of exports.
    pub(super) fn n(&self) -> usize {
        self.exports.len()
    }

    /// The export that first shows something: mostly the first.
    pub(super) fn first_shown(&mut self) -> usize {
        if self.draw.percent(60) { 0 } else { self.draw.below(self.exports.len()) }
    }

    /// An export at or after `earliest`; now and then the number of exports, which means never.
    pub(super) fn from(&mut self, earliest: usize) -> usize {
        let n = self.exports.len();
        if earliest >= n || self.draw.percent(12) { n } else { self.draw.between(earliest, n - 1) }
    }

    pub(super) fn join_day(&mut self) -> NaiveDate {
        if self.draw.percent(60) { self.draw.old_day() } else { self.near_day() }
    }

    pub(super) fn near_day(&mut self) -> NaiveDate {
        self.draw.near_day(self.exports)
    }

    /// A 退会日 at or after `joined`.
    pub(super) fn leave_day(&mut self, joined: NaiveDate) -> NaiveDate {
        let near = self.near_day();
        if near >= joined { near } else { plus(joined, self.draw.between(0, 400)) }
    }

    pub(super) fn class(&mut self) -> Class {
        self.draw.pick(&[Class::A1, Class::A2B, Class::A2C, Class::B, Class::B, Class::C])
    }

    pub(super) fn local_body(&mut self) -> String {
        let locals = self.master.locals();
        let body: &str = &locals[self.draw.below(locals.len())].code;
        body.to_owned()
    }

    /// Another local body, of the same prefecture.
    pub(super) fn neighbour(&mut self, of: &str) -> String {
        let parent = self.master.parent(of);
        self.other_body(of, |candidate| candidate == parent)
    }

    /// A local body of another prefecture.
    pub(super) fn far_body(&mut self, from: &str) -> String {
        let parent = self.master.parent(from);
        self.other_body(from, |candidate| candidate != parent)
    }

    fn other_body(&mut self, than: &str, parent_fits: impl Fn(&str) -> bool) -> String {
        let fits = |code: &str| code != than && parent_fits(self.master.parent(code));
        let codes: Vec<&str> =
            self.master.locals().into_iter().map(|body| body.code.as_str()).filter(|code| fits(code)).collect();
        let chosen: &str = codes[self.draw.below(codes.len())];
        chosen.to_owned()
    }

    /// A local stay whose view at export `k` is `view(k)`.
    pub(super) fn local(&self, body: &str, view: impl Fn(usize) -> Option<View>) -> Stay {
        Stay { tier: Tier::Local, body: body.to_owned(), views: (0..self.n()).map(view).collect() }
    }

    /// A local stay shown from export `from`, its 退会日 from export `told`.
    pub(super) fn ending(&mut self, body: &str, joined: NaiveDate, from: usize, left: (NaiveDate, usize)) -> Stay {
        let class = self.class();
        let (left, told) = left;
        self.local(body, |k| shown_from(from, k, view(joined, (k >= told).then_some(left), class)))
    }

    /// A local stay that goes on, or now and then ends as well.
    pub(super) fn going_on(&mut self, body: &str, joined: NaiveDate, from: usize) -> Stay {
        let told = if self.draw.percent(30) { self.from(from) } else { self.n() };
        let left = self.leave_day(joined);
        self.ending(body, joined, from, (left, told))
    }

    /// Changes the class at one or two exports, back to the first one half of the time (R9).
    ///
    /// A stay with a pending view is left alone: no rule dates a class seen before the 入会日 is known.
    pub(super) fn step_classes(&mut self, stay: &mut Stay) {
        let is_pending = stay.views.iter().flatten().any(|view| view.joined.is_none());
        if is_pending || self.n() < 2 {
            return;
        }
        let first = self.draw.between(1, self.n() - 1);
        let second = self.from(first);
        let next = if self.draw.percent(10) { Class::Unknown } else { self.class() };
        let last = self.class();
        let goes_back = self.draw.percent(50);
        for (k, view) in stay.views.iter_mut().enumerate() {
            let Some(view) = view else { continue };
            if k >= second && !goes_back {
                view.class = last;
            } else if k >= first && k < second {
                view.class = next;
            }
        }
    }
}

pub(super) fn view(joined: NaiveDate, left: Option<NaiveDate>, class: Class) -> View {
    View { joined: Some(joined), left, class }
}

pub(super) fn shown_from(from: usize, k: usize, view: View) -> Option<View> {
    (k >= from).then_some(view)
}
