//! Rows of the application history (申請・軽微な変更履歴).
//!
//! A row is rejected when its number, its 医籍登録番号 or its body cannot be used; anything else is a warning, and an
//! application that cannot be understood has no effect.

use std::collections::HashMap;
use std::path::Path;

use chrono::NaiveDate;
use csv::StringRecord;

use super::bodies::Bodies;
use super::classes::Classes;
use super::columns::Columns;
use super::crowds::reject_crowds;
use super::file_problem::{FileProblem, IngestError};
use super::normalise::{Words, registration_number};
use super::row_problems::{RowProblems, RowTally};
use super::rows::Rows;
use super::scan::Scan;
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, Filer};
use crate::domain::association::{Associations, Tier};
use crate::domain::class::NationalClass;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::ids::{AssociationId, PhysicianId, RegistrationNumber};
use crate::domain::japanese_date::read_day;
use crate::domain::layout::{Field, Vocabulary};
use crate::domain::problem::Problem;

/// One accepted row.
#[derive(Debug, Clone)]
pub struct ApplicationRow {
    /// Row as Excel shows it.
    pub row: u32,
    /// Who (R11).
    pub number: RegistrationNumber,
    /// What was filed; its physician is 0 until the store says who has the number.
    pub application: Application,
}

/// All that an application history says.
#[derive(Debug, Default)]
pub struct ApplicationRows {
    /// Accepted rows in file order; each number, person, body and kind once (R27).
    pub rows: Vec<ApplicationRow>,
    /// The other rows, and what is doubtful.
    pub tally: RowTally,
}

