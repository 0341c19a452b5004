//! The bodies that a paper is about: all, those of a prefecture, or one with everything below it.

use anyhow::Result;

use crate::domain::as_of::AsOf;
use crate::domain::association::{Association, Associations, BodySet, Tier};
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
    /// The bodies.
    pub(in crate::service) bodies: BodySet,
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
        match area {
            Area::All => {
                Ok(Self { bodies: BodySet::all(associations), code: None, name: None, unreported: Vec::new() })
            }
            Area::Prefecture(wanted) => {
                let wanted = names::prefecture(associations, wanted, as_of.0)?;
                let above = associations
                    .of_tier(Tier::Prefectural)
                    .find(|body| body.prefecture == wanted)
                    .ok_or_else(|| Failure::usage("QRY-004", wanted))?;
                Ok(Self {
                    bodies: BodySet::of(associations, |body| body.prefecture == wanted),
                    code: Some(above.code.clone()),
                    name: Some(above.span_on(as_of.0).name.clone()),
                    unreported: Vec::new(),
                })
            }
            Area::Association(wanted) => {
                let only = names::association(associations, wanted, as_of.0)?;
                Ok(Self {
                    bodies: BodySet::of(associations, |body| {
                        body.id == only.id || associations.is_below_on(body.id, only.id, as_of.0)
                    }),
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
        let is_reported = |body: &Association| body.tier == Tier::National || told.contains(&body.prefecture);
        let prefectural = out.bodies.of_tier(&vintage.associations, Tier::Prefectural);
        let unreported = prefectural.bodies(&vintage.associations).filter(|(_, body)| !is_reported(body));
        out.unreported.extend(unreported.map(|(_, body)| body.span_on(as_of.0).short_name.clone()));
        out.bodies = out.bodies.only(&vintage.associations, is_reported);
        if out.bodies.is_empty() {
            return Err(Failure::new(FailureKind::Data, "RPT-008", out.name.unwrap_or_default()).into());
        }
        Ok(out)
    }

    /// The bodies of the area, as coverage asks for them: with the national members of its prefectures (R23).
    pub(in crate::service) fn asked(&self, vintage: &Vintage) -> AskedBodies {
        let prefectural = self.bodies.of_tier(&vintage.associations, Tier::Prefectural);
        let asked = AskedBodies::new(vintage, &self.bodies);
        let homes = prefectural.bodies(&vintage.associations);
        homes.fold(asked, |asked, (_, body)| asked.with_national_of(vintage, &body.prefecture))
    }
}
