//! Persons whose names and numbers a purge has removed: what of them can still be met in a file.

use chrono::NaiveDate;

use super::either::each_store;
use super::error::StoreError;
use super::facade::Store;
use super::tables::{Column, ENROLMENT, Kind};
use super::tx::lists;
use crate::domain::ids::{AssociationId, ImportId, RegistrationNumber};

const STAYS: &[Column] =
    &[("e.association_id", Kind::Int), ("e.joined_on", Kind::Day), ("e.left_on", Kind::Day), ("v.born_on", Kind::Day)];

const JOININGS: &[Column] =
    &[("p.registration_number", Kind::Big), ("e.association_id", Kind::Int), ("e.joined_on", Kind::Day)];

/// An ended stay of a person whose number was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemovedStay {
    /// The body.
    pub association: AssociationId,
    /// 入会日.
    pub joined_on: Option<NaiveDate>,
    /// 退会日.
    pub left_on: NaiveDate,
    /// 生年月日 of the person, where it is known.
    pub born_on: Option<NaiveDate>,
}

impl Store {
    /// All stays that stand of persons whose numbers were removed, in no order of meaning.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn removed_stays(&self) -> Result<Vec<RemovedStay>, StoreError> {
        let from = format!(
            "physician p JOIN enrolment e ON e.physician_id = p.id AND e.known_until IS NULL AND e.left_on IS NOT NULL
             LEFT JOIN physician_version v ON v.physician_id = p.id AND v.known_until IS NULL
             WHERE p.registration_number > {} ORDER BY e.id",
            RegistrationNumber::REMOVED
        );
        let mut tx = self.look().await?;
        let mut out = Vec::new();
        tx.each_row(ENROLMENT.name, STAYS, &from, |row| {
            let (association, joined_on) = (AssociationId(row.get()?), row.get()?);
            out.push(RemovedStay { association, joined_on, left_on: row.get()?, born_on: row.get()? });
            Ok(())
        })
        .await?;
        tx.rollback().await?;
        Ok(out)
    }

    /// Bodies and 入会日 of all stays that stand under the given numbers.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn joinings_of(
        &self,
        numbers: &[RegistrationNumber],
    ) -> Result<Vec<(RegistrationNumber, AssociationId, Option<NaiveDate>)>, StoreError> {
        let mut tx = self.look().await?;
        let mut out = Vec::new();
        for numbers in lists(numbers.iter().map(|number| number.0.into())) {
            let from = format!(
                "physician p JOIN enrolment e ON e.physician_id = p.id AND e.known_until IS NULL
                 WHERE p.registration_number IN ({numbers}) ORDER BY e.id"
            );
            tx.each_row(ENROLMENT.name, JOININGS, &from, |row| {
                out.push((RegistrationNumber(row.get()?), AssociationId(row.get()?), row.get()?));
                Ok(())
            })
            .await?;
        }
        tx.rollback().await?;
        Ok(out)
    }

    /// Whether an import told of persons of whom personal columns were removed, or ended what was known of them.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    pub async fn is_about_removed(&self, import: ImportId) -> Result<bool, StoreError> {
        let of = |table: &str| {
            format!(
                "SELECT 1 FROM {table} f JOIN physician p ON p.id = f.physician_id
                 WHERE (f.import_id = {import} OR f.closed_by = {import}) AND p.registration_number > {}",
                RegistrationNumber::REMOVED
            )
        };
        let all = ["enrolment", "application", "physician_version"].map(of).join(" UNION ALL ");
        let statement = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM ({all}) AS found"));
        let n: i64 = each_store!(self, store => sqlx::query_scalar(statement).fetch_one(&store.pool).await?);
        Ok(n > 0)
    }
}
