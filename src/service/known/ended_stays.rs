//! Findings of exports that an end told by an application or an adjustment answers: a stay that had ended is not open
//! (R6), and another 入会日 after it is no correction (R28). Nor is a stay missing that another source shows (R26).

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::enrolment::{KnownStay, ReportedBy};
use crate::domain::finding::{FindingCode, KnownFinding};
use crate::domain::ids::{PhysicianId, SourceId};
use crate::service::known::vintage::Vintage;
use crate::timeline::Evidence;

/// Leaves out the findings that do not hold of the stays as they are resolved at known-at. Persons are those that stay.
///
/// # Errors
/// When the timeline cannot be read.
pub(in crate::service) fn leave_out_answered(vintage: &Vintage, findings: &mut Vec<KnownFinding>) -> Result<()> {
    let persons: BTreeSet<PhysicianId> =
        findings.iter().filter(|known| asks(known.finding.code)).map(|known| known.finding.physician).collect();
    let persons: Vec<PhysicianId> = persons.into_iter().collect();
    let mut stays: BTreeMap<PhysicianId, Vec<KnownStay>> = BTreeMap::new();
    for stay in vintage.timeline()?.stays_of(&persons, vintage.known_at, Evidence::All)? {
        stays.entry(stay.physician).or_default().push(stay);
    }
    let newest: BTreeMap<SourceId, NaiveDate> =
        vintage.speaking.iter().map(|import| (import.source, import.known_on)).collect();
    let newest_of = |stay: &KnownStay| newest.get(&stay.source).copied().unwrap_or(vintage.known_at.0);
    findings.retain(|known| {
        let finding = &known.finding;
        let of_body = stays.get(&finding.physician).into_iter().flatten();
        let mut of_body = of_body.filter(|stay| Some(stay.association) == finding.association);
        match finding.code {
            FindingCode::OpenStayVanished | FindingCode::UpperTierBlank => {
                of_body.any(|stay| stay.rows_shown == 0 && is_open(stay, newest_of(stay)))
            }
            FindingCode::JoinedDayCorrected => {
                !of_body.any(|stay| stay.enrolment.is_rejoined() && stay.first_known_from == known.known_from)
            }
            _ => true,
        }
    });
    Ok(())
}

fn asks(code: FindingCode) -> bool {
    matches!(code, FindingCode::OpenStayVanished | FindingCode::UpperTierBlank | FindingCode::JoinedDayCorrected)
}

/// Whether a stay that an export of a day does not show is open on it: nobody has ended it. What exports tell themselves
/// holds to the end of its last day, as they are read (R6); whoever was told otherwise knows why the row is gone.
fn is_open(stay: &KnownStay, day: NaiveDate) -> bool {
    stay.joined_on.is_some()
        && stay.left_on.is_none_or(|left| match stay.told.left_on {
            ReportedBy::Export => left >= day,
            ReportedBy::Application | ReportedBy::Adjustment => left > day,
        })
}
