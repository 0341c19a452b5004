//! How applications speak about stays: slow and obvious, from docs/rules.md, "How three kinds of evidence meet".

use chrono::NaiveDate;

use kaiin::domain::application::{Application, ApplicationKind};
use kaiin::domain::enrolment::WithdrawalReason;

use super::stay::Stay;

/// Only approved applications have an effect, and only withdrawals and changes of class.
pub fn hear_application(stays: &mut [Stay], application: &Application, learnt_on: NaiveDate) {
    let Some(day) = application.effective_on else {
        if application.kind == ApplicationKind::Withdrawal {
            hear_without_day(stays, application);
        }
        return;
    };
    // The stay in that body that began last on or before the day.
    let candidate = |stay: &Stay| stay.joined_on.filter(|_| stay.body == application.association);
    let mut began = stays.iter().filter_map(candidate).filter(|joined| *joined <= day).max();
    let is_withdrawal = application.kind == ApplicationKind::Withdrawal;
    if is_withdrawal && began == Some(day) {
        // One that begins on the very day does not end on it while another one is open: left and joined again.
        let open = stays.iter().filter(|stay| stay.left_on.is_none()).filter_map(candidate);
        began = open.filter(|joined| *joined < day).max().or(began);
    }
    // A withdrawal is about an earlier stay that ends on that very day: left and joined again.
    let is_end_of_earlier = |stay: &&mut Stay| {
        is_withdrawal && candidate(stay).is_some() && candidate(stay) < began && stay.left_on == Some(day)
    };
    let earlier: Vec<&mut Stay> = stays.iter_mut().filter(is_end_of_earlier).collect();
    if !earlier.is_empty() {
        earlier.into_iter().for_each(|stay| hear_reason(stay, application, true));
        return;
    }
    for stay in stays.iter_mut().filter(|stay| began.is_some() && candidate(stay) == began) {
        match application.kind {
            ApplicationKind::Withdrawal => {
                // A source that never told a day takes none back.
                let taken_back = stay.by_source.iter().any(|said| {
                    let is_open = said.last().is_some_and(|last| last.facts.left_on.is_none());
                    let last_reported = said.iter().rposition(|version| version.facts.left_on.is_some());
                    is_open && last_reported.is_some_and(|at| said[at + 1].known_from >= learnt_on)
                });
                // Exports that tell a day stand, and so does the application that was learnt first.
                match stay.left_on {
                    Some(left) => hear_reason(stay, application, left == day),
                    None if taken_back => {}
                    None => (stay.left_on, stay.reason) = (Some(day), application.reason),
                }
            }
            ApplicationKind::ClassChange => {
                let shown = stay.classes.iter_mut().filter(|told| Some(told.class) == application.class);
                let shown = shown.filter_map(|told| Some(((told.shown_on? - day).num_days().abs(), told)));
                if let Some((_, nearest)) = shown.min_by_key(|(distance, _)| *distance) {
                    nearest.from = Some(day);
                }
            }
            ApplicationKind::Joining | ApplicationKind::Other => {}
        }
    }
}

/// A withdrawal without a day is about the last stay in that body, and gives an end that is known its reason.
fn hear_without_day(stays: &mut [Stay], application: &Application) {
    let of_body = |stay: &&Stay| stay.body == application.association && stay.joined_on.is_some();
    let last = stays.iter().filter(of_body).map(|stay| stay.joined_on).max();
    let ended = |stay: &&mut Stay| {
        stay.body == application.association && Some(stay.joined_on) == last && stay.left_on.is_some()
    };
    stays.iter_mut().filter(ended).for_each(|stay| hear_reason(stay, application, false));
}

/// Where the list has no reason, an application about the stay has it: one for the very 退会日 before others, and of
/// several the one that was learnt first.
fn hear_reason(stay: &mut Stay, application: &Application, is_its_day: bool) {
    let fits_better = is_its_day && stay.reason_of_application == Some(false);
    if application.reason != WithdrawalReason::None && (stay.reason == WithdrawalReason::None || fits_better) {
        (stay.reason, stay.reason_of_application) = (application.reason, Some(is_its_day));
    }
}
