//! The file of applications and adjustments.
//!
//! Holds what settling a stay needs, and no text that anybody wrote: neither 備考 nor 理由 nor 承認者.

use std::path::Path;
use std::sync::OnceLock;

use polars::prelude::*;

use super::columns::{date, days};
use super::corrections::CorrectionTable;
use super::error::TimelineError;
use super::files::TimelineFiles;
use super::parquet::{SharedFile, dates, write_parquet};
use crate::domain::adjustment::{Adjustment, AdjustmentKind, AdjustmentVersion};
use crate::domain::application::{Application, ApplicationKind, ApplicationStatus, ApplicationVersion, Filer};
use crate::domain::class::NationalClass;
use crate::domain::day::day_number;
use crate::domain::enrolment::WithdrawalReason;
use crate::domain::ids::{AssociationId, ImportId, PhysicianId, SourceId};
use crate::files::Unfinished;
use crate::input;

/// Stands for a missing class.
const NO_CLASS: i16 = -1;

/// One row of the file: an application (`what` 0) or an adjustment (`what` 1).
#[derive(Default)]
struct Rows {
    what: Vec<i16>,
    number: Vec<String>,
    kind: Vec<i16>,
    physician: Vec<i64>,
    association: Vec<Option<i32>>,
    day: Vec<Option<i32>>,
    stay_joined_on: Vec<Option<i32>>,
    state: Vec<i16>,
    class: Vec<i16>,
    reason: Vec<i16>,
    other: Vec<Option<i64>>,
    source: Vec<i32>,
    import: Vec<i64>,
    row: Vec<i64>,
    known_from: Vec<Option<i32>>,
    known_until: Vec<Option<i32>>,
}

impl Rows {
    fn push_application(&mut self, version: &ApplicationVersion) {
        let application = &version.application;
        self.what.push(0);
        self.number.push(application.number.to_string());
        self.kind.push(i16::from(application.kind.index()));
        self.physician.push(application.physician.0);
        self.association.push(Some(application.association.0));
        self.day.push(application.effective_on.map(day_number));
        self.stay_joined_on.push(None);
        self.state.push(i16::from(application.status.index()));
        self.class.push(application.class.map_or(NO_CLASS, |class| i16::from(class.index())));
        self.reason.push(i16::from(application.reason.index()));
        self.other.push(None);
        self.push_origin(version.source, version.import, version.row);
        self.known_from.push(Some(day_number(version.known_from)));
        self.known_until.push(version.known_until.map(day_number));
    }

    fn push_adjustment(&mut self, version: &AdjustmentVersion) {
        let adjustment = &version.adjustment;
        self.what.push(1);
        self.number.push(adjustment.number.to_string());
        self.kind.push(i16::from(adjustment.kind.index()));
        self.physician.push(adjustment.physician.0);
        self.association.push(adjustment.association.map(|id| id.0));
        self.day.push(adjustment.day.map(day_number));
        self.stay_joined_on.push(adjustment.stay_joined_on.map(day_number));
        self.state.push(i16::from(adjustment.is_revoked));
        self.class.push(adjustment.class.map_or(NO_CLASS, |class| i16::from(class.index())));
        self.reason.push(i16::from(adjustment.reason.index()));
        self.other.push(adjustment.other.map(|id| id.0));
        self.push_origin(version.source, version.import, version.row);
        self.known_from.push(Some(day_number(version.known_from)));
        self.known_until.push(version.known_until.map(day_number));
    }

    fn push_origin(&mut self, source: SourceId, import: ImportId, row: u32) {
        self.source.push(source.0);
        self.import.push(import.0);
        self.row.push(i64::from(row));
    }

    fn into_frame(self) -> PolarsResult<DataFrame> {
        df!(
            "what" => self.what,
            "number" => self.number,
            "kind" => self.kind,
            "physician_id" => self.physician,
            "association_id" => self.association,
            "day" => dates(self.day)?,
            "stay_joined_on" => dates(self.stay_joined_on)?,
            "state" => self.state,
            "class" => self.class,
            "reason" => self.reason,
            "other_physician_id" => self.other,
            "source_id" => self.source,
            "import_id" => self.import,
            "row" => self.row,
            "known_from" => dates(self.known_from)?,
            "known_until" => dates(self.known_until)?,
        )
    }
}

/// Gives a copy of the applications and adjustments of an earlier timeline the name of those of another one.
pub(super) fn copy_corrections(earlier: &TimelineFiles, files: &TimelineFiles) -> Result<(), TimelineError> {
    let (from, to) = (&earlier.corrections, &files.corrections);
    let mut source = input::open(from).map_err(TimelineError::io(from))?;
    let mut unfinished = Unfinished::beside(to, files.readers).map_err(TimelineError::io(to))?;
    std::io::copy(&mut source, unfinished.file()).map_err(TimelineError::io(to))?;
    unfinished.finish(to).map_err(TimelineError::io(to))
}

pub(super) fn write_corrections(
    files: &TimelineFiles,
    applications: &[ApplicationVersion],
    adjustments: &[AdjustmentVersion],
) -> Result<(), TimelineError> {
    let path = &files.corrections;
    let mut rows = Rows::default();
    let mut applications: Vec<&ApplicationVersion> = applications.iter().collect();
    applications.sort_by_key(|version| (version.application.physician, version.known_from, version.row));
    applications.into_iter().for_each(|version| rows.push_application(version));
    adjustments.iter().for_each(|version| rows.push_adjustment(version));
    let frame = rows.into_frame().map_err(TimelineError::parquet(path))?;
    write_parquet(path, &frame, ParquetCompression::Uncompressed, files.readers)
}

