//! An import under way, in whichever store is open.

use super::either::each_store;
use super::error::StoreError;
use super::facts::{Changes, StoredAdjustment, StoredApplication, StoredPerson, StoredRow};
use super::postgres::PostgresImport;
use super::sqlite::SqliteImport;
use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::ids::{EnrolmentId, ImportId, PhysicianId, SourceId};

const NEXT_IDS: &str = "SELECT (SELECT coalesce(max(id), 0) + 1 FROM physician),
            (SELECT coalesce(max(enrolment_id), 0) + 1 FROM enrolment)";

/// An import under way. Dropping it undoes everything.
#[derive(Debug)]
pub enum Import {
    /// In the embedded store.
    Sqlite(SqliteImport),
    /// In the store on a server.
    Postgres(PostgresImport),
}

impl Import {
    /// Id of this import.
    pub fn id(&self) -> ImportId {
        each_store!(self, import => import.id())
    }

    /// The source of the file.
    pub fn source(&self) -> SourceId {
        each_store!(self, import => import.source())
    }

    /// Whether it takes the place of another file of the same source and day.
    pub fn replaces(&self) -> bool {
        each_store!(self, import => import.replaces())
    }

    /// Takes back what the replaced file said.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn take_back_replaced(&mut self) -> Result<(), StoreError> {
        each_store!(self, import => import.take_back_replaced().await)
    }

    /// The stays of the source that stand, by physician, body, enrolment.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn standing(&mut self) -> Result<Vec<StoredRow>, StoreError> {
        each_store!(self, import => import.standing().await)
    }

    /// All physicians with their standing descriptions, by number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_persons(&mut self) -> Result<Vec<StoredPerson>, StoreError> {
        each_store!(self, import => import.stored_persons().await)
    }

    /// The applications of the source that stand, in the order in which they were stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_applications(&mut self) -> Result<Vec<StoredApplication>, StoreError> {
        each_store!(self, import => import.stored_applications().await)
    }

    /// The adjustments of the source that stand, in the order in which they were stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_adjustments(&mut self) -> Result<Vec<StoredAdjustment>, StoreError> {
        each_store!(self, import => import.stored_adjustments().await)
    }

    /// The next free ids of physicians and enrolments.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn next_ids(&mut self) -> Result<(PhysicianId, EnrolmentId), StoreError> {
        let (physician, enrolment): (i64, i64) =
            each_store!(self, import => sqlx::query_as(NEXT_IDS).fetch_one(&mut *import.tx).await?);
        Ok((PhysicianId(physician), EnrolmentId(enrolment)))
    }

    /// Appends and supersedes within the open transaction: what is read through this import shows it, and
    /// [`Import::abandon`] undoes it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn apply(&mut self, changes: &Changes) -> Result<(), StoreError> {
        each_store!(self, import => import.apply(changes).await)
    }

    /// What `Store::each_version` gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_version(&mut self, each: impl FnMut(EnrolmentVersion)) -> Result<(), StoreError> {
        each_store!(self, import => import.each_version(each).await)
    }

    /// What `Store::each_application` gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_application(&mut self, each: impl FnMut(ApplicationVersion)) -> Result<(), StoreError> {
        each_store!(self, import => import.each_application(each).await)
    }

    /// What `Store::each_adjustment` gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_adjustment(&mut self, each: impl FnMut(AdjustmentVersion)) -> Result<(), StoreError> {
        each_store!(self, import => import.each_adjustment(each).await)
    }

    /// Appends and supersedes, and makes it all durable.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn commit(self, changes: &Changes) -> Result<(), StoreError> {
        each_store!(self, import => import.commit(changes).await)
    }

    /// Undoes everything.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be reached; nothing is stored then either.
    pub async fn abandon(self) -> Result<(), StoreError> {
        each_store!(self, import => import.abandon().await)
    }
}
