//! Rows of an adjustment file (調整). It is taken in whole or not at all: every unclear cell rejects its row, and a
//! rejected row refuses the file.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use csv::StringRecord;

use super::bodies::{Bodies, tiers_named};
use super::classes::Classes;
use super::columns::Columns;
use super::crowds::reject_crowds;
use super::file_problem::{FileProblem, IngestError};
use super::normalise::{Words, fold, registration_number};
use super::row_problems::{RowProblems, RowTally};
use super::rows::Rows;
use super::scan::Scan;
use crate::domain::adjustment::{Adjustment, AdjustmentKind};
use crate::domain::association::Associations;
use crate::domain::class::NationalClass;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::finding::FindingCode;
use crate::domain::ids::{AssociationId, PhysicianId, RegistrationNumber};
use crate::domain::layout::{Field, Vocabulary};
use crate::domain::problem::Problem;

/// One accepted row.
#[derive(Debug, Clone)]
pub struct AdjustmentRow {
    /// Row as Excel shows it.
    pub row: u32,
    /// Who; of two numbers that are one person the one that stays.
    pub number: RegistrationNumber,
    /// The number that is given up (同一人物).
    pub other: Option<RegistrationNumber>,
    /// Column letter and heading of 医籍登録番号, to say where a person is not known.
    pub number_place: (Arc<str>, Arc<str>),
    /// What is decided; its persons are unset until the store says who has the numbers.
    pub adjustment: Adjustment,
}

/// All that an adjustment file says.
#[derive(Debug, Default)]
pub struct AdjustmentRows {
    /// Accepted rows in file order; each 調整番号 once.
    pub rows: Vec<AdjustmentRow>,
    /// The other rows.
    pub tally: RowTally,
}

/// Reads a scanned adjustment file.
///
/// # Errors
/// [`FileProblem`] when the structure breaks or there are no rows; [`IngestError::Io`] when reading fails.
pub fn read_adjustments(
    path: &Path,
    scan: &Scan,
    columns: &Columns,
    associations: &Associations,
    vocabulary: &Vocabulary,
    export_day: NaiveDate,
) -> Result<AdjustmentRows, IngestError> {
    let mut rows = Rows::open(path, scan)?;
    let mut reader = Reader {
        columns,
        bodies: Bodies::new(associations, export_day),
        export_day,
        classes: Classes::new(associations, vocabulary),
        reasons: Words::new(&vocabulary.reasons),
    };
    let mut record = StringRecord::new();
    let mut out = AdjustmentRows::default();
    let mut met: HashSet<(Box<str>, RegistrationNumber)> = HashSet::new();
    while let Some(row) = rows.next_row(&mut record)? {
        if out.tally.is_hopeless() {
            break;
        }
        out.tally.n_rows += 1;
        let mut problems = RowProblems::new(columns, row);
        if rows.is_short() {
            problems.note_short(record.len());
            out.tally.take(false, problems);
            continue;
        }
        let read = reader.read(&record, &mut problems);
        if read.as_ref().is_some_and(|read| !met.insert((read.adjustment.number.clone(), read.number))) {
            problems.note(Field::AdjustmentNumber, Problem::AdjustmentTwice);
        }
        if out.tally.take(read.is_some(), problems) {
            out.rows.extend(read);
        }
    }
    reject_crowds(&mut out.rows, &mut out.tally, columns, |row| (row.number, row.row, false));
    out.tally.note_skipped(rows.skipped());
    if out.tally.n_rows == 0 {
        return Err(FileProblem::of_file(Problem::NoRows, "").into());
    }
    Ok(out)
}

struct Reader<'a> {
    columns: &'a Columns,
    bodies: Bodies<'a>,
    export_day: NaiveDate,
    classes: Classes<'a>,
    reasons: Words<WithdrawalReason>,
}

