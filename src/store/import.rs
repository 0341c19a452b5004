//! An import under way: its transaction, and all that it appends and supersedes.

use chrono::NaiveDate;

use super::cells::{Cell, cells};
use super::chain::{self, Appended};
use super::either::on_tx;
use super::error::StoreError;
use super::facade::Store;
use super::facts::{Changes, NewImport, StoredAdjustment, StoredApplication, StoredFinding, StoredPerson, StoredRow};
use super::import_record::{insert_import, replace_same_day};
use super::replacing::take_back;
use super::tables::{ADJUSTMENT, APPLICATION, ENROLMENT, FINDING, PHYSICIAN, PHYSICIAN_VERSION, Table};
use super::tx::{Tx, lists};
use super::{corrections, enrolments, findings, persons};
use crate::domain::adjustment::AdjustmentVersion;
use crate::domain::application::ApplicationVersion;
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::ids::{EnrolmentId, ImportId, PhysicianId, SourceId};

const NEXT_IDS: &str = "SELECT (SELECT coalesce(max(id), 0) + 1 FROM physician),
            (SELECT coalesce(max(enrolment_id), 0) + 1 FROM enrolment)";

/// An import under way. Dropping it undoes everything.
#[derive(Debug)]
pub struct Import {
    tx: Tx,
    id: ImportId,
    source: SourceId,
    known_on: NaiveDate,
    /// Files of the same source and day that it takes the place of.
    replaced: Vec<ImportId>,
    /// The rows that it has appended.
    appended: Appended,
}

impl Store {
    /// Starts an import of members, applications or adjustments: stores the record of the file. Where it replaces
    /// another file of the same source and day, what that one said stands until [`Import::take_back_replaced`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn start_import(&self, import: &NewImport) -> Result<Import, StoreError> {
        let mut tx = self.begin().await?;
        let mut appended = Appended::default();
        let (id, source) = insert_import(&mut tx, import, &mut appended).await?;
        let replaced = replace_same_day(&mut tx, source, import.known_on, id).await?;
        Ok(Import { tx, id, source, known_on: import.known_on, replaced, appended })
    }
}

impl Import {
    /// Id of this import.
    pub fn id(&self) -> ImportId {
        self.id
    }

    /// The source of the file.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// Whether it takes the place of another file of the same source and day.
    pub fn replaces(&self) -> bool {
        !self.replaced.is_empty()
    }

