//! What a person asks: of which bodies, broken down by what, on which map.

use crate::domain::association::Tier;
use crate::domain::grouping::Dimension;
use crate::service::known::map::MapChoice;

/// What to count.
#[derive(Debug, Clone)]
pub struct Question {
    /// What to break down by, besides the tier.
    pub by: Vec<Dimension>,
    /// Only this tier.
    pub tier: Option<Tier>,
    /// Only bodies of this prefecture code, with the national body left out.
    pub prefecture: Option<String>,
    /// Only this body, by code or name.
    pub association: Option<String>,
    /// With `association`: all bodies below it as well, as the tree is on the day.
    pub below: bool,
    /// On which map of bodies.
    pub map: MapChoice,
    /// Rows with nothing in them too.
    pub zeros: bool,
}

/// The filters of a question, as they were given.
pub(in crate::service) fn asked(question: &Question) -> String {
    let given = [&question.prefecture, &question.association];
    given.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}
