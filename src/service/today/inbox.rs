//! The inbox: files that ask, that were refused, and that nobody has taken in yet.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::task::{Subject, Task, typed};
use crate::service::doctor::given::Given;
use crate::service::intake::import::name_of;
use crate::service::intake::inbox::{Refused, lying};
use crate::store::ImportRecord;

/// Whoever runs `kaiin serve` has a file taken in within minutes; after this nobody does.
const LONG: Duration = Duration::from_secs(24 * 60 * 60);

/// What a person has to do about the inbox.
pub(super) fn tasks(given: &Given, imports: &[ImportRecord]) -> Vec<Task> {
    let inbox = given.folder.join(&given.config.jobs.inbox);
    let place = inbox.display();
    let lying = match lying(&inbox) {
        Ok(lying) => lying,
        Err(why) if is_not_there(&inbox, &why) => return Vec::new(),
        Err(why) => return vec![Task::new(Subject::Inbox, "DOC-085", 1, &[&place, &why])],
    };
    let mut out = Vec::new();
    if let Some(first) = lying.asking.first() {
        let (n, folder) = (lying.asking.len(), lying.asking_folder.display());
        out.push(Task::new(Subject::Inbox, "TDY-002", n, &[&folder, &n, &typed(first)]));
    }
    let refused: Vec<&Refused> =
        lying.refused.iter().filter(|one| !one.is_declined && !is_settled(one, imports)).collect();
    if let Some(first) = refused.first() {
        let folder = first.path.parent().unwrap_or(Path::new("")).display();
        out.push(Task::new(Subject::Inbox, "TDY-003", refused.len(), &[&folder, &refused.len(), &typed(&first.path)]));
    }
    let code = if lying.oldest > LONG { "TDY-005" } else { "TDY-004" };
    let n = lying.waiting;
    out.extend((n > 0).then(|| Task::new(Subject::Inbox, code, n, &[&place, &n])));
    out
}

/// The first ring makes it. A file in place of the data folder is told of the store.
fn is_not_there(inbox: &Path, why: &std::io::Error) -> bool {
    why.kind() == ErrorKind::NotFound || why.kind() == ErrorKind::NotADirectory && fs::symlink_metadata(inbox).is_err()
}

/// Whether a file of its name was taken in since it was refused.
fn is_settled(refused: &Refused, imports: &[ImportRecord]) -> bool {
    let since = DateTime::<Utc>::from(refused.since);
    imports.iter().any(|import| import.file_name == name_of(&refused.path) && import.imported_at > since)
}
