//! What a change does to papers that were given out, in words.

use anyhow::Result;
use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::printed_number::thousands;
use crate::error::{Detail, Failure};
use crate::service::known::totals::Totals;
use crate::service::papers::published::PublishedPaper;

/// Papers named one by one in a question; more are counted.
const NAMED: usize = 5;

/// Reasons told in a question; more are counted.
const REASONS: usize = 3;

/// A day on which papers of a month that is done, or of `kaiin report`, would say something else, or may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedMonth {
    /// The month of the ledger; none for papers of `kaiin report`.
    pub period: Option<String>,
    /// 基準日 of its papers.
    pub as_of: NaiveDate,
    /// Members on that day as the papers count them.
    pub before: Totals,
    /// The same with the change.
    pub after: Totals,
    /// Folders of the papers that say something else or cannot be made any more, ascending; from the data folder on where they
    /// lie in it.
    pub papers: Vec<String>,
    /// Papers that could not be compared because they cannot be made now, by reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_compared: Vec<NotMade>,
    /// Those of `papers` that cannot be made any more with the change, by reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_made_then: Vec<NotMade>,
}

/// Papers that cannot be made for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotMade {
    /// Stable code of the reason.
    pub code: &'static str,
    /// What its text leaves open.
    pub detail: String,
    /// What is wrong one by one, where it is several things.
    #[serde(skip)]
    details: Vec<Detail>,
    /// Folders of the papers, ascending.
    pub papers: Vec<String>,
}

impl ChangedMonth {
    pub(super) fn new(paper: &PublishedPaper, [before, after]: [Result<Totals>; 2]) -> Result<Self> {
        Ok(Self {
            period: paper.period.clone(),
            as_of: paper.as_of,
            before: before?,
            after: after?,
            papers: Vec::new(),
            not_compared: Vec::new(),
            not_made_then: Vec::new(),
        })
    }

    pub(super) fn sort(&mut self) {
        self.papers.sort();
        self.not_compared.iter_mut().chain(&mut self.not_made_then).for_each(|one| one.papers.sort());
    }

    /// The day in words: its members before and after, its papers, and what could not be made.
    pub fn details(&self) -> Vec<Detail> {
        let mut out = Vec::new();
        if !self.papers.is_empty() {
            out.push(self.figures());
        }
        for (code, not_made) in [("IMP-304", &self.not_compared), ("IMP-305", &self.not_made_then)] {
            for one in not_made.iter().take(REASONS) {
                out.push(Detail::of_words(code, vec![one.papers.len().to_string(), first_of(&one.papers)]));
                out.push(Detail::of_words(one.code, vec![one.detail.clone()]));
                out.extend(one.details.iter().take(REASONS).cloned());
            }
            let others: Vec<String> = not_made.iter().skip(REASONS).flat_map(|one| one.papers.clone()).collect();
            if !others.is_empty() {
                out.push(Detail::of_words(code, vec![others.len().to_string(), first_of(&others)]));
            }
        }
        out
    }

    fn figures(&self) -> Detail {
        let members =
            |totals: &Totals| [totals.local, totals.prefectural, totals.national].map(|tier| tier.memberships);
        let mut words = vec![self.period.clone().unwrap_or_default(), self.as_of.to_string()];
        for (before, after) in members(&self.before).into_iter().zip(members(&self.after)) {
            words.extend([thousands(before), thousands(after)]);
        }
        words.push(first_of(&self.papers));
        Detail::of_words(if self.period.is_some() { "IMP-292" } else { "IMP-306" }, words)
    }
}

impl NotMade {
    /// Adds a paper to those that cannot be made for the same reason.
    pub(super) fn add_to(&self, all: &mut Vec<Self>, paper: &str) {
        match all.iter_mut().find(|one| (one.code, &one.detail) == (self.code, &self.detail)) {
            Some(one) => one.papers.push(paper.to_string()),
            None => all.push(Self { papers: vec![paper.to_string()], ..self.clone() }),
        }
    }
}

impl From<Failure> for NotMade {
    fn from(Failure { code, detail, details, .. }: Failure) -> Self {
        Self { code, detail, details: details.into_vec(), papers: Vec::new() }
    }
}

/// The first few of some papers, and how many more there are.
fn first_of(papers: &[String]) -> String {
    let mut out = papers.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("、");
    if papers.len() > NAMED {
        out.push_str(&format!(" … +{}", papers.len() - NAMED));
    }
    out
}

/// What a change does to the papers that were given out.
#[derive(Debug, Clone, Default)]
pub(in crate::service) struct Changes {
    /// Days of which papers say something else, or may: months in their order, then papers of `kaiin report`.
    pub(in crate::service) days: Vec<ChangedMonth>,
    /// Papers of which no folder tells any more, so that nobody can say.
    pub(super) unreported: Vec<String>,
}

impl Changes {
    /// Everything in words. Papers of which no folder tells any more are counted where there is a question anyway.
    pub(in crate::service) fn details(&self) -> Vec<Detail> {
        let unreported = (!self.unreported.is_empty())
            .then(|| Detail::of_words("IMP-307", vec![self.unreported.len().to_string(), first_of(&self.unreported)]));
        self.days.iter().flat_map(ChangedMonth::details).chain(unreported).collect()
    }

    /// Months, and days of other papers, as a question names them.
    pub(in crate::service) fn names(&self) -> String {
        let name = |day: &ChangedMonth| day.period.clone().unwrap_or_else(|| day.as_of.to_string());
        let mut names: Vec<String> = self.days.iter().map(name).collect();
        names.dedup();
        first_of(&names)
    }
}
