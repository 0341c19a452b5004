//! Questions of an import (R34): what makes it ask, and which option answers. Whatever asks ends with exit code 3,
//! stores nothing, and shows the members before and after and the command that answers.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use chrono::{Duration, NaiveDate};

use super::headline::HeadlineEffect;
use super::inspected::Inspected;
use super::options::ImportOptions;
use crate::domain::printed_number::thousands;
use crate::domain::problem::{Problem, Severity};
use crate::error::{Detail, Failure};
use crate::ingest::members::{MemberRow, MemberRows};
use crate::service::keep::Workspace;
use crate::service::known::totals::Totals;
use crate::service::papers::revisions_due::Changes;

/// Files with fewer rows are not judged by how old their newest 最終更新日時 is: in a small body nothing may have
/// happened for months (R24).
const LARGE_FILE: u32 = 500;

/// So long may nothing have happened in a large file (R24).
const QUIET_DAYS: i64 = 45;

/// What answers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// The export day.
    KnownAt,
    /// A reason why many members may be missing.
    AcceptDrop,
    /// A reason why the file may change what was told.
    AcceptChange,
}

impl Answer {
    fn of(problem: Problem) -> Self {
        match problem {
            Problem::UpdatedAfterExport | Problem::UpdatedLongBefore | Problem::ExportDaysDiffer => Self::KnownAt,
            Problem::FewerPeople
            | Problem::PublishedMonthChanges
            | Problem::LastLineOpen
            | Problem::FewPeople
            | Problem::OlderWaits
            | Problem::NumberRepeated
            | Problem::BodiesMissing
            | Problem::ColumnFilledDown
            | Problem::StatesContradict => Self::AcceptChange,
            _ => Self::AcceptDrop,
        }
    }

    fn is_given(self, options: &ImportOptions) -> bool {
        match self {
            Self::KnownAt => options.known_at.is_some(),
            Self::AcceptDrop => options.accept_drop.is_some(),
            Self::AcceptChange => options.accept_change.is_some(),
        }
    }
}

/// The questions that a file has raised so far, in their order.
#[derive(Debug, Default)]
pub(super) struct Questions(Vec<(Problem, String)>);

impl Questions {
    pub(super) fn ask(&mut self, problem: Problem, detail: impl Into<String>) {
        self.0.push((problem, detail.into()));
    }

    /// Refuses the file if a question has no answer yet. The others stand below the first one.
    pub(super) fn refuse_open(&self, file: &Inspected<'_>, options: &ImportOptions) -> Result<()> {
        let mut open = self.0.iter().filter(|(problem, _)| !Answer::of(*problem).is_given(options));
        let Some((first, detail)) = open.next() else { return Ok(()) };
        let others = open.map(|(problem, detail)| Detail::of_words(problem.code(), vec![detail.clone()]));
        let failure = Failure::input(*first, &file.file_name, detail.as_str());
        Err(Failure { details: others.collect(), ..failure }.into())
    }
}

/// Asks about the day of an export (R24).
pub(super) fn ask_about_the_day(questions: &mut Questions, file: &Inspected<'_>, read: &MemberRows) {
    let Some(newest) = read.newest_update else { return };
    if newest > file.known_on {
        questions.ask(Problem::UpdatedAfterExport, format!("{newest} > {}", file.known_on));
    } else if read.tally.n_rows >= LARGE_FILE && newest + Duration::days(QUIET_DAYS) < file.known_on {
        questions.ask(Problem::UpdatedLongBefore, format!("{newest} … {}", file.known_on));
    }
}

/// Number of persons on the rows.
pub(super) fn n_people(rows: &[MemberRow]) -> usize {
    rows.iter().map(|row| row.number).collect::<BTreeSet<_>>().len()
}

