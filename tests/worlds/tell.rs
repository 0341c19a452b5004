//! Tells one person: a story, rows hidden as sources hide them, the upper tiers; again until the rules have one answer.

use chrono::NaiveDate;

use super::draw::{Draw, plus};
use super::history::{Person, Stay};
use super::master::Master;
use super::sources::{self, Sources};
use super::stage::{Cast, ClassSteps, Stage};
use super::{double, single, upper};

type Script = fn(&mut Stage) -> Cast;

/// Every story, each as likely as the others.
const STORIES: [(&str, Script); 26] = [
    ("plain_member", single::plain_member),
    ("pending_then_admitted", single::pending_then_admitted),
    ("future_join", single::future_join),
    ("withdrawal", single::withdrawal),
    ("withdrawal_moved", single::withdrawal_moved),
    ("withdrawal_vanished", single::withdrawal_vanished),
    ("joined_corrected", single::joined_corrected),
    ("one_day_member", single::one_day_member),
    ("ended_row_dropped", single::ended_row_dropped),
    ("class_changes", single::class_changes),
    ("unknown_class", single::unknown_class),
    ("disappears_and_returns", single::disappears_and_returns),
    ("vanishes_for_ever", single::vanishes_for_ever),
    ("leap_and_year_end", single::leap_and_year_end),
    ("rejoin_both_shown", double::rejoin_both_shown),
    ("rejoin_touching", double::rejoin_touching),
    ("rejoin_same_day", double::rejoin_same_day),
    ("rejoin_old_row_gone", double::rejoin_old_row_gone),
    ("double_entry", double::double_entry),
    ("move_within_prefecture", double::move_within_prefecture),
    ("move_across_prefectures", double::move_across_prefectures),
    ("two_bodies_at_once", double::two_bodies_at_once),
    ("vanishes_into_another_body", double::vanishes_into_another_body),
    ("upper_tiers_in_conflict", double::upper_tiers_in_conflict),
    ("upper_tiers_left_and_joined_again", double::upper_tiers_left_and_joined_again),
    ("upper_tiers_blank_on_new_row", double::upper_tiers_blank_on_new_row),
];

/// The days an ended row is still shown (`ended_rows_kept_days` of the sample layout, R7).
const ENDED_ROWS_KEPT_DAYS: usize = 200;

/// Tells the person that `seed` stands for.
pub(super) fn person(seed: u64, exports: &[NaiveDate], sources: &Sources, master: &Master) -> Person {
    let mut stage = Stage { draw: Draw::new(seed), exports, sources, master };
    let (story, script): (&'static str, Script) = match sources.are_several() && stage.draw.percent(20) {
        true => ("told_otherwise", sources::told_otherwise),
        false => stage.draw.pick(&STORIES),
    };
    let attempt = (0..100).find_map(|_| {
        let cast = script(&mut stage);
        person_of(&mut stage, story, cast)
    });
    attempt.unwrap_or_else(|| anchor(seed, exports, sources, master))
}

/// A plain member every export shows, so that no export of a world is empty.
pub(super) fn anchor(seed: u64, exports: &[NaiveDate], sources: &Sources, master: &Master) -> Person {
    let mut stage = Stage { draw: Draw::new(seed), exports, sources, master };
    let (body, joined, never) = (stage.local_body(), stage.draw.old_day(), stage.n());
    let stay = stage.ending(&body, joined, 0, (joined, never));
    let cast = Cast { class_steps: ClassSteps::Never, ..Cast::of(vec![stay]) };
    let rows: Vec<Stay> = cast.stays.iter().map(|row| sources::told_rows(&stage, row)).collect();
    let told = (0..100).find_map(|_| {
        let (locals, upper) = upper::with_upper_tiers(&mut stage, &cast, rows.clone())?;
        let looks = stage.draw.next();
        let person = Person { story: "anchor", locals, upper, looks };
        person.is_unambiguous(false).then_some(person)
    });
    told.expect("one draw in five has no upper tier at all, and is unambiguous")
}

fn person_of(stage: &mut Stage, story: &'static str, mut cast: Cast) -> Option<Person> {
    for stay in &mut cast.stays {
        let steps = match cast.class_steps {
            ClassSteps::Never => false,
            ClassSteps::Sometimes => stage.draw.percent(20),
            ClassSteps::Always => true,
        };
        if steps {
            stage.step_classes(stay);
        }
    }
    if cast.hidden.is_empty() && stage.draw.percent(12) {
        cast.hidden = single::gap(&mut stage.draw, stage.exports.len());
    }
    let rows: Vec<Stay> = shown_rows(&cast, stage.exports).iter().map(|row| sources::told_rows(stage, row)).collect();
    let (locals, upper) = upper::with_upper_tiers(stage, &cast, rows)?;
    let looks = stage.draw.next();
    let person = Person { story, locals, upper, looks };
    let is_one_stay_for_all = !stage.sources.are_several() || person.is_one_stay_in_any_order();
    (is_one_stay_for_all && person.is_unambiguous(cast.overlap_is_told)).then_some(person)
}

/// The local rows without the exports that hide the person and without ended rows that have gone (R6, R7).
fn shown_rows(cast: &Cast, exports: &[NaiveDate]) -> Vec<Stay> {
    let mut rows = cast.stays.clone();
    for row in &mut rows {
        let views = row.views.clone();
        row.hide_unless(|k| {
            let left = views[k].and_then(|view| view.left);
            let gone = left.is_some_and(|left| plus(left, ENDED_ROWS_KEPT_DAYS) < exports[k]);
            !cast.hidden.contains(&k) && (cast.overlap_is_told || !gone)
        });
    }
    rows
}
