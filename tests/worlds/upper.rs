//! The upper tiers of a story: what rows carry beside the local stay, and which upper-tier stays are true.

use chrono::NaiveDate;

use super::draw::{before, plus};
use super::history::{Local, Stay, Tier, View};
use super::stage::{Cast, Stage, UpperTold, view};

/// Local rows with the upper-tier cells they carry, and the true upper-tier stays. `None`: the rules are silent.
pub(super) fn with_upper_tiers(stage: &mut Stage, cast: &Cast, rows: Vec<Stay>) -> Option<(Vec<Local>, Vec<Stay>)> {
    let locals = rows.into_iter().map(|stay| Local { stay, carries: Vec::new() }).collect();
    let mut scene = Scene { told: &cast.stays, locals, upper: Vec::new() };
    match cast.upper {
        UpperTold::Repeated => scene.repeat(stage),
        UpperTold::InConflict => scene.contradict(stage)?,
        UpperTold::TwoStays => scene.leave_and_join_again(stage),
        UpperTold::OnFirstRowOnly => scene.tell_on_first_row(stage)?,
    }
    Some((scene.locals, scene.upper))
}

struct Scene<'a> {
    /// The local stays with every view, hidden exports included: dates are taken from these.
    told: &'a [Stay],
    locals: Vec<Local>,
    upper: Vec<Stay>,
}