/// The question about papers that were given out, behind another question of the same file.
pub(super) fn about_months(file: &str, changed: &Changes, other: Option<Failure>) -> Failure {
    let names = changed.names();
    let problem = Problem::PublishedMonthChanges;
    let (failure, question) = match other {
        None => (Failure::input(problem, file, names), None),
        Some(other) => (other, Some(Detail::of_words(problem.code(), vec![names]))),
    };
    let details = failure.details.iter().cloned().chain(question).chain(changed.details()).collect();
    Failure { details, ..failure }
}

/// Whether a failure is a question that an option of the command answers.
pub fn is_question(failure: &Failure) -> bool {
    Problem::from_code(failure.code).is_some_and(|problem| problem.severity() == Severity::Question)
}

/// What a failure asks for, with what it asks beside; nothing where it is no question.
pub fn answers_to(failure: &Failure) -> BTreeSet<Answer> {
    let codes = failure.details.iter().map(|detail| detail.code).chain([failure.code]);
    let asked = codes.filter_map(Problem::from_code).filter(|problem| problem.severity() == Severity::Question);
    asked.map(Answer::of).collect()
}

/// The options under which every question is answered and nothing is stored.
pub(super) fn tried(options: &ImportOptions, known_on: NaiveDate) -> ImportOptions {
    let accepted = Some(String::new());
    ImportOptions {
        known_at: Some(known_on),
        dry_run: true,
        accept_drop: accepted.clone(),
        accept_change: accepted,
        ..options.clone()
    }
}

/// A question with the members before and after, and with the command that answers it.
pub(super) fn with_numbers(
    workspace: &Workspace,
    file: &Inspected<'_>,
    failure: Failure,
    options: &ImportOptions,
    headline: &HeadlineEffect,
) -> Failure {
    let codes = failure.details.iter().map(|detail| detail.code).chain([failure.code]);
    let answers: BTreeSet<Answer> = codes.filter_map(Problem::from_code).map(Answer::of).collect();
    let mut words = vec![headline.as_of.to_string()];
    let members =
        |totals: &Totals| [totals.local, totals.prefectural, totals.national].map(|tier| thousands(tier.memberships));
    for (before, after) in members(&headline.before).into_iter().zip(members(&headline.after)) {
        words.extend([before, after]);
    }
    words.push(command(workspace, &file.path, options, (file.known_on, &answers)));
    let numbers = Detail::of_words("IMP-279", words);
    let details = failure.details.iter().cloned().chain([numbers]).collect();
    Failure { details, ..failure }
}

/// The command that takes a file in with the answers.
fn command(
    workspace: &Workspace,
    path: &Path,
    options: &ImportOptions,
    (known_on, answers): (NaiveDate, &BTreeSet<Answer>),
) -> String {
    let mut out = call(workspace, "import");
    out.push_str(&format!(" {}", quoted(&path.display().to_string())));
    for (option, value) in [("--source", &options.source), ("--layout", &options.layout)] {
        if let Some(value) = value {
            out.push_str(&format!(" {option} {}", quoted(value)));
        }
    }
    if options.known_at.is_some() || answers.contains(&Answer::KnownAt) {
        out.push_str(&format!(" --known-at {known_on}"));
    }
    let is_asked = |answer, given: &Option<String>| answers.contains(&answer) || given.is_some();
    let drop = is_asked(Answer::AcceptDrop, &options.accept_drop);
    let change = is_asked(Answer::AcceptChange, &options.accept_change);
    for (option, is_needed) in [("--accept-drop", drop), ("--accept-change", change)] {
        if is_needed {
            out.push_str(&format!(" {option}"));
        }
    }
    if drop || change {
        out.push_str(" --reason \"…\"");
    }
    out
}

/// The beginning of a command on this data folder.
pub(super) fn call(workspace: &Workspace, command: &str) -> String {
    let folder = workspace.folder().display().to_string();
    // The folder that the program uses by itself need not be named.
    let data = if folder == "kaiin-data" { String::new() } else { format!(" --data {}", quoted(&folder)) };
    format!("kaiin{data} {command}")
}

/// A word as a command line takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./\\:".contains(c);
    if word.chars().all(is_plain) { word.to_string() } else { format!("\"{word}\"") }
}
