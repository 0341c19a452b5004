//! Where two sources that both show a stay disagree about it (R26): each disagreement as a finding that names both.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;

use super::context::AuditContext;
use crate::domain::association::Tier;
use crate::domain::audit::{AuditFinding, CheckCode};
use crate::domain::class::NationalClass;
use crate::domain::ids::{PhysicianId, SourceId};
use crate::domain::resolved::{Contradiction, SourceWord};
use crate::service::known::corrections;
use crate::timeline::Evidence;

/// What sources disagree about in the tiers that `is_asked` accepts, by body and person. A disagreement about the national
/// body concerns the area when the person has a stay there.
///
/// # Errors
/// When the timeline cannot be read.
pub(super) fn contradictions(
    context: &AuditContext<'_>,
    is_asked: impl Fn(Tier) -> bool,
) -> Result<Vec<(Contradiction, AuditFinding)>> {
    let vintage = context.vintage;
    let mut found = corrections::contradictions(vintage)?;
    found.retain(|one| vintage.associations.get(one.association).is_some_and(|body| is_asked(body.tier)));
    let persons: BTreeSet<PhysicianId> = found.iter().map(|one| one.physician).collect();
    let persons: Vec<PhysicianId> = persons.into_iter().collect();
    let stays = vintage.timeline()?.stays_of(&persons, vintage.known_at, Evidence::All)?;
    let of_area: BTreeSet<PhysicianId> =
        stays.iter().filter(|stay| context.keeps(stay.association)).map(|stay| stay.physician).collect();
    found.retain(|one| {
        let is_national = vintage.associations.get(one.association).is_some_and(|body| body.tier == Tier::National);
        context.keeps(one.association) || (is_national && of_area.contains(&one.physician))
    });
    found.sort_by_key(|one| (context.rank(one.association), one.physician));
    let names: BTreeMap<SourceId, &str> =
        vintage.speaking.iter().map(|import| (import.source, import.source_name.as_str())).collect();
    Ok(found.into_iter().map(|one| (one, finding(&one, &names))).collect())
}

fn finding(one: &Contradiction, names: &BTreeMap<SourceId, &str>) -> AuditFinding {
    let said = |word: &SourceWord, other: &SourceWord| {
        let name = names.get(&word.source).copied().unwrap_or("?");
        format!("{name}（{}）は{}", word.shown_on, said(word, other))
    };
    let (speaker, other) = (said(&one.speaker, &one.other), said(&one.other, &one.speaker));
    AuditFinding {
        learnt_on: Some(one.since),
        detail: format!("{speaker}、{other}。前者で数える"),
        ..AuditFinding::new(CheckCode::Finding(one.code), one.physician, Some(one.association))
    }
}

/// What a source says otherwise than another one.
fn said(word: &SourceWord, other: &SourceWord) -> String {
    let day = |name: &str, day: Option<NaiveDate>| day.map_or(format!("{name}なし"), |day| format!("{name} {day}"));
    let parts = [
        (word.joined_on != other.joined_on).then(|| day("入会日", word.joined_on)),
        (word.left_on != other.left_on).then(|| day("退会日", word.left_on)),
        (word.class != other.class).then(|| format!("区分 {}", NationalClass::label(word.class))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("・")
}
