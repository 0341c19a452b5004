//! What the days of a body mean for an import: nobody misses a row of a body that is no more.

use chrono::NaiveDate;

use crate::domain::association::{Association, Associations};
use crate::domain::enrolment::StayFacts;
use crate::domain::finding::FindingCode;
use crate::domain::ids::AssociationId;

/// Whether members of a body can be missing from an export of that day: not those of a body that has ended.
pub(super) fn can_be_missing(associations: &Associations, body: AssociationId, export_day: NaiveDate) -> bool {
    !associations.get(body).is_some_and(|body| body.has_ended_before(export_day))
}

/// Whether a notice needs nobody, because the stay ended with its body.
pub(super) fn goes_quietly(
    associations: &Associations,
    body: AssociationId,
    code: FindingCode,
    export_day: NaiveDate,
) -> bool {
    let is_absence = matches!(code, FindingCode::OpenStayVanished | FindingCode::UpperTierBlank);
    is_absence && !can_be_missing(associations, body, export_day)
}

/// Whether no day of a stay is a day of its body, so that it never counts.
pub(super) fn is_outside(associations: &Associations, body: AssociationId, facts: &StayFacts) -> bool {
    let Some(lifetime) = associations.get(body).map(Association::lifetime) else { return false };
    let Some(joined_on) = facts.joined_on else { return false };
    let begins_after = lifetime.last.is_some_and(|last| last < joined_on);
    let ends_before = lifetime.first.is_some_and(|first| facts.left_on.is_some_and(|left_on| left_on < first));
    begins_after || ends_before
}
