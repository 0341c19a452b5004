//! How adjustments decide about stays: slow and obvious, from docs/rules.md, "How three kinds of evidence meet".

use chrono::NaiveDate;

use kaiin::domain::adjustment::{Adjustment, AdjustmentKind};
use kaiin::domain::class::NationalClass;
use kaiin::domain::enrolment::WithdrawalReason;

use super::stay::{ReportedClass, Stay};

pub fn hear_adjustment(stays: &mut Vec<Stay>, adjustment: &Adjustment, learnt_on: NaiveDate, nth: usize) {
    if adjustment.kind == AdjustmentKind::Joined {
        return add_stay(stays, adjustment, learnt_on, nth);
    }
    let in_body = |stay: &Stay| Some(stay.body) == adjustment.association;
    // The newest that anybody could have meant: known on the day, or first told later.
    let first_reported = stays.iter().filter(|stay| in_body(stay)).map(|stay| stay.first_reported).min();
    let was_known = |stay: &Stay| stay.first_reported <= learnt_on || Some(stay.first_reported) == first_reported;
    let newest = stays.iter().filter(|stay| in_body(stay) && was_known(stay)).map(|stay| stay.joined_on).max();
    let is_meant = |stay: &Stay| {
        in_body(stay)
            && match adjustment.stay_joined_on {
                None => was_known(stay) && Some(stay.joined_on) == newest,
                told @ Some(_) => {
                    let of_each = stay.reported_by_each_on(learnt_on);
                    stay.joined_on == told || of_each.iter().any(|said| said.facts.joined_on == told)
                }
            }
    };
    stays.retain_mut(|stay| !is_meant(stay) || still_is_a_stay(stay, adjustment, learnt_on));
}

/// Does what an adjustment decides about one stay, unless an export after it has overtaken it; false when the stay
/// never was.
fn still_is_a_stay(stay: &mut Stay, adjustment: &Adjustment, learnt_on: NaiveDate) -> bool {
    match adjustment.kind {
        AdjustmentKind::Left => {
            let ends_in_order = stay.joined_on.is_some() && stay.joined_on <= adjustment.day;
            if ends_in_order && !stay.is_news(learnt_on, |said| said.facts.left_on) {
                stay.left_on = adjustment.day;
                // A blank reason is silence.
                if adjustment.reason != WithdrawalReason::None {
                    stay.reason = adjustment.reason;
                }
                stay.is_confirmed |= stay.had_vanished_by(learnt_on);
            }
        }
        AdjustmentKind::Reopened => {
            if !stay.is_news(learnt_on, |said| said.facts.left_on) {
                (stay.left_on, stay.reason) = (None, WithdrawalReason::None);
            }
        }
        AdjustmentKind::JoinedDay => {
            let ends_in_order = stay.left_on.is_none_or(|left| adjustment.day.is_some_and(|day| day <= left));
            if ends_in_order && !stay.is_news(learnt_on, |said| said.facts.joined_on) {
                stay.joined_on = adjustment.day;
            }
        }
        AdjustmentKind::Class => correct_class(stay, adjustment, learnt_on),
        AdjustmentKind::NeverMember => {
            return stay.is_news(learnt_on, |said| (said.facts.joined_on, said.facts.left_on));
        }
        AdjustmentKind::StillMember => {
            stay.is_confirmed |= stay.had_vanished_by(learnt_on) && stay.shown_after(learnt_on).is_empty();
        }
        // These are about persons, findings and stays that no export shows.
        AdjustmentKind::Joined | AdjustmentKind::SamePerson | AdjustmentKind::Acknowledged => {}
    }
    true
}

/// The class holds from the day until a class that was learnt after the adjustment. A stay that was not shown on the
/// day of the adjustment and is shown again with another class than the decided one speaks for all its days.
fn correct_class(stay: &mut Stay, adjustment: &Adjustment, learnt_on: NaiveDate) {
    let Some(class) = adjustment.class else { return };
    let was_shown = stay.reported_on(learnt_on).is_none_or(|said| said.rows_shown > 0);
    if !was_shown && stay.shown_after(learnt_on).iter().any(|said| said.facts.class != class) {
        return;
    }
    let decided = ReportedClass { class, from: adjustment.day, shown_on: None, learnt_on };
    let (before, after): (Vec<ReportedClass>, Vec<ReportedClass>) =
        std::mem::take(&mut stay.classes).into_iter().partition(|told| told.learnt_on <= learnt_on);
    stay.classes = before.into_iter().chain([decided]).chain(after).collect();
}

/// A stay that no export shows; once exports show one that overlaps it or begins later, they speak.
fn add_stay(stays: &mut Vec<Stay>, adjustment: &Adjustment, learnt_on: NaiveDate, nth: usize) {
    let (Some(body), Some(day)) = (adjustment.association, adjustment.day) else { return };
    let is_reported = |stay: &Stay| {
        // A stay that ends on the day on which another begins touches it and does not overlap it (R1).
        let goes_on = stay.left_on.is_none_or(|left| left > day);
        let begins_later = |joined: NaiveDate| joined >= day;
        stay.body == body
            && !stay.said.is_empty()
            && stay.joined_on.is_some_and(|joined| goes_on || begins_later(joined))
    };
    if stays.iter().any(is_reported) {
        return;
    }
    let class = adjustment.class.unwrap_or(NationalClass::Unknown);
    stays.push(Stay {
        id: (false, 0, i64::try_from(nth).unwrap_or(i64::MAX)),
        body,
        first_reported: learnt_on,
        said: Vec::new(),
        by_source: Vec::new(),
        joined_on: Some(day),
        left_on: None,
        reason: WithdrawalReason::None,
        reason_of_application: None,
        classes: vec![ReportedClass { class, from: None, shown_on: None, learnt_on }],
        is_confirmed: true,
    });
}
