//! The associations of an invented world: tree, sizes, and what becomes of them through time (組織変更).

use std::fmt::Write;

use super::names::{PLACE_KINDS, PLACES, PREFECTURES};
use super::random::Draws;
use super::spec::Spec;
use crate::domain::association::Tier;
use crate::domain::day::{date_of, day_number};

/// Nothing else happens to the members of a body so shortly before and after it is merged or divided: which of two
/// changes a source would show first is not resolved.
const STILL_BEFORE: i32 = 10;
const STILL_AFTER: i32 = 55;

/// Place of the national body in the list.
pub(super) const NATIONAL: u16 = 0;

/// A body.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) code: String,
    pub(super) tier: Tier,
    kind: &'static str,
    /// Without 医師会.
    pub(super) name: String,
    /// Code of the prefecture; 0 for the national body.
    pub(super) prefecture: u8,
    position: u32,
    valid_from: Option<i32>,
    valid_to: Option<i32>,
    successors: Vec<u16>,
    /// First day of the present name, and the name before it.
    renamed: Option<(i32, String)>,
    /// How many members it has beside others.
    weight: u32,
}

impl Body {
    fn exists_around(&self, first: i32, last: i32) -> bool {
        self.valid_from.is_none_or(|from| from <= first) && self.valid_to.is_none_or(|to| last <= to)
    }

    /// The full name on a day.
    pub(super) fn full_name(&self, day: i32) -> String {
        let name = self.renamed.as_ref().filter(|(from, _)| day < *from).map_or(&self.name, |(_, before)| before);
        format!("{name}医師会")
    }
}

/// All bodies, the national one first, then the prefectural ones, then the local ones by prefecture.
#[derive(Debug)]
pub(super) struct Bodies {
    pub(super) all: Vec<Body>,
    /// Prefecture, place of its body, places of its local bodies.
    areas: Vec<(u8, u16, Vec<u16>)>,
    area_weights: Vec<u32>,
}

impl Bodies {
    /// Founds the bodies, and merges, divides and renames some of them at the beginning of fiscal years.
    pub(super) fn found(spec: &Spec) -> Self {
        let mut draws = Draws::new(spec.seed, 1);
        let mut bodies = Self { all: Vec::new(), areas: Vec::new(), area_weights: Vec::new() };
        bodies.add(Tier::National, 0, "JMA".into(), "日本".into(), "その他", 1, 0);
        for code in &spec.prefectures {
            let (name, size) = PREFECTURES[usize::from(*code) - 1];
            let at = bodies.add(
                Tier::Prefectural,
                *code,
                format!("P{code:02}"),
                format!("架空{name}"),
                "地域",
                u32::from(*code),
                0,
            );
            bodies.areas.push((*code, at, Vec::new()));
            bodies.area_weights.push(size);
        }
        for (area, n) in shares(&bodies.area_weights, spec.bodies).into_iter().enumerate() {
            bodies.found_local(area, n, &mut draws);
        }
        for day in days_of_change(spec) {
            let n = (bodies.areas.len() / 16).max(1);
            for _ in 0..n {
                bodies.merge(day, &mut draws);
                bodies.divide(day, &mut draws);
                bodies.rename(day, &mut draws);
            }
        }
        bodies
    }

    #[expect(clippy::too_many_arguments, reason = "one for each column of the master")]
    fn add(
        &mut self,
        tier: Tier,
        prefecture: u8,
        code: String,
        name: String,
        kind: &'static str,
        position: u32,
        weight: u32,
    ) -> u16 {
        let at = u16::try_from(self.all.len()).expect("47 times 900 local bodies fit");
        let (valid_from, valid_to, successors, renamed) = (None, None, Vec::new(), None);
        self.all.push(Body {
            code,
            tier,
            kind,
            name,
            prefecture,
            position,
            valid_from,
            valid_to,
            successors,
            renamed,
            weight,
        });
        at
    }

    fn found_local(&mut self, area: usize, n: u32, draws: &mut Draws) {
        let (prefecture, _, _) = self.areas[area];
        let short = PREFECTURES[usize::from(prefecture) - 1].0;
        for position in 1..=n {
            // One of a university and, in larger prefectures, one of an enterprise; the rest are of places.
            let (kind, name) = match n - position {
                0 if n >= 4 => ("大学", format!("架空{short}大学")),
                1 if n >= 12 => ("職域", format!("架空{short}職域")),
                _ => ("地域", format!("架空{short}{}", place(position))),
            };
            let weight = 20 + draws.below(180);
            let code = format!("{prefecture:02}-{position:03}");
            let at = self.add(Tier::Local, prefecture, code, name, kind, position, weight);
            self.areas[area].2.push(at);
        }
    }

    /// A local body of places that nothing happens to otherwise, in any prefecture with several of them.
    fn unchanged(&self, area: usize, draws: &mut Draws) -> Option<u16> {
        let locals = &self.areas[area].2;
        (0..50).map(|_| locals[draws.place(locals.len())]).find(|at| {
            let body = &self.all[usize::from(*at)];
            let is_changed = body.valid_from.is_some() || body.valid_to.is_some() || body.renamed.is_some();
            body.kind == "地域" && !is_changed && !self.all.iter().any(|other| other.successors.contains(at))
        })
    }

