//! Rows of a member export (会員一覧). A wide row is about one physician and local body, with the upper tiers beside
//! it; a long row is about one physician and one body of any tier.
//!
//! Only the reasons of R13 reject a row; everything else is a warning and the member counts.

mod person;
mod row;

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use csv::StringRecord;

use self::row::RowReader;
use super::ahead::{RowAhead, read_ahead};
use super::checks::{RowChecks, told};
use super::columns::Columns;
use super::crowds::reject_crowds;
use super::file_problem::{FileProblem, IngestError};
use super::normalise::bare;
use super::row_problems::{RowProblems, RowTally};
use super::rows::Rows;
use super::scan::Scan;
use crate::domain::association::Associations;
use crate::domain::enrolment::SourceStatus;
use crate::domain::japanese_date::parse_date;
use crate::domain::layout::{Field, Vocabulary};
use crate::domain::problem::{Problem, RowProblem};

pub use row::MemberRow;

/// All that a member export says.
#[derive(Debug, Default)]
pub struct MemberRows {
    /// Accepted rows in file order.
    pub rows: Vec<MemberRow>,
    /// The other rows, and what is doubtful.
    pub tally: RowTally,
    /// The newest 最終更新日時 of all rows, as a day in Japan; `None` where no cell tells one.
    pub newest_update: Option<NaiveDate>,
}

impl MemberRows {
    /// Takes in a whole row, with what is doubtful about it.
    fn take(
        &mut self,
        record: &StringRecord,
        mut problems: RowProblems<'_>,
        reader: &mut RowReader<'_>,
        checks: &mut RowChecks<'_>,
    ) {
        let columns = problems.columns;
        let member = reader.read(record, &mut problems);
        self.newest_update = self.newest_update.max(parse_date(bare(columns.cell(record, Field::UpdatedAt))));
        if let Some(member) = member.as_ref().filter(|_| !problems.rejects()) {
            checks.row(record, told(&member.shown), member.person.born_on, |field, problem| {
                problems.note(field, problem);
            });
        }
        if self.tally.take(member.is_some(), problems) {
            self.rows.extend(member);
        }
    }

    /// Rejects the accepted rows that `is_meant` accepts, for the sake of their number.
    pub fn reject(&mut self, columns: &Columns, problem: Problem, is_meant: impl Fn(&MemberRow) -> bool) {
        let (heading, column) = columns.place(Field::RegistrationNumber);
        let (rejected, rows) = std::mem::take(&mut self.rows).into_iter().partition(|row| is_meant(row));
        self.rows = rows;
        let rejected: Vec<MemberRow> = rejected;
        for row in rejected {
            let (heading, column) = (Arc::clone(&heading), Arc::clone(&column));
            let (row, active) = (row.shown.row, row.shown.own.facts.status == SourceStatus::Active);
            self.tally.reject(RowProblem { row, column, heading, problem, active, hint: None, detail: String::new() });
        }
        self.tally.drop_warnings_of_rejected();
    }

    /// Rejects the rows of numbers that stand on more rows than one person can have.
    fn reject_crowds(&mut self, columns: &Columns) {
        reject_crowds(&mut self.rows, &mut self.tally, columns, |row| {
            (row.number, row.shown.row, row.shown.own.facts.status == SourceStatus::Active)
        });
    }
}

/// Reads a scanned member export.
///
/// Names and words mean what they meant on `export_day`, those of a stay that has ended what they meant on its last day.
/// Doubts about single rows are judged as on that day. `progress` is called now and then with the number of rows read.
///
/// # Errors
/// [`FileProblem`] when the structure breaks or there are no rows; [`IngestError::Io`] when reading fails.
pub fn read_members(
    path: &Path,
    scan: &Scan,
    columns: &Columns,
    associations: &Associations,
    vocabulary: &Vocabulary,
    export_day: NaiveDate,
    progress: &dyn Fn(u32),
) -> Result<MemberRows, IngestError> {
    let mut reader = RowReader::new(columns, associations, vocabulary, export_day);
    let mut checks = RowChecks::new(columns, export_day);
    let mut out = MemberRows::default();
    read_ahead(Rows::open(path, scan)?, |rows| {
        let mut stopped_at = None;
        while let Some(RowAhead { row, record, is_short }) = rows.next_row()? {
            if out.tally.is_hopeless() {
                stopped_at = Some(row);
                break;
            }
            out.tally.n_rows += 1;
            if out.tally.n_rows % 4096 == 0 {
                progress(out.tally.n_rows);
            }
            let mut problems = RowProblems::new(columns, row);
            if is_short {
                problems.active = reader.status(&record, &mut problems) == SourceStatus::Active;
                problems.note_short(record.len());
                out.tally.take(false, problems);
                continue;
            }
            out.take(&record, problems, &mut reader, &mut checks);
        }
        progress(out.tally.n_rows);
        out.reject_crowds(columns);
        out.tally.note_skipped(rows.skipped(stopped_at));
        Ok::<(), IngestError>(())
    })?;
    if out.tally.n_rows == 0 {
        return Err(FileProblem::of_file(Problem::NoRows, "").into());
    }
    Ok(out)
}
