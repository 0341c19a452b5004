//! What a purge tells: what goes or went, and what stays that may name somebody.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::due::Due;
use crate::domain::coded::coded;
use crate::domain::purge::Purge;

coded! {
    /// What a purge does not touch.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    pub enum ReminderKind {
        /// A folder of a paper for the office.
        Paper = "paper" / "内部用の帳票",
        /// A folder of a backup.
        Backup = "backup" / "控え",
    }
}

/// A folder that is older than the settings keep things, and may name persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reminder {
    /// What it is.
    #[serde(serialize_with = "code")]
    pub kind: ReminderKind,
    /// Where it lies.
    pub place: String,
    /// Its day.
    pub day: NaiveDate,
}

fn code<S: serde::Serializer>(kind: &ReminderKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.code())
}

/// Files of one kind and day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilesOfDay {
    /// Machine code of the kind.
    pub kind: &'static str,
    /// The kind as people say it.
    #[serde(skip)]
    pub label: &'static str,
    /// The day that their days are counted from.
    pub day: NaiveDate,
    /// How many.
    pub files: usize,
    /// Bytes of them.
    pub size_bytes: u64,
}

/// Persons by the last day that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonsOfDay {
    /// The day.
    pub day: NaiveDate,
    /// How many.
    pub persons: usize,
}

/// What goes, or went.
#[derive(Debug, Clone, Serialize)]
pub struct PurgeReport {
    /// Whether it was done; else nothing was changed.
    pub done: bool,
    /// Number under which it is recorded; none for a rehearsal, and where nothing was to go.
    pub number: Option<i64>,
    /// Purges that were begun earlier and not ended; finished now, or to be finished.
    pub unfinished: Vec<i64>,
    /// The day that days were counted from.
    pub counted_from: NaiveDate,
    /// Setting for files.
    pub raw_files_days: Option<u32>,
    /// Setting for persons.
    pub persons_days: Option<u32>,
    /// Files, by kind and day.
    pub files: Vec<FilesOfDay>,
    /// Persons, by day.
    pub persons: Vec<PersonsOfDay>,
    /// Persons who stay, although long gone, because an adjustment is about them.
    pub kept_for_adjustments: usize,
    /// Persons who stay because they may be one person with another.
    pub kept_as_candidates: usize,
    /// What is not touched and may name persons.
    pub reminders: Vec<Reminder>,
}

impl PurgeReport {
    pub(super) fn of(due: &Due, unfinished: Vec<i64>, reminders: Vec<Reminder>) -> Self {
        let mut files: BTreeMap<_, (usize, u64)> = BTreeMap::new();
        for file in &due.files {
            let of_day = files.entry((file.record.kind, file.record.day)).or_default();
            *of_day = (of_day.0 + 1, of_day.1 + file.record.size_bytes);
        }
        let files = files.into_iter().map(|((kind, day), (files, size_bytes))| FilesOfDay {
            kind: kind.code(),
            label: kind.label(),
            day,
            files,
            size_bytes,
        });
        let mut persons: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for (_, day) in &due.persons.due {
            *persons.entry(*day).or_default() += 1;
        }
        Self {
            done: false,
            number: None,
            unfinished,
            counted_from: due.today,
            raw_files_days: due.settings.raw_files_days,
            persons_days: due.settings.persons_days,
            files: files.collect(),
            persons: persons.into_iter().map(|(day, persons)| PersonsOfDay { day, persons }).collect(),
            kept_for_adjustments: due.persons.kept_for_adjustments,
            kept_as_candidates: due.persons.kept_as_candidates,
            reminders,
        }
    }

    /// All files together.
    pub fn n_files(&self) -> usize {
        self.files.iter().map(|of_day| of_day.files).sum()
    }

    /// All persons together.
    pub fn n_persons(&self) -> usize {
        self.persons.iter().map(|of_day| of_day.persons).sum()
    }
}

/// A purge as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedPurge {
    /// Its number.
    pub number: i64,
    /// When it was begun.
    pub begun_at: DateTime<Utc>,
    /// When nothing of it was left; none while something may be.
    pub ended_at: Option<DateTime<Utc>>,
    /// The day that days were counted from.
    pub counted_from: NaiveDate,
    /// Setting for files.
    pub raw_files_days: Option<u32>,
    /// Setting for persons.
    pub persons_days: Option<u32>,
    /// Files.
    pub files: u64,
    /// Persons.
    pub persons: u64,
    /// Why.
    pub reason: String,
}

impl From<Purge> for ListedPurge {
    fn from(purge: Purge) -> Self {
        Self {
            number: purge.number,
            begun_at: purge.begun_at,
            ended_at: purge.ended_at,
            counted_from: purge.counted_from,
            raw_files_days: purge.raw_files_days,
            persons_days: purge.persons_days,
            files: purge.n_files,
            persons: purge.n_persons,
            reason: purge.reason,
        }
    }
}
