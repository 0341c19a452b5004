//! The pack of a meeting made once more from its manifest.

use std::path::Path;

use anyhow::Result;

use super::read::read;
use crate::error::{Failure, FailureKind};
use crate::service::keep::Workspace;
use crate::service::papers;
use crate::service::papers::{Manifest, MeetingNote, Replayed};

/// Makes the pack of a meeting once more. Its folder is the one in which the folder of packs lies, unless `from` names another.
///
/// # Errors
/// [`Failure`] MTG-004 with the files of the folder that are other than they were; as making the pack.
pub async fn replay(
    workspace: &Workspace,
    (folder, manifest): (&Path, &Manifest),
    note: &MeetingNote,
    from: Option<&Path>,
) -> Result<Replayed> {
    let usual = folder.parent().and_then(Path::parent).unwrap_or(folder);
    let meeting = read(from.unwrap_or(usual), &papers::list(workspace)?)?;
    let changed: Vec<&str> =
        note.files.iter().filter(|file| !meeting.files.contains(file)).map(|file| file.name.as_str()).collect();
    if !changed.is_empty() {
        return Err(Failure::new(FailureKind::Data, "MTG-004", changed.join("、")).into());
    }
    if !meeting.faults.is_empty() {
        return Err(Failure::of_meeting(&meeting.faults).into());
    }
    papers::replay(workspace, (folder, manifest), Some(&meeting.plan)).await
}
