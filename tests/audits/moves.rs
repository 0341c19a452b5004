//! Transfers and broken tiers, derived again: pairs by looking at all of them, tiers by walking day by day. It shares no
//! code with the program.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::expect::{Expected, Parts, Span, local};
use super::world::{Stay, World};

fn within(span: Span, day: NaiveDate) -> bool {
    span.0 <= day && day <= span.1
}

fn of_persons<'w>(stays: impl Iterator<Item = &'w Stay>) -> BTreeMap<&'w str, Vec<&'w Stay>> {
    let mut out: BTreeMap<&str, Vec<&Stay>> = BTreeMap::new();
    stays.for_each(|stay| out.entry(&stay.number).or_default().push(stay));
    out
}

/// Transfers, exits without an entry, and entries beside another body.
pub fn transfers(world: &World, span: Span) -> Vec<Expected> {
    let mut out = Vec::new();
    for (number, stays) in of_persons(local(world).filter(|stay| stay.joined.is_some())) {
        let joined = |stay: &Stay| stay.joined.expect("kept only those");
        let mut pairs: Vec<(i64, usize, usize)> = Vec::new();
        for (i, from) in stays.iter().enumerate() {
            for (j, to) in stays.iter().enumerate() {
                let Some(left) = from.left.filter(|_| i != j && joined(to) >= joined(from)) else { continue };
                let gap = (joined(to) - left).num_days() - 1;
                if gap.abs() <= 90 {
                    pairs.push((gap, i, j));
                }
            }
        }
        pairs.sort_by_key(|(gap, i, j)| (gap.abs(), Reverse(stays[*i].left), joined(stays[*i]), joined(stays[*j])));
        let (mut has_left, mut has_entered) = (vec![false; stays.len()], vec![false; stays.len()]);
        for (gap, i, j) in pairs {
            if has_left[i] || has_entered[j] {
                continue;
            }
            (has_left[i], has_entered[j]) = (true, true);
            let code = match gap {
                _ if stays[i].body == stays[j].body => "AUD-036",
                0 => "AUD-030",
                -1 => "AUD-033",
                1.. => "AUD-031",
                _ => "AUD-032",
            };
            let (left, entered) = (stays[i].left.expect("paired"), joined(stays[j]));
            if within(span, left) || within(span, entered) {
                let parts = Parts { code, body: &stays[i].body, other: &stays[j].body, number, ..Parts::default() };
                out.push(Parts { first: Some(left), second: Some(entered), days: Some(gap), ..parts }.line());
            }
        }
        for (i, stay) in stays.iter().enumerate() {
            let parts = Parts { body: &stay.body, number, ..Parts::default() };
            if let Some(left) = stay.left.filter(|left| !has_left[i] && stay.reason == "転出" && within(span, *left))
            {
                let code = if (world.known_at - left).num_days() <= 91 { "AUD-035" } else { "AUD-034" };
                out.push(Parts { code, first: Some(left), ..parts }.line());
                continue;
            }
            let entered = joined(stay);
            let beside = stays.iter().any(|other| {
                other.body != stay.body && joined(other) < entered && other.left.is_none_or(|left| left > entered)
            });
            if !has_entered[i] && beside && within(span, entered) {
                out.push(Parts { code: "AUD-037", second: Some(entered), ..parts }.line());
            }
        }
    }
    out
}

/// Upper tiers without the tier below, day by day. Days before `horizon` are not looked at.
pub fn tiers(world: &World, span: Span, horizon: NaiveDate) -> Vec<Expected> {
    let mut out = Vec::new();
    let known = world.stays.iter().filter(|stay| stay.joined.is_some());
    for (_, stays) in of_persons(known) {
        for upper in stays.iter().filter(|stay| !stay.body.contains('-')) {
            let lower: Vec<&Stay> = stays.iter().filter(|stay| is_below(stay, upper)).copied().collect();
            out.extend(breaks(world, upper, &lower, span, horizon));
            out.extend(earlier_exit(upper, &lower, span, horizon));
        }
    }
    out
}

fn is_below(lower: &Stay, upper: &Stay) -> bool {
    match upper.body.strip_prefix('P') {
        Some(prefecture) => lower.body.starts_with(&format!("{prefecture}-")),
        None => lower.body.starts_with('P'),
    }
}

fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).expect("a day")
}

fn breaks(world: &World, upper: &Stay, lower: &[&Stay], span: Span, horizon: NaiveDate) -> Vec<Expected> {
    let is_broken = |day: NaiveDate| upper.in_force(day) && !lower.iter().any(|stay| stay.in_force(day));
    let mut out = Vec::new();
    let mut day = span.0.max(horizon);
    while day <= span.1 {
        if !is_broken(day) {
            day = next(day);
            continue;
        }
        let mut from = day;
        while let Some(before) = from.pred_opt().filter(|before| is_broken(*before)) {
            from = before;
        }
        // A break that goes on has no end that anybody knows.
        let far = world.known_at.checked_add_days(Days::new(2_000)).expect("a day");
        let mut until = day;
        while until <= far && is_broken(until) {
            until = next(until);
        }
        let end = (until <= far).then_some(until);
        let days = (end.unwrap_or(next(span.1.min(world.known_at))) - from).num_days();
        let before = from.pred_opt().filter(|before| upper.in_force(*before));
        let left =
            before.and_then(|before| lower.iter().filter(|stay| stay.left == Some(before)).max_by_key(|s| s.joined));
        let entered = end.and_then(|end| lower.iter().find(|stay| stay.joined == Some(end)));
        let code = match (left, entered, end) {
            (None, ..) => "AUD-043",
            (Some(_), Some(_), _) if days <= 90 => "AUD-040",
            (Some(_), Some(_), _) => "AUD-045",
            (Some(_), None, Some(_)) => "AUD-042",
            (Some(left), None, None) if days <= 90 && left.reason == "転出" => "AUD-040",
            (Some(_), None, None) => "AUD-041",
        };
        let other = left.or(entered).map_or("", |stay| &*stay.body);
        let parts = Parts { code, body: &upper.body, other, number: &upper.number, ..Parts::default() };
        out.push(Parts { first: Some(from), second: end, days: Some(days), ..parts }.line());
        day = until;
    }
    out
}

fn earlier_exit(upper: &Stay, lower: &[&Stay], span: Span, horizon: NaiveDate) -> Option<Expected> {
    let from = next(upper.left?);
    let is_below = |day: NaiveDate| lower.iter().any(|stay| stay.in_force(day));
    if !is_below(upper.left?) {
        return None;
    }
    let mut until = from;
    while is_below(until) && (until - from).num_days() <= 90 {
        until = next(until);
    }
    let days = (until - from).num_days();
    if days == 0 || days > 90 || from > span.1 || until <= span.0.max(horizon) {
        return None;
    }
    let last = until.pred_opt();
    let body = lower.iter().filter(|stay| stay.left == last).max_by_key(|stay| stay.joined).map(|stay| &*stay.body);
    let parts = Parts { code: "AUD-044", body: &upper.body, other: body.unwrap_or(""), ..Parts::default() };
    Some(Parts { number: &upper.number, first: Some(from), second: Some(until), days: Some(days), ..parts }.line())
}