    fn area_with(&self, least: usize, draws: &mut Draws) -> Option<usize> {
        (0..50).map(|_| draws.place(self.areas.len())).find(|area| self.areas[*area].2.len() >= least)
    }

    fn merge(&mut self, day: i32, draws: &mut Draws) {
        let Some(area) = self.area_with(4, draws) else { return };
        let (Some(old), Some(heir)) = (self.unchanged(area, draws), self.unchanged(area, draws)) else { return };
        if old == heir {
            return;
        }
        let old = &mut self.all[usize::from(old)];
        (old.valid_to, old.successors) = (Some(day - 1), vec![heir]);
    }

    fn divide(&mut self, day: i32, draws: &mut Draws) {
        let Some(area) = self.area_with(4, draws) else { return };
        let Some(old) = self.unchanged(area, draws) else { return };
        let prefecture = self.areas[area].0;
        let mut heirs = Vec::new();
        for side in ["北", "南"] {
            let position = u32::try_from(self.areas[area].2.len()).unwrap_or(u32::MAX) + 1;
            let name = format!("{}{side}", self.all[usize::from(old)].name);
            let weight = self.all[usize::from(old)].weight / 2;
            let code = format!("{prefecture:02}-{position:03}");
            let at = self.add(Tier::Local, prefecture, code, name, "地域", position, weight);
            self.all[usize::from(at)].valid_from = Some(day);
            self.areas[area].2.push(at);
            heirs.push(at);
        }
        let old = &mut self.all[usize::from(old)];
        (old.valid_to, old.successors) = (Some(day - 1), heirs);
    }

    fn rename(&mut self, day: i32, draws: &mut Draws) {
        let Some(area) = self.area_with(3, draws) else { return };
        let Some(at) = self.unchanged(area, draws) else { return };
        let body = &mut self.all[usize::from(at)];
        let before = std::mem::take(&mut body.name);
        body.name = format!("{before}新");
        body.renamed = Some((day, before));
    }

    /// The body in which a member of `body` is on a day; one of a divided body goes where the number says.
    pub(super) fn on(&self, mut body: u16, day: i32, number: u32) -> u16 {
        while let Some(last) = self.all[usize::from(body)].valid_to.filter(|last| *last < day) {
            let heirs = &self.all[usize::from(body)].successors;
            let Some(n) = u32::try_from(heirs.len()).ok().filter(|n| *n > 0) else { return body };
            body = heirs[usize::try_from((number / 3) % n).unwrap_or(0)];
            assert!(last < day, "the body before had ended");
        }
        body
    }

    /// Whether a body is changed so near to the days from `first` to `last` that nothing else should happen to its
    /// members on them.
    pub(super) fn is_still(&self, body: u16, first: i32, last: i32) -> bool {
        let changed = self.all[usize::from(body)].valid_to;
        changed.is_some_and(|to| first <= to + STILL_AFTER && last >= to - STILL_BEFORE)
    }

    /// First days of bodies that took the place of this one and of those after it, for this member.
    pub(super) fn changes_of(&self, mut body: u16, number: u32) -> Vec<i32> {
        let mut out = Vec::new();
        while let Some(last) = self.all[usize::from(body)].valid_to {
            out.push(last + 1);
            let next = self.on(body, last + 1, number);
            if next == body {
                break;
            }
            body = next;
        }
        out
    }

    /// The prefectural body above a local one.
    pub(super) fn above(&self, body: u16) -> u16 {
        let prefecture = self.all[usize::from(body)].prefecture;
        self.areas.iter().find(|(code, _, _)| *code == prefecture).map_or(NATIONAL, |(_, at, _)| *at)
    }

    /// A local body anywhere, larger ones more often, that is there and unchanged around the days.
    pub(super) fn draw(&self, first: i32, last: i32, draws: &mut Draws) -> u16 {
        let area = draws.weighted(&self.area_weights);
        self.draw_in(area, first, last, draws)
    }

    /// Another local body of the same prefecture; `None` when there is none.
    pub(super) fn draw_near(&self, body: u16, days: (i32, i32), number: u32, draws: &mut Draws) -> Option<u16> {
        let prefecture = self.all[usize::from(body)].prefecture;
        let area = self.areas.iter().position(|(code, _, _)| *code == prefecture)?;
        let line = self.on(body, i32::MAX, number);
        (0..20)
            .map(|_| self.draw_in(area, days.0, days.1, draws))
            .find(|other| self.on(*other, i32::MAX, number) != line && *other != body)
    }

    /// A local body of another prefecture; `None` when there is only one.
    pub(super) fn draw_far(&self, body: u16, days: (i32, i32), draws: &mut Draws) -> Option<u16> {
        let prefecture = self.all[usize::from(body)].prefecture;
        if self.areas.len() < 2 {
            return None;
        }
        (0..100)
            .map(|_| self.draw(days.0, days.1, draws))
            .find(|other| self.all[usize::from(*other)].prefecture != prefecture)
    }

