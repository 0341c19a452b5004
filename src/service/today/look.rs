//! Everything looked at but the scheduled work.

use std::path::Path;

use chrono::NaiveDate;

use super::next_meeting::{self, NextMeeting};
use super::task::{Subject, Task};
use super::{distributions, exports, inbox};
use crate::clock::tokyo_day;
use crate::error::Failure;
use crate::service::doctor::given::{Given, Opened};
use crate::service::doctor::opening::open;
use crate::service::doctor::store::unreadable;
use crate::service::keep::current_exports::telling_days;
use crate::service::keep::restored::unconfirmed;
use crate::store::ImportRecord;

/// What was seen.
#[derive(Debug)]
pub struct Looked {
    /// What was looked at.
    pub given: Given,
    /// The data folder.
    pub opened: Opened,
    /// What there is to do, without the scheduled work, in order.
    pub tasks: Vec<Task>,
    /// The next meeting that has a folder.
    pub meeting: Option<NextMeeting>,
    /// Day of the newest file that has a say about members.
    pub newest: Option<NaiveDate>,
}

/// Looks at everything but the scheduled work; `meetings` is the folder in which those of meetings lie.
pub async fn look(given: Given, meetings: &Path) -> Looked {
    let (opened, definitions_fault) = open(&given).await;
    let today = tokyo_day(given.clock.now());
    let mut tasks: Vec<Task> = Vec::new();
    let of_failure = |subject, failure: &Option<Failure>| failure.as_ref().map(|one| Task::failed(subject, one));
    tasks.extend(of_failure(Subject::Settings, &given.settings_fault));
    tasks.extend(of_failure(Subject::Definitions, &definitions_fault));
    if unconfirmed(&given.folder).is_some() {
        tasks.push(Task::new(Subject::Restored, "TDY-001", 1, &[]));
    }
    let mut imports: Vec<ImportRecord> = Vec::new();
    match &opened {
        Opened::Store(workspace) => {
            match workspace.store.imports().await {
                Ok(found) => {
                    imports = found;
                    tasks.extend(exports::lacking(&imports, today));
                }
                Err(error) => tasks.push(Task::of_told(Subject::Store, unreadable(&error.into()))),
            }
            tasks.extend(distributions::tasks(workspace).await);
        }
        // Where the settings cannot be read the store may be elsewhere.
        Opened::NotMade if given.settings_fault.is_none() => tasks.extend(exports::first_steps(today)),
        Opened::NotMade => {}
        Opened::Unreadable(error) => tasks.push(Task::of_told(Subject::Store, unreadable(error))),
    }
    tasks.extend(inbox::tasks(&given, &imports));
    let newest = telling_days(&imports).last().copied();
    let (meeting, of_meetings) = next_meeting::next(&given, &opened, (meetings, today, newest)).await;
    tasks.extend(of_meetings);
    // Sorting keeps the order of those of one subject.
    tasks.sort_by_key(|task| task.subject);
    Looked { given, opened, tasks, meeting, newest }
}

impl Looked {
    /// Closes the store as it is.
    pub async fn close(self) {
        if let Opened::Store(workspace) = self.opened {
            workspace.store.clone().let_go().await;
        }
    }
}