/// The opened file, read when somebody asks: counts that change points answer never do. An import may remove it meanwhile.
#[derive(Debug)]
pub(super) struct LazyCorrections {
    file: SharedFile,
    table: OnceLock<CorrectionTable>,
}

impl LazyCorrections {
    pub(super) fn open(path: &Path) -> Result<Self, TimelineError> {
        Ok(Self { file: SharedFile::open(path)?, table: OnceLock::new() })
    }

    pub(super) fn read(&self) -> Result<&CorrectionTable, TimelineError> {
        if let Some(table) = self.table.get() {
            return Ok(table);
        }
        let table = read_corrections(&self.file)?;
        // Another thread may have read them meanwhile; they are the same.
        Ok(self.table.get_or_init(|| table))
    }
}

fn read_corrections(file: &SharedFile) -> Result<CorrectionTable, TimelineError> {
    let columns = [
        "what",
        "number",
        "kind",
        "physician_id",
        "association_id",
        "day",
        "stay_joined_on",
        "state",
        "class",
        "reason",
        "other_physician_id",
        "source_id",
        "import_id",
        "row",
        "known_from",
        "known_until",
    ];
    table_of(&file.read(&columns)?).map_err(TimelineError::parquet(file.path()))
}

/// What both kinds of rows carry.
struct Common {
    physician: PhysicianId,
    association: Option<AssociationId>,
    day: Option<chrono::NaiveDate>,
    class: Option<NationalClass>,
    reason: WithdrawalReason,
}

fn table_of(frame: &DataFrame) -> PolarsResult<CorrectionTable> {
    let codes = |name: &str| -> PolarsResult<Vec<i16>> { Ok(frame.column(name)?.i16()?.into_no_null_iter().collect()) };
    let (what, kind, state) = (codes("what")?, codes("kind")?, codes("state")?);
    let (class, reason) = (codes("class")?, codes("reason")?);
    let number = frame.column("number")?.str()?;
    let physician = frame.column("physician_id")?.i64()?;
    let association = frame.column("association_id")?.i32()?;
    let other = frame.column("other_physician_id")?.i64()?;
    let (source, import) = (frame.column("source_id")?.i32()?, frame.column("import_id")?.i64()?);
    let row = frame.column("row")?.i64()?;
    let (day, stay_joined_on) = (days(frame, "day")?, days(frame, "stay_joined_on")?);
    let (known_from, known_until) = (days(frame, "known_from")?, days(frame, "known_until")?);
    let (mut applications, mut adjustments) = (Vec::new(), Vec::new());
    for i in 0..what.len() {
        let index = |code: i16| u8::try_from(code).ok();
        let common = Common {
            physician: PhysicianId(physician.get(i).unwrap_or_default()),
            association: association.get(i).map(AssociationId),
            day: date(day[i]),
            class: index(class[i]).and_then(NationalClass::from_index),
            reason: index(reason[i]).and_then(WithdrawalReason::from_index).unwrap_or(WithdrawalReason::Other),
        };
        let number: Box<str> = number.get(i).unwrap_or_default().into();
        let source = SourceId(source.get(i).unwrap_or_default());
        let import = ImportId(import.get(i).unwrap_or_default());
        let row = row.get(i).and_then(|row| u32::try_from(row).ok()).unwrap_or_default();
        let (known_from, known_until) = (date(known_from[i]).unwrap_or_default(), date(known_until[i]));
        if what[i] == 0 {
            let status = index(state[i]).and_then(ApplicationStatus::from_index).unwrap_or(ApplicationStatus::Unknown);
            let kind = index(kind[i]).and_then(ApplicationKind::from_index).unwrap_or(ApplicationKind::Other);
            let Some(application) = application(number, kind, status, &common) else { continue };
            applications.push(ApplicationVersion { application, source, import, row, known_from, known_until });
        } else {
            let Some(kind) = index(kind[i]).and_then(AdjustmentKind::from_index) else { continue };
            let adjustment = Adjustment {
                number,
                kind,
                physician: common.physician,
                association: common.association,
                stay_joined_on: date(stay_joined_on[i]),
                day: common.day,
                class: common.class,
                reason: common.reason,
                other: other.get(i).map(PhysicianId),
                finding: None,
                is_revoked: state[i] != 0,
                why: "".into(),
                approver: "".into(),
            };
            adjustments.push(AdjustmentVersion { adjustment, source, import, row, known_from, known_until });
        }
    }
    Ok(CorrectionTable::new(applications, adjustments))
}

fn application(
    number: Box<str>,
    kind: ApplicationKind,
    status: ApplicationStatus,
    common: &Common,
) -> Option<Application> {
    Some(Application {
        number,
        kind,
        physician: common.physician,
        association: common.association?,
        filer: Filer::Unknown,
        applied_on: None,
        effective_on: common.day,
        approved_on: None,
        cancelled_on: None,
        status,
        class: common.class,
        reason: common.reason,
        note: "".into(),
    })
}