    fn draw_in(&self, area: usize, first: i32, last: i32, draws: &mut Draws) -> u16 {
        let locals = &self.areas[area].2;
        let steady = |at: u16| {
            let body = &self.all[usize::from(at)];
            body.exists_around(first - STILL_BEFORE, last) && !self.is_still(at, first, last)
        };
        // The heavier of two, so that sizes differ without adding up weights each time.
        let pick = |draws: &mut Draws| {
            let (a, b) = (locals[draws.place(locals.len())], locals[draws.place(locals.len())]);
            if self.all[usize::from(a)].weight >= self.all[usize::from(b)].weight { a } else { b }
        };
        let found = (0..50).map(|_| pick(draws)).find(|at| steady(*at));
        found.or_else(|| locals.iter().copied().find(|at| steady(*at))).unwrap_or(locals[0])
    }

    /// The master as a file: UTF-8 with BOM, one row for each body and name.
    pub(super) fn csv(&self) -> String {
        let mut out = String::from(
            "\u{feff}医師会コード,階層,種別,名称,略称,別名,上位コード,都道府県コード,並び順,有効開始日,有効終了日,後継コード\r\n",
        );
        for body in &self.all {
            match &body.renamed {
                None => self.line(&mut out, body, &body.name, (body.valid_from, body.valid_to)),
                Some((day, before)) => {
                    self.line(&mut out, body, before, (body.valid_from, Some(day - 1)));
                    self.line(&mut out, body, &body.name, (Some(*day), body.valid_to));
                }
            }
        }
        out
    }

    fn line(&self, out: &mut String, body: &Body, name: &str, (from, to): (Option<i32>, Option<i32>)) {
        let parent = match body.tier {
            Tier::Local => format!("P{:02}", body.prefecture),
            Tier::Prefectural => "JMA".to_string(),
            Tier::National => String::new(),
        };
        let prefecture = if body.prefecture == 0 { String::new() } else { format!("{:02}", body.prefecture) };
        let date = |day: Option<i32>| day.and_then(date_of).map_or(String::new(), |day| day.to_string());
        let heirs: Vec<&str> = body.successors.iter().map(|heir| self.all[usize::from(*heir)].code.as_str()).collect();
        let short = if body.tier == Tier::National { "日医" } else { name };
        // Writing to a text cannot fail.
        let _ = write!(
            out,
            "{},{},{},{name}医師会,{short},,{parent},{prefecture},{},{},{},{}\r\n",
            body.code,
            body.tier.label_of_master(),
            body.kind,
            body.position,
            date(from),
            date(to),
            heirs.join("/"),
        );
    }
}

/// The word of the master for a tier.
trait MasterWord {
    fn label_of_master(self) -> &'static str;
}

impl MasterWord for Tier {
    fn label_of_master(self) -> &'static str {
        match self {
            Self::National => "日本",
            other => other.label(),
        }
    }
}

/// `n` divided by weight, at least one for each.
fn shares(weights: &[u32], n: u32) -> Vec<u32> {
    let whole: u32 = weights.iter().sum::<u32>().max(1);
    let least = u32::try_from(weights.len()).unwrap_or(u32::MAX);
    let spare = n.saturating_sub(least);
    let mut out: Vec<u32> = weights.iter().map(|weight| 1 + spare * weight / whole).collect();
    let mut left = n.saturating_sub(out.iter().sum());
    while left > 0 {
        for share in out.iter_mut().take(usize::try_from(left).unwrap_or(usize::MAX)) {
            *share += 1;
            left -= 1;
        }
    }
    out
}

/// The name of a place: by its number, the same in every prefecture.
fn place(position: u32) -> String {
    let nth = usize::try_from(position - 1).unwrap_or(0);
    let (head, tail) = (PLACES[nth % PLACES.len()], PLACE_KINDS[(nth / PLACES.len()) % PLACE_KINDS.len()]);
    match nth / (PLACES.len() * PLACE_KINDS.len()) {
        0 => format!("{head}{tail}"),
        round => format!("{head}第{}{tail}", round + 1),
    }
}

/// Each 1 April of the span but the first weeks and the last; in a span without one the middle of it.
fn days_of_change(spec: &Spec) -> Vec<i32> {
    let (first, last) = (day_number(spec.first_export), day_number(spec.last_export));
    let is_april = |day: &i32| date_of(*day).is_some_and(|date| date.format("%m-%d").to_string() == "04-01");
    let aprils: Vec<i32> = (first + STILL_AFTER..=last - STILL_BEFORE).filter(is_april).collect();
    if aprils.is_empty() && last - first > 80 {
        let middle = date_of(i32::midpoint(first, last)).map(crate::domain::as_of::month_start);
        return middle.map(day_number).into_iter().collect();
    }
    aprils
}
