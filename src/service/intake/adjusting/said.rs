//! The adjustments that hold, as a file would say them again.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;

use super::column::{AdjustmentColumn, Cells};
use crate::clock::tokyo_day;
use crate::domain::adjustment::{Adjustment, AdjustmentVersion};
use crate::domain::as_of::KnownAt;
use crate::domain::association::Associations;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::ids::{ImportId, PhysicianId, RegistrationNumber};
use crate::domain::layout::{FileKind, Vocabulary};
use crate::domain::person::KnownPerson;
use crate::ingest::Classes;
use crate::service::keep::Workspace;
use crate::store::ImportRecord;

/// An adjustment that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidAdjustment {
    /// What was decided.
    pub version: AdjustmentVersion,
    /// Whom it is about: number and name.
    pub person: (RegistrationNumber, String),
    /// Short name of the body on the day of the file; empty where it is about the person.
    pub body: String,
    /// Whether it comes from the source that pages write; files of other sources are changed by files of these.
    pub is_of_pages: bool,
    /// As a file says it.
    pub(super) cells: Cells,
}

impl SaidAdjustment {
    /// What a file says in a column; empty where it says nothing.
    pub fn cell(&self, column: AdjustmentColumn) -> &str {
        self.cells.get(&column).map_or("", String::as_str)
    }
}

/// All adjustments that hold, the newest first.
///
/// # Errors
/// When the store cannot be read.
pub async fn said(workspace: &Workspace) -> Result<Vec<SaidAdjustment>> {
    let mut out = standing(workspace, &workspace.store.imports().await?).await?;
    out.retain(|one| !one.version.adjustment.is_revoked);
    out.reverse();
    Ok(out)
}

/// All that stand, those that were taken back among them, in the order in which they were said.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn standing(workspace: &Workspace, imports: &[ImportRecord]) -> Result<Vec<SaidAdjustment>> {
    let mut versions: Vec<AdjustmentVersion> = Vec::new();
    let take = |version: AdjustmentVersion| versions.extend(Some(version).filter(|one| one.known_until.is_none()));
    workspace.store.each_adjustment(take).await?;
    versions.sort_by_key(|version| (version.known_from, version.import, version.row));
    let ids: BTreeSet<PhysicianId> = versions
        .iter()
        .flat_map(|version| std::iter::once(version.adjustment.physician).chain(version.adjustment.other))
        .collect();
    let ids: Vec<PhysicianId> = ids.into_iter().collect();
    let newest = imports.iter().map(|import| import.known_on).max().unwrap_or_default();
    let persons = workspace.store.persons(&ids, KnownAt(newest)).await?;
    let associations = workspace.store.associations().await?;
    let of_pages = imports.iter().filter(|import| is_of_pages(import)).map(|import| import.id).collect();
    let mut words = Words {
        persons: persons.into_iter().map(|person| (person.physician, person)).collect(),
        associations: &associations,
        vocabulary: &workspace.vocabulary,
        classes: Classes::new(&associations, &workspace.vocabulary),
        of_pages,
    };
    Ok(versions.into_iter().map(|version| words.said(version)).collect())
}

/// The 医籍登録番号 of somebody; `None` where there is nobody, or the number was removed.
///
/// # Errors
/// When the store cannot be read.
pub async fn registered_as(workspace: &Workspace, person: PhysicianId) -> Result<Option<String>> {
    let found = workspace.store.persons(&[person], KnownAt(tokyo_day(workspace.clock.now()))).await?;
    let known = found.first().filter(|person| person.number.known().is_some());
    Ok(known.map(|person| person.number.to_string()))
}

/// Whether an import is of the source of the files that pages write.
pub(super) fn is_of_pages(import: &ImportRecord) -> bool {
    import.kind == FileKind::Adjustments && import.source_name == FileKind::Adjustments.code()
}

