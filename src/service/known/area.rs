//! The bodies that a paper is about: all, those of a prefecture, or one with everything below it.

use anyhow::Result;

use crate::domain::as_of::AsOf;
use crate::domain::association::{Association, Associations, Tier};
use crate::error::{Failure, FailureKind};
use crate::service::known::coverage::AskedBodies;
use crate::service::known::names;
use crate::service::known::vintage::Vintage;

/// What a paper is limited to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Area {
    /// Nothing: all bodies.
    #[default]
    All,
    /// Bodies of a prefecture, by its code (11 or P11) or name. Its national members are those of R23.
    Prefecture(String),
    /// One body, by code or name, and all that stand below it on the as-of day.
    Association(String),
}

/// An area on the day of a paper.
#[derive(Debug)]
pub(in crate::service) struct Extent {
    /// By place in official order.
    kept: Vec<bool>,
    /// Code of the prefecture or body; `None` when the paper is about all.
    pub(in crate::service) code: Option<String>,
    /// Name as printed; `None` when the paper is about all.
    pub(in crate::service) name: Option<String>,
    /// Prefectures that are left out because no export has ever told of them.
    pub(in crate::service) unreported: Vec<String>,
}

impl Extent {
    /// Finds the bodies of an area.
    ///
    /// # Errors
    /// [`Failure`] QRY-004 when nothing has that code or name.
    pub(in crate::service) fn new(area: &Area, associations: &Associations, as_of: AsOf) -> Result<Self> {
        let kept = |keep: &dyn Fn(&Association) -> bool| associations.iter().map(keep).collect();
        match area {
            Area::All => Ok(Self { kept: kept(&|_| true), code: None, name: None, unreported: Vec::new() }),
            Area::Prefecture(wanted) => {
                let wanted = names::prefecture(associations, wanted, as_of.0)?;
                let above = associations
                    .of_tier(Tier::Prefectural)
                    .find(|body| body.prefecture == wanted)
                    .ok_or_else(|| Failure::usage("QRY-004", wanted))?;
                Ok(Self {
                    kept: kept(&|body| body.prefecture == wanted),
                    code: Some(above.code.clone()),
                    name: Some(above.span_on(as_of.0).name.clone()),
                    unreported: Vec::new(),
                })
            }
            Area::Association(wanted) => {
                let only = names::association(associations, wanted, as_of.0)?;
                Ok(Self {
                    kept: kept(&|body| body.id == only.id || associations.is_below_on(body.id, only.id, as_of.0)),
                    code: Some(only.code.clone()),
                    name: Some(only.span_on(as_of.0).name.clone()),
                    unreported: Vec::new(),
                })
            }
        }
    }

    /// The bodies of a paper: those of an area of which exports have told anything. Of the others nothing is known, and a 0
    /// would say otherwise.
    ///
    /// # Errors
    /// As [`Self::new`]; [`Failure`] RPT-008 when no export has ever told of any of them.
    pub(in crate::service) fn of_paper(area: &Area, vintage: &Vintage, as_of: AsOf) -> Result<Self> {
        let mut out = Self::new(area, &vintage.associations, as_of)?;
        let told = vintage.reported_prefectures()?;
        let mut is_empty = true;
        for (body, kept) in vintage.associations.iter().zip(&mut out.kept) {
            if *kept && body.tier != Tier::National && !told.contains(&body.prefecture) {
                *kept = false;
                if body.tier == Tier::Prefectural {
                    out.unreported.push(body.span_on(as_of.0).short_name.clone());
                }
            }
            is_empty &= !*kept;
        }
        if is_empty {
            return Err(Failure::new(FailureKind::Data, "RPT-008", out.name.unwrap_or_default()).into());
        }
        Ok(out)
    }

    /// The bodies of the area, as coverage asks for them: with the national members of its prefectures (R23).
    pub(in crate::service) fn asked(&self, vintage: &Vintage) -> AskedBodies {
        let bodies = vintage.associations.iter().zip(&self.kept);
        let prefectural = bodies.filter(|(body, kept)| **kept && body.tier == Tier::Prefectural);
        let asked = AskedBodies::new(vintage, &self.kept);
        prefectural.fold(asked, |asked, (body, _)| asked.with_national_of(vintage, &body.prefecture))
    }

    /// Whether the paper is about the body at a place in official order.
    pub(in crate::service) fn keeps_rank(&self, rank: usize) -> bool {
        self.kept.get(rank).copied().unwrap_or(false)
    }
}