impl Reader<'_> {
    fn cell<'r>(&self, record: &'r StringRecord, field: Field) -> &'r str {
        self.columns.cell(record, field)
    }

    fn read(&mut self, record: &StringRecord, problems: &mut RowProblems<'_>) -> Option<AdjustmentRow> {
        let office_number = self.required(record, Field::AdjustmentNumber, Problem::AdjustmentNumberMissing, problems);
        let why = self.required(record, Field::Why, Problem::WhyMissing, problems);
        let approver = self.required(record, Field::Approver, Problem::ApproverMissing, problems);
        let number = registration_number(self.cell(record, Field::RegistrationNumber));
        if number.is_none() {
            problems.note(Field::RegistrationNumber, Problem::NumberNotNumeric);
        }
        let kind = self.kind(record, problems);
        let is_revoked = self.is_revoked(record, problems);
        let stay_joined_on = self.stay_day(record, problems);
        let reason = self.reason(record, problems);
        let (kind, number) = (kind?, number?);
        let association = self.body(record, kind, problems);
        let day = self.day(record, kind, problems);
        let class = self.class(record, kind, association, day, problems);
        let other = self.other(record, kind, number, problems);
        let finding = self.finding(record, kind, problems);
        let adjustment = Adjustment {
            number: office_number.into(),
            kind,
            physician: PhysicianId(0),
            association,
            stay_joined_on,
            day,
            class,
            reason,
            other: None,
            finding,
            is_revoked,
            why: why.into(),
            approver: approver.into(),
        };
        let number_place = self.columns.place(Field::RegistrationNumber);
        Some(AdjustmentRow { row: problems.row, number, other, number_place, adjustment })
    }

    fn required<'r>(
        &self,
        record: &'r StringRecord,
        field: Field,
        problem: Problem,
        problems: &mut RowProblems<'_>,
    ) -> &'r str {
        let cell = self.cell(record, field);
        if cell.is_empty() {
            problems.note(field, problem);
        }
        cell
    }

    fn kind(&self, record: &StringRecord, problems: &mut RowProblems<'_>) -> Option<AdjustmentKind> {
        let word = fold(self.cell(record, Field::AdjustmentKind));
        let kind = AdjustmentKind::ALL.into_iter().find(|kind| fold(kind.label()) == word);
        if kind.is_none() {
            problems.note(Field::AdjustmentKind, Problem::AdjustmentKindUnknown);
        }
        kind
    }

    fn is_revoked(&self, record: &StringRecord, problems: &mut RowProblems<'_>) -> bool {
        match self.cell(record, Field::AdjustmentState) {
            "" | "有効" => false,
            "取消" => true,
            _ => {
                problems.note(Field::AdjustmentState, Problem::AdjustmentStateUnknown);
                false
            }
        }
    }

    fn stay_day(&self, record: &StringRecord, problems: &mut RowProblems<'_>) -> Option<NaiveDate> {
        let cell = self.cell(record, Field::StayJoinedOn);
        let (field, problem) = (Field::StayJoinedOn, Problem::StayDayNotADate);
        if cell.is_empty() { None } else { problems.clear_day(field, cell, problem) }
    }

    fn body(
        &mut self,
        record: &StringRecord,
        kind: AdjustmentKind,
        problems: &mut RowProblems<'_>,
    ) -> Option<AssociationId> {
        let (code, name) = (self.cell(record, Field::BodyCode), self.cell(record, Field::TargetName));
        if !kind.needs_body() && code.is_empty() && name.is_empty() {
            return None;
        }
        let tiers = tiers_named(self.columns.cell(record, Field::Tier));
        let found = self.bodies.find(tiers, code, name);
        match found {
            Ok(found) => {
                if found.name_disagrees {
                    problems.note(Field::TargetName, Problem::CodeAndNameDisagree);
                }
                Some(found.id)
            }
            Err(miss) => {
                let field = if name.is_empty() && !code.is_empty() { Field::BodyCode } else { Field::TargetName };
                problems.note_miss(field, miss, self.bodies.candidates(tiers, code, name));
                None
            }
        }
    }

    fn day(&self, record: &StringRecord, kind: AdjustmentKind, problems: &mut RowProblems<'_>) -> Option<NaiveDate> {
        let cell = self.cell(record, Field::NewDay);
        let is_asked = kind.needs_day() || !cell.is_empty();
        let day = if is_asked { problems.clear_day(Field::NewDay, cell, Problem::AdjustmentDayMissing) } else { None };
        // A day that the kind does not ask for would change nothing.
        day.filter(|_| kind.needs_day())
    }

    fn class(
        &mut self,
        record: &StringRecord,
        kind: AdjustmentKind,
        body: Option<AssociationId>,
        day: Option<NaiveDate>,
        problems: &mut RowProblems<'_>,
    ) -> Option<NationalClass> {
        let needs_class = matches!(kind, AdjustmentKind::Class | AdjustmentKind::Joined);
        let cell = self.columns.cell(record, Field::NewClass);
        let hit = self.classes.class_of(body, cell, day.unwrap_or(self.export_day));
        let class = (!hit.is_unmapped()).then_some(hit.class);
        if needs_class && class.is_none() {
            problems.note(Field::NewClass, Problem::AdjustmentClassMissing);
        }
        class.filter(|_| needs_class)
    }

    fn reason(&mut self, record: &StringRecord, problems: &mut RowProblems<'_>) -> WithdrawalReason {
        let cell = self.columns.cell(record, Field::Reason);
        if cell.is_empty() {
            return WithdrawalReason::None;
        }
        self.reasons.meaning(cell).unwrap_or_else(|| {
            problems.note(Field::Reason, Problem::ReasonUnmapped);
            WithdrawalReason::Other
        })
    }

    fn other(
        &self,
        record: &StringRecord,
        kind: AdjustmentKind,
        number: RegistrationNumber,
        problems: &mut RowProblems<'_>,
    ) -> Option<RegistrationNumber> {
        // 確認済 may name the second person of a candidate pair.
        let is_optional = kind == AdjustmentKind::Acknowledged && self.cell(record, Field::OtherNumber).is_empty();
        if !matches!(kind, AdjustmentKind::SamePerson | AdjustmentKind::Acknowledged) || is_optional {
            return None;
        }
        let other = registration_number(self.cell(record, Field::OtherNumber)).filter(|other| *other != number);
        if other.is_none() {
            problems.note(Field::OtherNumber, Problem::OtherNumberMissing);
        }
        other
    }

    fn finding(
        &self,
        record: &StringRecord,
        kind: AdjustmentKind,
        problems: &mut RowProblems<'_>,
    ) -> Option<FindingCode> {
        if kind != AdjustmentKind::Acknowledged {
            return None;
        }
        let code = FindingCode::from_code(&fold(self.cell(record, Field::Finding)));
        if code.is_none() {
            problems.note(Field::Finding, Problem::FindingCodeUnknown);
        }
        code
    }
}