impl Scene<'_> {
    /// Every row of a prefecture repeats its prefectural cells, every row the national ones.
    fn repeat(&mut self, stage: &mut Stage) {
        let parents: Vec<String> = self.told.iter().map(|stay| stage.master.parent(&stay.body).to_owned()).collect();
        let has_prefecture = stage.draw.percent(80);
        for (first, parent) in parents.iter().enumerate() {
            if !has_prefecture || parents[..first].contains(parent) {
                continue;
            }
            let rows: Vec<usize> = (first..parents.len()).filter(|&row| parents[row] == *parent).collect();
            let base = Base { tier: Tier::Prefectural, body: parent, local: &self.told[first], alone: rows.len() == 1 };
            for stay in upper_stays(stage, &base) {
                self.carry(stay, &rows);
            }
        }
        if stage.draw.percent(if has_prefecture { 80 } else { 10 }) {
            let rows: Vec<usize> = (0..self.told.len()).collect();
            let base = Base { tier: Tier::National, body: "JMA", local: &self.told[0], alone: rows.len() == 1 };
            for stay in upper_stays(stage, &base) {
                self.carry(stay, &rows);
            }
        }
    }

    /// Puts the stay on the rows; it is known at the exports that show one of them.
    fn carry(&mut self, mut stay: Stay, rows: &[usize]) {
        for &row in rows {
            self.locals[row].carries.push(stay.clone());
        }
        stay.hide_unless(|k| rows.iter().any(|&row| self.locals[row].stay.views[k].is_some()));
        self.upper.push(stay);
    }

    /// R8: the rows differ in 退会日, class or 入会日; [`settle`] names the row that speaks.
    fn contradict(&mut self, stage: &mut Stage) -> Option<()> {
        let parent = stage.master.parent(&self.told[0].body).to_owned();
        self.contradict_about(stage, Tier::Prefectural, &parent)?;
        if stage.draw.percent(50) {
            self.contradict_about(stage, Tier::National, "JMA")?;
        }
        Some(())
    }

    fn contradict_about(&mut self, stage: &mut Stage, tier: Tier, body: &str) -> Option<()> {
        let joined = first_joined(&self.told[0])?;
        let one = view(joined, None, stage.class());
        let left = Some(stage.leave_day(plus(joined, 2)));
        let other = match stage.draw.below(4) {
            0 | 1 => View { left, ..one },
            2 => View { class: stage.class(), ..one },
            _ => View { joined: Some(plus(joined, stage.draw.between(1, 300))), ..one },
        };
        let (old, new) = if stage.draw.percent(50) { (one, other) } else { (other, one) };
        let told = |view: View| Stay { tier, body: body.to_owned(), views: vec![Some(view); stage.n()] };
        let mut resolved = told(old);
        let mut differ = false;
        for (k, &day) in stage.exports.iter().enumerate() {
            let rows = [0, 1].map(|row| self.locals[row].stay.views[k]);
            differ |= old != new && rows.iter().all(Option::is_some);
            resolved.views[k] = match rows {
                [None, None] => None,
                [Some(_), None] => Some(old),
                [None, Some(_)] => Some(new),
                [Some(a), Some(b)] if old != new => Some([old, new][settle(a, b, day)?]),
                [Some(_), Some(_)] => Some(old),
            };
        }
        let mut dates = resolved.views.iter().flatten().map(|view| view.joined);
        let first = dates.next();
        // With another 入会日 speaking from export to export, the losing row still shows the old one: R4 is silent.
        if !differ || dates.any(|joined| Some(joined) != first) {
            return None;
        }
        self.locals[0].carries.push(told(old));
        self.locals[1].carries.push(told(new));
        self.upper.push(resolved);
        Some(())
    }

    /// The old row ends its upper-tier stay, the new row begins another, at least a day between them.
    fn leave_and_join_again(&mut self, stage: &mut Stage) {
        let parent = stage.master.parent(&self.told[0].body).to_owned();
        let national = stage.draw.percent(50);
        for (tier, body) in [(Tier::Prefectural, parent.as_str()), (Tier::National, "JMA")] {
            if tier == Tier::National && !national {
                continue;
            }
            let (Some(joined), Some(again)) = (first_joined(&self.told[0]), first_joined(&self.told[1])) else {
                return;
            };
            let left = stage.leave_day(joined);
            let again = again.max(plus(left, stage.draw.between(2, 90)));
            let classes = [stage.class(), stage.class()];
            let told = |view: View| Stay { tier, body: body.to_owned(), views: vec![Some(view); stage.n()] };
            self.carry(told(view(joined, Some(left), classes[0])), &[0]);
            self.carry(told(view(again, None, classes[1])), &[1]);
        }
    }

    /// The old row alone tells the upper tiers, always the same, and is shown before the new row comes.
    fn tell_on_first_row(&mut self, stage: &mut Stage) -> Option<()> {
        let shown = |row: usize| self.locals[row].stay.views.iter().position(Option::is_some);
        if shown(0)? >= shown(1).unwrap_or(stage.n()) {
            return None;
        }
        let joined = first_joined(&self.told[0])?;
        let parent = stage.master.parent(&self.told[0].body).to_owned();
        for (tier, body) in [(Tier::Prefectural, parent), (Tier::National, "JMA".to_owned())] {
            let views = vec![Some(view(joined, None, stage.class())); stage.n()];
            self.carry(Stay { tier, body, views }, &[0]);
        }
        Some(())
    }
}

/// R8: which of two shown rows speaks on the export day. `None`: both local stays are in force, or they cannot be told
/// apart by 入会日, and no rule decides.
pub(super) fn settle(first: View, second: View, export_day: NaiveDate) -> Option<usize> {
    let (a, b) = (first.joined?, second.joined?);
    match (first.covers(export_day), second.covers(export_day)) {
        (true, false) => Some(0),
        (false, true) => Some(1),
        (false, false) if a != b => Some(usize::from(b > a)),
        _ => None,
    }
}

/// What an upper-tier stay is drawn around.
struct Base<'a> {
    tier: Tier,
    body: &'a str,
    local: &'a Stay,
    /// Only one local row carries it, so it may end with that row's stay.
    alone: bool,
}

