//! What the builders of parts draw from: one paper with its day, its bodies and everything known.

use std::cell::OnceCell;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use super::figures::Figures;
use super::people::People;
use super::request::Variant;
use crate::domain::as_of::{AsOf, Period};
use crate::domain::association::{Association, Tier};
use crate::domain::cell::LabelledText;
use crate::domain::document::{ReportDocument, Row, Section};
use crate::domain::ids::AssociationId;
use crate::domain::japanese_date::era_month;
use crate::domain::paper_dates::PaperDates;
use crate::domain::revision::FigureStatus;
use crate::service::audit::WithdrawalAudit;
use crate::service::keep::Workspace;
use crate::service::known::area::Extent;
use crate::service::known::coverage::AreaCoverage;
use crate::service::known::vintage::Vintage;

/// Everything that the builders of parts draw from.
pub(super) struct PaperContext<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) vintage: &'a Vintage,
    pub(super) as_of: AsOf,
    pub(super) period: Period,
    pub(super) variant: Variant,
    pub(super) area: Extent,
    pub(super) draft: bool,
    pub(super) status: FigureStatus,
    pub(super) figures: OnceCell<Figures<'a>>,
    pub(super) withdrawals: OnceCell<WithdrawalAudit>,
}

impl<'a> PaperContext<'a> {
    /// The memberships of the paper, gathered once.
    pub(super) fn figures(&self) -> Result<&Figures<'a>> {
        if self.figures.get().is_none() {
            // Nobody else sets it: a paper belongs to one paper.
            let _ = self.figures.set(Figures::new(self.vintage, self.as_of, self.area.bodies.clone())?);
        }
        self.figures.get().context("figures were gathered above")
    }
}

impl PaperContext<'_> {
    /// How a day stands to what the exports tell of the bodies of the paper (R7).
    pub(super) fn coverage(&self, day: NaiveDate) -> AreaCoverage {
        self.vintage.coverage_of(&self.area.asked(self.vintage), AsOf(day))
    }

    /// Whether the exports reach a day in all bodies of the paper.
    pub(super) fn reaches(&self, day: NaiveDate) -> bool {
        self.coverage(day).complete
    }

    /// The local body of a paper that is about one.
    pub(super) fn only_body(&self) -> Option<&Association> {
        let mut bodies = self.vintage.associations.of_tier(Tier::Local).filter(|body| self.keeps(body));
        let only = bodies.next().filter(|_| bodies.next().is_none());
        only.filter(|_| self.area.code.is_some())
    }

    /// Whether the paper is about a body.
    pub(super) fn keeps(&self, body: &Association) -> bool {
        self.vintage.associations.rank(body.id).is_some_and(|rank| self.area.bodies.has(rank))
    }

    /// Names the output files: the definition, and the area where the paper is limited to one.
    pub(super) fn paper_id(&self, definition: &str) -> String {
        match &self.area.code {
            Some(code) => format!("{definition}_{code}"),
            None => definition.to_string(),
        }
    }

    pub(super) fn document(&self, id: &str, title: &str, sections: Vec<Section>) -> ReportDocument {
        let issuer = issuer(self.workspace, self.vintage);
        ReportDocument {
            id: id.to_string(),
            title: title.to_string(),
            foot_text: format!("{issuer}　{}", era_month(self.as_of.0)),
            issuer,
            issued_on: self.vintage.known_at.0,
            handling: match self.variant {
                Variant::Internal => self.workspace.config.handling.clone(),
                Variant::External => "外部配布用".to_string(),
            },
            draft: false,
            cover: None,
            sections,
            colophon: vec![LabelledText::new("台帳", self.vintage.head.clone())],
            dates: Some(PaperDates { as_of: self.as_of.0, known_at: self.vintage.known_at.0 }),
            numbering: None,
            gaiji: self.workspace.gaiji().cloned().unwrap_or_default(),
        }
    }

    /// Rows in their order with the codes of the bodies that they are of.
    pub(super) fn coded(&self, rows: Vec<Row>, bodies: impl Iterator<Item = Option<AssociationId>>) -> Vec<Row> {
        let code = |id: AssociationId| self.vintage.associations.get(id).map(|body| body.code.clone());
        rows.into_iter().zip(bodies).map(|(row, body)| Row { code: body.and_then(code), ..row }).collect()
    }

    pub(super) fn people(&self) -> Result<People<'_>> {
        People::of(self.vintage)
    }
}

/// Who issues papers (発行者): the issuer of the settings, else the only prefectural body, else the national one.
pub fn issuer(workspace: &Workspace, vintage: &Vintage) -> String {
    if let Some(issuer) = &workspace.config.issuer {
        return issuer.clone();
    }
    let associations = &vintage.associations;
    let mut prefectural = associations.of_tier(Tier::Prefectural);
    let only = prefectural.next().filter(|_| prefectural.next().is_none());
    only.or_else(|| associations.national()).map_or(String::new(), |body| body.name.clone())
}
