//! One import: a transaction that loads what stands, appends and supersedes.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::bulk::{copy_in, copy_out};
use super::database::PostgresStore;
use super::imports::{insert_import, replace_same_day};
use super::open_import::{PostgresImport, supersede};
use super::versions::{read_facts, read_versions};
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::finding::{Finding, FindingCode};
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId};
use crate::domain::reconcile::StoredStay;
use crate::store::chain::{self, Tx};
use crate::store::{Changes, NewEnrolmentVersion, NewImport, StoreError, StoredFinding, StoredRow};

#[derive(FromRow)]
struct FindingRow {
    id: i64,
    code: String,
    physician_id: i64,
    association_id: Option<i32>,
    date_before: Option<NaiveDate>,
    date_after: Option<NaiveDate>,
    row: Option<i64>,
}

impl PostgresStore {
    /// Starts an import of members, applications or adjustments: stores the record of the file. Where it
    /// replaces another file of the same source and day, what that one said stands until
    /// [`PostgresImport::take_back_replaced`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn start_import(&self, import: &NewImport) -> Result<PostgresImport, StoreError> {
        let mut tx = self.begin().await?;
        let (id, source) = insert_import(&mut tx, import).await?;
        let replaced = replace_same_day(&mut tx, source, import.known_on, id).await?;
        Ok(PostgresImport { tx, id, source, known_on: import.known_on, replaced })
    }
}