/// What is needed to write adjustments down.
struct Words<'a> {
    persons: BTreeMap<PhysicianId, KnownPerson>,
    associations: &'a Associations,
    vocabulary: &'a Vocabulary,
    classes: Classes<'a>,
    /// Imports of the source of pages.
    of_pages: BTreeSet<ImportId>,
}

impl Words<'_> {
    fn said(&mut self, version: AdjustmentVersion) -> SaidAdjustment {
        let adjustment = &version.adjustment;
        let body = adjustment.association.and_then(|id| self.associations.get(id));
        let person = self.persons.get(&adjustment.physician);
        let mut cells = Cells::new();
        let mut say = |column, text: Option<String>| cells.extend(text.map(|text| (column, text)));
        say(AdjustmentColumn::Number, Some(adjustment.number.to_string()));
        say(AdjustmentColumn::Kind, Some(adjustment.kind.label().to_string()));
        say(AdjustmentColumn::Person, self.number(adjustment.physician));
        say(AdjustmentColumn::BodyCode, body.map(|body| body.code.clone()));
        say(AdjustmentColumn::StayJoinedOn, adjustment.stay_joined_on.map(|day| day.to_string()));
        say(AdjustmentColumn::NewDay, adjustment.day.map(|day| day.to_string()));
        say(AdjustmentColumn::Reason, reason(self.vocabulary, adjustment.reason));
        say(AdjustmentColumn::OtherPerson, adjustment.other.and_then(|id| self.number(id)));
        say(AdjustmentColumn::Finding, adjustment.finding.map(|finding| finding.code().to_string()));
        say(AdjustmentColumn::State, adjustment.is_revoked.then(|| TAKEN_BACK.to_string()));
        say(AdjustmentColumn::Why, Some(adjustment.why.to_string()));
        say(AdjustmentColumn::Approver, Some(adjustment.approver.to_string()));
        let class = class(self.vocabulary, &mut self.classes, adjustment, version.known_from);
        cells.extend(class.map(|text| (AdjustmentColumn::NewClass, text)));
        SaidAdjustment {
            person: person
                .map_or((RegistrationNumber(0), String::new()), |person| (person.number, person.person.texts().name)),
            body: body.map_or(String::new(), |body| body.span_on(version.known_from).short_name.clone()),
            is_of_pages: self.of_pages.contains(&version.import),
            cells,
            version,
        }
    }

    /// The number of somebody; whoever was removed has none any more.
    fn number(&self, id: PhysicianId) -> Option<String> {
        let person = self.persons.get(&id).filter(|person| person.number.known().is_some());
        person.map(|person| person.number.to_string())
    }
}

/// The word of a file for an adjustment that holds no longer.
pub(super) const TAKEN_BACK: &str = "取消";

/// A word that is read as a class in the body of an adjustment; `None` where none is decided.
fn class(
    vocabulary: &Vocabulary,
    classes: &mut Classes<'_>,
    adjustment: &Adjustment,
    known_from: NaiveDate,
) -> Option<String> {
    let (wanted, on) = (adjustment.class?, adjustment.day.unwrap_or(known_from));
    let spellings = spellings(vocabulary, wanted);
    spellings.into_iter().find(|word| classes.class_of(adjustment.association, word, on).class == wanted)
}

/// The spellings of a class, the shortest first.
pub(super) fn spellings(vocabulary: &Vocabulary, class: NationalClass) -> Vec<String> {
    let mut out: Vec<String> =
        vocabulary.classes.iter().filter(|(_, of)| **of == class).map(|(word, _)| word.clone()).collect();
    out.sort_by_key(|word| (word.chars().count(), word.clone()));
    out
}

/// A word that is read as a reason; `None` for none.
pub(super) fn reason(vocabulary: &Vocabulary, reason: WithdrawalReason) -> Option<String> {
    let of_reason = vocabulary.reasons.iter().filter(|(_, of)| **of == reason).map(|(word, _)| word);
    of_reason.min_by_key(|word| word.chars().count()).cloned()
}
