//! Stories of one stay in one local body.

use super::draw::{Draw, before, day, leap_day, plus};
use super::history::{Class, View};
use super::stage::{Cast, ClassSteps, Stage, shown_from, view};

/// R1: joins, and the rows keep saying so.
pub(super) fn plain_member(stage: &mut Stage) -> Cast {
    let (body, joined, from) = (stage.local_body(), stage.join_day(), stage.first_shown());
    let stay = stage.ending(&body, joined, from, (joined, stage.n()));
    Cast::of(vec![stay])
}

/// R10: a blank 入会日 is kept and not counted; from the export that dates it, it counts from that day.
pub(super) fn pending_then_admitted(stage: &mut Stage) -> Cast {
    let (body, joined, from, class) = (stage.local_body(), stage.near_day(), stage.first_shown(), stage.class());
    let admitted = stage.from(from);
    let told = |k| if k >= admitted { Some(joined) } else { None };
    let stay = stage.local(&body, |k| shown_from(from, k, View { joined: told(k), left: None, class }));
    Cast::of(vec![stay])
}

/// R1, R2: an approved 入会日 ahead of the export counts from that day.
pub(super) fn future_join(stage: &mut Stage) -> Cast {
    let (body, from) = (stage.local_body(), stage.first_shown());
    let joined = plus(stage.exports[from], stage.draw.between(1, 90));
    let stay = stage.going_on(&body, joined, from);
    Cast::of(vec![stay])
}

/// R2: a 退会日, past or ahead, still counts itself; reported now or later.
pub(super) fn withdrawal(stage: &mut Stage) -> Cast {
    let (body, joined, from) = (stage.local_body(), stage.join_day(), stage.first_shown());
    let left = (stage.leave_day(joined), stage.from(from));
    let stay = stage.ending(&body, joined, from, left);
    Cast::of(vec![stay])
}

/// R5: a moved 退会日 supersedes the earlier one.
pub(super) fn withdrawal_moved(stage: &mut Stage) -> Cast {
    withdrawal_told_twice(stage, Some)
}

/// R5: a vanished 退会日 reopens the stay; it is no re-join.
pub(super) fn withdrawal_vanished(stage: &mut Stage) -> Cast {
    withdrawal_told_twice(stage, |_| None)
}

type Left = Option<chrono::NaiveDate>;

fn withdrawal_told_twice(stage: &mut Stage, retold: impl Fn(chrono::NaiveDate) -> Left) -> Cast {
    let (body, joined, from, class) = (stage.local_body(), stage.join_day(), stage.first_shown(), stage.class());
    let (first, second) = (stage.leave_day(joined), stage.leave_day(joined));
    let told = stage.draw.between(from, stage.n() - 1);
    let changed = stage.from(told);
    let once_more = if stage.draw.percent(25) { stage.from(changed) } else { stage.n() };
    let left = |k| match k {
        _ if k < told => None,
        _ if k < changed || k >= once_more => Some(first),
        _ => retold(second),
    };
    let stay = stage.local(&body, |k| shown_from(from, k, view(joined, left(k), class)));
    Cast::of(vec![stay])
}

/// R4: another, overlapping 入会日 on the only row corrects the old one, later or earlier, now and then back again.
pub(super) fn joined_corrected(stage: &mut Stage) -> Cast {
    let (body, class) = (stage.local_body(), stage.class());
    let old = stage.join_day();
    let new = match stage.draw.below(3) {
        0 => before(old, stage.draw.between(1, 400)),
        1 => plus(old, stage.draw.between(1, 60)),
        _ => plus(old, stage.draw.between(1, 400)),
    };
    let from = if stage.draw.percent(70) { 0 } else { stage.first_shown() };
    let corrected = stage.from(from);
    let back = if stage.draw.percent(25) { stage.from(corrected) } else { stage.n() };
    let left_told = if stage.draw.percent(30) { stage.from(from) } else { stage.n() };
    let left = stage.leave_day(plus(old.max(new), 2));
    let joined = |k| if (corrected..back).contains(&k) { new } else { old };
    let told = |k| (k >= left_told).then_some(left);
    let stay = stage.local(&body, |k| shown_from(from, k, view(joined(k), told(k), class)));
    Cast::of(vec![stay])
}

/// R2: joins and leaves on one day; a member on that day only.
pub(super) fn one_day_member(stage: &mut Stage) -> Cast {
    let (body, joined, from) = (stage.local_body(), stage.near_day(), stage.first_shown());
    let told = if stage.draw.percent(70) { from } else { stage.from(from) };
    let stay = stage.ending(&body, joined, from, (joined, told));
    Cast::of(vec![stay])
}

/// R6, R7: the ended row disappears 200 days after the 退会日, and stays known.
pub(super) fn ended_row_dropped(stage: &mut Stage) -> Cast {
    let (body, joined) = (stage.local_body(), stage.draw.old_day());
    let left = before(stage.exports[0], stage.draw.between(0, 200)).max(joined);
    let stay = stage.ending(&body, joined, 0, (left, 0));
    Cast::of(vec![stay])
}

/// R9: another class holds from the first export that shows it, before every export the first class seen.
pub(super) fn class_changes(stage: &mut Stage) -> Cast {
    let mut cast = plain_member(stage);
    cast.class_steps = ClassSteps::Always;
    cast
}

/// R9: a class nobody mapped counts as unknown (不明).
pub(super) fn unknown_class(stage: &mut Stage) -> Cast {
    let mut cast = withdrawal(stage);
    for view in cast.stays[0].views.iter_mut().flatten() {
        view.class = Class::Unknown;
    }
    cast
}

/// R6: the open stay is missing from some exports and comes back; it counts throughout.
pub(super) fn disappears_and_returns(stage: &mut Stage) -> Cast {
    let mut cast = if stage.draw.percent(60) { plain_member(stage) } else { withdrawal(stage) };
    cast.hidden = gap(&mut stage.draw, stage.exports.len());
    cast
}

/// R6: the open stay is never shown again; it counts on until somebody resolves it.
pub(super) fn vanishes_for_ever(stage: &mut Stage) -> Cast {
    let mut cast = plain_member(stage);
    cast.hidden = stage.from(1)..stage.n();
    cast
}

/// R2 and the calendar: joins on a 29 February, leaves on a 29 February or a 31 March.
pub(super) fn leap_and_year_end(stage: &mut Stage) -> Cast {
    let (body, from) = (stage.local_body(), stage.first_shown());
    let joined = leap_day(stage.draw.pick(&[1996, 2004, 2016, 2020, 2024]));
    let left = stage.draw.pick(&[leap_day(2024), day(2024, 3, 31), day(2025, 3, 31)]);
    let told = stage.from(from);
    let stay = stage.ending(&body, joined, from, (left, told));
    Cast::of(vec![stay])
}

/// A run of exports after the first.
pub(super) fn gap(draw: &mut Draw, n: usize) -> std::ops::Range<usize> {
    let start = draw.between(1, n);
    start..draw.between(start, n)
}