/// One upper-tier stay, or two told one after the other by the same row.
///
/// Exercises on the upper tiers: joined later than below, left earlier, national-only exit, 退会日 moved or vanished
/// (R5), 入会日 corrected (R4), cells blank at first or from some export on (R6), a class of its own (R9), and a
/// re-join on the same row after a gap (R1).
fn upper_stays(stage: &mut Stage, base: &Base) -> Vec<Stay> {
    let n = stage.n();
    let Some(joined) = upper_joined(stage, base) else { return Vec::new() };
    let class = match base.local.views.iter().flatten().next() {
        Some(view) if stage.draw.percent(60) => view.class,
        _ => stage.class(),
    };
    let corrected = if stage.draw.percent(15) { stage.from(0) } else { n };
    let other_joined = before(plus(joined, stage.draw.between(0, 120)), 60);
    let left = left_per_export(stage, base, joined.max(other_joined));
    let told = |k: usize| view(if k >= corrected { other_joined } else { joined }, left[k], class);
    let mut stay = Stay { tier: base.tier, body: base.body.to_owned(), views: (0..n).map(|k| Some(told(k))).collect() };
    if stage.draw.percent(20) {
        stage.step_classes(&mut stay);
    }
    if stage.draw.percent(15) {
        let shown = stage.from(0);
        stay.hide_unless(|k| k >= shown);
    }
    if stage.draw.percent(15) {
        let blank = stage.from(0);
        stay.hide_unless(|k| k < blank);
    }
    joined_again(stage, base, stay)
}

fn upper_joined(stage: &mut Stage, base: &Base) -> Option<NaiveDate> {
    let below = first_joined(base.local);
    match stage.draw.below(10) {
        0 => Some(stage.join_day()),
        1..=3 => Some(plus(below?, stage.draw.between(1, 60))),
        _ => below,
    }
}

/// The upper-tier 退会日 that each export shows, never before `earliest`.
fn left_per_export(stage: &mut Stage, base: &Base, earliest: NaiveDate) -> Vec<Option<NaiveDate>> {
    let n = stage.n();
    match stage.draw.below(10) {
        // As the local stay ends, or some days before it.
        0..=4 if base.alone => {
            let days_before = if stage.draw.percent(70) { 0 } else { stage.draw.between(1, 60) };
            let with_local = |view: &Option<View>| Some(before((*view)?.left?, days_before).max(earliest));
            base.local.views.iter().map(with_local).collect()
        }
        // An exit of its own, later perhaps moved or taken back.
        5..=6 => {
            let (first, told) = (stage.leave_day(plus(earliest, 1)), stage.from(0));
            let retold = if stage.draw.percent(40) { stage.from(told) } else { n };
            let second = stage.draw.percent(50).then(|| stage.leave_day(plus(earliest, 1)));
            let left = |k| match k {
                _ if k < told => None,
                _ if k < retold => Some(first),
                _ => second,
            };
            (0..n).map(left).collect()
        }
        _ => vec![None; n],
    }
}

/// Where the stay is known to have ended, the row now and then goes on to tell a later one.
fn joined_again(stage: &mut Stage, base: &Base, mut stay: Stay) -> Vec<Stay> {
    let ended = stay.views.iter().position(|view| view.is_some_and(|view| view.left.is_some()));
    let (Some(ended), true) = (ended, stage.draw.percent(30)) else { return vec![stay] };
    let again_from = stage.from(ended + 1);
    let Some(left) = stay.views[again_from - 1].and_then(|view| view.left) else { return vec![stay] };
    let again = view(plus(left, stage.draw.between(2, 120)), None, stage.class());
    stay.hide_unless(|k| k < again_from);
    let views = (0..stage.n()).map(|k| (k >= again_from).then_some(again)).collect();
    let new = Stay { tier: base.tier, body: base.body.to_owned(), views };
    vec![stay, new]
}

/// The first 入会日 any export tells.
fn first_joined(stay: &Stay) -> Option<NaiveDate> {
    stay.views.iter().flatten().find_map(|view| view.joined)
}
