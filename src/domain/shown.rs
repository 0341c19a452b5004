//! What one export shows about one physician: rows of three tiers brought to one stay per body and 入会日.
//!
//! Rows of one person repeat the upper tiers. Where they contradict each other, R8 decides; the order of rows
//! in the file never matters. This module does not know earlier exports.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::association::Tier;
use super::enrolment::{SourceStatus, StayFacts};
use super::finding::FindingCode;
use super::ids::AssociationId;

/// A stay as a row tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedStay {
    /// Tier of the body.
    pub tier: Tier,
    /// The body.
    pub association: AssociationId,
    /// What is said about the stay; its 入会日 may be missing (申請中).
    pub facts: StayFacts,
}

/// One accepted row of a member export, wide or long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    /// Row as Excel shows it.
    pub row: u32,
    /// The stay that the row is about: of a wide row the local one.
    pub own: ReportedStay,
    /// Stays of the upper tiers that a wide row repeats, as far as their cells are filled.
    pub upper: Vec<ReportedStay>,
    /// Whether the layout has room for the upper tiers (wide): their absence on the row is a blank.
    pub carries_upper: bool,
}

/// One stay that an export shows, after R8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownStay {
    /// Tier of the body.
    pub tier: Tier,
    /// The body.
    pub association: AssociationId,
    /// What is said about the stay.
    pub facts: StayFacts,
    /// The row that speaks.
    pub row: u32,
    /// Number of rows that are about this stay in its state: where one of them says 在籍, that is the state, and those that
    /// say so are counted (R15). 1 for a stay that wide rows repeat by design.
    pub rows_shown: u16,
}

/// The stays of one person with what was odd about the rows.
#[derive(Debug, Default)]
pub struct ShownStays {
    /// One for each body and 入会日, sorted by tier, body, 入会日.
    pub stays: Vec<ShownStay>,
    /// States found on the way: code, body, row.
    pub findings: Vec<(FindingCode, AssociationId, u32)>,
}

/// Sorts rows so that the one that speaks comes first (R8): local rows before others, own stay in force on the export
/// day, then the latest 入会日, then the facts themselves, so that the order of rows never matters.
pub fn sort_by_authority(rows: &mut [ShownRow], export_day: NaiveDate) {
    rows.sort_by_cached_key(|row| {
        let facts = &row.own.facts;
        let in_force = facts.in_force_on(export_day);
        (
            (row.own.tier, Reverse(in_force)),
            Reverse(facts.joined_on),
            Reverse(facts.left_on.unwrap_or(NaiveDate::MAX)),
            row.own.association,
            facts.class,
            (facts.status, facts.reason, facts.wished_on),
            (facts.class_text.clone(), facts.reason_text.clone()),
            row.upper.iter().map(upper_key).collect::<Vec<_>>(),
            row.row,
        )
    });
}

type UpperKey = (Tier, AssociationId, Option<NaiveDate>, Option<NaiveDate>, super::class::NationalClass);

fn upper_key(stay: &ReportedStay) -> UpperKey {
    let facts = &stay.facts;
    (stay.tier, stay.association, facts.joined_on, facts.left_on, facts.class)
}

/// Brings the rows of one person to stays. `rows` must be sorted by [`sort_by_authority`].
pub fn shown_stays(rows: &[ShownRow]) -> ShownStays {
    let mut out = ShownStays::default();
    for row in rows {
        add_own(&mut out, row);
        for upper in &row.upper {
            add_upper(&mut out, upper, row.row);
        }
    }
    out.stays.sort_by_key(|stay| (stay.tier, stay.association, stay.facts.joined_on));
    out.findings.sort_unstable();
    out.findings.dedup_by_key(|(code, association, _)| (*code, *association));
    out
}

fn add_own(out: &mut ShownStays, row: &ShownRow) {
    let ReportedStay { tier, association, facts } = &row.own;
    let same =
        out.stays.iter_mut().find(|stay| stay.association == *association && stay.facts.joined_on == facts.joined_on);
    if let Some(stay) = same {
        take_state(stay, facts.status);
        out.findings.push((FindingCode::StayOnSeveralRows, *association, row.row));
        return;
    }
    out.stays.push(ShownStay {
        tier: *tier,
        association: *association,
        facts: facts.clone(),
        row: row.row,
        rows_shown: 1,
    });
}

/// One more row about a stay. MAMIS counts every row that says 在籍, so these must not be lost behind another state.
fn take_state(stay: &mut ShownStay, status: SourceStatus) {
    match (stay.facts.status, status) {
        (SourceStatus::Active, SourceStatus::Active) => stay.rows_shown = stay.rows_shown.saturating_add(1),
        (SourceStatus::Active, _) => {}
        (_, SourceStatus::Active) => (stay.facts.status, stay.rows_shown) = (SourceStatus::Active, 1),
        _ => stay.rows_shown = stay.rows_shown.saturating_add(1),
    }
}

/// The first row to speak about an upper body wins over later ones that contradict it. A stay that does not
/// overlap is no contradiction but history, and is kept.
fn add_upper(out: &mut ShownStays, told: &ReportedStay, row: u32) {
    let ReportedStay { tier, association, facts } = told;
    let known = || out.stays.iter().filter(|stay| stay.association == *association);
    if known().any(|stay| same_upper(&stay.facts, facts)) {
        return;
    }
    let contradicts = known()
        .any(|stay| stay.facts.joined_on == facts.joined_on || stay.facts.overlaps(facts) || facts.joined_on.is_none());
    if contradicts {
        out.findings.push((FindingCode::UpperTierConflict, *association, row));
        return;
    }
    out.stays.push(ShownStay { tier: *tier, association: *association, facts: facts.clone(), row, rows_shown: 1 });
}

fn same_upper(a: &StayFacts, b: &StayFacts) -> bool {
    a.joined_on == b.joined_on && a.left_on == b.left_on && a.class == b.class && a.class_text == b.class_text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::class::NationalClass;
    use super::super::enrolment::WithdrawalReason;
    use super::*;
    use SourceStatus::{Active, Pending, Withdrawn};

    fn row(status: SourceStatus, row: u32) -> ShownRow {
        let facts = StayFacts {
            wished_on: None,
            joined_on: "2015-04-01".parse().ok(),
            left_on: None,
            class: NationalClass::B,
            class_text: None,
            reason: WithdrawalReason::None,
            reason_text: None,
            status,
        };
        let own = ReportedStay { tier: Tier::Local, association: AssociationId(1), facts };
        ShownRow { row, own, upper: Vec::new(), carries_upper: true }
    }

    /// MAMIS shows as many members as rows say 在籍.
    #[rstest]
    #[case::one(&[Active], (Active, 1))]
    #[case::twice(&[Active, Active], (Active, 2))]
    #[case::one_of_two(&[Withdrawn, Active], (Active, 1))]
    #[case::two_of_four(&[Pending, Active, Withdrawn, Active], (Active, 2))]
    #[case::none_of_two(&[Withdrawn, Withdrawn], (Withdrawn, 2))]
    fn rows_that_say_active_are_counted(#[case] states: &[SourceStatus], #[case] expected: (SourceStatus, u16)) {
        let mut rows: Vec<ShownRow> = states.iter().copied().zip(2..).map(|(state, nth)| row(state, nth)).collect();
        for _ in 0..rows.len() {
            rows.rotate_left(1);
            sort_by_authority(&mut rows, "2025-12-31".parse().expect("a day"));
            let stays = shown_stays(&rows).stays;
            let told: Vec<_> = stays.iter().map(|stay| (stay.facts.status, stay.rows_shown)).collect();
            assert_eq!(told, [expected]);
        }
    }
}
