//! What went wrong, as the edge needs it: kind, stable code, place, and the exit code of the program.

use std::fmt;

use crate::config::ConfigError;
use crate::definitions::DefinitionError;
use crate::domain::fault::{Fault, PlacedFault};
use crate::domain::japanese_date::{DateFault, read_day};
use crate::domain::meeting::PlacedMeetingFault;
use crate::domain::problem::Problem;
use crate::ingest::{FileProblem, IngestError};
use crate::input::NotRead;
use crate::render::pdf::PdfError;
use crate::store::{StoreError, Unreached};
use crate::timeline::TimelineError;

/// Kind of a failure; each has one exit code (DESIGN §4 of the house plan, repeated in README.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The data breaks a rule: findings that need a person, a blocked publication.
    Data,
    /// Wrong arguments or settings.
    Usage,
    /// An input file is refused.
    Input,
    /// Disk, database, permission, font.
    Environment,
    /// A defect of the program.
    Bug,
}

impl FailureKind {
    /// Exit code of the program.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Data => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Environment => 4,
            Self::Bug => 70,
        }
    }
}

/// One of several things that are wrong together, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Stable code; the texts are in `messages`.
    pub code: &'static str,
    /// What the text of the code leaves open.
    pub words: Vec<String>,
    /// The word that was probably meant.
    pub meant: Option<String>,
    /// File concerned; empty for none.
    pub file: String,
    /// Line of the file, from 1.
    pub line: Option<u32>,
    /// Name of the key; empty for none.
    pub key: String,
}

impl Detail {
    /// A detail without a place in a file.
    pub fn of_words(code: &'static str, words: Vec<String>) -> Self {
        Self { code, words, meant: None, file: String::new(), line: None, key: String::new() }
    }

    /// A fault without a place in a file.
    pub fn of(fault: &Fault) -> Self {
        let meant = fault.meant().map(str::to_string);
        Self { meant, ..Self::of_words(fault.code(), fault.words()) }
    }

    /// A fault in the folder of a meeting.
    pub fn of_meeting(placed: &PlacedMeetingFault) -> Self {
        let meant = placed.fault.meant().map(str::to_string);
        let (file, key) = (placed.place.shown_file(), placed.place.shown_cell());
        Self { meant, file, key, ..Self::of_words(placed.fault.code(), placed.fault.words()) }
    }

    /// Why a text is no date; `None` where there is nothing to add.
    pub fn why_no_date(text: &str) -> Option<Self> {
        let fault = match read_day(text) {
            Ok(read) => DateFault::WrongWeekday(read.other_weekday?),
            Err(fault) => fault,
        };
        fault.code().map(|code| Self::of_words(code, fault.words()))
    }

    /// A fault with its place in a file.
    pub fn of_fault(fault: &PlacedFault) -> Self {
        let detail = Self::of(&fault.fault);
        // The text says it already.
        let key = Some(fault.key_name()).filter(|key| detail.words.first().is_none_or(|word| word != key));
        let key = key.unwrap_or_default().to_string();
        Self { file: fault.file.clone(), line: fault.line, key, ..detail }
    }
}

/// A failure with everything that a message needs. It carries no personal data.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Kind, which decides the exit code.
    pub kind: FailureKind,
    /// Stable code; the texts are in `messages`.
    pub code: &'static str,
    /// What exactly: names of headings, dates, counts.
    pub detail: String,
    /// File concerned, without its folder.
    pub file: Option<String>,
    /// Row as Excel shows it.
    pub row: Option<u32>,
    /// Column letter as Excel shows it.
    pub column: Option<String>,
    /// What is wrong one by one, where it is several things.
    pub details: Box<[Detail]>,
}

impl Failure {
    /// A failure without a place in a file.
    pub fn new(kind: FailureKind, code: &'static str, detail: impl Into<String>) -> Self {
        Self { kind, code, detail: detail.into(), file: None, row: None, column: None, details: Box::default() }
    }

    /// Wrong arguments.
    pub fn usage(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(FailureKind::Usage, code, detail)
    }

    /// Wrong arguments of a command, with the call that shows its help.
    pub fn wrong_arguments(help: &str, detail: Detail) -> Self {
        Self { details: Box::new([detail]), ..Self::usage("USE-001", help) }
    }

    /// Faults of files that people write by hand. The detail is their number.
    fn of_faults(code: &'static str, faults: &[PlacedFault]) -> Self {
        let details = faults.iter().map(Detail::of_fault).collect();
        Self { details, ..Self::usage(code, faults.len().to_string()) }
    }

    /// Faults in the folder of a meeting, by sheet and cell. The detail is their number.
    pub fn of_meeting(faults: &[PlacedMeetingFault]) -> Self {
        let details: Box<[Detail]> = faults.iter().map(Detail::of_meeting).collect();
        Self { details, ..Self::new(FailureKind::Input, "MTG-001", faults.len().to_string()) }
    }

