//! What the sample files say together at a day: stays of persons in bodies, told again in the plainest way (R4, R5, R6,
//! R8). It shares no code with the program.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::plain::{Filed, Member};

/// A stay as the exports leave it.
#[derive(Debug, Clone)]
pub struct Stay {
    pub number: String,
    pub body: String,
    pub joined: Option<NaiveDate>,
    pub left: Option<NaiveDate>,
    pub reason: String,
    pub status: String,
    pub is_shown: bool,
    /// Exports that first told the present 入会日 and 退会日.
    pub joined_since: NaiveDate,
    pub left_since: Option<NaiveDate>,
}

impl Stay {
    pub fn in_force(&self, day: NaiveDate) -> bool {
        self.joined.is_some_and(|joined| joined <= day) && self.left.is_none_or(|left| day <= left)
    }
}

/// A change that an export told about a stay.
#[derive(Debug, Clone)]
pub struct Event {
    pub code: &'static str,
    pub number: String,
    pub body: String,
    pub told: NaiveDate,
    pub before: Option<NaiveDate>,
    pub after: Option<NaiveDate>,
}

/// All stays known at a day, and what changed on the way.
#[derive(Debug, Default)]
pub struct World {
    pub stays: Vec<Stay>,
    pub events: Vec<Event>,
    /// Applications with the day of the file that first said so.
    pub filed: Vec<(NaiveDate, Filed)>,
    pub first_export: NaiveDate,
    pub known_at: NaiveDate,
}

type Key = (String, String);

impl World {
    /// The world at a day: exports and application files up to it, each with its day, in order.
    pub fn at(
        exports: &[(NaiveDate, Vec<Member>)],
        applications: &[(NaiveDate, Vec<Filed>)],
        known_at: NaiveDate,
    ) -> Self {
        let mut out = Self { first_export: exports[0].0, known_at, ..Self::default() };
        let mut stays: BTreeMap<Key, Vec<Stay>> = BTreeMap::new();
        for (day, rows) in exports.iter().filter(|(day, _)| *day <= known_at) {
            let mut shown = shown(*day, rows);
            let keys: BTreeSet<Key> = stays.keys().chain(shown.keys()).cloned().collect();
            for key in keys {
                let new = shown.remove(&key).unwrap_or_default();
                let is_local = key.1.contains('-');
                if is_local || !new.is_empty() {
                    out.meet(stays.entry(key).or_default(), new, *day);
                }
            }
        }
        for (day, rows) in applications.iter().filter(|(day, _)| *day <= known_at) {
            for row in rows {
                let place = out.filed.iter().position(|(_, held)| (&held.id, &held.kind) == (&row.id, &row.kind));
                match place {
                    Some(at) if out.filed[at].1 == *row => {}
                    Some(at) => out.filed[at] = (*day, row.clone()),
                    None => out.filed.push((*day, row.clone())),
                }
            }
        }
        out.stays = stays.into_values().flatten().collect();
        out
    }

    /// What one export shows of one person in one body, beside what stood.
    fn meet(&mut self, old: &mut Vec<Stay>, new: Vec<Stay>, day: NaiveDate) {
        let was_shown: Vec<bool> = old.iter().map(|stay| stay.is_shown).collect();
        old.iter_mut().for_each(|stay| stay.is_shown = false);
        let (same, other): (Vec<Stay>, Vec<Stay>) =
            new.into_iter().partition(|stay| old.iter().any(|held| held.joined == stay.joined));
        for stay in same {
            let held = old.iter_mut().find(|held| held.joined == stay.joined).expect("just found");
            self.update(held, stay, day);
        }
        for stay in other {
            let overlaps = |held: &Stay| {
                let end = NaiveDate::MAX;
                held.joined.is_none()
                    || stay.joined.is_none()
                    || (held.joined < Some(stay.left.unwrap_or(end)) && stay.joined < Some(held.left.unwrap_or(end)))
            };
            match old.iter_mut().find(|held| !held.is_shown && overlaps(held)) {
                Some(held) => {
                    held.joined = stay.joined;
                    held.joined_since = day;
                    self.update(held, stay, day);
                }
                None => old.push(stay),
            }
        }
        for (stay, was_shown) in old.iter().zip(was_shown) {
            if was_shown && !stay.is_shown && stay.joined.is_some() && stay.left.is_none_or(|left| left >= day) {
                self.events.push(event("FND-005", stay, day, stay.joined, None));
            }
        }
    }

    fn update(&mut self, held: &mut Stay, new: Stay, day: NaiveDate) {
        held.is_shown = true;
        held.status = new.status;
        if held.left != new.left {
            match (held.left, new.left) {
                (Some(before), None) => self.events.push(event("FND-003", held, day, Some(before), None)),
                (Some(before), after) => self.events.push(event("FND-004", held, day, Some(before), after)),
                (None, _) => {}
            }
            held.left_since = new.left.map(|_| day);
        }
        (held.left, held.reason) = (new.left, new.reason);
    }
}

fn event(
    code: &'static str,
    stay: &Stay,
    told: NaiveDate,
    before: Option<NaiveDate>,
    after: Option<NaiveDate>,
) -> Event {
    Event { code, number: stay.number.clone(), body: stay.body.clone(), told, before, after }
}

/// The stays that one export shows, of all tiers.
fn shown(day: NaiveDate, rows: &[Member]) -> BTreeMap<Key, Vec<Stay>> {
    let mut of_person: BTreeMap<&str, Vec<&Member>> = BTreeMap::new();
    for row in rows {
        of_person.entry(&row.number).or_default().push(row);
    }
    let mut out: BTreeMap<Key, Vec<Stay>> = BTreeMap::new();
    for (number, mut rows) in of_person {
        // R8: the row whose local stay is in force, else the one with the latest 入会日.
        rows.sort_by_key(|row| {
            let in_force = row.joined.is_some_and(|from| from <= day) && row.left.is_none_or(|left| day <= left);
            (std::cmp::Reverse(in_force), std::cmp::Reverse(row.joined))
        });
        // Rows tell why somebody left the local body; who left above it on the same day did so for the same reason.
        let reasons: Vec<(Option<NaiveDate>, String)> = rows.iter().map(|row| (row.left, row.reason.clone())).collect();
        let above = |left: Option<NaiveDate>| {
            let same = reasons.iter().find(|(other, _)| left.is_some() && *other == left);
            same.map_or(String::new(), |(_, reason)| reason.clone())
        };
        let mut put = |body: &str, joined, left, reason: &str, status: &str, once: bool| {
            let stays = out.entry((number.to_owned(), body.to_owned())).or_default();
            if (once && !stays.is_empty()) || stays.iter().any(|stay| stay.joined == joined) {
                return;
            }
            stays.push(Stay {
                number: number.to_owned(),
                body: body.to_owned(),
                joined,
                left,
                reason: reason.to_owned(),
                status: status.to_owned(),
                is_shown: true,
                joined_since: day,
                left_since: left.map(|_| day),
            });
        };
        for row in rows {
            put(&row.body, row.joined, row.left, &row.reason, &row.status, false);
            if let Some((body, joined, left)) = &row.prefectural {
                put(body, Some(*joined), *left, &above(*left), "", true);
            }
            if let Some((joined, left)) = row.national {
                put("JMA", Some(joined), left, &above(left), "", true);
            }
        }
    }
    out
}
