//! What an import of members has just changed, for the timeline that follows it: the store is asked for the persons it changed,
//! the timeline before it tells of the others, and nobody has to be read back whom the import itself has brought.

use anyhow::Result;
use chrono::NaiveDate;

use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::ids::{EnrolmentId, PhysicianId, SourceId};
use crate::domain::person::PersonAttributes;
use crate::service::keep::Workspace;
use crate::store::{Changes, NewEnrolmentVersion, NewPerson};
use crate::timeline::{TimelineError, TimelineFiles, TimelineWriter};

/// So many changed physicians are asked for by name whatever the size of the store.
const FEW: usize = 5_000;

/// More changed physicians than one in so many are not: reading everybody costs less then.
const ONE_IN: usize = 8;

/// What an import of members has stored, which took the place of no other file.
#[derive(Debug)]
pub(in crate::service) struct Learnt {
    /// Head of the store before it.
    before: String,
    source: SourceId,
    known_on: NaiveDate,
    /// The first ids that were free.
    next_ids: (PhysicianId, EnrolmentId),
    versions: Vec<NewEnrolmentVersion>,
    persons: Vec<NewPerson>,
}

/// What is known of whom the timeline before does not tell, or tells something else, ascending.
pub(super) struct Fresh {
    /// Physicians of whom that timeline is not asked.
    changed: Vec<PhysicianId>,
    versions: Vec<EnrolmentVersion>,
    persons: Vec<PersonAttributes>,
    learnt: Learnt,
    before: Before,
}

/// What the others are told by.
enum Before {
    /// There are no others; of applications and adjustments the store has told.
    Nobody(Vec<ApplicationVersion>, Vec<AdjustmentVersion>),
    /// The timeline before.
    Timeline(TimelineFiles),
}

impl Learnt {
    /// Keeps what an import of a source and day that followed a head has changed.
    pub(in crate::service) fn new(
        before: String,
        (source, known_on): (SourceId, NaiveDate),
        next_ids: (PhysicianId, EnrolmentId),
        changes: Changes,
    ) -> Self {
        let Changes { new_versions: versions, new_persons: persons, .. } = changes;
        let mut learnt = Self { before, source, known_on, next_ids, versions, persons };
        learnt.versions.sort_by_key(|new| (new.physician, new.association, new.enrolment));
        learnt.persons.sort_by_key(|new| new.physician);
        learnt
    }

    fn is_new(&self, physician: PhysicianId) -> bool {
        physician >= self.next_ids.0
    }

    /// Physicians who were there before and of whom anything changed, ascending.
    fn changed(&self) -> Vec<PhysicianId> {
        let told = self.versions.iter().map(|new| new.physician).chain(self.persons.iter().map(|new| new.physician));
        let mut changed: Vec<PhysicianId> = told.filter(|physician| !self.is_new(*physician)).collect();
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    fn version(&self, new: &NewEnrolmentVersion) -> EnrolmentVersion {
        let said = &new.version;
        EnrolmentVersion {
            enrolment: new.enrolment,
            source: self.source,
            physician: new.physician,
            association: new.association,
            facts: said.facts.clone(),
            class_from: said.class_from,
            rows_shown: said.rows_shown,
            known_from: self.known_on,
            known_until: None,
        }
    }

    fn person(&self, new: &NewPerson) -> PersonAttributes {
        PersonAttributes {
            physician: new.physician,
            sex: new.person.sex,
            born_on: new.person.born_on,
            duty: new.person.duty().to_string(),
            known_from: self.known_on,
            known_until: None,
        }
    }
}

impl Fresh {
    /// Reads what the store tells of changed physicians; `None` where the timeline before is not there, or so much changed that
    /// it is of no use.
    pub(super) async fn read(workspace: &Workspace, learnt: Learnt) -> Result<Option<Self>> {
        let store = &workspace.store;
        let (mut versions, mut persons) = (Vec::new(), Vec::new());
        if learnt.next_ids == (PhysicianId(1), EnrolmentId(1)) {
            let (mut applications, mut adjustments) = (Vec::new(), Vec::new());
            store.each_application(|version| applications.push(version)).await?;
            store.each_adjustment(|version| adjustments.push(version)).await?;
            let before = Before::Nobody(applications, adjustments);
            return Ok(Some(Self { changed: Vec::new(), versions, persons, learnt, before }));
        }
        let earlier = workspace.timeline_files(&learnt.before);
        let changed = learnt.changed();
        let n_physicians = usize::try_from(learnt.next_ids.0.0).unwrap_or_default();
        if changed.len() > FEW.max(n_physicians / ONE_IN) || earlier.check().is_err() {
            return Ok(None);
        }
        store.each_version_of(&changed, |version| versions.push(version)).await?;
        store.each_person_of(&changed, |person| persons.push(person)).await?;
        Ok(Some(Self { changed, versions, persons, learnt, before: Before::Timeline(earlier) }))
    }

    /// Writes all that is known.
    pub(super) fn write(self, writer: &mut TimelineWriter) -> Result<(), TimelineError> {
        let learnt = &self.learnt;
        let new_versions = learnt.versions.iter().filter(|new| learnt.is_new(new.physician));
        let new_persons = learnt.persons.iter().filter(|new| learnt.is_new(new.physician));
        let versions = self.versions.into_iter().chain(new_versions.map(|new| learnt.version(new)));
        let persons = self.persons.into_iter().chain(new_persons.map(|new| learnt.person(new)));
        match self.before {
            Before::Nobody(applications, adjustments) => {
                versions.for_each(|version| writer.push(&version));
                persons.for_each(|person| writer.push_person(person));
                applications.into_iter().for_each(|version| writer.push_application(version));
                adjustments.into_iter().for_each(|version| writer.push_adjustment(version));
                Ok(())
            }
            Before::Timeline(earlier) => {
                writer.carry_on_corrections(&earlier);
                writer.carry_on(&earlier, &self.changed, versions)?;
                writer.carry_on_persons(&earlier, &self.changed, persons)
            }
        }
    }
}