/// Reads a scanned application history.
///
/// # Errors
/// [`FileProblem`] when the structure breaks or there are no rows; [`IngestError::Io`] when reading fails.
pub fn read_applications(
    path: &Path,
    scan: &Scan,
    columns: &Columns,
    associations: &Associations,
    vocabulary: &Vocabulary,
    export_day: NaiveDate,
) -> Result<ApplicationRows, IngestError> {
    let mut rows = Rows::open(path, scan)?;
    let mut reader = Reader::new(columns, associations, vocabulary, export_day);
    let mut record = StringRecord::new();
    let mut out = ApplicationRows::default();
    let mut met: HashMap<(Box<str>, RegistrationNumber, AssociationId, ApplicationKind), usize> = HashMap::new();
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
        let key = read.as_ref().map(|read| {
            let application = &read.application;
            (application.number.clone(), read.number, application.association, application.kind)
        });
        let same = key.as_ref().and_then(|key| met.get(key)).map(|at| &out.rows[*at]);
        if let (Some(read), Some(same)) = (&read, same) {
            if read.application == same.application {
                continue;
            }
            problems.note(Field::ApplicationNumber, Problem::ApplicationTwice);
        }
        if out.tally.take(read.is_some(), problems) {
            met.extend(key.map(|key| (key, out.rows.len())));
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
    kinds: Words<ApplicationKind>,
    statuses: Words<ApplicationStatus>,
    filers: Words<Filer>,
    export_day: NaiveDate,
    classes: Classes<'a>,
    reasons: Words<WithdrawalReason>,
}

impl<'a> Reader<'a> {
    fn new(
        columns: &'a Columns,
        associations: &'a Associations,
        vocabulary: &'a Vocabulary,
        export_day: NaiveDate,
    ) -> Self {
        Self {
            columns,
            export_day,
            bodies: Bodies::new(associations, export_day),
            kinds: Words::new(&vocabulary.application_kinds),
            statuses: Words::new(&vocabulary.application_statuses),
            filers: Words::new(&vocabulary.filers),
            classes: Classes::new(associations, vocabulary),
            reasons: Words::new(&vocabulary.reasons),
        }
    }

    fn cell<'r>(&self, record: &'r StringRecord, field: Field) -> &'r str {
        self.columns.cell(record, field)
    }

    fn read(&mut self, record: &StringRecord, problems: &mut RowProblems<'_>) -> Option<ApplicationRow> {
        let number = self.cell(record, Field::ApplicationNumber);
        if number.is_empty() {
            problems.note(Field::ApplicationNumber, Problem::ApplicationNumberMissing);
        }
        let who = registration_number(self.cell(record, Field::RegistrationNumber));
        if who.is_none() {
            problems.note(Field::RegistrationNumber, Problem::NumberNotNumeric);
        }
        // Names and class words are those of the day from which the application holds.
        let on = read_day(self.cell(record, Field::EffectiveOn)).map_or(self.export_day, |read| read.day);
        let (code, name) = (self.columns.cell(record, Field::BodyCode), self.columns.cell(record, Field::TargetName));
        let body = self.bodies.find_on(&Tier::ALL, code, name, on);
        let body = body
            .map_err(|miss| {
                let field = if name.is_empty() && !code.is_empty() { Field::BodyCode } else { Field::TargetName };
                problems.note_miss(field, miss, self.bodies.candidates(&Tier::ALL, code, name));
            })
            .ok();
        let kind = self.kind(record, problems);
        let status = self.status(record, problems);
        let class = self.class(record, body.map(|body| body.id), on);
        let note = self.cell(record, Field::Note);
        let application = Application {
            number: number.into(),
            kind,
            physician: PhysicianId(0),
            association: body?.id,
            filer: self.filers.meaning(self.cell(record, Field::Filer)).unwrap_or(Filer::Unknown),
            applied_on: self.day(record, Field::AppliedOn, problems),
            effective_on: self.day(record, Field::EffectiveOn, problems),
            approved_on: self.day(record, Field::ApprovedOn, problems),
            cancelled_on: self.day(record, Field::CancelledOn, problems),
            status,
            class,
            reason: self.reason(record, problems),
            note: note.into(),
        };
        check(&application, problems);
        Some(ApplicationRow { row: problems.row, number: who?, application })
    }

    fn kind(&mut self, record: &StringRecord, problems: &mut RowProblems<'_>) -> ApplicationKind {
        self.kinds.meaning(self.cell(record, Field::ApplicationKind)).unwrap_or_else(|| {
            problems.note(Field::ApplicationKind, Problem::ApplicationKindUnmapped);
            ApplicationKind::Other
        })
    }

    fn status(&mut self, record: &StringRecord, problems: &mut RowProblems<'_>) -> ApplicationStatus {
        self.statuses.meaning(self.cell(record, Field::ApplicationStatus)).unwrap_or_else(|| {
            problems.note(Field::ApplicationStatus, Problem::ApplicationStatusUnmapped);
            ApplicationStatus::Unknown
        })
    }

    fn class(&mut self, record: &StringRecord, body: Option<AssociationId>, on: NaiveDate) -> Option<NationalClass> {
        let cell = self.columns.cell(record, Field::NewClass);
        let hit = if cell.is_empty() { None } else { Some(self.classes.class_of(body, cell, on)) };
        hit.filter(|hit| !hit.is_unmapped()).map(|hit| hit.class)
    }

    fn reason(&mut self, record: &StringRecord, problems: &mut RowProblems<'_>) -> WithdrawalReason {
        let cell = self.cell(record, Field::Reason);
        if cell.is_empty() {
            return WithdrawalReason::None;
        }
        self.reasons.meaning(cell).unwrap_or_else(|| {
            problems.note(Field::Reason, Problem::ReasonUnmapped);
            WithdrawalReason::Other
        })
    }

    fn day(&self, record: &StringRecord, field: Field, problems: &mut RowProblems<'_>) -> Option<NaiveDate> {
        let cell = self.cell(record, field);
        if cell.is_empty() { None } else { problems.day(field, cell, Problem::ApplicationDayNotADate) }
    }
}

/// What an application lacks.
fn check(application: &Application, problems: &mut RowProblems<'_>) {
    let is_approved = application.status == ApplicationStatus::Approved;
    if is_approved && application.effective_on.is_none() && application.kind != ApplicationKind::Other {
        problems.note(Field::EffectiveOn, Problem::EffectiveDayMissing);
    }
    if is_approved && application.kind == ApplicationKind::ClassChange && application.class.is_none() {
        problems.note(Field::NewClass, Problem::NewClassMissing);
    }
    let by_proxy = application.filer == Filer::Proxy && application.kind == ApplicationKind::Withdrawal;
    if by_proxy && application.note.is_empty() {
        problems.note(Field::Note, Problem::EvidenceMissing);
    }
}
