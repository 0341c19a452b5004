//! The findings that each audit must have, derived from the plain reading of the files. It shares no code with the
//! program.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::world::{Event, Stay, World};

/// One finding as a reader of the spreadsheet would write it down: code, body, other body, number, two days, day of
/// becoming known, days. What an audit does not have is empty.
pub type Expected = [String; 8];

/// First and last day looked at.
pub type Span = (NaiveDate, NaiveDate);

pub fn text(day: Option<NaiveDate>) -> String {
    day.map_or(String::new(), |day| day.to_string())
}

#[derive(Default)]
pub struct Parts<'a> {
    pub code: &'a str,
    pub body: &'a str,
    pub other: &'a str,
    pub number: &'a str,
    pub first: Option<NaiveDate>,
    pub second: Option<NaiveDate>,
    pub learnt: Option<NaiveDate>,
    pub days: Option<i64>,
}

impl Parts<'_> {
    pub fn line(self) -> Expected {
        let days = self.days.map_or(String::new(), |days| days.to_string());
        let [code, body, other, number] = [self.code, self.body, self.other, self.number].map(str::to_owned);
        [code, body, other, number, text(self.first), text(self.second), text(self.learnt), days]
    }
}

fn within(span: Span, day: Option<NaiveDate>) -> bool {
    day.is_some_and(|day| span.0 <= day && day <= span.1)
}

pub fn local(world: &World) -> impl Iterator<Item = &Stay> {
    world.stays.iter().filter(|stay| stay.body.contains('-'))
}

/// Withdrawals in their six states, then what exports took back.
pub fn withdrawals(world: &World, span: Span, as_of: NaiveDate) -> Vec<Expected> {
    let mut out = Vec::new();
    let state = |reason: &str, left: NaiveDate| match reason {
        "死亡" => "AUD-006",
        _ if left < as_of => "AUD-001",
        _ => "AUD-002",
    };
    for stay in local(world).filter(|stay| within(span, stay.left) && stay.joined.is_some()) {
        let left = stay.left.expect("within the span");
        let filed = world.filed.iter().filter(|(_, one)| {
            one.kind == "退会" && one.status == "承認済" && (&one.number, &one.body) == (&stay.number, &stay.body)
        });
        let filed = filed.filter(|(_, one)| one.effective == Some(left)).map(|(day, _)| *day);
        let learnt = filed.chain(stay.left_since).min().expect("an export told it");
        let days = (learnt != world.first_export).then(|| (learnt - left).num_days());
        let parts =
            Parts { code: state(&stay.reason, left), body: &stay.body, number: &stay.number, ..Parts::default() };
        out.push(Parts { first: Some(left), second: stay.joined, learnt: Some(learnt), days, ..parts }.line());
    }
    for (told, one) in world.filed.iter().filter(|(_, one)| one.kind == "退会") {
        let Some(day) = one.effective else { continue };
        let stay = local(world)
            .filter(|stay| (&stay.number, &stay.body) == (&one.number, &one.body))
            .filter(|stay| stay.joined.is_some_and(|joined| joined <= day))
            .max_by_key(|stay| (stay.left == Some(day), stay.joined));
        let is_reported = stay.is_some_and(|stay| stay.left == Some(day));
        let code = match one.status.as_str() {
            "申請中" if is_reported => continue,
            "申請中" if day < as_of => "AUD-004",
            "申請中" => "AUD-003",
            "退会取消" if is_reported || !within(span, one.effective) => continue,
            "退会取消" => "AUD-005",
            "承認済" if stay.is_some() || !within(span, one.effective) => continue,
            "承認済" => state(&one.reason, day),
            other => panic!("an unknown state: {other}"),
        };
        let parts = Parts { code, body: &one.body, number: &one.number, first: one.effective, ..Parts::default() };
        out.push(Parts { second: stay.and_then(|stay| stay.joined), learnt: Some(*told), ..parts }.line());
    }
    for event in world.events.iter().filter(|event| event.body.contains('-')) {
        let parts = Parts { code: event.code, body: &event.body, number: &event.number, ..Parts::default() };
        let parts = Parts { learnt: Some(event.told), ..parts };
        out.push(match event.code {
            "FND-005" if !is_missing(world, event) => continue,
            "FND-005" => Parts { second: event.before, ..parts }.line(),
            _ if !within(span, Some(event.told)) => continue,
            "FND-004" => Parts { first: event.after, ..parts }.line(),
            _ => Parts { first: event.before, ..parts }.line(),
        });
    }
    out
}

/// Whether the stay that vanished is still not shown.
fn is_missing(world: &World, event: &Event) -> bool {
    world.stays.iter().any(|stay| {
        !stay.is_shown && (&stay.number, &stay.body, stay.joined) == (&event.number, &event.body, event.before)
    })
}