    /// Takes back what the replaced file said.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn take_back_replaced(&mut self) -> Result<(), StoreError> {
        for replaced in std::mem::take(&mut self.replaced) {
            take_back(&mut self.tx, replaced, self.id).await?;
        }
        Ok(())
    }

    /// The stays of the source that stand, by physician, body, enrolment.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn standing(&mut self) -> Result<Vec<StoredRow>, StoreError> {
        enrolments::standing(&mut self.tx, self.source).await
    }

    /// All physicians with their standing descriptions, by number.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_persons(&mut self) -> Result<Vec<StoredPerson>, StoreError> {
        persons::stored(&mut self.tx).await
    }

    /// The state findings of the source that stand.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_findings(&mut self) -> Result<Vec<StoredFinding>, StoreError> {
        findings::stored(&mut self.tx, self.source).await
    }

    /// The applications of the source that stand, in the order in which they were stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_applications(&mut self) -> Result<Vec<StoredApplication>, StoreError> {
        corrections::stored_applications(&mut self.tx, self.source).await
    }

    /// The adjustments of the source that stand, in the order in which they were stored.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_adjustments(&mut self) -> Result<Vec<StoredAdjustment>, StoreError> {
        corrections::stored_adjustments(&mut self.tx, self.source).await
    }

    /// What [`Store::each_version`] gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_version(&mut self, each: impl FnMut(EnrolmentVersion)) -> Result<(), StoreError> {
        enrolments::each_version(&mut self.tx, each).await
    }

    /// What [`Store::each_application`] gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_application(&mut self, each: impl FnMut(ApplicationVersion)) -> Result<(), StoreError> {
        corrections::each_application(&mut self.tx, each).await
    }

    /// What [`Store::each_adjustment`] gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_adjustment(&mut self, each: impl FnMut(AdjustmentVersion)) -> Result<(), StoreError> {
        corrections::each_adjustment(&mut self.tx, each).await
    }

    /// The next free ids of physicians and enrolments.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn next_ids(&mut self) -> Result<(PhysicianId, EnrolmentId), StoreError> {
        let (physician, enrolment): (i64, i64) =
            on_tx!(&mut self.tx, tx => sqlx::query_as(NEXT_IDS).fetch_one(&mut **tx).await?);
        Ok((PhysicianId(physician), EnrolmentId(enrolment)))
    }

    /// Appends and supersedes within the open transaction: what is read through this import shows it, and
    /// [`Import::abandon`] undoes it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn apply(&mut self, changes: &Changes) -> Result<(), StoreError> {
        let source = self.source;
        self.tx.append_rows(&PHYSICIAN, &changes.new_physicians, &mut self.appended, persons::number_row).await?;
        self.supersede(&PHYSICIAN_VERSION, &changes.superseded_persons).await?;
        self.append(&PHYSICIAN_VERSION, &changes.new_persons, persons::row).await?;
        self.supersede(&ENROLMENT, &changes.superseded_versions).await?;
        self.append(&ENROLMENT, &changes.new_versions, |new| enrolments::row(source, new)).await?;
        self.supersede(&FINDING, &changes.resolved_findings).await?;
        self.append(&FINDING, &changes.new_findings, |new| findings::row(source, new)).await?;
        self.supersede(&APPLICATION, &changes.superseded_applications).await?;
        let application = |(new, row): &_| corrections::application_row(source, new, *row);
        self.append(&APPLICATION, &changes.new_applications, application).await?;
        self.supersede(&ADJUSTMENT, &changes.superseded_adjustments).await?;
        let adjustment = |(new, row): &_| corrections::adjustment_row(source, new, *row);
        self.append(&ADJUSTMENT, &changes.new_adjustments, adjustment).await
    }

    /// Appends and supersedes, and makes it all durable.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn commit(mut self, changes: &Changes) -> Result<(), StoreError> {
        self.apply(changes).await?;
        chain::record(&mut self.tx, self.id.0, &self.appended).await?;
        self.tx.commit().await
    }

    /// Undoes everything.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be reached; nothing is stored then either.
    pub async fn abandon(self) -> Result<(), StoreError> {
        self.tx.rollback().await
    }

    /// Sets known_until and closed_by of rows of a table of facts.
    async fn supersede(&mut self, table: &Table, ids: &[i64]) -> Result<(), StoreError> {
        let (known_until, by) = (self.tx.day(self.known_on), self.id);
        for ids in lists(ids.iter().copied()) {
            let statement = format!(
                "UPDATE {} SET known_until = {known_until}, closed_by = {by} WHERE known_until IS NULL AND id IN ({ids})",
                table.name
            );
            self.tx.execute(statement).await?;
        }
        Ok(())
    }

    /// Appends facts of this import. `row` gives the columns between `id` and `import_id`, and the row of the file.
    async fn append<T>(
        &mut self,
        table: &'static Table,
        items: &[T],
        row: impl Fn(&T) -> (Vec<Cell>, Option<u32>),
    ) -> Result<(), StoreError> {
        let (import, known_from) = (self.id.0, self.known_on);
        let mut id = self.tx.max_id(table.name).await?;
        let fact = |item: &T| {
            id += 1;
            let (said, row) = row(item);
            let mut cells = cells![id];
            cells.extend(said);
            cells.extend(cells![import, row, known_from, None::<i64>, None::<i64>, None::<i64>]);
            cells
        };
        self.tx.append_rows(table, items, &mut self.appended, fact).await
    }
}