    /// A refused input file.
    pub fn input(problem: Problem, file: &str, detail: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..Self::new(FailureKind::Input, problem.code(), detail) }
    }

    /// A problem that the ingest met in a file.
    pub fn from_ingest(error: IngestError, file: &str) -> Self {
        match error {
            IngestError::File(FileProblem { problem, row, column, detail, hint }) => {
                let details = hint.iter().map(|hint| Detail::of_words(hint.code, hint.words.clone())).collect();
                Self { row, column, details, ..Self::input(problem, file, detail) }
            }
            IngestError::Io(source) => Self::from_io(&source, file),
        }
    }

    /// A place that may not be written, with who tried.
    pub fn not_writable(place: &str) -> Self {
        let user = ["USER", "USERNAME", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
        let detail = user.map_or_else(|| place.to_string(), |user| format!("{place}, {user}"));
        Self::new(FailureKind::Environment, "ENV-012", detail)
    }

    /// A place in the data folder that cannot be written.
    pub fn from_writing(source: &std::io::Error, place: &str) -> Self {
        match source.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => Self::not_writable(place),
            _ => Self::from_io(source, place),
        }
    }

    /// A file system that refuses.
    pub fn from_io(source: &std::io::Error, file: &str) -> Self {
        if let Some(why) = NotRead::of(source) {
            return Self { file: Some(file.into()), ..Self::usage(why.code(), "") };
        }
        let (kind, code) = match source.kind() {
            std::io::ErrorKind::NotFound => (FailureKind::Usage, "ENV-005"),
            std::io::ErrorKind::PermissionDenied => (FailureKind::Environment, "ENV-003"),
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                (FailureKind::Environment, "ENV-002")
            }
            std::io::ErrorKind::NotADirectory => (FailureKind::Environment, "ENV-011"),
            std::io::ErrorKind::InvalidData => (FailureKind::Input, "ENV-007"),
            _ => (FailureKind::Environment, "ENV-006"),
        };
        Self { file: Some(file.into()), ..Self::new(kind, code, source.to_string()) }
    }

    /// Whether a disk, a database or a folder of the program refuses, and not a file that somebody gave.
    pub fn is_of_surroundings(&self) -> bool {
        self.kind == FailureKind::Environment && self.file.is_none()
    }

    fn from_store(error: &StoreError) -> Self {
        let (code, detail) = match error {
            StoreError::ReadOnly(place) => return Self::not_writable(place),
            StoreError::NotNoted => return Self::usage("IMP-285", ""),
            _ if error.is_of_newer_version() => ("STO-006", String::new()),
            StoreError::OtherVersion { .. } => ("STO-007", String::new()),
            StoreError::Damaged => ("STO-012", String::new()),
            StoreError::OtherLog(place) => ("STO-011", place.clone()),
            StoreError::LogWithoutFile(place) => ("STO-016", place.clone()),
            StoreError::Busy => ("ENV-001", String::new()),
            StoreError::Unreachable { place, cause } => (Self::code_of_unreached(*cause), place.clone()),
            StoreError::Disconnected(why) => ("ENV-048", why.clone()),
            _ if error.is_disk_full() => ("ENV-002", error.to_string()),
            StoreError::LockLost => ("ENV-047", String::new()),
            StoreError::Overtaken => ("ENV-008", error.to_string()),
            _ if error.is_conflict() => ("ENV-008", error.to_string()),
            _ => ("ENV-004", error.to_string()),
        };
        Self::new(FailureKind::Environment, code, detail)
    }

    fn code_of_unreached(cause: Unreached) -> &'static str {
        match cause {
            Unreached::Other => "ENV-009",
            Unreached::NoTls => "ENV-040",
            Unreached::UnknownIssuer => "ENV-041",
            Unreached::OtherName => "ENV-042",
            Unreached::OutOfDate => "ENV-043",
            Unreached::NoRoots => "ENV-044",
            Unreached::OnlyTls => "ENV-045",
            Unreached::Tls => "ENV-046",
        }
    }

    /// Finds the failure in an error chain, or maps what is found there.
    pub fn of(error: &anyhow::Error) -> Self {
        for cause in error.chain() {
            if let Some(failure) = cause.downcast_ref::<Self>() {
                return failure.clone();
            }
            if let Some(store) = cause.downcast_ref::<StoreError>() {
                return Self::from_store(store);
            }
            if let Some(timeline) = cause.downcast_ref::<TimelineError>() {
                let code = match timeline {
                    TimelineError::Io { source, .. } => Self::from_io(source, "").code,
                    TimelineError::Parquet { .. } => "ENV-006",
                };
                return Self::new(FailureKind::Environment, code, timeline.to_string());
            }
            if let Some(PdfError::MissingGlyph { character, place }) = cause.downcast_ref::<PdfError>() {
                let detail = format!("{character} U+{:04X}, {place}", u32::from(*character));
                return Self::new(FailureKind::Environment, "FNT-001", detail);
            }
            if let Some(PdfError::NotArchivable { files }) = cause.downcast_ref::<PdfError>() {
                return Self::usage("RPT-033", files.join("、"));
            }
            if let Some(config) = cause.downcast_ref::<ConfigError>() {
                return Self::of_faults("CFG-001", &config.faults);
            }
            if let Some(definition) = cause.downcast_ref::<DefinitionError>() {
                return Self::of_faults("CFG-002", &definition.faults);
            }
            if let Some(io) = cause.downcast_ref::<std::io::Error>() {
                return Self { file: None, ..Self::from_io(io, "") };
            }
        }
        Self::new(FailureKind::Bug, "BUG-001", format!("{error:#}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(file) = &self.file {
            write!(f, " {file}")?;
        }
        if let Some(row) = self.row {
            write!(f, " row {row}")?;
        }
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        for detail in &self.details {
            write!(f, "; {}", detail.file)?;
            if let Some(line) = detail.line {
                write!(f, ":{line}")?;
            }
            write!(f, " {} {} {}", detail.key, detail.code, detail.words.join(" / "))?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
