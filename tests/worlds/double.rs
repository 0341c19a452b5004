//! Stories of two local stays: re-joins in one body, moves, two bodies at once.

use chrono::NaiveDate;

use super::draw::plus;
use super::history::View;
use super::stage::{Cast, ClassSteps, Stage, UpperTold, shown_from, view};

/// R1: a re-join after a gap; both rows are shown until the old one is old enough to go.
pub(super) fn rejoin_both_shown(stage: &mut Stage) -> Cast {
    let gap = stage.draw.between(2, 300);
    rejoin(stage, |left| plus(left, gap))
}

/// R1: the new 入会日 is the day after the 退会日: every day counts once.
pub(super) fn rejoin_touching(stage: &mut Stage) -> Cast {
    rejoin(stage, |left| plus(left, 1))
}

/// R1, R2: leaves and re-joins on one day: the day counts once, with the class of the later stay.
pub(super) fn rejoin_same_day(stage: &mut Stage) -> Cast {
    let mut cast = rejoin(stage, |left| left);
    cast.overlap_is_told = true;
    cast
}

fn rejoin(stage: &mut Stage, joined_again: impl Fn(NaiveDate) -> NaiveDate) -> Cast {
    let (body, joined, from) = (stage.local_body(), stage.draw.old_day(), stage.first_shown());
    let left = stage.leave_day(plus(joined, 1));
    let left_told = stage.from(from);
    let again_from = stage.from(left_told);
    let old = stage.ending(&body, joined, from, (left, left_told));
    let new = stage.going_on(&body, joined_again(left), again_from);
    Cast::of(vec![old, new])
}

/// R4, R6: the ended row has gone before the new one comes: no overlap, so a stay of its own.
pub(super) fn rejoin_old_row_gone(stage: &mut Stage) -> Cast {
    let (body, joined, from) = (stage.local_body(), stage.draw.old_day(), stage.first_shown());
    let left = stage.leave_day(joined);
    let gone = stage.from(from);
    let again_from = stage.from(gone);
    let again = plus(left, stage.draw.between(2, 300));
    let mut old = stage.ending(&body, joined, from, (left, from));
    old.hide_unless(|k| k < gone);
    let new = stage.going_on(&body, again, again_from);
    Cast::of(vec![old, new])
}

/// R1, R4: a second row of the same body overlaps the first, both shown: counted once (one class, told twice).
pub(super) fn double_entry(stage: &mut Stage) -> Cast {
    let (body, joined, from, class) = (stage.local_body(), stage.draw.old_day(), stage.first_shown(), stage.class());
    let again = stage.near_day();
    let again_from = stage.from(from);
    let left_told = stage.from(again_from);
    let left = plus(again, stage.draw.between(0, 40));
    let old = stage.local(&body, |k| shown_from(from, k, view(joined, (k >= left_told).then_some(left), class)));
    let new = stage.local(&body, |k| shown_from(again_from, k, view(again, None, class)));
    let stays = vec![old, new];
    Cast { overlap_is_told: true, class_steps: ClassSteps::Never, ..Cast::of(stays) }
}

/// 県内異動 (R1): two local rows of one prefecture, with a gap or an overlap; the upper tiers are repeated.
pub(super) fn move_within_prefecture(stage: &mut Stage) -> Cast {
    let old_body = stage.local_body();
    let new_body = stage.neighbour(&old_body);
    moved(stage, &old_body, &new_body)
}

/// 県外異動 (R1): two prefectures, with a gap or an overlap; the national membership goes on.
pub(super) fn move_across_prefectures(stage: &mut Stage) -> Cast {
    let old_body = stage.local_body();
    let new_body = stage.far_body(&old_body);
    moved(stage, &old_body, &new_body)
}

fn moved(stage: &mut Stage, old_body: &str, new_body: &str) -> Cast {
    let (joined, from) = (stage.draw.old_day(), stage.first_shown());
    let left = stage.leave_day(plus(joined, 30));
    let arrived = plus(left, stage.draw.between(0, 60)) - chrono::Days::new(20);
    let (left_told, arrived_from) = (stage.from(from), stage.from(from));
    let old = stage.ending(old_body, joined, from, (left, left_told));
    let new = if stage.draw.percent(30) {
        // R10: the application to the new body is there first.
        let (class, admitted) = (stage.class(), stage.from(arrived_from));
        let told = |k| if k >= admitted { Some(arrived) } else { None };
        stage.local(new_body, |k| shown_from(arrived_from, k, View { joined: told(k), left: None, class }))
    } else {
        stage.going_on(new_body, arrived, arrived_from)
    };
    Cast::of(vec![old, new])
}

/// 兼務 (R1): two bodies at once, of one prefecture or two: two memberships, one head.
pub(super) fn two_bodies_at_once(stage: &mut Stage) -> Cast {
    let first = stage.local_body();
    let second = if stage.draw.percent(50) { stage.neighbour(&first) } else { stage.far_body(&first) };
    let (joined, joined_too) = (stage.join_day(), stage.join_day());
    let (from, too_from) = (stage.first_shown(), stage.first_shown());
    let stays = vec![stage.going_on(&first, joined, from), stage.going_on(&second, joined_too, too_from)];
    Cast::of(stays)
}

/// R6: the open stay vanishes and another body shows the same 入会日: both count.
pub(super) fn vanishes_into_another_body(stage: &mut Stage) -> Cast {
    let (first, joined, from) = (stage.local_body(), stage.join_day(), stage.first_shown());
    let second = if stage.draw.percent(50) { stage.neighbour(&first) } else { stage.far_body(&first) };
    let gone = stage.from(from);
    let mut vanished = stage.ending(&first, joined, from, (joined, stage.n()));
    vanished.hide_unless(|k| k < gone);
    let shown = stage.ending(&second, joined, gone, (joined, stage.n()));
    Cast::of(vec![vanished, shown])
}

/// R8: after a move inside a prefecture the two rows contradict each other about an upper-tier stay.
pub(super) fn upper_tiers_in_conflict(stage: &mut Stage) -> Cast {
    Cast { upper: UpperTold::InConflict, ..move_within_prefecture(stage) }
}

/// R1, R8: two rows tell two stays of the same upper body, a gap between them: two stays, no conflict.
pub(super) fn upper_tiers_left_and_joined_again(stage: &mut Stage) -> Cast {
    let told = if stage.draw.percent(50) { move_within_prefecture(stage) } else { rejoin_both_shown(stage) };
    Cast { upper: UpperTold::TwoStays, ..told }
}

/// R6: the row of the new body leaves the upper tiers blank; what the old row says stays known.
pub(super) fn upper_tiers_blank_on_new_row(stage: &mut Stage) -> Cast {
    Cast { upper: UpperTold::OnFirstRowOnly, ..move_within_prefecture(stage) }
}
