//! All bodies of a master: by id, by code, by name, in official order, as of a day.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Association, AssociationSpan, Tier};
use crate::domain::ids::AssociationId;
use crate::domain::text::{body_name_key, code_key};

/// All bodies in official order: tier, prefecture, 並び順, code, as their newest spans have it. Never sorted by name.
#[derive(Debug, Clone, Default)]
pub struct Associations {
    pub(super) ordered: Vec<Association>,
    by_id: HashMap<AssociationId, usize>,
    by_code: HashMap<String, usize>,
    /// By the value of a code; `None` where several codes have one value.
    by_code_value: HashMap<String, Option<usize>>,
    /// Bodies that ever had a name, in official order.
    by_name: HashMap<(Tier, String), Vec<usize>>,
    /// Places of the bodies of each prefecture, ascending.
    by_prefecture: HashMap<String, Vec<usize>>,
}

/// Why a body could not be found by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameMiss {
    /// No body has the name.
    Unknown,
    /// Several bodies have it; a code is needed.
    Ambiguous,
}

impl Associations {
    /// Bodies in official order, to be found by id, code and name.
    pub(super) fn indexed(bodies: Vec<Association>) -> Self {
        let mut out = Self { ordered: bodies, ..Self::default() };
        for (i, body) in out.ordered.iter().enumerate() {
            out.by_code.insert(body.code.clone(), i);
            out.by_code_value.entry(code_key(&body.code)).and_modify(|other| *other = None).or_insert(Some(i));
            out.by_id.insert(body.id, i);
            out.by_prefecture.entry(body.prefecture.clone()).or_default().push(i);
            for name in body.spans.iter().flat_map(AssociationSpan::names) {
                let hits = out.by_name.entry((body.tier, body_name_key(name))).or_default();
                if hits.last() != Some(&i) {
                    hits.push(i);
                }
            }
        }
        out
    }

    /// All bodies in official order, those that have ended or not yet begun among them.
    pub fn iter(&self) -> impl Iterator<Item = &Association> {
        self.ordered.iter()
    }

    /// Bodies of one tier in official order, those that have ended or not yet begun among them.
    pub fn of_tier(&self, tier: Tier) -> impl Iterator<Item = &Association> {
        self.ordered.iter().filter(move |body| body.tier == tier)
    }

    /// Places in official order of the bodies of a prefecture, ascending; those that have ended or not yet begun are among them.
    pub fn ranks_of_prefecture(&self, prefecture: &str) -> &[usize] {
        self.by_prefecture.get(prefecture).map_or(&[], Vec::as_slice)
    }

    /// Bodies that exist on a day, in the official order of that day.
    pub fn on(&self, day: NaiveDate) -> Vec<&Association> {
        let mut out: Vec<&Association> = self.ordered.iter().filter(|body| body.exists_on(day)).collect();
        out.sort_by(|a, b| order_key(a, day).cmp(&order_key(b, day)));
        out
    }

    /// For each place in official order the place on a day: positions change as names do.
    pub fn order_on(&self, day: NaiveDate) -> Vec<usize> {
        let mut ranks: Vec<usize> = (0..self.ordered.len()).collect();
        ranks.sort_by(|a, b| order_key(&self.ordered[*a], day).cmp(&order_key(&self.ordered[*b], day)));
        let mut out = vec![0; ranks.len()];
        for (place, rank) in ranks.into_iter().enumerate() {
            out[rank] = place;
        }
        out
    }

    /// Number of bodies.
    pub fn len(&self) -> usize {
        self.ordered.len()
    }

    /// Whether the master is empty.
    pub fn is_empty(&self) -> bool {
        self.ordered.is_empty()
    }

    /// The body with a surrogate id.
    pub fn get(&self, id: AssociationId) -> Option<&Association> {
        self.by_id.get(&id).map(|&i| &self.ordered[i])
    }

