//! Which body a row means: by code, else by name (R12). Remembers names already met.
//!
//! A name that several bodies ever had is that of the one that has it on the day the row speaks of.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::domain::association::{Associations, NameMiss, Tier};
use crate::domain::ids::AssociationId;
use crate::domain::text::fold_width;

/// A body that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FoundBody {
    pub(super) tier: Tier,
    pub(super) id: AssociationId,
    /// Whether the name beside the code is that of another body; the code stands.
    pub(super) name_disagrees: bool,
}

/// Looks bodies up for one file.
pub(super) struct Bodies<'a> {
    associations: &'a Associations,
    export_day: NaiveDate,
    /// By tier and spelling: an export repeats a few hundred of them a hundred thousand times.
    met: [HashMap<String, Result<AssociationId, NameMiss>>; Tier::ALL.len()],
    /// What may be meant by spellings that nobody has, for messages.
    candidates: HashMap<(usize, String), Vec<String>>,
}

impl<'a> Bodies<'a> {
    pub(super) fn new(associations: &'a Associations, export_day: NaiveDate) -> Self {
        Self { associations, export_day, met: Default::default(), candidates: HashMap::new() }
    }

    /// By code, else by name in the first of the tiers that knows it. A code that no body of these tiers has is passed
    /// over in favour of the name.
    pub(super) fn find(&mut self, tiers: &[Tier], code: &str, name: &str) -> Result<FoundBody, NameMiss> {
        self.find_on(tiers, code, name, self.export_day)
    }

    /// As [`Self::find`], for a row that speaks of a day before the file's.
    pub(super) fn find_on(
        &mut self,
        tiers: &[Tier],
        code: &str,
        name: &str,
        day: NaiveDate,
    ) -> Result<FoundBody, NameMiss> {
        let by_code = self.associations.by_code(fold_width(code).trim()).filter(|body| tiers.contains(&body.tier));
        if let Some(body) = by_code {
            let (tier, id) = (body.tier, body.id);
            let name_disagrees = self.by_name_on(tier, name, day).is_ok_and(|named| named != id);
            return Ok(FoundBody { tier, id, name_disagrees });
        }
        let mut miss = NameMiss::Unknown;
        for &tier in tiers {
            match self.by_name_on(tier, name, day) {
                Ok(id) => return Ok(FoundBody { tier, id, name_disagrees: false }),
                Err(NameMiss::Unknown) => {}
                Err(NameMiss::Ambiguous) => miss = NameMiss::Ambiguous,
            }
        }
        Err(miss)
    }

    /// Bodies that may be meant by a name, else by a code, that none of these tiers has. They are named and never taken.
    pub(super) fn candidates(&mut self, tiers: &[Tier], code: &str, name: &str) -> &[String] {
        /// A file with more strange names than this has the wrong column there, and all bodies are looked at for each.
        const MOST: usize = 200;
        let wanted = if name.is_empty() { code } else { name };
        let key = (tiers.len(), wanted.to_string());
        if self.candidates.len() >= MOST && !self.candidates.contains_key(&key) {
            return &[];
        }
        self.candidates.entry(key).or_insert_with(|| {
            let near = self.associations.near(wanted, tiers, None);
            near.into_iter().map(|body| format!("{}（{}）", body.name, body.code)).collect()
        })
    }

    /// By the name that a body has on the day of the file.
    pub(super) fn by_name(&mut self, tier: Tier, name: &str) -> Result<AssociationId, NameMiss> {
        self.by_name_on(tier, name, self.export_day)
    }

    fn by_name_on(&mut self, tier: Tier, name: &str, day: NaiveDate) -> Result<AssociationId, NameMiss> {
        if name.is_empty() {
            return Err(NameMiss::Unknown);
        }
        let of_tier = &mut self.met[tier.index()];
        let met = of_tier.get(name).copied().unwrap_or_else(|| {
            let found = self.associations.by_name(tier, name).map(|body| body.id);
            of_tier.insert(name.to_string(), found);
            found
        });
        match met {
            // Hardly any name: only here the day matters.
            Err(NameMiss::Ambiguous) => self.associations.by_name_on(tier, name, day).map(|body| body.id),
            met => met,
        }
    }
}

/// The tiers to look in for a row that may name its tier; all of them, from below, for one that does not.
pub(super) fn tiers_named(cell: &str) -> &'static [Tier] {
    match Tier::from_text(&fold_width(cell)) {
        Some(tier) => Tier::ALL.get(tier.index()..=tier.index()).unwrap_or(&Tier::ALL),
        None => &Tier::ALL,
    }
}
