//! The bodies that a paper is about: all, those of a prefecture, or one with everything below it.

use anyhow::Result;

use crate::domain::as_of::AsOf;
use crate::domain::association::{Association, Associations, Tier};
use crate::error::Failure;
use crate::service::query::find_association_on;

/// What a paper is limited to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Area {
    /// Nothing: all bodies.
    #[default]
    All,
    /// Bodies of a prefecture, by its code (11 or P11). Its national members are those of R23.
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
    pub(super) code: Option<String>,
    /// Name as printed; `None` when the paper is about all.
    pub(super) name: Option<String>,
}

impl Extent {
    /// Finds the bodies of an area.
    ///
    /// # Errors
    /// [`Failure`] QRY-004 when nothing has that code or name.
    pub(in crate::service) fn new(area: &Area, associations: &Associations, as_of: AsOf) -> Result<Self> {
        let kept = |keep: &dyn Fn(&Association) -> bool| associations.iter().map(keep).collect();
        match area {
            Area::All => Ok(Self { kept: kept(&|_| true), code: None, name: None }),
            Area::Prefecture(wanted) => {
                let wanted = wanted.trim_start_matches('P');
                let above = associations
                    .of_tier(Tier::Prefectural)
                    .find(|body| body.prefecture == wanted)
                    .ok_or_else(|| Failure::usage("QRY-004", wanted))?;
                Ok(Self {
                    kept: kept(&|body| body.prefecture == wanted),
                    code: Some(above.code.clone()),
                    name: Some(above.span_on(as_of.0).name.clone()),
                })
            }
            Area::Association(wanted) => {
                let only = find_association_on(associations, wanted, as_of.0)?;
                Ok(Self {
                    kept: kept(&|body| body.id == only.id || associations.is_below_on(body.id, only.id, as_of.0)),
                    code: Some(only.code.clone()),
                    name: Some(only.span_on(as_of.0).name.clone()),
                })
            }
        }
    }

    /// Whether the paper is about the body at a place in official order.
    pub(in crate::service) fn keeps_rank(&self, rank: usize) -> bool {
        self.kept.get(rank).copied().unwrap_or(false)
    }
}