    /// Position in official order, from 0.
    pub fn rank(&self, id: AssociationId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// The body at a position in official order.
    pub fn at_rank(&self, rank: usize) -> Option<&Association> {
        self.ordered.get(rank)
    }

    /// The body with a code of the master; zeros that a spreadsheet took from its numbers do not matter (R30).
    pub fn by_code(&self, code: &str) -> Option<&Association> {
        let exact = self.by_code.get(code).copied();
        exact.or_else(|| self.by_code_value.get(&code_key(code)).copied().flatten()).map(|i| &self.ordered[i])
    }

    /// The body of a tier by full name, short name or alias of any of its spans, each with or without 医師会 (R12).
    /// Width and blanks do not matter; nothing fuzzier is done.
    ///
    /// # Errors
    /// [`NameMiss`] when no body or several ever had the name.
    pub fn by_name(&self, tier: Tier, name: &str) -> Result<&Association, NameMiss> {
        match self.named(tier, name) {
            [] => Err(NameMiss::Unknown),
            [one] => Ok(&self.ordered[*one]),
            _ => Err(NameMiss::Ambiguous),
        }
    }

    /// As [`Self::by_name`]; of several bodies that ever had the name the one that had it on a day, else the only one
    /// of them that exists on it.
    ///
    /// # Errors
    /// [`NameMiss`] when no body ever had the name, or the day does not tell several apart.
    pub fn by_name_on(&self, tier: Tier, name: &str, day: NaiveDate) -> Result<&Association, NameMiss> {
        let hits = self.named(tier, name);
        if hits.len() < 2 {
            return self.by_name(tier, name);
        }
        let key = body_name_key(name);
        let only = |accept: &dyn Fn(&Association) -> bool| {
            let mut found = hits.iter().map(|&i| &self.ordered[i]).filter(|body| body.exists_on(day) && accept(body));
            found.next().filter(|_| found.next().is_none())
        };
        only(&|body| body.span_on(day).names().any(|other| body_name_key(other) == key))
            .or_else(|| only(&|_| true))
            .ok_or(NameMiss::Ambiguous)
    }

    pub(super) fn named(&self, tier: Tier, name: &str) -> &[usize] {
        self.by_name.get(&(tier, body_name_key(name))).map_or(&[], Vec::as_slice)
    }

    /// The short name of a body on a day, as tables print it; empty for an id that no body has.
    pub fn short_name_on(&self, id: AssociationId, day: NaiveDate) -> &str {
        self.get(id).map_or("", |body| body.span_on(day).short_name.as_str())
    }

    /// The body itself and all above it, from below, as their newest spans have it.
    pub fn chain(&self, id: AssociationId) -> Vec<&Association> {
        self.climb(id, |body| body.parent.as_deref())
    }

    /// The body itself and all above it on a day, from below.
    pub fn chain_on(&self, id: AssociationId, day: NaiveDate) -> Vec<&Association> {
        self.climb(id, |body| body.span_on(day).parent.as_deref())
    }

    /// Stops where a chain would be longer than the master: the days asked for may be days without a sound tree.
    fn climb<'a>(
        &'a self,
        id: AssociationId,
        parent: impl Fn(&'a Association) -> Option<&'a str>,
    ) -> Vec<&'a Association> {
        let mut out: Vec<&Association> = Vec::new();
        let mut at = self.get(id);
        while let Some(body) = at.filter(|_| out.len() < self.ordered.len()) {
            out.push(body);
            at = parent(body).and_then(|code| self.by_code(code));
        }
        out
    }

    /// Whether a body is `top` itself or stands below it on a day.
    pub fn is_below_on(&self, id: AssociationId, top: AssociationId, day: NaiveDate) -> bool {
        id == top || self.chain_on(id, day).iter().any(|body| body.id == top)
    }

    /// The prefectural body above a local one.
    pub fn prefectural_above(&self, id: AssociationId) -> Option<&Association> {
        self.chain(id).into_iter().find(|body| body.tier == Tier::Prefectural)
    }

    /// The national body.
    pub fn national(&self) -> Option<&Association> {
        self.of_tier(Tier::National).next()
    }
}

fn order_key(body: &Association, day: NaiveDate) -> (Tier, &str, i32, &str) {
    (body.tier, &body.prefecture, body.span_on(day).position, &body.code)
}