/// Late exits and entries, with the numbers of bodies at the month ends that they change. `worlds` are those of every
/// export, by day; the last is the present one.
pub fn late(worlds: &BTreeMap<NaiveDate, World>, span: Span) -> Vec<(Expected, Vec<String>)> {
    let now = worlds.values().next_back().expect("a world");
    let counts = |world: &World, body: &str, day: NaiveDate| {
        let members: BTreeSet<&str> =
            local(world).filter(|stay| stay.body == body && stay.in_force(day)).map(|stay| &*stay.number).collect();
        members.len()
    };
    let counted = |world: &World, stay: &Stay, day: NaiveDate| {
        local(world).any(|other| (&other.number, &other.body) == (&stay.number, &stay.body) && other.in_force(day))
    };
    let mut out = Vec::new();
    for stay in local(now).filter(|stay| stay.joined.is_some()) {
        let exit = stay.left.zip(stay.left_since).map(|(day, told)| (true, day, told));
        let entry = stay.joined.map(|day| (false, day, stay.joined_since));
        for (is_exit, day, told) in exit.into_iter().chain(entry) {
            if told <= day || told == now.first_export || !within(span, Some(told)) {
                continue;
            }
            let figures: Vec<String> = worlds
                .iter()
                .filter(|(month_end, _)| **month_end < told && day <= **month_end)
                .filter(|(month_end, then)| {
                    counted(then, stay, **month_end) == is_exit && counted(now, stay, **month_end) != is_exit
                })
                .map(|(month_end, then)| {
                    let (before, after) = (counts(then, &stay.body, *month_end), counts(now, &stay.body, *month_end));
                    format!("{month_end} 月末 {before}→{after}")
                })
                .collect();
            let code = match (is_exit, figures.is_empty()) {
                (true, false) => "AUD-010",
                (true, true) => "AUD-011",
                (false, false) => "AUD-012",
                (false, true) => "AUD-013",
            };
            let days = Some((told - day).num_days());
            let parts = Parts { code, body: &stay.body, number: &stay.number, ..Parts::default() };
            out.push((Parts { first: Some(day), learnt: Some(told), days, ..parts }.line(), figures));
        }
    }
    out
}

/// Proxy filings of the span, and those that nobody has approved.
pub fn proxy(world: &World, span: Span) -> Vec<Expected> {
    let mut out = Vec::new();
    for (told, one) in world.filed.iter().filter(|(_, one)| one.by_proxy) {
        if one.status != "申請中" && !within(span, one.effective) {
            continue;
        }
        let wrong_reason = one.kind == "退会" && !["死亡", "所在不明"].contains(&&*one.reason);
        let mut codes = Vec::new();
        codes.extend(wrong_reason.then_some("AUD-020"));
        codes.extend(one.note.is_empty().then_some("AUD-021"));
        if codes.is_empty() {
            codes.push("AUD-023");
        }
        for code in codes {
            let parts = Parts { code, body: &one.body, number: &one.number, ..Parts::default() };
            out.push(Parts { first: one.effective, learnt: Some(*told), ..parts }.line());
        }
    }
    for gone in local(world).filter(|stay| stay.reason == "所在不明" && stay.left.is_some()) {
        let left = gone.left.expect("just asked");
        let after = left.succ_opt().expect("a day");
        let seen = local(world)
            .filter(|stay| stay.number == gone.number && (&stay.body, stay.joined) != (&gone.body, gone.joined))
            .filter(|stay| stay.joined.is_some() && stay.left.is_none_or(|until| left < until))
            .map(|stay| (stay.joined.expect("just asked").max(after), stay.body.as_str()))
            .min();
        if let Some((day, other)) = seen
            && (within(span, Some(left)) || within(span, Some(day)))
        {
            let parts = Parts { code: "AUD-022", body: &gone.body, other, number: &gone.number, ..Parts::default() };
            let days = Some((day - left).num_days());
            out.push(Parts { first: Some(left), second: Some(day), days, ..parts }.line());
        }
    }
    out
}

/// Who makes our number differ from the one that the newest export shows.
pub fn difference(world: &World) -> Vec<Expected> {
    let t = world.known_at;
    local(world)
        .filter_map(|stay| {
            let is_active = stay.status == "在籍";
            let code = match (stay.is_shown, stay.in_force(t)) {
                (false, true) => "AUD-052",
                (true, true) if is_active && stay.left.is_none_or(|left| left == t) => return None,
                (true, true) if stay.status == "退会" && stay.left.is_some() => "AUD-050",
                (true, true) => "AUD-056",
                (true, false) if is_active && stay.joined.is_some_and(|joined| joined > t) => "AUD-051",
                (true, false) if is_active => "AUD-056",
                _ => return None,
            };
            let parts = Parts { code, body: &stay.body, number: &stay.number, ..Parts::default() };
            Some(Parts { first: stay.left, second: stay.joined, ..parts }.line())
        })
        .collect()
}
