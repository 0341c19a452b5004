//! One import: a transaction that loads what stands, appends and supersedes.

use futures_util::TryStreamExt;
use sqlx::{FromRow, QueryBuilder, Sqlite};

use super::database::{ROWS_PER_INSERT, SqliteStore};
use super::days::{from_day_opt, to_day, to_day_opt};
use super::imports::{insert_import, replace_same_day};
use super::open_import::{SqliteImport, supersede};
use super::packed::unpack;
use super::versions::{FactRow, read_versions};
use crate::domain::enrolment::EnrolmentVersion;
use crate::domain::finding::{Finding, FindingCode};
use crate::domain::ids::{AssociationId, EnrolmentId, PhysicianId};
use crate::domain::reconcile::StoredStay;
use crate::store::chain::{self, Tx};
use crate::store::codes::rows_shown;
use crate::store::{Changes, NewEnrolmentVersion, NewImport, StoreError, StoredFinding, StoredRow};

#[derive(FromRow)]
struct FindingRow {
    id: i64,
    code: String,
    physician_id: i64,
    association_id: Option<i32>,
    date_before: Option<i64>,
    date_after: Option<i64>,
    row: Option<i64>,
}

impl SqliteStore {
    /// Starts an import of members, applications or adjustments: stores the record of the file. Where it
    /// replaces another file of the same source and day, what that one said stands until [`SqliteImport::take_back_replaced`].
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn start_import(&self, import: &NewImport) -> Result<SqliteImport, StoreError> {
        let mut tx = self.begin().await?;
        let (id, source) = insert_import(&mut tx, import).await?;
        let replaced = replace_same_day(&mut tx, source, import.known_on, id).await?;
        Ok(SqliteImport { tx, id, source, known_on: import.known_on, replaced })
    }
}

impl SqliteImport {
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
        let mut rows = sqlx::query_scalar::<_, String>(
            "SELECT json_array(id, enrolment_id, physician_id, association_id, wished_on, joined_on, left_on,
                    class, class_text, class_from, reason, reason_text, status, rows_shown)
             FROM enrolment WHERE source_id = $1 AND known_until IS NULL
             ORDER BY physician_id, association_id, enrolment_id",
        )
        .bind(self.source.0)
        .fetch(&mut *self.tx);
        let mut out = Vec::new();
        while let Some(packed) = rows.try_next().await? {
            let mut row: FactRow = unpack(&packed, "enrolment")?;
            out.push(StoredRow {
                row_id: row.id,
                physician: PhysicianId(row.physician_id),
                association: AssociationId(row.association_id),
                stay: StoredStay {
                    enrolment: EnrolmentId(row.enrolment_id),
                    facts: row.facts()?,
                    class_from: from_day_opt(row.class_from)?,
                    rows_shown: rows_shown(row.rows_shown)?,
                },
            });
        }
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
                    date_before: from_day_opt(row.date_before)?,
                    date_after: from_day_opt(row.date_after)?,
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

    /// Appends and supersedes, and makes it all durable.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn commit(mut self, changes: &Changes) -> Result<(), StoreError> {
        self.apply(changes).await?;
        chain::record(&mut Tx::Sqlite(&mut self.tx), self.id.0).await?;
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

    /// Appends and supersedes within the open transaction: what is read through this import shows it, and
    /// [`SqliteImport::abandon`] undoes it.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written; nothing is stored then.
    pub async fn apply(&mut self, changes: &Changes) -> Result<(), StoreError> {
        let (until, by) = (to_day(self.known_on), self.id.0);
        self.insert_physicians(&changes.new_physicians).await?;
        supersede(&mut self.tx, "UPDATE physician_version", &changes.superseded_persons, until, by).await?;
        self.insert_persons(&changes.new_persons).await?;
        supersede(&mut self.tx, "UPDATE enrolment", &changes.superseded_versions, until, by).await?;
        self.insert_versions(&changes.new_versions).await?;
        supersede(&mut self.tx, "UPDATE finding", &changes.resolved_findings, until, by).await?;
        self.insert_findings(&changes.new_findings).await?;
        supersede(&mut self.tx, "UPDATE application", &changes.superseded_applications, until, by).await?;
        self.insert_applications(&changes.new_applications).await?;
        supersede(&mut self.tx, "UPDATE adjustment", &changes.superseded_adjustments, until, by).await?;
        self.insert_adjustments(&changes.new_adjustments).await
    }

    /// What [`SqliteStore::each_version`] gives, with what this import has applied so far.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn each_version(&mut self, each: impl FnMut(EnrolmentVersion)) -> Result<(), StoreError> {
        read_versions(&mut *self.tx, each).await
    }

    async fn insert_versions(&mut self, versions: &[NewEnrolmentVersion]) -> Result<(), StoreError> {
        let (import, source, known_from) = (self.id.0, self.source.0, to_day(self.known_on));
        for chunk in versions.chunks(ROWS_PER_INSERT) {
            let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new(
                "INSERT INTO enrolment (enrolment_id, source_id, physician_id, association_id, wished_on,
                     joined_on, left_on, class, class_text, class_from, reason, reason_text, status, rows_shown,
                     import_id, row, known_from) ",
            );
            insert.push_values(chunk, |mut row, new| {
                let facts = &new.version.facts;
                row.push_bind(new.enrolment.0)
                    .push_bind(source)
                    .push_bind(new.physician.0)
                    .push_bind(new.association.0)
                    .push_bind(to_day_opt(facts.wished_on))
                    .push_bind(to_day_opt(facts.joined_on))
                    .push_bind(to_day_opt(facts.left_on))
                    .push_bind(i64::from(facts.class.index()))
                    .push_bind(facts.class_text.as_deref())
                    .push_bind(to_day_opt(new.version.class_from))
                    .push_bind(i64::from(facts.reason.index()))
                    .push_bind(facts.reason_text.as_deref())
                    .push_bind(i64::from(facts.status.index()))
                    .push_bind(i64::from(new.version.rows_shown))
                    .push_bind(import)
                    .push_bind(new.version.row)
                    .push_bind(known_from);
            });
            insert.build().execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    async fn insert_findings(&mut self, findings: &[Finding]) -> Result<(), StoreError> {
        let (import, source, known_from) = (self.id.0, self.source.0, to_day(self.known_on));
        for chunk in findings.chunks(ROWS_PER_INSERT) {
            let mut insert: QueryBuilder<Sqlite> = QueryBuilder::new(
                "INSERT INTO finding (source_id, code, physician_id, association_id, date_before, date_after,
                     import_id, row, known_from) ",
            );
            insert.push_values(chunk, |mut row, finding| {
                row.push_bind(source)
                    .push_bind(finding.code.code())
                    .push_bind(finding.physician.0)
                    .push_bind(finding.association.map(|id| id.0))
                    .push_bind(to_day_opt(finding.date_before))
                    .push_bind(to_day_opt(finding.date_after))
                    .push_bind(import)
                    .push_bind(finding.row)
                    .push_bind(known_from);
            });
            insert.build().execute(&mut *self.tx).await?;
        }
        Ok(())
    }
}
