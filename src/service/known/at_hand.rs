//! What a list of persons reads beside the timeline, held in memory for whoever is asked often: the numbers and names of all
//! physicians, and where each version of a stay is written.
//!
//! The answers are those of the store. Of the country with three years it has some 60 MB, and is read in a few seconds; a list of a
//! hundred persons then takes no statement.

use std::collections::HashMap;

use anyhow::Result;

use crate::domain::as_of::KnownAt;
use crate::domain::ids::{EnrolmentId, ImportId, PhysicianId, RegistrationNumber};
use crate::service::keep::Workspace;
use crate::service::known::records::Names;
use crate::store::{ImportRecord, Origin, OriginRow};

/// Numbers, names and origins as known at a day.
#[derive(Debug)]
pub(in crate::service) struct AtHand {
    /// By physician, ascending.
    numbers: Vec<(PhysicianId, RegistrationNumber)>,
    names: Names,
    /// By stay and day.
    origins: Vec<OriginRow>,
    files: HashMap<ImportId, String>,
}

impl AtHand {
    /// Reads everything.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn read(workspace: &Workspace, known_at: KnownAt, imports: &[ImportRecord]) -> Result<Self> {
        let (mut numbers, mut names, mut origins) = (Vec::new(), Names::default(), Vec::new());
        workspace
            .store
            .each_called(known_at, |physician, number, name| {
                numbers.push((physician, number));
                names.push(physician, name);
            })
            .await?;
        workspace.store.each_origin(known_at, |origin| origins.push(origin)).await?;
        in_order(&mut origins);
        let files = imports.iter().map(|import| (import.id, import.file_name.clone())).collect();
        Ok(Self { numbers, names, origins, files })
    }

    /// Number and name of a physician, exactly as it came; `None` for nobody.
    pub(in crate::service) fn called(&self, physician: PhysicianId) -> Option<(RegistrationNumber, &str)> {
        let at = self.numbers.binary_search_by_key(&physician, |(id, _)| *id).ok()?;
        Some((self.numbers[at].1, self.names.of(physician)?))
    }

    /// Where stays come from, as [`Store::origins`](crate::store::Store::origins) tells it.
    pub(in crate::service) fn origins(&self, enrolments: &[EnrolmentId]) -> Vec<Origin> {
        let of_stay = |enrolment: &EnrolmentId| {
            let from = self.origins.partition_point(|row| row.enrolment < *enrolment);
            let rows = self.origins[from..].iter();
            let enrolment = *enrolment;
            rows.take_while(move |row| row.enrolment == enrolment)
        };
        let origin = |row: &OriginRow| {
            let file_name = self.files.get(&row.import)?.clone();
            let OriginRow { enrolment, known_from, import, row } = *row;
            Some(Origin { enrolment, known_from, import, file_name, row })
        };
        enrolments.iter().flat_map(of_stay).filter_map(origin).collect()
    }
}

/// By stay and day; of copies that a replaced file left the original speaks.
fn in_order(origins: &mut Vec<OriginRow>) {
    origins.sort_by_key(|origin| (origin.enrolment, origin.known_from));
    origins.dedup_by_key(|origin| (origin.enrolment, origin.import));
    origins.shrink_to_fit();
}