impl PostgresImport {
    /// Takes back what the replaced file said.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn take_back_replaced(&mut self) -> Result<(), StoreError> {
        for replaced in std::mem::take(&mut self.replaced) {
            self.take_back(replaced).await?;
        }
        Ok(())
    }

    /// The stays of the source that stand, by physician, body, enrolment.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn standing(&mut self) -> Result<Vec<StoredRow>, StoreError> {
        // COPY takes no parameters; the source is a number.
        let statement = format!(
            "COPY (SELECT id, enrolment_id, physician_id, association_id, wished_on, joined_on, left_on, class,
                       class_text, class_from, reason, reason_text, status, rows_shown
                   FROM enrolment WHERE source_id = {} AND known_until IS NULL
                   ORDER BY physician_id, association_id, enrolment_id) TO STDOUT (FORMAT binary)",
            self.source.0
        );
        let mut out = Vec::new();
        copy_out(&mut self.tx, &statement, "enrolment", |row| {
            let (row_id, enrolment) = (row.get()?, EnrolmentId(row.get()?));
            let (physician, association) = (PhysicianId(row.get()?), AssociationId(row.get()?));
            let (facts, class_from, rows_shown) = read_facts(row)?;
            let stay = StoredStay { enrolment, facts, class_from, rows_shown };
            out.push(StoredRow { row_id, physician, association, stay });
            Ok(())
        })
        .await?;
        Ok(out)
    }

    /// The state findings of the source that stand.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn stored_findings(&mut self) -> Result<Vec<StoredFinding>, StoreError> {
        let rows: Vec<FindingRow> = sqlx::query_as(
            "SELECT id, code, physician_id, association_id, date_before, date_after, row
             FROM finding WHERE source_id = $1 AND known_until IS NULL ORDER BY id",
        )
        .bind(self.source.0)
        .fetch_all(&mut *self.tx)
        .await?;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let code = FindingCode::from_code(&row.code).ok_or(StoreError::Corrupt("finding"))?;
            if !code.is_state() {
                continue;
            }
            out.push(StoredFinding {
                row_id: row.id,
                finding: Finding {
                    code,
                    physician: PhysicianId(row.physician_id),
                    association: row.association_id.map(AssociationId),
                    date_before: row.date_before,
                    date_after: row.date_after,
                    row: row.row.and_then(|row| u32::try_from(row).ok()),
                },
            });
        }
        Ok(out)
    }

    /// The next free ids of physicians and enrolments.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn next_ids(&mut self) -> Result<(PhysicianId, EnrolmentId), StoreError> {
        let (physician, enrolment): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT coalesce(max(id), 0) + 1 FROM physician),
                    (SELECT coalesce(max(enrolment_id), 0) + 1 FROM enrolment)",
        )
        .fetch_one(&mut *self.tx)
        .await?;
        Ok((PhysicianId(physician), EnrolmentId(enrolment)))
    }

    /// Appends and supersedes within the open transaction: what is read through this import shows it, and
    /// [`PostgresImport::abandon`] undoes it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn apply(&mut self, changes: &Changes) -> Result<(), StoreError> {
        self.insert_physicians(&changes.new_physicians).await?;
        self.supersede_persons(&changes.superseded_persons).await?;
        self.insert_persons(&changes.new_persons).await?;
        self.supersede_versions(&changes.superseded_versions).await?;
        self.insert_versions(&changes.new_versions).await?;
        self.resolve_findings(&changes.resolved_findings).await?;
        self.insert_findings(&changes.new_findings).await?;
        self.supersede_applications(&changes.superseded_applications).await?;
        self.insert_applications(&changes.new_applications).await?;
        self.supersede_adjustments(&changes.superseded_adjustments).await?;
        self.insert_adjustments(&changes.new_adjustments).await
    }

    /// What [`PostgresStore::each_version`] gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_version(&mut self, each: impl FnMut(EnrolmentVersion)) -> Result<(), StoreError> {
        read_versions(&mut self.tx, each).await
    }

    /// Appends and supersedes, and makes it all durable.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn commit(mut self, changes: &Changes) -> Result<(), StoreError> {
        self.apply(changes).await?;
        chain::record(&mut Tx::Postgres(&mut self.tx), self.id.0).await?;
        self.tx.commit().await?;
        Ok(())
    }

    /// Undoes everything.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be reached; nothing is stored then either.
    pub async fn abandon(self) -> Result<(), StoreError> {
        self.tx.rollback().await?;
        Ok(())
    }

    async fn supersede_versions(&mut self, ids: &[i64]) -> Result<(), StoreError> {
        let statement = "UPDATE enrolment SET known_until = $1, closed_by = $2
                         WHERE known_until IS NULL AND id = ANY($3)";
        supersede(self, statement, ids).await
    }

    async fn resolve_findings(&mut self, ids: &[i64]) -> Result<(), StoreError> {
        let statement = "UPDATE finding SET known_until = $1, closed_by = $2
                         WHERE known_until IS NULL AND id = ANY($3)";
        supersede(self, statement, ids).await
    }

    async fn insert_versions(&mut self, versions: &[NewEnrolmentVersion]) -> Result<(), StoreError> {
        let (import, source, known_from) = (self.id.0, self.source.0, self.known_on);
        let mut id: i64 =
            sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM enrolment").fetch_one(&mut *self.tx).await?;
        let statement = "COPY enrolment (id, enrolment_id, source_id, physician_id, association_id, wished_on,
                             joined_on, left_on, class, class_text, class_from, reason, reason_text, status,
                             rows_shown, import_id, row, known_from) FROM STDIN (FORMAT binary)";
        copy_in(&mut self.tx, statement, 18, versions, |row, new| {
            id += 1;
            let facts = &new.version.facts;
            row.put(id)
                .put(new.enrolment.0)
                .put(source)
                .put(new.physician.0)
                .put(new.association.0)
                .put(facts.wished_on)
                .put(facts.joined_on)
                .put(facts.left_on)
                .put(i16::from(facts.class.index()))
                .put(facts.class_text.as_deref())
                .put(new.version.class_from)
                .put(i16::from(facts.reason.index()))
                .put(facts.reason_text.as_deref())
                .put(i16::from(facts.status.index()))
                .put(i32::from(new.version.rows_shown))
                .put(import)
                .put(new.version.row.map(i64::from))
                .put(known_from);
        })
        .await
    }

    async fn insert_findings(&mut self, findings: &[Finding]) -> Result<(), StoreError> {
        let (import, source, known_from) = (self.id.0, self.source.0, self.known_on);
        let mut id: i64 =
            sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM finding").fetch_one(&mut *self.tx).await?;
        let statement = "COPY finding (id, source_id, code, physician_id, association_id, date_before, date_after,
                             import_id, row, known_from) FROM STDIN (FORMAT binary)";
        copy_in(&mut self.tx, statement, 10, findings, |row, finding| {
            id += 1;
            row.put(id)
                .put(source)
                .put(finding.code.code())
                .put(finding.physician.0)
                .put(finding.association.map(|id| id.0))
                .put(finding.date_before)
                .put(finding.date_after)
                .put(import)
                .put(finding.row.map(i64::from))
                .put(known_from);
        })
        .await
    }
}
