//! Files that tell of persons whose names and numbers a purge has removed (docs/retention.md).
//!
//! Nobody can know such a person again by the number. What she was stays counted; so a row that tells it once more must not be counted
//! beside it, and what was known of her must not come undone.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use chrono::NaiveDate;

use super::inspected::Inspected;
use crate::domain::application::{Application, ApplicationKind};
use crate::domain::ids::{AssociationId, PhysicianId};
use crate::domain::layout::FileKind;
use crate::domain::problem::Problem;
use crate::error::Failure;
use crate::ingest::members::{MemberRow, MemberRows};
use crate::service::keep::Workspace;
use crate::store::{ImportRecord, NewImport, RemovedStay, StoredApplication, StoredPerson};

/// Rejects the rows of an export that tell a stay of a person who was removed: the same body, 入会日 and 退会日, and no other birth day.
/// Somebody who has the stay under a number of her own is somebody else.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn leave_out(workspace: &Workspace, read: &mut MemberRows, file: &Inspected<'_>) -> Result<()> {
    let stays = workspace.store.removed_stays().await?;
    if stays.is_empty() {
        return Ok(());
    }
    let stays = RemovedStays::of(stays);
    let numbers: Vec<_> = read.rows.iter().filter(|row| stays.are_told_by(row)).map(|row| row.number).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let own: HashSet<_> = workspace.store.joinings_of(&numbers).await?.into_iter().collect();
    let is_removed = |row: &MemberRow| {
        let stay = &row.shown.own;
        stays.are_told_by(row) && !own.contains(&(row.number, stay.association, stay.facts.joined_on))
    };
    read.reject(&file.columns, Problem::StayOfRemovedPerson, is_removed);
    Ok(())
}

/// Body, 入会日 and 退会日.
type Place = (AssociationId, Option<NaiveDate>, Option<NaiveDate>);

/// Ended stays of persons who were removed, each with the birth day.
struct RemovedStays(HashMap<Place, Vec<Option<NaiveDate>>>);

impl RemovedStays {
    fn of(stays: Vec<RemovedStay>) -> Self {
        let mut out: HashMap<Place, Vec<Option<NaiveDate>>> = HashMap::new();
        for stay in stays {
            out.entry((stay.association, stay.joined_on, Some(stay.left_on))).or_default().push(stay.born_on);
        }
        Self(out)
    }

    /// Whether a row tells one of them.
    fn are_told_by(&self, row: &MemberRow) -> bool {
        let own = &row.shown.own;
        let same = self.0.get(&(own.association, own.facts.joined_on, own.facts.left_on));
        let is_another = |born_on: &Option<NaiveDate>| matches!((*born_on, row.person.born_on), (Some(one), Some(other)) if one != other);
        same.is_some_and(|births| !births.iter().all(is_another))
    }
}

/// Refuses a file that takes the place of one that told of persons who were removed since: what that one said would come undone.
///
/// # Errors
/// [`Failure`] PRG-008; when the store cannot be read.
pub(super) async fn refuse_replacing(workspace: &Workspace, imports: &[ImportRecord], new: &NewImport) -> Result<()> {
    let is_replaced = |import: &&ImportRecord| {
        import.stands()
            && (import.kind, import.known_on) == (new.kind, new.known_on)
            && import.source_name == new.source_name
            && import.kind != FileKind::Associations
    };
    for import in imports.iter().filter(is_replaced) {
        refuse(workspace, import).await?;
    }
    Ok(())
}

/// Refuses to undo an import that told of persons who were removed since.
///
/// # Errors
/// [`Failure`] PRG-008; when the store cannot be read.
pub(super) async fn refuse(workspace: &Workspace, import: &ImportRecord) -> Result<()> {
    match workspace.store.is_about_removed(import.id).await? {
        true => Err(Failure::usage("PRG-008", format!("{} {}", import.id.0, import.file_name)).into()),
        false => Ok(()),
    }
}

/// What standing applications of removed persons say, but for the person and the 備考.
pub(super) struct RemovedApplications<'s>(HashMap<(&'s str, AssociationId, ApplicationKind), Vec<&'s Application>>);

impl<'s> RemovedApplications<'s> {
    pub(super) fn of(standing: &'s [StoredApplication], known: &[StoredPerson]) -> Self {
        let removed = known.iter().filter(|person| person.number.known().is_none());
        let removed: HashSet<PhysicianId> = removed.map(|person| person.physician).collect();
        let mut out: HashMap<_, Vec<&Application>> = HashMap::new();
        for one in standing.iter().map(|one| &one.application).filter(|one| removed.contains(&one.physician)) {
            out.entry((&*one.number, one.association, one.kind)).or_default().push(one);
        }
        Self(out)
    }

    /// Whether an application is one of them, told once more.
    pub(super) fn tell(&self, application: &Application) -> bool {
        let same = self.0.get(&(&*application.number, application.association, application.kind));
        same.is_some_and(|same| {
            same.iter().any(|one| {
                let known =
                    Application { physician: application.physician, note: application.note.clone(), ..(*one).clone() };
                known == *application
            })
        })
    }
}
