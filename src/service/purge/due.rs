//! What is to go today, by the settings.

use anyhow::Result;
use chrono::NaiveDate;

use super::persons::{DuePersons, due_persons};
use super::raw_files::{RawFile, raw_files};
use crate::clock::tokyo_day;
use crate::config::RetentionConfig;
use crate::domain::purge::first_kept_day;
use crate::service::keep::Workspace;

/// What is to go.
#[derive(Debug)]
pub(super) struct Due {
    /// The day that days are counted from.
    pub(super) today: NaiveDate,
    /// The settings.
    pub(super) settings: RetentionConfig,
    /// Files.
    pub(super) files: Vec<RawFile>,
    /// Persons.
    pub(super) persons: DuePersons,
}

impl Due {
    /// Looks what is to go; of what no setting tells, nothing.
    ///
    /// # Errors
    /// As [`raw_files`] and [`due_persons`].
    pub(super) async fn of(workspace: &Workspace) -> Result<Self> {
        let today = tokyo_day(workspace.clock.now());
        let settings = workspace.config.retention.clone();
        let mut due = Self { today, files: Vec::new(), persons: DuePersons::default(), settings };
        if let Some(first_kept) = due.first_kept(due.settings.raw_files_days) {
            due.files = raw_files(workspace).await?;
            due.files.retain(|file| file.record.day < first_kept);
        }
        if let Some(first_kept) = due.first_kept(due.settings.persons_days) {
            due.persons = due_persons(workspace, first_kept, today).await?;
        }
        Ok(due)
    }

    /// The first day that a setting keeps; `None` where it keeps all.
    pub(super) fn first_kept(&self, days: Option<u32>) -> Option<NaiveDate> {
        first_kept_day(self.today, days?)
    }

    /// Whether nothing is to go.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.persons.due.is_empty()
    }
}
