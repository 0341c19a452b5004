//! What is known of a person on a day, once all evidence is heard.

use chrono::NaiveDate;

use super::sources::{Contradiction, Speaker};
use crate::domain::class::NationalClass;
use crate::domain::enrolment::KnownStay;
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, PhysicianId};

/// The classes of a stay, each with its first day; `None` = from the beginning. The last stands.
pub type Classes = Vec<(NationalClass, Option<NaiveDate>)>;

/// One stay as resolved on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedStay {
    /// The stay.
    pub stay: KnownStay,
    /// Its classes, at least one.
    pub classes: Classes,
    /// Whether a person confirmed that the stay goes on although exports no longer show it (在籍確認).
    pub is_confirmed: bool,
}

/// Where two kinds of evidence disagree about a stay. It names no person beyond the surrogate id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    /// What was noticed.
    pub code: FindingCode,
    /// About whom.
    pub physician: PhysicianId,
    /// In which body.
    pub association: Option<AssociationId>,
    /// What the exports say.
    pub shown: Option<NaiveDate>,
    /// What the application or the adjustment says.
    pub filed: Option<NaiveDate>,
    /// Number of the application or adjustment.
    pub number: Box<str>,
    /// Day of the last export that said something new about the body; `None` where none ever did.
    pub shown_since: Option<NaiveDate>,
}

/// What is known of a person on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolved {
    /// Stays by body and enrolment; those that an adjustment declared void are not among them.
    pub stays: Vec<ResolvedStay>,
    /// Disagreements, in the order of the files that brought them.
    pub disputes: Vec<Dispute>,
    /// Where sources of exports disagree.
    pub contradictions: Vec<Contradiction>,
    /// Who speaks about the stays that several sources tell.
    pub speakers: Vec<Speaker>,
}
